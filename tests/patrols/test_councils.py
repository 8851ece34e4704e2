"""Council meetings: handed in once, sealed with their month; measures return until they are done (R12)."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from patrols.choices import CouncilState, NoticeKind
from patrols.council_reminders import councils_due, measures_due
from patrols.councils import (
    CouncilEntry,
    MeasureEntry,
    carried,
    comment_council,
    discard_council,
    end_measure,
    hold_council,
    open_council,
    save_council,
)
from patrols.councils.entries import entry_of
from patrols.councils.page import situation_of
from patrols.models import CouncilMeasure, CouncilMeeting, InboxItem
from patrols.months import seal_month
from patrols.reminders import sweep
from tests.contracts.world import undone
from tests.factories import make_station_side, make_village
from tests.patrols.factories import make_council, make_measure
from tests.patrols.test_cases import dispute
from villages.assignments import hand_over
from villages.choices import ContactKind
from villages.mergers import merge_villages
from villages.models import VillageContact
from xinjin.audit.models import Event
from xinjin.errors import Conflict
from xinjin.periods import Month

pytestmark = pytest.mark.django_db


def written(side, draft: CouncilMeeting, **changes) -> CouncilEntry:
    """A council that may be handed in as it stands."""
    values = {
        "held_on": draft.held_on, "started_at": time(9), "ended_at": time(10, 30), "place": "村委会", "chair": "村支书",
        "expected_count": 30, "present_count": 26, "roles": ("committees", "grid"), "officers": (side.officers[0],),
        "situation_month": draft.situation_month, "agenda": "通报治安", "situation": "总体平稳", "minutes": "意见",
        "decisions": "同意",
        "measures": (MeasureEntry("夜间巡逻", side.officers[0], draft.held_on + timedelta(days=9)),),
    }  # fmt: skip
    return CouncilEntry(**{**values, **changes})


def opened(side) -> CouncilMeeting:
    return open_council(by=side.officers[0].user, officer=side.officers[0], village=side.village)


def handed_in(side, **changes) -> CouncilMeeting:
    draft, by = opened(side), side.officers[0].user
    saved = save_council(by=by, meeting=draft, revision=draft.revision, entry=written(side, draft, **changes))
    return hold_council(by=by, meeting=saved, revision=saved.revision)


def test_draft_comes_with_agenda_situation_and_people_and_is_one_for_the_village():
    side = make_station_side()
    dispute(side)
    draft = opened(side)
    assert opened(side) == draft
    entry = entry_of(draft)
    assert len(entry.agenda.splitlines()) == 4
    assert "新增1件" in entry.situation
    assert set(entry.officers) == {side.officers[0], side.auxiliaries[0]}
    with pytest.raises(IntegrityError), transaction.atomic():
        CouncilMeeting.objects.create(
            village=side.village, officer=side.officers[0], held_on=draft.held_on, situation_month="2026-01"
        )


def test_handing_in_says_everything_that_is_missing_at_once():
    side = make_station_side()
    draft, by = opened(side), side.officers[0].user
    save_council(by=by, meeting=draft, revision=0, entry=written(side, draft, place="", chair="", officers=()))
    with pytest.raises(ValidationError) as caught:
        hold_council(by=by, meeting=draft, revision=1)
    assert set(caught.value.error_dict) == {"place", "chair", "officers"}
    draft.refresh_from_db()
    assert draft.state == CouncilState.DRAFT
    wrong = (MeasureEntry("", None, None), MeasureEntry("巡逻", side.officers[0], draft.held_on - timedelta(days=1)))
    with pytest.raises(ValidationError) as caught:
        save_council(by=by, meeting=draft, revision=1, entry=written(side, draft, measures=wrong))
    assert set(caught.value.error_dict) == {
        "measures-0-what", "measures-0-owner", "measures-0-due_on", "measures-1-due_on",
    }  # fmt: skip
    bad = {
        "started_at": time(10),
        "ended_at": time(9),
        "expected_count": 20,
        "present_count": 50,
        "measures": wrong[1:],
    }
    with pytest.raises(ValidationError) as caught:
        save_council(by=by, meeting=draft, revision=1, entry=written(side, draft, **bad))
    assert set(caught.value.error_dict) == {"ended_at", "present_count", "measures-0-due_on"}
    later = written(side, draft, held_on=timezone.localdate() + timedelta(days=1))
    saved = save_council(by=by, meeting=draft, revision=1, entry=later)
    with pytest.raises(ValidationError, match="召开之后"):
        hold_council(by=by, meeting=saved, revision=saved.revision)


def test_handing_in_again_is_the_same_council_and_its_figures_stay():
    side = make_station_side()
    meeting = handed_in(side)
    before = meeting.figures["tally"]
    again = hold_council(by=side.officers[0].user, meeting=meeting, revision=meeting.revision)
    assert again == meeting
    assert Event.objects.filter(action="hand in").count() == 1
    dispute(side)
    assert situation_of(side.officers[0].user, meeting).figures.tally == before
    draft = opened(side)
    assert situation_of(side.officers[0].user, draft).figures.of("opened") == 1


def test_stale_writer_sees_both_texts_and_nothing_is_overwritten():
    side = make_station_side()
    draft = opened(side)
    officer, auxiliary = side.officers[0].user, side.auxiliaries[0].user
    save_council(by=officer, meeting=draft, revision=0, entry=written(side, draft, minutes="先写的"))
    with pytest.raises(Conflict) as caught:
        save_council(by=auxiliary, meeting=draft, revision=0, entry=written(side, draft, minutes="后写的"))
    assert ("后写的" in caught.value.mine.values(), "先写的" in caught.value.theirs.values()) == (True, True)
    draft.refresh_from_db()
    assert (draft.minutes, draft.revision) == ("先写的", 1)
    # The same text once more is no conflict, however stale the page.
    save_council(by=auxiliary, meeting=draft, revision=0, entry=written(side, draft, minutes="先写的"))


def test_held_council_is_corrected_until_its_month_is_locked_and_measures_go_on():
    side = make_station_side()
    meeting, by = handed_in(side), side.officers[0].user
    entry = written(side, meeting, situation="", measures=())
    meeting = save_council(by=by, meeting=meeting, revision=meeting.revision, entry=entry)
    assert (meeting.attendees.get().has_analysis, meeting.attendees.get().is_counting) == (False, True)
    assert meeting.measures.count() == 1  # what was agreed on is not unsaid
    seal_month(by=None, key=meeting.month.key)
    for change in ({"minutes": "改"}, {"held_on": meeting.held_on - timedelta(days=1)}):
        with pytest.raises(Conflict, match=meeting.month.key):
            save_council(by=by, meeting=meeting, revision=meeting.revision, entry=written(side, meeting, **change))
    draft = opened(side)
    saved = save_council(by=by, meeting=draft, revision=0, entry=written(side, draft))
    with pytest.raises(Conflict, match=meeting.month.key):
        hold_council(by=by, meeting=saved, revision=saved.revision)
    comment_council(by=side.chief.user, meeting=meeting, comment="盯到销号")
    done = end_measure(by=by, measure=meeting.measures.get(), state="done", result="已巡逻")
    assert (done.state, done.ended_on) == ("done", timezone.localdate())


def test_only_a_draft_is_discarded():
    side = make_station_side()
    meeting, draft = handed_in(side), opened(side)
    discard_council(by=side.officers[0].user, meeting=draft)
    with pytest.raises(Conflict):
        discard_council(by=side.officers[0].user, meeting=draft)
    with pytest.raises(Conflict):
        discard_council(by=side.officers[0].user, meeting=meeting)


def test_rules_of_a_row_hold_in_the_database():
    side = make_station_side()
    meeting = handed_in(side)
    measure = meeting.measures.get()
    contact = VillageContact.objects.create(
        village=side.village, kind=ContactKind.GRID_MEMBER, name="王网格", start_on=date(2024, 1, 1)
    )
    for rows, change in (
        (CouncilMeeting, {"place": ""}),
        (CouncilMeeting, {"present_count": 99}),
        (CouncilMeeting, {"comment": "x"}),
        (CouncilMeasure, {"contact": contact}),
        (CouncilMeasure, {"officer": None}),
        (CouncilMeasure, {"state": "done"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.objects.filter(pk__in=[meeting.pk if rows is CouncilMeeting else measure.pk]).update(**change)


def test_identity_numbers_stay_out():
    side = make_station_side()
    draft = opened(side)
    with pytest.raises(ValidationError):
        save_council(
            by=side.officers[0].user,
            meeting=draft,
            revision=0,
            entry=written(side, draft, minutes="510132199003072813"),
        )


# --- measures come back
def test_measure_is_ended_once_with_its_result():
    side = make_station_side()
    measure = handed_in(side).measures.get()
    by = side.officers[0].user
    today = timezone.localdate()
    for given_, field in (
        ({"result": " "}, "result"),
        ({"result": "x", "ended_on": today + timedelta(days=1)}, "ended_on"),
    ):
        with pytest.raises(ValidationError) as caught:
            end_measure(by=by, measure=measure, state="done", **given_)
        assert set(caught.value.error_dict) == {field}
    end_measure(by=by, measure=measure, state="dropped", result="情况已变")
    with pytest.raises(Conflict) as caught:
        end_measure(by=by, measure=measure, state="done", result="已办")
    assert "情况已变" in str(caught.value.theirs)


@settings(max_examples=25, deadline=None)
@given(
    ends=st.lists(st.one_of(st.none(), st.integers(0, 130)), min_size=1, max_size=5),
    gaps=st.lists(st.integers(1, 40), min_size=1, max_size=5),
)
def test_measure_returns_in_every_council_until_it_has_ended(ends, gaps):
    """A measure of the first council is told in each later one up to the first that hears that it has ended."""
    with undone():
        side = make_station_side()
        first_day = date(2026, 1, 5)
        first = make_council(side.village, first_day, side.officers[0])
        measures = [make_measure(first, side.officers[0], what=f"措施{n}") for n in range(len(ends))]
        for measure, after in zip(measures, ends, strict=True):
            if after is not None:
                ended = {"state": "done", "result": "x", "ended_at": timezone.now()}
                CouncilMeasure.objects.filter(pk=measure.pk).update(ended_on=first_day + timedelta(days=after), **ended)
        day, before = first_day, first_day
        for n, gap in enumerate(gaps):
            day += timedelta(days=gap)
            meeting = make_council(side.village, day, side.officers[0])
            told = {measure.pk for measure in carried(meeting)}
            for measure, after in zip(measures, ends, strict=True):
                ended_on = None if after is None else first_day + timedelta(days=after)
                expected = n == 0 or ended_on is None or ended_on > before
                assert (measure.pk in told) == expected, (n, ended_on, before, day)
            before = day


def test_measures_pass_to_the_successor_and_to_the_merged_village():
    side = make_station_side()
    measure = handed_in(side).measures.get()
    successor, today = side.officers[1], timezone.localdate()
    hand_over(by=side.chief.user, village=side.village, officer=successor, start_on=today - timedelta(days=2))
    measure.refresh_from_db()
    assert measure.officer == successor
    target = make_village(station=side.station)
    with pytest.raises(ValidationError):
        merge_villages(by=None, sources=[side.village], target=target, day=today)
    CouncilMeeting.objects.update(held_on=today - timedelta(days=1))
    merge_villages(by=None, sources=[side.village], target=target, day=today)
    measure.refresh_from_db()
    assert (measure.village, measure.meeting.village) == (target, side.village)
    later = make_council(target, today, successor)
    assert measure in carried(later)


# --- reminders
def test_council_is_reminded_of_in_the_last_week_and_settled_by_handing_in():
    with time_machine.travel(date(2026, 11, 24), tick=False):
        side = make_station_side()
        day = timezone.localdate()
        assert list(councils_due(date(2026, 11, 20))) == []
        told = {(due.recipient_id, due.period) for due in councils_due(day)}
        assert told == {
            (officer.pk, f"{village.code} 2026-11")
            for officer, village in zip(side.officers, side.villages, strict=True)
        }
        sweep(day=day)
        mine = InboxItem.objects.filter(recipient=side.officers[0], kind=NoticeKind.COUNCIL_DUE)
        assert mine.get().done_at is None
        handed_in(side)
        assert mine.get().done_at is not None
        # Somebody else of the village hands it in: the next sweep settles it.
        make_council(side.villages[1], day, side.auxiliaries[1])
        sweep(day=day)
        assert not InboxItem.objects.filter(kind=NoticeKind.COUNCIL_DUE, done_at=None).exists()


def test_measure_is_reminded_of_and_its_end_settles_the_reminder():
    side = make_station_side()
    meeting, day = handed_in(side), timezone.localdate()
    contact = VillageContact.objects.create(
        village=side.village, kind=ContactKind.GRID_MEMBER, name="王网格", start_on=date(2024, 1, 1)
    )
    make_measure(meeting, None, contact=contact, due_on=day)
    CouncilMeasure.objects.update(due_on=day + timedelta(days=3))
    # The contact's measure is seen to by the village's officer.
    assert [due.recipient_id for due in measures_due(day)] == [side.officers[0].pk] * 2
    sweep(day=day)
    items = InboxItem.objects.filter(kind=NoticeKind.MEASURE_DUE)
    assert items.filter(done_at=None).count() == 2
    end_measure(by=side.officers[0].user, measure=meeting.measures.first(), state="done", result="已办")
    assert items.filter(done_at=None).count() == 1
    CouncilMeasure.objects.filter(state="open").update(state="done", result="x", ended_on=day, ended_at=timezone.now())
    sweep(day=day)
    assert not items.filter(done_at=None).exists()


# --- pages
def posted(side, draft: CouncilMeeting, **changes) -> dict:
    day = draft.held_on
    return {
        "revision": draft.revision, "held_on": day.isoformat(), "started_at": "09:00", "ended_at": "10:00",
        "place": "村委会", "chair": "村支书", "expected_count": "30", "present_count": "25", "roles": ["grid"],
        "officers": [side.officers[0].pk], "situation_month": draft.situation_month, "agenda": "通报\r\n研判",
        "situation": "平稳", "minutes": "无", "decisions": "同意", "measures-TOTAL_FORMS": "2",
        "measures-INITIAL_FORMS": "0", "measures-0-what": "夜间巡逻",
        "measures-0-owner": f"officer-{side.officers[0].pk}",
        "measures-0-due_on": (day + timedelta(days=9)).isoformat(), "measures-1-what": "", **changes,
    }  # fmt: skip


def test_page_opens_saves_hands_in_and_shows_the_minutes(client):
    side = make_station_side()
    client.force_login(side.officers[0].user)
    answer = client.post(reverse("council_new"), {"village": side.village.code})
    draft = CouncilMeeting.objects.get()
    assert answer.url == reverse("council_edit", args=[draft.pk])
    assert client.get(answer.url).status_code == 200
    wrong = client.post(answer.url, posted(side, draft, place="", **{"measures-0-owner": "", "hold": "1"}))
    assert wrong.status_code == 200
    assert "请选择责任人" in wrong.content.decode()
    assert "夜间巡逻" in wrong.content.decode()
    missing = client.post(answer.url, posted(side, draft, place="", hold="1"))
    draft.refresh_from_db()
    assert (draft.state, draft.agenda, "请填写地点" in missing.content.decode()) == ("draft", "通报\n研判", True)
    # The page that came back carries the revision that was saved.
    done = client.post(answer.url, posted(side, draft, hold="1"))
    assert done.url == draft.get_absolute_url()
    again = client.post(answer.url, posted(side, draft, hold="1"))
    assert again.status_code == 302
    text = client.get(done.url).content.decode()
    assert "夜间巡逻" in text
    assert Event.objects.filter(action="hand in").count() == 1
    assert CouncilMeasure.objects.count() == 1


@pytest.mark.parametrize("hold", [{}, {"hold": "1"}])
def test_everything_that_is_wrong_is_said_together(client, hold):
    side = make_station_side()
    draft = opened(side)
    client.force_login(side.officers[0].user)
    before = {"measures-0-due_on": (draft.held_on - timedelta(days=1)).isoformat()}
    late = {"started_at": "10:00", "ended_at": "09:00", "expected_count": "20", "present_count": "50"}
    missing = {"place"} if hold else set()
    for bad, said in (
        ({**late, **before}, {"ended_at", "present_count"}),
        ({**late, **before, "present_count": "许多"}, {"ended_at", "present_count"}),
        ({**before, "ended_at": "25:00"}, {"ended_at"}),
        ({"measures-0-due_on": "x", "present_count": "50"}, {"present_count"}),
    ):
        answer = client.post(reverse("council_edit", args=[draft.pk]), posted(side, draft, place="", **bad, **hold))
        form, rows = answer.context["form"], answer.context["rows"]
        assert (answer.status_code, set(form.errors)) == (200, said | missing)
        assert [(name, len(told)) for name, told in rows.forms[0].errors.items()] == [("due_on", 1)]
        assert {len(told) for told in form.errors.values()} == {1}


def test_page_shows_both_texts_to_the_one_who_came_later(client):
    side = make_station_side()
    draft = opened(side)
    url = reverse("council_edit", args=[draft.pk])
    client.force_login(side.auxiliaries[0].user)
    assert client.post(url, posted(side, draft, minutes="先写的")).status_code == 302
    late = client.post(url, posted(side, draft, minutes="后写的"))
    assert late.status_code == 409
    assert ("先写的" in late.content.decode(), "后写的" in late.content.decode()) == (True, True)


def test_measure_is_ended_on_the_page_of_the_next_council(client):
    side = make_station_side()
    measure = handed_in(side).measures.get()
    draft = opened(side)
    client.force_login(side.officers[0].user)
    page = client.get(reverse("council_edit", args=[draft.pk])).content.decode()
    assert f'form="end-{measure.pk}"' in page
    url = reverse("measure", args=[measure.pk])
    today = timezone.localdate().isoformat()
    line = client.post(url, {"state": "done", "ended_on": today, "result": ""}, headers={"HX-Request": "true"})
    assert (line.status_code, "field__errors" in line.content.decode()) == (200, True)
    line = client.post(url, {"state": "done", "ended_on": today, "result": "已巡逻"}, headers={"HX-Request": "true"})
    assert "已巡逻" in line.content.decode()
    assert client.post(url, {"state": "dropped", "ended_on": today, "result": "晚了"}).status_code == 409
    measure.refresh_from_db()
    assert (measure.state, measure.result) == ("done", "已巡逻")
    assert "已巡逻" in client.get(reverse("council_edit", args=[draft.pk])).content.decode()


def test_day_page_village_page_and_journal_tell_of_the_council(client):
    side = make_station_side()
    client.force_login(side.officers[0].user)
    today = client.get(reverse("today")).content.decode()
    assert "本月尚未召开" in today
    meeting = handed_in(side)
    CouncilMeasure.objects.update(due_on=timezone.localdate())
    today = client.get(reverse("today")).content.decode()
    assert ("本月尚未召开" in today, "夜间巡逻" in today) == (False, True)
    village = client.get(reverse("village_detail", args=[side.village.code])).content.decode()
    assert meeting.get_absolute_url() in village
    journal = client.get(reverse("village_journal", args=[side.village.code])).content.decode()
    assert meeting.get_absolute_url() in journal


def test_months_of_the_situation_follow_the_day():
    side = make_station_side()
    with time_machine.travel(date(2026, 4, 2), tick=False):  # a Thursday: its week counts for April
        draft = opened(side)
        assert (draft.month, draft.situation_month) == (Month(2026, 4), "2026-03")
        discard_council(by=None, meeting=draft)
    with time_machine.travel(date(2026, 4, 20), tick=False):
        draft = opened(side)
        assert draft.situation_month == "2026-04"
        with pytest.raises(ValidationError):
            save_council(by=None, meeting=draft, revision=0, entry=written(side, draft, situation_month="2026-01"))
