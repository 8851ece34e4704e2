"""The clock of a case: its runs begin, stand still and end; the days themselves come from deadlines.

While others are waited for the clock stands still, but a case that asks for a step every week goes on to ask for it.
"""

from datetime import date, timedelta

from patrols.choices import CaseState, LimitUnit, TermEnding
from patrols.ledger import deadlines
from patrols.ledger.deadlines import Calendar, Days, Deadline
from patrols.models import Case, CaseLimit, CasePause, CaseTerm, LedgerNorm
from xinjin.periods import Span
from xinjin.workdays import calendar as workdays


def working_calendar() -> Calendar:
    """The calendar of the database: each year is read once, however many days are asked for."""
    years: dict[int, frozenset[date]] = {}

    def is_workday(day: date) -> bool:
        if day.year not in years:
            years[day.year] = workdays.workdays(Span(date(day.year, 1, 1), date(day.year, 12, 31)))
        return day in years[day.year]

    return Calendar(is_workday, workdays.is_known)


def start_term(case: Case, on: date) -> CaseTerm:
    """Starts the clock on `on` by the rule of that day; the case, unsaved, carries the new day."""
    rule = CaseLimit.objects.rule(case.level, on)
    calendar = working_calendar()
    begin = rule.start_days if case.state == CaseState.OPEN else None
    term = CaseTerm.objects.create(
        case=case,
        number=case.terms.count() + 1,
        level=case.level,
        started_on=on,
        days=rule.days,
        unit=rule.unit,
        weekly=rule.weekly,
        start_due_on=deadlines.due_on(on, begin, LimitUnit.DAYS, calendar) if begin else None,
        due_on=deadlines.due_on(on, rule.days, rule.unit, calendar),
        owner=case.owner,
    )
    case.due_on = term.due_on
    case.next_step_on = _step_after(on) if rule.weekly else None
    return term


def _step_after(day: date) -> date:
    return LedgerNorm.objects.figures(day).next_step(day)


def running_term(case: Case) -> CaseTerm | None:
    """The run that has not ended; none while another body has the case, and after it is resolved."""
    return case.terms.filter(ended_on=None).first()


def pauses_of(term: CaseTerm) -> list[Days]:
    """The pauses that are over, in their order."""
    return [pause.span for pause in sorted(term.pauses.all(), key=lambda pause: pause.pk) if pause.end_on]


def stop_clock(case: Case, on: date, reason: str, expected_on: date | None = None) -> None:
    """From `on` the days do not count; the case, unsaved, has no day until the clock goes on, but comes back."""
    term = running_term(case)
    if term is None:
        return
    term.pauses.create(start_on=on, reason=reason, expected_on=expected_on)
    term.due_on = case.due_on = None
    term.save(update_fields=["due_on"])
    case.waits_until = expected_on or on + timedelta(days=LedgerNorm.objects.figures(on).pause_days)


def standing_pause(case: Case) -> CasePause | None:
    """The pause that is not over."""
    return CasePause.objects.filter(term__case=case, term__ended_on=None, end_on=None).first()


def run_clock(case: Case, on: date) -> CaseTerm | None:
    """The clock goes on after `on`; the case, unsaved, carries the day that follows from it."""
    term = running_term(case)
    if term is None:
        return None
    term.pauses.filter(end_on=None).update(end_on=on)
    term.due_on = deadlines.due_on(term.started_on, term.days, term.unit, working_calendar(), pauses_of(term))
    term.save(update_fields=["due_on"])
    case.due_on, case.waits_until = term.due_on, None
    return term


def end_term(case: Case, on: date, ending: TermEnding) -> None:
    """Ends the run; one that stood still is told its day first, so that it can be judged."""
    term = running_term(case)
    if term is not None and term.due_on is None:
        term = run_clock(case, max(on, term.pauses.get(end_on=None).start_on))
    if term is not None:
        term.ended_on, term.ending = on, ending
        term.save(update_fields=["ended_on", "ending"])
    case.due_on = case.next_step_on = case.waits_until = None


def hand_on(case: Case, on: date, answer_due_on: date | None) -> None:
    """Another body has the case: the run ends, the weekly step does not, and the case comes back with its answer."""
    step = case.next_step_on
    end_term(case, on, TermEnding.REFERRED)
    within = LedgerNorm.objects.figures(on).answer_days
    case.next_step_on = step
    case.waits_until = answer_due_on or deadlines.due_on(on, within, LimitUnit.DAYS, working_calendar())


def take_level(case: Case, on: date) -> None:
    """The clock under the case's new level: a new run by its rule.

    One that stood still stands still again for the same reason. While another body has the case there is no run to
    begin: the level says how often a step is asked for, and the run after the answer goes by it.
    """
    step, waits_until, pause = case.next_step_on, case.waits_until, standing_pause(case)
    if case.state == CaseState.REFERRED:
        weekly = CaseLimit.objects.rule(case.level, on).weekly
        case.next_step_on = (step or _step_after(on)) if weekly else None
        return
    end_term(case, on, TermEnding.REPLACED)
    start_term(case, on)
    if pause is not None:
        stop_clock(case, on, pause.reason, pause.expected_on)
        case.waits_until = waits_until
        case.next_step_on = case.next_step_on and (step or case.next_step_on)


def stepped(case: Case, on: date) -> None:
    """Something was done: the next step is due a week later where a step is due every week."""
    if case.next_step_on is not None:
        case.next_step_on = max(case.next_step_on, _step_after(on))


def explained(term: CaseTerm, calendar: Calendar | None = None) -> Deadline:
    """The day of a run with its reasons; while it stands still, as if it had never stopped."""
    return deadlines.explain(term.started_on, term.days, term.unit, calendar or working_calendar(), pauses_of(term))
