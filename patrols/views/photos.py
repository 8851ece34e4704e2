"""Photos: taken in one by one while the log is written, given out only to those who may see the visit."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from patrols.models import Photo, Visit
from patrols.photo_files import hand_out
from patrols.photos import FORMATS, add_photo, remove_photo
from patrols.views.own import own_visit


def photo_context(visit: Visit, errors: list[str]) -> dict[str, Any]:
    """What the photo section of the edit page shows."""
    return {
        "visit": visit,
        "photos": visit.photos.order_by("uploaded_at", "id"),
        "photo_errors": errors,
        "photo_limits": {
            "count": settings.PHOTOS_PER_VISIT,
            "megabytes": settings.PHOTO_MAX_BYTES // 1024**2,
            "formats": ", ".join(FORMATS),
        },
    }


def take_in(request: HttpRequest, visit: Visit) -> list[str]:
    """Adds each file sent as "photos"; returns the messages about those refused, with their names."""
    errors = []
    for upload in request.FILES.getlist("photos"):
        try:
            add_photo(by=request.user, visit=visit, upload=upload)
        except ValidationError as error:
            errors += [f"{upload.name}: {message}" for message in error.messages]
    return errors


@require_POST
def visit_photos(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes in photos at once; htmx gets the photo section back, a plain form the edit page."""
    visit = own_visit(request.user, pk)
    errors = take_in(request, visit)
    return _section(request, visit, errors)


@require_POST
def photo_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes one's own photo out of an open log."""
    photo = _seen_photo(request, pk)
    visit = own_visit(request.user, photo.visit_id)
    remove_photo(by=request.user, photo=photo)
    return _section(request, visit, [])


@require_safe
def photo_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The picture, for those who may see its visit; its address is worth nothing to others."""
    return hand_out(_seen_photo(request, pk))


def _seen_photo(request: HttpRequest, pk: UUID) -> Photo:
    visits = Visit.objects.allowed(request.user, "view")
    return get_object_or_404(Photo.objects.select_related("visit"), pk=pk, visit__in=visits)


def _section(request: HttpRequest, visit: Visit, errors: list[str]) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        for error in errors:
            messages.error(request, error)
        return redirect("visit_edit", visit.pk)
    return render(request, "patrols/_visit_photos.html", photo_context(visit, errors))
