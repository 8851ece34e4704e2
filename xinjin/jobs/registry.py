"""The kinds of background work, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch

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
    """The address of the outcome of a finished run, where its kind has a page of its own; otherwise nothing."""
    kind = KINDS.get(run.kind)
    if kind is None or kind.page is None or run.state != "done":
        return ""
    try:
        return kind.page(run)
    except (LookupError, NoReverseMatch):  # a row that an earlier version of the program has left
        return ""
