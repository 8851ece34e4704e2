from django.apps import AppConfig


class AccessConfig(AppConfig):
    """The rights engine; it stores nothing."""

    name = "xinjin.access"
