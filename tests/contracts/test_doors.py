"""Every way into the records of the admin: each action, inline and POST, by each role, on an own and a foreign row.

What is not declared here fails; what a role may not do changes no row, whatever it posts.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.forms import model_to_dict

from tests.contracts.test_admin import AUDIT, BY_MODEL, DECLARED, KEEPERS, MODELS, SECURITY, SYSTEM, place
from tests.contracts.world import World, undone
from xinjin.access import engine
from xinjin.accounts.roles import ADMIN_USERS, STATION, Role

pytestmark = pytest.mark.django_db

BRIGADE, CHIEF = {Role.BRIGADE}, {Role.STATION_CHIEF}
# {(model, action of its list): who is offered it}
ACTIONS = {
    ("accounts.RoleGrant", "withdraw"): SECURITY,
    ("accounts.User", "bulk_edit"): SECURITY,
    ("assessments.Assessment", "sign"): CHIEF,
    ("assessments.AssessmentMonth", "sign"): CHIEF,
    ("assessments.AssessmentMonth", "lock"): BRIGADE,
    ("patrols.Visit", "return_with_remark"): set(STATION),
    ("villages.Household", "bulk_edit"): set(STATION),
    ("villages.Officer", "bulk_edit"): KEEPERS,
    ("villages.PartyPost", "bulk_edit"): KEEPERS,
    ("villages.Unit", "bulk_edit"): SYSTEM,
    ("villages.Village", "bulk_edit"): KEEPERS,
    ("villages.Village", "merge"): BRIGADE,
    ("villages.VillageContact", "bulk_edit"): KEEPERS,
}
# {(model, model of the inline): who adds rows there}
INLINES = {
    ("accounts.User", "accounts.RoleGrant"): set(),
    ("villages.Officer", "villages.Assignment"): set(),
    ("villages.Officer", "villages.PartyPost"): KEEPERS,
    # Written on a page of its own, which foretells what leaves the duties.
    ("villages.Officer", "villages.Absence"): set(),
    ("villages.Village", "villages.Assignment"): set(),
    # Written by renaming the village, read here.
    ("villages.Village", "villages.FormerName"): set(),
    ("villages.Village", "villages.VillageContact"): KEEPERS,
    # The parts of a log: read, never written here.
    ("patrols.Visit", "patrols.HouseholdCall"): set(),
    ("patrols.Visit", "patrols.Deed"): set(),
    ("patrols.Visit", "patrols.Activity"): set(),
    ("patrols.Visit", "patrols.BaseInfoRow"): set(),
    ("patrols.Visit", "patrols.Photo"): set(),
    ("patrols.Visit", "patrols.VisitTransition"): set(),
}
ASKING = (*ADMIN_USERS, Role.OFFICER, Role.INSPECTORATE)


def all_actions() -> set[tuple[str, str]]:
    found = {(label, str(name)) for label, model in MODELS.items() for name in admin.site._registry[model].actions}
    return found | {(label, "bulk_edit") for label, model in MODELS.items() if admin.site._registry[model].bulk_fields}


def test_every_action_and_every_inline_is_declared():
    assert all_actions() - ACTIONS.keys() == set(), "an action without declared rights"
    assert ACTIONS.keys() - all_actions() == set(), "a declared action that does not exist"
    inlines = {(label, inline.model._meta.label) for label, model in MODELS.items() for inline in _inlines_of(model)}
    assert inlines - INLINES.keys() == set(), "an inline without declared rights"
    assert INLINES.keys() - inlines == set(), "a declared inline that does not exist"


def _inlines_of(model: type[models.Model]) -> tuple:
    return tuple(admin.site._registry[model].inlines)


def offered(client: Any, label: str) -> set[str]:
    form = client.get(place(label, "changelist")).context.get("action_form")
    return {value for value, _label in form.fields["action"].choices if value} if form else set()


@pytest.mark.parametrize("label", sorted({label for label, _action in ACTIONS}))
def test_action_is_offered_to_its_roles_alone(world, label):
    for role in DECLARED[label][0]:
        expected = {action for (model, action), roles in ACTIONS.items() if model == label and role in roles}
        assert offered(world.client(role), label) == expected, role


@pytest.mark.parametrize(("label", "inner"), sorted(pair for pair, adders in INLINES.items()))
def test_inline_is_written_by_its_roles_alone(world, label, inner):
    """What the page of a visible record offers: a row to add for those who may, and none for the others."""
    for role in DECLARED[label][0]:
        action = admin.site._registry[MODELS[label]].view_action
        row = MODELS[label]._default_manager.allowed(world.users[role], action).order_by("pk").first()
        if row is None:
            continue
        page = world.client(role).get(place(label, "change", row.pk))
        formsets = {f.opts.model._meta.label: f for f in page.context["inline_admin_formsets"]}
        may_add = bool(inner in formsets and formsets[inner].has_add_permission)
        may_write = MODELS[label]._default_manager.allowed(world.users[role], "change").filter(pk=row.pk).exists()
        assert may_add == (role in INLINES[label, inner] and may_write), (role, inner)


# --- no write past the rights, whatever is posted
def snapshot(model: type[models.Model]) -> dict[Any, tuple]:
    fields = [f.attname for f in model._meta.concrete_fields]
    return {row[0]: row[1:] for row in model._base_manager.values_list("pk", *fields)}


def altered(row: models.Model) -> dict[str, Any]:
    """The record as a form would send it, with every plain text changed and all inlines empty."""
    data: dict[str, Any] = {}
    for name, value in model_to_dict(row).items():
        place_of = row._meta.get_field(name)
        if value is None or place_of.many_to_many:
            continue
        plain = isinstance(place_of, models.CharField | models.TextField) and not place_of.choices
        data[name] = f"{value}{110 if name == 'phone' else 1}" if plain else value
    for inline in _inlines_of(type(row)):
        prefix = inline.model._meta.get_field(_link(inline, type(row))).remote_field.get_accessor_name()
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return data


def _link(inline: Any, parent: type[models.Model]) -> str:
    links = [f.name for f in inline.model._meta.fields if f.related_model is parent]
    return inline.fk_name or links[0]


def posts(label: str, row: models.Model, others: list[models.Model]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every address of the model's admin that takes a POST, with data that would change something."""
    data = altered(row)
    yield place(label, "add"), data
    yield place(label, "change", row.pk), data
    yield place(label, "delete", row.pk), {"post": "yes"}
    picked = [str(each.pk) for each in (row, *others)]
    for model, action in ACTIONS:
        if model == label:
            extra = {"confirmed": "1", "reason": "x", "withdrawn_reason": "x", "step": "confirm", "previewed": "x"}
            fields = admin.site._registry[MODELS[label]].bulk_fields
            yield (
                place(label, "changelist"),
                {**data, **extra, "action": action, "_selected_action": picked, "bulk_field": list(fields)},
            )


@BY_MODEL
def test_no_post_without_the_right_changes_a_row(world: World, label):
    """Rows that a role may not change stay as they are, and none is added by who may not add."""
    model = MODELS[label]
    rows = list(model._default_manager.order_by("pk")[:60])
    leaks = []
    for role in ASKING:
        user = world.users[role]
        may = {
            key
            for action in ("change", "return", "withdraw", "sign", "lock")
            for key in model._default_manager.allowed(user, action).values_list("pk", flat=True)
        }
        forbidden = [row for row in rows if row.pk not in may][:2]
        adds = engine.allows(user, model, "add")
        for row in forbidden:
            for url, data in posts(label, row, forbidden):
                with undone():
                    before = snapshot(model)
                    world.client(role).post(url, data)
                    after = snapshot(model)
                changed = {key for key in before if before[key] != after.get(key)} - may
                added = after.keys() - before.keys()
                if changed or (added and not adds):
                    leaks.append((str(role), url, data.get("action"), changed, added))
    assert leaks == []


def test_the_probe_finds_what_is_open(world):
    """The control: the same posts by who may do change rows, so the test above is not blind."""
    row = world.own.people.auxiliaries[0]
    with undone():
        before = snapshot(type(row))
        url, data = list(posts("villages.Officer", row, []))[1]
        answer = world.client(Role.STATION_CHIEF).post(url, {**data, "number": row.number})
        assert answer.status_code == 302, answer.context["adminform"].form.errors
        assert snapshot(type(row)) != before


def test_administrators_hold_no_record_of_the_programme():
    assert {label for label, (viewers, _adders) in DECLARED.items() if viewers & AUDIT} == {"audit.Event"}
    assert {label for label, (viewers, _adders) in DECLARED.items() if viewers & SECURITY} == {
        "accounts.RoleGrant",
        "accounts.User",
    }
