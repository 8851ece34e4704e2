"""Lists: the file is what the page shows, a kept filter is a question, and no query shows a foreign row."""

import csv
import io
from urllib.parse import urlencode

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrols.choices import VisitState
from patrols.lists import VISITS
from patrols.models import Visit
from tests.factories import make_station_world
from tests.patrols.factories import make_visit, yesterday
from xinjin.access import engine
from xinjin.accounts.roles import Role
from xinjin.audit.models import Event
from xinjin.jobs.models import JobRun, JobState
from xinjin.jobs.runs import perform
from xinjin.lists import definition as lists
from xinjin.lists import exports, saved
from xinjin.lists.models import ColumnChoice, SavedFilter, Sharing

pytestmark = pytest.mark.django_db
ALL = [column.key for column in VISITS.columns]


@pytest.fixture
def world():
    found = make_station_world()
    for side in (found.own, found.foreign):
        for number, officer in enumerate(side.officers):
            village = side.villages[number]
            make_visit(officer, village, households=5, deeds=1, summary="=1+1 核查", shortfall_reason="")
            make_visit(officer, village, households=2, is_late=True, shortfall_reason="暴雨,\n返回")
            make_visit(officer, village, state=VisitState.DRAFT, started_at=None, ended_at=None)
    return found


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def on_screen(client: Client, address: str) -> tuple[list[str], list[list[str]], int]:
    """(heads, cells, count) of the page."""
    context = client.get(address).context
    shown = context["list"]
    rows = [[cell.text for cell in row.cells] for row in shown["rows"]]
    return [head.label for head in shown["heads"]], rows, context["page_obj"].paginator.count


def in_csv(client: Client, address: str) -> tuple[list[str], list[list[str]]]:
    heads, *rows = csv.reader(io.StringIO(client.get(address).content.decode("utf-8-sig"), newline=""))
    return heads, rows[: rows.index([])] if [] in rows else rows


def in_xlsx(client: Client, address: str) -> list[list[str]]:
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(address).content)).active
    return [["" if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)]


QUESTIONS = [
    "",
    "standard=below",
    "sort=households&text=核查",
    "late=yes&sort=-officer",
    "since=2030-01-01",
    "sort=bad",
]


@pytest.mark.parametrize("role", list(Role))
def test_file_is_what_the_page_shows(world, role):
    user = world.users()[role]
    client = signed_in(user)
    if not engine.allows(user, Visit, "view"):
        assert client.get("/visits/").status_code == client.get("/lists/visits/export.csv").status_code == 403
        return
    client.post("/lists/visits/columns/", {"columns": ALL})
    for question in QUESTIONS:
        heads, rows, count = on_screen(client, f"/visits/?{question or 'all=1'}")
        assert heads == [column.label for column in VISITS.columns]
        assert count == len(rows)
        file_heads, file_rows = in_csv(client, f"/lists/visits/export.csv?{question}")
        assert file_heads == heads
        # A cell that a spreadsheet would run is disarmed; nothing else differs.
        assert [[cell.removeprefix("'") for cell in row] for row in file_rows] == rows
        sheet = in_xlsx(client, f"/lists/visits/export.xlsx?{question}")
        assert heads in sheet
        wanted = [row[2] for row in rows]
        place = sheet.index(heads) + 1
        assert [row[2] for row in sheet[place : place + len(rows)]] == wanted
        event = Event.objects.filter(action="export").latest("id")
        assert (event.detail["rows"], event.actor_id) == (count, user.pk)


def test_order_and_columns_are_the_persons_own(world):
    chief, clerk = signed_in(world.own.chief.user), signed_in(world.own.clerk.user)
    chief.post("/lists/visits/columns/", {"columns": ["village", "date", "nonsense"], "query": "sort=village"})
    heads, rows, _count = on_screen(chief, "/visits/?sort=village")
    assert len(heads) == 2
    assert [row[1] for row in rows] == ["本甲村"] * 2 + ["本乙村"] * 2, "by pinyin, in which jia comes before yi"
    assert len(on_screen(clerk, "/visits/")[0]) > 2
    chief.post("/lists/visits/columns/", {"reset": "1"})
    assert not ColumnChoice.objects.exists()
    assert chief.post("/lists/unknown/columns/").status_code == 404


def test_too_many_rows_are_refused_in_words(world, monkeypatch):
    chief = signed_in(world.own.chief.user)
    parameters = exports.parameters_of(VISITS, world.own.chief.user, "", "csv")
    with pytest.raises(ValidationError, match="1"):
        exports.export_list(**parameters, most=1)
    assert not Event.objects.filter(action="export").exists()
    monkeypatch.setattr(exports.export_list, "__kwdefaults__", {"most": 1, "report": exports.silent})
    response = chief.get("/lists/visits/export.csv?standard=below", follow=True)
    assert response.redirect_chain
    assert "notice" in response.content.decode() or list(response.context["messages"])


def test_many_rows_are_made_in_the_background_and_are_the_same(world):
    chief = signed_in(world.own.chief.user)
    at_once = chief.get("/lists/visits/export.csv?standard=below").content
    page = chief.post("/lists/visits/export.csv?standard=below")
    run = JobRun.objects.get(owner=world.own.chief.user)
    assert page.url == reverse("job_detail", args=[run.pk])
    perform(run.pk)
    run.refresh_from_db()
    assert (run.state, run.result_name) == (JobState.DONE, f"走访_{timezone.localdate():%Y-%m-%d}.csv")
    result = chief.get(reverse("job_result", args=[run.pk]))
    assert b"".join(result.streaming_content) == at_once
    assert Event.objects.filter(action="export").count() == 2


def test_rights_are_asked_when_the_file_is_made(world):
    """A job that was ordered by somebody who has lost his village since exports what he may see now."""
    officer = world.own.officers[1]
    parameters = exports.parameters_of(VISITS, officer.user, "", "csv")
    before = exports.export_list(**parameters).content
    officer.visits.all().delete()
    officer.assignments.update(end_on=yesterday())
    after = exports.export_list(**parameters).content
    assert before.count(b"\n") > after.count(b"\n")


# --- kept filters


def keep(client: Client, name="未达标", query="standard=below&sort=-households", sharing="private", **more):
    return client.post("/lists/visits/filters/", {"name": name, "query": query, "sharing": sharing, **more})


def test_kept_filter_comes_back_as_the_same_question(world):
    client = signed_in(world.own.chief.user)
    response = keep(client, query="page=3&standard=below&nonsense=1&text=路灯 %26 井盖&sort=-households")
    assert response.status_code == 302
    kept = SavedFilter.objects.get()
    assert kept.query == urlencode({"text": "路灯 & 井盖", "standard": "below", "sort": "-households"})
    page = client.get(response["Location"])
    assert page.context["list"]["active"] == kept
    assert page.context["filter"].form.cleaned_data["text"] == "路灯 & 井盖"
    assert keep(client).status_code == 200, "the same name twice"
    assert keep(client, name="空", query="page=2").status_code == 200, "nothing to keep"
    assert SavedFilter.objects.count() == 1


def test_default_opens_the_list_and_there_is_one(world):
    client = signed_in(world.own.chief.user)
    keep(client, name="甲", is_default="on")
    keep(client, name="乙", query="state=returned", is_default="on")
    assert list(SavedFilter.objects.filter(is_default=True).values_list("name", flat=True)) == ["乙"]
    assert client.get("/visits/")["Location"] == "/visits/?state=returned"
    assert client.get("/visits/?all=1").status_code == 200
    assert signed_in(world.own.clerk.user).get("/visits/").status_code == 200


def test_shared_with_the_unit_or_with_all_and_never_more_rows(world):
    chief, clerk, foreign = (
        signed_in(user) for user in (world.own.chief.user, world.own.clerk.user, world.foreign.chief.user)
    )
    keep(chief, name="私")
    keep(chief, name="所", query=f"village={world.own.village.code}", sharing="unit")
    keep(chief, name="全", query=f"officer={world.own.officers[0].number}", sharing="all")

    def offered(client: Client) -> set[str]:
        return {kept["row"].name for kept in client.get("/visits/?all=1").context["list"]["kept"]}

    assert offered(chief) == {"私", "所", "全"}
    assert offered(clerk) == {"所", "全"}
    assert offered(foreign) == {"全"}
    for kept in foreign.get("/visits/?all=1").context["list"]["kept"]:
        page = foreign.get(kept["url"])
        assert page.context["list"]["has_mistakes"], "what is not his to ask is said"
        assert {visit.village.station_id for visit in page.context["page_obj"]} == {world.foreign.station.pk}
    shared = SavedFilter.objects.get(name="全")
    assert clerk.post(f"/lists/visits/filters/{shared.pk}/", {"delete": "1"}).status_code == 403
    assert foreign.post(f"/lists/visits/filters/{SavedFilter.objects.get(name='所').pk}/").status_code == 404


def test_owner_renames_shares_and_deletes(world):
    client = signed_in(world.own.chief.user)
    keep(client)
    kept = SavedFilter.objects.get()
    address = f"/lists/visits/filters/{kept.pk}/"
    assert client.post(address, {"name": "", "sharing": "all"}).status_code == 200
    assert client.post(address, {"name": "新名", "sharing": "unit", "is_default": "on"}).status_code == 302
    kept.refresh_from_db()
    assert (kept.name, kept.sharing, kept.is_default) == ("新名", Sharing.UNIT, True)
    assert client.post(address.replace("visits", "reports"), {"delete": "1"}).status_code == 404
    assert client.post(address, {"delete": "1"}).status_code == 302
    assert not SavedFilter.objects.exists()
    assert [event.action for event in Event.objects.filter(subject_type="lists.savedfilter").order_by("id")] == [
        "add", "change", "delete",
    ]  # fmt: skip


def test_nobody_keeps_filters_without_end(world, monkeypatch):
    monkeypatch.setattr(saved, "MOST_FILTERS", 2)
    client = signed_in(world.own.chief.user)
    assert [keep(client, name=name).status_code for name in "甲乙丙"] == [302, 302, 200]


# --- any query string


TEXTS = st.one_of(
    st.sampled_from(["", "\x00", "met", "below", "2026-W07", "9999-99", "-1", "99999999999999999999", "%", "_", "\\"]),
    st.text(max_size=20),
)
QUERIES = st.dictionaries(
    st.one_of(
        st.sampled_from([*VISITS.filterset.base_filters, "sort", "page", "pick", "q", "gaps", "state"]),
        st.text(min_size=1, max_size=8),
    ),
    st.lists(TEXTS, min_size=1, max_size=2),
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES)
def test_any_query_answers_and_shows_own_rows_only(world, query):
    officer = world.own.officers[0]
    client = signed_in(officer.user)
    address = urlencode(query, doseq=True, errors="surrogatepass")
    for name in ("visits", "reports", "villages", "plans"):
        definition = lists.find(name)
        response = client.get(f"/{name}/?{address}")
        assert response.status_code == 200
        may_see = set(definition.rows(officer.user).values_list("pk", flat=True))
        assert {row.pk for row in response.context["page_obj"]} <= may_see
    assert client.get(f"/visits/print/?{address}").status_code == 200
    kept = VISITS.canonical(address)
    assert VISITS.canonical(kept) == kept
