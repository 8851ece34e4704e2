"""The rights table in words: made from the table itself, so that the document cannot say anything else."""

import importlib
import inspect
from typing import Any

from django.db import models

from xinjin.access.engine import RULES, Scope

EVERYTHING = "all"


def first_line(text: str | None) -> str:
    """The first sentence of a docstring without its full stop."""
    line = (text or "").strip().split("\n")[0].rstrip(".").replace(" (at `path`)", "")
    return line.replace("|", "\\|")


def scope_in_words(scope: Scope) -> str:
    """What a scope admits: its docstring, or that of the function which made it, with the scope that it narrows."""
    name = getattr(scope, "__qualname__", "")
    if name == "everything":
        return EVERYTHING
    if text := first_line(scope.__doc__):
        return text
    maker = name.split(".")[0]
    text = first_line(getattr(getattr(importlib.import_module(scope.__module__), maker, None), "__doc__", None))
    return "; in scope: ".join([text or _source(scope), *map(scope_in_words, _parts(scope))])


def _parts(scope: Scope) -> list[Scope]:
    """The scope that another one narrows; by convention its maker calls it `scope`."""
    inner = inspect.getclosurevars(scope).nonlocals
    return [inner["scope"]] if "scope" in inner else []


def _source(scope: Scope) -> str:
    """A scope written in place has no docstring; its condition stands for it."""
    source = inspect.getsource(scope)
    start = source.index("lambda user: ") + len("lambda user: ")
    return f"`{_balanced(source[start:].strip())}`".replace("|", "\\|")


def _balanced(text: str) -> str:
    """`text` up to the bracket, comma or `for` that ends an expression."""
    depth = 0
    for position, character in enumerate(text):
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        if depth < 0 or (depth == 0 and (character == "," or text.startswith(" for ", position))):
            return text[:position]
    return text


def _groups(scopes: dict[str, Scope]) -> list[tuple[list[str], str]]:
    """[(roles, words)]: the roles that share a scope stand together, in the order of the table."""
    found: dict[str, list[str]] = {}
    for role, scope in scopes.items():
        found.setdefault(scope_in_words(scope), []).append(str(role))
    return [(roles, words) for words, roles in found.items()]


def access_document() -> str:
    """The Markdown of docs/access.md."""
    lines = [
        "# Who may do what",
        "",
        "Made by `manage.py access_matrix` from the `access.py` of each app; a test fails when it is stale. A role",
        "without a line for an action may not do it. Rows out of scope are not found (404); an action that is not the",
        "role's is refused (403).",
    ]
    declared: dict[type[models.Model], dict[str, Any]] = {}
    for (model, action), scopes in RULES.items():
        declared.setdefault(model, {})[action] = scopes
    for model in sorted(declared, key=lambda m: m._meta.label):
        lines += ["", f"## {model._meta.label}", "", "| action | roles | rows |", "| --- | --- | --- |"]
        for action, scopes in declared[model].items():
            lines += [f"| {action} | {', '.join(roles)} | {words} |" for roles, words in _groups(dict(scopes))]
    return "\n".join(lines) + "\n"
