"""Settings for running these tests alone: the package needs no models and no database."""

import os
from pathlib import Path

import django
from django.conf import settings

if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
    settings.configure(
        BUREAU_NAME="成都市公安局新津区分局",
        REPORT_FONT_DIR="",
        LANGUAGE_CODE="zh-hans",
        TIME_ZONE="Asia/Shanghai",
        USE_TZ=True,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [Path(__file__).parents[3] / "templates"],
            }
        ],
    )
    django.setup()
