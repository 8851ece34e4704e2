from decimal import Decimal
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from assessments.choices import ItemKind
from villages.models.dated import Dated, held_days, ordered
from xinjin.access.engine import ScopedQuerySet


class Rubric(Dated):
    """A scoring rubric with the days on which it holds; exactly one holds on any day. Frozen once a month used it."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    title = models.CharField(_("title"), max_length=100)
    frozen_at = models.DateTimeField(_("frozen at"), null=True, blank=True)

    class Meta:
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")
        constraints = [
            ordered("assessments_rubric_order"),
            ExclusionConstraint(
                name="assessments_rubric_one_in_force",
                expressions=[(held_days(), RangeOperators.OVERLAPS)],
                violation_error_message=_("Another rubric holds on some of these days."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def read_items(self) -> "list[RubricItem]":
        """The items in their order; read once for this instance."""
        return list(self.items.order_by("position", "id"))

    @cached_property
    def read_bands(self) -> "list[GradeBand]":
        """The bands, best first; read once for this instance."""
        return list(GradeBand.of(self))


class RubricItem(models.Model):
    """One line of a rubric. `metric` and `method` are names from the code's registries (checks.py refuses others)."""

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="items")
    code = models.CharField(_("code"), max_length=10)
    title = models.CharField(_("title"), max_length=50)
    rule = models.CharField(_("rule in words"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=ItemKind.choices, default=ItemKind.SCORED)
    metric = models.CharField(_("metric"), max_length=40)
    method = models.CharField(_("method"), max_length=40)
    maximum = models.DecimalField(_("points"), max_digits=5, decimal_places=2, validators=[MinValueValidator(0)])
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    # {kind of officer or place: {"maximum": …, "parameters": {…}}}: what differs for some of the people assessed.
    variants = models.JSONField(_("variants"), default=dict, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    rights_of = "rubric"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rubric item")
        verbose_name_plural = _("rubric items")
        constraints = [models.UniqueConstraint(fields=["rubric", "code"], name="assessments_rubricitem_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class GradeBand(models.Model):
    """From how many points on a grade is given."""

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="bands")
    code = models.SlugField(_("code"), max_length=20)
    label = models.CharField(_("label"), max_length=20)
    minimum = models.DecimalField(_("from points"), max_digits=5, decimal_places=2, default=Decimal(0))
    rights_of = "rubric"

    class Meta:
        verbose_name = _("grade band")
        verbose_name_plural = _("grade bands")
        constraints = [models.UniqueConstraint(fields=["rubric", "minimum"], name="assessments_gradeband_once")]

    def __str__(self) -> str:
        return self.label

    @classmethod
    def of(cls, rubric: Rubric) -> "models.QuerySet[Self]":
        """The bands of a rubric, best first."""
        return cls.objects.filter(rubric=rubric).order_by("-minimum")
