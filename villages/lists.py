"""The list of villages."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from villages.filters import PeopleOfDayFilter
from villages.journal import with_unread
from villages.models import Village
from villages.tables import VillageRow, village_row
from xinjin.lists.definition import ListColumn, ListDefinition, register
from xinjin.reporting import Column, Kind


def _villages(user: Any) -> QuerySet:
    """The villages of the user, each with how many journal entries wait for him."""
    rows = with_unread(Village.objects.allowed(user), user)
    return rows.select_related("township", "station")


def _unread(row: VillageRow) -> str | None:
    number = row.village.unread_count  # type: ignore[attr-defined]
    return _("%(number)s unread") % {"number": number} if number else None


def _former(row: VillageRow) -> str | None:
    return "、".join(f"{former.name} {former.code}" for former in row.former) or None


def _kind(row: VillageRow) -> str | None:
    return str(row.officer.officer.get_kind_display()) if row.officer else None


def _state(row: VillageRow) -> str | None:
    if row.has_ended:
        return _("Ended")
    return "、".join(row.gaps) or None


def _row_class(row: VillageRow) -> str:
    if row.has_ended:
        return "is-muted"
    return "is-bad" if row.gaps else ""


VILLAGES = register(
    ListDefinition(
        name="villages",
        title=gettext_lazy("Villages"),
        url_name="village_list",
        model=Village,
        filterset=PeopleOfDayFilter,
        rows=_villages,
        default_sort="station",
        tie=("code",),
        adapt=village_row,
        row_class=_row_class,
        columns=(
            ListColumn(
                Column(
                    "village",
                    gettext_lazy("Village"),
                    width=6,
                    link=lambda row: reverse("village_detail", args=[row.village.code]),
                ),
                lambda row: row.village.name,
                ("pinyin",),
                names_row=True,
            ),
            ListColumn(
                Column("code", gettext_lazy("code"), width=7), lambda row: row.village.code, ("code",), shown=False
            ),
            ListColumn(Column("former", gettext_lazy("Formerly"), width=8), _former),
            ListColumn(Column("kind", gettext_lazy("Kind"), width=3), lambda row: str(row.village.get_kind_display())),
            ListColumn(
                Column("township", gettext_lazy("Township"), width=6),
                lambda row: row.village.township.name,
                ("township__code",),
            ),
            ListColumn(
                Column("station", gettext_lazy("Station"), width=7),
                lambda row: row.village.station.name,
                ("station__position", "station__code"),
            ),
            ListColumn(
                Column("officer", gettext_lazy("Officer responsible"), width=5),
                lambda row: row.officer.officer.name if row.officer else None,
            ),
            ListColumn(Column("officer_kind", gettext_lazy("Kind of officer"), width=6), _kind),
            ListColumn(
                Column("auxiliary", gettext_lazy("Auxiliary"), width=5),
                lambda row: row.auxiliary.officer.name if row.auxiliary else None,
            ),
            ListColumn(
                Column("households", gettext_lazy("Resident households"), Kind.INTEGER),
                lambda row: row.household_count,
                ("household_count",),
            ),
            ListColumn(
                Column("population", gettext_lazy("population"), Kind.INTEGER),
                lambda row: row.village.population,
                shown=False,
            ),
            ListColumn(
                Column("address", gettext_lazy("office address"), width=12),
                lambda row: row.village.address,
                shown=False,
            ),
            ListColumn(
                Column(
                    "unread",
                    gettext_lazy("Journal"),
                    width=4,
                    link=lambda row: reverse("village_journal", args=[row.village.code]),
                ),
                _unread,
            ),
            ListColumn(
                Column("gaps", gettext_lazy("Gaps"), width=8),
                _state,
                badge=lambda row: ("muted" if row.has_ended else "bad", ""),
            ),
        ),
    )
)
