"""The files of steps on the disk: written before their rows are committed, so that no row is ever without its file.

What a killed process leaves without a row goes with the nightly sweep (`sweep_photos`), as with photos.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from errno import EDQUOT, ENOSPC
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from patrols.attachments.reading import Attachment
from patrols.models import CaseFile
from patrols.pictures.files import LEFT_OVER_AFTER, Swept, old_files, owner_by_name

logger = logging.getLogger(__name__)

FOLDER = "attachments"


@contextmanager
def written(by: Any, attachments: Sequence[Attachment]) -> Iterator[list[CaseFile]]:
    """Rows, unsaved, whose files lie on the disk; inside is the transaction that stores them.

    When it does not hold, the files go. A commit that fails may have held all the same: then they stay, and the sweep
    decides.
    """
    rows: list[CaseFile] = []
    at_commit = False
    try:
        for each in attachments:
            rows.append(row := _row(by, each))
            _write(row, each)
        with transaction.atomic():
            yield rows
            at_commit = True
    except BaseException:
        if not at_commit:
            for row in rows:
                _drop(row)
        raise


def _row(by: Any, attachment: Attachment) -> CaseFile:
    return CaseFile(
        kind=attachment.kind,
        name=attachment.name,
        sha256=attachment.sha256,
        size=len(attachment.content),
        uploaded_by=by,
    )


def _write(row: CaseFile, attachment: Attachment) -> None:
    try:
        row.file.save("any", ContentFile(attachment.content), save=False)
        if attachment.small:
            default_storage.save(row.small_name, ContentFile(attachment.small))
    except OSError as error:
        logger.exception("an attachment could not be stored")
        if error.errno in (ENOSPC, EDQUOT):
            text = _("The server has no room for files at the moment.")
        else:
            text = _("The server could not store the file. Try again.")
        raise ValidationError({"files": text}) from error


def _drop(row: CaseFile) -> None:
    row.file.name = row.file.name or row.file.field.generate_filename(row, "any")
    for name in (str(row.file.name), row.small_name):
        try:
            default_storage.delete(name)
        except OSError:
            logger.exception("a file of a step could not be removed")


def sweep_attachments(*, older_than: timedelta = LEFT_OVER_AFTER) -> Swept:
    """Removes files that no step owns and that are older than a day; names the rows whose file is missing."""
    removed = 0
    files = old_files(default_storage, FOLDER, older_than)
    while group := list(islice(files, 500)):
        removed += _remove_left_over(group)
    missing = [
        str(row.pk)
        for row in CaseFile.objects.only("id", "file").iterator(chunk_size=2000)
        if not default_storage.exists(str(row.file.name))
    ]
    return Swept(removed, missing)


def _remove_left_over(paths: Sequence[Path]) -> int:
    owners: dict[Path, UUID | None] = {path: owner_by_name(path) for path in paths}
    known = set(CaseFile.objects.filter(pk__in=[pk for pk in owners.values() if pk]).values_list("pk", flat=True))
    gone = [path for path, pk in owners.items() if pk not in known]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
