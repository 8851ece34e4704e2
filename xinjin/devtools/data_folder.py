"""The folder that holds all a trial keeps: database, photos, logs, its keys. One run uses it at a time."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Self

from xinjin.devtools.processes import Failed, try_lock
from xinjin.embedded import kept_secret

SERVERS = ("DATABASE_URL", "REDIS_URL")
KEYS = ("SECRET_KEY", "FIELD_KEY")


class Busy(Failed):
    """Another run holds the folder."""


class DataFolder:
    """Locked while used as a context; `state` tells others where the holder's servers are."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._state = self.path / "state.json"
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        if not self.path.exists():
            self.path.mkdir(parents=True)
            self.path.chmod(0o711)  # PostgreSQL's user passes through; what is inside has its own permissions
        lock = (self.path / "lock").open("a")
        if not try_lock(lock):
            lock.close()
            raise Busy(self._who_holds_it())
        self._lock = lock
        for name in ("media", "static"):
            (self.path / name).mkdir(mode=0o700, exist_ok=True)
        self.withdraw()  # what a killed run had announced
        return self

    def __exit__(self, *_: object) -> None:
        self.withdraw()
        if self._lock:
            self._lock.close()

    @property
    def state(self) -> dict[str, Any]:
        """What the holder announced; empty while it is still starting."""
        try:
            state: dict[str, Any] = json.loads(self._state.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return state

    def announce(self, address: str, environment: Mapping[str, str]) -> None:
        """Tells a second run the address, and management commands the servers."""
        new = self._state.with_suffix(".new")
        new.unlink(missing_ok=True)
        content = {"address": address, "servers": {name: environment[name] for name in SERVERS}}
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(content, file)
        new.replace(self._state)

    def withdraw(self) -> None:
        """Takes the announcement back, before the servers stop."""
        self._state.unlink(missing_ok=True)

    def environment(self, servers: Mapping[str, str]) -> dict[str, str]:
        """The variables for every program of ours: what the person set, with these servers and our defaults."""
        environment = {
            "XINJIN_PROFILE": "demo",
            "DJANGO_SETTINGS_MODULE": "xinjin.settings",
            "MEDIA_ROOT": str(self.path / "media"),
            "STATIC_ROOT": str(self.path / "static"),
            "PYTHONUNBUFFERED": "1",
            **os.environ,
            **servers,
        }
        for name in KEYS if environment["XINJIN_PROFILE"] == "demo" else ():
            if not {name, f"{name}_FILE"} & environment.keys():
                file = self.path / name.lower()
                kept_secret(file)
                environment[f"{name}_FILE"] = str(file)
        return environment

    def _who_holds_it(self) -> str:
        address = self.state.get("address")
        if address:
            return f"Already running at {address} with the data folder {self.path}."
        return f"Another run.py is using the data folder {self.path}."
