"""What an absence would change, shown before it is saved: apps above this one say what leaves their duties."""

from collections.abc import Callable
from dataclasses import dataclass

from villages.models import Absence, Village


@dataclass(frozen=True)
class Effect:
    """A month of a village: the weeks that its holder owes as things stand, and with the absence."""

    village: Village
    month: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def leaving(self) -> list[str]:
        """The weeks that leave the duties."""
        return [week for week in self.before if week not in self.after]

    @property
    def returning(self) -> list[str]:
        """The weeks that are owed again, when an absence is shortened."""
        return [week for week in self.after if week not in self.before]


# func(the absence as it stands on the form) → what changes, nothing written
Foreteller = Callable[[Absence], list[Effect]]
_foretellers: list[Foreteller] = []


def register(foreteller: Foreteller) -> Foreteller:
    """Adds a foreteller; registered twice it counts once."""
    if foreteller not in _foretellers:
        _foretellers.append(foreteller)
    return foreteller


def foretell(absence: Absence) -> list[Effect]:
    """Every month of every village that the absence changes."""
    return [effect for foreteller in _foretellers for effect in foreteller(absence)]
