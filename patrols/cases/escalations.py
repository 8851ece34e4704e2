"""Cases past their day, told step by step: the officer, then the station, then the brigade (R7, R22).

Told as well: a red case that both committees do not know or that nobody leads, and each week without its step.

Each step of a run of the clock is a row, so any number of sweeps tells it once; two sweeps at once share the cases.
Nothing is told on a day off.
"""

from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format

from patrols.cases.clock import WEEK
from patrols.cases.notices import brigade_people, station_people
from patrols.cases.notices import told as notice
from patrols.choices import CaseLevel, EscalationStep, NoticeKind
from patrols.models import Case, CaseEscalation, CaseTerm, InboxItem
from xinjin.periods import Span
from xinjin.workdays.calendar import is_workday, workdays

# Working days after the last day on which each hears of it.
STEPS = {EscalationStep.OFFICER: 1, EscalationStep.STATION: 3, EscalationStep.BRIGADE: 7}
BATCH = 200
KINDS = {
    EscalationStep.COMMITTEES: NoticeKind.CASE_RED,
    EscalationStep.LEADER: NoticeKind.CASE_LEADER,
    EscalationStep.WEEKLY: NoticeKind.CASE_STEP,
}


class Told(NamedTuple):
    """Something to be told of a run; `for_day` where it comes again every week."""

    step: EscalationStep
    for_day: date | None = None


def escalate(day: date) -> int:
    """Tells on `day` of every case whose day has passed, once for each step; returns how many inbox rows that were."""
    if not is_workday(day):
        return 0
    sent = 0
    while (count := _batch(day)) is not None:
        sent += count
    return sent


def untold(day: date) -> Q:
    """Runs of red cases that by the end of their first day both committees did not know, or nobody led."""
    unknown = Q(case__committees_informed_on=None) | Q(case__leader=None)
    return Q(unknown, case__level=CaseLevel.RED, case__red_on__lt=day)


def steps_of(term: CaseTerm, day: date, worked: frozenset[date]) -> list[Told]:
    """Everything that is to be told of a run on `day`, each with the day that it is about where it comes again."""
    case = term.case
    found = []
    if case.is_red and case.red_on is not None and case.red_on < day:
        found += [Told(EscalationStep.COMMITTEES)] if case.committees_informed_on is None else []
        found += [Told(EscalationStep.LEADER)] if case.leader_id is None else []
    if case.next_step_on is not None and case.next_step_on < day:
        weeks = ((day - case.next_step_on).days - 1) // 7
        found.append(Told(EscalationStep.WEEKLY, case.next_step_on + weeks * WEEK))
    late = steps_due(term.due_on, day, case.level, worked) if term.due_on else []
    return [*found, *map(Told, late)]


def steps_due(due_on: date, day: date, level: str, worked: frozenset[date]) -> list[EscalationStep]:
    """The steps that a case has reached on `day`; a red one is with everybody as soon as its day has passed."""
    if day <= due_on:
        return []
    over = sum(1 for each in worked if due_on < each <= day)
    if level == CaseLevel.RED:
        return list(STEPS) if over else []
    return [step for step, days in STEPS.items() if over >= days]


@transaction.atomic
def _batch(day: date) -> int | None:
    """One batch of cases that have a step to be told; None when there is none."""
    told_all = CaseEscalation.objects.filter(step=EscalationStep.BRIGADE).values("term")
    late = Q(due_on__lt=day) & ~Q(pk__in=told_all)
    rows = CaseTerm.objects.filter(late | untold(day) | Q(case__next_step_on__lt=day), ended_on=None)
    terms: list[Any] = list(
        rows.select_related("case__village__station", "case__owner")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("due_on", "id")
    )
    worked = workdays(Span(min([day, *(term.due_on for term in terms if term.due_on)]), day))
    known: dict[int, set[Any]] = defaultdict(set)
    for term, step, for_day in CaseEscalation.objects.filter(term__in=terms).values_list("term", "step", "for_day"):
        known[term].add((step, for_day))
    told = [(term, each) for term in terms for each in steps_of(term, day, worked) if each not in known[term.pk]]
    wanted = told[:BATCH]
    if not wanted:
        return None
    CaseEscalation.objects.bulk_create(
        CaseEscalation(term=term, step=told.step, for_day=told.for_day, on=day) for term, told in wanted
    )
    return len(InboxItem.objects.bulk_create(_items(wanted)))


def _items(wanted: list[tuple[CaseTerm, Told]]) -> list[InboxItem]:
    """An inbox row for each who hears of a step; a station and the brigade are looked up once."""
    stations: dict[int, list] = {}
    brigade = list(brigade_people()) if any(told.step == EscalationStep.BRIGADE for _term, told in wanted) else []
    items = []
    for term, told in wanted:
        station = term.case.village.station
        if station.pk not in stations:
            stations[station.pk] = list(station_people(station))
        people = {
            "owner": [term.case.owner] if term.case.owner else [],
            "station": stations[station.pk],
            "brigade": brigade,
        }
        context = {"due_on": date_format(told.for_day, "Y-m-d")} if told.for_day else {}
        kind = KINDS.get(told.step, NoticeKind.CASE_OVERDUE)
        for who in hearers(term.case, told):
            items += [notice(term.case, person, kind, **context) for person in people[who]]
    return items


def hearers(case: Case, told: Told) -> list[str]:
    """Who hears of a step: the owner alone of a week without a step, the station too of a red one or of a second."""
    if told.step == EscalationStep.WEEKLY:
        is_second = told.for_day is not None and case.next_step_on is not None and told.for_day > case.next_step_on
        return ["owner", "station"] if case.is_red or is_second else ["owner"]
    return [{EscalationStep.OFFICER: "owner", EscalationStep.BRIGADE: "brigade"}.get(told.step, "station")]
