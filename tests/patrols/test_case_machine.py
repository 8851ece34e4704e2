"""Random lives of a case against a plain model: holidays, pauses, referrals, reopening, hand-overs, a merger."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from patrols import cases
from patrols.cases import CaseEntry, Correction, KnownParty, PartyEntry, Resolution, SplitOff
from patrols.models import Case, InboxItem
from tests.factories import make_officer, make_station_side
from villages.assignments import hand_over
from villages.mergers import merge_villages
from xinjin.audit.models import Event
from xinjin.errors import Conflict

# The notice of 2026 as a person would write it down; no code of ours is asked.
OFF = {
    (1, 1), (1, 2), (1, 3), *((2, n) for n in range(15, 24)), (4, 4), (4, 5), (4, 6), *((5, n) for n in range(1, 6)),
    (6, 19), (6, 20), (6, 21), (9, 25), (9, 26), (9, 27), *((10, n) for n in range(1, 8)),
}  # fmt: skip
MADE_UP = {(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)}
LIMITS = {"blue": (30, "days"), "yellow": (7, "workdays"), "orange": (15, "days"), "red": (30, "days")}
ONE = timedelta(days=1)


def worked(day: date) -> bool:
    key = (day.month, day.day)
    if day.year != 2026:  # not announced yet: Monday to Friday
        return day.weekday() < 5
    return key in MADE_UP or (day.weekday() < 5 and key not in OFF)


def plain_due(start: date, level: str, stopped: set[date]) -> date:
    left, unit = LIMITS[level]
    day = start
    while left:
        day += ONE
        if day not in stopped and (unit == "days" or worked(day)):
            left -= 1
    while not worked(day) or day in stopped:
        day += ONE
    return day


class CaseLife(RuleBasedStateMachine):
    """One case and a model of it: a state, a start of the clock, the days on which it stood still."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False)
        self.traveller = self.clock.start()
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        self.clock.stop()

    @initialize(
        start=st.sampled_from(["2026-02-11", "2026-04-28", "2026-09-15", "2026-12-20"]),
        level=st.sampled_from(sorted(LIMITS)),
        kind=st.sampled_from(["concern", "dispute"]),
    )
    def open(self, start: str, level: str, kind: str) -> None:
        self.go_to(date.fromisoformat(start))
        self.side = make_station_side()
        self.by = self.side.officers[0].user
        entry = CaseEntry(
            kind=kind, village=self.side.village, title="水渠堵塞", level=level,
            parties=(PartyEntry("claimant", "王建国"), PartyEntry("respondent", "刘䶮")),
        )  # fmt: skip
        self.case = cases.open_case(by=self.by, entry=entry)
        self.state, self.level, self.kind = "open", level, kind
        self.started, self.stopped, self.stopped_since = self.today, set(), None
        self.acts, self.calls, self.last_call, self.is_answered = 1, [], None, False
        self.step_on, self.back_on = self.first_step(), None
        self.red_on, self.is_known = (self.today if level == "red" else None), False
        self.village = self.place = self.side.village
        self.holders = dict(zip((village.pk for village in self.side.villages), self.side.officers, strict=True))
        self.owner = self.term_owner = self.side.officers[0]
        self.held_since, self.moves = self.today - ONE, 0

    def go_to(self, day: date) -> None:
        self.today = day
        self.traveller.move_to(datetime.combine(day, time(10), ZoneInfo("Asia/Shanghai")))

    @rule(days=st.integers(1, 12))
    def wait(self, days: int) -> None:
        self.go_to(self.today + timedelta(days=days))

    # --- what is tried, and whether the model permits it
    def attempt(self, permitted: bool, verb, *, refused: type[Exception] = Conflict, **given) -> bool:
        revision = {} if verb in (cases.add_step,) else {"revision": self.case.revision}
        before = Event.objects.count()
        try:
            with transaction.atomic():
                self.case = verb(by=self.by, case=self.case, **revision, **given)
        except (Conflict, ValidationError) as error:
            answer = error
            self.case.refresh_from_db()
        else:
            answer = None
        expected = type(None) if permitted else refused
        assert type(answer) is expected, (verb.__name__, self.state, answer)
        assert permitted or Event.objects.count() == before
        return permitted

    def running(self) -> bool:
        return self.state in ("open", "handling")

    def start_clock(self) -> None:
        self.started, self.stopped, self.stopped_since = self.today, set(), None
        self.term_owner = self.owner
        self.step_on = self.first_step()

    def first_step(self) -> date | None:
        return self.today + 7 * ONE if self.level in ("orange", "red") else None

    def waits(self) -> bool:
        return self.state in ("paused", "referred")

    def red_anew(self) -> None:
        self.red_on, self.is_known = (self.today, False) if self.level == "red" else (None, self.is_known)

    def due(self) -> date | None:
        return plain_due(self.started, self.level, self.stopped) if self.running() else None

    @rule(kind=st.sampled_from(["mediation", "call", "note"]))
    def step(self, kind: str) -> None:
        able = self.running() or self.state in ("paused", "referred")
        if self.attempt(able, cases.add_step, kind=kind, happened_on=self.today, note="上门"):
            self.state = "handling" if self.state == "open" else self.state
            self.step_on = max(self.step_on, self.today + 7 * ONE) if self.step_on else None
            self.acts += 1

    @rule()
    def inform(self) -> None:
        able = self.running() or self.waits()
        refused = ValidationError if able else Conflict
        given = {"informed_on": self.today, "received_by": "村支书"}
        if self.attempt(able and self.level == "red", cases.inform_committees, refused=refused, **given):
            self.is_known = True
            self.acts += 1

    @rule(level=st.sampled_from(sorted(LIMITS)))
    def set_level(self, level: str) -> None:
        stands = self.running() or self.waits()
        refused = ValidationError if stands else Conflict
        told = InboxItem.objects.filter(kind="case_red").count()
        if self.attempt(
            stands and level != self.level, cases.change_level, refused=refused, level=level, reason="变化"
        ):
            before, self.level = self.step_on, level
            if self.state != "referred":
                self.start_clock()
            if self.waits():  # the clock stands still as before, by the new rule; the step is not put off by it
                self.step_on = self.first_step() and (before or self.first_step())
                self.stopped_since = self.today if self.state == "paused" else None
            self.red_anew()
            self.acts += 1
            assert (InboxItem.objects.filter(kind="case_red").count() > told) == (level == "red")

    @rule(days=st.none() | st.integers(0, 20))
    def pause(self, days: int | None) -> None:
        is_late = self.running() and self.due() < self.today
        refused = ValidationError if is_late else Conflict
        until = None if days is None else self.today + days * ONE
        given = {"reason": "等待法院", "expected_on": until}
        if self.attempt(self.running() and not is_late, cases.pause_case, refused=refused, **given):
            self.state, self.stopped_since = "paused", self.today
            self.back_on = until or self.today + 30 * ONE
            self.acts += 1

    @rule()
    def resume(self) -> None:
        if self.attempt(self.state == "paused", cases.resume_case):
            self.stopped |= {self.stopped_since + n * ONE for n in range((self.today - self.stopped_since).days + 1)}
            self.state, self.stopped_since, self.back_on = "handling", None, None
            self.acts += 1

    @rule()
    def refer(self) -> None:
        if self.attempt(self.running(), cases.refer_case, target="court", reason="起诉"):
            self.state, self.back_on = "referred", self.after(15)
            self.acts += 1

    @rule()
    def referral_answered(self) -> None:
        given = {"answered_on": self.today, "answer": "已答复"}
        if self.attempt(self.state == "referred", cases.record_referral_answer, **given):
            self.state, self.back_on = "handling", None
            self.start_clock()
            self.acts += 1

    @rule()
    def resolve(self) -> None:
        able = self.running() or self.state in ("paused", "referred")
        resolution = Resolution(self.today, "settled", "peoples_mediation", "committee", "双方和解")
        if self.attempt(able, cases.resolve_case, resolution=resolution):
            self.state, self.resolved, self.step_on, self.back_on = "resolved", self.today, None, None
            self.calls = [self.after(7), self.after(30)] if self.kind == "dispute" else []
            self.last_call, self.is_answered = None, False
            self.acts += 1

    def after(self, days: int) -> date:
        day = self.today + timedelta(days=days)
        while not worked(day):
            day += ONE
        return day

    @rule()
    def answer(self) -> None:
        given = {"answered_on": self.today, "answer": "已告知", "satisfaction": "satisfied"}
        if self.attempt(self.state == "resolved", cases.give_answer, **given):
            self.is_answered = True
            self.acts += 1

    @rule(holds=st.booleans())
    def follow_up(self, holds: bool) -> None:
        is_resolved = self.state == "resolved"
        able = is_resolved and bool(self.calls) and self.today >= self.possible_from()
        refused = ValidationError if is_resolved else Conflict
        given = {"done_on": self.today, "satisfaction": "satisfied", "note": "未反复", "holds": holds}
        if self.attempt(able, cases.record_follow_up, refused=refused, **given):
            self.last_call = max(self.calls.pop(0), self.today)
            self.acts += 1
            if not holds:
                self.taken_up_again()

    def possible_from(self) -> date:
        """Three days before the first call's day, seven before the second's, and after what went before."""
        ahead = 3 if self.last_call is None else 7
        return max(self.calls[0] - ahead * ONE, (self.last_call or self.resolved) + ONE)

    @rule()
    def close(self) -> None:
        is_resolved = self.state == "resolved"
        able = is_resolved and self.is_answered and not self.calls
        if self.attempt(able, cases.close_case, refused=ValidationError if is_resolved else Conflict):
            self.state = "closed"
            self.acts += 1

    @rule()
    def reopen(self) -> None:
        if self.attempt(self.state in ("resolved", "closed"), cases.reopen_case, reason="反复"):
            self.taken_up_again()

    @rule(scale=st.sampled_from(["group", "individual"]))
    def correct(self, scale: str) -> None:
        """Whatever is put right, the level and the clock stay."""
        able = self.running() or self.state in ("paused", "referred", "resolved")
        people = self.case.parties.order_by("id").values("id", "role", "name")
        is_new = Case.objects.get(pk=self.case.pk).scale != scale
        correction = Correction(
            self.kind, self.case.title, self.case.category, scale, parties=tuple(KnownParty(**row) for row in people)
        )
        if self.attempt(able, cases.correct_case, correction=correction):
            self.acts += is_new

    @rule()
    def split(self) -> None:
        def split_off(*, by, case, revision):
            parties = tuple(case.parties.values_list("pk", flat=True))
            category = "other" if case.kind == "concern" else "labour"
            part = SplitOff("另一件事", category, "不是一回事", parties)
            made = cases.split_case(by=by, case=case, revision=revision, part=part)
            assert (made.opened_on, made.owner, made.village) == (self.today, case.owner, case.village)
            assert made.due_on == plain_due(self.today, self.level, set())
            return Case.objects.get(pk=case.pk)

        if self.attempt(self.running() or self.state in ("paused", "referred"), split_off):
            self.acts += 1

    # --- what happens to its people and its village
    @precondition(lambda self: self.today > self.held_since)
    @rule()
    def hand_over_place(self) -> None:
        giver, taker = self.holders[self.place.pk], make_officer(unit=self.side.station, roles=("officer",))
        hand_over(by=self.by, village=self.place, officer=taker, start_on=self.today)
        self.holders[self.place.pk], self.held_since = taker, self.today
        if self.village == self.place and self.owner == giver and self.state not in ("closed", "merged"):
            is_over = self.running() and self.due() < self.today
            self.owner = taker
            self.term_owner = self.term_owner if is_over else taker
            self.acts += 1
        self.case.refresh_from_db()

    @precondition(lambda self: self.place == self.side.villages[0] and self.today > self.held_since)
    @rule()
    def merge_village(self) -> None:
        self.place = self.side.villages[1]
        merge_villages(by=self.by, sources=[self.side.villages[0]], target=self.place, day=self.today)
        if self.state != "closed":
            self.village = self.place
            self.moves += 1
        self.case.refresh_from_db()

    def taken_up_again(self) -> None:
        self.state, self.calls, self.last_call, self.is_answered = "handling", [], None, False
        self.start_clock()
        self.red_anew()
        self.acts += 1

    @invariant()
    def is_as_the_model_says(self) -> None:
        if not hasattr(self, "case"):
            return
        stored = Case.objects.get(pk=self.case.pk)
        assert (stored.state, stored.level, stored.due_on) == (self.state, self.level, self.due())
        assert (stored.owner, stored.village) == (self.owner, self.village)
        assert (stored.next_step_on, stored.waits_until) == (self.step_on, self.back_on)
        known = stored.committees_informed_on is not None
        assert (stored.red_on, known) == (self.red_on, self.is_known)
        assert stored.revision == self.case.revision == self.acts + self.moves - 1
        assert stored.transitions.count() == self.acts + self.moves
        waiting = stored.follow_ups.waiting().order_by("number")
        assert list(waiting.values_list("due_on", flat=True)) == self.calls
        going = self.running() or self.state == "paused"
        assert [term.owner for term in stored.terms.filter(ended_on=None)] == ([self.term_owner] if going else [])
        assert Event.objects.about(Case, stored.pk).count() == self.acts + self.moves


@pytest.mark.django_db
def test_a_case_lives_as_the_plain_model_says():
    run_state_machine_as_test(
        CaseLife,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking lives of rows takes minutes
        ),
    )
