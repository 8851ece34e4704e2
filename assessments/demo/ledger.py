"""The people's ledger of the demo: what households raised and screenings found, and what became of it (R6, R7, R9).

Built from the visits that are there, in bulk, with a random of its own so that the rest of the demo stays as it is.
"""

import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from assessments.demo import phrases
from assessments.demo.roster import Roster
from patrols.base_info import FORWARD_DAYS
from patrols.cases.clock import WEEK, working_calendar
from patrols.cases.opening import number_text, usual_level
from patrols.choices import (
    FOLLOWED_UP,
    BaseInfoState,
    CaseAct,
    CaseKind,
    CaseLevel,
    CaseScale,
    CaseSource,
    CaseState,
    LimitUnit,
    PartyRole,
    ReferralTarget,
    ResolutionMethod,
    Resolver,
    Satisfaction,
    StepKind,
    TermEnding,
)
from patrols.ledger import deadlines
from patrols.ledger.deadlines import DEFAULT_LIMITS, FOLLOW_UP_DAYS
from patrols.models import (
    Activity,
    BaseInfoChange,
    BaseInfoRow,
    Case,
    CaseParty,
    CaseReferral,
    CaseStep,
    CaseTerm,
    CaseTransition,
    FollowUpCall,
    HouseholdCall,
    Register,
)
from villages.choices import Slot
from villages.models import Officer, Unit, Village

INTO_LEDGER, SCREENED_INTO_LEDGER = 0.62, 0.75


@cache
def sentences() -> dict[str, Any]:
    """What people write in the ledger of the demo."""
    return tomllib.loads(Path(__file__).with_name("ledger.toml").read_text(encoding="utf-8"))


def make_ledger(roster: Roster) -> None:
    """Cases with their lives, and base-info changes, up to yesterday."""
    maker = _Maker(roster)
    maker.from_calls()
    maker.from_screenings()
    maker.serious()
    maker.save()
    maker.base_info()
    maker.households()


@dataclass
class _Rows:
    cases: list[Case] = field(default_factory=list)
    parts: dict[Any, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def add(self, part: Any) -> None:
        self.parts[type(part)].append(part)


class _Maker:
    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self.random = Random(f"ledger-{roster.random.getstate()[1][0]}")  # noqa: S311
        self.calendar = working_calendar()
        self.rows = _Rows()
        self.last_day = roster.today - timedelta(days=1)
        self.chiefs = {chief.unit_id: chief for chief in roster.chiefs.values()}

    def at(self, day: date, hour: int = 17) -> datetime:
        return timezone.make_aware(datetime.combine(day, time(hour, self.random.randrange(60))))

    # --- where cases come from
    def from_calls(self) -> None:
        known = {row["text"]: row for row in sentences()["raised"]}
        calls = HouseholdCall.objects.filter(raised__in=known).order_by("called_on", "id")
        ticked: list[Any] = []
        call: Any
        for call in calls.select_related("visit__village__station", "visit__officer__user", "household"):
            if self.random.random() > INTO_LEDGER:
                continue
            row = known[call.raised]
            call.case_kind = row["kind"]
            ticked.append(call)
            case = self.case(call.visit, row["kind"], row["category"], call.raised, CaseSource.CALL, call.household)
            self.party(case, PartyRole.CLAIMANT, call.household.head_name, call.household)
            if case.kind == CaseKind.DISPUTE:
                self.party(case, PartyRole.RESPONDENT, self.two_names()[1])
        HouseholdCall.objects.bulk_update(ticked, ["case_kind"], batch_size=1000)

    def from_screenings(self) -> None:
        known = {row["text"]: row for row in sentences()["screened"]}
        found = Activity.objects.filter(note__in=known, nothing_found=False).order_by("visited_on", "id")
        ticked = []
        for activity in found.select_related("visit__village__station", "visit__officer__user"):
            if self.random.random() > SCREENED_INTO_LEDGER:
                continue
            activity.opens_case = True
            ticked.append(activity)
            category = known[activity.note]["category"]
            case = self.case(activity.visit, CaseKind.DISPUTE, category, activity.note, CaseSource.SCREENING)
            for role, name in zip((PartyRole.CLAIMANT, PartyRole.RESPONDENT), self.two_names(), strict=True):
                self.party(case, role, name)
        Activity.objects.bulk_update(ticked, ["opens_case"], batch_size=1000)

    def serious(self) -> None:
        """A few grave ones at each station, one of them of this week."""
        entries = sentences()["serious"]
        visits: dict[int, list] = defaultdict(list)
        for case in self.rows.cases:
            visits[case.village.station_id].append(case.source_visit)
        for number, found in enumerate(visits.values()):
            picked = [found[len(found) * part // 5] for part in (1, 2, 3, 4)] + [found[-1 - number % 3]]
            for place, visit in enumerate(picked):
                row = entries[(place + number) % len(entries)]
                case = self.case(
                    visit, CaseKind.DISPUTE, row["category"], row["title"], CaseSource.ENTERED, None, row["level"]
                )
                case.scale = row["scale"]
                self.party(case, PartyRole.CLAIMANT, self.two_names()[1])

    def two_names(self) -> tuple[str, str]:
        """Two people who quarrel."""
        words = phrases()
        first, second = self.random.sample(words["surnames"], 2)
        return first + self.random.choice(words["female"]), second + self.random.choice(words["male"])

    # --- one case
    def case(
        self,
        visit: Any,
        kind: str,
        category: str,
        title: str,
        source: str,
        household: Any = None,
        level: str = "",
    ) -> Case:
        case = Case(
            id=UUID(int=self.random.getrandbits(128), version=4),
            kind=kind,
            category=category,
            level=level or usual_level(kind, CaseScale.INDIVIDUAL),
            village=visit.village,
            household=household,
            title=title,
            opened_on=visit.visited_on,
            source=source,
            source_visit=visit,
            opened_by=visit.officer.user,
            owner=visit.officer,
            created_at=self.at(visit.visited_on, 18),
        )
        if case.level == CaseLevel.RED:
            case.red_on = case.opened_on
        self.rows.cases.append(case)
        return case

    def party(self, case: Case, role: str, name: str, household: Any = None) -> None:
        self.rows.add(CaseParty(case=case, role=role, name=name, household=household))

    def live(self, case: Case) -> None:
        """What has become of the case by yesterday."""
        random = self.random
        term = self.term(case, case.opened_on, 1)
        self.act(case, CaseAct.OPEN, case.opened_on, CaseState.OPEN)
        length = (term.due_on - case.opened_on).days
        takes = max(random.choice([length // 3, length // 2, length * 2 // 3, length - 1, length]), 0)
        if random.random() < 0.07:
            takes = length + random.randrange(1, 15)
        resolved_on = case.opened_on + timedelta(days=takes)
        self.steps(case, min(resolved_on, self.last_day))
        if case.level == CaseLevel.RED:
            self.red(case)
        is_recent = case.opened_on > self.last_day - timedelta(days=75)
        if resolved_on > self.last_day or (is_recent and random.random() < 0.06):
            self.leave_open(case, term)
        elif random.random() < 0.05:
            self.refer(case, term, min(resolved_on, term.due_on))
        else:
            self.resolve(case, term, resolved_on)

    def term(self, case: Case, day: date, number: int) -> Any:
        rule = DEFAULT_LIMITS[CaseLevel(case.level)]
        begin = rule.start_days
        term = CaseTerm(
            case=case, number=number, level=case.level, started_on=day, days=rule.days, unit=rule.unit,
            weekly=rule.weekly, owner=case.owner,
            start_due_on=deadlines.due_on(day, begin, LimitUnit.DAYS, self.calendar) if begin else None,
            due_on=deadlines.due_on(day, rule.days, rule.unit, self.calendar),
        )  # fmt: skip
        self.rows.add(term)
        return term

    def act(self, case: Case, act: CaseAct, day: date, state: str, reason: str = "", by: Any = None) -> None:
        case.state = state
        case.revision += act != CaseAct.OPEN
        who = by or (case.owner.user if case.owner else None)
        self.rows.add(
            CaseTransition(
                case=case, act=act, state=state, happened_on=day, at=self.at(day), by=who, reason=reason,
                resolver=case.resolver if act == CaseAct.RESOLVE else "",
            )
        )  # fmt: skip

    def steps(self, case: Case, until: date) -> None:
        days = (until - case.opened_on).days
        for _number in range(min(self.random.choice([0, 1, 1, 2, 3]), days)):
            day = case.opened_on + timedelta(days=self.random.randrange(1, days + 1))
            note = self.random.choice(sentences()["steps"])
            kind = StepKind.CALL if "电话" in note else StepKind.MEDIATION if "调解" in note else StepKind.VISIT
            by = case.owner.user if case.owner else None
            self.rows.add(CaseStep(case=case, kind=kind, happened_on=day, note=note, at=self.at(day), by=by))
            self.act(case, CaseAct.STEP, day, CaseState.HANDLING)

    def red(self, case: Case) -> None:
        if case.opened_on < self.last_day - timedelta(days=3):
            case.leader = self.chiefs.get(case.village.station_id)
            case.committees_informed_on = case.opened_on

    def leave_open(self, case: Case, term: CaseTerm) -> None:
        case.due_on = term.due_on
        if term.weekly:
            case.next_step_on = max(case.opened_on, self.last_day - timedelta(days=self.random.randrange(6))) + WEEK

    def refer(self, case: Case, term: CaseTerm, day: date) -> None:
        target = self.random.choice([ReferralTarget.JUDICIAL_OFFICE, ReferralTarget.COURT, ReferralTarget.TOWNSHIP])
        reason = self.random.choice(sentences()["referral_reasons"])
        self.act(case, CaseAct.REFER, day, CaseState.REFERRED, reason)
        term.ended_on, term.ending = day, TermEnding.REFERRED
        answered = day + timedelta(days=20)
        referral = CaseReferral(
            case=case, target=target, reason=reason, referred_on=day, answer_due_on=day + timedelta(days=15)
        )
        self.rows.add(referral)
        if answered <= self.last_day:
            referral.answered_on, referral.answer = answered, "已受理并办结"
            self.finish(case, answered, Resolver.JUDICIAL_OFFICE)

    def resolve(self, case: Case, term: CaseTerm, day: date) -> None:
        term.ended_on, term.ending = day, TermEnding.RESOLVED
        resolver = self.random.choices([Resolver.COMMITTEE, Resolver.OFFICER, Resolver.STATION], [45, 40, 15])[0]
        self.finish(case, day, resolver)

    def finish(self, case: Case, day: date, resolver: str) -> None:
        random, words = self.random, sentences()
        is_dispute = case.kind in FOLLOWED_UP
        case.resolved_on, case.resolver = day, resolver
        case.outcome = "settled" if resolver in (Resolver.COMMITTEE, Resolver.OFFICER, Resolver.STATION) else "handled"
        case.method = random.choice(
            [ResolutionMethod.PEOPLES_MEDIATION, ResolutionMethod.POLICE_MEDIATION, ResolutionMethod.EXPLANATION]
            if is_dispute
            else [ResolutionMethod.PRACTICAL, ResolutionMethod.EXPLANATION]
        )
        case.result = random.choice(words["results"])
        self.act(case, CaseAct.RESOLVE, day, CaseState.RESOLVED, case.result)
        told = day + timedelta(days=random.randrange(0, 3))
        if told <= self.last_day:
            case.answered_on, case.answer = told, random.choice(words["answers"])
            case.satisfaction = random.choices(Satisfaction.values, [70, 22, 3, 5])[0]
            self.act(case, CaseAct.ANSWER, told, CaseState.RESOLVED, case.answer)
        done = self.calls(case, day) if is_dispute else True
        closed = max(told, day + timedelta(days=34 if is_dispute else 3)) + timedelta(days=random.randrange(1, 4))
        if done and case.answered_on and closed <= self.last_day and random.random() < 0.93:
            case.closed_on = closed
            chief = self.chiefs.get(case.village.station_id)
            by = chief.user if chief else None
            self.act(case, CaseAct.CLOSE, closed, CaseState.CLOSED, random.choice(words["closing"]), by)

    def calls(self, case: Case, day: date) -> bool:
        """The calls after a week and a month; whether both were made."""
        done = True
        for number, days in enumerate(FOLLOW_UP_DAYS, start=1):
            due = deadlines.due_on(day, days, LimitUnit.DAYS, self.calendar)
            call = FollowUpCall(case=case, round=1, number=number, due_on=due, owner=case.owner)
            made = due + timedelta(days=self.random.choices([-1, 0, 2, 6], [50, 40, 7, 3])[0])
            if done and made <= self.last_day and made > day:
                call.done_on, call.note = made, self.random.choice(sentences()["followed"])
                call.satisfaction = Satisfaction.SATISFIED
                self.act(case, CaseAct.FOLLOW_UP, made, CaseState.RESOLVED, call.note)
            else:
                done = False
            self.rows.add(call)
        return done

    # --- writing
    def save(self) -> None:
        self.rows.cases.sort(key=lambda case: (case.opened_on, case.created_at, str(case.pk)))
        registers: dict[tuple[int, int], Register] = {}
        stations = Unit.objects.in_bulk()
        for case in self.rows.cases:
            key = (case.village.station_id, case.opened_on.year)
            register = registers.setdefault(key, Register(station_id=key[0], year=key[1]))
            register.last_serial += 1
            case.serial = register.last_serial
            case.number = number_text(stations[key[0]].name, key[1], case.serial)
            self.live(case)
        Register.objects.bulk_create(registers.values())
        for case in self.rows.cases:
            case.register = registers[case.village.station_id, case.opened_on.year]
        Case.objects.bulk_create(self.rows.cases, batch_size=1000)
        for model, parts in self.rows.parts.items():
            model._default_manager.bulk_create(parts, batch_size=5000)

    def households(self) -> None:
        """How many households the villages have, so that figures can be read per thousand."""
        villages = list(Village.objects.order_by("code"))
        for village in villages:
            village.household_total = 420 + self.random.randrange(140) * 10
        Village.objects.bulk_update(villages, ["household_total"])

    # --- base information (R9)
    def base_info(self) -> None:
        random, entries = self.random, sentences()["changes"]
        calls = HouseholdCall.objects.annotate(part=F("id") % 9).filter(topics__contains=["base_info"], part=0)
        holders = self.roster.holders
        rows = []
        call: Any
        for call in calls.select_related("visit__officer__user", "household").order_by("called_on", "id"):
            row, day = random.choice(entries), call.called_on
            owner: Officer | None = holders.get((call.visit.village_id, Slot.OFFICER)) or call.visit.officer
            change = BaseInfoChange(
                id=UUID(int=random.getrandbits(128), version=4), village_id=call.visit.village_id,
                subject=row["subject"], action=row["action"], what=row["what"], address=call.household.address,
                source_visit=call.visit, is_of_log=True, found_on=day, found_by=call.visit.officer, owner=owner,
                due_on=deadlines.due_on(day, FORWARD_DAYS, LimitUnit.WORKDAYS, self.calendar), created_at=self.at(day),
            )  # fmt: skip
            checked = day + timedelta(days=random.choice([1, 2, 3]))
            forwarded = checked + timedelta(days=random.choices([1, 2, 9], [60, 32, 8])[0])
            if checked <= self.last_day:
                change.checked_on, change.checked_by = checked, call.visit.officer.user
                change.state = BaseInfoState.VERIFIED
                if random.random() < 0.04:
                    change.state, change.remark = BaseInfoState.UNFOUNDED, "核实后未变化"
                elif forwarded <= self.last_day:
                    change.state, change.forwarded_on = BaseInfoState.FORWARDED, forwarded
                    change.receipt = f"RK{forwarded:%Y%m%d}{random.randrange(100):02}"
            rows.append(change)
        BaseInfoChange.objects.bulk_create(rows, batch_size=2000)
        of_logs = [
            BaseInfoRow(
                visit=row.source_visit, subject=row.subject, action=row.action, address=row.address,
                what=row.what, change=row, position=position,
            )
            for position, row in enumerate(rows)
        ]  # fmt: skip
        BaseInfoRow.objects.bulk_create(of_logs, batch_size=2000)
