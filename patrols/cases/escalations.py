"""Cases past their day, told step by step: the officer, then the station, then the brigade (R7, R22).

Each step of a run of the clock is a row, so any number of sweeps tells it once; two sweeps at once share the cases.
Nothing is told on a day off.
"""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from patrols.cases.notices import brigade_people, station_people, told
from patrols.choices import CaseLevel, EscalationStep, NoticeKind
from patrols.models import CaseEscalation, CaseTerm, InboxItem
from xinjin.periods import Span
from xinjin.workdays.calendar import is_workday, workdays

# Working days after the last day on which each hears of it.
STEPS = {EscalationStep.OFFICER: 1, EscalationStep.STATION: 3, EscalationStep.BRIGADE: 7}
BATCH = 200


def escalate(day: date) -> int:
    """Tells on `day` of every case whose day has passed, once for each step; returns how many inbox rows that were."""
    if not is_workday(day):
        return 0
    sent = 0
    while (count := _batch(day)) is not None:
        sent += count
    return sent


def untold(day: date) -> Q:
    """Runs of red cases of which both committees had not been told by the end of the day on which they became red."""
    return Q(case__level=CaseLevel.RED, case__committees_informed_on=None, case__red_on__lt=day)


def steps_of(term: CaseTerm, day: date, worked: frozenset[date]) -> list[EscalationStep]:
    """Everything that is to be told of a run on `day`."""
    case = term.case
    is_untold = case.is_red and case.committees_informed_on is None and case.red_on is not None and case.red_on < day
    late = steps_due(term.due_on, day, case.level, worked) if term.due_on else []
    return [EscalationStep.COMMITTEES, *late] if is_untold else late


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
    late = CaseTerm.objects.filter(Q(due_on__lt=day) | untold(day), ended_on=None)
    told_all = CaseEscalation.objects.filter(step=EscalationStep.BRIGADE).values("term")
    rows = late.exclude(pk__in=told_all)
    terms: list[Any] = list(
        rows.select_related("case__village__station", "case__owner")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("due_on", "id")
    )
    worked = workdays(Span(min([day, *(term.due_on for term in terms if term.due_on)]), day))
    known: dict[int, set[str]] = defaultdict(set)
    for term, step in CaseEscalation.objects.filter(term__in=terms).values_list("term", "step"):
        known[term].add(step)
    wanted = [(term, step) for term in terms for step in steps_of(term, day, worked) if step not in known[term.pk]][
        :BATCH
    ]
    if not wanted:
        return None
    CaseEscalation.objects.bulk_create(CaseEscalation(term=term, step=step, on=day) for term, step in wanted)
    return len(InboxItem.objects.bulk_create(_items(wanted)))


def _items(wanted: list[tuple[CaseTerm, EscalationStep]]) -> list[InboxItem]:
    """An inbox row for each who hears of a step; a station and the brigade are looked up once."""
    stations: dict[int, list] = {}
    brigade = list(brigade_people()) if any(step == EscalationStep.BRIGADE for _term, step in wanted) else []
    items = []
    for term, step in wanted:
        station = term.case.village.station
        if step == EscalationStep.OFFICER:
            people = [term.case.owner] if term.case.owner else []
        elif step in (EscalationStep.STATION, EscalationStep.COMMITTEES):
            if station.pk not in stations:
                stations[station.pk] = list(station_people(station))
            people = stations[station.pk]
        else:
            people = brigade
        kind = NoticeKind.CASE_RED if step == EscalationStep.COMMITTEES else NoticeKind.CASE_OVERDUE
        items += [told(term.case, person, kind) for person in people]
    return items
