"""Every address × every role × an own and a foreign object has a declared outcome; an undeclared address fails."""

from dataclasses import dataclass

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.contracts.routes import ROUTES, Route
from tests.contracts.world import World, make_world
from xinjin.access import engine
from xinjin.accounts.roles import Role

pytestmark = pytest.mark.django_db

# Django's own pages of the admin site, which know no object.
ADMIN_SITE = {"index", "login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n",
              "view_on_site", "app_list"}  # fmt: skip


@pytest.fixture
def world() -> World:
    return make_world()


def named_routes(resolver=None, prefix=""):
    """Every name that reverse() knows, with its namespace."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            namespace = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from named_routes(pattern, namespace)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"


def test_every_address_is_declared():
    pages = {name for name in named_routes() if not name.startswith("admin:")}
    assert pages - ROUTES.keys() == set(), "an address without declared rights"
    assert ROUTES.keys() - pages == set(), "a declared address that does not exist"


@dataclass
class Cell:
    route: str
    role: str
    side: str
    expected: int
    got: int


def ask(user, method: str, url: str) -> int:
    client = Client()
    if user is not None:
        client.force_login(user)
    return getattr(client, method)(url).status_code


def walk(world: World, name: str, route: Route):
    for side in ("own", "foreign") if route.has_object else ("own",):
        url = reverse(name, kwargs=route.kwargs(world, side))
        for role, user in world.users.items():
            yield Cell(name, role, side, route.expected(role, side), ask(user, route.method, url))


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_page(world, name):
    route = ROUTES[name]
    assert [cell for cell in walk(world, name, route) if cell.got != cell.expected] == []


@pytest.mark.parametrize("name", sorted(name for name, route in ROUTES.items() if not route.public))
def test_stranger_is_sent_to_the_door(world, name):
    route = ROUTES[name]
    url = reverse(name, kwargs=route.kwargs(world, "own"))
    assert ask(None, route.method, url) in ((403,) if url.startswith("/api/") else (302,))


def admin_models():
    return sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.mark.parametrize("model", admin_models(), ids=lambda model: model._meta.label)
def test_admin_follows_the_rights_table(world, model):
    """The list for those who may view the model; the add page for those who may add and whose admin has a verb."""
    has_verb = type(admin.site._registry[model]).verb is not None
    route = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    wrong = []
    for role, user in world.users.items():
        works_here = engine.allows(user, type(user), "administer")
        may_view = works_here and engine.allows(user, model, "view")
        may_add = works_here and has_verb and engine.allows(user, model, "add")
        for page, allowed in (("changelist", may_view), ("add", may_add)):
            got = ask(user, "get", reverse(f"{route}_{page}"))
            expected = 200 if allowed else 403 if works_here or role else 302
            if got != expected and not (got == 302 and not works_here):
                wrong.append((page, role, expected, got))
    assert wrong == []


@pytest.mark.parametrize("model", admin_models(), ids=lambda model: model._meta.label)
def test_admin_shows_no_foreign_row(world, model):
    """A row out of scope is not found: the change page sends back to the list, as for a row that never was."""
    rows = list(model._default_manager.order_by("pk")[:200])
    leaks = []
    for role, user in world.users.items():
        if not (engine.allows(user, type(user), "administer") and engine.allows(user, model, "view")):
            continue
        visible = set(model._default_manager.allowed(user, "view").values_list("pk", flat=True))
        hidden = [row for row in rows if row.pk not in visible][:3]
        for row in hidden:
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
            if ask(user, "get", url) == 200:
                leaks.append((role, str(row)))
    assert leaks == []


def test_separated_administrators_see_no_residents(world):
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        for model in ("villages.household", "patrols.visit", "villages.villagecontact", "villages.officer"):
            app, name = model.split(".")
            assert not world.users[role].has_perm(f"{app}.view_{name}"), (role, model)
