"""Parts of a village's page that apps above this one add: recent visits, the ledger, briefings.

A panel is made by `func(request, village) -> {"title": …, "template": …, "context": {…}}`, or None for nothing.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from villages.models import Village

Panel = dict[str, Any]
Maker = Callable[[HttpRequest, Village], Panel | None]

_makers: dict[tuple[int, str], Maker] = {}


def register(maker: Maker, order: int = 100) -> Maker:
    """Adds a panel to every village's page; registered twice it counts once."""
    _makers[order, f"{maker.__module__}.{maker.__qualname__}"] = maker
    return maker


def panels_for(request: HttpRequest, village: Village) -> list[Panel]:
    """The panels of one page, in their order."""
    made = (maker(request, village) for _, maker in sorted(_makers.items()))
    return [panel for panel in made if panel is not None]
