"""The files of a photo: the picture, its thumbnail, and in the vault what was sent.

Files are written before the row is committed and go after its removal is. So a row is never without its files,
whenever a process is killed, and files without a row are left only by a killed one: `sweep_photos` finds them.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta
from errno import EDQUOT, ENOSPC
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage, storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.models import Photo
from patrols.pictures.making import Picture, refused
from xinjin.storage import UNFINISHED

logger = logging.getLogger(__name__)

FOLDER = "photos"
LEFT_OVER_AFTER = timedelta(days=1)


def vault() -> Storage:
    """Where what was sent is kept."""
    return storages["vault"]


def original_name(photo: Photo) -> str:
    """The name of what was sent, in the vault."""
    return f"{FOLDER}/{photo.pk.hex[:2]}/{photo.pk.hex}"


def write_files(photo: Photo, picture: Picture, sent: bytes) -> None:
    """All three, or none and a message; nothing is left half-written."""
    try:
        photo.file.save("photo.jpg", ContentFile(picture.shown), save=False)
        photo.file.storage.save(photo.small_name, ContentFile(picture.small))
        vault().save(original_name(photo), ContentFile(sent))
    except OSError as error:
        drop_files(photo)
        logger.exception("a photo could not be stored")
        if error.errno in (ENOSPC, EDQUOT):
            raise refused(_("The server has no room for photos at the moment. Nothing else is lost.")) from error
        raise refused(_("The server could not store the photo. Try again; nothing else is lost.")) from error
    except BaseException:
        drop_files(photo)
        raise


def drop_files(photo: Photo) -> None:
    """Removes what there is of the three; what cannot be removed now, the sweep finds."""
    name = str(photo.file.name or "") or photo.file.field.generate_filename(photo, "photo.jpg")
    photo.file.name = name
    for storage, file in (
        (default_storage, name),
        (default_storage, photo.small_name),
        (vault(), original_name(photo)),
    ):
        try:
            storage.delete(file)
        except OSError:
            logger.exception("a file of a photo could not be removed")


def drop_files_after_commit(photos: Iterable[Photo]) -> None:
    """For rows about to be deleted: their files go when the transaction has held."""
    for photo in photos:
        transaction.on_commit(partial(drop_files, photo))


class Swept(NamedTuple):
    """What a sweep did and found."""

    removed: int
    missing: list[str]


def sweep_photos(*, older_than: timedelta = LEFT_OVER_AFTER) -> Swept:
    """Removes files that no photo owns and that are older than a day; names the photos whose files are missing."""
    removed = 0
    for storage in (default_storage, vault()):
        files = old_files(storage, FOLDER, older_than)
        while group := list(islice(files, 500)):
            removed += _remove_left_over(group)
    missing = [
        str(photo.pk)
        for photo in Photo.objects.only("id", "file", "original_size").iterator(chunk_size=2000)
        if not default_storage.exists(str(photo.file.name))
        or (photo.original_size is not None and not vault().exists(original_name(photo)))
    ]
    return Swept(removed, missing)


def old_files(storage: Any, folder: str, older_than: timedelta) -> Iterator[Path]:
    """The files of a folder that nobody can be writing any more."""
    latest = (timezone.now() - older_than).timestamp()
    for path in Path(storage.path(folder)).rglob("*"):
        if path.is_file() and path.stat().st_mtime < latest:
            yield path


def _remove_left_over(paths: Iterable[Path]) -> int:
    owners = {path: owner_by_name(path) for path in paths}
    known = set(Photo.objects.filter(pk__in=[pk for pk in owners.values() if pk]).values_list("pk", flat=True))
    gone = [path for path, pk in owners.items() if pk not in known]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def owner_by_name(path: Path) -> UUID | None:
    """The row to which a file belongs by its name; none for one that was never finished."""
    try:
        return None if path.name.endswith(UNFINISHED) else UUID(path.name[:32])
    except ValueError:
        return None
