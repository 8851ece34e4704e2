"""From what was sent to an attachment of ours: what it is, is seen by its content; its name is words, never a path."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from patrols.attachments.pdf import check_pdf
from patrols.choices import AttachmentKind
from patrols.pictures.making import read_picture

LONGEST_NAME = 100
# Control characters, and marks that would make a name read backwards.
UNSEEN = re.compile("[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class Attachment(NamedTuple):
    """A file that may be stored; `small` is a picture's thumbnail."""

    name: str
    kind: AttachmentKind
    sha256: str
    content: bytes
    small: bytes = b""


def read_attachments(uploads: Sequence[UploadedFile]) -> list[Attachment]:
    """All of them, each once; ValidationError (key "files") with what is wrong with each that is refused."""
    if len(uploads) > settings.ATTACHMENTS_PER_STEP:
        most = settings.ATTACHMENTS_PER_STEP
        raise ValidationError({"files": _("A step has at most %(count)s files.") % {"count": most}})
    found: dict[str, Attachment] = {}
    wrong = []
    for upload in uploads:
        try:
            one = read_attachment(upload)
            found.setdefault(one.sha256, one)
        except ValidationError as error:
            wrong += [_(": ").join((display_name(upload.name or ""), message)) for message in error.messages]
    if wrong:
        raise ValidationError({"files": wrong})
    return list(found.values())


def read_attachment(upload: UploadedFile) -> Attachment:
    """A picture made anew from its pixels, or a PDF as it was sent."""
    sent = _read(upload)
    name, sha256 = display_name(upload.name or ""), hashlib.sha256(sent).hexdigest()
    if sent.startswith(b"%PDF"):
        check_pdf(sent)
        return Attachment(name, AttachmentKind.PDF, sha256, sent)
    try:
        picture = read_picture(sent)
    except ValidationError as error:
        if _is_picture(sent):
            raise ValidationError(error.messages) from error
        raise ValidationError(_("Attach pictures (JPEG, PNG, WebP) or PDF files.")) from error
    return Attachment(name, AttachmentKind.PICTURE, sha256, picture.shown, picture.small)


def display_name(sent: str) -> str:
    """The file's own name, without folders, without what cannot be seen, and not longer than a line."""
    name = UNSEEN.sub("", unicodedata.normalize("NFC", sent)).replace("\\", "/")
    path = PurePosixPath(name.rpartition("/")[2].strip())
    stem, suffix = path.stem.strip(". "), path.suffix[:10]
    return (stem or _("attachment"))[: LONGEST_NAME - len(suffix)] + suffix


def _is_picture(sent: bytes) -> bool:
    return sent.startswith((b"\xff\xd8\xff", b"\x89PNG")) or (sent[:4] == b"RIFF" and sent[8:12] == b"WEBP")


def _read(upload: UploadedFile) -> bytes:
    """The bytes sent; the declared and the real size are both held to the limit."""
    limit = settings.PHOTO_MAX_BYTES
    sent = b"" if (upload.size or 0) > limit else upload.read(limit + 1)
    if (upload.size or 0) > limit or len(sent) > limit:
        raise ValidationError(_("The file is larger than %(limit)s MB.") % {"limit": limit // 1024**2})
    if not sent:
        raise ValidationError(_("The file is empty."))
    return sent
