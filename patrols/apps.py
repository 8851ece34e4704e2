from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatrolsConfig(AppConfig):
    """What officers do."""

    name = "patrols"
    verbose_name = _("Visits and reports")

    def ready(self) -> None:
        from patrols import (  # noqa: F401
            access,
            call_panels,
            calls,
            navigation,
            officer_panels,
            recent_visits,
            village_journal,
            village_panels,
        )
