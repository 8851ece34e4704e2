"""Visits: read by everyone in whose scope they lie, written by their author, returned by the station.

A visit's identifier and the key of the request that creates it go together: the sender's `id`, else the key when it is
a UUID, else a UUID made of account and key. So a request repeated after its stored answer has expired still meets the
same visit, and with other words in it a conflict instead of a second visit.
"""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import parsers, serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from patrols.api import examples
from patrols.api.reading import PhotoSerializer, VisitDetailSerializer, VisitSerializer
from patrols.api.writing import ChangedVisitInput, NewVisitInput, PhotoInput, ReturnInput, SubmitInput
from patrols.authors import own_officer, own_visit
from patrols.filters.visits import VisitFilter
from patrols.models import Visit
from patrols.photos import add_photo
from patrols.visits import discard_draft, open_visit, return_visit, save_draft, submit_visit
from xinjin.access import engine
from xinjin.access.api import (
    UUID_PATTERN,
    ScopedReadViewSet,
    etag,
    identifier,
    once,
    seen_revision,
    sent_key,
    unless_stale,
    valid,
)
from xinjin.access.schema import ETAG, IDEMPOTENCY_KEY, IF_MATCH
from xinjin.idempotency.replay import Answer

ORDERINGS = {"-visited_on": ("-visited_on", "-started_at", "id"), "visited_on": ("visited_on", "started_at", "id")}
ORDERING = OpenApiParameter("ordering", str, enum=list(ORDERINGS), description="Newest first unless told otherwise.")


class VisitViewSet(ScopedReadViewSet):
    """The visits that the user may see."""

    queryset = Visit.objects.listed()
    serializer_class = VisitDetailSerializer
    filterset_class = VisitFilter
    lookup_value_regex = UUID_PATTERN
    orderings = ORDERINGS
    refusals = {
        "create": {"409", "422"},
        "partial_update": {"409", "412", "428"},
        "destroy": {"409"},
        "submit": {"409", "412", "422", "428"},
        "give_back": {"409", "422"},
        "add_photo": {"409"},
    }

    def get_serializer_class(self) -> Any:
        return VisitSerializer if self.action == "list" else VisitDetailSerializer

    @extend_schema(parameters=[ORDERING])
    def list(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Visits, newest first. A period takes whole weeks, as the score does."""
        return super().list(request, *args, **kwargs)

    @extend_schema(parameters=[ETAG], examples=[examples.OWN_VISIT, examples.MASKED_VISIT])
    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """A visit with all its parts; residents' names in full for the village's own people only."""
        return self._response(self.get_object().pk)

    @extend_schema(
        request=NewVisitInput,
        responses={201: VisitDetailSerializer},
        parameters=[IDEMPOTENCY_KEY, ETAG],
        examples=[examples.NEW_VISIT, examples.OWN_VISIT, examples.INVALID],
    )
    def create(self, request: Any) -> Response:
        """Writes down a visit, as a draft or handed in at once; needs an Idempotency-Key, or the visit's own id."""
        officer = own_officer(request.user)
        key = sent_key(request) or _sent_id(request.data)

        def act() -> Answer:
            sent = valid(NewVisitInput, request, visit=Visit(officer=officer))
            entry, data = sent.entry(), sent.validated_data
            try:
                visit = open_visit(
                    by=request.user,
                    officer=officer,
                    village=entry.village,
                    visited_on=entry.visited_on,
                    id=data.get("id") or identifier(request.user, key),
                )
                visit = save_draft(by=request.user, visit=visit, revision=0, entry=entry)
                if data["submit"]:
                    visit = submit_visit(by=request.user, visit=visit, revision=visit.revision)
            except ValidationError as error:
                raise sent.as_sent(error) from error
            answer = self._answer(visit.pk)
            return Answer(201, answer.body, {**answer.headers, "Location": f"{request.path}{visit.pk}/"})

        return once(request, key, act)

    @extend_schema(
        request=ChangedVisitInput,
        parameters=[IF_MATCH, ETAG],
        examples=[examples.CHANGES, examples.OWN_VISIT, examples.INVALID, examples.STALE],
    )
    def partial_update(self, request: Any, pk: str) -> Response:
        """Changes an open visit of one's own. Needs If-Match with its ETag, or the field revision."""
        visit = own_visit(request.user, UUID(pk))
        sent = valid(ChangedVisitInput, request, visit=visit)
        revision = seen_revision(request, sent.validated_data.get("revision"))
        try:
            unless_stale(
                request,
                visit,
                revision,
                lambda: save_draft(by=request.user, visit=visit, revision=revision, entry=sent.entry(stored=visit)),
            )
        except ValidationError as error:
            raise sent.as_sent(error) from error
        return self._response(visit.pk)

    def destroy(self, request: Any, pk: str) -> Response:
        """Throws one's own draft away with its photos; what was handed in once stays."""
        discard_draft(by=request.user, visit=own_visit(request.user, UUID(pk)))
        return Response(status=204)

    @extend_schema(
        request=SubmitInput,
        responses=VisitDetailSerializer,
        parameters=[IDEMPOTENCY_KEY, IF_MATCH, ETAG],
        examples=[examples.HAND_IN, examples.OWN_VISIT, examples.INVALID],
    )
    @action(detail=True, methods=["post"])
    def submit(self, request: Any, pk: str) -> Response:
        """Hands a visit in, once however often it is asked. Needs If-Match, or the field revision."""
        visit = own_visit(request.user, UUID(pk))

        def act() -> Answer:
            sent = valid(SubmitInput, request)
            revision = seen_revision(request, sent.validated_data.get("revision"))
            unless_stale(
                request, visit, revision, lambda: submit_visit(by=request.user, visit=visit, revision=revision)
            )
            return self._answer(visit.pk)

        return once(request, sent_key(request), act)

    @extend_schema(
        request=ReturnInput,
        responses=VisitDetailSerializer,
        parameters=[IDEMPOTENCY_KEY, ETAG],
        examples=[examples.REASON],
    )
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def give_back(self, request: Any, pk: str) -> Response:
        """Returns a log to its author with a remark."""
        visit = engine.get_allowed(request.user, Visit, "view", pk=pk)

        def act() -> Answer:
            engine.get_allowed(request.user, Visit, "return", pk=pk)
            sent = valid(ReturnInput, request)
            return_visit(by=request.user, visit=visit, reason=sent.validated_data["reason"])
            return self._answer(visit.pk)

        return once(request, sent_key(request), act)

    @extend_schema(responses=PhotoSerializer(many=True), examples=[examples.A_PHOTO])
    @action(
        detail=True, pagination_class=None, filterset_class=None, filter_backends=[],
        parser_classes=[parsers.MultiPartParser],
    )  # fmt: skip
    def photos(self, request: Any, pk: str) -> Response:
        """The photos of a visit, in the order in which they came."""
        photos = self.get_object().photos.order_by("uploaded_at", "id")
        return Response(PhotoSerializer(photos, many=True).data)

    @extend_schema(
        request={"multipart/form-data": PhotoInput}, responses={201: PhotoSerializer}, examples=[examples.A_PHOTO]
    )
    @photos.mapping.post
    def add_photo(self, request: Any, pk: str) -> Response:
        """Adds a photo to an open visit of one's own; the same file again is the same photo."""
        visit = own_visit(request.user, UUID(pk))
        sent = valid(PhotoInput, request)
        try:
            photo = add_photo(by=request.user, visit=visit, upload=sent.validated_data["photo"])
        except ValidationError as error:
            raise ValidationError({"photo": error.messages}) from error
        return Response(PhotoSerializer(photo).data, status=201)

    def _answer(self, pk: UUID) -> Answer:
        visit = self.get_queryset().get(pk=pk)
        return Answer(200, self.get_serializer(visit).data, {"ETag": etag(visit.revision)})

    def _response(self, pk: UUID) -> Response:
        answer = self._answer(pk)
        return Response(answer.body, headers=answer.headers)


def _sent_id(data: Any) -> str:
    """The visit's own identifier as the key of the request that creates it."""
    try:
        return str(UUID(data["id"]))
    except (AttributeError, KeyError, TypeError, ValueError):
        message = _("Send a key of your own with each new record, or its id, so that a repeated request is known.")
        raise serializers.ValidationError({"Idempotency-Key": [message]}) from None
