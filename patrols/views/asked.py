"""What an address asks for: a period, or rows by their keys."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest

from xinjin import periods
from xinjin.periods import Period, Quarter


def chosen_period(request: HttpRequest, today: date) -> Period:
    """The one of `?period=`, by default this quarter; 404 for a key that names none."""
    key = request.GET.get("period")
    try:
        return periods.parse(key) if key else Quarter.of(today)
    except periods.PeriodError as error:
        raise Http404 from error


def uuids(texts: Iterable[str]) -> list[UUID]:
    """Those of `texts` that are keys at all; whatever else somebody sends finds nothing."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
