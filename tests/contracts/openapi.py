"""The OpenAPI schema as a source of requests: what it allows, what it nearly allows, and what nobody would send."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import quote

import jsonschema
from drf_spectacular.generators import SchemaGenerator
from hypothesis import strategies as st

GARBAGE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.sampled_from([10**30, -1, 2**31, 2**63]), st.floats(allow_nan=False),
    st.text(max_size=20), st.sampled_from(["", "\x00", "𠮷䶮", "长" * 3000, "'\"><script>", "2026-02-30", "25:61"]),
    st.lists(st.integers(), max_size=2), st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)  # fmt: skip
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)


def mostly(right: st.SearchStrategy, *others: st.SearchStrategy) -> st.SearchStrategy:
    """One of `others` now and then. Each branch is a strategy of its own, as Hypothesis takes equal ones for one."""
    return st.one_of(*[right.map(lambda value: value) for _ in range(6)], *others)


@cache
def document() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    spec: dict[str, Any] = field(hash=False, compare=False)

    def __str__(self) -> str:
        return self.spec["operationId"]

    def parameters(self, place: str) -> list[dict[str, Any]]:
        return [given for given in self.spec.get("parameters", ()) if given["in"] == place]

    def body(self) -> tuple[str, dict[str, Any]] | None:
        """(content type, schema) of the first body documented."""
        content = self.spec.get("requestBody", {}).get("content", {})
        return next(((kind, given["schema"]) for kind, given in content.items()), None)

    def answer(self, status: int) -> dict[str, Any] | None:
        """The schema of a JSON answer with this status."""
        return self.spec["responses"][str(status)].get("content", {}).get("application/json", {}).get("schema")


@cache
def operations() -> list[Operation]:
    return [
        Operation(method, path, spec)
        for path, methods in document()["paths"].items()
        for method, spec in methods.items()
        if method in ("get", "post", "put", "patch", "delete")
    ]


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema itself, where a component or a single choice stands for it."""
    while True:
        if "$ref" in schema:
            schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        elif len(schema.get("allOf", ())) == 1:
            schema = schema["allOf"][0]
        else:
            return schema


def json_schema(schema: Any) -> Any:
    """As JSON Schema has it: what may be null says so by its type."""
    if isinstance(schema, list):
        return [json_schema(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return json_schema(resolved(schema))
    found = {name: json_schema(inner) for name, inner in schema.items() if name not in ("nullable", "readOnly")}
    return {"anyOf": [found, {"type": "null"}]} if schema.get("nullable") else found


def values(schema: dict[str, Any], known: dict[str, list[Any]], name: str = "") -> st.SearchStrategy:
    """Values that the schema allows; `known` gives some by the name of the field that mean something."""
    schema = resolved(schema)
    made = _made(schema, known, name)
    if name not in known:
        return made
    return mostly(st.sampled_from(known[name]), made)


def _made(schema: dict[str, Any], known: dict[str, list[Any]], name: str) -> st.SearchStrategy:
    kind = schema.get("type")
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if kind == "object":
        return _objects(schema, known)
    if kind == "array":
        most = min(schema.get("maxItems", 3), 3)
        return st.lists(values(schema["items"], known, name), max_size=most)
    if kind == "integer":
        return st.integers(schema.get("minimum", 0), schema.get("maximum", 1000))
    if kind == "boolean":
        return st.booleans()
    if schema.get("format") == "date":
        return st.dates().map(str)
    if schema.get("format") == "time":
        return st.times().map(lambda time: f"{time:%H:%M}")
    if schema.get("format") == "uuid":
        return st.uuids().map(str)
    return WORDS.map(lambda text: text[: schema.get("maxLength", 12)])


def _objects(schema: dict[str, Any], known: dict[str, list[Any]]) -> st.SearchStrategy:
    fields = {name: values(inner, known, name) for name, inner in schema.get("properties", {}).items()}
    needed = {name: fields.pop(name) for name in schema.get("required", ()) if name in fields}
    return st.fixed_dictionaries(needed, optional=fields)


@st.composite
def bodies(draw: Any, right: st.SearchStrategy) -> Any:
    """A body as the schema has it (`right`), or with one thing wrong somewhere."""
    body = draw(right)
    if draw(st.integers(0, 2)):
        return body
    spoilt = draw(st.sampled_from(("whole", "field", "field", "extra", "missing", "row")))
    names = sorted(body) if isinstance(body, dict) else []
    if spoilt == "whole" or not names:
        return draw(GARBAGE)
    name = draw(st.sampled_from(names))
    if spoilt == "extra":
        return {**body, draw(st.sampled_from(("state", "officer", "\x00", "pk", "长" * 300))): draw(GARBAGE)}
    if spoilt == "missing":
        return {key: value for key, value in body.items() if key != name}
    if spoilt == "row" and isinstance(body[name], list):
        return {**body, name: [*body[name], draw(GARBAGE)]}
    return {**body, name: draw(GARBAGE)}


def addresses(operation: Operation, known: dict[str, list[Any]], rows: dict[str, list[Any]]) -> st.SearchStrategy:
    """The path of a row, known or not, with some parameters, right or wrong."""
    kind = operation.path.removeprefix("/api/v1/").partition("/")[0]
    keys = mostly(st.sampled_from(rows[kind]), st.uuids(), WORDS)
    parts = {given["name"]: keys for given in operation.parameters("path")}
    options = {
        given["name"]: st.one_of(values(given["schema"], known, given["name"]), GARBAGE)
        for given in operation.parameters("query")
    }

    def join(made: tuple[dict[str, Any], dict[str, Any]]) -> str:
        path = operation.path
        for name, key in made[0].items():
            path = path.replace("{" + name + "}", quote(str(key), safe=""))
        query = "&".join(f"{quote(name)}={quote(str(value), safe='')}" for name, value in made[1].items())
        return f"{path}?{query}"

    return st.tuples(st.fixed_dictionaries(parts), st.fixed_dictionaries({}, optional=options)).map(join)


@cache
def validator(operation: Operation, status: int) -> jsonschema.Draft202012Validator | None:
    """What checks the JSON answer with this status; None when it is no JSON."""
    schema = operation.answer(status)
    return schema and jsonschema.Draft202012Validator(json_schema(schema))
