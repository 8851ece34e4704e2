"""A visit that an officer means to make. A help for himself and his station: free to change, never scored."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import ExtractIsoYear, ExtractWeek
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.choices import PlanOutcome
from patrols.models.visit import Attendee
from villages.models import Officer, Village
from xinjin.access.engine import ScopedQuerySet
from xinjin.periods import Span, Week


class VisitPlanQuerySet(ScopedQuerySet):
    def during(self, span: Span) -> Self:
        """The visits planned for a day of `span`."""
        return self.filter(planned_on__range=(span.start, span.end))

    def with_visits(self) -> Self:
        """With `was_that_day` and `was_that_week`: whether the officer's visit to the village counts there."""
        made = Attendee.objects.filter(
            officer=OuterRef("officer"), visit__village=OuterRef("village"), is_counting=True
        )
        return self.annotate(
            was_that_day=Exists(made.filter(visited_on=OuterRef("planned_on"))),
            was_that_week=Exists(made.filter(iso_week=OuterRef("iso_week"))),
        )


class VisitPlan(models.Model):
    """An officer means to visit a village on a day. Its key is the one that the visit's draft will have.

    So opening the planned visit twice opens the same draft.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="plans", verbose_name=_("officer"))
    village = models.ForeignKey(Village, models.PROTECT, related_name="plans", verbose_name=_("village"))
    planned_on = models.DateField(_("planned for"))
    note = models.CharField(_("note"), max_length=100, blank=True)
    iso_week = models.GeneratedField(
        expression=ExtractIsoYear("planned_on") * 100 + ExtractWeek("planned_on"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = VisitPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned visit")
        verbose_name_plural = _("planned visits")
        indexes = [models.Index(fields=["planned_on", "village"], name="patrols_plan_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "village", "planned_on"],
                name="patrols_plan_once",
                violation_error_message=_("This visit is planned already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.village.name} {self.planned_on:%Y-%m-%d}"

    @property
    def week(self) -> Week:
        """The week of the plan."""
        return Week.of(self.planned_on)

    @property
    def outcome(self) -> PlanOutcome:
        """What became of it, of rows read by with_visits()."""
        row: Any = self
        return PlanOutcome.of(
            self.planned_on, timezone.localdate(), that_day=row.was_that_day, that_week=row.was_that_week
        )
