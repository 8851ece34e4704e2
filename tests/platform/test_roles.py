"""Roles over time: granted with days and a reason, effective at the next request; the administrators stay apart."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_user
from xinjin.accounts import rights
from xinjin.accounts.models import RoleGrant, User
from xinjin.accounts.rights import grant_role, save_user, withdraw_role
from xinjin.accounts.roles import SEPARATED, Role
from xinjin.errors import Conflict

ADMIN = "/admin/"
WRITERS = 6


def today():
    return timezone.localdate()


@pytest.mark.django_db
def test_role_begins_and_ends_on_its_days_without_anybody_doing_anything(client):
    user, security = make_user(), make_user(Role.SECURITY_ADMIN)
    grant_role(
        by=security,
        user=user,
        role=Role.BRIGADE,
        reason="借调",
        starts_on=today() + timedelta(days=3),
        ends_on=today() + timedelta(days=5),
    )
    now, seen = timezone.now(), {}
    for days in (0, 2, 3, 5, 6):
        with time_machine.travel(now + timedelta(days=days), tick=False):
            client.force_login(user)
            seen[days] = client.get("/overview/").status_code
            assert (user in User.objects.holding(Role.BRIGADE)) == (seen[days] == 200)
    assert seen == {0: 403, 2: 403, 3: 200, 5: 200, 6: 403}


@pytest.mark.django_db
def test_withdrawn_role_and_disabled_account_count_from_the_next_request(client):
    user, security = make_user(Role.BRIGADE), make_user(Role.SECURITY_ADMIN)
    client.force_login(user)
    assert client.get("/overview/").status_code == 200
    withdraw_role(by=security, grant=user.grants.get(), reason="调离")
    assert client.get("/overview/").status_code == 403
    grant_role(by=security, user=user, role=Role.BRIGADE, reason="回来")
    assert client.get("/overview/").status_code == 200
    user.is_active = False
    save_user(user, by=security)
    answer = client.get("/overview/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("sign_in"))
    assert client.get("/api/v1/villages/").status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("first", SEPARATED)
@pytest.mark.parametrize("second", SEPARATED)
def test_no_day_has_two_administrators_in_one_person(first, second):
    user, security = make_user(), make_user(Role.SECURITY_ADMIN)
    grant_role(by=security, user=user, role=first, reason="x", ends_on=today() + timedelta(days=10))
    for starts_on in (today(), today() + timedelta(days=10)):
        with pytest.raises(ValidationError):
            grant_role(by=security, user=user, role=second, reason="x", starts_on=starts_on)
        row = RoleGrant(user=user, role=second, granted_at=timezone.now(), granted_reason="x", starts_on=starts_on)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
    later = grant_role(by=security, user=user, role=second, reason="x", starts_on=today() + timedelta(days=11))
    assert later.pk


@pytest.mark.django_db
def test_grant_says_what_is_wrong_with_its_days():
    user, security = make_user(), make_user(Role.SECURITY_ADMIN)
    with pytest.raises(ValidationError) as caught:
        grant_role(by=security, user=user, role=Role.BRIGADE, reason="x", ends_on=today() - timedelta(days=1))
    assert set(caught.value.message_dict) == {"ends_on"}
    with pytest.raises(ValidationError) as caught:
        grant_role(by=security, user=user, role=Role.BRIGADE, reason="x", starts_on=today() - timedelta(days=1))
    assert set(caught.value.message_dict) == {"starts_on"}
    assert not user.grants.exists()


def _race(monkeypatch, *, guarded: bool) -> list:
    """Several security administrators give one account the three administrator roles at the same moment."""
    user = make_user()
    givers = [make_user(Role.SECURITY_ADMIN) for _ in range(WRITERS)]
    gate = threading.Barrier(WRITERS)
    if not guarded:
        monkeypatch.setattr(rights, "hold_account", lambda user: None)
        monkeypatch.setattr(rights, "one_winner", transaction.atomic)
        checked = threading.Barrier(WRITERS)
        full_clean = RoleGrant.full_clean

        def slow_check(self, *args, **kwargs):
            full_clean(self, *args, **kwargs)
            checked.wait(timeout=10)

        monkeypatch.setattr(RoleGrant, "full_clean", slow_check)
    outcomes: list = []

    def give(number: int) -> None:
        gate.wait()
        try:
            grant_role(by=givers[number], user=user, role=SEPARATED[number % 3], reason="x")
            outcomes.append(None)
        except Exception as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert user.grants.filter(withdrawn_at=None).count() == 1
    return outcomes


@pytest.mark.usefixtures("committed")
def test_racing_grants_leave_one_administrator_and_tell_the_others(monkeypatch):
    outcomes = _race(monkeypatch, guarded=True)
    assert outcomes.count(None) == 1
    assert all(outcome is None or isinstance(outcome, ValidationError | Conflict) for outcome in outcomes), outcomes


@pytest.mark.usefixtures("committed")
def test_racing_grants_control_without_guard_breaks(monkeypatch):
    outcomes = _race(monkeypatch, guarded=False)
    assert not all(outcome is None or isinstance(outcome, ValidationError | Conflict) for outcome in outcomes), outcomes


def _found(identifier: str) -> bool:
    return any(message.id == identifier for message in run_checks())


def test_no_superuser_exists_and_none_can_come(settings, monkeypatch):
    """Not a flag that nobody sets: there is no such thing, and a change that brings it back is found at the start."""
    assert not _found("xinjin.E003")
    assert not hasattr(User(), "is_superuser")
    monkeypatch.setattr(User, "is_superuser", True, raising=False)
    assert _found("xinjin.E003")
    monkeypatch.delattr(User, "is_superuser")
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, "django.contrib.auth.backends.ModelBackend"]
    assert _found("xinjin.E003")
