"""What of this app is downloaded as a table."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from patrols.wall import Wall
from patrols.wall_views import DutyView, PlanView
from xinjin.periods import Period
from xinjin.reporting import Column, ReportTable


def coverage_table(
    wall: Wall, period: Period, *, issued_on: date, view: DutyView | PlanView | None = None
) -> ReportTable:
    """The wall as a table: a row a village, a column a week, and the totals of the page in the last row."""
    view = view or DutyView()
    by_plan = isinstance(view, PlanView)
    weeks = [Column(week.key, week.key, width=6) for week in wall.weeks]
    columns = [
        Column("station", _("Station"), width=8),
        Column("village", _("Village"), width=6),
        Column("officer", _("Officer"), width=5),
        *weeks,
        Column("met", _("Visits made") if by_plan else _("Weeks met"), "integer"),
        Column("owed", _("Visits planned") if by_plan else _("Weeks owed"), "integer"),
    ]
    rows = [_row(row, view) for row in wall.rows]
    totals: dict[str, Any] = {"station": _("Total"), "village": None, "officer": None}
    for at, week in enumerate(wall.weeks):
        tally = view.total(row.cells[at] for row in wall.rows)
        totals[week.key] = f"{tally.done}/{tally.owed}"
    whole = view.total(cell for row in wall.rows for cell in row.cells)
    rows.append(totals | {"met": whole.done, "owed": whole.owed})
    met = _("A week is met when every weekly duty was done; weeks that nobody owes are left out of the totals.")
    plan = _("1/2: of two planned visits one was made. Plans may be changed at any time and are never scored.")
    return ReportTable(
        title=(_("Plan and visits %(period)s") if by_plan else _("Coverage %(period)s")) % {"period": period.key},
        columns=columns,
        rows=rows,
        notes=[plan if by_plan else met],
        issued_on=issued_on,
    )


def _row(row: Any, view: DutyView | PlanView) -> dict[str, Any]:
    tally = view.total(row.cells)
    return {
        "station": row.village.station.name,
        "village": row.village.name,
        "officer": row.holder.name if row.holder else None,
        **{cell.week.key: view.text(cell) for cell in row.cells},
        "met": tally.done,
        "owed": tally.owed,
    }
