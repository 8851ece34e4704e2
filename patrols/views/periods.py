"""The period that a page is asked for."""

from datetime import date

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
