"""Residents in full for those who look from outside: a POST with a reason, logged, for one answer; never for others."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_household
from xinjin.accounts.roles import BUREAU_WIDE, SEPARATED, Role
from xinjin.audit.models import Event

pytestmark = pytest.mark.django_db
NAME, PHONE = "曾独特", "13912342046"


@pytest.fixture
def address(world):
    make_household(world.own.village, address="3组12号", head_name=NAME, phone=PHONE, tags=["living_alone"])
    make_household(world.own.village, address="5组1号", head_name="李娜")
    return reverse("household_reveal", args=[world.own.village.code])


@pytest.mark.parametrize("role", BUREAU_WIDE)
def test_one_household_is_shown_with_a_reason_and_the_trail_says_who_whom_and_why(client, world, address, role):
    user = world.users()[role]
    household = world.own.village.households.get(head_name=NAME)
    client.force_login(user)
    answer = client.post(address, {"reason": "核实信访件", "household": household.pk})
    text = answer.content.decode()
    assert NAME in text
    assert PHONE in text
    assert "李娜" not in text
    assert "no-store" in answer.headers["Cache-Control"]
    event = Event.objects.get(action="reveal")
    assert (event.actor_id, event.subject_id, event.detail) == (user.pk, str(household.pk), {"reason": "核实信访件"})
    assert NAME not in event.subject_name
    # Nothing of it is kept: the next look is masked again.
    assert NAME not in client.get(reverse("village_detail", args=[world.own.village.code])).content.decode()


def test_the_page_of_the_list_is_shown_and_each_household_of_it_stands_in_the_trail(client, world, address):
    for _ in range(25):
        make_household(world.own.village)
    client.force_login(world.brigade)
    answer = client.post(address, {"reason": "核实", "page": "1"})
    assert len(answer.context["households"]) == 20
    assert Event.objects.filter(action="reveal").count() == 20
    # The search that led to the page is the one by address: a name is not guessed by it.
    answer = client.post(address, {"reason": "核实", "q": NAME})
    assert list(answer.context["households"]) == []


@pytest.mark.parametrize("reason", ["", "   ", "长" * 201])
def test_without_a_reason_nothing_is_shown_and_the_page_asks_for_it(client, world, address, reason):
    client.force_login(world.brigade)
    household = world.own.village.households.get(head_name=NAME)
    answer = client.post(address, {"reason": reason, "household": household.pk})
    assert answer.status_code == 200
    assert NAME not in answer.content.decode()
    assert answer.context["form"].errors["reason"]
    assert not Event.objects.filter(action="reveal").exists()


def test_never_by_get_never_for_administrators_and_no_household_of_elsewhere(client, world, address):
    client.force_login(world.brigade)
    assert client.get(address, {"reason": "核实"}).status_code == 405
    other = make_household(world.foreign.village, head_name=NAME)
    assert client.post(address, {"reason": "核实", "household": other.pk}).status_code == 404
    for role, status in {**dict.fromkeys(SEPARATED, 404), Role.UNIT_LEADER: 404, Role.OFFICER: 403}.items():
        client.force_login(world.users()[role])
        answer = client.post(address, {"reason": "核实"})
        assert answer.status_code == status, role
        assert NAME not in answer.content.decode()
    assert not Event.objects.filter(action="reveal").exists()


def test_officer_page_shows_each_reader_what_he_may_see(client, world):
    """Places to everybody who sees the person; leave and posts to himself and his superiors, never to fellows."""
    officer, fellow = world.own.officers[0], world.own.auxiliaries[0]
    officer.absences.create(kind="illness", start_on="2026-01-05", end_on="2026-01-07")
    page = reverse("officer_detail", args=[officer.number])
    for user, sees in (
        (officer.user, True),
        (world.own.chief.user, True),
        (world.brigade, True),
        (fellow.user, False),
    ):
        client.force_login(user)
        answer = client.get(page)
        assert world.own.village.name in answer.content.decode()
        assert bool(list(answer.context["absences"])) == sees, user
        assert answer.context["sees_absences"] == sees
    for user in (world.foreign.officers[0].user, world.foreign.chief.user, world.sysadmin):
        client.force_login(user)
        assert client.get(page).status_code == 404


def test_officer_list_is_searched_by_pinyin_and_shows_those_who_serve(client, world):
    officer = world.own.officers[0]
    officer.name = "单晓燕"
    officer.save()
    gone = world.own.auxiliaries[1]
    gone.assignments.update(end_on=timezone.localdate() - timedelta(days=1))
    gone.name, gone.state = "单一", "transferred"
    gone.save()
    client.force_login(world.own.chief.user)

    def found(**query) -> list[str]:
        return [row.name for row in client.get("/officers/", query).context["officers"]]

    for text in ("单晓", "shanxiao", "SXY", officer.number):
        assert found(q=text) == ["单晓燕"], text
    assert found(q="shan", state="all") == ["单晓燕", "单一"]
    assert found(q="shan", state="transferred") == ["单一"]
    assert found(place="no", q="shan") == []
    assert world.foreign.officers[0].name not in found(state="all")
