"""What the demo's cases are written with: the sentences, and the rows that are saved all at once."""

import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from patrols.models import Case


@cache
def sentences() -> dict[str, Any]:
    """What people write in the ledger of the demo."""
    return tomllib.loads(Path(__file__).with_name("ledger.toml").read_text(encoding="utf-8"))


@dataclass
class Rows:
    """Cases and their parts, to be saved all at once."""

    cases: list[Case] = field(default_factory=list)
    parts: dict[Any, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def add(self, part: Any) -> None:
        """A part, saved with its kind."""
        self.parts[type(part)].append(part)
