"""What a village hears every week about its security, and the texts that help to write it (R8)."""

import re
from datetime import date, timedelta
from typing import Any, Self
from unicodedata import normalize

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractIsoYear, ExtractWeek
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.choices import BriefingState, BriefingWay, IncidentCategory, Season
from patrols.models.base_info import ID_NUMBER
from villages.models import Assignment, Officer, Village
from xinjin.access.engine import ScopedQuerySet
from xinjin.periods import Week

# A mobile number, or a number of the fixed network with its area code; 110, 96110 and 12345 are none.
PHONE_NUMBER = re.compile(r"(?<!\d)(?:(?:\+?86)?1[3-9]\d{9}|0\d{2,3}-?[2-9]\d{6,7})(?!\d)")


def nobody_named(text: str) -> None:
    """What hangs on a notice board names no person: no identity number and no telephone number of anybody."""
    plain = re.sub(r"[^\S\n]", "", normalize("NFKC", text))
    if ID_NUMBER.search(plain):
        raise ValidationError(_("Leave the identity number out: a briefing names no person."), code="id_number")
    if PHONE_NUMBER.search(re.sub(r"(?<=\d)-(?=\d)", "", plain)):
        message = _("Leave the telephone number out: a briefing names no person. Public numbers such as 110 may stand.")
        raise ValidationError(message, code="phone_number")


class PreventionTextQuerySet(ScopedQuerySet):
    def on(self, day: date) -> Self:
        """The texts in use on `day`."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class PreventionText(models.Model):
    """Advice on one kind of incident, kept by the brigade. It is retired, never deleted."""

    category = models.CharField(_("category"), max_length=20, choices=IncidentCategory.choices)
    season = models.CharField(
        _("season"), max_length=10, choices=Season.choices, blank=True, help_text=_("Empty: all the year.")
    )
    text = models.CharField(_("text"), max_length=300, validators=[nobody_named])
    valid_from = models.DateField(_("in use from"), default=timezone.localdate)
    valid_to = models.DateField(_("in use until"), null=True, blank=True, help_text=_("To retire it: its last day."))

    objects = PreventionTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("prevention text")
        verbose_name_plural = _("prevention texts")
        ordering = ["category", "season", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "text"],
                name="patrols_preventiontext_once",
                violation_error_message=_("This text is in the library already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="patrols_preventiontext_order",
                violation_error_message=_("The last day is before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()}: {self.text[:30]}"


class Briefing(models.Model):
    """The briefing of one village in one ISO week: its text, and how the village heard it.

    It tells of the week before, which is over. What was counted then is kept with it from the moment it is given.
    """

    village = models.ForeignKey(Village, models.PROTECT, related_name="briefings", verbose_name=_("village"))
    starts_on = models.DateField(_("Monday of the week"))
    text = models.TextField(_("text of the briefing"), max_length=3000, validators=[nobody_named])
    state = models.CharField(_("state"), max_length=10, choices=BriefingState.choices, default=BriefingState.DRAFT)
    ways = ArrayField(
        models.CharField(max_length=20, choices=BriefingWay.choices), default=list, blank=True, verbose_name=_("how")
    )
    audience = models.CharField(_("to whom"), max_length=100, blank=True, validators=[nobody_named])
    people_count = models.PositiveIntegerField(
        _("people reached"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(99_999)]
    )
    given_on = models.DateField(_("given on"), null=True, blank=True)
    figures = models.JSONField(_("figures"), default=dict, blank=True, encoder=DjangoJSONEncoder, editable=False)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(_("saved at"), default=timezone.now, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("weekly briefing")
        verbose_name_plural = _("weekly briefings")
        indexes = [models.Index(fields=["-starts_on", "village"], name="patrols_briefing_listed")]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "starts_on"],
                name="patrols_briefing_once",
                violation_error_message=_("The village has a briefing of this week."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__iso_week_day=1),
                name="patrols_briefing_monday",
                violation_error_message=_("A week begins on a Monday."),
            ),
            models.CheckConstraint(
                condition=Q(state=BriefingState.DRAFT, given_on=None)
                | Q(state=BriefingState.GIVEN, given_on__isnull=False, ways__len__gte=1) & ~Q(text=""),
                name="patrols_briefing_given",
                violation_error_message=_("A briefing that was given needs its text, its day and how it was given."),
            ),
            models.CheckConstraint(
                condition=Q(given_on=None)
                | Q(given_on__gte=F("starts_on"), given_on__lte=F("starts_on") + timedelta(days=6)),
                name="patrols_briefing_in_its_week",
                violation_error_message=_("A briefing is given in its week."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village.name} {self.week.key}"

    def get_absolute_url(self) -> str:
        """The page of the village's briefing of the week."""
        return reverse("briefing_detail", args=[self.village.code, self.week.key])

    @property
    def week(self) -> Week:
        """The week in which the village hears it."""
        return Week.of(self.starts_on)

    @property
    def is_given(self) -> bool:
        """Whether the village has heard it."""
        return self.state == BriefingState.GIVEN

    @property
    def state_badge(self) -> tuple[str, str]:
        """Tone and shape of its state, wherever it is shown."""
        return BriefingState(self.state).badge

    @property
    def ways_in_words(self) -> str:
        """How it was given."""
        labels: dict[str, Any] = dict(BriefingWay.choices)
        return "、".join(str(labels.get(way, way)) for way in self.ways)


class BriefingGiver(models.Model):
    """Who gave a briefing: it counts for the place that each of them held on that day, once (patrols/metrics.py)."""

    briefing = models.ForeignKey(Briefing, models.CASCADE, related_name="givers")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="briefings_given", verbose_name=_("officer"))
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="briefings_given", verbose_name=_("assignment")
    )
    given_on = models.DateField(_("date"), editable=False)
    iso_week = models.GeneratedField(
        expression=ExtractIsoYear("given_on") * 100 + ExtractWeek("given_on"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    rights_of = "briefing"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("giver of a briefing")
        verbose_name_plural = _("givers of a briefing")
        indexes = [models.Index(fields=["given_on"], include=["assignment", "iso_week"], name="patrols_giver_day")]
        constraints = [models.UniqueConstraint(fields=["briefing", "officer"], name="patrols_giver_once")]

    def __str__(self) -> str:
        return self.officer.name
