"""Cases past their day, told step by step: the officer, then the station, then the brigade (R7, R22).

Told as well: a red case that both committees do not know or that nobody leads, and each week without its step. These
two go on while a case is paused or another body has it: they are told of the last run of its clock.

Each step of a run is a row that says whom it told, so any number of sweeps tells it once; two sweeps at once share the
cases. Nothing is told on a day off; at what time of the day is for the sweep to say (`reminders.sweep`).
"""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format

from patrols.cases.notices import brigade_people, station_people
from patrols.cases.notices import told as notice
from patrols.choices import CaseLevel, CaseState, EscalationStep, NoticeKind, TermEnding
from patrols.ledger.norm_figures import LedgerFigures
from patrols.models import Case, CaseEscalation, CaseTerm, InboxItem, LedgerNorm
from villages.models import Officer
from xinjin.periods import Span
from xinjin.workdays.calendar import is_workday, workdays

BATCH = 200
KINDS = {
    EscalationStep.COMMITTEES: NoticeKind.CASE_RED,
    EscalationStep.LEADER: NoticeKind.CASE_LEADER,
    EscalationStep.WEEKLY: NoticeKind.CASE_STEP,
}


class Told(NamedTuple):
    """Something to be told of a run; `for_day` where it may come again: since it is red, or the week without a step."""

    step: EscalationStep
    for_day: date | None = None


def escalate(day: date) -> int:
    """Tells on `day` of every case whose day has passed, once for each step; returns how many inbox rows that were."""
    if not is_workday(day):
        return 0
    figures, sent = LedgerNorm.objects.figures(day), 0
    while (count := _batch(day, figures)) is not None:
        sent += count
    return sent


def untold(day: date) -> Q:
    """Runs of red cases that by the end of their first day both committees did not know, or nobody led."""
    unknown = Q(case__committees_informed_on=None) | Q(case__leader=None)
    return Q(unknown, case__level=CaseLevel.RED, case__red_on__lt=day)


def last_runs() -> QuerySet:
    """The last run of each unresolved case: that which goes on or stands still, or which a referral has ended."""
    later = CaseTerm.objects.filter(case=OuterRef("case"), number__gt=OuterRef("number"))
    referred = Q(ending=TermEnding.REFERRED, case__state=CaseState.REFERRED) & ~Exists(later)
    return CaseTerm.objects.filter(Q(ended_on=None) | referred)


def steps_of(term: CaseTerm, day: date, worked: frozenset[date], figures: LedgerFigures) -> list[Told]:
    """Everything that is to be told of a run on `day`, each with the day that it is about where it comes again."""
    case = term.case
    found = []
    if case.is_red and case.red_on is not None and case.red_on < day:
        found += [Told(EscalationStep.COMMITTEES, case.red_on)] if case.committees_informed_on is None else []
        found += [Told(EscalationStep.LEADER, case.red_on)] if case.leader_id is None else []
    if case.next_step_on is not None and case.next_step_on < day:
        weeks = ((day - case.next_step_on).days - 1) // figures.step_days
        found.append(Told(EscalationStep.WEEKLY, case.next_step_on + weeks * timedelta(days=figures.step_days)))
    is_running = term.due_on is not None and term.ended_on is None
    late = steps_due(term.due_on, day, case.level, worked, figures) if is_running and term.due_on else []
    return [*found, *map(Told, late)]


def steps_due(
    due_on: date, day: date, level: str, worked: frozenset[date], figures: LedgerFigures
) -> list[EscalationStep]:
    """The steps that a case has reached on `day`; a red one is with everybody as soon as its day has passed."""
    if day <= due_on:
        return []
    # Working days after the last day on which each hears of it.
    steps = {
        EscalationStep.OFFICER: figures.escalate_officer,
        EscalationStep.STATION: figures.escalate_station,
        EscalationStep.BRIGADE: figures.escalate_brigade,
    }
    over = sum(1 for each in worked if due_on < each <= day)
    if level == CaseLevel.RED:
        return list(steps) if over else []
    return [step for step, days in steps.items() if over >= days]


@transaction.atomic
def _batch(day: date, figures: LedgerFigures) -> int | None:
    """One batch of cases that have a step to be told; None when there is none."""
    told_all = CaseEscalation.objects.filter(step=EscalationStep.BRIGADE).values("term")
    late = Q(due_on__lt=day, ended_on=None) & ~Q(pk__in=told_all)
    rows = last_runs().filter(late | untold(day) | Q(case__next_step_on__lt=day))
    terms: list[Any] = list(
        rows.select_related("case__village__station", "case__owner")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("due_on", "id")
    )
    worked = workdays(Span(min([day, *(term.due_on for term in terms if term.due_on)]), day))
    known: dict[int, set[Any]] = defaultdict(set)
    for term, step, for_day in CaseEscalation.objects.filter(term__in=terms).values_list("term", "step", "for_day"):
        known[term].add((step, for_day))
    told = [
        (term, each) for term in terms for each in steps_of(term, day, worked, figures) if each not in known[term.pk]
    ]
    wanted = told[:BATCH]
    if not wanted:
        return None
    heard = _who_hears(wanted)
    CaseEscalation.objects.bulk_create(
        CaseEscalation(term=term, step=each.step, for_day=each.for_day, on=day, told_to=names(people))
        for (term, each), people in zip(wanted, heard, strict=True)
    )
    return len(InboxItem.objects.bulk_create(_items(wanted, heard)))


def names(people: list[Officer]) -> str:
    """Who was told, in one line of a row."""
    text = "、".join(person.name for person in people)
    return text if len(text) <= 200 else f"{text[:199]}…"


def _who_hears(wanted: list[tuple[CaseTerm, Told]]) -> list[list[Officer]]:
    """The people who hear of each; a station and the brigade are looked up once."""
    stations: dict[int, list[Officer]] = {}
    brigade = list(brigade_people()) if any(told.step == EscalationStep.BRIGADE for _term, told in wanted) else []
    found = []
    for term, told in wanted:
        station = term.case.village.station
        if station.pk not in stations:
            stations[station.pk] = list(station_people(station))
        people = {
            "owner": [term.case.owner] if term.case.owner else [],
            "station": stations[station.pk],
            "brigade": brigade,
        }
        found.append([person for who in hearers(term.case, told) for person in people[who]])
    return found


def _items(wanted: list[tuple[CaseTerm, Told]], heard: list[list[Officer]]) -> list[InboxItem]:
    """An inbox row for each who hears of a step."""
    items = []
    for (term, told), people in zip(wanted, heard, strict=True):
        of_week = told.for_day if told.step == EscalationStep.WEEKLY else None
        context = {"due_on": date_format(of_week, "Y-m-d")} if of_week else {}
        kind = KINDS.get(told.step, NoticeKind.CASE_OVERDUE)
        items += [notice(term.case, person, kind, **context) for person in people]
    return items


def hearers(case: Case, told: Told) -> list[str]:
    """Who hears of a step: the owner alone of a week without a step, the station too of a red one or of a second."""
    if told.step == EscalationStep.WEEKLY:
        is_second = told.for_day is not None and case.next_step_on is not None and told.for_day > case.next_step_on
        return ["owner", "station"] if case.is_red or is_second else ["owner"]
    return [{EscalationStep.OFFICER: "owner", EscalationStep.BRIGADE: "brigade"}.get(told.step, "station")]
