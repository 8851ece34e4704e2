"""From the bytes that somebody sent to a picture of ours: by content, within limits of memory, nothing but its pixels.

Everything is judged by the head of the file before a pixel is decoded. One picture is decoded at a time in a process,
so that many senders at once take the memory of one.
"""

import struct
from datetime import datetime
from io import BytesIO
from threading import Lock
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
LONGEST_EDGE, SMALL_EDGE = 1600, 320
QUALITY, SMALL_QUALITY = 85, 75
# A camera writes some ten scans; a file of thousands keeps a decoder busy for minutes.
MOST_SCANS = 64
# What Pillow's decoders raise for broken files.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, Image.DecompressionBombError)
EXIF, TAKEN, DIGITIZED = 0x8769, 0x9003, 0x9004

_decoding = Lock()


class Picture(NamedTuple):
    """A picture made anew, and the hour at which its camera says it was taken."""

    image: Image.Image
    taken_at: datetime | None

    @property
    def shown(self) -> bytes:
        """As it is shown: a JPEG without metadata."""
        return _encode(self.image, QUALITY)

    @property
    def small(self) -> bytes:
        """For lists."""
        image = self.image.copy()
        image.thumbnail((SMALL_EDGE, SMALL_EDGE))
        return _encode(image, SMALL_QUALITY)


def refused(message: str) -> ValidationError:
    """What is wrong with a file that was sent, as the field of photos says it."""
    return ValidationError({"photos": message})


def read_picture(sent: bytes) -> Picture:
    """The picture in `sent`, upright, at most LONGEST_EDGE pixels; ValidationError for what is none or too large."""
    try:
        with _decoding, Image.open(BytesIO(sent), formats=FORMATS) as picture:
            _check_size(picture, sent)
            taken_at = _taken_at(picture)
            return Picture(_clean(picture), taken_at)
    except BROKEN as error:
        raise refused(_("This is no JPEG, PNG or WebP picture, or it is damaged.")) from error
    except Image.DecompressionBombWarning as error:
        raise refused(_("The picture is too large.")) from error


def _bytes_per_pixel(picture: Any) -> float:
    """What decoding takes at its peak, measured in tests/patrols/test_photo_corpus.py."""
    if picture.format == "WEBP":
        return 17  # two canvases of the decoder, the picture, and its alpha multiplied in
    if picture.format == "PNG":
        return {"L": 2, "RGB": 4, "I;16": 5, "1": 6, "P": 9}.get(picture.mode, 8)
    if not picture.info.get("progressive"):
        return 1  # decoded at a fraction of its size
    wide = max(layer[1] for layer in picture.layer)
    high = max(layer[2] for layer in picture.layer)
    return 1 + 2 * sum(layer[1] * layer[2] for layer in picture.layer) / (wide * high)


def _check_size(picture: Any, sent: bytes) -> None:
    width, height = picture.size
    most = min(settings.PHOTO_MAX_PIXELS, int(settings.PHOTO_DECODE_BYTES / _bytes_per_pixel(picture)))
    if width * height > most:
        raise refused(
            _("The picture has more than %(count)s million pixels: save it smaller.") % {"count": most // 1_000_000}
        )
    if picture.format != "PNG" and sent.count(b"\xff\xda") > MOST_SCANS and picture.info.get("progressive"):
        raise refused(_("This is no JPEG, PNG or WebP picture, or it is damaged."))


def _clean(picture: Any) -> Image.Image:
    """Decoded as small as will do, turned as its camera says, on white where it is transparent, and only its pixels."""
    shrink = max(1.0, max(picture.size) / LONGEST_EDGE)
    picture.draft("RGB", (int(picture.width / shrink), int(picture.height / shrink)))
    picture.load()
    image = picture
    if picture.mode in ("1", "P"):
        image = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    elif picture.mode == "I;16":
        image = picture.point(lambda value: value / 256).convert("L")
    image.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    image = ImageOps.exif_transpose(image)
    if image.has_transparency_data:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    clean = Image.new("RGB", image.size)
    clean.paste(image.convert("RGB"))
    return clean


def _taken_at(picture: Any) -> datetime | None:
    """The camera's clock, which knows no time zone, as an hour in Shanghai. Of the rest, place above all, nothing."""
    try:
        told = picture.getexif().get_ifd(EXIF)
        text = str(told.get(TAKEN) or told.get(DIGITIZED) or "").strip("\0 ")
        taken = timezone.make_aware(datetime.strptime(text, "%Y:%m:%d %H:%M:%S"))
    except (*BROKEN, TypeError, KeyError, AttributeError, OverflowError):
        return None
    return taken if taken.year >= 1990 else None


def _encode(image: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
