"""Every address × every role × an own, a near and a foreign object has a declared outcome; an undeclared one fails."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from tests.contracts.html import texts_of
from tests.contracts.routes import ROUTES, Route
from tests.contracts.world import World, finished, undone
from xinjin.accounts.roles import BUREAU_WIDE, STATION, Role

pytestmark = pytest.mark.django_db

# Django's own views: the one acts on POST alone, the other takes PUT for POST.
FORGIVING = {"set_language", "sign_in"}
SAFE = ("get", "head", "options")


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


def address(world: World, name: str, route: Route, side: str = "own") -> str:
    url = reverse(name, kwargs=route.kwargs(world, world.side(side)))
    return f"{url}?{route.query}" if route.query else url


def ask(world: World, role: str | None, method: str, url: str, data: dict | None = None, **sent) -> int:
    with undone():
        response = getattr(world.client(role), method)(url, data or {}, **sent)
        return finished(response).status_code


@dataclass
class Cell:
    """One answer that is not the declared one."""

    method: str
    url: str
    role: str
    side: str
    expected: int
    got: int


# One role for each way of seeing is asked for the objects of others; the own ones are asked for by every role.
ELSEWHERE = {
    "near": (Role.OFFICER, *STATION, Role.UNIT_LEADER, Role.BRIGADE),
    "foreign": (Role.OFFICER, *STATION, Role.UNIT_LEADER, *BUREAU_WIDE, Role.SYSTEM_ADMIN),
}


def walk(world: World, name: str, route: Route) -> Iterator[Cell]:
    for side, expected in route.sides().items():
        url = address(world, name, route, side)
        for role in ELSEWHERE.get(side, world.users):
            data = {} if route.method in SAFE else route.data(world, world.side(side))
            got = ask(world, role, route.method, url, data, **route.sent)
            if got != expected[role]:
                yield Cell(route.method, url, str(role), side, expected[role], got)


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_address_answers_each_role_as_declared(world, name):
    wrong = [cell for route in ROUTES[name] for cell in walk(world, name, route)]
    assert wrong == [], "\n" + "\n".join(map(str, wrong))


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_stranger_is_sent_to_the_door(world, name):
    for route in ROUTES[name]:
        url = address(world, name, route)
        data = {} if route.method in SAFE else route.data(world, world.own)
        with undone():
            answer = finished(getattr(world.client(None), route.method)(url, data, **route.sent))
        assert answer.status_code == route.stranger, (route.method, url)
        if answer.status_code == 302 and name not in ("set_theme", "set_language", "sign_out"):
            assert answer.headers["Location"].startswith(reverse("sign_in"))


@pytest.mark.parametrize("name", sorted(ROUTES.keys() - FORGIVING))
def test_undeclared_method_is_refused(world, name):
    """No page does anything but what is declared: not with another method, not for the role that may most."""
    declared = {route.method for route in ROUTES[name]}
    route = ROUTES[name][0]
    url = address(world, name, route)
    role = max(route.own, key=lambda role: (route.own[role] in (200, 302), role == "brigade"))
    answers = {
        method: ask(world, role, method, url) for method in ("post", "put", "patch", "delete") if method not in declared
    }
    assert set(answers.values()) <= {403, 404, 405}, answers


UNSAFE = sorted(name for name, routes in ROUTES.items() if any(route.method not in SAFE for route in routes))


@pytest.mark.parametrize("name", [*UNSAFE, "sign_in"])
def test_post_without_token_is_refused(world, name):
    for route in ROUTES[name]:
        url = address(world, name, route)
        role = None if name == "sign_in" else max(route.own, key=lambda role: route.own[role] in (200, 201, 204, 302))
        with undone():
            method = "post" if route.method in SAFE else route.method
            sending = getattr(world.client(role, enforce_csrf_checks=True), method)
            answer = sending(url, route.data(world, world.own), **route.sent)
        assert answer.status_code == 403, url


POSTED = sorted(name for name in UNSAFE if any("content_type" not in route.sent for route in ROUTES[name]))


@pytest.mark.parametrize("name", POSTED)
def test_empty_form_is_answered_in_chinese(world, name):
    """What a page says of mistakes names no field by its identifier."""
    latin, places = re.compile(r"[A-Za-z]{2,}"), {"error-summary", "field__errors", "errorlist", "errornote"}
    for route in (route for route in ROUTES[name] if route.method == "post"):
        role = max(route.own, key=lambda role: route.own[role] in (200, 201, 204, 302))
        with undone(), translation.override("zh-hans"):
            answer = finished(world.client(role).post(address(world, name, route), {"sent": "1"}))
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            said = texts_of(answer.content.decode(), places)
            assert [text for text in said if latin.search(text)] == []


@pytest.mark.parametrize("name", sorted(name for name in ROUTES if name.endswith(("-list", "-detail"))))
def test_api_is_written_only_where_declared(world, name):
    url, declared = address(world, name, ROUTES[name][0]), {route.method for route in ROUTES[name]}
    for role in (Role.BRIGADE, Role.OFFICER):
        for method in {"post", "put", "patch", "delete"} - declared:
            assert ask(world, role, method, url) in (403, 405), (role, method)
