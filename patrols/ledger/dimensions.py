"""By what the ledger is rolled up: station, village, owner, category, level. Each case is in one line of each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patrols.choices import CaseCategory, CaseLevel
from patrols.filters.cases import NO_OWNER
from villages.models import Officer, Unit, Village


class Place(NamedTuple):
    """What a line is about: its key in the figures, and the value that the list's filter takes."""

    pk: Any
    name: str
    code: str
    belongs: str = ""


@dataclass(frozen=True)
class Dimension:
    """What the ledger is rolled up by. `field` is where a case says it, `parameter` the filter that gives the rows.

    `homes` is where a village says it, for households to divide by.
    """

    key: str
    label: Promise
    noun: Promise
    field: str
    parameter: str
    places: Callable[[QuerySet], Iterable[Place]]
    homes: str = ""


def _stations(cases: QuerySet) -> list[Place]:
    rows = Unit.objects.filter(Exists(cases.filter(village__station=OuterRef("pk")))).order_by("position", "code")
    return [Place(row.pk, row.name, row.code) for row in rows]


def _villages(cases: QuerySet) -> list[Place]:
    rows = Village.objects.filter(Exists(cases.filter(village=OuterRef("pk")))).select_related("station")
    order = ("station__position", "station__code", "code")
    return [Place(row.pk, row.name, row.code, row.station.name) for row in rows.order_by(*order)]


def _owners(cases: QuerySet) -> list[Place]:
    """Those who have a case, and last a line for the cases that nobody has."""
    rows = Officer.objects.filter(Exists(cases.filter(owner=OuterRef("pk")))).select_related("unit")
    order = ("unit__position", "unit__code", "pinyin", "number")
    places = [Place(row.pk, row.name, row.number, row.unit.name) for row in rows.order_by(*order)]
    if cases.filter(owner=None).exists():
        places.append(Place(None, _("No owner"), NO_OWNER))
    return places


def _choices(field: str, choices: list[tuple[str, Any]]) -> Callable[[QuerySet], list[Place]]:
    def places(cases: QuerySet) -> list[Place]:
        found = set(cases.values_list(field, flat=True).distinct())
        return [Place(value, str(label), value) for value, label in choices if value in found]

    return places


DIMENSIONS = {
    dimension.key: dimension
    for dimension in (
        Dimension(
            "station",
            gettext_lazy("By station"),
            gettext_lazy("Station"),
            "village__station",
            "station",
            _stations,
            "station",
        ),
        Dimension(
            "village", gettext_lazy("By village"), gettext_lazy("Village"), "village", "village", _villages, "pk"
        ),
        Dimension("owner", gettext_lazy("By owner"), gettext_lazy("Owner"), "owner", "owner", _owners),
        Dimension(
            "category",
            gettext_lazy("By category"),
            gettext_lazy("Category"),
            "category",
            "category",
            _choices("category", CaseCategory.choices),
        ),
        Dimension(
            "level",
            gettext_lazy("By level"),
            gettext_lazy("Level"),
            "level",
            "level",
            _choices("level", CaseLevel.choices),
        ),
    )
}
