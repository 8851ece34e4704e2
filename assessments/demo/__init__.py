"""A year of made-up but plausible work in the real Xinjin, for trial and tests.

The same seed and the same day give the same data. Rows are written in bulk, past the verbs, which is allowed here only:
nobody did this work. Every constraint of the database still holds for it; months and quarters are closed by the verbs.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def phrases() -> dict[str, Any]:
    """Names and sentences of the demo."""
    return tomllib.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))
