"""The table of incident counts: a row for each village and week, a column for each category, as stations export it.

An empty cell is a count of 0; a village and week without a row stays unknown. So all columns must be there.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patrols.choices import IncidentCategory
from patrols.incidents import save_counts
from patrols.models import IncidentCount
from villages.imports import cells
from villages.imports.kinds import A_VILLAGE, VILLAGE, Column, ImportKind, Part, column, register
from villages.models import FormerName, Village
from xinjin.periods import PeriodError, Week

_WEEK = re.compile(r"(20\d\d)\s*(?:-?\s*W|年?\s*第)\s*(\d{1,2})\s*周?", re.I)


def week(cell: cells.Cell) -> Any:
    """The Monday of a week: written 2026-W07 or 2026年第7周, or as that day."""
    match = _WEEK.fullmatch(cells.half_width(cell.text))
    if match is not None:
        try:
            return Week(int(match[1]), int(match[2])).start
        except PeriodError as error:
            raise cells.CellError(_("There is no such week.")) from error
    try:
        day = cells.day(cell)
    except cells.CellError as error:
        raise cells.CellError(_("A week is needed, such as 2026-W07, or its Monday.")) from error
    if day is not None and day.isoweekday() != 1:
        raise cells.CellError(_("This day is no Monday."))
    return day


def count(cell: cells.Cell) -> int:
    """A number of incidents; none where nothing is written."""
    return cells.whole(cell) or 0


def _category(category: IncidentCategory) -> Column:
    field = models.PositiveIntegerField(category.label, name=category.value, blank=True)
    return Column(
        field,
        count,
        gettext_lazy("A whole number; an empty cell is 0, but the column must be there."),
        "0",
        is_expected=True,
    )


CATEGORIES = tuple(_category(category) for category in IncidentCategory)


def unfold(values: dict[str, Any]) -> Iterable[Part]:
    """A count for each category; name of the village and total are there to be compared."""
    village, name, sum_written = values["village"], values.get("village_name"), values.get("total")
    wrong = {}
    if name and name not in (village.name, village.official_name) and not _was_called(village, name):
        wrong["village_name"] = _("The village of this code is called %(name)s.") % {"name": village.name}
    counts = {each.name: values[each.name] for each in CATEGORIES}
    if sum_written is not None and sum_written != sum(counts.values()):
        wrong["total"] = _("The categories make %(sum)s.") % {"sum": sum(counts.values())}
    if wrong:
        raise ValidationError(wrong)
    common = {"village": village, "starts_on": values["starts_on"]}
    return [Part({**common, "category": name, "count": n}, column=name) for name, n in counts.items()]


def _was_called(village: Village, name: str) -> bool:
    return FormerName.objects.filter(village=village, name=name).exists()


INCIDENTS = register(
    ImportKind(
        "incidents",
        IncidentCount,
        (
            column(IncidentCount, "village", cells.text, A_VILLAGE, "", reference=VILLAGE),
            Column(
                models.CharField(gettext_lazy("Name of the village"), name="village_name", max_length=60, blank=True),
                cells.name,
                gettext_lazy("May be empty; where it is given it must fit the code."),
                "",
            ),
            Column(
                models.DateField(gettext_lazy("Week"), name="starts_on"),
                week,
                gettext_lazy("A week that is over, such as 2026-W07 or 2026年第7周, or its Monday."),
                "2026-W07",
            ),
            *CATEGORIES,
            Column(
                models.PositiveIntegerField(gettext_lazy("Total"), name="total", blank=True, null=True),
                cells.whole,
                gettext_lazy("May be empty or left out; where it is given the categories must add up to it."),
                "",
            ),
        ),
        key=("village", "starts_on", "category"),
        marked="village",
        save=save_counts,
        unfold=unfold,
    )
)
