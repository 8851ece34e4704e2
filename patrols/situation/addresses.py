"""Where each figure opens: the list, asked so that it holds exactly the rows that were counted."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from patrols.choices import BaseInfoState, CaseKind, CouncilState
from patrols.situation.scope import Scope
from xinjin.periods import Month


def address(key: str, scope: Scope, month: Month) -> str:
    """The rows of a figure; KeyError for a key that no figure has."""
    name, _dot, part = key.partition(".")
    name = name.removesuffix("_before")
    month = month.previous() if "_before" in key else month
    if name == "incident":
        return _at(reverse("situation_incidents", args=[month.key]), scope, category=part)
    if name == "without":
        return _at(reverse("council_missing"), scope, month=month.key)
    if name in _RISKS and month.end < timezone.localdate():
        return _at(reverse("ledger"), scope, **_RISKS[name](month.end.isoformat()))
    url_name, asked = _LISTS[name](month.key, part)
    return _at(reverse(url_name), scope, **asked)


def _at(url: str, scope: Scope, **asked: str) -> str:
    query = {name: value for name, value in {**asked, **scope.query}.items() if value}
    return f"{url}?{urlencode(query)}" if query else url


_DISPUTE = {"kind": CaseKind.DISPUTE.value}
# Of a month that is over: as it was at its end.
_RISKS = {
    "red": lambda day: {"open_on": day, "level": "red"},
    "orange": lambda day: {"open_on": day, "level": "orange"},
    "overdue": lambda day: {"overdue_on": day},
}
_LISTS = {
    "opened": lambda month, part: ("ledger", {**_DISPUTE, "period": month, "category": part}),
    "opened_at": lambda month, part: ("ledger", {**_DISPUTE, "period": month, "level": part}),
    "resolved": lambda month, part: ("ledger", {**_DISPUTE, "resolved": month, "category": part}),
    "resolved_at": lambda month, part: ("ledger", {**_DISPUTE, "resolved": month, "level": part}),
    "red": lambda month, part: ("ledger", {"state": "unresolved", "level": "red"}),
    "orange": lambda month, part: ("ledger", {"state": "unresolved", "level": "orange"}),
    "overdue": lambda month, part: ("ledger", {"when": "overdue"}),
    "changes": lambda month, part: ("base_info_list", {"period": month}),
    "forwarded": lambda month, part: ("base_info_list", {"period": month, "state": BaseInfoState.FORWARDED.value}),
    "councils": lambda month, part: ("council_list", {"period": month, "state": CouncilState.HELD.value}),
    "measures": lambda month, part: ("measure_list", {"period": month, "state": part}),
    "measures_overdue": lambda month, part: ("measure_list", {"when": "overdue"}),
}
