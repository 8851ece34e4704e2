"""Work photos of a visit (工作照片, R11): taken in by content, re-encoded without metadata, kept for spot checks.

What was sent is never stored: the picture is decoded, turned as its camera says, shrunk and written anew, so that
nothing but pixels remains, whatever the file claimed to be.
"""

import hashlib
import struct
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from patrols.models import Photo, Visit
from xinjin.audit.trail import record
from xinjin.errors import Conflict

FORMATS = ("JPEG", "PNG", "WEBP")
LONGEST_EDGE = 1600
QUALITY = 85
# What Pillow's decoders raise for broken files.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, Image.DecompressionBombError)


def add_photo(*, by: Any, visit: Visit, upload: UploadedFile) -> Photo:
    """Takes in a picture; the same file again gives the same photo.

    Raises ValidationError (key "photos") for what is no picture, too large or one too many; Conflict when the log is
    no longer open. The work on the picture is done before the visit is held.
    """
    sent = _read(upload)
    sha256 = hashlib.sha256(sent).hexdigest()
    picture = _clean_picture(sent)
    photo = Photo(visit=visit, sha256=sha256, width=picture.width, height=picture.height, uploaded_by=by)
    try:
        with transaction.atomic():
            held = Visit.objects.select_for_update(of=("self",)).filter(pk=visit.pk).first()
            if held is None or not held.is_open:
                raise Conflict(_("The log has been handed in and can no longer be changed."))
            known = held.photos.filter(sha256=sha256).first()
            if known:
                return known
            if held.photos.count() >= settings.PHOTOS_PER_VISIT:
                raise _refused(_("A visit has at most %(count)s photos.") % {"count": settings.PHOTOS_PER_VISIT})
            photo.full_clean(exclude=("file",))
            photo.file.save("photo.jpg", ContentFile(_encode(picture)), save=False)
            photo.save(force_insert=True)
            _count(held)
            record(by, "add photo", held, {"photo": photo.pk, "sha256": sha256})
    except BaseException:
        if photo.file:
            photo.file.storage.delete(str(photo.file.name))
        raise
    return photo


@transaction.atomic
def remove_photo(*, by: Any, photo: Photo) -> None:
    """Takes a photo out of an open log; its file goes when the transaction has held."""
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=photo.visit_id)
    if not visit.is_open:
        raise Conflict(_("The log has been handed in and can no longer be changed."))
    storage, name = photo.file.storage, str(photo.file.name)
    record(by, "remove photo", visit, {"photo": photo.pk, "sha256": photo.sha256})
    photo.delete()
    _count(visit)
    transaction.on_commit(lambda: storage.delete(name))


def _count(visit: Visit) -> None:
    visit.photo_count = visit.photos.count()
    visit.save(update_fields=["photo_count", "saved_at"])


def _refused(message: str) -> ValidationError:
    return ValidationError({"photos": message})


def _read(upload: UploadedFile) -> bytes:
    """The bytes sent; the declared and the real size are both held to the limit."""
    limit = settings.PHOTO_MAX_BYTES
    if (upload.size or 0) > limit:
        raise _refused(_("The file is larger than %(limit)s MB.") % {"limit": limit // 1024**2})
    sent = upload.read(limit + 1)
    if not sent:
        raise _refused(_("The file is empty."))
    if len(sent) > limit:
        raise _refused(_("The file is larger than %(limit)s MB.") % {"limit": limit // 1024**2})
    return sent


def _clean_picture(sent: bytes) -> Image.Image:
    """The decoded picture, turned upright, at most LONGEST_EDGE pixels, with nothing but its pixels."""
    try:
        with Image.open(BytesIO(sent), formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > settings.PHOTO_MAX_PIXELS:
                millions = settings.PHOTO_MAX_PIXELS // 1_000_000
                raise _refused(_("The picture has more than %(count)s million pixels.") % {"count": millions})
            picture.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
            if upright.has_transparency_data:
                upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright.convert("RGBA"))
            clean = Image.new("RGB", upright.size)
            clean.paste(upright.convert("RGB"))
            return clean
    except BROKEN as error:
        raise _refused(_("This is no JPEG, PNG or WebP picture, or it is damaged.")) from error
    except Image.DecompressionBombWarning as error:
        raise _refused(_("The picture is too large.")) from error


def _encode(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
