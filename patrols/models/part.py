"""What a visit is made of: households called on, deeds, activities. They freeze when the visit is handed in."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from patrols.choices import CASE_KINDS_OF_CALLS, CASE_KINDS_OF_SCREENINGS, ActivityKind, CaseKind, DeedOutcome, Topic
from patrols.models.visit import Attendee, Visit
from villages.models import Household


class Attendances(models.ForeignObject):
    """A part's way to those who were there, by the visit that they share and without reading the visit's row.

    For joins in queries only: it has no column, and "who was there" of one part is `visit.attendees`.
    """

    requires_unique_target = False
    generated = True  # nothing to validate and nothing to write

    def __init__(self) -> None:
        super().__init__(Attendee, models.DO_NOTHING, from_fields=["visit"], to_fields=["visit"], related_name="+")

    def contribute_to_class(self, cls: type[models.Model], name: str, **options: Any) -> None:  # type: ignore[override]
        """Private: neither migrations nor forms know it."""
        super().contribute_to_class(cls, name, private_only=True)


class HouseholdCall(models.Model):
    """A household called on during a visit.

    While the visit is open, `entered` holds what the officer typed and `household` may still be empty; handing in
    finds the household or adds it to the village's list, so a half-typed name never becomes a household.
    """

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="calls")
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, related_name="calls", verbose_name=_("household")
    )
    entered = models.CharField(_("household as entered"), max_length=160, blank=True)
    called_on = models.DateField(_("date"), editable=False)
    spoke_with = models.CharField(_("spoke with"), max_length=50, blank=True)
    topics = ArrayField(
        models.CharField(max_length=20, choices=Topic.choices), default=list, blank=True, verbose_name=_("topics")
    )
    raised = models.CharField(_("what they raised"), max_length=500, blank=True)
    # What becomes of it when the log is handed in: nothing, or a case of the ledger.
    case_kind = models.CharField(_("into the ledger"), max_length=10, choices=CASE_KINDS_OF_CALLS, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    attendances = Attendances()
    rights_of = "visit"

    class Meta:
        verbose_name = _("household call")
        verbose_name_plural = _("household calls")
        indexes = [
            models.Index(fields=["household", "-called_on"], name="patrols_call_household"),
            models.Index(fields=["called_on"], include=["visit", "household"], name="patrols_call_day"),
            GinIndex(OpClass(Upper("raised"), "gin_trgm_ops"), name="patrols_householdcall_raised"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "household"],
                name="patrols_call_once",
                violation_error_message=_("This household is entered twice."),
            ),
        ]

    def __str__(self) -> str:
        """The address alone: a resident's name is shown by those who know who is reading."""
        return self.household.address if self.household else self.entered.rpartition(" ")[0]

    @property
    def label(self) -> str:
        """The household in words, as it was typed."""
        return self.entered or (str(self.household) if self.household else "")


class Deed(models.Model):
    """A practical deed: for whom, what, and how it ended."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="deeds")
    visited_on = models.DateField(_("date"), editable=False)
    beneficiary = models.CharField(_("for whom"), max_length=100)
    matter = models.CharField(_("what"), max_length=500)
    outcome = models.CharField(_("outcome"), max_length=10, choices=DeedOutcome.choices, default=DeedOutcome.DONE)
    result = models.CharField(_("result, or passed on to whom"), max_length=500)
    position = models.PositiveSmallIntegerField(default=0)
    attendances = Attendances()
    rights_of = "visit"

    class Meta:
        verbose_name = _("deed")
        verbose_name_plural = _("deeds")
        indexes = [
            models.Index(fields=["visited_on"], include=["visit"], name="patrols_deed_day"),
            GinIndex(OpClass(Upper("matter"), "gin_trgm_ops"), name="patrols_deed_matter"),
            GinIndex(OpClass(Upper("result"), "gin_trgm_ops"), name="patrols_deed_result"),
        ]

    def __str__(self) -> str:
        return self.matter


class Activity(models.Model):
    """A briefing, publicity, group patrol or dispute screening during a visit; "nothing found" is a record (R7, R8)."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="activities")
    visited_on = models.DateField(_("date"), editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=ActivityKind.choices)
    people_count = models.PositiveIntegerField(_("people"), null=True, blank=True)
    nothing_found = models.BooleanField(_("nothing found"), default=False)
    opens_case = models.BooleanField(_("goes into the ledger"), default=False)
    # As what, when it does.
    case_kind = models.CharField(
        _("into the ledger"),
        max_length=10,
        choices=CASE_KINDS_OF_SCREENINGS,
        default=CaseKind.DISPUTE,
        db_default=CaseKind.DISPUTE.value,
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    attendances = Attendances()
    rights_of = "visit"

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        indexes = [
            models.Index(fields=["visited_on"], include=["visit", "kind"], name="patrols_activity_day"),
            GinIndex(OpClass(Upper("note"), "gin_trgm_ops"), name="patrols_activity_note"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["visit", "kind"], name="patrols_activity_once"),
            models.CheckConstraint(
                condition=~Q(kind=ActivityKind.SCREENING) | Q(nothing_found=True) | ~Q(note=""),
                name="patrols_activity_found",
                violation_error_message=_("Say what the screening found, or tick that nothing was found."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
