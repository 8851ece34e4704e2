"""The rights engine as a DRF permission."""

from typing import Any

from rest_framework import permissions

from xinjin.access import engine

ACTIONS = {"list": "view", "retrieve": "view", "metadata": "view", "create": "add", None: "view"}


class RightsPermission(permissions.IsAuthenticated):
    """Refuses roles that may not do the action on any row (403).

    An act on one row asks here only whether the role sees such rows at all; its view then fetches the row for that act
    (`engine.get_allowed`), so that a row out of scope is not found (404) before it is refused (403).
    """

    def has_permission(self, request: Any, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        queryset = getattr(view, "queryset", None)
        if queryset is None:
            return True
        model = getattr(view, "rights_model", queryset.model)
        action = "view" if getattr(view, "detail", False) else ACTIONS.get(view.action, view.action)
        return engine.allows(request.user, model, action)
