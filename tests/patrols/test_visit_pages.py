"""The pages of visits: nothing typed is lost, every mistake shows at once, nobody sees or does what is not his."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone, translation
from rest_framework.test import APIRequestFactory, force_authenticate

from patrols.api import VisitViewSet
from patrols.choices import VisitState
from patrols.models import Visit, VisitTransition
from patrols.visits import open_visit, submit_visit
from tests.factories import make_station_world
from tests.patrols.factories import make_visit, yesterday

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def world():
    return make_station_world()


@pytest.fixture
def author(world):
    return world.own.officers[0]


@pytest.fixture
def draft(author, world):
    return open_visit(by=author.user, officer=author, village=world.own.village, visited_on=yesterday())


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def edit_url(visit) -> str:
    return f"/visits/{visit.pk}/edit/"


def page(visit, *, households=5, action="save", **changes) -> dict:
    """What the browser posts for a complete entry."""
    data = {
        "action": action,
        "revision": visit.revision,
        "village": visit.village.code,
        "visited_on": f"{yesterday():%Y-%m-%d}",
        "started_at": "09:00",
        "ended_at": "11:30",
        "summary": "入户五户",
        "photo_waiver": "相机没电",
        "calls-TOTAL_FORMS": max(households, 5),
        "calls-INITIAL_FORMS": 0,
        "base_info-TOTAL_FORMS": 0,
        "base_info-INITIAL_FORMS": 0,
        "deeds-TOTAL_FORMS": 1,
        "deeds-INITIAL_FORMS": 0,
        "deeds-0-beneficiary": "张大爷",
        "deeds-0-matter": "代办社保卡",
        "deeds-0-outcome": "done",
        "deeds-0-result": "已送到家",
        "activity-screening-nothing_found": "on",
        "activity-publicity-people_count": "20",
    }
    for number in range(households):
        data |= {
            f"calls-{number}-household": f"3组{number}号 王建国",
            f"calls-{number}-topics": ["safety"],
            f"calls-{number}-raised": "路灯不亮",
        }
    return data | changes


def test_new_visit_opens_a_draft_and_a_second_press_opens_the_same(world, author):
    client, known = signed_in(author.user), uuid4()
    for _ in range(2):
        answer = client.post("/visits/new/", {"village": world.own.village.code, "id": str(known)})
        assert answer.headers["Location"] == f"/visits/{known}/edit/"
    visit = Visit.objects.get()
    assert (visit.visited_on, visit.state) == (timezone.localdate(), VisitState.DRAFT)


def test_new_visit_in_a_foreign_village_is_not_found(world, author):
    client = signed_in(author.user)
    for code in (world.foreign.village.code, world.own.villages[1].code, "nonsense", "\x00", ""):
        assert client.post("/visits/new/", {"village": code}).status_code == 404
    assert client.get("/visits/new/").status_code == 405


@pytest.mark.parametrize("role", ["chief", "brigade"])
def test_new_visit_is_for_officers_only(world, role):
    user = world.own.chief.user if role == "chief" else world.brigade
    assert signed_in(user).post("/visits/new/", {"village": world.own.village.code}).status_code == 403


def test_saved_draft_shows_again_all_that_was_typed(author, draft, world):
    client = signed_in(author.user)
    data = page(draft, companions=[world.own.auxiliaries[0].pk], **{"calls-1-household": "", "calls-1-raised": "噪音"})
    assert client.post(edit_url(draft), data).headers["Location"] == edit_url(draft)
    html = client.get(edit_url(draft)).content.decode()
    for text in ("3组4号 王建国", "噪音", "代办社保卡", "入户五户", "相机没电", 'value="09:00"', 'value="20"'):
        assert text in html
    assert Visit.objects.get().attendees.count() == 2


def test_submit_hands_in_and_the_same_post_again_gives_the_same_answer(author, draft):
    client, data = signed_in(author.user), page(draft, action="submit")
    answers = [client.post(edit_url(draft), data).headers["Location"] for _ in range(3)]
    assert set(answers) == {f"/visits/{draft.pk}/"}
    assert VisitTransition.objects.count() == 1
    visit = Visit.objects.get()
    assert visit.is_up_to_standard
    assert sorted(visit.activities.values_list("kind", flat=True)) == ["publicity", "screening"]


def test_refused_submit_shows_every_mistake_and_keeps_every_value(author, draft):
    client = signed_in(author.user)
    data = page(
        draft,
        action="submit",
        households=3,
        started_at="",
        photo_waiver="",
        summary="只写了一点",
        visited_on=f"{timezone.localdate() + timedelta(days=1):%Y-%m-%d}",
        **{"calls-2-household": "没有空格", "deeds-0-result": ""},
    )
    answer = client.post(edit_url(draft), data)
    html = answer.content.decode()
    assert answer.status_code == 200
    for message in (
        "The date lies in the future.",
        "This is still missing.",
        "Below standard: 2 of 5 households called on. Say why.",
        "Add a photo, or say why there is none.",
        "Write the address, a space, and the head of the household.",
    ):
        assert message in html
    for text in ("没有空格", "3组1号 王建国", "只写了一点", "代办社保卡"):
        assert text in html
    assert "The draft has been saved." in html
    assert Visit.objects.get().summary == "只写了一点"
    assert f'name="revision" value="{Visit.objects.get().revision}"' in html


def test_mistake_stands_at_its_row_though_empty_rows_lie_before_it(author, draft):
    data = page(draft, action="submit", **{"calls-0-household": "", "calls-0-topics": [], "calls-0-raised": ""})
    data["calls-3-household"] = "没有空格"
    html = signed_in(author.user).post(edit_url(draft), data).content.decode()
    assert 'id="id_calls-3-household_error"' in html
    assert 'id="id_calls-2-household_error"' not in html


def test_unreadable_values_are_shown_again_with_their_errors(author, draft):
    data = page(draft, started_at="25:99", visited_on="31 Feb", **{"activity-publicity-people_count": "many"})
    html = signed_in(author.user).post(edit_url(draft), data).content.decode()
    for text in ('value="25:99"', 'value="31 Feb"', 'value="many"', "3组4号 王建国", "路灯不亮"):
        assert text in html
    assert html.count('class="field__errors"') >= 3
    assert Visit.objects.get().revision == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"calls-TOTAL_FORMS": "x"},
        {"calls-TOTAL_FORMS": "100000"},
        {"revision": "x"},
        {"revision": "9" * 30},
        {"village": "\x00"},
        {"summary": "\x00"},
        {"summary": "长" * 5000},
        {"calls-0-household": "\x00"},
        {"calls-0-household": "长" * 5000},
        {"calls-0-household": "1号 " + "长" * 60, "action": "submit"},
        {"calls-0-topics": ["nonsense"]},
        {"deeds-0-outcome": "nonsense"},
        {"companions": ["999999999999999999999", "x", "\x00"]},
        {"visited_on": "0001-01-01", "action": "submit"},
        {"visited_on": "9999-12-31", "action": "submit"},
        {"remove_photo": "x"},
        {"action": "nonsense"},
        {"activity-publicity-people_count": "9" * 40},
    ],
)
def test_garbage_never_breaks_the_page(author, draft, changes):
    answer = signed_in(author.user).post(edit_url(draft), page(draft, **changes))
    assert answer.status_code in (200, 302)


def test_empty_post_never_breaks_the_page(author, draft):
    assert signed_in(author.user).post(edit_url(draft), {}).status_code == 200


def test_stale_page_is_409_with_both_texts_and_saves_on_the_second_try(author, draft):
    client = signed_in(author.user)
    client.post(edit_url(draft), page(draft, summary="第一页"))
    answer = client.post(edit_url(draft), page(draft, summary="第二页"))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "第一页" in html
    assert "第二页" in html
    draft.refresh_from_db()
    assert draft.summary == "第一页"
    assert client.post(edit_url(draft), page(draft, summary="第二页")).status_code == 302
    assert Visit.objects.get().summary == "第二页"


def test_submitted_visit_cannot_be_changed_by_its_author(author, draft):
    client = signed_in(author.user)
    client.post(edit_url(draft), page(draft, action="submit"))
    answer = client.post(edit_url(draft), page(draft, summary="事后改写"))
    assert answer.status_code == 409
    assert "事后改写" in answer.content.decode()
    assert Visit.objects.get().summary == "入户五户"
    assert client.get(edit_url(draft)).headers["Location"] == f"/visits/{draft.pk}/"


def test_foreign_visits_are_not_found_and_fellows_may_only_read(world, author):
    visit = make_visit(author, world.own.village)
    for path in ("", "edit/", "discard/"):
        assert signed_in(world.foreign.officers[0].user).get(f"/visits/{visit.pk}/{path}").status_code == 404
    fellow = signed_in(world.own.auxiliaries[0].user)
    assert fellow.get(f"/visits/{visit.pk}/").status_code == 200
    assert fellow.get(edit_url(visit)).status_code == 403
    assert fellow.post(edit_url(visit), page(visit)).status_code == 403


@pytest.mark.parametrize("who", ["chief", "brigade", "auxiliary", "foreign"])
def test_drafts_of_others_are_not_found(world, draft, who):
    users = {
        "chief": world.own.chief.user,
        "brigade": world.brigade,
        "auxiliary": world.own.auxiliaries[0].user,
        "foreign": world.foreign.officers[0].user,
    }
    client = signed_in(users[who])
    assert client.get(f"/visits/{draft.pk}/").status_code == 404
    assert client.get(edit_url(draft)).status_code == 404
    assert str(draft.pk) not in client.get("/visits/").content.decode()


def test_return_is_for_the_station_only(world, author):
    visit = make_visit(author, world.own.village, households=1)
    address, remark = f"/visits/{visit.pk}/return/", {"reason": "请补充"}
    assert signed_in(world.inspector).post(address, remark).status_code == 403
    assert signed_in(author.user).post(address, remark).status_code == 403
    assert signed_in(world.foreign.chief.user).post(address, remark).status_code == 404
    chief = signed_in(world.own.chief.user)
    assert 'name="reason"' in chief.get(f"/visits/{visit.pk}/").content.decode()
    refused = chief.post(address, {"reason": " "})
    assert refused.status_code == 200
    assert "field__errors" in refused.content.decode()
    assert chief.post(address, remark).status_code == 302
    visit.refresh_from_db()
    assert visit.state == VisitState.RETURNED
    assert "请补充" in signed_in(author.user).get(edit_url(visit)).content.decode()


def test_discard_asks_first_and_takes_only_drafts(author, draft, world):
    client = signed_in(author.user)
    assert client.get(f"/visits/{draft.pk}/discard/").status_code == 200
    assert Visit.objects.exists()
    assert client.post(f"/visits/{draft.pk}/discard/").status_code == 302
    assert not Visit.objects.exists()
    visit = make_visit(author, world.own.village)
    assert client.post(f"/visits/{visit.pk}/discard/").status_code == 409


def test_list_filters_and_survives_garbage(world, author):
    met = make_visit(author, world.own.village, households=5, deeds=1, summary="核查线索")
    below = make_visit(author, world.own.village, visited_on=yesterday() - timedelta(days=30), deeds=1)
    client = signed_in(world.own.chief.user)

    def shown(**query) -> set:
        return {visit.pk for visit in client.get("/visits/", query).context["page_obj"]}

    assert shown() == {met.pk, below.pk}
    assert shown(standard="met") == {met.pk}
    assert shown(standard="below") == {below.pk}
    assert shown(text="核查") == {met.pk}
    assert shown(text="修灯") == {met.pk, below.pk}
    assert shown(since=f"{yesterday():%Y-%m-%d}") == {met.pk}
    assert shown(village=world.own.village.code, officer=author.number, state="submitted") == {met.pk, below.pk}
    assert shown(period="2026-W99") == {met.pk, below.pk}
    assert shown(village=world.foreign.village.code, standard="x", since="x", text="\x00") == {met.pk, below.pk}
    for period in ("2026-W07", "2026-03", "2026-Q1", "2026-H1", "2026", "2099-12"):
        assert client.get("/visits/", {"period": period}).status_code == 200
    assert client.get("/visits/", {"page": "x", "sort": "x"}).status_code == 200


def test_own_drafts_come_first(author, world, draft):
    make_visit(author, world.own.village, visited_on=timezone.localdate())
    first = signed_in(author.user).get("/visits/").context["page_obj"][0]
    assert first.pk == draft.pk


@pytest.mark.parametrize("who", ["author", "chief"])
def test_list_and_detail_take_the_same_queries_for_one_and_for_thirty(
    world, author, who, django_assert_max_num_queries
):
    client = signed_in(author.user if who == "author" else world.own.chief.user)

    def queries(address: str) -> int:
        client.get(address)
        with django_assert_max_num_queries(24) as found:
            assert client.get(address).status_code == 200
        return len(found)

    small = make_visit(author, world.own.village, households=1, deeds=1)
    one = queries("/visits/"), queries(f"/visits/{small.pk}/")
    for number in range(29):
        make_visit(author, world.own.village, visited_on=yesterday() - timedelta(days=number + 1), households=1)
    large = make_visit(author, world.own.village, visited_on=yesterday() - timedelta(days=40), households=30, deeds=9)
    thirty = queries("/visits/"), queries(f"/visits/{large.pk}/")
    assert one == thirty
    assert thirty[0] <= 13


def test_edit_page_takes_the_same_queries_for_one_and_for_thirty_rows(author, world, django_assert_max_num_queries):
    client = signed_in(author.user)

    def queries(visit) -> int:
        with django_assert_max_num_queries(25) as found:
            assert client.get(edit_url(visit)).status_code == 200
        return len(found)

    # From the norm on: with fewer doors the page need not ask whether they are the same again.
    small = make_visit(author, world.own.village, households=5, state=VisitState.DRAFT)
    large = make_visit(author, world.own.village, households=30, deeds=9, state=VisitState.DRAFT)
    assert queries(small) == queries(large)


def test_submitted_by_verb_and_page_agree(author, draft, world):
    """The page is an edge of the same verb: a log saved on the page is handed in by the verb as it stands."""
    signed_in(author.user).post(edit_url(draft), page(draft))
    draft.refresh_from_db()
    assert submit_visit(by=author.user, visit=draft, revision=draft.revision).is_up_to_standard


def test_village_page_lists_recent_visits_without_drafts(author, world, draft):
    visit = make_visit(author, world.own.village)
    html = signed_in(world.own.chief.user).get(f"/villages/{world.own.village.code}/").content.decode()
    assert f"/visits/{visit.pk}/" in html
    assert str(draft.pk) not in html


def test_api_gives_what_the_pages_give(author, world):
    visit = make_visit(author, world.own.village, households=2, deeds=1)
    make_visit(world.foreign.officers[0], world.foreign.village)

    def ask(user, **kwargs):
        request = APIRequestFactory().get("/")
        force_authenticate(request, user)
        return VisitViewSet.as_view({"get": "retrieve" if kwargs else "list"})(request, **kwargs)

    assert [row["id"] for row in ask(author.user).data["results"]] == [str(visit.pk)]
    name = visit.calls.select_related("household").first().household.head_name
    assert name in str(ask(author.user, pk=visit.pk).data["calls"])
    assert name not in str(ask(world.brigade, pk=visit.pk).data["calls"])
    assert ask(world.foreign.chief.user, pk=visit.pk).status_code == 404
