"""To whom the disputes of a week are reported (R7)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NoticeRecipient(TextChoices):
    COMMITTEES = "committees", _("Both committees of the village")
    STATION = "station", _("The station")
