"""Cases by API: the acts, states, rights and masks of the page, every word taken at its face, nothing done twice."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from patrols import cases
from patrols.api.case_writing import INPUTS
from patrols.choices import CASE_MOVES, CaseAct, CaseState
from patrols.ledger.dimensions import DIMENSIONS
from patrols.ledger.figures import roll_up
from patrols.models import Case, CaseStep
from tests.factories import make_household, make_station_world
from tests.patrols.test_cases import dispute, resolved
from xinjin.audit.models import Event
from xinjin.idempotency.models import StoredAnswer
from xinjin.periods import Week

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"
JSON = {"content_type": "application/json"}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield make_station_world()
        transaction.set_rollback(True)


def of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def api(world):
    return of(world.own.officers[0].user)


@pytest.fixture
def chief(world):
    return of(world.own.chief.user)


def today() -> str:
    return timezone.localdate().isoformat()


def new(world, **changes) -> dict:
    return {
        "kind": "dispute",
        "village": world.own.village.code,
        "category": "neighbours",
        "title": "宅基地边界争执𠮷",
        "detail": "翻建围墙时对边界有争议",
        "parties": [
            {"role": "claimant", "name": "王建国", "phone": "13912342046"},
            {"role": "respondent", "name": "刘䶮"},
        ],
        **changes,
    }


def body(act: str) -> dict:
    """What each act takes, right in every field."""
    return {
        "step": {"kind": "mediation", "happened_on": today(), "note": "现场丈量"},
        "correct": {"place": "水渠边"},
        "level": {"level": "red", "reason": "有升级苗头"},
        "pause": {"reason": "等待测绘"},
        "resume": {},
        "refer": {"target": "judicial_office", "target_name": "司法所", "reason": "需专业调解"},
        "referral_answer": {"answered_on": today(), "answer": "愿意协商"},
        "resolve": {
            "resolved_on": today(), "outcome": "settled", "method": "peoples_mediation", "resolver": "committee",
            "result": "恢复界桩",
        },
        "answer": {"answered_on": today(), "answer": "已告知", "satisfaction": "satisfied"},
        "follow_up": {"done_on": today(), "satisfaction": "satisfied", "note": "未再争执"},
        "close": {"reason": "同意"},
        "reopen": {"reason": "再次争执"},
    }[act]  # fmt: skip


def post(client, path, sent, key=None, match=None):
    headers = {"Idempotency-Key": key, "If-Match": match}
    return client.post(path, sent, headers={name: value for name, value in headers.items() if value}, **JSON)


def do(client, case, act, key=None, match=None, **changes):
    """The act on the case as it stands in the database, unless `match` says otherwise."""
    if match is None:
        match = f'"{Case.objects.get(pk=case.pk).revision}"'
    return post(client, f"{CASES}{case.pk}/{act}/", {**body(act), **changes}, key or f"{act}-{match}", match)


# --- opening
def test_opened_by_api_is_what_the_verb_stores(api, world):
    household = make_household(world.own.village, address="3组12号", head_name="王建国")
    answer = post(api, CASES, new(world, household="3组12号  王建国"), "k1")
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"0"')
    case, author = Case.objects.get(), world.own.officers[0]
    sent = answer.json()
    assert answer.headers["Location"] == f"{CASES}{case.pk}/"
    assert (case.household, case.owner, case.opened_by) == (household, author, author.user)
    assert (case.source, case.scale, case.level, case.state) == ("entered", "individual", "yellow", "open")
    people = [{name: value for name, value in row.items() if name != "id"} for row in sent["parties"]]
    assert people == new(world)["parties"][:1] + [{"role": "respondent", "name": "刘䶮", "phone": ""}]
    assert (sent["number"], sent["due_on"], sent["household"]) == (
        case.number, case.due_on.isoformat(), "3组12号 王建国",
    )  # fmt: skip
    assert [event.action for event in Event.objects.about(Case, case.pk)] == ["open"]
    assert api.get(answer.headers["Location"]).json() == sent


def test_repeated_request_opens_no_second_case_and_writes_no_second_step(api, world):
    first, again = (post(api, CASES, new(world), "nightly-1") for _ in range(2))
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"
    case = Case.objects.get()
    first, again = (do(api, case, "step", key="step-1", match='"0"') for _ in range(2))
    assert (first.status_code, first.content) == (200, again.content)
    assert CaseStep.objects.count() == 1
    assert do(api, case, "step", key="step-1", match='"0"', note="另一步").status_code == 422


def test_what_creates_something_needs_a_key(api, world):
    case = dispute(world.own)
    for path, sent in ((CASES, new(world)), (f"{CASES}{case.pk}/step/", body("step"))):
        answer = post(api, path, sent)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])
    assert (Case.objects.count(), CaseStep.objects.count()) == (1, 0)


def test_case_is_met_again_by_its_key_when_the_answer_is_forgotten(api, chief, world):
    key = "6f7f1b8e-65c6-4d0f-9a5e-0d8f3a3f2c11"
    first = post(api, CASES, new(world), key)
    StoredAnswer.objects.all().delete()
    again = post(api, CASES, new(world), key)
    assert (again.status_code, again.json()["id"]) == (201, key) == (first.status_code, first.json()["id"])
    assert Case.objects.count() == 1
    assert post(chief, CASES, new(world), key).status_code == 409


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"title": "", "category": "x", "opened_on": "2026-02-30"}, {"title", "category", "opened_on"}),
        ({"owner": "N1", "state": "closed", "id": 1}, {"owner", "state", "id"}),
        ({"category": "procedure"}, {"category"}),
        ({"village": "FOREIGN"}, {"village"}),
        ({"household": "9组9号 无此人"}, {"household"}),
        ({"parties": []}, {"parties.0.name"}),
        ({"parties": [{"role": "claimant", "name": "赵某"}, {"role": "x", "id_number": "51"}]},
         {"parties.1.role", "parties.1.name", "parties.1.id_number"}),
        ({"parties": [{"role": "claimant", "name": "赵某"}] * 2}, {"parties.1.name"}),
        ({"opened_on": "2020-01-01"}, {"opened_on"}),
        ({"promised_on": "2020-01-01", "occurred_on": "2099-01-01"}, {"promised_on", "occurred_on"}),
    ],
)  # fmt: skip
def test_every_mistake_is_named_and_nothing_is_kept(api, world, changes, wrong):
    sent = {name: world.foreign.village.code if value == "FOREIGN" else value for name, value in changes.items()}
    answer = post(api, CASES, new(world, **sent), "k")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert set(answer.json()["errors"]) == wrong
    assert not Case.objects.exists()
    assert not StoredAnswer.objects.exists(), "the same key serves the corrected request"


# --- the life of a case
def test_life_of_a_case_by_api(api, chief, world):
    post(api, CASES, new(world), "open")
    case = Case.objects.get()
    told = [
        ("step", "handling"), ("pause", "paused"), ("resume", "handling"), ("refer", "referred"),
        ("referral_answer", "handling"), ("level", "handling"), ("resolve", "resolved"), ("answer", "resolved"),
    ]  # fmt: skip
    for number, (act, state) in enumerate(told, start=1):
        answer = do(api, case, act)
        assert (answer.status_code, answer.json()["state"]) == (200, state), (act, answer.json())
        assert (answer.headers["ETag"], answer.json()["revision"]) == (f'"{number}"', number)
    for days in (7, 30):
        with time_machine.travel(timezone.now() + timedelta(days=days + 3)):
            answer = do(of(world.own.officers[0].user), case, "follow_up")
            assert answer.status_code == 200, answer.json()
    with time_machine.travel(timezone.now() + timedelta(days=34)):
        overseer = of(world.own.chief.user)
        assert do(overseer, case, "close").json()["state"] == "closed"
        sent = do(overseer, case, "reopen").json()
    assert (sent["state"], sent["reopened_count"], sent["result"]) == ("handling", 1, "")
    (earlier,) = sent["earlier_results"]
    assert (earlier["round"], earlier["result"], earlier["answer"]) == (1, "恢复界桩", "已告知")
    acts = [row["act"] for row in sent["history"]]
    assert acts == ["open", *(act for act, _state in told), "follow_up", "follow_up", "close", "reopen"]
    assert [term["ending"] for term in sent["terms"]] == ["referred", "replaced", "resolved", ""]
    assert [(row["target"], row["answer"]) for row in sent["referrals"]] == [("judicial_office", "愿意协商")]
    assert [row["kind"] for row in sent["steps"]] == ["mediation"]


def test_call_that_finds_it_broken_takes_the_case_up_again(world):
    case = resolved(dispute(world.own), world.own.officers[0].user)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        answer = do(of(world.own.officers[0].user), case, "follow_up", broken=True, note="界桩被移动")
    assert (answer.status_code, answer.json()["state"]) == (200, "handling")


def in_state(world, state: str) -> Case:
    """A case brought into the state by the verbs."""
    case, by = dispute(world.own, kind="concern", category="facilities"), world.own.chief.user
    if state == CaseState.HANDLING:
        return cases.add_step(by=by, case=case, kind="note", happened_on=timezone.localdate(), note="上门")
    if state == CaseState.PAUSED:
        return cases.pause_case(by=by, case=case, revision=0, reason="等待")
    if state == CaseState.REFERRED:
        return cases.refer_case(by=by, case=case, revision=0, target="court", reason="起诉")
    if state == CaseState.MERGED:
        return cases.merge_case(by=by, case=case, revision=0, into=dispute(world.own), reason="同一事")
    if state in (CaseState.RESOLVED, CaseState.CLOSED):
        case = resolved(case, by)
    if state == CaseState.CLOSED:
        given = {"answered_on": timezone.localdate(), "answer": "已告知", "satisfaction": "satisfied"}
        case = cases.give_answer(by=by, case=case, revision=case.revision, **given)
        case = cases.close_case(by=by, case=case, revision=case.revision)
    return case


@pytest.mark.parametrize("state", list(CaseState))
def test_act_is_done_only_where_the_table_of_moves_has_it(chief, world, state):
    case = in_state(world, state)
    offered = chief.get(f"{CASES}{case.pk}/").json()["may"]
    for act in INPUTS:
        if state in CASE_MOVES[act]:
            # A concern knows no calls, and what is not answered yet is not closed.
            assert act in offered or act == CaseAct.FOLLOW_UP
            continue
        answer = do(chief, case, act.value)
        assert (answer.status_code, answer.json()["code"], answer.json()["state"]) == (409, "conflict", state), act
        assert act not in offered
    assert Case.objects.get(pk=case.pk).revision == case.revision


# --- revisions
def test_stale_act_loses_with_both_texts_and_the_state(api, chief, world):
    case = dispute(world.own)
    path = f"{CASES}{case.pk}/pause/"
    assert post(api, path, body("pause")).status_code == 428
    assert do(chief, case, "pause", match='"0"').status_code == 200
    stale = post(api, path, {"reason": "等测绘"}, match='"0"')
    assert (stale.status_code, stale.json()["code"], stale.json()["state"]) == (412, "stale", "paused")
    assert list(stale.json()["mine"].values()) == ["等测绘"]
    assert "等待测绘" in next(iter(stale.json()["theirs"].values()))
    by_field = post(api, f"{CASES}{case.pk}/resume/", {"revision": 0})
    assert (by_field.status_code, by_field.json()["code"]) == (409, "conflict")
    assert post(api, f"{CASES}{case.pk}/resume/", {}, match='"x"').status_code == 412
    assert post(api, f"{CASES}{case.pk}/resume/", {"revision": 1}).json()["state"] == "handling"


def test_steps_of_two_senders_stand_beside_each_other(api, chief, world):
    case = dispute(world.own)
    for client, key in ((api, "a"), (chief, "b")):
        assert post(client, f"{CASES}{case.pk}/step/", body("step"), key).status_code == 200
    refused = post(api, f"{CASES}{case.pk}/step/", body("step"), "c", match='"0"')
    assert (refused.status_code, case.steps.count()) == (412, 2), "who names a revision is taken at his word"


# --- rights and masks
def test_rights_are_those_of_the_page(api, chief, world):
    case = dispute(world.own, level="orange")
    lowered = do(api, case, "level", level="blue")
    assert (lowered.status_code, list(lowered.json()["errors"])) == (400, ["level"])
    assert do(api, case, "level", match='"0"', nonsense=1).status_code == 400
    closed = in_state(world, CaseState.CLOSED)
    assert do(api, closed, "reopen").status_code == 403
    assert do(chief, case, "level", level="blue").json()["level"] == "blue"
    assert do(of(world.foreign.officers[0].user), case, "step", key="x").status_code == 404
    assert do(of(world.brigade), case, "step", key="x").status_code == 403


def test_residents_are_masked_outside_the_village(api, world):
    household = make_household(world.own.village, address="5组1号", head_name="王建国")
    case = dispute(world.own, household=household)
    full, masked = (client.get(f"{CASES}{case.pk}/").json() for client in (api, of(world.brigade)))
    assert (full["names_in_full"], masked["names_in_full"]) == (True, False)
    assert "王建国" in str(full)
    for secret in ("王建国", "刘䶮", "13912342046"):
        assert secret not in str(masked)
    assert masked["may"] == []
    found = [client.get(f"{CASES}?text=刘䶮").json()["count"] for client in (api, of(world.brigade))]
    assert found == [1, 0]


def test_list_is_filtered_as_on_the_page_and_refuses_what_it_does_not_know(api, world):
    late, fresh, foreign = dispute(world.own), dispute(world.own, level="red"), dispute(world.foreign)
    Case.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=1))

    def keys(query):
        return [row["id"] for row in api.get(f"{CASES}?{query}").json()["results"]]

    assert set(keys("")) == {str(late.pk), str(fresh.pk)}
    assert keys("when=overdue") == [str(late.pk)]
    assert keys("level=red&state=unresolved") == [str(fresh.pk)]
    assert keys("ordering=due_on") == [str(late.pk), str(fresh.pk)]
    for query in ("whem=overdue", "ordering=title", "state=x", f"village={world.foreign.village.code}", "period=x"):
        answer = api.get(f"{CASES}?{query}")
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [query.partition("=")[0]])
    assert of(world.brigade).get(f"{CASES}?station={foreign.village.station.code}").json()["count"] == 1


def test_station_whose_cases_are_all_over_keeps_its_line_in_the_roll_up(world):
    case = in_state(world, CaseState.CLOSED)
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        day = timezone.localdate()
        lines = roll_up(world.brigade, DIMENSIONS["station"], Week.of(day), day).lines
    found = [(line.place.code, line.unresolved, line.resolved, line.median_days) for line in lines]
    assert (case.village.station.code, 0, 0, None) in found
