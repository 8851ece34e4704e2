"""A case is completed and put right while it is not over: level and clock stay, names stay masked (R6, R7)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from patrols import cases
from patrols.cases import Correction, KnownParty, PartyEntry
from patrols.choices import CASE_MOVES, CaseAct, CaseState
from patrols.ledger.sheet import case_sheet
from patrols.models import Case
from tests.factories import make_household, make_station_side, make_station_world
from tests.patrols.test_case_api import in_state
from tests.patrols.test_cases import dispute, resolved
from xinjin.audit.models import Event
from xinjin.errors import Conflict

pytestmark = pytest.mark.django_db


def correction(case: Case, **changes) -> Correction:
    """What stands, with changes."""
    names = ("kind", "title", "category", "scale", "detail", "place", "occurred_on", "promised_on", "household")
    rows = case.parties.order_by("id").values("id", "role", "name", "phone")
    parties = tuple(KnownParty(**row) for row in rows)
    return Correction(**{**{name: getattr(case, name) for name in names}, "parties": parties, **changes})


def correct(case: Case, by, **changes) -> Case:
    given = {"by": by, "case": case, "revision": case.revision, "correction": correction(case, **changes)}
    return cases.correct_case(**given)


def posted(client, case: Case, **changes):
    """What the page sends when somebody changes these fields."""
    page = client.get(reverse("case_correct", args=[case.pk]))
    form = page.context["form"]
    fields = [*form, *(field for row in form.parties for field in row), *form.parties.management_form]
    data = {field.html_name: field.value() for field in fields}
    sent = {name: value for name, value in (data | changes).items() if value is not None and value is not False}
    return client.post(reverse("case_correct", args=[case.pk]), sent)


def ticked(side) -> Case:
    """As one tick of a visit log opens it: one side, no category."""
    household = make_household(side.village, address="3组12号", head_name="王建国")
    return dispute(side, category="other", source="call", household=household, parties=(
        cases.opening.claimant(household),
    ))  # fmt: skip


def test_ticked_dispute_gets_its_other_side_and_all_that_was_not_known(client):
    side = make_station_side()
    case = ticked(side)
    client.force_login(side.officers[0].user)
    page = client.get(case.get_absolute_url())
    assert reverse("case_correct", args=[case.pk]) in page.content.decode()
    assert page.context["lacking"] == ["对方当事人", "类型"]
    promised = timezone.localdate() + timedelta(days=5)
    answer = posted(
        client, case, category="neighbours", scale="group", place="水渠边", detail="两家\r\n都说过",
        promised_on=promised.isoformat(),
        **{"parties-1-name": "刘䶮", "parties-1-phone": "13800000001", "parties-0-phone": "13912342046"},
    )  # fmt: skip
    assert answer.status_code == 302, answer.context["form"].errors
    case.refresh_from_db()
    assert (case.category, case.scale, case.place, case.detail, case.promised_on) == (
        "neighbours", "group", "水渠边", "两家\n都说过", promised,
    )  # fmt: skip
    assert set(case.parties.values_list("role", "name", "phone", "household")) == {
        ("claimant", "王建国", "13912342046", case.household_id), ("respondent", "刘䶮", "13800000001", None),
    }  # fmt: skip
    assert (case.level, case.terms.count(), case.revision) == ("yellow", 1, 1)
    assert client.get(case.get_absolute_url()).context["lacking"] == []
    # What changed is named, the residents' words are not.
    row, event = case.transitions.latest("id"), Event.objects.about(Case, case.pk).first()
    assert (row.act, row.state) == ("correct", "open")
    for told in ("类型", "邻里", "承诺日期", f"{promised}"):
        assert told in row.reason
    for secret in ("水渠边", "两家", "刘䶮", "13800000001"):
        assert secret not in row.reason + str(event.detail)
    assert set(event.detail["changes"]) == {"category", "scale", "place", "detail", "promised_on", "parties"}


def test_nothing_new_leaves_no_row(client):
    side = make_station_side()
    case = dispute(side, detail="一\n二", occurred_on=timezone.localdate())
    client.force_login(side.officers[0].user)
    assert posted(client, case).status_code == 302
    case.refresh_from_db()
    assert (case.revision, case.transitions.count()) == (0, 1)


def test_everything_wrong_is_said_at_once_beside_its_field_and_kept(client):
    side = make_station_side()
    case = dispute(side)
    client.force_login(side.officers[0].user)
    before = (case.opened_on - timedelta(days=1)).isoformat()
    after = (case.opened_on + timedelta(days=1)).isoformat()
    page = posted(
        client, case, title="", category="procedure", household="没有 此户", promised_on=before, occurred_on=after,
        **{"parties-0-name": "", "parties-1-phone": "1" * 21},
    )  # fmt: skip
    assert page.status_code == 200
    form = page.context["form"]
    assert set(form.errors) == {"title", "category", "household", "promised_on", "occurred_on"}
    assert [set(row.errors) for row in form.parties] == [{"name"}, {"phone"}]
    assert "没有 此户" in page.content.decode()
    page = posted(client, case, **{"parties-0-DELETE": "on", "parties-1-DELETE": "on"})
    assert page.status_code == 200
    assert "至少" in page.content.decode()
    case.refresh_from_db()
    assert (case.revision, case.parties.count()) == (0, 2)


def test_dispute_keeps_a_party_but_one_of_a_screening_may_know_none():
    side = make_station_side()
    by = side.chief.user
    found = dispute(side, source="screening", parties=())
    found = correct(found, by, title="排水沟口角，尚不知何人")
    for case in (dispute(side), correct(found, by, parties=(KnownParty("claimant", "赵某"),))):
        with pytest.raises(ValidationError) as caught:
            correct(case, by, parties=())
        assert set(caught.value.message_dict) == {"parties-0-name"}
        case.refresh_from_db()
    lead = dispute(side, kind="lead", source="screening", parties=())
    with pytest.raises(ValidationError):
        correct(lead, by, kind="dispute")


def test_a_lead_turns_out_to_be_a_dispute_and_only_the_station_makes_less_of_it(client):
    side = make_station_side()
    lead = dispute(side, kind="lead", level="blue")
    client.force_login(side.officers[0].user)
    assert posted(client, lead, kind="dispute").status_code == 302
    lead.refresh_from_db()
    assert (lead.kind, lead.level, lead.terms.count()) == ("dispute", "blue", 1)
    assert "苗头 → 矛盾纠纷" in lead.transitions.latest("id").reason
    refused = posted(client, lead, kind="lead")
    assert set(refused.context["form"].errors) == {"kind"}
    client.force_login(side.chief.user)
    assert posted(client, lead, kind="lead").status_code == 302
    lead.refresh_from_db()
    done = resolved(lead, side.chief.user)
    with pytest.raises(ValidationError) as caught:
        correct(done, side.chief.user, kind="dispute", category="land")
    assert set(caught.value.message_dict) == {"kind"}
    assert correct(Case.objects.get(pk=done.pk), side.chief.user, place="渠边").state == "resolved"


@pytest.mark.parametrize("state", CaseState)
def test_corrected_in_every_state_in_which_it_is_not_over(state):
    world = make_station_world()
    case = in_state(world, state)
    if state in CASE_MOVES[CaseAct.CORRECT]:
        assert correct(case, world.own.chief.user, place="渠边").state == state
        return
    assert state in (CaseState.CLOSED, CaseState.MERGED)
    with pytest.raises(Conflict):
        correct(case, world.own.chief.user, place="渠边")


def test_two_swap_their_names_and_a_name_put_right_stays_the_same_person():
    side = make_station_side()
    case = ticked(side)
    by = side.officers[0].user
    claimant = case.parties.get()
    case = correct(case, by, parties=(
        KnownParty("claimant", "王建囯", id=claimant.pk), KnownParty("claimant", "刘䶮"),
    ))  # fmt: skip
    assert case.parties.get(name="王建囯").household == case.household
    first, second = case.parties.order_by("id")
    case = correct(case, by, parties=(
        KnownParty("claimant", second.name, id=first.pk), KnownParty("claimant", first.name, id=second.pk),
    ))  # fmt: skip
    assert dict(case.parties.values_list("pk", "name")) == {first.pk: second.name, second.pk: first.name}
    with pytest.raises(ValidationError) as caught:
        correct(case, by, parties=(KnownParty("claimant", "赵"), KnownParty("claimant", "赵")))
    assert set(caught.value.message_dict) == {"parties-1-name"}
    stranger = dispute(side).parties.all()[0]
    correct(Case.objects.get(pk=case.pk), by, parties=(KnownParty("claimant", "赵某", id=stranger.pk),))
    stranger.refresh_from_db()
    assert (stranger.name, stranger.case_id != case.pk) == ("王建国", True)


def test_names_that_come_and_names_that_go_stay_masked_for_who_does_not_handle_it(client):
    world = make_station_world()
    side = world.own
    case = ticked(side)
    by = side.officers[0].user
    cases.add_step(by=by, case=case, kind="note", happened_on=timezone.localdate(), note="王建国与赵铁柱都不在家")
    case.refresh_from_db()
    correct(case, by, title="赵铁柱占地", household=None, parties=(KnownParty("respondent", "赵铁柱"),))
    for user, in_full in ((by, True), (world.brigade, False)):
        client.force_login(user)
        for url in (case.get_absolute_url(), f"/api/v1/cases/{case.pk}/"):
            text = client.get(url).content.decode()
            assert ("赵铁柱" in text, "王建国" in text) == (in_full, in_full)
        assert ("赵铁柱" in client.get(reverse("ledger")).content.decode()) == in_full
        found = client.get(reverse("ledger"), {"text": "王建国"}).context["page_obj"].paginator.count
        assert found == (1 if in_full else 0)


def test_party_added_later_brings_the_proposal_of_a_second_dispute():
    side = make_station_side()
    dispute(side)
    case = dispute(side, parties=(PartyEntry("claimant", "别人"),))
    by = side.officers[0].user
    assert case_sheet(by, case)["earlier"] == []
    case = correct(case, by, parties=(*correction(case).parties, KnownParty("respondent", "王建国")))
    assert len(case_sheet(by, case)["earlier"]) == 1


def test_who_comes_too_late_sees_both_texts_field_by_field(client):
    side = make_station_side()
    case = dispute(side)
    client.force_login(side.officers[0].user)
    stale = case.revision
    correct(case, side.chief.user, title="争水渠", category="tort")
    answer = posted(client, case, revision=stale, title="争地界", **{"parties-1-name": "刘大"})
    assert answer.status_code == 409
    mine, theirs = answer.content.decode().split("<table")[1:]
    for said in ("争地界", "刘大", "王建国", "个体性"):
        assert said in mine
    for said in ("争水渠", "刘䶮", side.chief.user.display_name):
        assert said in theirs
    assert Case.objects.get(pk=case.pk).title == "争水渠"


def test_by_api_what_is_not_sent_stays(client):
    side = make_station_side()
    case = ticked(side)
    client.force_login(side.officers[0].user)
    url, json = f"/api/v1/cases/{case.pk}/correct/", {"content_type": "application/json"}
    claimant = case.parties.get()
    answer = client.post(url, {"category": "land", "revision": 0}, **json)
    assert (answer.status_code, answer.json()["category"], answer.json()["revision"]) == (200, "land", 1)
    assert answer.json()["household"] == "3组12号 王建国"
    parties = [{"id": claimant.pk, "role": "claimant", "name": "王建国"}, {"role": "respondent", "name": "刘䶮"}]
    answer = client.post(url, {"parties": parties, "household": "", "revision": 1}, **json)
    assert [row["name"] for row in answer.json()["parties"]] == ["王建国", "刘䶮"]
    assert case.parties.get(name="王建国").household is not None
    wrong = client.post(url, {"household": "没有 此户", "category": "procedure", "revision": 2}, **json)
    assert (wrong.status_code, set(wrong.json()["errors"])) == (400, {"household", "category"})
    stale = client.post(url, {"title": "迟来的", "revision": 0}, **json)
    assert (stale.status_code, "迟来的" in str(stale.json()["mine"])) == (409, True)
