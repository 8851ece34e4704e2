"""The rights engine in the API, and the one place where errors of verbs become HTTP answers."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from rest_framework import serializers, status, viewsets
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from xinjin.errors import Conflict


class ScopedReadViewSet(viewsets.ReadOnlyModelViewSet):
    """Lists and shows the rows that the user may view."""

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.allowed(self.request.user, "view")


def exception_handler(error: Exception, context: dict) -> Response | None:
    """400 with every message by field for a ValidationError of a verb, 409 for a Conflict; the rest as usual."""
    if isinstance(error, ValidationError):
        messages = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        error = serializers.ValidationError({k.replace("__all__", "non_field_errors"): v for k, v in messages.items()})
    if isinstance(error, Conflict):
        body = {"detail": error.message, "mine": error.mine, "theirs": error.theirs}
        return Response(body, status=status.HTTP_409_CONFLICT)
    return default_handler(error, context)
