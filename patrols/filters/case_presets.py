"""What is asked of the ledger every day, each one press away and with the number of rows that it opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from patrols.choices import CaseLevel
from patrols.filters.cases import CaseFilter, state_condition, time_condition
from patrols.models import Case
from xinjin.lists.listing import Asker


@dataclass(frozen=True)
class Preset:
    """A label and the filters that it sets, by name; `tone` where there should be none of these rows."""

    label: Promise
    asked: Mapping[str, str]
    tone: str = ""

    def condition(self, level: str, day: date) -> Q:
        """Its rows; of `level` where it sets none itself."""
        found = Q()
        for name, value in ({"level": level} | dict(self.asked)).items():
            if name == "when":
                found &= time_condition(value, day)
            elif name == "state":
                found &= state_condition(value)
            elif value:
                found &= Q(level=value)
        return found


PRESETS = (
    Preset(_("Not resolved"), {"state": "unresolved"}),
    Preset(_("Past its day"), {"when": "overdue"}, "bad"),
    Preset(_("Due this week"), {"when": "this_week"}),
    Preset(_("Weekly step due"), {"when": "step_due"}),
    Preset(_("Referral answer due"), {"when": "answer_due"}),
    Preset(_("Pause to be looked at"), {"when": "pause_due"}),
    Preset(_("Follow-up call due"), {"when": "call_due"}),
    Preset(_("Red"), {"state": "unresolved", "level": CaseLevel.RED.value}, "bad"),
    Preset(_("Orange"), {"state": "unresolved", "level": CaseLevel.ORANGE.value}),
    Preset(_("Reopened"), {"when": "reopened"}),
)
# What a press sets anew; every other filter stays as it is.
REPLACED = ("when", "state")


@dataclass(frozen=True)
class Shortcut:
    """A preset as the page shows it: with its rows counted, and where a press leads. A second press takes it back."""

    preset: Preset
    count: int
    query: str
    is_active: bool


def shortcuts(user: Any, data: QueryDict, day: date) -> list[Shortcut]:
    """The presets over the other filters of the address; one query."""
    active = _active(data)
    level = data.get("level", "") if active is None or "level" not in active.asked else ""
    level = level if level in CaseLevel.values else ""
    rest = data.copy()
    for name in (*REPLACED, "level"):
        rest.pop(name, None)
    rows = CaseFilter(rest, queryset=Case.objects.allowed(user).order_by(), request=Asker(user)).qs
    counts = {f"at_{n}": Count("pk", filter=preset.condition(level, day)) for n, preset in enumerate(PRESETS)}
    found = rows.aggregate(**counts)
    rest.pop("page", None)
    if level:
        rest["level"] = level
    return [
        Shortcut(preset, found[f"at_{n}"], _query(rest, preset, preset is active), preset is active)
        for n, preset in enumerate(PRESETS)
    ]


def _active(data: QueryDict) -> Preset | None:
    """The preset that the address asks for; of two that fit, the one that says more."""
    fitting = [
        preset
        for preset in PRESETS
        if all(data.get(name, "") == preset.asked.get(name, "") for name in REPLACED)
        and data.get("level", "") == preset.asked.get("level", data.get("level", ""))
    ]
    return max(fitting, key=lambda preset: len(preset.asked), default=None)


def _query(rest: QueryDict, preset: Preset, is_active: bool) -> str:
    """The address's query after a press. Where days are asked for, the first to come is first."""
    query = rest.copy()
    if query.get("sort") == "due":
        del query["sort"]
    if is_active:
        return query.urlencode() or "all=1"
    for name, value in preset.asked.items():
        query[name] = value
    if "when" in preset.asked:
        query["sort"] = "due"
    return query.urlencode()
