"""Handing out files of the private storage, whoever asked: page or API. The caller has found that the user may."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase

from patrols.models import Photo


def hand_out(photo: Photo, *, small: bool = False) -> HttpResponseBase:
    """The picture, or its thumbnail where there is one; in production the web server in front sends the file itself."""
    name = str(photo.file.name)
    if small and default_storage.exists(photo.small_name):
        name = photo.small_name
    return send_file(name, "image/jpeg")


def send_file(name: str, content_type: str, **more: str) -> HttpResponseBase:
    """A file of the private storage; `more` are headers besides those that every one has."""
    headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff", **more}
    if settings.PHOTO_ACCEL_PREFIX:
        headers["X-Accel-Redirect"] = f"{settings.PHOTO_ACCEL_PREFIX}{name}"
        return HttpResponse(content_type=content_type, headers=headers)
    try:
        answer = FileResponse(default_storage.open(name), content_type=content_type)
    except FileNotFoundError as error:
        raise Http404 from error
    for header, value in headers.items():  # afterwards, or it would name and show the file as it likes
        answer[header] = value
    return answer
