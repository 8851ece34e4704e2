"""An empty database: the first account, the door, and every page with nothing to show."""

import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from assessments.rubric_loading import RUBRICS, load_rubric
from xinjin.accounts.demo import DEMO_ACCOUNTS
from xinjin.accounts.models import User
from xinjin.accounts.roles import Role
from xinjin.audit.models import Event
from xinjin.navigation import items_for
from xinjin.periods import Month
from xinjin.workdays.calendar import read_once, workdays
from xinjin.workdays.models import WorkdayOverride

pytestmark = pytest.mark.django_db
PASSWORD = "桥头清晨-42-麦田风车"


def create(monkeypatch: pytest.MonkeyPatch, *arguments: str, password: str = PASSWORD) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO(f"{password}\n"))
    call_command("create_account", *arguments, stdout=StringIO())


def test_the_first_account_may_sign_in_and_make_others(monkeypatch, client: Client):
    create(monkeypatch, "510001", "王安全")
    answer = client.post(reverse("sign_in"), {"username": "510001", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get(reverse("admin:accounts_user_add")).status_code == 200
    grant = User.objects.get(username="510001").grants.get()
    assert (grant.role, grant.granted_by) == (Role.SECURITY_ADMIN, None)
    assert set(Event.objects.values_list("action", flat=True)) >= {"add", "grant", "sign_in"}


@pytest.mark.parametrize(
    ("arguments", "password"),
    [
        (("510001", "王安全"), "12345678"),
        (("510001", "王安全"), ""),
        (("taken", "王安全"), PASSWORD),
        (("", "王安全"), PASSWORD),
        (("510001", ""), PASSWORD),
    ],
)
def test_an_account_that_no_form_would_take_is_refused_whole(monkeypatch, arguments, password):
    User.objects.create(username="taken", display_name="先到")
    with pytest.raises(CommandError):
        create(monkeypatch, *arguments, password=password)
    assert User.objects.count() == 1


def test_the_door_offers_demo_accounts_only_where_they_exist(client: Client):
    assert "demo__button" not in client.get(reverse("sign_in")).content.decode()
    User.objects.create(username=DEMO_ACCOUNTS[0].username, display_name="演示")
    page = client.get(reverse("sign_in")).content.decode()
    assert page.count("demo__button") == 1


@pytest.mark.parametrize("role", Role.values)
def test_every_page_of_the_navigation_opens_on_an_empty_database(monkeypatch, client: Client, rf, role):
    load_rubric(by=None, path=RUBRICS / "2022.toml")
    create(monkeypatch, "510001", "王安全", "--role", role)
    user = User.objects.get()
    client.force_login(user)
    request = rf.get("/")
    request.user, request.resolver_match = user, None
    addresses = [item.url for item in items_for(request)]
    assert addresses
    for address in addresses:
        assert client.get(address, follow=True).status_code == 200, address


def test_the_calendar_is_read_once_a_page(django_assert_num_queries):
    month = Month(2026, 11)
    WorkdayOverride.objects.create(day=month.start, is_workday=True, note="演练")
    with django_assert_num_queries(1), read_once():
        assert month.start in workdays(month)
        assert month.start in workdays(month)
    with django_assert_num_queries(2):
        workdays(month)
        workdays(month)
