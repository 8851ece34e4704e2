"""Running as root without serving as root: which user a program becomes, and where that user may keep its files."""

import hashlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SYSTEM_FOLDERS = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - the key in the name and its owner are checked


class Unreachable(Exception):
    """No unprivileged user can be given what the program needs."""


@dataclass(frozen=True)
class Account:
    """An unprivileged system user that a program started by root runs as."""

    name: str
    uid: int
    gid: int

    def popen_arguments(self) -> dict[str, Any]:
        """For `subprocess`: become this user, with none of root's groups."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_run(self, *command: str | Path) -> bool:
        """Whether the command succeeds as this user; also false when the user cannot reach it."""
        try:
            code = subprocess.call(  # noqa: S603 - our own commands
                command,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                **self.popen_arguments(),
            )
        except OSError:
            return False
        return code == 0

    def take(self, folder: Path) -> None:
        """Makes the user the owner of a file, or of a folder and all that is in it."""
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def short_key(*parts: object) -> str:
    """A short name for a long path, the same each time."""
    return hashlib.sha256(os.fsencode("\n".join(map(str, parts)))).hexdigest()[:12]


def choose_home(wanted: Path) -> tuple[Path, Account | None]:
    """A folder for a program's files and the user to run it as; no user means: as ourselves.

    Root may not run the program, so the folder is given to the user who already owns it, at first to `nobody`. Where
    that user cannot enter it, as below root's own home, a folder of the system is taken, keyed by the wanted path.
    A home that already holds something comes before an empty one.
    """
    if os.geteuid() != 0:
        wanted.mkdir(mode=0o700, parents=True, exist_ok=True)
        return wanted, None
    homes = [wanted, *(folder / f"xinjin-{short_key(wanted)}" for folder in SYSTEM_FOLDERS)]
    for home in sorted(homes, key=lambda home: not (home.is_dir() and any(home.iterdir()))):
        with suppress(OSError, KeyError):
            used = home.is_dir() and any(home.iterdir())
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            owner = home.stat().st_uid
            user = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
            account = Account(user.pw_name, user.pw_uid, user.pw_gid)
            os.chown(home, account.uid, account.gid)
            if account.can_run("/bin/sh", "-c", 'cd "$0" && test -w .', home):
                return home, account
            if used:
                raise Unreachable(f"{home} cannot be entered by its owner, the user {account.name}.")
            home.rmdir()
    raise Unreachable("No folder can be given to the user nobody: start as a user other than root.")


def reachable_copy(account: Account, folders: Sequence[Path], home: Path) -> Path:
    """A copy of the folders, side by side below `home`, that the user can reach; made once for each version of them."""
    copy = home / f"programs-{short_key(*folders, *(folder.stat().st_mtime_ns for folder in folders))}"
    new = home / "programs.new"
    if not copy.exists():
        for old in home.glob("programs*"):
            shutil.rmtree(old)
        for folder in folders:
            shutil.copytree(folder, new / folder.name)
        account.take(new)
        new.rename(copy)
    return copy
