"""Short, calm lines for the person who started us. Simple enough for interpreters too old for all the rest."""

import time
from contextlib import contextmanager
from typing import Iterator  # noqa: UP035 - collections.abc cannot be subscripted in Python 3.8

WIDTH = 24


def say(line: str) -> None:
    """One line, shown at once even when the output goes to a file."""
    print(line, flush=True)


def tick() -> None:
    """A sign of life within a long step."""
    print(".", end="", flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """A line that names what is being done, completed by the seconds it took."""
    started = time.monotonic()
    print(f"  {title:<{WIDTH}}", end="", flush=True)
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f"{time.monotonic() - started:6.1f} s", flush=True)
