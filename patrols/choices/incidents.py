"""What the reporting system counts in a village."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class IncidentCategory(TextChoices):
    """Incidents 警情 as the briefing speaks of them; the order is that of every table and chart."""

    THEFT = "theft", _("Theft")
    FRAUD = "fraud", _("Telecom and online fraud")
    FIGHT = "fight", _("Fights and injuries")
    DAMAGE = "damage", _("Damage to property")
    VICE = "vice", _("Gambling, prostitution and drugs")
    DISPUTE = "dispute", _("Disputes reported to the police")
    TRAFFIC = "traffic", _("Traffic accidents")
    FIRE = "fire", _("Fires and safety accidents")
    HELP = "help", _("Calls for help")
    OTHER = "other", _("Other incidents")
