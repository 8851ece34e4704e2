"""The OpenAPI schema as a source of requests: what it allows, what it nearly allows, and what nobody would send."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import quote

from drf_spectacular.generators import SchemaGenerator
from hypothesis import strategies as st

GARBAGE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.sampled_from([10**30, -1, 2**31, 2**63]), st.floats(allow_nan=False),
    st.text(max_size=20), st.sampled_from(["", "\x00", "𠮷䶮", "长" * 3000, "'\"><script>", "2026-02-30", "25:61"]),
    st.lists(st.integers(), max_size=2), st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)  # fmt: skip
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)


@cache
def document() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    spec: dict[str, Any] = field(hash=False)

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
    return st.one_of(st.sampled_from(known[name]), made) if name in known else made


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
def bodies(draw: Any, schema: dict[str, Any], known: dict[str, list[Any]]) -> Any:
    """A body as the schema has it, or with one thing wrong somewhere."""
    body = draw(values(schema, known))
    if not draw(st.booleans()):
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


@st.composite
def addresses(draw: Any, operation: Operation, known: dict[str, list[Any]], rows: dict[str, list[Any]]) -> str:
    """The path of a row, known or not, with some parameters, right or wrong."""
    path = operation.path
    kind = path.removeprefix("/api/v1/").partition("/")[0]
    for given in operation.parameters("path"):
        key = draw(st.one_of(st.sampled_from(rows[kind]), st.sampled_from(rows[kind]), st.uuids(), WORDS))
        path = path.replace("{" + given["name"] + "}", quote(str(key), safe=""))
    query = []
    for given in operation.parameters("query"):
        if draw(st.integers(0, 3)) == 0:
            value = draw(st.one_of(values(given["schema"], known, given["name"]), GARBAGE))
            query.append(f"{quote(given['name'])}={quote(str(value), safe='')}")
    return f"{path}?{'&'.join(query)}"
