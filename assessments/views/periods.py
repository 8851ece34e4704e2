"""Periods out of addresses: an unknown key is not found, a period that has not begun gets a page that says so."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from xinjin import periods
from xinjin.periods import Month, P


def period_or_404(kind: type[P], key: str) -> P:
    """The period with this key; 404 when there is none."""
    try:
        return periods.parse_as(kind, key)
    except periods.PeriodError as error:
        raise Http404 from error


def running_month() -> Month:
    """The month in which today's work is counted."""
    return Month.counting(timezone.localdate())


def not_begun(request: HttpRequest, period: Any, back: str) -> HttpResponse:
    """The page of a period that lies ahead."""
    return render(request, "assessments/not_begun.html", {"period": period, "back": back})
