from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdempotencyConfig(AppConfig):
    """Answers of the API that a repeated request gets again."""

    name = "xinjin.idempotency"
    verbose_name = _("Repeated requests")
