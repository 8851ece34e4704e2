"""Council meetings 议事会 and the measures that they agree on."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CouncilState(TextChoices):
    """A draft is its village's alone; held means handed in."""

    DRAFT = "draft", _("Draft")
    HELD = "held", _("Held")

    @property
    def badge(self) -> tuple[str, str]:
        """Tone and shape."""
        return {CouncilState.DRAFT: ("muted", "ring"), CouncilState.HELD: ("ok", "check")}[self]


class CouncilRole(TextChoices):
    """As what people sit in the council; they are counted, never named."""

    COMMITTEES = "committees", _("Both committees")
    GROUP_HEADS = "group_heads", _("Heads of village groups")
    REPRESENTATIVES = "representatives", _("Villagers' representatives")
    GRID = "grid", _("Grid members")
    PARTY = "party", _("Party members")
    VOLUNTEERS = "volunteers", _("Volunteers")
    WORK_UNITS = "work_units", _("Work units and shops")
    TOWN = "town", _("Township or subdistrict")
    STATION = "station", _("Police station")


class MeasureState(TextChoices):
    OPEN = "open", _("To be done")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")

    @property
    def badge(self) -> tuple[str, str]:
        """Tone and shape."""
        return {
            MeasureState.OPEN: ("info", "ring"),
            MeasureState.DONE: ("ok", "check"),
            MeasureState.DROPPED: ("muted", "dash"),
        }[self]


# What may follow which state; both ends are final, what was ended by mistake is agreed on anew.
MEASURE_MOVES = {
    MeasureState.OPEN: {MeasureState.DONE, MeasureState.DROPPED},
    MeasureState.DONE: set(),
    MeasureState.DROPPED: set(),
}
