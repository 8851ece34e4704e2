"""What a council agreed on: a measure comes back until it is done or dropped (R12)."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.choices import CouncilState, MeasureState
from patrols.models.base_info import no_id_number
from patrols.models.council import CouncilMeeting
from villages.models import Officer, Village, VillageContact
from xinjin.access.engine import ScopedQuerySet


class MeasureQuerySet(ScopedQuerySet):
    def agreed(self) -> Self:
        """Those of councils that were held; a draft's are nobody's yet."""
        return self.filter(meeting__state=CouncilState.HELD)

    def open(self) -> Self:
        """Agreed on and not ended."""
        return self.agreed().filter(state=MeasureState.OPEN)

    def overdue(self, day: date) -> Self:
        """Open ones whose day has passed."""
        return self.open().filter(due_on__lt=day)


class CouncilMeasure(models.Model):
    """A measure that a council agreed on: somebody has it, by a day; it comes back until it is done or dropped."""

    meeting = models.ForeignKey(CouncilMeeting, models.CASCADE, related_name="measures", verbose_name=_("meeting"))
    # Of the meeting; of the merged village when the meeting's village has ended meanwhile.
    village = models.ForeignKey(Village, models.PROTECT, related_name="council_measures", verbose_name=_("village"))
    what = models.CharField(_("measure"), max_length=200, validators=[no_id_number])
    officer = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="council_measures", verbose_name=_("officer")
    )
    contact = models.ForeignKey(
        VillageContact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="council_measures",
        verbose_name=_("contact"),
    )
    due_on = models.DateField(_("due on"))
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(_("state"), max_length=10, choices=MeasureState.choices, default=MeasureState.OPEN)
    result = models.CharField(_("result"), max_length=300, blank=True, validators=[no_id_number])
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("entered at"), null=True, blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure of a council")
        verbose_name_plural = _("measures of councils")
        indexes = [
            models.Index(fields=["-due_on", "id"], name="patrols_measure_listed"),
            models.Index(
                fields=["village", "due_on"], condition=Q(state=MeasureState.OPEN), name="patrols_measure_open"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(officer__isnull=False, contact=None) | Q(officer=None, contact__isnull=False),
                name="patrols_measure_owner",
                violation_error_message=_("A measure has one owner: an officer or a contact of the village."),
            ),
            models.CheckConstraint(
                condition=Q(state=MeasureState.OPEN, result="", ended_on=None, ended_at=None)
                | ~Q(state=MeasureState.OPEN) & ~Q(result="") & Q(ended_on__isnull=False, ended_at__isnull=False),
                name="patrols_measure_ended",
                violation_error_message=_("A measure that has ended needs its result and its day."),
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def owner_name(self) -> str:
        """Who has it."""
        person = self.officer or self.contact
        return person.name if person else ""

    @property
    def state_badge(self) -> tuple[str, str]:
        """Tone and shape of its state; an open one whose day has passed is bad."""
        return ("bad", "ring") if self.is_overdue else MeasureState(self.state).badge

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state == MeasureState.OPEN

    @property
    def is_overdue(self) -> bool:
        """Whether it is open and its day has passed."""
        return self.is_open and self.due_on < timezone.localdate()
