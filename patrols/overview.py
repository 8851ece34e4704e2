"""What a supervisor sees first: figures that each open their rows, the trend of thirteen weeks, and the stations."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from patrols.choices import CaseLevel, CouncilState, ReportState, VisitState
from patrols.coverage import build
from patrols.ledger.weeks_reported import LACKING, weeks_reported
from patrols.models import BaseInfoChange, Case, CouncilMeasure, CouncilMeeting, Visit, WorkReport
from patrols.situation.counting import existing_villages, without_council
from patrols.situation.scope import Scope
from patrols.tallies import Tally
from patrols.wall import CellState, Wall
from villages.gaps import GapKind, find, visible
from villages.models import GapNorm, Unit, Village
from xinjin.periods import Month, Span, Week

TREND_WEEKS = 13


@dataclass(frozen=True)
class Tile:
    """A figure and the address of the rows that it counts."""

    label: str | Promise
    value: str
    url: str
    hint: str = ""
    tone: str = ""


@dataclass(frozen=True)
class StationLine:
    """A station: villages, gaps today, last week and the weeks of the trend."""

    station: Unit
    village_count: int
    gap_count: int
    last_week: Tally
    trend: Tally

    @property
    def percent(self) -> str:
        """Weeks met of weeks owed, rounded to whole percent; a dash when nothing was owed."""
        return percent(self.trend)


def percent(tally: Tally) -> str:
    """A tally in whole percent, or a dash when nothing was owed."""
    if not tally.owed:
        return "—"
    share = Decimal(100 * tally.done) / tally.owed
    return f"{share.quantize(Decimal(1), ROUND_HALF_UP)}%"


def trend_wall(user: Any, day: date) -> Wall:
    """The wall of the thirteen weeks that are over and the running one, of the villages that the user may see."""
    week = Week.of(day)
    first = week
    for _number in range(TREND_WEEKS):
        first = first.previous()
    return build(Village.objects.allowed(user), Span(first.start, week.end), today=day)


def _address(name: str, **query: str) -> str:
    return f"{reverse(name)}?{urlencode(query)}"


def tiles(user: Any, wall: Wall, overdue_count: int) -> list[Tile]:
    """The figures; each address gives as many rows as the figure says."""
    week = wall.weeks[-1]
    last = wall.weeks[-2]
    day = timezone.localdate()
    last_week = wall.by_week[-2]
    visits = Visit.objects.allowed(user).counting().during(week).count()
    returned = Visit.objects.allowed(user).filter(state=VisitState.RETURNED).count()
    cases = Case.objects.allowed(user)
    red = cases.unresolved().filter(level=CaseLevel.RED).count()
    late_cases = cases.overdue(day).count()
    waiting = WorkReport.objects.allowed(user).filter(state=ReportState.SUBMITTED).count()
    return [
        Tile(
            _("Visits this week"),
            str(visits),
            _address("visit_list", period=week.key, state=VisitState.SUBMITTED.value),
            week.key,
        ),
        Tile(
            _("Coverage last week"),
            f"{last_week.done}/{last_week.owed}",
            _address("coverage", period=last.key),
            _("%(percent)s of villages met every duty") % {"percent": percent(last_week)},
        ),
        Tile(
            _("Reports overdue"),
            str(overdue_count),
            reverse("report_overdue"),
            _("still asked for"),
            "bad" if overdue_count else "ok",
        ),
        Tile(
            _("Reports waiting for review"),
            str(waiting),
            _address("report_list", state=ReportState.SUBMITTED.value),
            "",
            "warn" if waiting else "ok",
        ),
        Tile(
            _("Logs returned"),
            str(returned),
            _address("visit_list", state=VisitState.RETURNED.value),
            _("not handed in again yet"),
            "warn" if returned else "",
        ),
        Tile(
            _("Cases past their day"),
            str(late_cases),
            _address("ledger", when="overdue", sort="due"),
            _("not resolved"),
            "bad" if late_cases else "ok",
        ),
        Tile(
            _("Red cases"),
            str(red),
            _address("ledger", level=CaseLevel.RED.value, state="unresolved"),
            _("not resolved"),
            "bad" if red else "ok",
        ),
    ]


def base_info_tile(user: Any, day: date) -> Tile:
    """Changes of the base information that should have been forwarded by now (R9)."""
    late = BaseInfoChange.objects.allowed(user).late(day).count()
    return Tile(
        _("Base-info changes past their day"),
        str(late),
        _address("base_info_list", state="late"),
        _("not forwarded yet"),
        "warn" if late else "ok",
    )


def council_tiles(user: Any, day: date) -> list[Tile]:
    """The running month's councils, and measures whose day has passed (R12)."""
    month, scope = Month.counting(day), Scope(user)
    lacking = without_council(scope, month).count()
    held = CouncilMeeting.objects.allowed(user).held().during(month.counted).count()
    late = CouncilMeasure.objects.allowed(user).overdue(day).count()
    return [
        Tile(
            _("Councils held"),
            str(held),
            _address("council_list", period=month.key, state=CouncilState.HELD.value),
            month.key,
        ),
        Tile(
            _("Villages without council"),
            str(lacking),
            _address("council_missing", month=month.key),
            _("%(month)s, of %(count)s villages")
            % {"month": month.key, "count": existing_villages(scope, month.counted.end).count()},
            "warn" if lacking and day > month.weeks()[-1].start else "",
        ),
        Tile(
            _("Measures past their day"),
            str(late),
            _address("measure_list", when="overdue"),
            _("agreed on by councils"),
            "bad" if late else "ok",
        ),
    ]


def week_tiles(wall: Wall) -> list[Tile]:
    """Last week's screening of disputes and its notice to both committees (R7)."""
    week = wall.weeks[-2]
    lines = weeks_reported(wall, week)
    labels = {
        "silent": _("No dispute screening"),
        "unreported": _("Notice of disputes not handed over"),
        "unsent": _("Notice of disputes not reported to the station"),
    }
    tiles = []
    for key, name in LACKING.items():
        count = sum(getattr(line, name) for line in lines)
        url = _address("dispute_notices", week=week.key, lacking=key)
        hint = _("%(week)s, of %(count)s villages") % {"week": week.key, "count": len(lines)}
        tiles.append(Tile(labels[key], str(count), url, hint, "warn" if count else "ok"))
    return tiles


def gap_tiles(user: Any, day: date) -> list[Tile]:
    """How many gaps of each kind the user may see; each opens exactly those (R1, R4)."""
    counts = Counter(gap.kind for gap in visible(user, find(day)))
    figures = GapNorm.objects.figures(day)
    hints = {
        GapKind.PLACE: _("today"),
        GapKind.PLACE_SOON: _("within %(count)s days") % {"count": figures.ahead_days},
        GapKind.STAND_IN: _("now or within %(count)s days") % {"count": figures.ahead_days},
        GapKind.FREE: _("today"),
        GapKind.CONTACT: _("for %(count)s weeks") % {"count": figures.contact_weeks},
    }
    tones = {GapKind.PLACE: "bad"}
    return [
        Tile(
            kind.label,
            str(counts[kind]),
            _address("gap_list", kind=kind.value),
            hints[kind],
            tones.get(kind, "warn") if counts[kind] else "ok",
        )
        for kind in GapKind
    ]


def station_lines(wall: Wall) -> list[StationLine]:
    """A line for each station of the wall."""
    return [
        StationLine(
            station=station,
            village_count=len(part.rows),
            gap_count=sum(1 for row in part.rows if row.cells[-1].state == CellState.GAP),
            last_week=part.by_week[-2],
            trend=sum(part.by_week[:-1], Tally(0, 0)),
        )
        for station, part in wall.by_station().items()
    ]
