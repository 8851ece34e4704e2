from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatrolsConfig(AppConfig):
    """What officers do."""

    name = "patrols"
    verbose_name = _("Visits and reports")

    def ready(self) -> None:
        from patrols import (  # noqa: F401
            absence_effects,
            access,
            call_panels,
            calls,
            case_panels,
            contact_gaps,
            gap_reminders,
            hand_over_panel,
            handing_over,
            lists,
            navigation,
            officer_panels,
            recent_visits,
            report_reminders,
            village_journal,
            village_panels,
        )
