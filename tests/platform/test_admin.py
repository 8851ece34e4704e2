"""Accounts, roles, the trail and working days in the admin: each for its administrator only."""

from datetime import date

import pytest
from django.urls import reverse

from tests.factories import make_station_world, make_user
from xinjin.access.wording import access_document
from xinjin.accounts.models import RoleGrant, User
from xinjin.accounts.rights import grant_role
from xinjin.accounts.roles import Role
from xinjin.audit.models import Event
from xinjin.audit.trail import record
from xinjin.workdays.models import WorkdayOverride

pytestmark = pytest.mark.django_db
ACCOUNTS = reverse("admin:accounts_user_changelist")
GRANTS = reverse("admin:accounts_rolegrant_changelist")
EVENTS = reverse("admin:audit_event_changelist")
DAYS = reverse("admin:workdays_workdayoverride_changelist")
PASSWORD = "a-long-and-odd-Passphrase-7"


@pytest.fixture
def secadmin():
    return make_user(Role.SECURITY_ADMIN)


def test_platform_lists_by_role(client):
    allowed = {
        ACCOUNTS: {Role.SECURITY_ADMIN},
        GRANTS: {Role.SECURITY_ADMIN},
        EVENTS: {Role.AUDIT_ADMIN},
        DAYS: {Role.SYSTEM_ADMIN, Role.BRIGADE},
    }
    for role, user in make_station_world().users().items():
        client.force_login(user)
        for address, roles in allowed.items():
            assert (client.get(address).status_code == 200) == (role in roles), (role, address)
    make = reverse("admin:workdays_workdayoverride_add")
    client.force_login(make_user(Role.BRIGADE))
    assert client.get(make).status_code == 403


def test_security_admin_adds_an_account_that_can_sign_in(client, secadmin):
    client.force_login(secadmin)
    data = {"username": "118107", "display_name": "彭国庆", "is_active": "on"}
    data |= {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post(reverse("admin:accounts_user_add"), data).status_code == 302
    user = User.objects.get(username="118107")
    assert user.check_password(PASSWORD)
    event = Event.objects.get(subject_type="accounts.user")
    assert event.actor_id == secadmin.pk
    assert PASSWORD not in str(event.detail)
    assert user.password not in str(event.detail)


def test_account_without_password_cannot_sign_in(client, secadmin):
    client.force_login(secadmin)
    data = {"username": "118107", "display_name": "彭国庆", "is_active": "on"}
    assert client.post(reverse("admin:accounts_user_add"), data).status_code == 302
    assert not User.objects.get(username="118107").has_usable_password()


@pytest.mark.parametrize(
    ("password1", "password2", "field"),
    [
        ("short", "short", "password1"),
        (PASSWORD, "another", "password2"),
        ("1234567890123456", "1234567890123456", "password1"),
    ],
)
def test_weak_or_mistyped_password_is_refused(client, secadmin, password1, password2, field):
    client.force_login(secadmin)
    user = make_user(username="118107", password=PASSWORD)
    data = {"username": "118107", "display_name": "彭国庆", "is_active": "on"}
    data |= {"password1": password1, "password2": password2, "grants-TOTAL_FORMS": 0, "grants-INITIAL_FORMS": 0}
    response = client.post(reverse("admin:accounts_user_change", args=[user.pk]), data)
    assert field in response.context["adminform"].form.errors
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_taken_user_name_is_refused_with_the_values(client, secadmin):
    client.force_login(secadmin)
    make_user(username="118107")
    response = client.post(reverse("admin:accounts_user_add"), {"username": "118107", "display_name": "彭国庆"})
    assert "username" in response.context["adminform"].form.errors
    assert "彭国庆" in response.content.decode()


def test_role_is_granted_with_a_reason_and_counts_at_once(client, secadmin):
    client.force_login(secadmin)
    user = make_user()
    data = {"user": user.pk, "role": Role.STATION_CHIEF, "granted_reason": ""}
    add = reverse("admin:accounts_rolegrant_add")
    assert "granted_reason" in client.post(add, data).context["adminform"].form.errors
    assert client.post(add, data | {"granted_reason": "任命"}).status_code == 302
    grant = RoleGrant.objects.get(user=user)
    assert (grant.granted_by, grant.granted_reason) == (secadmin, "任命")
    assert User.objects.get(pk=user.pk).roles == {Role.STATION_CHIEF}
    response = client.post(add, data | {"granted_reason": "再次"})
    assert response.status_code == 200
    assert response.context["adminform"].form.non_field_errors()
    response = client.post(add, data | {"user": secadmin.pk, "granted_reason": "自己"})
    assert "user" in response.context["adminform"].form.errors


def test_two_administrator_roles_exclude_each_other(client, secadmin):
    client.force_login(secadmin)
    data = {"user": make_user(Role.AUDIT_ADMIN).pk, "role": Role.SYSTEM_ADMIN, "granted_reason": "x"}
    response = client.post(reverse("admin:accounts_rolegrant_add"), data)
    assert response.context["adminform"].form.non_field_errors()
    assert not RoleGrant.objects.filter(role=Role.SYSTEM_ADMIN).exists()


def test_roles_are_withdrawn_with_a_reason_all_or_none(client, secadmin):
    client.force_login(secadmin)
    grants = [make_user(Role.OFFICER).grants.get(), make_user(Role.STATION_CLERK).grants.get()]
    chosen = {"action": "withdraw", "_selected_action": [grant.pk for grant in grants]}
    page = client.post(GRANTS, chosen)
    assert page.status_code == 200
    assert str(grants[0].user) in page.content.decode()
    assert not RoleGrant.objects.filter(withdrawn_at__isnull=False).exists()
    page = client.post(GRANTS, chosen | {"confirmed": "1", "withdrawn_reason": ""})
    assert page.context["form"].errors
    own = secadmin.grants.get().pk
    page = client.post(
        GRANTS,
        {"action": "withdraw", "_selected_action": [grants[0].pk, own], "confirmed": "1", "withdrawn_reason": "调离"},
    )
    assert page.context["form"].errors
    assert not RoleGrant.objects.filter(withdrawn_at__isnull=False).exists()
    assert client.post(GRANTS, chosen | {"confirmed": "1", "withdrawn_reason": "调离"}).status_code == 302
    assert RoleGrant.objects.filter(withdrawn_reason="调离", withdrawn_by=secadmin).count() == 2
    again = client.post(GRANTS, chosen | {"confirmed": "1", "withdrawn_reason": "调离"})
    assert again.context["form"].non_field_errors()


def test_grant_is_never_edited(client, secadmin):
    client.force_login(secadmin)
    grant = grant_role(by=None, user=make_user(), role=Role.OFFICER, reason="x")
    address = reverse("admin:accounts_rolegrant_change", args=[grant.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"role": Role.BRIGADE}).status_code == 403


def test_account_columns_cannot_be_probed_by_address(client, secadmin):
    client.force_login(secadmin)
    assert client.get(ACCOUNTS, {"password__startswith": "argon2"}).status_code == 400
    assert client.get(ACCOUNTS, {"is_active__exact": "1"}).status_code == 200


def test_trail_is_read_searched_and_never_changed(client):
    auditor = make_user(Role.AUDIT_ADMIN)
    user = make_user(name="彭国庆")
    record(auditor, "change", user, {"changes": {"display_name": ["旧名", "彭国庆"], "is_active": [True, False]}})
    client.force_login(auditor)
    assert len(client.get(EVENTS, {"q": "彭国庆"}).context["cl"].result_list) == 1
    assert len(client.get(EVENTS, {"kind": "accounts.user", "act": "change"}).context["cl"].result_list) == 1
    assert len(client.get(EVENTS, {"act": "grant"}).context["cl"].result_list) == 0
    event = Event.objects.get()
    address = reverse("admin:audit_event_change", args=[event.pk])
    text = client.get(address).content.decode()
    assert "旧名" in text
    assert "icon-yes" in text
    assert client.post(address, {}).status_code == 403
    assert client.get(reverse("admin:audit_event_add")).status_code == 403


def test_workday_override_is_kept_by_the_system_administrator(client):
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    add = reverse("admin:workdays_workdayoverride_add")
    assert client.post(add, {"day": "2027-02-06", "is_workday": "on", "note": "调休"}).status_code == 302
    assert WorkdayOverride.objects.get().day == date(2027, 2, 6)
    assert Event.objects.filter(subject_type="workdays.workdayoverride", action="add").count() == 1
    response = client.post(add, {"day": "2027-02-06", "note": "again"})
    assert "day" in response.context["adminform"].form.errors
    text = client.get(DAYS).content.decode()
    assert "2027-02-06" in text


def test_access_document_is_fresh(settings):
    stored = (settings.BASE_DIR / "docs" / "access.md").read_text(encoding="utf-8")
    assert stored == access_document(), "run manage.py access_matrix"
