"""What an address asks for: a period, or rows by their keys."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.models import Visit
from patrols.situation.scope import Scope
from villages.models import Unit, Village
from xinjin import periods
from xinjin.access import engine
from xinjin.periods import Month, Period, Quarter


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


def month_of(key: str) -> Month:
    """The month of a key in an address; 404 when it names none."""
    try:
        return periods.parse_as(Month, key)
    except periods.PeriodError as error:
        raise Http404 from error


def chosen_month(request: HttpRequest) -> Month:
    """The one of `?month=`, by default the one that is counted now."""
    key = request.GET.get("month")
    return month_of(key) if key else Month.counting(timezone.localdate())


def places_of(user: Any) -> list[tuple[str, str]]:
    """What the user may choose as the scope of an analysis, as (query, name): all, stations, villages."""
    villages = list(Village.objects.allowed(user).existing_on(timezone.localdate()).select_related("station")
                    .order_by("station__position", "station__code", "code"))  # fmt: skip
    stations = {village.station.code: village.station.name for village in villages}
    found = []
    if engine.allows(user, Visit, "supervise"):
        if len(stations) > 1:
            found.append(("", _("All that I see")))
        found += [(urlencode({"station": code}), name) for code, name in stations.items()]
    return found + [(urlencode({"village": village.code}), village.name) for village in villages]


def _named(rows: QuerySet, code: str) -> Any:
    """The row of a code; 404 for one that no row has or could have."""
    if "\0" in code:
        raise Http404
    return get_object_or_404(rows, code=code)


def chosen_scope(request: HttpRequest) -> Scope:
    """The scope of `?village=` or `?station=`, by default the widest that the user may choose; 404 out of sight."""
    user, asked = request.user, {**request.GET.dict(), **dict(parse_qsl(request.GET.get("of", "")))}
    villages = Village.objects.allowed(user)
    if asked.get("village"):
        return Scope(user, village=_named(villages.select_related("station"), asked["village"]))
    if asked.get("station") and engine.allows(user, Visit, "supervise"):
        stations = Unit.objects.filter(pk__in=villages.values("station"))
        return Scope(user, station=_named(stations, asked["station"]))
    places = places_of(user)
    query = dict(parse_qsl(places[0][0])) if places else {}
    if "station" in query:
        return Scope(user, station=Unit.objects.get(code=query["station"]))
    if "village" in query:
        return Scope(user, village=villages.select_related("station").get(code=query["village"]))
    return Scope(user)
