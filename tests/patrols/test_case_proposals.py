"""What is proposed and promised: levels after earlier disputes, promised days, owners and leaders offered (R6, R7)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from patrols import cases
from patrols.cases import PartyEntry
from patrols.ledger.sheet import case_sheet
from patrols.models import Case
from tests.factories import make_household, make_officer, make_station_side
from tests.patrols.test_cases import dispute, resolved
from villages.choices import OfficerKind, OfficerState
from xinjin.accounts.roles import Role

pytestmark = pytest.mark.django_db
WANG = PartyEntry("claimant", "王建国", "13912342046")


def sheet(case: Case) -> tuple[list[Case], str]:
    """The earlier disputes and the proposed level that the page of the case names."""
    shown = case_sheet(case.owner.user, Case.objects.get(pk=case.pk))
    return [row["case"] for row in shown["earlier"]], str(shown["proposed"])


def new(side, **changes) -> dict:
    return {
        "kind": "dispute", "village": side.village.code, "category": "land", "scale": "individual", "title": "争地界",
        "opened_on": timezone.localdate().isoformat(), "parties-TOTAL_FORMS": 1, "parties-INITIAL_FORMS": 0,
        "parties-0-role": "claimant", "parties-0-name": "王建国", **changes,
    }  # fmt: skip


def test_page_shows_earlier_disputes_and_the_proposed_level_before_it_opens(client):
    side = make_station_side()
    first = dispute(side)
    client.force_login(side.officers[0].user)
    page = client.post(reverse("case_new"), new(side))
    assert (page.status_code, Case.objects.count()) == (200, 1)
    assert first.number in page.content.decode()
    assert page.context["form"]["level"].value() == "orange"
    # All mistakes come first; nothing is proposed for what cannot be opened.
    wrong = client.post(reverse("case_new"), new(side, promised_on="2020-01-01"))
    assert (set(wrong.context["form"].errors), "earlier" in wrong.context) == ({"promised_on"}, False)
    assert client.post(reverse("case_new"), new(side, level="yellow")).status_code == 302
    second = Case.objects.latest("serial")
    assert sheet(second) == ([first], "橙色")
    assert client.post(reverse("case_new"), new(side, **{"parties-0-name": "别人"})).status_code == 302
    assert client.post(reverse("case_new"), new(side, kind="lead")).status_code == 302


def test_level_is_proposed_only_while_that_of_the_case_is_lower():
    side = make_station_side()
    by = side.chief.user
    first, second = dispute(side), dispute(side)
    assert (sheet(first), sheet(second)) == (([], ""), ([first], ""))
    second = cases.change_level(by=by, case=second, revision=0, level="yellow", reason="轻微")
    assert sheet(second) == ([first], "橙色")
    assert sheet(cases.change_level(by=by, case=second, revision=1, level="red", reason="升级")) == ([first], "")
    third = dispute(side, scale="group", level="yellow", parties=(PartyEntry("claimant", "别人"),))
    assert sheet(third) == ([], "橙色")
    assert sheet(resolved(third, by)) == ([], "")


def test_earlier_means_earlier_even_on_one_day_and_in_one_moment():
    side = make_station_side()
    with time_machine.travel("2026-04-20 10:00+08:00", tick=False):
        first, second = dispute(side), dispute(side)
    with time_machine.travel("2026-04-25 10:00+08:00", tick=False):
        third = dispute(side, opened_on=date(2026, 4, 19))
    assert (first.level, second.level, third.level) == ("yellow", "orange", "yellow")
    assert [sheet(case)[0] for case in (first, second, third)] == [[third], [third, first], []]


def test_same_name_counts_across_villages_of_the_station_only_with_the_same_phone():
    side, other = make_station_side(), make_station_side()
    far = side.villages[1]
    household = make_household(far, head_name="赵铁柱", phone="138 0000 0001")
    first, at_home = dispute(side, parties=(WANG,)), dispute(side, village=far, household=household, parties=(
        PartyEntry("claimant", "刘某"),
    ))  # fmt: skip

    def found(people, village=far):
        return set(cases.earlier_disputes(village, None, people, timezone.localdate()))

    assert found([WANG]) == {first}
    assert (
        found([PartyEntry("claimant", "王建国")]) == found([PartyEntry("claimant", "王建国", "13900000000")]) == set()
    )
    assert found([PartyEntry("claimant", "赵铁柱", "138 0000 0001")], side.village) == {at_home}
    assert found([WANG], other.village) == set()
    second = dispute(side, village=far, parties=(WANG,))
    assert second.level == "orange"
    # Who may not see the other village's case reads its number alone.
    page = case_sheet(side.officers[1].user, second)
    assert [(row["case"].number, row["title"]) for row in page["earlier"]] == [(first.number, "")]


def test_promise_gone_by_is_said_on_page_list_and_day(client):
    side = make_station_side()
    today = timezone.localdate()
    officer = side.officers[0]
    broken, kept, later, none = (
        dispute(side, parties=(PartyEntry("claimant", f"人{n}"),), level="blue") for n in range(4)
    )
    yesterday = today - timedelta(days=1)
    Case.objects.filter(pk__in=(broken.pk, kept.pk)).update(opened_on=yesterday, promised_on=yesterday)
    Case.objects.filter(pk=later.pk).update(promised_on=today)
    kept.refresh_from_db()
    resolved(kept, officer.user)
    client.force_login(officer.user)
    rows = client.get(reverse("ledger"), {"when": "promise_past"}).context["list"]["rows"]
    assert [row.row.pk for row in rows] == [broken.pk]
    marked = [client.get(case.get_absolute_url()).context["is_promise_past"] for case in (broken, kept, later, none)]
    assert marked == [True, False, False, False]
    text = client.get(reverse("today")).content.decode()
    assert (broken.get_absolute_url() in text, later.get_absolute_url() in text) == (True, True)
    assert none.get_absolute_url() not in text
    assert [text.count(f"承诺 {day:%m-%d}") for day in (yesterday, today)] == [1, 1]


def test_whoever_changes_the_owner_loses_no_helper(client):
    side = make_station_side()
    case, helper, gone = dispute(side), side.auxiliaries[0], make_officer(unit=side.station)
    given = {"by": side.chief.user, "case": case, "revision": 0, "owner": side.officers[0]}
    case = cases.assign_case(**given, co_handlers=[helper, gone])
    gone.unit = side.business_unit
    gone.save()
    client.force_login(side.chief.user)
    page = client.get(case.get_absolute_url())
    form = next(act["form"] for act in page.context["acts"] if act["act"] == "assign")
    assert set(form["co_handlers"].value()) == {helper.number, gone.number}
    data = {"revision": 1, "owner": side.chief.number, "co_handlers": form["co_handlers"].value()}
    assert client.post(reverse("case_act", args=[case.pk, "assign"]), data).status_code == 302
    case.refresh_from_db()
    assert (case.owner, set(case.co_handlers.all())) == (side.chief, {helper, gone})
    stranger = make_officer(unit=side.business_unit)
    with pytest.raises(ValidationError):
        cases.assign_case(**{**given, "case": case, "revision": 2}, co_handlers=[stranger])


def test_leader_in_charge_is_a_leader_by_form_and_verb(client):
    side = make_station_side()
    case = dispute(side, level="red")
    staff = {"kind": OfficerKind.STAFF, "unit": side.station}
    deputy, clerk = make_officer(**staff, post="副所长"), make_officer(**staff, post="内勤")
    retired = make_officer(**staff, post="教导员", state=OfficerState.RETIRED)
    bureau = make_officer(kind=OfficerKind.STAFF, unit=side.business_unit, roles=(Role.BUREAU_LEADER,))
    client.force_login(side.chief.user)
    page = client.get(case.get_absolute_url())
    form = next(act["form"] for act in page.context["acts"] if act["act"] == "lead")
    offered = set(form.fields["leader"].queryset.filter(unit__in=(side.station, side.business_unit)))
    assert offered == {side.chief, deputy, bureau}
    for wrong in (side.auxiliaries[0], side.officers[0], clerk, retired, side.unit_leader):
        with pytest.raises(ValidationError):
            cases.name_leader(by=side.chief.user, case=case, revision=0, leader=wrong)
    assert cases.name_leader(by=side.chief.user, case=case, revision=0, leader=deputy).leader == deputy


def test_referral_says_all_that_is_wrong_at_once(client):
    side = make_station_side()
    case = dispute(side)
    client.force_login(side.officers[0].user)
    data = {"revision": 0, "target": "court", "reason": " ", "answer_due_on": "2020-01-01"}
    page = client.post(reverse("case_act", args=[case.pk, "refer"]), data)
    form = next(act["form"] for act in page.context["acts"] if act["act"] == "refer")
    assert set(form.errors) == {"reason", "answer_due_on"}


def test_result_of_every_round_stays_whole(client):
    side = make_station_side()
    case, by = dispute(side), side.chief.user
    long = "双方和解，" + "一" * 600 + "末句"
    for round in ("首次", "再次"):
        case = resolved(case, by, result=f"{round}{long}", method="joint_mediation", resolver="township")
        given = {"answered_on": timezone.localdate(), "answer": f"{round}已告知", "satisfaction": "dissatisfied"}
        case = cases.give_answer(by=by, case=case, revision=case.revision, **given)
        case = cases.reopen_case(by=by, case=case, revision=case.revision, reason="反复")
    assert (case.result, case.answer, case.satisfaction, case.resolved_on) == ("", "", "", None)
    client.force_login(side.officers[0].user)
    text = client.get(case.get_absolute_url()).content.decode()
    for round in ("首次", "再次"):
        for words in (f"{round}{long}", f"{round}已告知", "联合调解", "不满意"):
            assert words in text
    rounds = client.get(f"/api/v1/cases/{case.pk}/").json()["earlier_results"]
    assert [(row["round"], row["result"]) for row in rounds] == [(1, f"首次{long}"), (2, f"再次{long}")]
