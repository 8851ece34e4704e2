"""Photos one by one: shown, handed out and taken back. They are added at their visit."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.response import Response

from patrols.api import examples
from patrols.api.reading import PhotoSerializer
from patrols.authors import own_visit
from patrols.models import Photo, Visit
from patrols.photos import remove_photo
from patrols.pictures.answers import hand_out
from xinjin.access.api import UUID_PATTERN


class WhateverIsAccepted(DefaultContentNegotiation):
    """A picture goes to whoever asks for a picture; only refusals are JSON."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class PhotoViewSet(mixins.RetrieveModelMixin, mixins.DestroyModelMixin, viewsets.GenericViewSet):
    """The photos of the visits that the user may see."""

    queryset = Photo.objects.all()
    rights_model = Visit
    serializer_class = PhotoSerializer
    lookup_value_regex = UUID_PATTERN
    refusals = {"destroy": {"409"}}

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(visit__in=Visit.objects.allowed(self.request.user, "view"))

    @extend_schema(examples=[examples.A_PHOTO])
    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """What is known of a photo."""
        return super().retrieve(request, *args, **kwargs)

    def destroy(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Takes one's own photo out of a log that is still open."""
        photo = self.get_object()
        own_visit(request.user, photo.visit_id)
        remove_photo(by=request.user, photo=photo)
        return Response(status=204)

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    @action(detail=True, content_negotiation_class=WhateverIsAccepted)
    def file(self, request: Any, **kwargs: Any) -> Any:
        """The picture, re-encoded, without the data that the camera wrote into it."""
        return hand_out(self.get_object())
