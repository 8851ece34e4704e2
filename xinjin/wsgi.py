"""The WSGI entry for gunicorn; importing Celery here lets pages hand long exports to the worker."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinjin.settings")

from xinjin.celery import app as celery_app  # noqa: F401

application = get_wsgi_application()
