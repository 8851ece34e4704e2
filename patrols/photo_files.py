"""Handing out a picture, whoever asked: the page or the API. The caller has found that the user may see it."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase

from patrols.models import Photo


def hand_out(photo: Photo) -> HttpResponseBase:
    """The picture; in production the web server in front sends the file itself."""
    headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
    prefix = getattr(settings, "PHOTO_ACCEL_PREFIX", "")
    if prefix:
        headers["X-Accel-Redirect"] = f"{prefix}{photo.file.name}"
        return HttpResponse(content_type="image/jpeg", headers=headers)
    try:
        return FileResponse(photo.file.open(), content_type="image/jpeg", headers=headers)
    except FileNotFoundError as error:
        raise Http404 from error
