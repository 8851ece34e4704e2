"""Row rights: one table answers "which rows?" and "this row?" for pages, admin, API, exports and media alike.

Each app's access.py registers `{(Model, action): {role: scope}}`, where a scope is a function `user → Q`. Scopes are
Q expressions and include the record's state, so that a list, a button, a POST and the API cannot disagree.
"""

from collections.abc import Callable, Mapping
from typing import Any, Self

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.db.models.sql import Query
from django.shortcuts import get_object_or_404

Scope = Callable[[Any], Q]
Table = Mapping[tuple[type[models.Model], str], Mapping[Any, Scope]]

RULES: dict[tuple[type[models.Model], str], Mapping[str, Scope]] = {}


def register(table: Table) -> None:
    """Adds an app's declarations; a pair declared twice is a mistake."""
    for pair, scopes in table.items():
        if pair in RULES:
            raise ValueError(f"rights of {pair} are declared twice")
        RULES[pair] = scopes


def everything(user: Any) -> Q:
    """The scope of those who work for the whole bureau."""
    return Q()


def allows(user: Any, model: type[models.Model], action: str) -> bool:
    """Whether any role of the user has `action` on the model at all."""
    return bool(user.roles & RULES.get((model, action), {}).keys())


def scope(user: Any, model: type[models.Model], action: str) -> Q | None:
    """The rows on which the user may do `action`; None when no role of his may do it on any row."""
    scopes = RULES.get((model, action), {})
    found = [scopes[role](user) for role in sorted(user.roles & scopes.keys())]
    if not found:
        return None
    if not all(found):  # an empty Q is every row
        return Q()
    union = found[0]
    for part in found[1:]:
        union |= part
    return union


def multiplies(model: type[models.Model], rows: Q) -> bool:
    """Whether a condition joins something of which a row may have several, so that the row would come several times."""
    for part in rows.children:
        if isinstance(part, Q):
            if multiplies(model, part):
                return True
        elif isinstance(part, tuple):
            path = Query(model).names_to_path(part[0].split("__"), model._meta)[0]
            if any(step.m2m for step in path):
                return True
    return False


class ScopedQuerySet(models.QuerySet):
    """The queryset of every model of ours: `Model.objects.allowed(user, "review")`."""

    def allowed(self, user: Any, action: str = "view") -> Self:
        """The rows on which the user may do `action`."""
        rows = scope(user, self.model, action)
        if rows is None:
            return self.none()
        if not rows:
            return self
        if not multiplies(self.model, rows):
            return self.filter(rows)
        # By subquery: the joins of a scope can then neither double rows nor meet the caller's joins.
        return self.filter(pk__in=self.model._base_manager.filter(rows).values("pk"))


def get_allowed(user: Any, rows: models.QuerySet | type[models.Model], action: str = "view", **lookup: Any) -> Any:
    """The row by `lookup` for `action`: 404 when the user may not see it, 403 when he may see it but not do this."""
    queryset: Any = rows._default_manager.all() if isinstance(rows, type) else rows
    obj = get_object_or_404(queryset.allowed(user, "view"), **lookup)
    if action != "view" and not type(obj)._default_manager.allowed(user, action).filter(pk=obj.pk).exists():
        raise PermissionDenied
    return obj
