"""Handing out a picture, whoever asked: the page or the API. The caller has found that the user may see it."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase

from patrols.models import Photo


def hand_out(photo: Photo, *, small: bool = False) -> HttpResponseBase:
    """The picture, or its thumbnail where there is one; in production the web server in front sends the file itself."""
    name = str(photo.file.name)
    if small and default_storage.exists(photo.small_name):
        name = photo.small_name
    headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
    if settings.PHOTO_ACCEL_PREFIX:
        headers["X-Accel-Redirect"] = f"{settings.PHOTO_ACCEL_PREFIX}{name}"
        return HttpResponse(content_type="image/jpeg", headers=headers)
    try:
        return FileResponse(default_storage.open(name), content_type="image/jpeg", headers=headers)
    except FileNotFoundError as error:
        raise Http404 from error
