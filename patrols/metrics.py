"""The facts: one short GROUP BY for each, over a whole period and everybody at once, with a twin that gives its rows.

Facts of visits are counted for the assignment of each person who was there, by ISO week (202607 is week 7 of 2026).
Facts of reports are counted for the person, by period key. Every figure shown anywhere opens on the twin's rows.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from patrols.choices import ActivityKind, ReportKind, ReportState, VisitState
from patrols.models import Activity, Attendee, CouncilAttendee, CouncilMeeting, Deed, HouseholdCall, Visit, WorkReport
from xinjin.periods import Month, Period, Span, Week

# {(assignment id, ISO week): count}
WeekCounts = Mapping[tuple[int, int], int]
EACH = {"n": Count("id")}
WITH_ANALYSIS = Count("id", filter=Q(has_analysis=True))


@dataclass(frozen=True)
class Metric:
    """A fact of visits. `grouped(span)` yields (assignment, week, n); `rows(span)` are the records counted."""

    key: str
    label: Promise
    grouped: Callable[[Span], QuerySet]
    rows: Callable[[Span], QuerySet]

    def counts(self, span: Span, *, holders: Collection[int] | None = None) -> WeekCounts:
        """The fact for every assignment (or those of `holders`) and week of `span`; one query."""
        grouped = self.grouped(span)
        if holders is not None:
            grouped = grouped.filter(holder__in=holders)
        return {(assignment, week): n for assignment, week, n in grouped.iterator(chunk_size=20_000)}


@dataclass(frozen=True)
class Source:
    """Records read once for all the metrics `keys` that count them. `grouped(span)` yields (assignment, week, *n)."""

    keys: tuple[str, ...]
    grouped: Callable[[Span], QuerySet]

    def profiles(self, span: Span, *, holders: Collection[int] | None = None) -> dict[int, str]:
        """{assignment id: "202610:5:1,202611:3:0"}: the counts in the order of `keys`, one row a person; one query.

        Few of them differ, so what follows from one is worked out once however many people share it.
        """
        counted, parameters = self.grouped(span).query.sql_with_params()
        columns = ", ".join(("week", *self.keys))
        wanted = "" if holders is None else "WHERE holder = ANY(%s)"
        sql = (
            f"SELECT holder, string_agg(concat_ws(':', {columns}), ',' ORDER BY week) "  # noqa: S608 - our own query
            f"FROM ({counted}) AS counted (holder, {columns}) {wanted} GROUP BY holder"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [*parameters, *([] if holders is None else [list(holders)])])
            return dict(cursor.fetchall())

    def counts_of(self, profile: str, key: str) -> dict[int, int]:
        """{ISO week: count} that a profile gives for one of `keys`; weeks without any are left out."""
        place = self.keys.index(key) + 1
        rows = (list(map(int, part.split(":"))) for part in profile.split(",") if part)
        return {row[0]: row[place] for row in rows if row[place]}


def iso_week(week: Week) -> int:
    """The week as it is stored on a visit."""
    return week.year * 100 + week.number


def _within(span: Span, day: str) -> Q:
    return Q(**{f"{day}__range": (span.start, span.end)})


def _counting(span: Span, path: str = "") -> Q:
    """Attendances (at `path`) of visits that count, by people who hold the village."""
    return _within(span, f"{path}visited_on") & Q(**{f"{path}is_counting": True, f"{path}assignment__isnull": False})


def _by_part(model: Any, span: Span, *conditions: Q, counts: Mapping[str, Count], day: str = "visited_on") -> QuerySet:
    """Parts of visits (calls, deeds, activities), counted for everyone who was there.

    The period is said of both tables, so that each is read by its own index of dates.
    """
    return (
        model.objects.filter(_counting(span, "attendances__"), _within(span, day), *conditions)
        .order_by()
        .values(holder=F("attendances__assignment"), week=F("attendances__iso_week"))
        .annotate(**counts)
        .values_list("holder", "week", *counts)
    )


def _visits(span: Span, *conditions: Q) -> QuerySet:
    return (
        Attendee.objects.filter(_counting(span), *conditions)
        .order_by()
        .values(holder=F("assignment"), week=F("iso_week"))
        .annotate(n=Count("id"))
        .values_list("holder", "week", "n")
    )


def _households(span: Span) -> QuerySet:
    return _by_part(HouseholdCall, span, counts={"n": Count("household", distinct=True)}, day="called_on")


def _deeds(span: Span) -> QuerySet:
    return _by_part(Deed, span, counts=EACH)


def _activities(span: Span) -> QuerySet:
    each_kind = {kind: Count("id", filter=Q(kind=kind)) for kind in ActivityKind.values}
    return _by_part(Activity, span, counts=each_kind)


def _councils(span: Span, counts: Mapping[str, Count]) -> QuerySet:
    """Councils for everyone of the police who sat in them."""
    sat = CouncilAttendee.objects.filter(_within(span, "held_on"), is_counting=True, assignment__isnull=False)
    grouped = sat.order_by().values(holder=F("assignment"), week=F("iso_week")).annotate(**counts)
    return grouped.values_list("holder", "week", *counts)


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
        grouped=lambda span: _by_part(Activity, span, of_kind, counts=EACH),
        rows=_rows(Activity, of_kind),
    )


METRICS = {
    metric.key: metric
    for metric in (
        Metric("visits", _("Visits"), _visits, _visit_rows),
        Metric("households", _("Households called on"), _households, _rows(HouseholdCall)),
        Metric("deeds", _("Deeds"), _deeds, _rows(Deed)),
        *(_activity(kind) for kind in ActivityKind),
        Metric("council_meetings", _("Councils"), lambda span: _councils(span, EACH), _council_rows),
        Metric(
            "council_analyses",
            _("Councils with situation analysis"),
            lambda span: _councils(span, {"n": WITH_ANALYSIS}),
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
        lambda span: _by_part(Activity, span, NOTHING_FOUND, counts=EACH),
        _rows(Activity, NOTHING_FOUND),
    ),
    "up_to_standard": Metric(
        "up_to_standard",
        _("Visits up to standard"),
        lambda span: _visits(span, Q(visit__is_up_to_standard=True)),
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
        lambda span: _councils(span, {"council_meetings": Count("id"), "council_analyses": WITH_ANALYSIS}),
    ),
)


def weekly_counts(span: Span, *, holders: Collection[int] | None = None) -> dict[str, WeekCounts]:
    """The facts on which duties rest, by their key: visits, and every kind of activity; two queries."""
    found: dict[str, dict[tuple[int, int], int]] = {kind: {} for kind in ActivityKind.values}
    rows = _activities(span)
    for assignment, week, *counts in rows if holders is None else rows.filter(holder__in=holders):
        for kind, n in zip(ActivityKind.values, counts, strict=True):
            if n:
                found[kind][assignment, week] = n
    return {"visits": METRICS["visits"].counts(span, holders=holders), **found}


def council_counts(span: Span, *, holders: Collection[int]) -> dict[str, WeekCounts]:
    """The facts of the monthly duty of a council, by their key; one query."""
    rows = _councils(span, {"meetings": Count("id"), "analyses": WITH_ANALYSIS}).filter(holder__in=holders)
    found = {(holder, week): counts for holder, week, *counts in rows}
    return {
        "council_meetings": {key: meetings for key, (meetings, _analyses) in found.items()},
        "council_analyses": {key: analyses for key, (_meetings, analyses) in found.items()},
    }


def collect(span: Span) -> dict[str, WeekCounts]:
    """Every fact of visits in `span` by metric key; one query a metric."""
    return {key: metric.counts(span) for key, metric in METRICS.items()}


def report_rows(periods: list[Period]) -> QuerySet:
    """The work reports handed in for any of the periods."""
    return WorkReport.objects.filter(
        period__in=[period.key for period in periods],
        kind__in=[ReportKind.WEEKLY, ReportKind.MONTHLY],
        state__in=[ReportState.SUBMITTED, ReportState.REVIEWED],
    )


def on_time_by_officer(month: Month) -> QuerySet:
    """(officer, reports handed in by their day) of the month and its weeks."""
    handed_in = report_rows([month, *month.weeks()]).filter(is_late=False)
    return handed_in.order_by().values_list("officer").annotate(n=Count("id"))


def reports_on_time(month: Month) -> dict[int, int]:
    """{officer id: reports handed in by their day} of the month and its weeks; one query."""
    return dict(on_time_by_officer(month))
