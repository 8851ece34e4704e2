"""Visits and photos by API: the same verbs as the pages, every word taken at its face, nothing done twice."""

import io
import json
import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from patrols.choices import VisitState
from patrols.entries import entry_of
from patrols.models import Photo, Visit
from patrols.visits import open_visit, save_draft, submit_visit
from tests.factories import make_station_world
from tests.patrols.factories import full_entry, make_visit, yesterday
from xinjin.audit.models import Event
from xinjin.idempotency.models import StoredAnswer
from xinjin.idempotency.replay import forget_answers

pytestmark = pytest.mark.django_db
VISITS = "/api/v1/visits/"
JSON = {"content_type": "application/json"}
SUMMARY = "工作内容"  # as the pages call it


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield make_station_world()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def vault(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def author(world):
    return world.own.officers[0]


def of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def api(author):
    return of(author.user)


def body(world, **changes) -> dict:
    """A visit that may be handed in as it stands."""
    return {
        "village": world.own.village.code,
        "visited_on": yesterday().isoformat(),
        "started_at": "09:00",
        "ended_at": "11:30",
        "companions": [world.own.auxiliaries[0].number],
        "calls": [{"household": f"3组{n}号 王建国", "topics": ["safety"], "raised": "路灯不亮"} for n in range(1, 6)],
        "deeds": [{"beneficiary": "张大爷", "matter": "代办社保卡", "outcome": "done", "result": "已送到家"}],
        "activities": [
            {"kind": "screening", "nothing_found": True},
            {"kind": "briefing", "people_count": 20, "note": "通报"},
        ],
        "summary": "入户五户，宣传反诈，排查矛盾纠纷。𠮷䶮",
        "photo_waiver": "相机没电",
        **changes,
    }


def post(api, sent, path=VISITS, key=None, **headers):
    if key:
        headers["Idempotency-Key"] = str(key)
    return api.post(path, sent, headers=headers, **JSON)


def place(visit, act="") -> str:
    return f"{VISITS}{visit.pk}/{act}"


def patch(api, visit, sent, **headers):
    return api.patch(place(visit), sent, headers=headers, **JSON)


@pytest.fixture
def draft(author, world):
    visit = open_visit(by=author.user, officer=author, village=world.own.village, visited_on=yesterday())
    return save_draft(by=author.user, visit=visit, revision=0, entry=full_entry(world.own.village))


# --- creating
def test_created_by_api_is_what_the_verbs_store(api, world, author):
    key = uuid4()
    answer = post(api, body(world), key=key)
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    assert answer.headers["Location"] == f"{VISITS}{key}/"
    visit = Visit.objects.get(pk=key)
    companion = frozenset([world.own.auxiliaries[0]])
    entry = full_entry(world.own.village, companions=companion, summary=body(world)["summary"])
    stored = entry_of(visit)
    assert (stored.summary, stored.companions, stored.activities) == (entry.summary, companion, entry.activities)
    assert (visit.officer, visit.state, visit.household_count) == (author, VisitState.DRAFT, 5)
    assert [event.action for event in Event.objects.about(Visit, key)] == ["save", "open"]


def test_handed_in_at_once_or_not_at_all(api, world):
    answer = post(api, body(world, submit=True), key=uuid4())
    assert (answer.status_code, answer.json()["state"], answer.json()["is_up_to_standard"]) == (201, "submitted", True)
    refused = post(api, body(world, submit=True, started_at="10:00", ended_at="12:00", deeds=[{}]), key=uuid4())
    assert refused.status_code == 400
    assert set(refused.json()["errors"]) == {
        "started_at", "deeds.0.beneficiary", "deeds.0.matter", "deeds.0.result",
    }  # fmt: skip
    assert Visit.objects.count() == 1, "nothing is kept of what was refused"


def test_repeated_request_gets_the_first_answer_and_leaves_no_second_trace(api, world):
    first, again = (post(api, body(world, submit=True), key="nightly-17") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert (first.headers["ETag"], first.headers["Location"]) == (again.headers["ETag"], again.headers["Location"])
    assert ("Idempotency-Replayed" in first.headers, again.headers["Idempotency-Replayed"]) == (False, "true")
    assert (Visit.objects.count(), Event.objects.filter(action="submit").count()) == (1, 1)
    shuffled = dict(reversed(body(world, submit=True).items()))
    assert post(api, shuffled, key='"nightly-17"').content == first.content


def test_answer_is_repeated_as_it_was_though_the_record_has_moved_on(api, world, draft):
    key = uuid4()
    first = post(api, body(world), key=key)
    assert patch(api, Visit(pk=key), {"summary": "改写"}, **{"If-Match": '"1"'}).status_code == 200
    assert post(api, body(world), key=key).content == first.content


def test_key_of_another_request_is_refused(api, world):
    post(api, body(world), key="k")
    answer = post(api, body(world, summary="另一次"), key="k")
    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
    assert Visit.objects.count() == 1


def test_refusals_are_not_kept(api, world):
    key = uuid4()
    assert post(api, body(world, ended_at="08:00"), key=key).status_code == 400
    assert post(api, body(world), key=key).status_code == 201


def test_keys_belong_to_their_senders(api, world):
    neighbour = world.own.officers[1]
    theirs = {"village": world.own.villages[1].code, "visited_on": yesterday().isoformat()}
    mine, other = post(api, body(world), key="same"), post(of(neighbour.user), theirs, key="same")
    assert (mine.status_code, other.status_code) == (201, 201)
    assert mine.json()["id"] != other.json()["id"]


def test_identifier_of_another_authors_visit_is_a_conflict(api, world):
    foreign = make_visit(world.own.officers[1], world.own.villages[1])
    for answer in (post(api, body(world, id=str(foreign.pk))), post(api, body(world), key=foreign.pk)):
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
        assert foreign.officer.name not in answer.content.decode()


def test_own_identifier_is_a_key_and_outlives_the_stored_answer(api, world):
    known = str(uuid4())
    first = post(api, body(world, id=known))
    StoredAnswer.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    again = post(api, body(world, id=known))
    assert (first.status_code, again.status_code, again.json()["id"]) == (201, 201, known)
    assert "Idempotency-Replayed" not in again.headers
    assert again.json() == first.json(), "the visit itself was met, and nothing saved"
    StoredAnswer.objects.all().delete()
    other = post(api, body(world, id=known, summary="别的话"))
    assert (other.status_code, other.json()["mine"], other.json()["theirs"]) == (
        409, {SUMMARY: "别的话"}, {SUMMARY: body(world)["summary"]},
    )  # fmt: skip


def test_expired_answers_are_forgotten(api, world):
    post(api, body(world), key="old")
    StoredAnswer.objects.update(expires_at=timezone.now())
    post(api, {"village": world.own.village.code, "visited_on": "2026-03-03"}, key="new")
    assert forget_answers() == 1
    assert StoredAnswer.objects.get().key == "new"


@pytest.mark.parametrize("key", [None, "", "键", "x" * 101, "a b"])
def test_a_new_visit_needs_a_key(api, world, key):
    answer = api.post(VISITS, body(world), headers={} if key is None else {"Idempotency-Key": key}, **JSON)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["Idempotency-Key"]


# --- taken at its word
def test_unknown_fields_are_refused_at_every_depth_beside_other_mistakes(api, world):
    sent = body(world, state="submitted", officer="T1", visited_on="gestern")
    sent["calls"][1]["phone"] = "13900001234"
    sent["deeds"][0]["id"] = 7
    sent["activities"][0]["visit"] = str(uuid4())
    answer = post(api, sent, key="k")
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {
        "state", "officer", "visited_on", "calls.1.phone", "deeds.0.id", "activities.0.visit",
    }  # fmt: skip
    assert not Visit.objects.exists()


def test_a_misspelt_parameter_is_refused_or_it_would_show_all(api, world, author):
    make_visit(author, world.own.village)
    answer = api.get(VISITS, {"vilage": world.own.village.code})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["vilage"])
    assert api.get(VISITS, {"village": world.own.village.code, "page_size": 1, "page": 1}).json()["count"] == 1


def test_activities_are_named_in_errors_as_they_were_sent(api, world):
    sent = body(world, submit=True, activities=[{"kind": "screening"}, {"kind": "briefing"}])
    assert list(post(api, sent, key="k").json()["errors"]) == ["activities.0.note"]
    twice = body(world, activities=[{"kind": "briefing"}, {"kind": "briefing"}])
    assert list(post(api, twice, key="k").json()["errors"]) == ["activities.1.kind"]


@pytest.mark.parametrize(
    "sent",
    [
        "[" * 100_000, '{"village": "\\ud800"}', "{", "[]", "7", '"x"', "null", '{"calls": {"0": {}}}',
        '{"visited_on": "0001-01-01"}', '{"visited_on": "9999-12-31"}', '{"activities": [{"people_count": 1e999}]}',
        '{"calls": [null, 7, []], "village": "\\u0000", "companions": "T1"}', '{"village": ["a"], "id": {}}',
    ],
)  # fmt: skip
def test_nonsense_is_answered_calmly_and_in_chinese(api, sent):
    answer = api.post(VISITS, sent, headers={"Idempotency-Key": "k"}, **JSON)
    assert answer.status_code == 400
    problem = answer.json()
    for message in (problem["detail"], *(text for said in problem["errors"].values() for text in said)):
        assert re.search("[\u4e00-\u9fff]", message), message


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2021-01-02", "2026-03-03"])
def test_any_day_may_be_drafted_but_only_a_real_one_is_handed_in(api, world, day):
    draft = post(api, body(world, visited_on=day), key=uuid4())
    assert draft.status_code in (201, 400)
    answer = post(api, body(world, visited_on=day, submit=True), key=uuid4())
    assert answer.status_code == (201 if day == "2026-03-03" else 400), answer.content.decode()


def test_body_larger_than_a_record_is_refused(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = api.post(VISITS, json.dumps({"summary": "x" * 2000}), headers={"Idempotency-Key": "k"}, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_foreign_village_and_companion_are_answered_as_if_they_did_not_exist(api, world):
    answers = [
        post(api, body(world, village=code, companions=[number]), key="k").json()["errors"]
        for code, number in (
            (world.foreign.village.code, world.foreign.officers[0].number),
            ("510999999999", "T99999"),
        )
    ]
    assert [set(errors) for errors in answers] == [{"village", "companions"}] * 2


def test_csrf_and_language(author, world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(author.user)
    refused = post(client, body(world), key="k")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    client.cookies["django_language"] = "en"
    assert post(client, body(world), key="k").json()["detail"].startswith("The security token")


# --- changing
def test_change_needs_the_revision_seen(api, draft):
    answer = patch(api, draft, {"summary": "改写"})
    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")
    assert patch(api, draft, {"summary": "改写"}, **{"If-Match": "*"}).status_code == 428
    answer = patch(api, draft, {"summary": "改写"}, **{"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["ETag"], answer.json()["summary"]) == (200, '"2"', "改写")
    answer = patch(api, draft, {"summary": "再改", "revision": 2})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"3"')


@pytest.mark.parametrize(("sent", "headers", "status", "code"), [
    ({}, {"If-Match": '"1"'}, 412, "stale"),
    ({}, {"If-Match": 'W/"2"'}, 412, "stale"),
    ({"revision": 1}, {}, 409, "conflict"),
])  # fmt: skip
def test_stale_change_loses_with_both_texts(api, draft, sent, headers, status, code):
    patch(api, draft, {"summary": "先到"}, **{"If-Match": '"1"'})
    answer = patch(api, draft, {"summary": "后到", **sent}, **headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (answer.json()["mine"], answer.json()["theirs"]) == ({SUMMARY: "后到"}, {SUMMARY: "先到"})
    assert Visit.objects.get(pk=draft.pk).summary == "先到"


def test_repeated_change_is_harmless(api, draft):
    for _ in range(2):
        answer = patch(api, draft, {"summary": "改写"}, **{"If-Match": '"1"'})
        assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    # Once for the spell of writing in which the draft was made.
    assert Event.objects.filter(action="save", subject_id=str(draft.pk)).count() == 1


def test_only_the_fields_sent_change(api, draft):
    before = entry_of(draft)
    patch(api, draft, {"deeds": [], "ended_at": None}, **{"If-Match": '"1"'})
    after = entry_of(Visit.objects.get(pk=draft.pk))
    assert (after.deeds, after.ended_at) == ((), None)
    assert (after.calls, after.activities, after.summary) == (before.calls, before.activities, before.summary)


def test_handed_in_and_returned_by_api(api, draft, world):
    answer = post(api, {}, place(draft, "submit/"))
    assert answer.status_code == 428
    answer = post(api, {}, place(draft, "submit/"), **{"If-Match": '"0"'})
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")
    for _ in range(2):
        answer = post(api, {"revision": 1}, place(draft, "submit/"))
        assert (answer.status_code, answer.json()["state"], answer.headers["ETag"]) == (200, "submitted", '"2"')
    assert patch(api, draft, {"summary": "改"}, **{"If-Match": '"2"'}).status_code == 409
    clerk = of(world.own.clerk.user)
    assert list(post(clerk, {"reason": " "}, place(draft, "return/")).json()["errors"]) == ["reason"]
    for _ in range(2):
        answer = post(clerk, {"reason": "请补充"}, place(draft, "return/"), key="r")
        assert (answer.status_code, answer.json()["state"]) == (200, "returned")
    assert post(clerk, {"reason": "再补"}, place(draft, "return/")).status_code == 403
    draft.refresh_from_db()
    assert draft.transitions.count() == 2


def test_discarding_a_draft(api, draft):
    assert api.delete(place(draft)).status_code == 204
    assert api.delete(place(draft)).status_code == 404
    assert not Visit.objects.exists()


# --- photos
def picture(colour="red") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return SimpleUploadedFile("图.png", out.getvalue())


def test_photo_goes_in_out_and_away(api, draft, world):
    where = place(draft, "photos/")
    first, again = (api.post(where, {"photo": picture()}) for _ in range(2))
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    photo = first.json()
    assert api.get(where).json() == api.get(place(draft)).json()["photos"] == [photo]
    given = api.get(photo["file"], headers={"Accept": "image/webp,image/*"})
    assert (given.status_code, given.headers["Content-Type"]) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(b"".join(given.streaming_content))).size == (64, 48)
    for stranger in (world.own.chief.user, world.foreign.officers[0].user, world.brigade):
        assert of(stranger).get(photo["file"]).status_code == 404, "a draft is its author's alone"
    assert api.delete(f"/api/v1/photos/{photo['id']}/").status_code == 204
    assert not Photo.objects.exists()


@pytest.mark.parametrize(
    "sent", [{}, {"photo": "text"}, {"photo": SimpleUploadedFile("x.jpg", b"<svg/>")}, {"photo": picture(), "id": "x"}]
)
def test_what_is_no_photo_is_refused_at_its_field(api, draft, sent):
    answer = api.post(place(draft, "photos/"), sent)
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == ({"id"} if "id" in sent else {"photo"})
    assert not Photo.objects.exists()


def test_photo_as_json_is_the_wrong_type(api, draft):
    assert api.post(place(draft, "photos/"), {"photo": "x"}, **JSON).status_code == 415


# --- reading
def test_residents_are_masked_in_every_answer_to_outsiders(world, draft, author):
    submit_visit(by=author.user, visit=draft, revision=1)
    for user, in_full in ((author.user, True), (world.own.clerk.user, True), (world.brigade, False)):
        answer = of(user).get(place(draft))
        assert answer.json()["names_in_full"] is in_full
        assert ("王建国" in answer.content.decode(), "张大爷" in answer.content.decode()) == (in_full, in_full)


def test_lists_are_ordered_by_a_unique_key_and_filtered_as_the_page(api, author, world):
    for _ in range(5):
        make_visit(author, world.own.village)
    earlier = make_visit(author, world.own.village, visited_on=yesterday() - timedelta(days=9))
    seen = [api.get(VISITS, {"page": page, "page_size": 2}).json()["results"] for page in (1, 2, 3)]
    ids = [row["id"] for rows in seen for row in rows]
    assert (len(set(ids)), ids[-1]) == (6, str(earlier.pk))
    assert ids[:5] == sorted(ids[:5])
    oldest = api.get(VISITS, {"ordering": "visited_on"}).json()["results"]
    assert oldest[0]["id"] == str(earlier.pk)
    assert api.get(VISITS, {"until": earlier.visited_on.isoformat()}).json()["count"] == 1
    assert list(api.get(VISITS, {"ordering": "officer"}).json()["errors"]) == ["ordering"]
    assert list(api.get(VISITS, {"period": "gestern"}).json()["errors"]) == ["period"]


def test_one_visit_costs_the_same_whatever_it_holds(api, author, world):
    small, large = (make_visit(author, world.own.village, households=n, deeds=n) for n in (1, 20))
    counts = []
    for visit in (small, large):
        with CaptureQueriesContext(connection) as captured:
            assert api.get(place(visit)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 13, counts


# --- mass assignment
@pytest.mark.parametrize("field", sorted(
    field.name for field in Visit._meta.get_fields() if field.name not in (
        "id", "village", "visited_on", "started_at", "ended_at", "summary", "photo_waiver", "shortfall_reason",
        "calls", "deeds", "activities", "base_info",
    )
))  # fmt: skip
def test_no_other_column_is_ever_taken(api, world, draft, field):
    """Every field of the model that an author does not write; `revision` is a precondition and changes nothing."""
    value = {"officer": world.own.officers[1].number, "state": "submitted", "photos": [], "attendees": []}.get(field, 7)
    before = Visit.objects.filter(pk=draft.pk).values().get()
    answers = [
        post(api, body(world, **{field: value}), key=uuid4()),
        patch(api, draft, {field: value}, **{"If-Match": '"1"'}),
        post(api, {"revision": 1, field: value}, place(draft, "submit/")),
    ]
    expected = [400, 200, 409] if field == "revision" else [400, 400, 400]
    assert [answer.status_code for answer in answers] == expected
    if field != "revision":
        assert all(list(answer.json()["errors"]) == [field] for answer in answers)
    assert Visit.objects.filter(pk=draft.pk).values().get() == before
    assert Visit.objects.count() == 1


def test_identifier_is_a_uuid(api, world):
    assert list(post(api, body(world, id="7"), key="k").json()["errors"]) == ["id"]
    assert UUID(post(api, body(world), key="k").json()["id"]).version == 5
