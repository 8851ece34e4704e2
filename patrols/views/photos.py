"""Photos: taken in one by one while the log is written, given out only to those who may see the visit."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patrols.authors import own_visit
from patrols.forms.photos import CaptionForm, MoveForm, OriginalForm
from patrols.models import Photo, Visit
from patrols.photos import add_photo, caption_photo, move_photo, read_original, remove_photo
from patrols.pictures.answers import hand_out
from patrols.pictures.making import FORMATS
from patrols.views.asked import uuids
from xinjin.access import engine
from xinjin.errors import Conflict
from xinjin.forms import add_errors

SECTION = "patrols/_visit_photos.html"


def photo_context(visit: Visit, errors: list[str]) -> dict[str, Any]:
    """What the photo section of the edit page shows."""
    photos = list(visit.photos.in_order())
    return {
        "visit": visit,
        "photos": photos,
        "photo_errors": errors,
        "photo_limits": {
            "count": settings.PHOTOS_PER_VISIT,
            "left": max(settings.PHOTOS_PER_VISIT - len(photos), 0),
            "bytes": settings.PHOTO_MAX_BYTES,
            "megabytes": settings.PHOTO_MAX_BYTES // 1024**2,
            "formats": "、".join(FORMATS),
        },
    }


def take_in(request: HttpRequest, visit: Visit) -> list[str]:
    """What a form says of photos: captions, a new order, files named "photos". Returns what was refused, in words."""
    errors: list[str] = []
    for photo in visit.photos.in_order():
        errors += _caption_of_form(request, photo)
    key, _comma, places = request.POST.get("move_photo", "").partition(":")
    photo = visit.photos.filter(pk__in=uuids([key])).first()
    if photo and places in ("-1", "1"):
        move_photo(by=request.user, photo=photo, places=int(places))
    for upload in request.FILES.getlist("photos"):
        try:
            add_photo(by=request.user, visit=visit, upload=upload)
        except ValidationError as error:
            errors += [f"{upload.name}: {message}" for message in error.messages]
    return errors


def _caption_of_form(request: HttpRequest, photo: Photo) -> list[str]:
    caption = request.POST.get(f"caption-{photo.pk}")
    if caption is None:
        return []
    try:
        caption_photo(by=request.user, photo=photo, caption=caption, seen=request.POST.get(f"seen-{photo.pk}"))
    except ValidationError as error:
        return [f"{caption}: {message}" for message in error.messages]
    except Conflict as conflict:
        if not conflict.mine:
            raise
        return [_both_captions(conflict)]
    return []


def _both_captions(conflict: Conflict) -> str:
    mine, theirs = *conflict.mine.values(), *conflict.theirs.values()
    both = _("You wrote “%(mine)s”; stored is “%(theirs)s”.") % {"mine": mine, "theirs": theirs}
    return f"{conflict.message} {both}"


@require_POST
def visit_photos(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes in photos at once; the script gets JSON, htmx the photo section, a plain form the edit page."""
    visit = own_visit(request.user, pk)
    try:
        errors = take_in(request, visit)
    except Conflict as conflict:
        if not _wants_json(request):
            raise
        return JsonResponse({"errors": [conflict.message]}, status=409)
    if not errors and not request.FILES.getlist("photos"):
        errors = [_("No file arrived.")]
    return _section(request, visit, errors)


@require_POST
def photo_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes one's own photo out of an open log."""
    photo, visit = _own_photo(request, pk)
    remove_photo(by=request.user, photo=photo)
    return _section(request, visit, [])


@require_POST
def photo_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Moves one's own photo a place forward or back."""
    photo, visit = _own_photo(request, pk)
    form = MoveForm(request.POST)
    if form.is_valid():
        move_photo(by=request.user, photo=photo, places=form.cleaned_data["places"])
    return _section(request, visit, [])


@require_POST
def photo_caption(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stores a caption as it is typed; when another page wrote one in between, both are told."""
    photo, visit = _own_photo(request, pk)
    form = CaptionForm(request.POST)
    if not form.is_valid():
        return _section(request, visit, [str(message) for errors in form.errors.values() for message in errors])
    try:
        caption_photo(by=request.user, photo=photo, **form.cleaned_data)
    except Conflict as conflict:
        if not (_wants_json(request) and conflict.mine):
            raise
        return JsonResponse({"errors": [_both_captions(conflict)], "stored": photo.caption}, status=409)
    return _section(request, visit, [])


@require_safe
def photo_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The picture, for those who may see its visit; its address is worth nothing to others."""
    return hand_out(_seen_photo(request, pk))


@require_safe
def photo_small(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The thumbnail; the picture itself where there is none yet."""
    return hand_out(_seen_photo(request, pk), small=True)


@require_http_methods(["GET", "HEAD", "POST"])
def photo_original(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was sent, for the inspectorate: a page that asks why, then the file, never opened in the browser."""
    photo = _seen_photo(request, pk)
    if not engine.allows(request.user, Photo, "inspect"):
        raise PermissionDenied
    get_object_or_404(Photo.objects.allowed(request.user, "inspect"), pk=pk)
    form = OriginalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            sent = read_original(by=request.user, photo=photo, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            add_errors(form, error)
        else:
            headers = {"Content-Disposition": f'attachment; filename="{photo.pk.hex}.original"'}
            return HttpResponse(sent, content_type="application/octet-stream", headers=headers)
    return render(request, "patrols/photo_original.html", {"photo": photo, "visit": photo.visit, "form": form})


def _seen_photo(request: HttpRequest, pk: UUID) -> Photo:
    visits = Visit.objects.allowed(request.user, "view")
    photos = Photo.objects.select_related("visit__village", "visit__officer")
    return get_object_or_404(photos, pk=pk, visit__in=visits)


def _own_photo(request: HttpRequest, pk: UUID) -> tuple[Photo, Visit]:
    photo = _seen_photo(request, pk)
    return photo, own_visit(request.user, photo.visit_id)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _section(request: HttpRequest, visit: Visit, errors: list[str]) -> HttpResponse:
    if _wants_json(request):
        context = photo_context(visit, [])
        html = render_to_string(SECTION, context, request)
        return JsonResponse({"errors": errors, "section": html}, status=400 if errors else 200)
    if request.headers.get("HX-Request"):
        return render(request, SECTION, photo_context(visit, errors))
    for error in errors:
        messages.error(request, error)
    return redirect("visit_edit", visit.pk)
