from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VillagesConfig(AppConfig):
    """Who and where."""

    name = "villages"
    verbose_name = _("People and places")

    def ready(self) -> None:
        from villages import (  # noqa: F401
            access,
            journal_lines,
            lists,
            navigation,
        )
