"""Parts of a village's or a person's page that apps above this one add: recent visits, the ledger, scores.

A panel is made by `func(request, village or officer) -> {"title": …, "template": …, "context": {…}}`, or None for
nothing. On a village's page a panel is registered with `register`, on a person's with `register_for_officer`.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

Panel = dict[str, Any]
Maker = Callable[[HttpRequest, Any], Panel | None]

_makers: dict[tuple[int, str], Maker] = {}
_officer_makers: dict[tuple[int, str], Maker] = {}


def _add(makers: dict[tuple[int, str], Maker], maker: Maker, order: int) -> Maker:
    makers[order, f"{maker.__module__}.{maker.__qualname__}"] = maker
    return maker


def _made(makers: dict[tuple[int, str], Maker], request: HttpRequest, subject: Any) -> list[Panel]:
    made = (maker(request, subject) for _, maker in sorted(makers.items()))
    return [panel for panel in made if panel is not None]


def register(maker: Maker, order: int = 100) -> Maker:
    """Adds a panel to every village's page; registered twice it counts once."""
    return _add(_makers, maker, order)


def register_for_officer(maker: Maker, order: int = 100) -> Maker:
    """Adds a panel to every person's page; registered twice it counts once."""
    return _add(_officer_makers, maker, order)


def panels_for(request: HttpRequest, village: Any) -> list[Panel]:
    """The panels of a village's page, in their order."""
    return _made(_makers, request, village)


def officer_panels_for(request: HttpRequest, officer: Any) -> list[Panel]:
    """The panels of a person's page, in their order."""
    return _made(_officer_makers, request, officer)
