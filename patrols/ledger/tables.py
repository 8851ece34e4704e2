"""Tables of the ledger to download: the roll-up by station, and base-info changes for the master database."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patrols.filters.cases import AGES
from patrols.ledger.dimensions import Dimension
from patrols.ledger.figures import FEW, Line
from patrols.models import BaseInfoChange
from xinjin.periods import Period
from xinjin.reporting import Column, ReportTable


def roll_up_table(by: Dimension, lines: Iterable[Line], period: Period, *, issued_on: date) -> ReportTable:
    """The roll-up, line by line as the page shows it."""
    return ReportTable(
        title=_("Ledger %(by)s %(period)s") % {"by": by.label, "period": period.key},
        columns=[
            Column("name", by.noun),
            Column("belongs", gettext_lazy("Belongs to")),
            Column("unresolved", gettext_lazy("Not resolved"), "integer"),
            Column("overdue", gettext_lazy("Past its day"), "integer"),
            Column("this_week", gettext_lazy("Due this week"), "integer"),
            *(Column(value, label, "integer") for value, label in AGES),
            Column("opened", gettext_lazy("Newly opened"), "integer"),
            *([Column("per_thousand", gettext_lazy("Per 1,000 households"), "score")] if by.homes else []),
            Column("reopened", gettext_lazy("Reopened"), "integer"),
            Column("resolved", gettext_lazy("Resolved"), "integer"),
            Column("median_days", gettext_lazy("Median days"), "score"),
            Column("in_village", gettext_lazy("Resolved in the village"), "integer"),
            Column("in_village_share", gettext_lazy("Share in the village"), "percent"),
            Column("due", gettext_lazy("Limit ended"), "integer"),
            Column("late", gettext_lazy("Late"), "integer"),
            Column("on_time", gettext_lazy("On time"), "percent"),
        ],
        rows=[_roll_up_row(line) for line in lines],
        notes=[
            _("What is not resolved is counted as of today, everything else in the period."),
            _("No share and no median is given of fewer than %(count)s cases.") % {"count": FEW},
        ],
        issued_on=issued_on,
    )


def _roll_up_row(line: Line) -> dict[str, Any]:
    shares = ("per_thousand", "median_days", "on_time", "in_village_share")
    return {
        "name": line.place.name,
        "belongs": line.place.belongs or None,
        **line.counts,
        **{name: getattr(line, name) for name in shares},
    }


def base_info_table(changes: Iterable[BaseInfoChange], *, issued_on: date) -> ReportTable:
    """Verified changes for the police master database: what is to be put right there, and where."""
    return ReportTable(
        title=_("Base-info changes"),
        columns=[
            Column("subject", gettext_lazy("Subject")),
            Column("action", gettext_lazy("Kind of change")),
            Column("station", gettext_lazy("Station")),
            Column("village", gettext_lazy("Village")),
            Column("code", gettext_lazy("Code of the village")),
            Column("address", gettext_lazy("Address"), width=10),
            Column("what", gettext_lazy("What has changed"), width=16),
            Column("found_on", gettext_lazy("Found on"), "date"),
            Column("found_by", gettext_lazy("Found by")),
            Column("due_on", gettext_lazy("To be forwarded by"), "date"),
            Column("state", gettext_lazy("State")),
            Column("forwarded_on", gettext_lazy("Forwarded on"), "date"),
            Column("receipt", gettext_lazy("Receipt")),
        ],
        rows=[_change_row(change) for change in changes],
        issued_on=issued_on,
    )


def _change_row(change: BaseInfoChange) -> dict[str, Any]:
    return {
        "subject": change.get_subject_display(),
        "action": change.get_action_display(),
        "station": change.village.station.name,
        "village": change.village.name,
        "code": change.village.code,
        "address": change.address,
        "what": change.what,
        "found_on": change.found_on,
        "found_by": change.found_by.name,
        "due_on": change.due_on,
        "state": change.get_state_display(),
        "forwarded_on": change.forwarded_on,
        "receipt": change.receipt or None,
    }
