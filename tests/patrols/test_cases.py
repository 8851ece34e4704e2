"""The ledger's verbs and pages: numbers, red, proposals, hand-over, merge, from the visit, figures, masks (R6, R7)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from patrols import cases
from patrols.cases import CaseEntry, PartyEntry, Resolution
from patrols.cases.escalations import escalate, steps_due
from patrols.cases.people import move_cases
from patrols.choices import CASE_MOVES, CaseState, NoticeKind
from patrols.entries import ActivityEntry, CallEntry
from patrols.ledger.limits import save_limit
from patrols.ledger.norm_figures import LedgerFigures
from patrols.models import Case, CaseEscalation, CaseLimit, CaseTerm, CaseTransition, InboxItem
from patrols.visits import open_visit, return_visit, save_draft, submit_visit
from tests.factories import make_household, make_station_side, make_station_world, make_user
from tests.patrols.factories import full_entry, yesterday
from villages.assignments import hand_over
from villages.models import HandOverNote
from xinjin.accounts.roles import Role
from xinjin.errors import Conflict

pytestmark = pytest.mark.django_db


def dispute(side, **changes) -> Case:
    values = {
        "kind": "dispute", "village": side.village, "title": "宅基地边界争议", "category": "land",
        "parties": (PartyEntry("claimant", "王建国", "13912342046"), PartyEntry("respondent", "刘䶮")),
    }  # fmt: skip
    return cases.open_case(by=side.officers[0].user, entry=CaseEntry(**{**values, **changes}))


def resolved(case: Case, by, **changes) -> Case:
    values = {
        "resolved_on": timezone.localdate(), "outcome": "settled", "method": "explanation", "resolver": "committee",
        "result": "双方和解",
    }  # fmt: skip
    resolution = Resolution(**{**values, **changes})
    return cases.resolve_case(by=by, case=case, revision=case.revision, resolution=resolution)


def test_numbers_count_up_by_station_and_year_and_carry_owner_level_and_day():
    side, other = make_station_side("花源"), make_station_side("兴义")
    first, second, foreign = dispute(side), dispute(side, parties=(PartyEntry("claimant", "赵某"),)), dispute(other)
    year = timezone.localdate().year
    assert [first.number, second.number] == [f"花源〔{year}〕1号", f"花源〔{year}〕2号"]
    assert foreign.number == f"兴义〔{year}〕1号"
    assert (first.owner, first.level, first.state) == (side.officers[0], "yellow", "open")
    assert first.due_on == first.terms.get().due_on


def test_refused_case_takes_no_number():
    side = make_station_side("花源")
    with pytest.raises(ValidationError) as caught:
        dispute(side, title="", category="procedure", promised_on=date(2020, 1, 1))
    assert set(caught.value.message_dict) >= {"title"}
    with pytest.raises(ValidationError), transaction.atomic():
        dispute(side, parties=())
    assert dispute(side).serial == 1


def test_second_dispute_of_a_party_is_proposed_one_level_up_and_later_ones_are_not():
    side = make_station_side()
    household = make_household(side.village, head_name="王建国")
    first = dispute(side)
    assert dispute(side, parties=(PartyEntry("claimant", "别人"),)).level == "yellow"
    assert dispute(side, household=household, parties=(PartyEntry("claimant", "儿子"),)).level == "orange"
    assert dispute(side).level == "orange"
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert dispute(side).level == "yellow"
        assert dispute(make_station_side()).level == "yellow"
    assert first.level == "yellow"


def test_page_says_everything_that_is_wrong_at_once_and_opens_what_is_right(client):
    side = make_station_side()
    client.force_login(side.officers[0].user)
    data = {
        "kind": "dispute", "village": side.village.code, "category": "land", "scale": "individual", "title": "",
        "opened_on": timezone.localdate().isoformat(), "parties-TOTAL_FORMS": 2, "parties-INITIAL_FORMS": 0,
    }  # fmt: skip
    page = client.post(reverse("case_new"), data)
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"title", "__all__"}
    page = client.post(
        reverse("case_new"), {**data, "title": "争地界", "category": "order", "parties-0-name": "王" * 50}
    )
    assert set(page.context["form"].errors) == {"category"}
    data |= {"title": "争地界𠮷", "parties-0-name": "刘䶮", "parties-0-role": "claimant"}
    assert client.post(reverse("case_new"), data).status_code == 302
    assert Case.objects.get().parties.get().name == "刘䶮"


def test_red_tells_the_station_at_once_and_waits_for_both_committees():
    side = make_station_side()
    case = dispute(side, level="red")
    told = InboxItem.objects.filter(kind=NoticeKind.CASE_RED).values_list("recipient", flat=True)
    assert set(told) == {side.chief.pk, side.clerk.pk}
    assert case.red_on == timezone.localdate()
    case = cases.name_leader(by=side.chief.user, case=case, revision=case.revision, leader=side.chief)
    case = cases.inform_committees(
        by=side.chief.user, case=case, revision=case.revision, informed_on=timezone.localdate(), received_by="村支书"
    )
    assert case.committees_informed_on == timezone.localdate()
    assert case.steps.get().kind == "document"
    case = resolved(case, side.chief.user)
    assert not InboxItem.objects.filter(kind=NoticeKind.CASE_RED, done_at=None).exists()


def test_a_changed_rule_rewrites_no_day_that_stands():
    side = make_station_side()
    before = dispute(side)
    save_limit(
        CaseLimit(level="yellow", start_on=timezone.localdate(), days=20, unit="days"), by=make_user(Role.BRIGADE)
    )
    before.refresh_from_db()
    after = dispute(side, parties=(PartyEntry("claimant", "别人"),))
    assert (before.terms.get().days, after.terms.get().days) == (7, 20)
    assert after.due_on > before.due_on
    with pytest.raises(ValidationError):
        save_limit(CaseLimit(level="yellow", start_on=timezone.localdate(), days=3, unit="days"), by=None)


@pytest.mark.parametrize("state", CaseState)
def test_act_in_a_state_that_does_not_permit_it_is_refused_by_verb_and_page(client, state):
    side = make_station_side()
    case, other = dispute(side), dispute(side)
    facts = {"state": state, "due_on": None}
    if state in (CaseState.RESOLVED, CaseState.CLOSED):
        facts |= {"resolved_on": timezone.localdate(), "outcome": "settled", "method": "explanation"}
        facts |= {"resolver": "officer", "result": "x", "closed_on": timezone.localdate()}
        facts |= {"answered_on": timezone.localdate()}
    Case.objects.filter(pk=case.pk).update(**facts, merged_into=other if state == CaseState.MERGED else None)
    client.force_login(side.chief.user)
    today = timezone.localdate().isoformat()
    data = {
        "revision": 0, "kind": "note", "happened_on": today, "note": "x", "level": "orange", "reason": "x",
        "target": "court", "answered_on": today, "answer": "x", "resolved_on": today, "outcome": "settled",
        "method": "explanation", "resolver": "officer", "result": "x", "satisfaction": "satisfied", "done_on": today,
        "owner": side.officers[0].number, "leader": side.chief.number, "informed_on": today, "received_by": "x",
        "other": other.pk, "into": other.pk, "title": "x", "category": "land", "scale": "group",
        "parties-TOTAL_FORMS": 0, "parties-INITIAL_FORMS": 0,
        "parties": [party.pk for party in case.parties.all()],
    }  # fmt: skip
    for act, moves in CASE_MOVES.items():
        if state in moves:
            continue
        own = {"kind": "dispute"} if act == "correct" else {}
        answer = client.post(reverse("case_act", args=[case.pk, act]), data | own)
        assert answer.status_code == 409, act
        assert Case.objects.get(pk=case.pk).state == state


def test_database_refuses_what_no_verb_would_write():
    side = make_station_side()
    case = dispute(side)
    for wrong in (
        {"state": "resolved"}, {"category": "procedure"}, {"state": "merged"}, {"state": "paused"},
        {"promised_on": date(2020, 1, 1)},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**wrong)


def test_hand_over_passes_what_is_still_owed_and_leaves_what_is_over():
    side = make_station_side()
    old, new = side.officers[0], make_station_side().officers[0]
    late, running, closed = dispute(side), dispute(side, level="blue"), dispute(side, level="blue")
    resolved(closed, old.user)
    past = timezone.localdate() - timedelta(days=1)
    CaseTerm.objects.filter(case=late).update(due_on=past)
    Case.objects.filter(pk=late.pk).update(due_on=past)
    hand_over(by=side.chief.user, village=side.village, officer=new, start_on=timezone.localdate())
    (matter,) = HandOverNote.objects.get().matters
    assert "3" in matter["label"]
    assert set(Case.objects.values_list("owner", flat=True)) == {new.pk}
    assert {term.case_id: term.owner for term in CaseTerm.objects.select_related("owner")} == {
        late.pk: old, running.pk: new, closed.pk: old,
    }  # fmt: skip
    assert set(closed.follow_ups.values_list("owner", flat=True)) == {new.pk}
    assert InboxItem.objects.filter(recipient=new, kind=NoticeKind.CASE_GIVEN).count() == 1
    assert cases.pass_cases(by=None, village=side.village, from_officer=old, to_officer=new) == 0


def test_cases_of_a_merged_village_tell_their_move_in_a_row_each_by_as_many_statements_as_one():
    asked = []
    for count in (1, 6):
        side = make_station_side()
        source, target = side.villages
        opened = [dispute(side, parties=(PartyEntry("claimant", f"某{n}"),)) for n in range(count)]
        with CaptureQueriesContext(connection) as caught:
            assert move_cases(by=side.chief.user, source=source, target=target) == count
        asked.append(len(caught))
        moves = CaseTransition.objects.filter(act="move")
        told = {(move.case_id, move.state, move.reason, move.by) for move in moves.filter(case__village=target)}
        names = f"{source.name} → {target.name}"
        assert told == {(case.pk, "open", names, side.chief.user) for case in opened}
    assert asked[0] == asked[1]


def test_merge_moves_parties_and_ends_the_clock():
    side = make_station_side()
    case, into = (
        dispute(side),
        dispute(side, parties=(PartyEntry("claimant", "王建国"), PartyEntry("concerned", "村委会"))),
    )
    case = cases.merge_case(by=side.chief.user, case=case, revision=case.revision, into=into, reason="同一件事")
    assert (case.state, case.merged_into, case.due_on) == ("merged", into, None)
    assert set(into.parties.values_list("name", flat=True)) == {"王建国", "村委会", "刘䶮"}
    with pytest.raises(Conflict):
        cases.add_step(by=None, case=case, kind="note", happened_on=timezone.localdate(), note="x")
    with pytest.raises(ValidationError):
        cases.merge_case(by=None, case=into, revision=1, into=dispute(make_station_side()), reason="x")


def test_visit_opens_a_case_for_each_tick_once_however_often_it_is_returned():
    side = make_station_side()
    officer = side.officers[0]
    calls = (
        CallEntry("3组1号 王建国", "本人", (), "与邻居争地界", "dispute"),
        CallEntry("3组2号 李光荣", "本人", (), "路灯不亮", "concern"),
        CallEntry("3组3号 张桂芳", "本人", (), "无"),
    )
    found = ActivityEntry("screening", note="排水沟口角", opens_case=True, case_kind="lead")
    entry = full_entry(side.village, calls=calls, activities=(found,), shortfall_reason="下雨")
    visit = open_visit(by=officer.user, officer=officer, village=side.village, visited_on=yesterday())
    visit = save_draft(by=officer.user, visit=visit, revision=0, entry=entry)
    visit = submit_visit(by=officer.user, visit=visit, revision=visit.revision)
    opened = {(case.kind, case.title): case for case in Case.objects.all()}
    assert set(opened) == {("dispute", "与邻居争地界"), ("concern", "路灯不亮"), ("lead", "排水沟口角")}
    case = opened["dispute", "与邻居争地界"]
    assert (case.owner, case.level, case.opened_on) == (officer, "yellow", visit.visited_on)
    assert case.parties.get().name == "王建国"
    for _again in range(2):
        visit = return_visit(by=side.chief.user, visit=visit, reason="补充")
        visit = save_draft(
            by=officer.user, visit=visit, revision=visit.revision, entry=full_entry(
                side.village, calls=(*calls, CallEntry(f"3组{4 + _again}号 周某", "本人", (), "狗叫", "concern")),
                activities=(found,), shortfall_reason="下雨",
            ),
        )  # fmt: skip
        visit = submit_visit(by=officer.user, visit=visit, revision=visit.revision)
    assert Case.objects.filter(source_visit=visit).count() == 5
    assert sorted(Case.objects.values_list("serial", flat=True)) == [1, 2, 3, 4, 5]


def test_tick_without_words_is_a_mistake_at_its_field():
    side = make_station_side()
    officer = side.officers[0]
    calls = (CallEntry("3组1号 王建国", "本人", (), "", "dispute"),)
    visit = open_visit(by=officer.user, officer=officer, village=side.village, visited_on=yesterday())
    entry = full_entry(side.village, calls=calls, shortfall_reason="下雨")
    visit = save_draft(by=officer.user, visit=visit, revision=0, entry=entry)
    with pytest.raises(ValidationError) as caught:
        submit_visit(by=officer.user, visit=visit, revision=visit.revision)
    assert "calls-0-raised" in caught.value.message_dict


def test_lateness_is_told_step_by_step_once_and_on_working_days_only():
    side, brigade = make_station_side(), make_station_world().brigade
    with time_machine.travel("2026-04-20 10:00+08:00", tick=False):
        case = dispute(side)  # seven working days: Wednesday 29 April
    assert case.due_on == date(2026, 4, 29)
    told = [(day, escalate(day)) for day in (date(2026, 4, 29) + timedelta(days=n) for n in range(16))]
    found = {(row.step, row.on) for row in CaseEscalation.objects.all()}
    # 30 April is the first working day after; 1–5 May is a holiday; 6, 7 May; 9 May is made up.
    assert found == {
        ("officer", date(2026, 4, 30)), ("station", date(2026, 5, 7)), ("brigade", date(2026, 5, 12)),
    }  # fmt: skip
    assert sum(count for _day, count in told) == 1 + 2 + 1
    assert InboxItem.objects.filter(kind=NoticeKind.CASE_OVERDUE, recipient__user=brigade).count() == 1
    resolved(case, side.chief.user)
    assert not InboxItem.objects.filter(kind=NoticeKind.CASE_OVERDUE, done_at=None).exists()


def test_red_case_of_which_the_committees_do_not_know_comes_back_to_the_station_once():
    side = make_station_side()
    with time_machine.travel("2026-04-21 10:00+08:00", tick=False):
        case = dispute(side, level="red")
    assert [escalate(date(2026, 4, day)) for day in (21, 22, 23)] == [0, 4, 0]
    assert InboxItem.objects.filter(kind=NoticeKind.CASE_RED, recipient=side.chief).count() == 2
    assert InboxItem.objects.filter(kind=NoticeKind.CASE_LEADER, recipient=side.chief).count() == 1
    informed = {"informed_on": date(2026, 4, 21), "received_by": "村支书"}
    other = dispute(side, level="red", parties=(PartyEntry("claimant", "赵某"),))
    Case.objects.filter(pk=other.pk).update(red_on=date(2026, 4, 21), opened_on=date(2026, 4, 21))
    other = cases.inform_committees(by=None, case=other, revision=0, **informed)
    cases.name_leader(by=None, case=other, revision=other.revision, leader=side.chief)
    assert escalate(date(2026, 4, 24)) == 0
    told = CaseEscalation.objects.filter(term__case=case).order_by("id").values_list("step", flat=True)
    assert list(told) == ["committees", "leader"]
    case = cases.name_leader(by=None, case=case, revision=case.revision, leader=side.chief)
    assert not InboxItem.objects.filter(kind=NoticeKind.CASE_LEADER, done_at=None).exists()
    cases.inform_committees(by=None, case=case, revision=case.revision, **informed)
    assert not InboxItem.objects.filter(kind=NoticeKind.CASE_RED, done_at=None).exists()


def test_red_and_orange_ask_for_a_step_each_week_and_each_week_without_is_told_once(client):
    side = make_station_side()
    with time_machine.travel("2026-04-21 10:00+08:00", tick=False):
        red, orange = (
            dispute(side, level=level, parties=(PartyEntry("claimant", level),)) for level in ("red", "orange")
        )
        dispute(side, level="yellow", parties=(PartyEntry("claimant", "赵某"),))
    Case.objects.filter(pk=red.pk).update(committees_informed_on=date(2026, 4, 21), leader=side.chief)
    Case.objects.filter(pk=orange.pk).update(due_on=None)
    CaseTerm.objects.update(due_on=date(2026, 12, 31))
    owner = side.officers[0]

    def told(day: str) -> list[tuple[str, str]]:
        before = set(InboxItem.objects.values_list("pk", flat=True))
        escalate(date.fromisoformat(day))
        fresh = InboxItem.objects.exclude(pk__in=before).filter(kind=NoticeKind.CASE_STEP)
        who = {owner.pk: "owner", side.chief.pk: "chief", side.clerk.pk: "clerk"}
        return sorted((row.context["due_on"][5:], who[row.recipient_id]) for row in fresh)

    assert told("2026-04-28") == []
    # The owner of both; the station of the red one at once, of the orange one from its second week on.
    first = [("04-28", "chief"), ("04-28", "clerk"), ("04-28", "owner"), ("04-28", "owner")]
    assert [told("2026-04-29"), told("2026-04-30")] == [first, []]
    # 5 May is a holiday; on the 6th the next week is over: the red one has had its step meanwhile.
    with time_machine.travel("2026-05-04 10:00+08:00", tick=False):
        cases.add_step(by=owner.user, case=red, kind="visit", happened_on=date(2026, 5, 4), note="上门")
    assert InboxItem.objects.filter(kind=NoticeKind.CASE_STEP, done_at=None).count() == 1
    assert told("2026-05-05") == []
    assert told("2026-05-06") == [("05-05", "chief"), ("05-05", "clerk"), ("05-05", "owner")]
    client.force_login(side.chief.user)
    with time_machine.travel("2026-05-06 10:00+08:00", tick=False):
        page = client.get(reverse("ledger"), {"when": "step_due"})
    assert [row.row.pk for row in page.context["list"]["rows"]] == [orange.pk]


def test_red_is_with_everybody_the_first_working_day_after():
    worked = frozenset({date(2026, 4, 30)})
    assert len(steps_due(date(2026, 4, 29), date(2026, 4, 30), "red", worked, LedgerFigures())) == 3
    assert steps_due(date(2026, 4, 29), date(2026, 4, 29), "red", worked, LedgerFigures()) == []


def test_residents_are_masked_and_not_found_by_name_outside_the_village(client):
    world = make_station_world()
    case = dispute(world.own)
    parties = (PartyEntry("claimant", "王建国二"),)
    notice = dispute(world.own, level="red", title="王建国二与物业争执", parties=parties)
    for user, in_full in ((world.own.officers[0].user, True), (world.own.chief.user, True), (world.brigade, False)):
        client.force_login(user)
        text = client.get(case.get_absolute_url()).content.decode()
        assert ("王建国" in text, "13912342046" in text) == (in_full, in_full)
        found = client.get(reverse("ledger"), {"text": "王建国"}).context["page_obj"].paginator.count
        assert found == (2 if in_full else 0)
        paper = client.get(reverse("case_notice", args=[notice.pk])).content.decode()
        assert "王建国" not in paper
        assert "王***与物业争执" in paper
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        paper = client.get(reverse("case_notice", args=[notice.pk])).content.decode()
        assert paper.split("<article")[1].split("</article>")[0].count(" of ") == 0  # Chinese whoever prints it
        del client.cookies[settings.LANGUAGE_COOKIE_NAME]
