"""The API is what its OpenAPI schema says: thousands of requests made from it, every answer documented in it."""

import json
import logging
from collections import Counter

import jsonschema
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.contracts.openapi import (
    GARBAGE,
    Operation,
    addresses,
    bodies,
    document,
    json_schema,
    operations,
    resolved,
)
from tests.contracts.routes import picture
from tests.contracts.world import World, finished, undone
from xinjin.accounts.roles import Role

pytestmark = pytest.mark.django_db
CASES = 2_200
ROLES = (Role.OFFICER, Role.OFFICER, Role.OFFICER, Role.STATION_CLERK, Role.BRIGADE, Role.SECURITY_ADMIN, None)
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
    """Keys of rows by the first part of their address: own, near and foreign."""
    sides = (world.own, world.near, world.foreign)
    return {
        "visits": [visit.pk for side in sides for visit in (side.draft, side.visit)],
        "photos": [photo.pk for side in sides for photo in (side.draft_photo, side.photo)],
        "reports": [report.pk for side in sides for report in (side.weekly, side.draft_report)],
        "villages": [side.village.code for side in sides],
        "officers": [side.officer.number for side in sides],
        "assessments": [side.assessment.pk for side in sides],
        "bulletins": [world.issued.pk, world.draft_bulletin.pk],
    }


def known_of(world: World) -> dict[str, list]:
    """Values that mean something, by the name of their field or parameter."""
    return {
        "village": [world.own.village.code, world.foreign.village.code],
        "officer": [world.own.officer.number],
        "companions": [world.own.people.auxiliaries[1].number],
        "visited_on": [world.own.visit.visited_on.isoformat()],
        "revision": [0, 1],
        "id": [str(world.own.draft.pk), str(world.foreign.draft.pk)],
        "period": ["2026-W07", "2026-03", "2026-Q1", "2026-Q9"],
    }


def headers_of(draw, operation: Operation) -> dict[str, str]:
    found = {}
    latin = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=120)
    for given_header in operation.parameters("header"):
        right = {"If-Match": ['"0"', '"1"', "*"], "Idempotency-Key": ["key", "018f3b9e-0000-4000-8000-000000000001"]}
        if draw(st.integers(0, 3)):
            found[given_header["name"]] = draw(st.one_of(st.sampled_from(right[given_header["name"]]), latin))
    return found


def content_of(draw, operation: Operation, world: World, known: dict) -> tuple[bytes, str]:
    """The body and its type: as documented, spoilt, of another type, or no text at all."""
    documented = operation.body()
    if documented is None:
        return b"", JSON
    kind, schema = documented
    way = draw(st.sampled_from(("right", "right", "right", "right", "right", "raw", "other type")))
    if way == "raw":
        return draw(st.binary(max_size=40)), draw(st.sampled_from((JSON, MULTIPART_CONTENT)))
    if kind == "multipart/form-data":
        files = [picture(world, world.own)["photo"], SimpleUploadedFile("x.jpg", draw(st.binary(max_size=40)))]
        sent = {"photo": draw(st.sampled_from(files)), **draw(st.sampled_from(({}, {}, {"x": "y"})))}
        return encode_multipart(BOUNDARY, sent), MULTIPART_CONTENT if way == "right" else JSON
    sent = draw(st.one_of(bodies(schema, known), GARBAGE) if way == "other type" else bodies(schema, known))
    return json.dumps(sent).encode(), JSON if way == "right" else "text/plain"


def wrong_with(operation: Operation, response) -> str | None:
    """What the schema does not say about an answer."""
    status = response.status_code
    if status >= 500 or str(status) not in operation.spec["responses"]:
        return f"answered {status}: {response.content[:300]!r}"
    schema = operation.answer(status)
    if schema is None or not response.headers.get("Content-Type", "").startswith(JSON):
        return None  # a file, nothing, or an address that is none at all
    try:
        jsonschema.validate(response.json(), json_schema(schema))
    except jsonschema.ValidationError as error:
        return f"answered {status} otherwise than documented: {error.message} at {error.json_path}"
    return None


def test_thousands_of_requests_get_documented_answers(world, caplog):
    caplog.set_level(logging.CRITICAL, logger="django.request")
    asked, answered = Counter(), Counter()
    rows, known = keys_of(world), known_of(world)
    clients = {role: world.client(role) for role in ROLES}

    @settings(
        max_examples=CASES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.data())
    def ask(data):
        operation = data.draw(st.sampled_from(operations()))
        url = data.draw(addresses(operation, known, rows))
        body, kind = content_of(data.draw, operation, world, known)
        headers = headers_of(data.draw, operation)
        client = clients[data.draw(st.sampled_from(ROLES))]
        with undone():
            response = finished(client.generic(operation.method.upper(), url, body, kind, headers=headers))
        asked[str(operation)] += 1
        answered[response.status_code] += 1
        assert wrong_with(operation, response) is None, (operation.method, url, body, headers)

    ask()
    assert sum(asked.values()) >= 2_000
    assert min(asked.values()) >= 20, asked
    assert len(asked) == len(operations())
    # Requests of every fate were among them: accepted, refused in each way, too late.
    assert {200, 201, 204, 400, 403, 404, 409, 412, 415, 428} <= answered.keys(), answered
    print(sorted(answered.items()), sum(asked.values()))


def test_schema_names_only_what_is_there():
    assert {path for path in document()["paths"] if not path.startswith("/api/v1/")} == set()
