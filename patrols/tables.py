"""What of this app is downloaded as a table."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from patrols.wall import CellState, Wall
from xinjin.periods import Period
from xinjin.reporting import Column, ReportTable

# States that say nothing about the village yet, or no longer.
SILENT = (CellState.FUTURE, CellState.ABSENT)


def coverage_table(wall: Wall, period: Period, *, issued_on: date) -> ReportTable:
    """The wall as a table: a row a village, a column a week, and the totals of the page in the last row."""
    weeks = [Column(week.key, week.key, width=6) for week in wall.weeks]
    columns = [
        Column("station", _("Station"), width=8),
        Column("village", _("Village"), width=6),
        Column("officer", _("Officer"), width=5),
        *weeks,
        Column("met", _("Weeks met"), "integer"),
        Column("owed", _("Weeks owed"), "integer"),
    ]
    rows = [_row(row) for row in wall.rows]
    totals: dict[str, Any] = {"station": _("Total"), "village": None, "officer": None}
    totals |= {week.key: f"{tally.done}/{tally.owed}" for week, tally in zip(wall.weeks, wall.by_week, strict=True)}
    rows.append(totals | {"met": wall.tally.done, "owed": wall.tally.owed})
    return ReportTable(
        title=_("Coverage %(period)s") % {"period": period.key},
        columns=columns,
        rows=rows,
        notes=[_("A week is met when every weekly duty was done; weeks that nobody owes are left out of the totals.")],
        issued_on=issued_on,
    )


def _row(row: Any) -> dict[str, Any]:
    return {
        "station": row.village.station.name,
        "village": row.village.name,
        "officer": row.holder.name if row.holder else None,
        **{cell.week.key: None if cell.state in SILENT else cell.words for cell in row.cells},
        "met": row.tally.done,
        "owed": row.tally.owed,
    }
