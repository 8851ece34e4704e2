"""What passes when a place, or a whole village, changes hands: apps above this one say what becomes of their rows.

Both registries are called inside the verb's transaction. A passer may move rows, refuse with ValidationError, and
names the open matters that the successor finds in the hand-over note.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from villages.models import Assignment, HandOverNote, Village


@dataclass(frozen=True)
class Matter:
    """Something open in the village on the day: a sentence, and the address of the rows it speaks of."""

    label: str
    url: str = ""


class Moment(Enum):
    """What has just happened to a hand-over note."""

    LEFT = "left"
    WRITTEN = "written"
    CONFIRMED = "confirmed"


# func(by, ended, begun) → what the successor should know of
Passer = Callable[[Any, Assignment, Assignment], list[Matter]]
# func(by, source, target, day): `source` ends on the day before and goes on as `target`
Mover = Callable[[Any, Village, Village, date], None]
# func(note, moment): leaves or settles notices
Teller = Callable[[HandOverNote, Moment], None]

_passers: list[Passer] = []
_movers: list[Mover] = []
_tellers: list[Teller] = []


def register(passer: Passer) -> Passer:
    """Adds what passes from the holder of a place to the next one; registered twice it counts once."""
    if passer not in _passers:
        _passers.append(passer)
    return passer


def register_mover(mover: Mover) -> Mover:
    """Adds what passes from a village to the one that it is merged into."""
    if mover not in _movers:
        _movers.append(mover)
    return mover


def register_teller(teller: Teller) -> Teller:
    """Adds who tells people of a note."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def pass_on(by: Any, ended: Assignment, begun: Assignment) -> list[Matter]:
    """Lets every app hand over its rows; the open matters in the order of registration."""
    return [matter for passer in _passers for matter in passer(by, ended, begun)]


def move(by: Any, source: Village, target: Village, day: date) -> None:
    """Lets every app move its rows to the merged village."""
    for mover in _movers:
        mover(by, source, target, day)


def tell(note: HandOverNote, moment: Moment) -> None:
    """Tells whom it concerns."""
    for teller in _tellers:
        teller(note, moment)
