"""The facts: one short GROUP BY for each, over a whole period and everybody at once, with a twin that gives its rows.

A weekly briefing (R8) is told once: by a tick in the log of the visit at which it was held, or on its own page. Both
count for whoever gave it, and a week in which somebody did both counts the ticks alone (`_given`); so nothing is asked
twice and nothing counts twice, for duty, wall, report and score alike.

Facts of visits are counted for the assignment of each person who was there, by ISO week (202607 is week 7 of 2026).
Every figure shown anywhere opens on the twin's rows. Facts of reports stand in report_metrics.py.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from patrols.choices import ActivityKind, VisitState
from patrols.counting import Holders, Metric, Source, WeekCounts
from patrols.models import (
    Activity,
    Attendee,
    BriefingGiver,
    CouncilAttendee,
    CouncilMeeting,
    Deed,
    HouseholdCall,
    Visit,
)
from xinjin.periods import Span, Week

EACH = {"n": Count("id")}
WITH_ANALYSIS = Count("id", filter=Q(has_analysis=True))


def iso_week(week: Week) -> int:
    """The week as it is stored on a visit."""
    return week.year * 100 + week.number


def _within(span: Span, day: str) -> Q:
    return Q(**{f"{day}__range": (span.start, span.end)})


def _counting(span: Span, path: str = "") -> Q:
    """Attendances (at `path`) of visits that count, by people who hold the village."""
    return _within(span, f"{path}visited_on") & Q(**{f"{path}is_counting": True, f"{path}assignment__isnull": False})


def _held_by(holders: Holders, path: str = "") -> Q:
    return Q() if holders is None else Q(**{f"{path}assignment__in": holders})


def _by_part(
    model: Any,
    span: Span,
    *conditions: Q,
    counts: Mapping[str, Count],
    day: str = "visited_on",
    holders: Holders = None,
) -> QuerySet:
    """Parts of visits (calls, deeds, activities), counted for everyone who was there.

    The period is said of both tables, so that each is read by its own index of dates.
    """
    return (
        model.objects.filter(_counting(span, "attendances__"), _within(span, day), *conditions)
        .filter(_held_by(holders, "attendances__"))
        .order_by()
        .values(holder=F("attendances__assignment"), week=F("attendances__iso_week"))
        .annotate(**counts)
        .values_list("holder", "week", *counts)
    )


def _visits(span: Span, holders: Holders = None, *conditions: Q) -> QuerySet:
    return (
        Attendee.objects.filter(_counting(span), _held_by(holders), *conditions)
        .order_by()
        .values(holder=F("assignment"), week=F("iso_week"))
        .annotate(n=Count("id"))
        .values_list("holder", "week", "n")
    )


def _households(span: Span, holders: Holders = None) -> QuerySet:
    distinct = {"n": Count("household", distinct=True)}
    return _by_part(HouseholdCall, span, counts=distinct, day="called_on", holders=holders)


def _deeds(span: Span, holders: Holders = None) -> QuerySet:
    return _by_part(Deed, span, counts=EACH, holders=holders)


def _given(span: Span, holders: Holders = None) -> QuerySet:
    """Briefings given, by whom, in the weeks in which no log of his ticks one: what a tick says is not said again.

    `span` is made of whole weeks, as all that is counted by week.
    """
    ticked = Activity.objects.filter(
        _counting(span, "attendances__"),
        _within(span, "visited_on"),
        kind=ActivityKind.BRIEFING,
        attendances__assignment=OuterRef("assignment"),
        attendances__iso_week=OuterRef("iso_week"),
    )
    return BriefingGiver.objects.filter(_within(span, "given_on"), _held_by(holders), ~Exists(ticked))


def _briefings(span: Span, holders: Holders = None) -> QuerySet:
    """Briefings by a tick, and those given apart from a log; no week of anybody stands in both."""
    ticked = _by_part(Activity, span, Q(kind=ActivityKind.BRIEFING), counts=EACH, holders=holders)
    return ticked.union(_one_each(_given(span, holders), n=Value(1)), all=True)


def _activities(span: Span, holders: Holders = None) -> QuerySet:
    """Every kind of activity; a briefing given apart from a log is a row of its own."""
    each_kind = {kind: Count("id", filter=Q(kind=kind)) for kind in ActivityKind.values}
    ticked = _by_part(Activity, span, counts=each_kind, holders=holders)
    one = {kind: Value(int(kind == ActivityKind.BRIEFING)) for kind in ActivityKind.values}
    return ticked.union(_one_each(_given(span, holders), **one), all=True)


def _one_each(givers: QuerySet, **counts: Value) -> QuerySet:
    """A row for each giver. There is one briefing for a village and week, so each has it once."""
    numbers = {f"n_{key}": Value(value.value, IntegerField()) for key, value in counts.items()}
    shown = givers.order_by().annotate(holder=F("assignment"), week=F("iso_week"), **numbers)
    return shown.values_list("holder", "week", *numbers)


def _councils(span: Span, holders: Holders, counts: Mapping[str, Count]) -> QuerySet:
    """Councils for everyone of the police who sat in them."""
    sat = CouncilAttendee.objects.filter(_within(span, "held_on"), is_counting=True, assignment__isnull=False)
    grouped = (
        sat.filter(_held_by(holders)).order_by().values(holder=F("assignment"), week=F("iso_week")).annotate(**counts)
    )
    return grouped.values_list("holder", "week", *counts)


def _council_meetings(span: Span, holders: Holders = None) -> QuerySet:
    return _councils(span, holders, EACH)


def _council_analyses(span: Span, holders: Holders = None) -> QuerySet:
    return _councils(span, holders, {"n": WITH_ANALYSIS})


def _council_rows(span: Span) -> QuerySet:
    return CouncilMeeting.objects.held().during(span)


def _visit_rows(span: Span) -> QuerySet:
    return Visit.objects.counting().during(span)


def _rows(model: Any, *conditions: Q) -> Callable[[Span], QuerySet]:
    def rows(span: Span) -> QuerySet:
        return model.objects.filter(
            *conditions, visit__state=VisitState.SUBMITTED, visit__visited_on__range=(span.start, span.end)
        ).select_related("visit__village")

    return rows


def _activity(kind: ActivityKind) -> Metric:
    of_kind = Q(kind=kind)
    return Metric(
        key=kind.value,
        label=kind.label,
        grouped=lambda span, holders=None: _by_part(Activity, span, of_kind, counts=EACH, holders=holders),
        rows=_rows(Activity, of_kind),
    )


BRIEFING = Metric(
    key=ActivityKind.BRIEFING.value,
    label=ActivityKind.BRIEFING.label,
    grouped=_briefings,
    rows=_rows(Activity, Q(kind=ActivityKind.BRIEFING)),
    besides=lambda span: _given(span).select_related("briefing__village", "officer"),
)


METRICS = {
    metric.key: metric
    for metric in (
        Metric("visits", _("Visits"), _visits, _visit_rows),
        Metric("households", _("Households called on"), _households, _rows(HouseholdCall)),
        Metric("deeds", _("Deeds"), _deeds, _rows(Deed)),
        BRIEFING,
        *(_activity(kind) for kind in ActivityKind if kind != ActivityKind.BRIEFING),
        Metric("council_meetings", _("Councils"), _council_meetings, _council_rows),
        Metric(
            "council_analyses",
            _("Councils with situation analysis"),
            _council_analyses,
            lambda span: _council_rows(span).filter(has_analysis=True),
        ),
    )
}

# What a report tells beside them; they are no duty and no score rests on them.
NOTHING_FOUND = Q(kind=ActivityKind.SCREENING, nothing_found=True)
REPORTED = {
    **METRICS,
    "nothing_found": Metric(
        "nothing_found",
        _("Screenings that found nothing"),
        lambda span, holders=None: _by_part(Activity, span, NOTHING_FOUND, counts=EACH, holders=holders),
        _rows(Activity, NOTHING_FOUND),
    ),
    "up_to_standard": Metric(
        "up_to_standard",
        _("Visits up to standard"),
        lambda span, holders=None: _visits(span, holders, Q(visit__is_up_to_standard=True)),
        lambda span: _visit_rows(span).filter(is_up_to_standard=True),
    ),
}


# What a month's score reads: the same metrics, one pass over each table.
SOURCES = (
    Source(("visits",), _visits),
    Source(("households",), _households),
    Source(("deeds",), _deeds),
    Source(tuple(ActivityKind.values), _activities),
    Source(
        ("council_meetings", "council_analyses"),
        lambda span, holders=None: _councils(
            span, holders, {"council_meetings": Count("id"), "council_analyses": WITH_ANALYSIS}
        ),
    ),
)


def weekly_counts(span: Span, *, holders: Collection[int] | None = None) -> dict[str, WeekCounts]:
    """The facts on which duties rest, by their key: visits, and every kind of activity; two queries."""
    found: dict[str, dict[tuple[int, int], int]] = {kind: {} for kind in ActivityKind.values}
    for assignment, week, *counts in _activities(span, holders):
        for kind, n in zip(ActivityKind.values, counts, strict=True):
            if n:
                found[kind][assignment, week] = n
    return {"visits": METRICS["visits"].counts(span, holders=holders), **found}


def council_counts(span: Span, *, holders: Collection[int]) -> dict[str, WeekCounts]:
    """The facts of the monthly duty of a council, by their key; one query."""
    rows = _councils(span, holders, {"meetings": Count("id"), "analyses": WITH_ANALYSIS})
    found = {(holder, week): counts for holder, week, *counts in rows}
    return {
        "council_meetings": {key: meetings for key, (meetings, _analyses) in found.items()},
        "council_analyses": {key: analyses for key, (_meetings, analyses) in found.items()},
    }


def collect(span: Span) -> dict[str, WeekCounts]:
    """Every fact of visits in `span` by metric key; one query a metric."""
    return {key: metric.counts(span) for key, metric in METRICS.items()}
