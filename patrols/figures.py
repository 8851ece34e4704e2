"""The figures of a report, taken from the records so that nobody types them; each opens the records behind it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.functional import Promise

from patrols.counting import WeekCounts
from patrols.duties import Owed
from patrols.metrics import REPORTED, iso_week
from patrols.models import Visit, WorkReport
from villages.models import Assignment, Officer, Village
from xinjin.periods import Period, Span, Week

# In the order of the page.
KEYS = (
    "visits",
    "up_to_standard",
    "households",
    "deeds",
    "screening",
    "nothing_found",
    "briefing",
    "publicity",
    "group_patrol",
)
FIGURES = {key: REPORTED[key] for key in KEYS}


@dataclass(frozen=True)
class Counted:
    """A record behind a figure, and what it adds: a visit, or a briefing given apart from one."""

    day: date
    village: Village
    officer: Officer
    words: str
    url: str
    n: int


@dataclass(frozen=True)
class Figure:
    """A figure as a page shows it."""

    key: str
    label: Promise
    value: int
    url: str


def holdings(officer_ids: Collection[int], span: Span) -> list[int]:
    """The assignments of these people on any day of `span`."""
    rows = Assignment.objects.during(span).filter(officer__in=officer_ids)
    return list(rows.order_by("id").values_list("id", flat=True))


def of(owing: Iterable[Owed], counts: Mapping[str, WeekCounts], period: Period) -> dict[str, dict[str, int]]:
    """{key: {"value": n}} of a person's holdings from facts collected before, for many reports at once.

    Counted are the whole weeks of the period, as in the score. A fact that was not collected is left out.
    """
    weeks = [iso_week(week) for week in period.weeks()]
    holders = [item.assignment_id for item in owing]
    return {
        key: {"value": sum(counts[key].get((holder, week), 0) for holder in holders for week in weeks)}
        for key in KEYS
        if key in counts
    }


def collect_figures(report: WorkReport) -> dict[str, dict[str, int]]:
    """The same for one report from the records as they are now; ten queries."""
    span = report.span.counted
    holders = holdings([report.officer_id], span)
    return {key: {"value": sum(metric.counts(span, holders=holders).values())} for key, metric in FIGURES.items()}


def shown(report: WorkReport) -> list[Figure]:
    """The figures for a page, each with the address of its records: live while the report is open, then as frozen."""
    figures = collect_figures(report) if report.is_open else report.figures
    return [
        Figure(key, metric.label, figures[key]["value"], reverse("report_records", args=[report.pk, key]))
        for key, metric in FIGURES.items()
        if key in figures
    ]


def records(report: WorkReport, key: str) -> list[Counted]:
    """The records behind a figure, each with what it adds; their sum is the figure as it is now.

    A household called on twice in one week counts once, with the first of the visits.
    """
    span = report.span.counted
    held = holdings([report.officer_id], span)
    visits = list(
        Visit.objects.counting()
        .during(span)
        .filter(attendees__assignment__in=held)
        .select_related("village__station", "officer")
        .order_by("visited_on", "started_at", "id")
    )
    found = [
        Counted(visit.visited_on, visit.village, visit.officer, visit.summary, visit.get_absolute_url(), n)
        for visit, n in zip(visits, _parts(visits, span, key), strict=True)
        if n
    ]
    if besides := FIGURES[key].besides:
        found += [
            Counted(
                giver.given_on,
                giver.briefing.village,
                giver.officer,
                giver.briefing.text,
                giver.briefing.get_absolute_url(),
                1,
            )
            for giver in besides(span).filter(assignment__in=held).order_by("given_on", "pk")
        ]
    return sorted(found, key=lambda row: row.day)


def _parts(visits: Sequence[Visit], span: Span, key: str) -> list[int]:
    """How much each visit adds to the figure."""
    if key == "visits":
        return [1] * len(visits)
    if key == "up_to_standard":
        return [int(visit.is_up_to_standard) for visit in visits]
    if key == "households":
        return _households(visits)
    keys = [visit.pk for visit in visits]
    rows = FIGURES[key].rows(span).filter(visit__in=keys).order_by()
    counted = dict(rows.values_list("visit").annotate(n=Count("id")))
    return [counted.get(pk, 0) for pk in keys]


def _households(visits: Sequence[Visit]) -> list[int]:
    called: dict[Any, set[int]] = {visit.pk: set() for visit in visits}
    for pk, household in Visit.objects.filter(pk__in=called).values_list("id", "calls__household"):
        if household is not None:
            called[pk].add(household)
    seen: set[tuple[Week, int]] = set()
    found = []
    for visit in visits:
        new = {(Week.of(visit.visited_on), household) for household in called[visit.pk]} - seen
        seen |= new
        found.append(len(new))
    return found
