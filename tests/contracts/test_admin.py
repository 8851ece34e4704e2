"""The admin by role: which lists and add pages, no foreign row by any door, no write past a verb, strict pages."""

import json

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.urls import reverse

from patrols.choices import VisitState
from patrols.models import Visit
from tests.contracts.test_matrix import ask
from tests.contracts.test_responses import GARBAGE, HEAD_NAME, OUTSIDERS, PAGES, PHONE, faults, text_of
from tests.contracts.world import World, undone
from tests.factories import make_user
from villages.models import Household, Officer
from villages.roster import save_household
from xinjin.access import engine
from xinjin.access.admin import ScopedModelAdmin
from xinjin.accounts.models import RoleGrant
from xinjin.accounts.roles import ADMIN_USERS, STATION, Role

pytestmark = pytest.mark.django_db

KEEPERS = {*STATION, Role.BRIGADE}
SYSTEM, SECURITY, AUDIT = {Role.SYSTEM_ADMIN}, {Role.SECURITY_ADMIN}, {Role.AUDIT_ADMIN}
# {model: (who opens its list, who opens its add page)}
DECLARED = {
    "accounts.RoleGrant": (SECURITY, SECURITY),
    "accounts.User": (SECURITY, SECURITY),
    "assessments.Assessment": (KEEPERS, set()),
    "assessments.AssessmentMonth": (KEEPERS, set()),
    "assessments.Bulletin": (KEEPERS, set()),
    "assessments.Rubric": (KEEPERS, set()),
    "audit.Event": (AUDIT, set()),
    "patrols.BaseInfoChange": (KEEPERS, set()),
    "patrols.Case": (KEEPERS, set()),
    "patrols.CaseLimit": (KEEPERS, {Role.BRIGADE}),
    # For those who import; the others read the counts on the page of incidents.
    "patrols.IncidentCount": ({Role.BRIGADE}, set()),
    "patrols.LedgerNorm": (KEEPERS, {Role.BRIGADE}),
    "patrols.PreventionText": (KEEPERS, {Role.BRIGADE}),
    "patrols.Reminder": ({Role.BRIGADE}, set()),
    "patrols.Visit": (KEEPERS, set()),
    "patrols.VisitStandard": (KEEPERS, {Role.BRIGADE}),
    "patrols.WorkReport": (KEEPERS, set()),
    "villages.Absence": (KEEPERS, KEEPERS),
    "villages.Assignment": (KEEPERS, KEEPERS),
    "villages.GapNorm": (KEEPERS, {Role.BRIGADE}),
    "villages.HandOverNote": (KEEPERS, set()),
    # For the village's own people; the brigade meets households masked, on the village's page.
    "villages.Household": (set(STATION), set(STATION)),
    "villages.Officer": (KEEPERS, KEEPERS),
    "villages.PartyPost": (KEEPERS, KEEPERS),
    "villages.Township": (KEEPERS | SYSTEM, SYSTEM),
    "villages.Unit": (KEEPERS | SYSTEM, SYSTEM),
    "villages.Village": (KEEPERS, {Role.BRIGADE}),
    "villages.VillageContact": (KEEPERS, KEEPERS),
    "workdays.WorkdayOverride": ({Role.BRIGADE} | SYSTEM, SYSTEM),
}
MODELS = {model._meta.label: model for model in admin.site._registry}
BY_MODEL = pytest.mark.parametrize("label", sorted(DECLARED.keys() & MODELS.keys()))


def place(label: str, page: str, *args) -> str:
    meta = MODELS[label]._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)


def hidden_from(world: World, role: str, label: str) -> list:
    """Rows of the model that the role may not see in the admin."""
    model = MODELS[label]
    action = admin.site._registry[model].view_action
    visible = model._default_manager.allowed(world.users[role], action).values("pk")
    return list(model._default_manager.exclude(pk__in=visible).order_by("pk")[:3])


def test_every_admin_is_declared_and_asks_the_rights_table():
    assert MODELS.keys() == DECLARED.keys()
    assert [
        label for label, model in MODELS.items() if not isinstance(admin.site._registry[model], ScopedModelAdmin)
    ] == []
    assert Group not in admin.site._registry


@BY_MODEL
def test_list_and_add_page_by_role(world, label):
    viewers, adders = DECLARED[label]
    for page, allowed in (("changelist", viewers), ("add", adders)):
        got = {role: ask(world, role, "get", place(label, page)) for role in world.users}
        refused = {role: 403 if role in ADMIN_USERS else 302 for role in world.users}  # 302: sent to the closed door
        assert got == refused | dict.fromkeys(allowed, 200), page


@BY_MODEL
def test_row_out_of_scope_is_reached_by_no_door(world, label):
    leaks = []
    for role in DECLARED[label][0]:
        listed = world.client(role).get(place(label, "changelist"), {"all": ""}).content.decode()
        for row in hidden_from(world, role, label):
            for page in ("change", "history", "delete"):
                url = place(label, page, row.pk)
                leaks += [(role, method, url) for method in ("get", "post") if ask(world, role, method, url) == 200]
            if place(label, "change", row.pk) in listed:
                leaks.append((role, "list", place(label, "change", row.pk)))
    assert leaks == []


@BY_MODEL
def test_nothing_is_deleted(world, label):
    row = MODELS[label]._default_manager.order_by("pk").first()
    for role in DECLARED[label][0]:
        listed = world.client(role).get(place(label, "changelist")).content.decode()
        assert "delete_selected" not in listed
        if row is not None and row not in hidden_from(world, role, label):
            assert ask(world, role, "post", place(label, "delete", row.pk), {"post": "yes"}) in (403, 302)
    assert row is None or MODELS[label]._default_manager.filter(pk=row.pk).exists()


@BY_MODEL
def test_pages_are_strict_and_chinese(world, label):
    for role in sorted(DECLARED[label][0]):
        client = world.client(role)
        pages = [place(label, "changelist")]
        if role in DECLARED[label][1]:
            pages.append(place(label, "add"))
        visible = MODELS[label]._default_manager.allowed(
            world.users[role], admin.site._registry[MODELS[label]].view_action
        )
        if (row := visible.order_by("pk").first()) is not None:
            pages += [place(label, "change", row.pk), place(label, "history", row.pk)]
        for url in pages:
            response = client.get(url)
            assert response.status_code == 200, url
            assert faults(response) == [], (role, url)


IMPORTS = sorted(label for label, model in MODELS.items() if hasattr(admin.site._registry[model], "import_kind"))


@pytest.mark.parametrize("label", IMPORTS)
def test_pages_of_an_import_are_strict_and_for_keepers_alone(world, label):
    for role in world.users:
        answers = {page: ask(world, role, "get", place(label, page)) for page in ("import", "import_template")}
        expected = 200 if role in DECLARED[label][0] else 403 if role in ADMIN_USERS else 302
        assert set(answers.values()) == {expected}, role
        if expected == 200:
            assert faults(world.client(role).get(place(label, "import"))) == []
            assert HEAD_NAME not in text_of(world.client(role).get(place(label, "import_template")))


@pytest.mark.parametrize("role", sorted(ADMIN_USERS))
def test_index_is_strict_and_without_residents(world, role):
    for url in (reverse("admin:index"), reverse("admin:app_list", args=["villages"])):
        response = world.client(role).get(url)
        if response.status_code == 200:
            assert faults(response) == []
            assert HEAD_NAME not in text_of(response)


@pytest.mark.parametrize("role", [Role.BRIGADE, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_resident_is_masked_for_outsiders(world, role):
    assert role in OUTSIDERS
    save_household(Household(village=world.own.village, address="9组9号", head_name=HEAD_NAME, phone=PHONE), by=None)
    changed = world.own.household
    changed.phone = PHONE[::-1]
    save_household(changed, by=world.own.officer.user)
    client = world.client(role)
    for label, (viewers, _adders) in DECLARED.items():
        if role not in viewers or label not in MODELS:
            continue
        urls = [place(label, "changelist")]
        urls += [place(label, "change", row.pk) for row in MODELS[label]._default_manager.order_by("-pk")[:4]]
        for url in urls:
            text = text_of(client.get(url))
            assert [secret for secret in (HEAD_NAME, PHONE, PHONE[::-1]) if secret in text] == [], url


@pytest.mark.parametrize("role", [Role.OFFICER, Role.UNIT_LEADER, Role.INSPECTORATE])
def test_admin_is_closed_to_those_who_do_not_work_there(world, role):
    for url in (reverse("admin:index"), place("villages.Village", "changelist"), reverse("admin:autocomplete")):
        assert world.client(role).get(url, follow=True).status_code == 403
    assert ask(world, None, "get", reverse("admin:index")) == 302


def autocompletes():
    for model, model_admin in admin.site._registry.items():
        for field in getattr(model_admin, "autocomplete_fields", ()):
            yield model._meta.label, field


@pytest.mark.parametrize(("label", "field"), sorted(autocompletes()))
def test_autocomplete_offers_only_rows_that_may_be_chosen(world, label, field):
    meta = MODELS[label]._meta
    target = meta.get_field(field).remote_field.model
    action = admin.site._registry[MODELS[label]].choice_actions.get(field, "view")
    query = {"app_label": meta.app_label, "model_name": meta.model_name, "field_name": field}
    for role in world.users:
        for term in ("", "村", "\x00", "长" * 500):
            response = world.client(role).get(reverse("admin:autocomplete"), {**query, "term": term, "page": "1"})
            if role not in ADMIN_USERS:
                assert response.status_code == 302, role
                continue
            if response.status_code == 403:
                assert not engine.allows(world.users[role], target, action), role
                continue
            offered = {int(row["id"]) for row in json.loads(response.content)["results"]}
            allowed = set(target._default_manager.allowed(world.users[role], action).values_list("pk", flat=True))
            assert offered <= allowed, role


def test_return_action_leaves_foreign_visits_alone(world):
    picked = [str(world.own.visit.pk), str(world.foreign.visit.pk), str(world.own.draft.pk)]
    data = {"action": "return_logs", "_selected_action": picked, "confirmed": "1", "reason": "请补充"}
    actions = admin.site._registry[Visit].actions
    for name in actions:
        for role in STATION:
            with undone():
                world.client(role).post(place("patrols.Visit", "changelist"), {**data, "action": name})
                states = {str(visit.pk): visit.state for visit in Visit.objects.filter(pk__in=picked)}
                assert states[picked[0]] == VisitState.RETURNED
                assert (states[picked[1]], states[picked[2]]) == (VisitState.SUBMITTED, VisitState.DRAFT)
        with undone():
            world.client(Role.BRIGADE).post(place("patrols.Visit", "changelist"), {**data, "action": name})
            assert Visit.objects.get(pk=picked[0]).state == VisitState.SUBMITTED


def test_inline_cannot_push_a_row_to_foreign_people(world):
    """A station's clerk adds no absence to a person of another station, through the page or its inline."""
    stranger = world.foreign.people.auxiliaries[0]
    data = {"officer": stranger.pk, "kind": "leave", "start_on": "2026-03-02", "end_on": "2026-03-03"}
    response = world.client(Role.STATION_CLERK).post(place("villages.Absence", "add"), data)
    assert response.status_code == 200
    assert not stranger.absences.exists()


def test_roles_cannot_be_given_to_oneself(world):
    user = world.users[Role.SECURITY_ADMIN]
    data = {"user": user.pk, "role": Role.BRIGADE, "granted_reason": "x"}
    response = world.client(Role.SECURITY_ADMIN).post(place("accounts.RoleGrant", "add"), data)
    assert response.status_code == 200
    assert "不能" in response.content.decode()
    assert RoleGrant.objects.filter(user=user).count() == 1
    other = make_user()
    assert (
        world.client(Role.SECURITY_ADMIN)
        .post(place("accounts.RoleGrant", "add"), {**data, "user": other.pk})
        .status_code
        == 302
    )
    assert not LogEntry.objects.exists()


@BY_MODEL
def test_post_without_token_is_refused(world, label):
    for role in DECLARED[label][1]:
        with undone():
            answer = world.client(role, enforce_csrf_checks=True).post(place(label, "add"), {})
        assert answer.status_code == 403


@BY_MODEL
def test_garbage_in_the_address_is_answered_calmly(world, label):
    role = sorted(DECLARED[label][0])[0]
    client, url = world.client(role), place(label, "changelist")
    model_admin = admin.site._registry[MODELS[label]]
    filters = [name for name in model_admin.list_filter if isinstance(name, str)]
    known = [*filters, *(f"{name}__exact" for name in filters), "q", "o", "life", "gap", "kind", "act", "role", "held"]
    queries = [{name: value} for name in known for value in ("9" * 20, "x")]
    if model_admin.date_hierarchy:
        parts = [f"{model_admin.date_hierarchy}__{part}" for part in ("year", "month", "day")]
        queries += [dict.fromkeys(parts, value) for value in ("9" * 20, "9999", "x", "-1")]
        queries += [{parts[0]: value} for value in ("9" * 20, "9999", "x", "0")]
    queries += [dict.fromkeys(known, value) for value in GARBAGE] + [{"p": value} for value in PAGES]
    for query in queries:
        with undone():
            assert client.get(url, query).status_code < 500, query
    for key in ("0", "-1", "abc", "9" * 30, "_00", "%00"):
        with undone():
            assert client.get(place(label, "change", key)).status_code in (302, 404), key


def test_officer_cannot_be_moved_to_a_foreign_unit(world):
    """What a foreign key offers is what a POST may choose."""
    officer = world.own.people.auxiliaries[0]
    data = {"name": officer.name, "number": officer.number, "kind": officer.kind, "state": officer.state}
    for prefix in ("assignments", "party_posts", "absences"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    url = place("villages.Officer", "change", officer.pk)
    response = world.client(Role.STATION_CHIEF).post(url, {**data, "unit": world.foreign.station.pk})
    assert response.status_code == 200
    assert Officer.objects.get(pk=officer.pk).unit_id == world.own.station.pk
