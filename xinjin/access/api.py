"""The rights engine in the API; what is sent is taken at its word or refused, never partly dropped."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _
from rest_framework import serializers, viewsets
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from xinjin.access.answers import PreconditionRequired, Stale
from xinjin.errors import Conflict
from xinjin.idempotency.replay import Answer, answered_once, digest_of
from xinjin.races import one_winner

KEY = re.compile(r"[!-~]{1,100}")
ETAG = re.compile(r'"(\d{1,9})"')
SHOWN = 50
UUID_PATTERN = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
NEVER = -1  # no record has this revision
ORDERING = "ordering"


class StrictSerializer(serializers.Serializer):
    """Refuses fields that it does not know or does not take, beside every other mistake."""

    def to_internal_value(self, data: Any) -> Any:
        taken = {field.field_name for field in self._writable_fields}
        names = [str(name) for name in data] if isinstance(data, Mapping) else []
        unknown = {name[:SHOWN]: [_("There is no such field.")] for name in names if name not in taken}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            detail: Any = error.detail
            raise serializers.ValidationError({**detail, **unknown}) from error
        if unknown:
            raise serializers.ValidationError(unknown)
        return value


class Pages(PageNumberPagination):
    page_size_query_param = "page_size"
    max_page_size = 200


class ScopedReadViewSet(viewsets.ReadOnlyModelViewSet):
    """Lists and shows the rows that the user may view. A misspelt parameter is refused, or it would show all rows.

    `orderings` are the orders that a list may be asked for by name; without a name it is that of `queryset`.
    """

    pagination_class = Pages
    orderings: Mapping[str, tuple[str, ...]] = {}

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.allowed(self.request.user, "view")

    def filter_queryset(self, queryset: Any) -> Any:
        if self.action != "list":
            return super().filter_queryset(queryset)
        self._refuse_unknown_parameters(queryset)
        rows = super().filter_queryset(queryset)
        wanted = self.request.query_params.get(ORDERING)
        if not wanted or not self.orderings:
            return rows
        if wanted not in self.orderings:
            raise serializers.ValidationError({ORDERING: [_("There is no such order.")]})
        return rows.order_by(*self.orderings[wanted])

    def _refuse_unknown_parameters(self, queryset: Any) -> None:
        backend = self.filter_backends[0]()
        filters = backend.get_filterset_class(self, queryset)  # type: ignore[attr-defined]
        known = {*(filters.base_filters if filters else ()), "page", "page_size", "format"}
        known |= {ORDERING} if self.orderings else set()
        unknown = [name for name in self.request.GET if name not in known]
        if unknown:
            raise serializers.ValidationError({name[:SHOWN]: [_("There is no such parameter.")] for name in unknown})


def valid(form: type[StrictSerializer], request: Request, **context: Any) -> Any:
    """What was sent, read by `form`; raises ValidationError with every mistake at once."""
    data = {} if request.data is None else request.data  # a bare null lacks every field
    sent = form(data=data, context={"request": request, **context})
    sent.is_valid(raise_exception=True)
    return sent


def etag(revision: int) -> str:
    """The entity tag of a record: its revision, which every change counts up."""
    return f'"{revision}"'


def seen_revision(request: Request, sent: int | None) -> int:
    """The revision that the sender has seen, by If-Match or in the body; raises PreconditionRequired without either."""
    header = request.headers.get("If-Match", "").strip()
    if header and header != "*":
        match = ETAG.fullmatch(header)
        return int(match[1]) if match else NEVER
    if sent is None:
        raise PreconditionRequired
    return sent


def unless_stale(request: Request, record: Any, revision: int, act: Callable[[], Any]) -> Any:
    """What `act` gives; a Conflict about the revision in If-Match is what HTTP calls a failed precondition (412).

    Either way the answer names the state in which the record is now.
    """
    try:
        with one_winner():
            return act()
    except Conflict as conflict:
        now = type(record)._default_manager.filter(pk=record.pk).values_list("revision", "state").first()
        current, conflict.state = now or (None, "")
        if "If-Match" not in request.headers or current == revision:
            raise
        stale = Stale(conflict.message, mine=conflict.mine, theirs=conflict.theirs)
        stale.state = conflict.state
        raise stale from conflict


def sent_key(request: Request) -> str | None:
    """The Idempotency-Key as sent, with or without the quotes of a structured header; None without one."""
    header = request.headers.get("Idempotency-Key")
    if header is None:
        return None
    key = header.strip().strip('"')
    if not KEY.fullmatch(key):
        message = _("A key is 1 to 100 printable ASCII characters; a UUID serves best.")
        raise serializers.ValidationError({"Idempotency-Key": [message]})
    return key


def required_key(request: Request) -> str:
    """The Idempotency-Key of a request that creates something which no other word of it identifies."""
    key = sent_key(request)
    if key is None:
        message = _("Send a key of your own with each new record, so that a repeated request is known.")
        raise serializers.ValidationError({"Idempotency-Key": [message]})
    return key


def identifier(user: Any, key: str) -> UUID:
    """The identifier of what the request with this key creates, so that it is known beyond the life of its answer."""
    try:
        return UUID(key)
    except ValueError:
        return uuid5(NAMESPACE_URL, f"{user.pk}:{key}")


def once(request: Request, key: str | None, act: Callable[[], Answer]) -> Response:
    """Answers with `act`; with a key, whoever repeats the request gets the first answer and nothing is done twice."""
    if key is None:
        with one_winner():
            return _response(act())
    digest = digest_of(request.method, request.path, request.data)
    return _response(answered_once(user=request.user, key=key, request_digest=digest, act=act))


def _response(answer: Answer) -> Response:
    repeated = {"Idempotency-Replayed": "true"} if answer.is_repeated else {}
    return Response(answer.body, status=answer.status, headers={**answer.headers, **repeated})
