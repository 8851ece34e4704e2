"""A visit, who was there, and its history. Counts are stamped by the verbs that save and hand in.

What is counted over a period repeats the date of its visit, and attendees also whether it counts, so that a month is
found by an index however long the history. Foreign keys over these columns keep them equal (migration 0002).
"""

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractIsoYear, ExtractWeek, Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols import standards
from patrols.choices import DRAFT_DAYS, DRAFT_WARNING_DAYS, OPEN_STATES, VisitState
from villages.models import Assignment, Officer, Village
from xinjin.access.engine import ScopedQuerySet
from xinjin.periods import Span


class VisitQuerySet(ScopedQuerySet):
    def counting(self) -> "VisitQuerySet":
        """The visits that count: handed in and not returned."""
        return self.filter(state=VisitState.SUBMITTED)

    def during(self, span: Span) -> "VisitQuerySet":
        """The visits made on a day of `span`."""
        return self.filter(visited_on__range=(span.start, span.end))

    def listed(self) -> "VisitQuerySet":
        """In list order, with what a list row shows."""
        return self.select_related("village__station", "officer").order_by("-visited_on", "-started_at", "id")


class Visit(models.Model):
    """A visit of an officer to a village on one day: the work log (R5, R10, R11)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="visits", verbose_name=_("author"))
    village = models.ForeignKey(Village, models.PROTECT, related_name="visits", verbose_name=_("village"))
    visited_on = models.DateField(_("date"))
    started_at = models.TimeField(_("arrived"), null=True, blank=True)
    ended_at = models.TimeField(_("left"), null=True, blank=True)
    summary = models.TextField(_("what was done"), max_length=2000, blank=True)
    photo_waiver = models.CharField(
        _("why there is no photo"), max_length=200, blank=True, help_text=_("Photos are never scored.")
    )
    shortfall_reason = models.CharField(_("why below standard"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=VisitState.choices, default=VisitState.DRAFT)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    is_late = models.BooleanField(_("entered late"), default=False)
    min_households = models.PositiveSmallIntegerField(_("households needed"), default=0)
    min_deeds = models.PositiveSmallIntegerField(_("deeds needed"), default=0)
    min_photos = models.PositiveSmallIntegerField(_("photos asked for"), default=1)
    household_count = models.PositiveSmallIntegerField(_("households called on"), default=0)
    deed_count = models.PositiveSmallIntegerField(_("deeds"), default=0)
    photo_count = models.PositiveSmallIntegerField(_("photos"), default=0)
    is_up_to_standard = models.GeneratedField(
        verbose_name=_("up to standard"),
        expression=standards.all_met(),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    is_counting = models.GeneratedField(
        expression=Q(state=VisitState.SUBMITTED),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    revision = models.PositiveIntegerField(default=0)
    # The open page that wrote this revision, and with which of its saves: a page whose answer got lost knows its own
    # writing again, and an older save of it that arrives late changes nothing.
    saved_by_page = models.UUIDField(null=True, editable=False)
    saved_by_step = models.PositiveIntegerField(default=0, editable=False)
    # When the author of a forgotten draft was told that it will go; an older moment than `saved_at` says nothing.
    expiry_told_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    saved_at = models.DateTimeField(_("saved at"), auto_now=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        indexes = [
            models.Index(fields=["-visited_on", "-started_at", "id"], name="patrols_visit_listed"),
            models.Index(fields=["village", "-visited_on"], name="patrols_visit_village"),
            models.Index(fields=["officer", "-visited_on"], name="patrols_visit_officer"),
            # Words are searched with icontains, which the database sees as UPPER().
            GinIndex(OpClass(Upper("summary"), "gin_trgm_ops"), name="patrols_visit_summary"),
            models.Index(fields=["saved_at"], condition=Q(state=VisitState.DRAFT), name="patrols_visit_forgotten"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(started_at=None) | Q(ended_at=None) | Q(ended_at__gt=F("started_at")),
                name="patrols_visit_times",
                violation_error_message=_("The time of leaving is not after the time of arrival."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in OPEN_STATES])
                | standards.all_met()
                | ~Q(shortfall_reason=""),
                name="patrols_visit_shortfall",
                violation_error_message=_("A visit below standard needs a reason."),
                violation_error_code="shortfall",
            ),
            models.CheckConstraint(
                condition=~Q(state=VisitState.SUBMITTED)
                | Q(submitted_at__isnull=False, started_at__isnull=False, ended_at__isnull=False) & ~Q(summary=""),
                name="patrols_visit_complete",
                violation_error_message=_("A submitted visit needs its times and what was done."),
            ),
            models.CheckConstraint(
                condition=~Q(state=VisitState.SUBMITTED) | standards.photos_met(),
                name="patrols_visit_photo",
                violation_error_message=_("Add a photo, or say why there is none."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village.name} {self.visited_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """The page of the visit."""
        return reverse("visit_detail", args=[self.pk])

    @property
    def state_badge(self) -> tuple[str, str]:
        """Tone and shape of its state, wherever it is shown."""
        return VisitState(self.state).badge

    @property
    def is_open(self) -> bool:
        """Whether its author may still write."""
        return self.state in OPEN_STATES

    @property
    def expires_on(self) -> date | None:
        """The day on which a draft is deleted unless somebody writes in it; None for what was handed in once."""
        if self.state != VisitState.DRAFT:
            return None
        is_told = self.expiry_told_at is not None and self.expiry_told_at >= self.saved_at
        told_at = self.expiry_told_at if is_told and self.expiry_told_at else timezone.now()
        # Nobody loses a draft without having been told in time, also after the system has stood still.
        at = max(self.saved_at + timedelta(days=DRAFT_DAYS), told_at + timedelta(days=DRAFT_WARNING_DAYS))
        return timezone.localdate(at)

    @property
    def is_expiring(self) -> bool:
        """Whether that day is near."""
        expires_on = self.expires_on
        return expires_on is not None and expires_on <= timezone.localdate() + timedelta(days=DRAFT_WARNING_DAYS)

    @property
    def shortfalls(self) -> list[str]:
        """In words, what the visit lacks."""
        return standards.shortfalls(standards.counts_of(self))


class Attendee(models.Model):
    """Who was there: the author and his companions. The work counts for the assignment of each."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="attendees")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="attendances", verbose_name=_("officer"))
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, null=True, blank=True, related_name="attendances", verbose_name=_("assignment")
    )
    visited_on = models.DateField(_("date"), editable=False)
    is_counting = models.BooleanField(default=False, editable=False)
    iso_week = models.GeneratedField(
        expression=ExtractIsoYear("visited_on") * 100 + ExtractWeek("visited_on"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    rights_of = "visit"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendee")
        verbose_name_plural = _("attendees")
        indexes = [
            models.Index(
                fields=["visited_on"],
                include=["visit", "assignment", "iso_week"],
                condition=Q(is_counting=True),
                name="patrols_attendee_day",
            )
        ]
        constraints = [models.UniqueConstraint(fields=["visit", "officer"], name="patrols_attendee_once")]

    def __str__(self) -> str:
        return self.officer.name


class VisitTransition(models.Model):
    """A change of state: who, when, why."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="transitions")
    state = models.CharField(_("state"), max_length=10, choices=VisitState.choices)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    rights_of = "visit"

    class Meta:
        verbose_name = _("change of state")
        verbose_name_plural = _("changes of state")

    def __str__(self) -> str:
        return self.get_state_display()
