"""The rights engine in class-based views."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from xinjin.access import engine


class AllowedRowsMixin:
    """A list or detail view over the rows that the signed-in user may `action`; roles without it get 403."""

    action = "view"
    model: Any
    request: Any

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not engine.allows(request.user, self.model, self.action):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().allowed(self.request.user, self.action)  # type: ignore[misc]
