"""The API is what its OpenAPI schema says: thousands of requests made from it, every answer documented in it."""

import json
import logging
import re
from collections import Counter
from dataclasses import dataclass

import jsonschema
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from patrols.cases import Resolution, pause_case, refer_case, resolve_case
from patrols.models import Case
from tests.contracts.openapi import (
    Operation,
    addresses,
    bodies,
    document,
    json_schema,
    mostly,
    operations,
    resolved,
    validator,
    values,
)
from tests.contracts.routes import picture
from tests.contracts.world import Side, World, finished, make_case, undone
from xinjin.accounts.roles import Role

pytestmark = pytest.mark.django_db
CASES = 2_600
ROLES = (*[Role.OFFICER] * 8, Role.STATION_CLERK, Role.BRIGADE, Role.SECURITY_ADMIN, None)
JSON = "application/json"


def test_schema_is_valid_without_a_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_every_operation_is_described_and_documents_its_refusals():
    for operation in operations():
        answers = operation.spec["responses"]
        assert {"403", "406"} <= answers.keys(), operation
        assert operation.spec.get("description"), operation
        for status, answer in answers.items():
            if status >= "4":
                assert answer["description"], (operation, status)
                assert resolved(answer["content"][JSON]["schema"])["required"] == ["code", "detail", "errors"]


def test_examples_are_what_the_schema_allows():
    found = Counter()
    for operation in operations():
        places = [operation.spec.get("requestBody", {}), *operation.spec["responses"].values()]
        for content in (part.get("content", {}).get(JSON, {}) for part in places):
            for example in content.get("examples", {}).values():
                jsonschema.validate(example["value"], json_schema(content["schema"]))
                found[str(operation)] += 1
    assert found["visits_create"] >= 3
    assert found["visits_partial_update"] >= 3


def keys_of(world: World) -> dict[str, list]:
    """Keys of rows by the first part of their address: own ones more than others."""
    sides = (world.own, world.own, world.own, world.near, world.foreign)
    return {
        "visits": [visit.pk for side in sides for visit in (side.draft, side.visit)],
        "photos": [photo.pk for side in sides for photo in (side.draft_photo, side.photo)],
        "cases": [
            *Case.objects.filter(village=world.own.village).order_by("serial").values_list("pk", flat=True),
            *(side.case.pk for side in (world.own, world.near, world.foreign)),
        ],
        "reports": [report.pk for side in sides for report in (side.weekly, side.draft_report)],
        "villages": [side.village.code for side in sides],
        "officers": [side.officer.number for side in sides],
        "assessments": [side.assessment.pk for side in sides],
        "bulletins": [world.issued.pk, world.draft_bulletin.pk],
    }


def move_cases(side: Side) -> None:
    """Cases of the village in other states than the open one that it has."""
    by, today = side.officer.user, timezone.localdate()
    referred, paused, resolved = (make_case(side.officer, side.village, side.household) for _ in range(3))
    refer_case(by=by, case=referred, revision=0, target="court", reason="起诉")
    pause_case(by=by, case=paused, revision=0, reason="等待")
    how = Resolution(today, outcome="settled", method="explanation", resolver="officer", result="已和解")
    resolve_case(by=by, case=resolved, revision=0, resolution=how)


def known_of(world: World) -> dict[str, list]:
    """Values that mean something, by the name of their field or parameter."""
    return {
        "village": [world.own.village.code, world.own.village.code, world.foreign.village.code],
        "officer": [world.own.officer.number],
        "companions": [world.own.people.auxiliaries[1].number],
        "visited_on": [world.own.visit.visited_on.isoformat()],
        "started_at": ["13:00", "14:00"],
        "ended_at": ["15:00", "16:00"],
        "revision": [0, 1],
        "id": [str(world.own.draft.pk), str(world.foreign.draft.pk)],
        "category": ["neighbours", "other"],
        "household": ["", f"{world.own.household.address} {world.own.household.head_name}"],
        **{name: [timezone.localdate().isoformat()] for name in DAYS},
        "period": ["2026-W07", "2026-03", "2026-Q1", "2026-Q9"],
    }


DAYS = ("happened_on", "opened_on", "answered_on", "resolved_on", "done_on")
LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=120)
HEADERS = {
    "If-Match": mostly(st.sampled_from(['"0"', '"0"', '"1"', "*"]), LATIN),
    "Idempotency-Key": mostly(st.sampled_from(["key", "018f3b9e-0000-4000-8000-000000000001"]), LATIN),
}


def contents(operation: Operation, world: World, known: dict) -> st.SearchStrategy:
    """(body, its type): as documented, spoilt, of another type, or no text at all."""
    documented = operation.body()
    if documented is None:
        return st.just((b"", JSON))
    raw = st.tuples(st.binary(max_size=40), st.sampled_from((JSON, MULTIPART_CONTENT)))
    if documented[0] == JSON:
        right = bodies(values(documented[1], known)).map(lambda sent: json.dumps(sent).encode())
        return mostly(st.tuples(right, st.just(JSON)), st.tuples(right, st.just("text/plain")), raw)
    files = st.one_of(
        st.builds(lambda: picture(world, world.own)["photo"]),
        st.binary(max_size=40).map(lambda sent: SimpleUploadedFile("x.jpg", sent)),
        st.text(max_size=3),
    )
    sent = st.tuples(files, st.sampled_from(({}, {}, {"x": "y"}))).map(
        lambda made: (encode_multipart(BOUNDARY, {"photo": made[0], **made[1]}), MULTIPART_CONTENT)
    )
    return mostly(sent, raw)


@dataclass(frozen=True)
class Asked:
    """A request made from the schema."""

    operation: Operation
    url: str
    content: tuple[bytes, str]
    headers: dict[str, str]
    role: str | None


def cases(operation: Operation, world: World) -> st.SearchStrategy:
    known = known_of(world)
    named = {given["name"]: HEADERS[given["name"]] for given in operation.parameters("header")}
    return st.builds(
        Asked,
        st.just(operation),
        addresses(operation, known, keys_of(world)),
        contents(operation, world, known),
        mostly(st.fixed_dictionaries(named), st.just({})),
        st.sampled_from(ROLES),
    )


def wrong_with(operation: Operation, response) -> str | None:
    """What the schema does not say about an answer."""
    status = response.status_code
    if status >= 500 or str(status) not in operation.spec["responses"]:
        return f"answered {status}: {response.content[:300]!r}"
    check = validator(operation, status)
    if check is None or not response.headers.get("Content-Type", "").startswith(JSON):
        return None  # a file, nothing, or an address that is none at all
    error = next(check.iter_errors(response.json()), None)
    return error and f"answered {status} otherwise than documented: {error.message} at {error.json_path}"


def test_thousands_of_requests_get_documented_answers(world, caplog):
    move_cases(world.own)
    caplog.set_level(logging.CRITICAL, logger="django.request")
    asked, answered = Counter(), Counter()
    clients = {role: world.client(role) for role in ROLES}
    # What changes something is asked more often than what is only read.
    made = [cases(operation, world) for operation in operations() for _ in range(1 if operation.method == "get" else 2)]

    @settings(
        max_examples=CASES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.one_of(made))
    def ask(case):
        with undone():
            sending = clients[case.role].generic
            response = finished(sending(case.operation.method.upper(), case.url, *case.content, headers=case.headers))
        asked[str(case.operation)] += 1
        answered[response.status_code] += 1
        assert wrong_with(case.operation, response) is None

    ask()
    assert sum(asked.values()) >= 2_000
    assert min(asked.values()) >= 15, asked
    assert len(asked) == len(operations())
    # Requests of every fate were among them: accepted, refused in each way, too late.
    assert min(answered[status] for status in (200, 201, 204, 400, 403, 404, 409, 412, 415, 428)) >= 3, answered
    print(sorted(answered.items()), sum(asked.values()))


def test_schema_names_only_what_is_there():
    assert {path for path in document()["paths"] if not path.startswith("/api/v1/")} == set()


def test_asking_what_an_address_can_do_is_answered_calmly(world):
    rows = keys_of(world)
    for path in {operation.path for operation in operations()}:
        kind = path.removeprefix("/api/v1/").partition("/")[0]
        url = re.sub(r"\{\w+\}", str(rows[kind][0]), path)
        for role in (Role.OFFICER, Role.BRIGADE, None):
            assert world.client(role).options(url).status_code in (200, 403), (url, role)
