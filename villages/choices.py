"""Stable codes and their labels."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UnitKind(TextChoices):
    STATION = "station", _("Station")
    BUSINESS_UNIT = "business_unit", _("Business unit")
    BRIGADE = "brigade", _("Community policing brigade")
    INSPECTORATE = "inspectorate", _("Inspectorate")
    COMMAND_CENTRE = "command_centre", _("Command centre")
    BUREAU_LEADERSHIP = "bureau_leadership", _("Bureau leadership")


class VillageKind(TextChoices):
    VILLAGE = "village", _("Village")
    COMMUNITY = "community", _("Community")


class OfficerKind(TextChoices):
    """What a person on the roster is. The first three are police officers who may be responsible for a village (R1)."""

    COMMUNITY = "community", _("Community officer")
    PART_TIME = "part_time", _("Community officer, part-time")
    LIAISON = "liaison", _("Liaison officer")
    AUXILIARY = "auxiliary", _("Auxiliary")
    STAFF = "staff", _("Other staff")


class OfficerState(TextChoices):
    ACTIVE = "active", _("Active")
    TRANSFERRED = "transferred", _("Transferred")
    RETIRED = "retired", _("Retired")


class Slot(TextChoices):
    """The two places that every village has (R1)."""

    OFFICER = "officer", _("Officer responsible")
    AUXILIARY = "auxiliary", _("Auxiliary")


# Which kinds of person may hold which place.
HOLDERS = {
    Slot.OFFICER: (OfficerKind.COMMUNITY, OfficerKind.PART_TIME, OfficerKind.LIAISON),
    Slot.AUXILIARY: (OfficerKind.AUXILIARY,),
}


class PostKind(TextChoices):
    DEPUTY_SECRETARY = "deputy_secretary", _("Deputy secretary of the village party branch")
    TOWN_COMMITTEE = "town_committee", _("Member of the town party committee")


class AbsenceKind(TextChoices):
    LEAVE = "leave", _("Leave")
    ILLNESS = "illness", _("Illness")
    SECONDMENT = "secondment", _("Secondment")
    SECURITY_DUTY = "security_duty", _("Security duty")
    TRAINING = "training", _("Training")


class ContactKind(TextChoices):
    COMMITTEE = "committee", _("Village committee")
    GRID_MEMBER = "grid_member", _("Grid member")
    VOLUNTEER = "volunteer", _("Security volunteer")


class HouseholdTag(TextChoices):
    LIVING_ALONE = "living_alone", _("Elderly living alone")
    LEFT_BEHIND = "left_behind", _("Left-behind child")
    HARDSHIP = "hardship", _("In hardship")
    RENTED = "rented", _("Rented out")
    SHOP = "shop", _("Shop or workshop")


class JournalKind(TextChoices):
    """What an entry of the village's journal is."""

    NOTICE = "notice", _("Notice")
    HAND_OVER = "hand_over", _("Information passed on")
    WARNING = "warning", _("Warning")
