from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatrolsConfig(AppConfig):
    """What officers do."""

    name = "patrols"
    verbose_name = _("Visits and reports")

    def ready(self) -> None:
        from patrols import access, case_panels, navigation, recent_visits, village_panels  # noqa: F401
