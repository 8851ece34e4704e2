"""The kinds of background work, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xinjin.jobs.models import JobRun
    from xinjin.jobs.progress import Progress

# (file name, bytes) to be downloaded, or nothing.
Result = tuple[str, bytes] | None
Work = Callable[["JobRun", "Progress"], Result]


@dataclass(frozen=True)
class Kind:
    """`page` gives the address that shows the outcome of a finished run; without one its own page does."""

    work: Work
    page: "Callable[[JobRun], str] | None" = None


KINDS: dict[str, Kind] = {}


def job(name: str, *, page: "Callable[[JobRun], str] | None" = None) -> Callable[[Work], Work]:
    """Declares the work of a kind of job; a name given twice is a mistake."""

    def declare(work: Work) -> Work:
        if name in KINDS:
            raise ValueError(f"the kind of job {name} is declared twice")
        KINDS[name] = Kind(work, page)
        return work

    return declare


def page_of(run: Any) -> str:
    """The address of the outcome, where its kind has a page of its own; otherwise nothing."""
    kind = KINDS.get(run.kind)
    return kind.page(run) if kind is not None and kind.page is not None and run.state == "done" else ""
