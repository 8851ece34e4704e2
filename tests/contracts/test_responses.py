"""What holds for every answer: strict headers, nothing inline, nothing from outside, no resident for outsiders."""

import csv
import re
import zipfile
from io import BytesIO, StringIO

import django_filters
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from tests.contracts.html import Inspector
from tests.contracts.routes import ROUTES, Route, issued, month, unissued
from tests.contracts.test_matrix import address
from tests.contracts.world import HEAD_NAME, PHONE, World, finished, undone
from villages.masking import mask_name
from xinjin.accounts.roles import BUREAU_WIDE, SEPARATED, STATION, Role

pytestmark = pytest.mark.django_db

READ = sorted(name for name, routes in ROUTES.items() if any(route.method == "get" for route in routes))
# One of each way of seeing: the village's own people, and those who look at it from outside.
OWN_PEOPLE = (Role.OFFICER, Role.STATION_CHIEF)
LOOKING_IN = (Role.UNIT_LEADER, Role.BRIGADE, Role.SYSTEM_ADMIN)
OUTSIDERS = (Role.UNIT_LEADER, *BUREAU_WIDE, *SEPARATED)
# A picture may stay in the browser that was allowed to show it.
MAY_BE_KEPT = {"photo_file", "photo_small", "photo-file"}
WRITES = re.compile(r"^\s*(INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\s+\"?(\w+)", re.I)
MAY_WRITE = {"audit_event", "django_session", "accounts_user"}


def get_routes(name: str) -> list[Route]:
    return [route for route in ROUTES[name] if route.method == "get"]


def answers(world: World, name: str, roles: tuple[str, ...], sides: tuple[str, ...] = ("own", "foreign")):
    """(role, side, response) of every GET of the address that is declared to answer 200."""
    for route in get_routes(name):
        for side, expected in route.sides().items():
            for role in roles:
                if side in sides and expected[role] == 200:
                    with undone():
                        yield role, side, finished(world.client(role).get(address(world, name, route, side)))


def text_of(response) -> str:
    """Everything that a person could read in the answer, whatever the file format."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.headers["Content-Type"]
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(BytesIO(body)) as parts:
            return "".join(
                re.sub(r"<[^>]+>", "", parts.read(part).decode(errors="ignore")) for part in parts.namelist()
            )
    if kind.startswith("application/pdf"):
        return "".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)
    return body.decode("utf-8", errors="replace")


def directives(header: str) -> dict[str, list[str]]:
    parts = [part.split() for part in header.split(";") if part.strip()]
    return {words[0]: words[1:] for words in parts}


def check_headers(response, *, private: bool) -> list[str]:
    """What is wrong with the headers of an answer."""
    wrong = []
    policy = directives(response.headers.get("Content-Security-Policy", ""))
    if policy.get("default-src") != ["'self'"]:
        wrong.append(f"default-src {policy.get('default-src')}")
    allowed = {"'self'", "'none'", "data:", "blob:"}
    wrong += [f"{name} {source}" for name, given in policy.items() for source in given if source not in allowed]
    if not {"object-src", "base-uri", "frame-ancestors", "form-action"} <= policy.keys():
        wrong.append(f"policy {sorted(policy)}")
    if response.headers.get("X-Content-Type-Options") != "nosniff":
        wrong.append("sniffable")
    if private and "no-store" not in response.headers.get("Cache-Control", ""):
        wrong.append(f"kept: {response.headers.get('Cache-Control')}")
    return wrong


def check_page(response) -> list[str]:
    """What is wrong with a page of HTML."""
    if not response.headers["Content-Type"].startswith("text/html"):
        return []
    page = Inspector(response.content.decode())
    return page.found + ([] if page.lang == "zh-Hans" else [f"lang {page.lang}"])


def faults(response, *, private: bool = True) -> list[str]:
    return check_headers(response, private=private) + check_page(response)


@pytest.mark.parametrize("name", READ)
def test_answer_to_own_people_is_strict_private_and_chinese(world, name):
    for role, side, response in answers(world, name, OWN_PEOPLE):
        assert response.status_code == 200
        assert faults(response, private=name not in MAY_BE_KEPT) == [], (role, side)


@pytest.mark.parametrize("name", READ)
def test_answer_to_outsiders_is_strict_too_and_masks_residents(world, name):
    for role, side, response in answers(world, name, LOOKING_IN):
        assert response.status_code == 200
        assert faults(response, private=name not in MAY_BE_KEPT) == [], (role, side)
        text = text_of(response)
        shown = [secret for secret in (HEAD_NAME, PHONE, "zhaodute") if secret in text]
        assert shown == [], (role, side, response.request["PATH_INFO"])


@pytest.mark.parametrize("role", [Role.OFFICER, *STATION])
def test_resident_is_shown_to_the_villages_own_people(world, role):
    url = reverse("village_detail", args=[world.own.village.code])
    assert HEAD_NAME in world.client(role).get(url).content.decode()
    found = world.client(role).get(reverse("household_search", args=[world.own.village.code]), {"q": "zhao"})
    assert HEAD_NAME in str(found.json())


@pytest.mark.parametrize("role", [Role.UNIT_LEADER, Role.BRIGADE])
def test_masked_reader_cannot_guess_a_name(world, role):
    """The search must not answer what the mask hides."""
    url = reverse("household_search", args=[world.own.village.code])
    client = world.client(role)
    assert mask_name(HEAD_NAME) in str(client.get(url).json())
    for guess in (HEAD_NAME, HEAD_NAME[:2], "zhaodute", "zdt", PHONE, PHONE[-4:]):
        assert client.get(url, {"q": guess}).json() == []


def test_resident_is_masked_in_every_document(world):
    client = world.client(Role.BRIGADE)
    for name, kwargs in (("month_download", month), ("bulletin_download", issued), ("bulletin_download", unissued)):
        for file_format in ("xlsx", "csv", "docx", "pdf"):
            url = reverse(name, kwargs={**kwargs(world, world.own), "file_format": file_format})
            response = client.get(url)
            assert response.status_code == 200
            assert check_headers(response, private=True) == []
            text = text_of(response)
            assert HEAD_NAME not in text
            assert PHONE not in text
            if file_format == "csv":
                assert len(list(csv.reader(StringIO(text)))) > 1


@pytest.mark.parametrize("name", READ)
def test_reading_writes_nothing_but_the_trail(world, name):
    for route in get_routes(name):
        role = max(route.own, key=lambda role: (route.own[role] in (200, 302), role == "brigade"))
        with (
            undone(),
            CaptureQueriesContext(
                connection,
            ) as captured,
        ):
            finished(world.client(role).get(address(world, name, route)))
        written = [match[2] for query in captured if (match := WRITES.match(query["sql"]))]
        assert set(written) <= MAY_WRITE, role


# --- garbage in the query string
def _filter_names(base=django_filters.FilterSet) -> set[str]:
    names = set(getattr(base, "base_filters", ()))
    return names.union(*(_filter_names(child) for child in base.__subclasses__()))


LONG = "长" * 3000
GARBAGE = ("\x00", LONG, "9" * 23, "'\"><script>%00")
PERIODS = ("2026-Q9", "2026-W99", "0000", "9999-W53", "2099-12", "1999-01", "２０２６-03", "\x00", LONG)
PAGES = ("999999", "abc", "-1", "\x00")


def garbage() -> list[dict[str, str]]:
    known = _filter_names() | {"q", "sort", "next", "state", "week"}
    return [
        *({name: value for name in known} for value in GARBAGE),
        *({"page": value} for value in PAGES),
        *({name: value} for name in ("format", "version") for value in ("\x00", "exe")),
    ]


@pytest.mark.parametrize("url", ["/coverage/", "/reports/", "/api/v1/reports/", "/coverage/?format=csv"])
def test_garbage_as_a_period_is_answered_calmly(world, url):
    for value in PERIODS:
        with undone():
            assert world.client(Role.BRIGADE).get(url, query_params={"period": value}).status_code < 500, value[:20]


LISTS = sorted(name for name in READ if ROUTES[name][0].foreign is None and ROUTES[name][0].stranger != 200)


@pytest.mark.parametrize("name", sorted({*LISTS, "village_detail", "household_search", "scorecard", "evidence"}))
def test_garbage_in_the_address_is_answered_calmly(world, name):
    route = get_routes(name)[0]
    role = max(route.own, key=lambda role: (route.own[role] == 200, role == "brigade"))
    client, url = world.client(role), address(world, name, route).partition("?")[0]
    for query in garbage():
        with undone():
            assert client.get(url, query).status_code < 500, {key: value[:20] for key, value in query.items()}


NOT_A_KEY = ("2026-Q9", "2026-13", "0000-01", "99999-01", "x" * 300, "２０２６-03", "%00", "..", "2026-W60")


@pytest.mark.parametrize(
    "pattern",
    [
        "/assessments/{}/", "/assessments/{}/T1/", "/assessments/{}.csv", "/assessments/{}/T1/A1/",
        "/assessments/{}/sign-month/", "/assessments/{}/lock-month/", "/assessments/{}/T1/trend.svg",
        "/bulletins/{}/", "/bulletins/{}.pdf", "/villages/{}/", "/villages/{}/households/",
        "/villages/{}/journal/", "/villages/{}/phones/", "/officers/{}/",
        "/coverage/510900000001/{}/", "/jobs/{}/", "/jobs/{}/result/",
        "/visits/{}/", "/reports/{}/", "/photos/{}/", "/inbox/{}/read/", "/api/v1/visits/{}/", "/api/v1/villages/{}/",
        "/api/v1/officers/{}/", "/api/v1/assessments/{}/", "/api/v1/bulletins/{}/", "/api/v1/reports/{}/",
    ],
)  # fmt: skip
def test_address_with_a_nonsense_key_is_not_found(world, pattern):
    client = world.client(Role.BRIGADE)
    for key in (*NOT_A_KEY, "99999999999999999999999"):
        with undone():
            assert client.get(pattern.format(key)).status_code in (404, 405), key


def test_future_period_is_a_message_not_a_mistake(world):
    client = world.client(Role.BRIGADE)
    for url in ("/coverage/?period=2099-Q4", "/coverage/?period=2098", "/assessments/2099-12/", "/bulletins/2099-Q4/"):
        assert client.get(url).status_code == 200, url


@pytest.mark.parametrize("status", [403, 404])
def test_page_of_an_error_is_as_strict_as_the_others(world, status):
    role = Role.OFFICER if status == 403 else Role.BRIGADE
    response = world.client(role).get("/overview/" if status == 403 else "/nowhere/")
    assert response.status_code == status
    assert faults(response) == []
