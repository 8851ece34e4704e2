"""The records behind the facts of one person's month: rows to open, and a weekly fact week by week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from assessments.metrics import FACTS, Parameters
from patrols.duties import owed
from patrols.ledger.metrics import OWNER_METRICS
from patrols.metrics import METRICS, iso_week
from patrols.models import Activity, BriefingGiver, CouncilMeeting, Visit, WorkReport
from patrols.report_metrics import report_rows
from villages.models import Assignment
from xinjin.periods import Month, Week


def evidence(officer_id: int, month: Month, metric: str) -> QuerySet | Sequence[Any]:
    """The records behind a fact of one person: visits, their parts, or reports; none for what is not recorded."""
    if metric == "reports":
        return report_rows([month, *month.weeks()]).filter(officer=officer_id).order_by("period_end_on", "id")
    if metric == "council_meetings":
        return _council_rows(officer_id, month)
    if metric in OWNER_METRICS:
        return OWNER_METRICS[metric].of(officer_id, month.counted)
    fact = FACTS[metric]
    if not fact.metric:
        return WorkReport.objects.none()
    span = month.counted
    held = Assignment.objects.filter(officer=officer_id).during(span)
    counted = METRICS[fact.metric]
    rows = counted.rows(span)
    if rows.model is Visit:
        return rows.filter(attendees__assignment__in=held).select_related("village").order_by("visited_on", "id")
    parts = rows.filter(visit__attendees__assignment__in=held).order_by("visit__visited_on", "visit_id", "id")
    if counted.besides is None:
        return parts
    # A person's month has a few of each, so they are put in order here.
    besides = counted.besides(span).filter(assignment__in=held).order_by("given_on", "pk")
    return sorted([*parts, *besides], key=_day_of)


def _day_of(row: Activity | BriefingGiver) -> date:
    return row.given_on if isinstance(row, BriefingGiver) else row.visit.visited_on


def _council_rows(officer_id: int, month: Month) -> QuerySet:
    """The councils in which he sat; those without analysis too, and their row says so."""
    held = Assignment.objects.filter(officer=officer_id).during(month.counted)
    rows = CouncilMeeting.objects.held().during(month.counted).filter(attendees__assignment__in=held)
    return rows.select_related("village").order_by("held_on", "id")


@dataclass(frozen=True)
class WeekFact:
    """A weekly fact of one week: how often it was done, of how much, or that the week is not owed."""

    week: Week
    done: int
    target: int
    is_owed: bool


def by_week(officer_id: int, month: Month, metric: str, parameters: Parameters) -> list[WeekFact]:
    """A weekly fact of one person week by week, one row for each assignment and week; empty for other facts."""
    fact = FACTS[metric]
    if not fact.weekly:
        return []
    owing = owed(month, officer_ids=[officer_id])
    counts = METRICS[fact.metric].counts(month.counted, holders=[item.assignment_id for item in owing])
    found = []
    for item in owing:
        for week in month.weeks():
            number = iso_week(week)
            found.append(
                WeekFact(
                    week,
                    counts.get((item.assignment_id, number), 0),
                    parameters.get("target", 1),
                    is_owed=number in item.weeks,
                )
            )
    return found
