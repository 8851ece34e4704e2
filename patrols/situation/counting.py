"""All figures of a month in thirteen queries, by village or by station, however many rows there are.

Incidents are counted in the month's whole weeks, as the reporting system gives them; cases and base-info changes by the
days of the month, as their lists are asked; councils and their measures in whole weeks, as the score counts them. Open
risks stand as they are today, or were at the end of a month that is over; what has become of a measure, as it is today.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from patrols.choices import BaseInfoState, CaseAct, CaseKind, CaseLevel, MeasureState
from patrols.ledger.history import last_moves, of_cases, open_on, overdue_on
from patrols.models import BaseInfoChange, Case, CouncilMeasure, CouncilMeeting, IncidentCount
from patrols.situation.scope import Scope
from xinjin.periods import Month, Week

# {figure key: number}; what is not there is 0.
Tally = Counter[str]
# {id of the village or station: its figures}
Tallies = Mapping[int, Tally]

BY_VILLAGE, BY_STATION = "village", "village__station"


def count(scope: Scope, month: Month, day: date, *, by: str) -> dict[int, Tally]:
    """The figures of every village or station of the scope, as they stand on `day`."""
    found: dict[int, Tally] = defaultdict(Counter)
    villages = list(scope.villages().values_list("pk", "station", "valid_from", "valid_to"))
    for part in (_incidents, _disputes, _risks, _base_info, _councils, _measures):
        part(found, scope, month, day, by, villages)
    return dict(found)


def total(tallies: Iterable[Tally]) -> Tally:
    """The figures of several together."""
    return sum(tallies, Counter())


Villages = list[tuple[int, int, date, date | None]]


def _grouped(rows: QuerySet, by: str, *others: str, **counts: Any) -> Iterable[tuple]:
    return rows.order_by().values_list(F(by), *others).annotate(**counts)


def _existing(villages: Villages, day: date, by: str) -> Counter[int]:
    """{village or station: how many villages exist on `day`}."""
    return Counter(
        pk if by == BY_VILLAGE else station
        for pk, station, start, end in villages
        if start <= day and (end is None or end >= day)
    )


def _incidents(found: Any, scope: Scope, month: Month, day: date, by: str, villages: Villages) -> None:
    before = month.previous()
    span = before.counted.start, month.counted.end
    rows = scope.rows(IncidentCount).filter(starts_on__range=span)
    suffixes = {week.start: "_before" for week in before.weeks()} | {week.start: "" for week in month.weeks()}
    for place, starts_on, category, n in _grouped(rows, by, "starts_on", "category", n=Sum("count")):
        found[place][f"incident{suffixes[starts_on]}.{category}"] += n
    known: dict[date, Counter[int]] = defaultdict(Counter)
    for place, starts_on, n in _grouped(rows, by, "starts_on", n=Count("village", distinct=True)):
        known[starts_on][place] = n
    for starts_on, suffix in suffixes.items():
        week = Week.of(starts_on)
        # A week that is not over cannot be missing yet.
        expected = _existing(villages, week.thursday, by) if week.end < day else Counter[int]()
        for place in expected.keys() | known[starts_on].keys():
            found[place][f"weeks_known{suffix}"] += known[starts_on][place]
            found[place][f"weeks{suffix}"] += max(expected[place], known[starts_on][place])


def _within(month: Month, field: str) -> Q:
    return Q(**{f"{field}__range": (month.start, month.end)})


def _disputes(found: Any, scope: Scope, month: Month, day: date, by: str, villages: Villages) -> None:
    before = month.previous()
    disputes = scope.rows(Case).filter(kind=CaseKind.DISPUTE).order_by()
    for suffix, span in (("", month), ("_before", before)):
        opened = disputes.filter(_within(span, "opened_on"))
        resolved = of_cases(last_moves(span, CaseAct.RESOLVE), disputes)
        for key, rows, of in (("opened", opened, ""), ("resolved", resolved, "case__")):
            for place, category, level, n in _grouped(rows, of + by, f"{of}category", f"{of}level", n=Count("pk")):
                found[place][f"{key}{suffix}"] += n
                if not suffix:
                    found[place][f"{key}.{category}"] += n
                    found[place][f"{key}_at.{level}"] += n


def _risks(found: Any, scope: Scope, month: Month, day: date, by: str, villages: Villages) -> None:
    """What is pressing today; of a month that is over, what was at its end."""
    rows: Any = scope.rows(Case)
    is_over = month.end < day
    standing = rows.filter(open_on(month.end)) if is_over else rows.unresolved()
    late = rows.filter(overdue_on(month.end)) if is_over else rows.overdue(day)
    counts = {level: Count("pk", filter=Q(level=level)) for level in (CaseLevel.RED.value, CaseLevel.ORANGE.value)}
    for place, *numbers in _grouped(standing, by, **counts):
        for key, n in zip(counts, numbers, strict=True):
            found[place][key] += n
    for place, n in _grouped(late, by, n=Count("pk")):
        found[place]["overdue"] += n


def _base_info(found: Any, scope: Scope, month: Month, day: date, by: str, villages: Villages) -> None:
    rows = scope.rows(BaseInfoChange).filter(_within(month, "found_on"))
    forwarded = Count("pk", filter=Q(state=BaseInfoState.FORWARDED))
    for place, n, done in _grouped(rows, by, n=Count("pk"), done=forwarded):
        found[place]["changes"] += n
        found[place]["forwarded"] += done


def _councils(found: Any, scope: Scope, month: Month, day: date, by: str, villages: Villages) -> None:
    """A village counts once however often its council met; it owes one when it exists at the month's end."""
    rows = scope.rows(CouncilMeeting).held().during(month.counted)  # type: ignore[attr-defined]
    owing = {
        pk: station
        for pk, station, start, end in villages
        if start <= month.counted.end and (end is None or end >= month.counted.end)
    }
    station_of = {pk: station for pk, station, _start, _end in villages}
    for village, n in _grouped(rows, BY_VILLAGE, n=Count("pk")):
        found[village if by == BY_VILLAGE else station_of[village]]["councils"] += n
        owing.pop(village, None)
    for village, station in owing.items():
        found[village if by == BY_VILLAGE else station]["without"] += 1
    for place, n in _existing(villages, month.counted.end, by).items():
        found[place]["villages"] += n


def _measures(found: Any, scope: Scope, month: Month, day: date, by: str, villages: Villages) -> None:
    span = month.counted
    rows = scope.rows(CouncilMeasure).agreed()  # type: ignore[attr-defined]
    of_month = rows.filter(meeting__held_on__range=(span.start, span.end))
    for place, state, n in _grouped(of_month, by, "state", n=Count("pk")):
        found[place]["measures"] += n
        found[place][f"measures.{MeasureState(state)}"] += n
    for place, n in _grouped(rows.overdue(day), by, n=Count("pk")):
        found[place]["measures_overdue"] += n


def existing_villages(scope: Scope, day: date) -> QuerySet:
    """The villages of the scope that exist on `day`, in their order."""
    rows: Any = scope.villages()
    return rows.existing_on(day).select_related("station").order_by("station__position", "station__code", "code")


def without_council(scope: Scope, month: Month) -> QuerySet:
    """The rows of the figure "without": villages of the month's last day whose council has not met."""
    met = CouncilMeeting.objects.held().during(month.counted).values("village")
    return existing_villages(scope, month.counted.end).exclude(pk__in=met)
