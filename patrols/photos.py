"""Work photos of a visit (工作照片, R11): taken in by content, put in order, captioned, taken out again.

What is shown is made anew from the pixels, whatever the file claimed to be. What was sent lies sealed in the vault with
its SHA-256, apart from all pictures, and is read by nobody but an inspector who says why (decision 5).
"""

import hashlib
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from patrols.models import Photo, PhotoPrint, Visit
from patrols.pictures.files import drop_files, drop_files_after_commit, original_name, vault, write_files
from patrols.pictures.hints import notice_copies
from patrols.pictures.likeness import prints_of
from patrols.pictures.making import Picture, read_picture, refused
from xinjin.audit.trail import record
from xinjin.errors import Conflict
from xinjin.sealing import BrokenSeal


def add_photo(*, by: Any, visit: Visit, upload: UploadedFile) -> Photo:
    """Takes in a picture; the same file again gives the same photo.

    Raises ValidationError (key "photos") for what is no picture, too large or one too many; Conflict when the log is
    no longer open. The work on the picture is done before the visit is held.
    """
    sent = _read(upload)
    sha256 = hashlib.sha256(sent).hexdigest()
    picture = read_picture(sent)
    photo = Photo(
        visit=visit,
        sha256=sha256,
        width=picture.image.width,
        height=picture.image.height,
        taken_at=picture.taken_at,
        original_size=len(sent),
        uploaded_by=by,
    )
    photo.full_clean(exclude=("file", "visit"), validate_unique=False, validate_constraints=False)
    write_files(photo, picture, sent)
    at_commit = False
    try:
        with transaction.atomic():
            kept = _keep(by, photo, picture)
            at_commit = True
    except BaseException:
        # A commit that fails may have held all the same: then the files stay, and the sweep decides.
        if not at_commit:
            drop_files(photo)
        raise
    if kept is not photo:
        drop_files(photo)
    return kept


def _keep(by: Any, photo: Photo, picture: Picture) -> Photo:
    held = _open_visit(photo.visit_id)
    known = held.photos.filter(sha256=photo.sha256).first()
    if known:
        return known
    if held.photos.count() >= settings.PHOTOS_PER_VISIT:
        raise refused(_("A visit has at most %(count)s photos.") % {"count": settings.PHOTOS_PER_VISIT})
    last = held.photos.aggregate(last=Max("position"))["last"]
    photo.position = 0 if last is None else last + 1
    photo.save(force_insert=True)
    prints = prints_of(picture.image)
    notice_copies(photo, prints)
    PhotoPrint.objects.bulk_create([PhotoPrint(photo=photo, **row._asdict()) for row in prints])
    _count(held)
    record(by, "add photo", held, {"photo": photo.pk, "sha256": photo.sha256})
    return photo


@transaction.atomic
def remove_photo(*, by: Any, photo: Photo) -> None:
    """Takes a photo out of an open log; its files go when the transaction has held."""
    visit = _open_visit(photo.visit_id)
    held = visit.photos.filter(pk=photo.pk).first()
    if held is None:  # a second click
        return
    record(by, "remove photo", visit, {"photo": held.pk, "sha256": held.sha256})
    drop_files_after_commit([held])
    Photo.objects.filter(pk=held.pk).delete()
    _count(visit)


@transaction.atomic
def caption_photo(*, by: Any, photo: Photo, caption: str, seen: str | None = None) -> Photo:
    """Writes a photo's caption. Conflict when somebody else wrote another one since `seen`."""
    visit = _open_visit(photo.visit_id)
    held = visit.photos.select_for_update().get(pk=photo.pk)
    caption = caption.strip()
    if held.caption == caption:
        return held
    if seen is not None and held.caption != seen.strip():
        label = _("Caption")
        raise Conflict(
            _("The caption was changed elsewhere in the meantime."),
            mine={label: caption},
            theirs={label: held.caption},
        )
    held.caption = caption
    try:
        held.full_clean(exclude=("file",))
    except ValidationError as error:
        raise refused(" ".join(error.messages)) from error
    held.save(update_fields=["caption"])
    record(by, "caption photo", visit, {"photo": held.pk, "caption": caption})
    return held


@transaction.atomic
def move_photo(*, by: Any, photo: Photo, places: int) -> None:
    """Moves a photo by so many places; at either end it stays where it is."""
    visit = _open_visit(photo.visit_id)
    order = list(visit.photos.in_order())
    old = next((place for place, row in enumerate(order) if row.pk == photo.pk), None)
    if old is None:
        raise Conflict(_("The photo has been removed."))
    new = min(max(old + places, 0), len(order) - 1)
    if new == old:
        return
    order.insert(new, order.pop(old))
    for place, row in enumerate(order):
        row.position = place
    Photo.objects.bulk_update(order, ["position"])
    record(by, "move photo", visit, {"photo": photo.pk, "place": new + 1})


def read_original(*, by: Any, photo: Photo, reason: str) -> bytes:
    """What was sent, for inspection of a doubtful log; the trail says who read it and why (R17)."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why the original is needed.")})
    if photo.original_size is None:
        raise Conflict(_("No original was kept of this photo."))
    with transaction.atomic():
        record(by, "read original", photo.visit, {"photo": photo.pk, "sha256": photo.sha256, "reason": reason})
    try:
        with vault().open(original_name(photo)) as file:
            sent = file.read()
    except (OSError, BrokenSeal) as error:
        raise Conflict(_("The original is missing or damaged. The attempt has been recorded.")) from error
    if hashlib.sha256(sent).hexdigest() != photo.sha256:
        raise Conflict(_("The original is missing or damaged. The attempt has been recorded."))
    return sent


def _open_visit(pk: Any) -> Visit:
    """The visit, held until the commit, while its author may still write."""
    held = Visit.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if held is None or not held.is_open:
        raise Conflict(_("The log has been handed in and can no longer be changed."))
    return held


def _count(visit: Visit) -> None:
    visit.photo_count = visit.photos.count()
    visit.save(update_fields=["photo_count", "saved_at"])


def _read(upload: UploadedFile) -> bytes:
    """The bytes sent; the declared and the real size are both held to the limit."""
    limit = settings.PHOTO_MAX_BYTES
    if (upload.size or 0) > limit:
        raise refused(_("The file is larger than %(limit)s MB.") % {"limit": limit // 1024**2})
    sent = upload.read(limit + 1)
    if not sent:
        raise refused(_("The file is empty."))
    if len(sent) > limit:
        raise refused(_("The file is larger than %(limit)s MB.") % {"limit": limit // 1024**2})
    return sent
