"""A log in the hands of two tabs, a station and a brigade that locks the month, in any order that may happen.

A model in plain Python says what must be stored. Whatever the order: no typed text is lost, no visit is doubled, the
trail holds exactly the accepted acts, and each handing in leaves its version.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from patrols.choices import VisitState
from patrols.corrections import add_note
from patrols.entries import CallEntry, DeedEntry, VisitEntry, entry_of
from patrols.models import CorrectionNote, Visit, VisitTransition
from patrols.months import seal_month
from patrols.versions import document
from patrols.visits import SPELL, OpenPage, open_visit, return_visit, save_draft, submit_visit
from tests.factories import make_station_side
from tests.patrols.factories import full_entry
from xinjin.audit.models import Event
from xinjin.errors import Conflict
from xinjin.periods import Month

pytestmark = pytest.mark.django_db

WORDS = st.sampled_from(["", "走访", "𠮷姓住户反映", "路灯不亮\n井盖坏了", "x' OR 1=1 --"])
CALLS = st.lists(
    st.builds(CallEntry, st.sampled_from(["1组1号 钱多", "2组2号 䶮某", "没有空格", ""]), raised=WORDS), max_size=3
).map(lambda rows: tuple(row for row in rows if row.household or row.raised))
DEEDS = st.lists(st.builds(DeedEntry, WORDS, WORDS.filter(bool)), max_size=2).map(tuple)
BEGINNING = datetime(2026, 11, 12, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
TABS = st.sampled_from(["first", "second"])


@dataclass
class Tab:
    """An open page: what stands on it, and what it knows of the server."""

    entry: VisitEntry
    revision: int
    id: UUID = field(default_factory=uuid4)
    step: int = 0


class Log(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.clock = time_machine.travel(BEGINNING, tick=False)
        self.traveller = self.clock.start()
        side = make_station_side()
        self.author, self.chief = side.officers[0], side.chief
        by = self.author.user
        self.visit = open_visit(by=by, officer=self.author, village=side.village, visited_on=timezone.localdate())
        self.events = ["open"]
        self.last_save: datetime | None = None
        self.states: list[str] = []
        self.stored = entry_of(self.visit)
        self.writer: Tab | None = None
        self.versions: list[VisitEntry] = []
        self.locked, self.revision = False, 0
        self.notes: list[str] = []
        self.tabs = {name: Tab(self.stored, 0) for name in ("first", "second")}

    @property
    def is_open(self) -> bool:
        return not self.states or self.states[-1] == "returned"

    def current(self) -> Visit:
        return Visit.objects.select_related("village", "officer").get(pk=self.visit.pk)

    # --- typing

    @rule(tab=TABS, words=WORDS)
    def type_summary(self, tab: str, words: str) -> None:
        self.tabs[tab].entry = replace(self.tabs[tab].entry, summary=words)

    @rule(tab=TABS, calls=CALLS, deeds=DEEDS)
    def type_rows(self, tab: str, calls: tuple, deeds: tuple) -> None:
        self.tabs[tab].entry = replace(self.tabs[tab].entry, calls=calls, deeds=deeds)

    @rule(tab=TABS, words=WORDS)
    def type_everything(self, tab: str, words: str) -> None:
        entry = full_entry(self.stored.village, visited_on=self.stored.visited_on, shortfall_reason=words)
        self.tabs[tab].entry = entry

    @rule(minutes=st.sampled_from([1, 5, 9, 11, 60]))
    def time_passes(self, minutes: int) -> None:
        self.traveller.shift(timedelta(minutes=minutes))

    # --- saving

    def expect_saved(self, tab: Tab) -> None:
        """What the model says of an accepted save."""
        self.stored, self.writer = tab.entry, tab
        self.revision += 1
        if self.last_save is None or timezone.now() - self.last_save >= SPELL:
            self.events.append("save")
            self.last_save = timezone.now()

    @rule(tab=TABS, heard=st.booleans())
    def save(self, tab: str, heard: bool) -> None:
        """`heard` is false when the answer is lost on the way."""
        page = self.tabs[tab]
        page.step += 1
        known = page.revision == self.revision or self.writer is page
        expected = "same" if page.entry == self.stored else "saved" if self.is_open and known else "conflict"
        try:
            visit = save_draft(
                by=self.author.user,
                visit=self.visit,
                revision=page.revision,
                entry=page.entry,
                page=OpenPage(page.id, page.step),
            )
        except Conflict as conflict:
            assert expected == "conflict"
            self._both_texts(page, conflict)
            return
        assert expected != "conflict"
        if expected == "saved":
            self.expect_saved(page)
        if heard:
            page.revision = visit.revision

    def _both_texts(self, page: Tab, conflict: Conflict) -> None:
        assert conflict.mine.keys() == conflict.theirs.keys()
        if page.entry.summary != self.stored.summary:
            assert page.entry.summary in conflict.mine.values()
            assert self.stored.summary in conflict.theirs.values()

    @rule(tab=TABS)
    def see_both_and_keep_mine(self, tab: str) -> None:
        self.tabs[tab].revision = self.revision

    @rule(tab=TABS)
    def load_again(self, tab: str) -> None:
        self.tabs[tab] = Tab(entry_of(self.current()), self.current().revision)

    # --- handing in, returning, locking

    @rule(times=st.integers(1, 3))
    def submit(self, times: int) -> None:
        was_open = self.is_open
        try:
            with transaction.atomic():
                answers = [
                    submit_visit(by=self.author.user, visit=self.current(), revision=self.revision).pk
                    for _ in range(times)
                ]
        except ValidationError:
            assert was_open
            return
        assert set(answers) == {self.visit.pk}
        if was_open:
            assert not self.locked
            self.versions.append(self.stored)
            self._moved("submitted", "submit")

    @rule(tab=TABS, words=WORDS.filter(bool))
    def write_all_and_hand_in(self, tab: str, words: str) -> None:
        """The usual way, so that runs get beyond the first handing in."""
        self.type_everything(tab, words)
        self.see_both_and_keep_mine(tab)
        self.save(tab, heard=True)
        self.submit(times=1)

    @precondition(lambda self: self.is_open)
    @rule(tab=TABS)
    def hand_in_what_another_tab_has_changed(self, tab: str) -> None:
        if self.tabs[tab].revision == self.revision:
            return
        with pytest.raises(Conflict), transaction.atomic():
            submit_visit(by=self.author.user, visit=self.current(), revision=self.tabs[tab].revision)

    @rule(reason=WORDS)
    def return_log(self, reason: str) -> None:
        may = not self.is_open and not self.locked and bool(reason.strip())
        try:
            with transaction.atomic():
                return_visit(by=self.chief.user, visit=self.current(), reason=reason)
        except (Conflict, ValidationError):
            assert not may
            return
        assert may
        self._moved("returned", "return")

    def _moved(self, state: str, event: str) -> None:
        self.states.append(state)
        self.events.append(event)
        self.revision += 1
        self.last_save = None

    @precondition(lambda self: self.states)
    @rule()
    def lock_month(self) -> None:
        seal_month(by=None, key=Month.counting(self.stored.visited_on).key)
        self.locked = True

    @rule(text=WORDS)
    def annotate(self, text: str) -> None:
        may = self.locked and bool(text.strip()) and bool(self.states)
        try:
            with transaction.atomic():
                add_note(by=self.chief.user, visit=self.current(), text=text)
        except (Conflict, ValidationError):
            assert not may
            return
        assert may
        self.notes.append(text.strip())
        self.events.append("annotate")
        self.last_save = None

    # --- what holds at every moment

    @invariant()
    def one_visit_with_the_text_that_was_accepted_last(self) -> None:
        visit = self.current()
        assert Visit.objects.count() == 1
        assert entry_of(visit) == self.stored
        assert visit.revision == self.revision
        assert visit.state == (self.states[-1] if self.states else VisitState.DRAFT)

    @invariant()
    def trail_and_history_hold_the_accepted_acts(self) -> None:
        trail = Event.objects.about(Visit, self.visit.pk).order_by("id").values_list("action", flat=True)
        assert list(trail) == self.events
        assert list(VisitTransition.objects.order_by("id").values_list("state", flat=True)) == self.states
        assert sorted(CorrectionNote.objects.values_list("text", flat=True)) == sorted(self.notes)

    @invariant()
    def each_handing_in_left_its_version(self) -> None:
        kept = list(self.visit.versions.order_by("number").values_list("entry", flat=True))
        assert kept == [document(entry, []) for entry in self.versions]

    def teardown(self) -> None:
        if hasattr(self, "clock"):
            self.clock.stop()


def test_log_in_any_order():
    class Undone(Log):
        """Each run on a savepoint that is rolled back."""

        def __init__(self) -> None:
            super().__init__()
            self.atomic = transaction.atomic()
            self.atomic.__enter__()

        def teardown(self) -> None:
            super().teardown()
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    run_state_machine_as_test(
        Undone,
        settings=settings(
            max_examples=20, stateful_step_count=24, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
