"""Files on the disk that are whole or not there: written aside, brought to the disk, then given their name."""

import contextlib
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from xinjin.sealing import seal, unseal

# What a killed writer leaves; never the name of a file.
UNFINISHED = ".part"


class WholeFiles(FileSystemStorage):
    """A folder in which no half-written file has a name, even after a power cut or on a full disk."""

    def _save(self, name: str, content: Any) -> str:
        target = Path(self.path(name))
        self._make_folder(target.parent)
        part = target.with_name(target.name + UNFINISHED)
        mode = self.file_permissions_mode or 0o600
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fchmod(file.fileno(), mode)
                os.fsync(file.fileno())
            part.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
        return str(target.relative_to(self.location))

    def _make_folder(self, folder: Path) -> None:
        mode = self.directory_permissions_mode or 0o755
        missing = [place for place in (folder, *folder.parents) if not place.exists()]
        for place in reversed(missing):
            place.mkdir(mode=mode, exist_ok=True)
            _sync_folder(place.parent)


class Vault(WholeFiles):
    """Sealed files apart from all others, for no eyes but those of a view that asks why; they have no address."""

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def base_location(self) -> str:  # type: ignore[override]
        """VAULT_ROOT, or a folder beside MEDIA_ROOT, never inside it: what is inside may be sent by the web server."""
        return settings.VAULT_ROOT or f"{settings.MEDIA_ROOT.rstrip('/')}-vault"

    @property
    def location(self) -> str:  # type: ignore[override]
        """The same, absolute."""
        return os.path.abspath(self.base_location)

    def _save(self, name: str, content: Any) -> str:
        return super()._save(name, ContentFile(seal(content.read(), name=name)))

    def _open(self, name: str, mode: str = "rb") -> ContentFile:
        with super()._open(name, mode) as file:  # type: ignore[misc]
            return ContentFile(unseal(file.read(), name=name))

    def url(self, name: str | None) -> str:
        """None: it is read through the vault alone."""
        raise ValueError("what lies in the vault has no address")


def _sync_folder(folder: Path) -> None:
    """Brings the names in `folder` to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
