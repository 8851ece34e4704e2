"""Every refusal of the API in one shape, in the user's language: a code, a sentence, and all mistakes by field.

Fields of rows are named by their path: "calls.0.household". A Conflict also carries both texts by the label of the
field, so that nothing typed is lost.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, SuspiciousOperation, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from xinjin.access.parsing import TooLarge
from xinjin.errors import Conflict
from xinjin.idempotency.replay import KeyReused

WHOLE = "non_field_errors"
ROW = re.compile(r"-(\d+)-")  # as verbs name a field of a row: "calls-0-household"


class ProblemSerializer(serializers.Serializer):
    """What is wrong with a request."""

    code = serializers.CharField(help_text="For programs: stable, whatever the language.")
    detail = serializers.CharField(help_text="For people: one sentence in the language of the session.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        help_text='Messages by the path of the field, such as "calls.0.household"; empty when no field is to blame.',
    )
    mine = serializers.DictField(
        child=serializers.CharField(allow_blank=True), required=False, help_text="After a conflict: what was sent."
    )
    theirs = serializers.DictField(
        child=serializers.CharField(allow_blank=True), required=False, help_text="After a conflict: what is stored."
    )
    state = serializers.CharField(required=False, help_text="After a conflict: the state of the record now.")


class Stale(Conflict):
    """A Conflict about the revision that the sender named in If-Match: HTTP 412."""


class PreconditionRequired(exceptions.APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = gettext_lazy("Say which revision you have seen: If-Match with the ETag, or the field revision.")
    default_code = "precondition_required"


def exception_handler(error: Exception, context: dict) -> Response | None:
    """The answer to whatever an API view raises; None for what nobody foresaw."""
    if isinstance(error, Conflict):
        return _conflict(error)
    if isinstance(error, KeyReused):
        sentence = _("This key belongs to another request. Send a new one for a new request.")
        return _problem(status.HTTP_422_UNPROCESSABLE_ENTITY, "key_reused", sentence)
    if isinstance(error, ValidationError):
        found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        errors = {ROW.sub(r".\1.", WHOLE if name == NON_FIELD_ERRORS else name): said for name, said in found.items()}
        return _invalid(errors)
    if isinstance(error, exceptions.ValidationError):
        return _invalid(by_path(error.detail))
    if isinstance(error, SuspiciousOperation):
        error = TooLarge()  # what Django calls so while reading a body: too much of it, or too many parts
    if isinstance(error, Http404):
        error = exceptions.NotFound()  # Django's own sentence names a class of ours
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    response = default_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    code, sentence = error.get_codes(), response.data["detail"]
    if str(sentence).startswith("CSRF Failed"):
        code, sentence = "csrf", _("The security token is missing or wrong: send the cookie's value as X-CSRFToken.")
    response.data = _body(str(code), str(sentence), {})
    return response


def by_path(detail: Any) -> dict[str, list[str]]:
    """{path: messages} of nested messages as serializers raise them."""
    found: dict[str, list[str]] = {}
    for path, message in _leaves(detail, ()):
        found.setdefault(".".join(path) or WHOLE, []).append(message)
    return found


def _leaves(detail: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _leaves(inner, path if name == WHOLE and path else (*path, str(name)))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            yield from _leaves(inner, (*path, str(number)) if isinstance(inner, dict) else path)
    else:
        yield path, str(detail)


def _body(code: str, sentence: str, errors: dict[str, list[str]]) -> dict[str, Any]:
    return {"code": code, "detail": sentence, "errors": errors}


def _problem(status_code: int, code: str, sentence: str, errors: dict[str, list[str]] | None = None) -> Response:
    return Response(_body(code, sentence, errors or {}), status=status_code)


def _invalid(errors: dict[str, list[str]]) -> Response:
    return _problem(status.HTTP_400_BAD_REQUEST, "invalid", _("Please correct the fields named."), errors)


def _conflict(error: Conflict) -> Response:
    is_stale = isinstance(error, Stale)
    status_code = status.HTTP_412_PRECONDITION_FAILED if is_stale else status.HTTP_409_CONFLICT
    response = _problem(status_code, "stale" if is_stale else "conflict", str(error.message))
    response.data |= {"mine": error.mine, "theirs": error.theirs}
    if error.state:
        response.data["state"] = error.state
    return response
