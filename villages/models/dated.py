"""Records that hold from one day to another. Both days count; an open end means until further notice."""

from datetime import date, timedelta
from typing import Any, Self

from django.contrib.postgres.fields import DateRangeField, IntegerRangeField, RangeBoundary
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xinjin.access.engine import ScopedQuerySet
from xinjin.periods import Span


class DateRange(Func):
    """daterange(start_on, end_on, '[]') for exclusion constraints."""

    function = "DATERANGE"
    output_field = DateRangeField()


def day_before(day: date) -> date:
    """The day before; the first day of the calendar has none and answers itself."""
    return day - timedelta(days=1) if day > date.min else day


def held_days() -> DateRange:
    """The days of a dated record as a range."""
    return DateRange("start_on", "end_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True))


class HalfDays(Func):
    """int4range of half days, both ends included: the morning of a day is even, its afternoon odd.

    Its expressions are first day, whether from its afternoon, last day, whether until its noon.
    """

    function = "INT4RANGE"
    output_field = IntegerRangeField()
    arity = 4

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:  # type: ignore[override]
        """Dates become numbers by their distance from a fixed day, which PostgreSQL may put into an index."""
        parts = [compiler.compile(expression) for expression in self.source_expressions]
        first, noon, last, until = (sql for sql, _parameters in parts)
        day = "(({})::date - DATE '2000-01-01') * 2"
        sql = (
            f"INT4RANGE({day.format(first)} + ({noon})::boolean::integer,"
            f" {day.format(last)} + 1 - ({until})::boolean::integer, '[]')"
        )
        return sql, [parameter for _sql, parameters in parts for parameter in parameters]


def holds_on(day: date, prefix: str = "") -> Q:
    """The records that hold on `day`; `prefix` is a lookup path such as "assignments__"."""
    return Q(**{f"{prefix}start_on__lte": day}) & (Q(**{f"{prefix}end_on": None}) | Q(**{f"{prefix}end_on__gte": day}))


def present(prefix: str = "") -> Q:
    """The records that hold today."""
    return holds_on(timezone.localdate(), prefix)


class DatedQuerySet(ScopedQuerySet):
    def on(self, day: date) -> Self:
        """The records that hold on `day`."""
        return self.filter(holds_on(day))

    def during(self, span: Span) -> Self:
        """The records that hold on any day of `span`."""
        return self.filter(Q(end_on=None) | Q(end_on__gte=span.start), start_on__lte=span.end)


class Dated(models.Model):
    """From start_on to end_on, both included."""

    start_on = models.DateField(_("from"))
    end_on = models.DateField(_("until"), null=True, blank=True, help_text=_("Last day; empty: until further notice."))

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True

    def clean(self) -> None:
        """The order of the days, before any constraint makes a range of them: PostgreSQL refuses a reversed one."""
        if self.start_on and self.end_on and self.end_on < self.start_on:
            raise ValidationError({"end_on": _("The last day is before the first day.")})

    def holds_on(self, day: date) -> bool:
        """Whether the record holds on `day`."""
        return self.start_on <= day and (self.end_on is None or day <= self.end_on)

    def during(self, span: Span) -> Span | None:
        """The part of `span` in which the record holds."""
        start = max(self.start_on, span.start)
        end = min(self.end_on, span.end) if self.end_on else span.end
        return Span(start, end) if start <= end else None


def ordered(name: str) -> models.CheckConstraint:
    """The constraint that a dated record does not end before it starts."""
    condition: Any = Q(end_on=None) | Q(end_on__gte=F("start_on"))
    return models.CheckConstraint(
        condition=condition, name=name, violation_error_message=_("The last day is before the first day.")
    )
