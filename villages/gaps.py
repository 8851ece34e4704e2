"""Gaps in the network (村村有警, R1, R4): each kind is found here once, or by the app above that registers it.

The overview's tiles, the admin's filters, the page of gaps and the reminders all read `find`. A place is empty when
nobody holds it; a place to become empty is one whose holder goes within the days of the norm and nobody follows.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from villages.choices import HOLDERS, OfficerState, Slot
from villages.models import Absence, Assignment, GapNorm, Officer, Unit, Village
from villages.models.gap_norm import GapFigures
from xinjin.access import engine
from xinjin.periods import Span

ABLE = [kind for kinds in HOLDERS.values() for kind in kinds]


class GapKind(TextChoices):
    PLACE = "place_gap", _("Place without holder")
    PLACE_SOON = "place_gap_soon", _("Place soon without holder")
    STAND_IN = "no_stand_in", _("Leave without stand-in")
    FREE = "no_village", _("Officer without village")
    CONTACT = "no_contact", _("Unit without contact to its villages")


@dataclass(frozen=True)
class Gap:
    """Something missing from `since` on. What it speaks of is a place, a leave, a person or a unit."""

    kind: GapKind
    since: date
    until: date | None = None
    village: Village | None = None
    slot: Slot | None = None
    officer: Officer | None = None
    unit: Unit | None = None
    absence: Absence | None = None
    # The villages that a leave leaves alone, or to which a unit has lost contact.
    villages: tuple[Village, ...] = field(default=())

    @property
    def key(self) -> str:
        """Names the gap among those of its kind; the same gap keeps it from one day to the next."""
        subject = self.absence or self.village or self.officer or self.unit
        place = f"{self.slot}-" if self.slot else ""
        return f"{place}{subject.pk if subject else 0}-{self.since:%Y%m%d}"

    @property
    def station_ids(self) -> set[int]:
        """The stations that have to close it; none for the gap of a business unit."""
        if self.village is not None:
            return {self.village.station_id}
        return {village.station_id for village in self.villages} if self.absence is not None else set()

    @property
    def unit_ids(self) -> set[int]:
        """The units whose leader has to know: of the person who goes, is away or has no village."""
        if self.unit is not None:
            return {self.unit.pk}
        return {self.officer.unit_id} if self.officer is not None else set()


Finder = Callable[[date, GapFigures], Iterable[Gap]]
_finders: list[Finder] = []


def register(finder: Finder) -> Finder:
    """Adds a way of finding gaps; registered twice it counts once."""
    if finder not in _finders:
        _finders.append(finder)
    return finder


def find(day: date, *kinds: str) -> list[Gap]:
    """All gaps of `day` (of these kinds), the kinds in their order; a constant number of queries."""
    figures = GapNorm.objects.figures(day)
    order = list(GapKind)
    found = [gap for finder in _finders for gap in finder(day, figures) if not kinds or gap.kind in kinds]
    return sorted(found, key=lambda gap: (order.index(gap.kind), gap.since, gap.key))


def visible(user: Any, gaps: Iterable[Gap]) -> list[Gap]:
    """Those of a place that the user may see, of a person whom he may see, or of his own unit.

    Who sees every person of the bureau sees them all.
    """
    gaps = list(gaps)
    if not engine.allows(user, Village, "watch"):
        return []
    if engine.scope(user, Officer, "view") == Q():
        return gaps
    villages = set(Village.objects.allowed(user).values_list("pk", flat=True))
    people = set(Officer.objects.allowed(user).values_list("pk", flat=True))
    units = set(Unit.objects.filter(officers__user=user).values_list("pk", flat=True))
    return [
        gap
        for gap in gaps
        if (gap.village is not None and gap.village.pk in villages)
        or (gap.officer is not None and gap.officer.pk in people)
        or (gap.unit is not None and gap.unit.pk in units)
        or any(village.pk in villages for village in gap.villages)
    ]


@register
def empty_places(day: date, figures: GapFigures) -> Iterable[Gap]:
    """The places that nobody holds on some day from `day` to the end of the norm's days."""
    ahead = Span(day, day + timedelta(days=figures.ahead_days))
    held: dict[tuple[int, str], list[Assignment]] = defaultdict(list)
    # Those that ended before tell since when a place is empty.
    lasting = Q(village__valid_to=None) | Q(village__valid_to__gte=day)
    for row in Assignment.objects.filter(lasting).select_related("officer__unit").order_by("start_on", "pk"):
        held[row.village_id, row.slot].append(row)
    villages = Village.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=ahead.end)
    for village in villages.select_related("station").order_by("code"):
        for slot in Slot:
            gap = _first_gap(village, slot, held[village.pk, slot], ahead)
            if gap is not None:
                yield gap


def _first_gap(village: Village, slot: Slot, held: list[Assignment], ahead: Span) -> Gap | None:
    """The first run of days without holder that touches `ahead`."""
    free_from, before = village.valid_from, None
    last_day = village.valid_to or date.max
    for row in held:
        if row.start_on > free_from and row.start_on > ahead.start:
            break
        before = row
        if row.end_on is None or row.end_on == date.max:
            return None
        free_from = row.end_on + timedelta(days=1)
    if free_from > min(ahead.end, last_day):
        return None
    following = next((row.start_on for row in held if row.start_on >= free_from), None)
    soon = free_from > ahead.start
    return Gap(
        GapKind.PLACE_SOON if soon else GapKind.PLACE,
        since=free_from,
        until=following - timedelta(days=1) if following else None,
        village=village,
        slot=slot,
        officer=before.officer if soon and before else None,
    )


@register
def uncovered_leaves(day: date, figures: GapFigures) -> Iterable[Gap]:
    """Absences of holders, long enough to need one, without a stand-in: running, or beginning in the norm's days."""
    ahead = Span(day, day + timedelta(days=figures.ahead_days))
    absences = Absence.objects.during(ahead).filter(stand_in=None, officer__state=OfficerState.ACTIVE)
    held: dict[int, list[Assignment]] = defaultdict(list)
    places = Assignment.objects.filter(officer__in=absences.values("officer")).select_related("village__station")
    for row in places.order_by("village__code", "pk"):
        held[row.officer_id].append(row)
    for absence in absences.select_related("officer__unit").order_by("start_on", "pk"):
        first, last = absence.halves
        span = Span(max(absence.start_on, day), absence.end_on or date.max)
        left = [row.village for row in held[absence.officer_id] if row.during(span)]
        if last - first + 1 >= 2 * figures.leave_days and left:
            yield Gap(
                GapKind.STAND_IN,
                since=absence.start_on,
                until=absence.end_on,
                officer=absence.officer,
                absence=absence,
                villages=tuple(left),
            )


@register
def free_officers(day: date, figures: GapFigures) -> Iterable[Gap]:
    """Active people of a kind that holds places who hold none on `day`, and since when."""
    able = Officer.objects.active().filter(kind__in=ABLE)
    free = able.exclude(pk__in=Assignment.objects.on(day).values("officer"))
    ended = Assignment.objects.filter(officer__in=free.values("pk"), end_on__lt=day).order_by().values_list("officer")
    last_days = dict(ended.annotate(last=Max("end_on")))
    for officer in free.select_related("unit").order_by("pinyin", "number"):
        last = last_days.get(officer.pk)
        yield Gap(GapKind.FREE, since=last + timedelta(days=1) if last else NEVER, officer=officer)


# Since when somebody is without village who never had one: the gap keeps one key, and the page says "never".
NEVER = date(2000, 1, 1)


def village_ids(day: date, kind: GapKind) -> set[int]:
    """The villages with a gap of this kind."""
    return {gap.village.pk for gap in find(day, kind) if gap.village is not None}
