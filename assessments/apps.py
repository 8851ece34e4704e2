from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    """How well."""

    name = "assessments"
    verbose_name = _("Assessments and bulletins")

    def ready(self) -> None:
        from assessments import access, checks, navigation, officer_panels, panels  # noqa: F401
