"""Whether a PDF is one, and holds nothing that a reader would run: no script, no program, no file within the file.

The names of such things are looked for in the whole file, written plainly or with #-escapes, and in its compressed
lists of objects. A file that hides its objects from this (encrypted, or packed in another way) is refused too.
"""

import re
import zlib

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

HEAD = re.compile(rb"%PDF-[12]\.\d")
TAIL_BYTES = 2048
# Long enough that chance does not write them into a compressed picture of ten megabytes.
ACTIVE = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/SubmitForm", b"/ImportData", b"/GoToE")
HIDING = (b"/Encrypt",)
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb">>\s*stream\r?\n")
DICT_BYTES = 600
MOST_UNPACKED = 64 * 1024 * 1024


def check_pdf(sent: bytes) -> None:
    """Raises ValidationError for what is no whole PDF, or holds what somebody's computer would run."""
    if not HEAD.match(sent) or b"%%EOF" not in sent[-TAIL_BYTES:]:
        raise ValidationError(_("This PDF is damaged or incomplete."))
    _refuse_active(sent)
    left = MOST_UNPACKED
    for start in STREAM.finditer(sent):
        about = _plain(sent[max(0, start.start() - DICT_BYTES) : start.end()])
        about = about[about.rfind(b" obj") + 1 :]
        if b"/ObjStm" not in about:
            continue
        unpacked = _unpack(about, sent[start.end() :], left)
        left -= len(unpacked)
        _refuse_active(unpacked)


def _plain(content: bytes) -> bytes:
    """With #-escapes in names written out."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)


def _refuse_active(content: bytes) -> None:
    plain = _plain(content)
    if any(name in plain for name in HIDING):
        raise ValidationError(_("This PDF is protected by a password; save it without."))
    if any(name in plain for name in ACTIVE):
        raise ValidationError(_("This PDF holds a script, a form or another file; print it to a new PDF."))


def _unpack(about: bytes, packed: bytes, most: int) -> bytes:
    """A list of objects, unpacked; at most so much of it."""
    if b"/Filter" not in about:
        return packed[: packed.find(b"endstream")]
    reader = zlib.decompressobj()
    try:
        if about.count(b"Decode") != about.count(b"/FlateDecode") + about.count(b"/DecodeParms"):
            raise ValidationError(_("This PDF cannot be checked; print it to a new PDF."))
        unpacked = reader.decompress(packed, most + 1)
    except zlib.error as error:
        raise ValidationError(_("This PDF is damaged or incomplete.")) from error
    if len(unpacked) > most:
        raise ValidationError(_("This PDF cannot be checked; print it to a new PDF."))
    return unpacked
