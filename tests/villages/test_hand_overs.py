"""A place handed over leaves a note, passes what may pass, and the successor confirms (R1, R4)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from patrols.choices import NoticeKind, VisitState
from patrols.models import InboxItem, Visit
from patrols.visits import open_visit
from tests.factories import make_assignment, make_station_side
from villages import changing_hands
from villages.assignments import hand_over
from villages.changing_hands import Matter
from villages.hand_over_notes import confirm_note, write_note
from villages.models import Assignment, HandOverNote
from xinjin.audit.models import Event
from xinjin.errors import Conflict

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 4)


@pytest.fixture
def side():
    return make_station_side()


def handed_over(side, **fields) -> HandOverNote:
    begun = hand_over(by=None, village=side.village, officer=side.officers[1], start_on=DAY, **fields)
    return begun.hand_over_note


def notices(officer) -> list[tuple[str, bool]]:
    rows = InboxItem.objects.filter(recipient=officer).order_by("pk")
    return [(row.kind, row.done_at is not None) for row in rows]


def test_note_names_both_and_asks_both(side):
    note = handed_over(side)
    assert (note.giver, note.taker, note.day, note.village) == (*side.officers, DAY, side.village)
    assert notices(side.officers[1]) == [(NoticeKind.HAND_OVER, False)]
    assert notices(side.officers[0]) == [(NoticeKind.HAND_OVER_NOTE, False)]
    write_note(by=side.officers[0].user, note=note, text=" 多走访 ", revision=0)
    confirmed = confirm_note(by=side.officers[1].user, note=note, remark="已阅")
    assert (confirmed.text, confirmed.remark) == ("多走访", "已阅")
    assert notices(side.officers[1]) == [(NoticeKind.HAND_OVER, True)]
    assert notices(side.officers[0]) == [(NoticeKind.HAND_OVER_NOTE, True)]
    assert confirm_note(by=None, note=note).confirmed_at == confirmed.confirmed_at
    # What is said about residents stays out of the trail.
    assert not [e for e in Event.objects.all() if "多走访" in str(e.detail) or "已阅" in str(e.detail)]


def test_stations_note_asks_the_predecessor_for_nothing(side):
    note = handed_over(side, note="钥匙在所里")
    assert note.text == "钥匙在所里"
    assert notices(side.officers[0]) == []


def test_note_is_written_once_at_a_time_and_not_after_it_is_confirmed(side):
    note = handed_over(side)
    write_note(by=None, note=note, text="一", revision=0)
    with pytest.raises(Conflict) as stale:
        write_note(by=None, note=note, text="二", revision=0)
    assert (list(stale.value.mine.values()), list(stale.value.theirs.values())) == (["二"], ["一"])
    with pytest.raises(ValidationError):
        write_note(by=None, note=note, text=" ", revision=1)
    confirm_note(by=None, note=note)
    with pytest.raises(Conflict):
        write_note(by=None, note=note, text="三", revision=1)


def test_who_ended_on_the_day_before_hands_over_just_as_well(side):
    held = side.village.assignments.get(officer=side.officers[0])
    held.end_on = DAY - timedelta(days=1)
    held.save()
    assert handed_over(side).ended == held


def test_gap_before_the_successor_leaves_no_note_and_same_person_is_refused(side):
    side.village.assignments.filter(officer=side.officers[0]).update(end_on=date(2026, 1, 31))
    hand_over(by=None, village=side.village, officer=side.officers[1], start_on=DAY)
    assert not HandOverNote.objects.exists()
    with pytest.raises(ValidationError) as refused:
        hand_over(by=None, village=side.village, officer=side.officers[1], start_on=date(2026, 4, 1))
    assert list(refused.value.error_dict) == ["officer"]


def test_only_an_empty_draft_of_the_successors_days_passes(side):
    giver = side.officers[0]
    plan = open_visit(by=None, officer=giver, village=side.village, visited_on=DAY)
    written = open_visit(by=None, officer=giver, village=side.village, visited_on=DAY)
    Visit.objects.filter(pk=written.pk).update(summary="走访", revision=1)
    own = open_visit(by=None, officer=giver, village=side.village, visited_on=DAY - timedelta(days=2))
    returned = open_visit(by=None, officer=giver, village=side.village, visited_on=DAY - timedelta(days=3))
    Visit.objects.filter(pk=returned.pk).update(state=VisitState.RETURNED)
    elsewhere = open_visit(by=None, officer=giver, village=side.villages[1], visited_on=DAY)
    note = handed_over(side)
    owners = {visit.pk: visit.officer for visit in Visit.objects.select_related("officer")}
    assert owners.pop(plan.pk) == note.taker
    assert [a.officer for a in Visit.objects.get(pk=plan.pk).attendees.all()] == [note.taker]
    assert owners.keys() == {written.pk, own.pk, returned.pk, elsewhere.pk}
    assert set(owners.values()) == {giver}
    assert [matter["url"] for matter in note.matters] == [f"/visits/?village={side.village.code}"]
    assert "2" in note.matters[0]["label"]


def test_other_apps_pass_their_rows_inside_the_transaction(side, monkeypatch):
    seen = []

    def passes(by, ended, begun):
        seen.append((ended.officer, begun.officer, Assignment.objects.filter(pk=begun.pk).exists()))
        return [Matter("一件未了", "/x/")]

    def refuses(by, ended, begun):
        raise ValidationError({"start_on": "not today"})

    monkeypatch.setattr(changing_hands, "_passers", [passes])
    note = handed_over(side)
    assert seen == [(*side.officers, True)]
    assert note.matters == [{"label": "一件未了", "url": "/x/"}]
    monkeypatch.setattr(changing_hands, "_passers", [refuses])
    with pytest.raises(ValidationError):
        hand_over(by=None, village=side.village, officer=side.officers[0], start_on=date(2026, 5, 1))
    assert not side.village.assignments.filter(start_on=date(2026, 5, 1)).exists()
    assert side.village.assignments.get(officer=side.officers[1]).end_on is None


def test_page_from_inbox_to_confirmation(client, side):
    note = handed_over(side)
    client.force_login(side.officers[1].user)
    assert note.get_absolute_url() in client.get("/today/").content.decode()
    assert client.post(reverse("hand_over_write", args=[note.pk]), {"text": "x", "revision": 0}).status_code == 403
    assert client.post(reverse("hand_over_confirm", args=[note.pk]), {"remark": "长" * 501}).status_code == 200
    assert client.post(reverse("hand_over_confirm", args=[note.pk])).status_code == 302
    assert note.get_absolute_url() not in client.get("/today/").content.decode()
    client.force_login(side.clerk.user)
    assert client.post(reverse("hand_over_write", args=[note.pk]), {"text": "晚了", "revision": 0}).status_code == 409
    assert client.post(reverse("hand_over_write", args=[note.pk]), {"text": "", "revision": "x"}).status_code == 200
    assert "未" not in str(client.get("/hand-overs/?state=open").context["page_obj"].object_list)


def test_admin_hands_over_with_a_note_and_corrects_with_a_reason(client, side):
    client.force_login(side.clerk.user)
    url = reverse("admin:villages_assignment_add")
    data = {"village": side.village.pk, "officer": side.officers[1].pk, "start_on": DAY.isoformat(), "note": "看井盖"}
    response = client.post(url, data)
    assert list(response.context["adminform"].form.errors) == ["note"]
    assert client.post(url, {**data, "hands_over": "on"}).status_code == 302
    note = HandOverNote.objects.get()
    assert (note.text, note.written_by) == ("看井盖", side.clerk.user)
    url = reverse("admin:villages_assignment_change", args=[note.begun.pk])
    days = {"start_on": "2026-03-05", "end_on": "", "seen": f"{DAY}/"}
    assert "reason" in client.post(url, days).context["adminform"].form.errors
    assert client.post(url, {**days, "reason": "晚到一天", "seen": "x"}).status_code == 200
    stale = client.post(url, {**days, "reason": "晚到一天", "seen": "2026-03-01/"})
    assert "2026-03-04 –" in stale.content.decode()
    assert client.post(url, {**days, "reason": "晚到一天"}).status_code == 302
    note.begun.refresh_from_db()
    assert note.begun.start_on == date(2026, 3, 5)


def test_officer_of_several_villages(side):
    make_assignment(side.villages[1], side.officers[0], date(2020, 6, 1), date(2023, 12, 31))
    note = handed_over(side)
    assert set(note.taker.assignments.on(DAY).values_list("village", flat=True)) == {v.pk for v in side.villages}
