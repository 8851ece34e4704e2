from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class XinjinConfig(AppConfig):
    """The platform: it knows no police rule."""

    name = "xinjin"
    verbose_name = "Platform"
    default = True

    def ready(self) -> None:
        from xinjin import celery, checks  # noqa: F401


class XinjinAdminConfig(admin_apps.AdminConfig):
    """Puts our admin site in the place of Django's."""

    default_site = "xinjin.admin_site.XinjinAdminSite"
    default = False
