"""Households that wait for a call (R10): who, in which order, for whom; and what the village's page says of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patrols.calls import last_calls, waiting
from patrols.choices import VisitState
from patrols.models import HouseholdCall
from tests.factories import make_household, make_station_world
from tests.patrols.factories import make_visit
from villages.models import Household

pytestmark = pytest.mark.django_db
PAGE = "/households/waiting/"


@pytest.fixture
def world(db):
    return make_station_world()


def call(world, household: Household, days_ago: int, state: str = VisitState.SUBMITTED) -> None:
    day = timezone.localdate() - timedelta(days=days_ago)
    visit = make_visit(world.own.officers[0], household.village, visited_on=day, state=state)
    HouseholdCall.objects.create(visit=visit, household=household, called_on=day)


def shown(response) -> list[str]:
    return [household.address for household in response.context["households"]]


def test_never_called_on_comes_first_then_the_longest_wait(client, world):
    village = world.own.village
    names = ("recent", "ninety", "long", "never", "draft", "returned")
    homes = {name: make_household(village, address=name) for name in names}
    call(world, homes["recent"], 5)
    call(world, homes["recent"], 300)
    call(world, homes["ninety"], 90)
    call(world, homes["long"], 200)
    call(world, homes["draft"], 2, VisitState.DRAFT)
    call(world, homes["returned"], 3, VisitState.RETURNED)
    today = timezone.localdate()
    found = list(waiting(village.households.all(), today))
    assert [home.address for home in found] == ["draft", "never", "returned", "long", "ninety"]
    assert found[3].last_called_on == today - timedelta(days=200)
    assert set(last_calls([home.pk for home in homes.values()])) == {
        homes[name].pk for name in ("recent", "ninety", "long")
    }
    client.force_login(world.own.officers[0].user)
    assert shown(client.get(PAGE)) == ["draft", "never", "returned", "long", "ninety"]
    assert shown(client.get(PAGE, {"days": "180"})) == ["draft", "never", "returned", "long"]
    assert shown(client.get(PAGE, {"q": "LONG"})) == ["long"]


def test_tag_and_village_narrow_the_list(client, world):
    own, near = world.own.villages
    alone = make_household(own, tags=["living_alone", "hardship"])
    make_household(own, tags=["shop"])
    elsewhere = make_household(near, tags=["living_alone"])
    client.force_login(world.own.chief.user)
    assert shown(client.get(PAGE, {"tag": "living_alone"})) == [alone.address, elsewhere.address]
    assert shown(client.get(PAGE, {"tag": "living_alone", "village": near.code})) == [elsewhere.address]
    client.force_login(world.own.officers[0].user)
    assert shown(client.get(PAGE, {"tag": "living_alone"})) == [alone.address]
    # A foreign village is no choice, so nothing is shown of it.
    assert shown(client.get(PAGE, {"village": world.foreign.village.code})) == []


def test_village_page_and_today_say_the_same_number(client, world):
    for _ in range(3):
        make_household(world.own.village)
    client.force_login(world.own.officers[0].user)
    assert len(shown(client.get(PAGE))) == 3
    today = client.get("/today/")
    panel = next(panel for panel in today.context["panels"] if "total" in panel["context"])
    assert panel["context"]["total"] == 3
    village = client.get(f"/villages/{world.own.village.code}/")
    panel = next(panel for panel in village.context["panels"] if "days" in panel["context"])
    assert panel["context"]["count"] == 3
    client.force_login(world.brigade)
    village = client.get(f"/villages/{world.own.village.code}/")
    assert not any("days" in panel["context"] for panel in village.context["panels"])


def test_list_asks_as_often_for_many_rows(client, world):
    client.force_login(world.own.officers[0].user)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE).status_code == 200
        return len(queries)

    make_household(world.own.village)
    few = count()
    for _ in range(60):
        make_household(world.own.village)
    assert count() <= few


@pytest.mark.parametrize("query", [{"days": "x"}, {"days": "9" * 30}, {"q": "\x00"}, {"tag": "'"}, {"village": "\x00"}])
def test_garbage_is_answered_calmly(client, world, query):
    client.force_login(world.own.officers[0].user)
    assert client.get(PAGE, query).status_code == 200
