"""What pages ask about months: which there are, what state they are in, and who has still to act."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Avg, Count, Q

from assessments.choices import AssessmentState
from assessments.models import Assessment, AssessmentMonth, Signature
from assessments.monthly import opens_on
from villages.models import Unit
from xinjin.periods import Month

# Months that are over but not computed are offered this far back.
LOOK_BACK = 3
SHOWN_MONTHS = 36


@dataclass(frozen=True)
class MonthRow:
    """One month of the list; `row` is None while it is running or not computed yet."""

    month: Month
    row: AssessmentMonth | None
    is_running: bool = False
    opens_on: date | None = None
    can_open: bool = False
    people: int = 0
    stations: int = 0
    signed: int = 0
    average: Any = None
    own: Assessment | None = None

    @property
    def is_locked(self) -> bool:
        """Whether the month is final."""
        return self.row is not None and self.row.locked_at is not None


def month_rows(user: Any, running: Month, today: date) -> list[MonthRow]:
    """The running month, months that wait to be computed, and the assessed ones, newest first; three queries."""
    stored = {row.key: row for row in AssessmentMonth.objects.allowed(user).order_by("-key")[:SHOWN_MONTHS]}
    figures = {row["month"]: row for row in _figures(user, list(stored))}
    own = {
        assessment.month_id: assessment
        for assessment in Assessment.objects.filter(officer__user=user, month__in=stored).select_related(
            "month__rubric"
        )
    }
    rows = [MonthRow(running, None, is_running=True)] if running.key not in stored else []
    month = running.previous()
    for _ in range(LOOK_BACK):
        if month.key not in stored:
            day = opens_on(month)
            rows.append(MonthRow(month, None, opens_on=day, can_open=day <= today))
        month = month.previous()
    for key, row in stored.items():
        counted = figures.get(key, {})
        rows.append(
            MonthRow(
                row.period,
                row,
                people=counted.get("people", 0),
                stations=counted.get("stations", 0),
                signed=counted.get("stations", 0) - counted.get("waiting", 0),
                average=counted.get("average"),
                own=own.get(key),
            )
        )
    return sorted(rows, key=lambda found: found.month, reverse=True)


def _figures(user: Any, keys: list[str]) -> Any:
    return (
        Assessment.objects.allowed(user)
        .filter(month__in=keys)
        .order_by()
        .values("month")
        .annotate(
            people=Count("id"),
            stations=Count("station", distinct=True),
            waiting=Count("station", distinct=True, filter=Q(state=AssessmentState.OPEN)),
            average=Avg("score"),
        )
    )


@dataclass(frozen=True)
class StationState:
    """How far a station is with a month."""

    station: Unit
    people: int
    waiting: int
    without_comment: int
    signature: Signature | None


def station_states(user: Any, row: AssessmentMonth) -> list[StationState]:
    """The stations of the assessments that the user may see; three queries."""
    counted = {
        found["station"]: found
        for found in Assessment.objects.allowed(user)
        .filter(month=row)
        .order_by()
        .values("station")
        .annotate(
            people=Count("id"),
            waiting=Count("id", filter=Q(state=AssessmentState.OPEN)),
            without_comment=Count("id", filter=Q(state=AssessmentState.OPEN, remark="", maximum__gt=0)),
        )
    }
    signatures = {
        signature.station_id: signature
        for signature in Signature.objects.filter(month=row, station__in=counted).select_related("signed_by")
    }
    return [
        StationState(
            station,
            counted[station.pk]["people"],
            counted[station.pk]["waiting"],
            counted[station.pk]["without_comment"],
            signatures.get(station.pk),
        )
        for station in Unit.objects.filter(pk__in=counted).order_by("position", "code")
    ]
