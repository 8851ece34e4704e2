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
            calls,
            contact_gaps,
            council_reminders,
            gap_reminders,
            handing_over,
            imports,
            ledger_reminders,
            lists,
            navigation,
            panels,
            report_reminders,
            village_journal,
            week_reminders,
        )
