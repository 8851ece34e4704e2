"""How a case of the demo goes: steps, pauses, referrals, resolution, answer, calls, at times a reopening (R6, R7)."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from assessments.demo.case_rows import Rows, sentences
from assessments.demo.roster import Roster
from patrols.cases.clock import working_calendar
from patrols.choices import (
    FOLLOWED_UP,
    CaseAct,
    CaseLevel,
    CaseState,
    LimitUnit,
    ReferralTarget,
    ResolutionMethod,
    Resolver,
    Satisfaction,
    StepKind,
    TermEnding,
)
from patrols.ledger import deadlines
from patrols.ledger.deadlines import DEFAULT_LIMITS
from patrols.ledger.norm_figures import LedgerFigures
from patrols.models import (
    Case,
    CasePause,
    CaseReferral,
    CaseResolution,
    CaseStep,
    CaseTerm,
    CaseTransition,
    FollowUpCall,
)

FIGURES = LedgerFigures()
IN_HOUSE = (Resolver.COMMITTEE, Resolver.OFFICER, Resolver.STATION)


class CaseLife:
    """Writes what became of cases by yesterday into `rows`."""

    def __init__(self, roster: Roster, random: Random) -> None:
        self.random = random
        self.calendar = working_calendar()
        self.rows = Rows()
        self.last_day = roster.today - timedelta(days=1)
        self.chiefs = {chief.unit_id: chief for chief in roster.chiefs.values()}

    def live(self, case: Case) -> None:
        """All of it, from the opening on."""
        term = self.term(case, case.opened_on)
        self.act(case, CaseAct.OPEN, case.opened_on, CaseState.OPEN)
        if case.level == CaseLevel.RED:
            self.red(case)
        is_recent = case.opened_on > self.last_day - timedelta(days=75)
        takes = self.takes(term)
        if is_recent and self.random.random() < 0.06:
            takes = (self.last_day - case.opened_on).days + 1
        self.run(case, term, case.opened_on + timedelta(days=takes))

    def takes(self, term: CaseTerm) -> int:
        """After how many days a run ends in a resolution; now and then too late."""
        length = ((term.due_on or term.started_on) - term.started_on).days
        if self.random.random() < 0.07:
            return length + self.random.randrange(1, 15)
        return max(self.random.choice([length // 3, length // 2, length * 2 // 3, length - 1, length]), 0)

    def run(self, case: Case, term: CaseTerm, resolved_on: date) -> None:
        """One run of the clock, to its end or to yesterday."""
        self.steps(case, term.started_on, min(resolved_on, self.last_day))
        if resolved_on > self.last_day:
            self.leave_open(case, term)
        elif self.random.random() < 0.05:
            self.refer(case, term, min(resolved_on, term.due_on or resolved_on))
        else:
            term.ended_on, term.ending = resolved_on, TermEnding.RESOLVED
            self.resolve(case, resolved_on, self.random.choices(IN_HOUSE, [45, 40, 15])[0])

    def at(self, case: Case, day: date) -> datetime:
        """A time of the day for the case's next row, after the one before."""
        wanted = timezone.make_aware(datetime.combine(day, time(17, self.random.randrange(60))))
        moves = self.rows.parts[CaseTransition]
        before = moves[-1].at if moves and moves[-1].case is case else wanted
        return max(wanted, before + timedelta(minutes=self.random.randrange(3, 15)))

    def term(self, case: Case, day: date) -> CaseTerm:
        """A run of the clock from `day` on."""
        rule = DEFAULT_LIMITS[CaseLevel(case.level)]
        begin = rule.start_days if not case.reopened_count else None
        term = CaseTerm(
            case=case, number=case.reopened_count + 1, level=case.level, started_on=day, days=rule.days, unit=rule.unit,
            weekly=rule.weekly, owner=case.owner,
            start_due_on=deadlines.due_on(day, begin, LimitUnit.DAYS, self.calendar) if begin else None,
            due_on=deadlines.due_on(day, rule.days, rule.unit, self.calendar),
        )  # fmt: skip
        self.rows.add(term)
        return term

    def act(self, case: Case, act: CaseAct, day: date, state: str, reason: str = "", by: Any = None) -> None:
        """A move of the case."""
        case.state = state
        case.revision += act != CaseAct.OPEN
        who = by or (case.owner.user if case.owner else None)
        self.rows.add(
            CaseTransition(
                case=case, act=act, state=state, happened_on=day, at=self.at(case, day), by=who, reason=reason,
                resolver=case.resolver if act == CaseAct.RESOLVE else "",
            )
        )  # fmt: skip

    def steps(self, case: Case, since: date, until: date) -> None:
        """What was done in between."""
        days = (until - since).days
        count = min(self.random.choice([0, 1, 1, 2, 3]), days)
        for after in sorted(self.random.randrange(1, days + 1) for _number in range(count)):
            day, note = since + timedelta(days=after), self.random.choice(sentences()["steps"])
            kind = StepKind.CALL if "电话" in note else StepKind.MEDIATION if "调解" in note else StepKind.VISIT
            self.act(case, CaseAct.STEP, day, CaseState.HANDLING)
            move = self.rows.parts[CaseTransition][-1]
            self.rows.add(CaseStep(case=case, kind=kind, happened_on=day, note=note, at=move.at, by=move.by))

    def red(self, case: Case) -> None:
        """Who leads it and that both committees know; of the last days' some are still missing."""
        if case.opened_on < self.last_day - timedelta(days=3):
            case.leader = self.chiefs.get(case.village.station_id)
            case.committees_informed_on = case.opened_on

    def leave_open(self, case: Case, term: CaseTerm) -> None:
        """Not resolved by yesterday; one in ten waits for an outside body."""
        if case.state == CaseState.HANDLING and self.random.random() < 0.1:
            reason = self.random.choice(sentences()["pauses"])
            day = self.last_day - timedelta(days=self.random.randrange(3))
            day = max(day, self.rows.parts[CaseTransition][-1].happened_on)
            self.act(case, CaseAct.PAUSE, day, CaseState.PAUSED, reason)
            expected = self.random.choice([None, day + timedelta(days=self.random.randrange(1, 12))])
            self.rows.add(CasePause(term=term, start_on=day, reason=reason, expected_on=expected))
            term.due_on, case.waits_until = None, expected or day + timedelta(days=FIGURES.pause_days)
        else:
            case.due_on = term.due_on
        if term.weekly:
            self.next_step(case)

    def next_step(self, case: Case) -> None:
        """Something was done within the last days."""
        last = max(case.opened_on, self.last_day - timedelta(days=self.random.randrange(6)))
        case.next_step_on = FIGURES.next_step(last)

    def refer(self, case: Case, term: CaseTerm, day: date) -> None:
        """To another body, which answers after twenty days."""
        target = self.random.choice([ReferralTarget.JUDICIAL_OFFICE, ReferralTarget.COURT, ReferralTarget.TOWNSHIP])
        reason = self.random.choice(sentences()["referral_reasons"])
        self.act(case, CaseAct.REFER, day, CaseState.REFERRED, reason)
        term.ended_on, term.ending = day, TermEnding.REFERRED
        answered = day + timedelta(days=20)
        asked_for = deadlines.due_on(day, FIGURES.answer_days, LimitUnit.DAYS, self.calendar)
        referral = CaseReferral(case=case, target=target, reason=reason, referred_on=day, answer_due_on=asked_for)
        self.rows.add(referral)
        if answered > self.last_day:
            case.waits_until = asked_for
            if term.weekly:
                self.next_step(case)
        else:
            referral.answered_on, referral.answer = answered, "已受理并办结"
            self.resolve(case, answered, Resolver.JUDICIAL_OFFICE)

    def resolve(self, case: Case, day: date, resolver: str) -> None:
        """Resolved, answered, called on again; closed, or open again where it did not hold."""
        self.result(case, day, resolver)
        told = min(day + timedelta(days=self.random.randrange(0, 3)), self.last_day)
        words = sentences()
        case.answered_on, case.answer = told, self.random.choice(words["answers"])
        case.satisfaction = self.random.choices(Satisfaction.values, [70, 22, 3, 5])[0]
        self.act(case, CaseAct.ANSWER, told, CaseState.RESOLVED, case.answer)
        is_called = case.kind in FOLLOWED_UP
        if is_called and not case.reopened_count and self.random.random() < 0.05 and self.broken(case, day):
            return
        done = self.calls(case, day) if is_called else True
        closed = max(told, day + timedelta(days=34 if is_called else 3)) + timedelta(days=self.random.randrange(1, 4))
        if done and closed <= self.last_day and self.random.random() < 0.93:
            case.closed_on = closed
            chief = self.chiefs.get(case.village.station_id)
            by = chief.user if chief else None
            self.act(case, CaseAct.CLOSE, closed, CaseState.CLOSED, self.random.choice(words["closing"]), by)

    def result(self, case: Case, day: date, resolver: str) -> None:
        """How it was resolved, by whom."""
        case.resolved_on, case.resolver = day, resolver
        case.outcome = "settled" if resolver in IN_HOUSE else "handled"
        case.method = self.random.choice(
            [ResolutionMethod.PEOPLES_MEDIATION, ResolutionMethod.POLICE_MEDIATION, ResolutionMethod.EXPLANATION]
            if case.kind in FOLLOWED_UP
            else [ResolutionMethod.PRACTICAL, ResolutionMethod.EXPLANATION]
        )
        case.result = self.random.choice(sentences()["results"])
        self.act(case, CaseAct.RESOLVE, day, CaseState.RESOLVED, case.result)

    def broken(self, case: Case, day: date) -> bool:
        """The first call finds that it does not hold, and the case is taken up again; not if that is still to come."""
        due, second = self.call_days(day)
        if due > self.last_day:
            return False
        note = self.random.choice(sentences()["broken"])
        call = FollowUpCall(case=case, round=1, number=1, due_on=due, owner=case.owner, done_on=due, note=note)
        call.satisfaction = Satisfaction.DISSATISFIED
        self.rows.add(call)
        self.rows.add(FollowUpCall(case=case, round=1, number=2, due_on=second, owner=case.owner, is_void=True))
        self.act(case, CaseAct.FOLLOW_UP, due, CaseState.RESOLVED, note)
        self.rows.add(CaseResolution.taken_from(case, due))
        case.reopened_count = 1
        self.act(case, CaseAct.REOPEN, due, CaseState.HANDLING, note)
        term = self.term(case, due)
        self.run(case, term, due + timedelta(days=self.takes(term)))
        return True

    def call_days(self, day: date) -> list[date]:
        """When a case resolved on `day` is called on."""
        return [deadlines.due_on(day, days, LimitUnit.DAYS, self.calendar) for days in FIGURES.follow_up_days]

    def calls(self, case: Case, day: date) -> bool:
        """The calls after a week and a month; whether both were made."""
        done = True
        for number, due in enumerate(self.call_days(day), start=1):
            call = FollowUpCall(case=case, round=case.reopened_count + 1, number=number, due_on=due, owner=case.owner)
            made = due + timedelta(days=self.random.choices([-1, 0, 2, 6], [50, 40, 7, 3])[0])
            if done and made <= self.last_day and made > day:
                call.done_on, call.note = made, self.random.choice(sentences()["followed"])
                call.satisfaction = Satisfaction.SATISFIED
                self.act(case, CaseAct.FOLLOW_UP, made, CaseState.RESOLVED, call.note)
            else:
                done = False
            self.rows.add(call)
        return done
