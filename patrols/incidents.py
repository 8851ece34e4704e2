"""Incident counts of the reporting system, as the brigade imports them (R8, R12)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from patrols.models import IncidentCount
from villages.bulk import Told, save_checked
from xinjin.audit.trail import record_many
from xinjin.jobs.progress import Report, silent
from xinjin.races import one_winner


def save_counts(rows: Sequence[IncidentCount], *, by: Any, report: Report = silent) -> None:
    """Writes counts: all or none. A corrected count takes the place of the old one, which the trail keeps."""
    with one_winner():
        save_checked(rows, by, report, tell=_tell, constraints=False)


def _tell(by: Any, added: Told, changed: Told) -> None:
    """One event for a village's week that is new, one for each count that was corrected."""
    weeks: dict[tuple[int, date], list[IncidentCount]] = defaultdict(list)
    for row, _detail in added:
        weeks[row.village_id, row.starts_on].append(row)
    told: list[tuple[Any, Any]] = [
        (rows[0], {"week": rows[0].starts_on, "counts": {row.category: row.count for row in rows if row.count}})
        for rows in weeks.values()
    ]
    record_many(by, "import", told)
    record_many(by, "change", changed)
