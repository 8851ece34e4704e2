"""The village's council 议事会 of a month, and who of the police was there (R12)."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractIsoYear, ExtractWeek
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from patrols.choices import CouncilRole, CouncilState
from patrols.models.base_info import no_id_number
from villages.models import Assignment, Officer, Village
from xinjin.access.engine import ScopedQuerySet
from xinjin.periods import Month, Span, parse_as


class CouncilQuerySet(ScopedQuerySet):
    def held(self) -> Self:
        """Those handed in."""
        return self.filter(state=CouncilState.HELD)

    def during(self, span: Span) -> Self:
        """Those held on the days of `span`."""
        return self.filter(held_on__range=(span.start, span.end))


class CouncilMeeting(models.Model):
    """A council meeting: a draft of its village's people until it is handed in as held.

    The residents who came are counted, never named. `figures` is the situation as it stood when it was handed in.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    village = models.ForeignKey(Village, models.PROTECT, related_name="councils", verbose_name=_("village"))
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="councils_written", verbose_name=_("author"))
    held_on = models.DateField(_("held on"))
    started_at = models.TimeField(_("meeting begun at"), null=True, blank=True)
    ended_at = models.TimeField(_("meeting ended at"), null=True, blank=True)
    place = models.CharField(_("venue"), max_length=100, blank=True)
    chair = models.CharField(
        _("chair"), max_length=50, blank=True, help_text=_("Post and name, such as 村支书 王建国.")
    )
    expected_count = models.PositiveSmallIntegerField(_("expected"), null=True, blank=True)
    present_count = models.PositiveSmallIntegerField(_("present"), null=True, blank=True)
    roles = ArrayField(
        models.CharField(max_length=20, choices=CouncilRole.choices),
        verbose_name=_("who sat in the council"),
        default=list,
        blank=True,
    )
    # The month whose situation the council heard: that of the meeting or the one before.
    situation_month = models.CharField(_("month of the situation"), max_length=7)
    agenda = models.TextField(_("agenda"), max_length=1000, blank=True)
    situation = models.TextField(_("situation analysis"), max_length=2000, blank=True, validators=[no_id_number])
    minutes = models.TextField(_("opinions"), max_length=3000, blank=True, validators=[no_id_number])
    decisions = models.TextField(_("decisions"), max_length=2000, blank=True, validators=[no_id_number])
    state = models.CharField(_("state"), max_length=10, choices=CouncilState.choices, default=CouncilState.DRAFT)
    handed_in_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    figures = models.JSONField(_("figures"), default=dict, encoder=DjangoJSONEncoder, blank=True)
    has_analysis = models.GeneratedField(
        verbose_name=_("with situation analysis"),
        expression=~Q(situation=""),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    comment = models.TextField(_("comment of the station"), max_length=1000, blank=True)
    commented_at = models.DateTimeField(_("commented at"), null=True, blank=True)
    commented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("commented by"),
    )
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    # The trail names what changed; what was said stays on the page of the meeting.
    private_fields = frozenset({"situation", "minutes", "decisions", "figures"})

    objects = CouncilQuerySet.as_manager()

    class Meta:
        verbose_name = _("council meeting")
        verbose_name_plural = _("council meetings")
        indexes = [
            models.Index(fields=["-held_on", "id"], name="patrols_council_listed"),
            models.Index(fields=["village", "-held_on"], name="patrols_council_village"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["village"],
                condition=Q(state=CouncilState.DRAFT),
                name="patrols_council_one_draft",
                violation_error_message=_("The village has a draft already."),
            ),
            models.CheckConstraint(
                condition=Q(started_at=None) | Q(ended_at=None) | Q(ended_at__gt=F("started_at")),
                name="patrols_council_times",
                violation_error_message=_("The meeting ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(expected_count=None) | Q(present_count=None) | Q(present_count__lte=F("expected_count")),
                name="patrols_council_present",
                violation_error_message=_("More are present than were expected."),
            ),
            models.CheckConstraint(
                condition=Q(state=CouncilState.DRAFT)
                | Q(
                    handed_in_at__isnull=False,
                    started_at__isnull=False,
                    ended_at__isnull=False,
                    expected_count__isnull=False,
                    present_count__isnull=False,
                )
                & ~Q(place="")
                & ~Q(chair="")
                & ~Q(agenda=""),
                name="patrols_council_complete",
                violation_error_message=_("A council that was held needs its times, place, chair, numbers and agenda."),
            ),
            models.CheckConstraint(
                condition=Q(commented_at=None, commented_by=None, comment="")
                | Q(commented_at__isnull=False, commented_by__isnull=False) & ~Q(comment=""),
                name="patrols_council_commented",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village.name} {self.held_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """The minutes."""
        return reverse("council_detail", args=[self.pk])

    @property
    def state_badge(self) -> tuple[str, str]:
        """Tone and shape of its state, wherever it is shown."""
        return CouncilState(self.state).badge

    @property
    def is_draft(self) -> bool:
        """Whether it has not been handed in."""
        return self.state == CouncilState.DRAFT

    @property
    def month(self) -> Month:
        """The month in which the meeting counts (decision 2)."""
        return Month.counting(self.held_on)

    @property
    def analysed(self) -> Month:
        """The month whose situation was heard."""
        return parse_as(Month, self.situation_month)

    @property
    def role_labels(self) -> list[str]:
        """Who sat in the council, in the order of the choices."""
        return [str(role.label) for role in CouncilRole if role in self.roles]


class CouncilAttendee(models.Model):
    """Who of the police was there; a meeting counts for the assignment of each."""

    meeting = models.ForeignKey(CouncilMeeting, models.CASCADE, related_name="attendees")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="council_attendances", verbose_name=_("officer"))
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("assignment")
    )
    held_on = models.DateField(_("held on"), editable=False)
    is_counting = models.BooleanField(default=False, editable=False)
    has_analysis = models.BooleanField(default=False, editable=False)
    iso_week = models.GeneratedField(
        expression=ExtractIsoYear("held_on") * 100 + ExtractWeek("held_on"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    rights_of = "meeting"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendee of a council")
        verbose_name_plural = _("attendees of a council")
        indexes = [
            models.Index(
                fields=["held_on"],
                include=["assignment", "iso_week", "has_analysis"],
                condition=Q(is_counting=True),
                name="patrols_councilattendee_day",
            )
        ]
        constraints = [models.UniqueConstraint(fields=["meeting", "officer"], name="patrols_councilattendee_once")]

    def __str__(self) -> str:
        return self.officer.name
