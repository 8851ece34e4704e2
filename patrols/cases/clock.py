"""The clock of a case: its runs begin, stand still and end; the days themselves come from deadlines."""

from datetime import date, timedelta

from patrols.choices import CaseState, LimitUnit, TermEnding
from patrols.ledger import deadlines
from patrols.ledger.deadlines import Calendar, Days, Deadline
from patrols.models import Case, CaseLimit, CaseTerm
from xinjin.periods import Span
from xinjin.workdays import calendar as workdays

WEEK = timedelta(days=7)


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
    case.next_step_on = on + WEEK if rule.weekly else None
    return term


def running_term(case: Case) -> CaseTerm | None:
    """The run that has not ended; none while another body has the case, and after it is resolved."""
    return case.terms.filter(ended_on=None).first()


def pauses_of(term: CaseTerm) -> list[Days]:
    """The pauses that are over, in their order."""
    return [pause.span for pause in sorted(term.pauses.all(), key=lambda pause: pause.pk) if pause.end_on]


def stop_clock(case: Case, on: date, reason: str) -> None:
    """From `on` the days do not count; the case, unsaved, has no day until the clock goes on."""
    term = running_term(case)
    if term is None:
        return
    term.pauses.create(start_on=on, reason=reason)
    term.due_on = case.due_on = case.next_step_on = None
    term.save(update_fields=["due_on"])


def run_clock(case: Case, on: date) -> CaseTerm | None:
    """The clock goes on after `on`; the case, unsaved, carries the day that follows from it."""
    term = running_term(case)
    if term is None:
        return None
    term.pauses.filter(end_on=None).update(end_on=on)
    term.due_on = deadlines.due_on(term.started_on, term.days, term.unit, working_calendar(), pauses_of(term))
    term.save(update_fields=["due_on"])
    case.due_on = term.due_on
    case.next_step_on = on + WEEK if term.weekly else None
    return term


def end_term(case: Case, on: date, ending: TermEnding) -> None:
    """Ends the run; one that stood still is told its day first, so that it can be judged."""
    term = running_term(case)
    if term is None:
        return
    if term.due_on is None:
        term = run_clock(case, max(on, term.pauses.get(end_on=None).start_on))
    if term is not None:
        term.ended_on, term.ending = on, ending
        term.save(update_fields=["ended_on", "ending"])
    case.due_on = case.next_step_on = None


def stepped(case: Case, on: date) -> None:
    """Something was done: the next step is due a week later where a step is due every week."""
    if case.next_step_on is not None:
        case.next_step_on = max(case.next_step_on, on + WEEK)


def explained(term: CaseTerm, calendar: Calendar | None = None) -> Deadline:
    """The day of a run with its reasons; while it stands still, as if it had never stopped."""
    return deadlines.explain(term.started_on, term.days, term.unit, calendar or working_calendar(), pauses_of(term))
