"""The base-info changes of a log: a row becomes a record when the log is handed in, and both stay together (R9)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from patrols.base_info import ChangeEntry, check_change, follow_log, report_change
from patrols.choices import BaseInfoState
from patrols.entries import BaseInfoEntry
from patrols.models import BaseInfoChange, Visit

Rows = tuple[BaseInfoEntry, ...]


def with_records(visit: Visit, rows: Rows, stored: Rows) -> Rows:
    """The rows, each with the record that it has already made.

    The page names it. A sender who does not gets it back for a row that says what a stored one says; so the same rows
    sent again are the same changes. What names a record of another log names none.
    """
    if not any(row.change for row in (*rows, *stored)):
        return rows
    own = set(visit.base_info_changes.filter(is_of_log=True).values_list("pk", flat=True))
    free = {str(pk) for pk in own}
    found: list[BaseInfoEntry] = []
    for row in rows:
        kept = row.change if row.change in free else ""
        free.discard(kept)
        found.append(replace(row, change=kept))
    for number, row in enumerate(found):
        if not row.change:
            same = (old for old in stored if old.change in free and replace(old, change="") == row)
            found[number] = old = next(same, row)
            free.discard(old.change)
    return tuple(found)


def report_from_visit(*, by: Any, visit: Visit) -> list[BaseInfoChange]:
    """Makes a record of each row that has none; what is still to be verified follows its corrected row.

    What the community officer has verified, dismissed or forwarded stands as it is. A row that was removed: while
    nobody has looked, its record is dismissed with that remark; nothing that others may have read disappears.
    """
    rows = list(visit.base_info.select_related("change").order_by("position", "id"))
    _dismiss_removed(by, visit, {row.change_id for row in rows})
    made = []
    for row in rows:
        entry = ChangeEntry(
            village=visit.village, subject=row.subject, action=row.action, address=row.address, what=row.what,
            found_on=visit.visited_on, source_visit=visit, is_of_log=True,
        )  # fmt: skip
        if row.change is not None:
            follow_log(by=by, change=row.change, entry=entry)
            continue
        row.change = report_change(by=by, found_by=visit.officer, entry=entry)
        row.save(update_fields=["change"])
        made.append(row.change)
    return made


def _dismiss_removed(by: Any, visit: Visit, kept: Iterable[Any]) -> None:
    unread = visit.base_info_changes.filter(is_of_log=True, state=BaseInfoState.FOUND)
    for change in unread.exclude(pk__in=[pk for pk in kept if pk]).order_by("pk"):
        check_change(by=by, change=change, is_so=False, remark=_("Removed from the log by its author."))
