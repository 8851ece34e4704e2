"""A total says how many rows one may see: for each role the number on the page is the number of rows behind it.

And a record of others looks as if it were not there: the same answer, word for word, as a key that was never given.
"""

import re

import pytest
from django.contrib import admin
from django.urls import reverse

from assessments.models import Assessment
from patrols.models import Visit, WorkReport
from tests.contracts.routes import ROUTES, Route
from tests.contracts.test_admin import BY_MODEL, DECLARED, MODELS, place
from tests.contracts.world import World, finished, undone
from villages.models import Officer, Village
from xinjin.access import engine
from xinjin.accounts.roles import STATION, SUPERVISORS, Role

pytestmark = pytest.mark.django_db

SEATS = (Role.OFFICER, *SUPERVISORS)
# {list: (model, what the address asks for, what the page leaves out of what the role may see)}
LISTS = {
    "village_list": (Village, "state=all"),
    "officer_list": (Officer, "state=all"),
    "visit_list": (Visit, ""),
}
API = {"village-list": (Village, "state=all"), "officer-list": (Officer, ""), "visit-list": (Visit, ""),
       "workreport-list": (WorkReport, ""), "assessment-list": (Assessment, "")}  # fmt: skip


def shown_on_all_pages(client, url: str, total: int, size: int) -> int:
    """The rows that one meets by turning the pages."""
    pages = max(1, -(-total // size))
    shown = (client.get(f"{url}&page={number}").context["page_obj"] for number in range(1, pages + 1))
    return sum(len(page.object_list) for page in shown)


@pytest.mark.parametrize("name", sorted(LISTS))
@pytest.mark.parametrize("role", SEATS)
def test_total_of_a_list_is_the_number_of_rows_that_the_role_may_see(world, name, role):
    model, query = LISTS[name]
    client, url = world.client(role), f"{reverse(name)}?{query}"
    visible = model._default_manager.allowed(world.users[role]).count()
    page = client.get(url).context["page_obj"]
    assert page.paginator.count == visible
    assert shown_on_all_pages(client, url, visible, page.paginator.per_page) == visible


@pytest.mark.parametrize("name", sorted(API))
@pytest.mark.parametrize("role", [Role.OFFICER, *STATION, Role.UNIT_LEADER, Role.BRIGADE])
def test_total_of_the_api_is_the_number_of_rows_that_the_role_may_see(world, name, role):
    model, query = API[name]
    answer = world.client(role).get(f"{reverse(name)}?{query}").json()
    assert answer["count"] == model._default_manager.allowed(world.users[role]).count()


@BY_MODEL
def test_total_of_an_admin_list_is_the_number_of_rows_that_the_role_may_see(world, label):
    model = MODELS[label]
    action = admin.site._registry[model].view_action
    for role in DECLARED[label][0]:
        found = world.client(role).get(place(label, "changelist")).context["cl"]
        assert found.result_count == model._default_manager.allowed(world.users[role], action).count(), role


def test_unread_counters_add_up_to_the_unread_rows(world):
    """The village list's numbers together are what the journals show as unread."""
    for role in (Role.OFFICER, *STATION, Role.BRIGADE):
        client = world.client(role)
        rows = [shown.row for shown in client.get(reverse("village_list")).context["list"]["rows"]]
        numbers = {village.pk: village.unread_count or 0 for village in rows}
        shown = 0
        for village in Village.objects.allowed(world.users[role]):
            page = client.get(reverse("village_journal", args=[village.code])).context
            assert page["unread_count"] == numbers.get(village.pk, 0)
            shown += page["unread_count"]
        assert shown == sum(numbers.values())
        assert bool(shown) == engine.allows(world.users[role], Village, "inform") or role == Role.OFFICER


# --- foreign and missing look the same
MISSING = {
    "code": "999999999999",
    "number": "NOBODY0",
    "pk": {int: 987654321, str: "00000000-0000-4000-8000-000000000000"},
}
TOKEN = re.compile(r"\b[A-Za-z0-9]{64}\b")


def missing(kwargs: dict) -> dict:
    """The same address with keys that no record has."""
    found = dict(kwargs)
    if "pk" in found:
        found["pk"] = MISSING["pk"][int if isinstance(found["pk"], int) else str]
    elif "number" in found:
        found["number"] = MISSING["number"]
    elif "code" in found:
        found["code"] = MISSING["code"]
    return found


def body(world: World, role: str, route: Route, url: str) -> tuple[int, str]:
    data = route.data(world, world.foreign) if route.method == "post" else None
    with undone():
        answer = finished(getattr(world.client(role), route.method)(url, data))
    text = answer.content.decode().replace(url.partition("?")[0], "ADDRESS")
    return answer.status_code, TOKEN.sub("TOKEN", text)


HIDDEN = sorted(
    name
    for name, routes in ROUTES.items()
    if any(route.foreign is not None and 404 in route.foreign.values() for route in routes)
)


@pytest.mark.parametrize("name", HIDDEN)
def test_foreign_record_answers_as_one_that_never_was(world, name):
    for route in ROUTES[name]:
        if route.foreign is None:
            continue
        kwargs = route.kwargs(world, world.foreign)
        if missing(kwargs) == kwargs:
            continue
        for role in (Role.OFFICER, Role.STATION_CHIEF):
            if route.foreign[role] != 404:
                continue
            foreign = body(world, role, route, reverse(name, kwargs=kwargs))
            never = body(world, role, route, reverse(name, kwargs=missing(kwargs)))
            assert foreign[0] == 404
            assert foreign == never, (role, route.method)
