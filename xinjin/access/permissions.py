"""The rights engine as a DRF permission."""

from typing import Any

from rest_framework import permissions

from xinjin.access import engine

ACTIONS = {"list": "view", "retrieve": "view", "metadata": "view", None: "view"}


class RightsPermission(permissions.IsAuthenticated):
    """Refuses roles that may not do the action on any row (403); rows out of scope are not found (404)."""

    def has_permission(self, request: Any, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        queryset = getattr(view, "queryset", None)
        if queryset is None:
            return True
        action = ACTIONS.get(view.action, view.action)
        return engine.allows(request.user, queryset.model, action)
