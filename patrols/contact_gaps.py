"""Business units that have lost contact to the villages of their people (R4): found from who was there."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from patrols.models import Attendee
from villages.choices import UnitKind
from villages.gaps import Gap, GapKind, register
from villages.models import Assignment, Village
from villages.models.gap_norm import GapFigures
from xinjin.periods import Week


@register
def lost_contacts(day: date, figures: GapFigures) -> Iterable[Gap]:
    """Units none of whose people was in any of the villages that they hold, in the norm's whole weeks and since.

    A unit whose first place began within these weeks has not had them yet. What counts is having been there, as author
    or companion of a log that counts.
    """
    since = Week.of(day).start - timedelta(weeks=figures.contact_weeks)
    held: dict[int, dict[int, Assignment]] = defaultdict(dict)
    rows = Assignment.objects.on(day).filter(officer__unit__kind=UnitKind.BUSINESS_UNIT, officer__unit__is_active=True)
    for row in rows.select_related("officer__unit", "village__station").order_by("village__code", "-pk"):
        held[row.officer.unit_id][row.village_id] = row
    there = Attendee.objects.filter(
        is_counting=True, visited_on__range=(since, day), officer__unit__kind=UnitKind.BUSINESS_UNIT
    )
    met = set(there.values_list("officer__unit", "visit__village").order_by().distinct())
    for unit_id, places in held.items():
        began = min(row.start_on for row in places.values())
        if began < since and not any((unit_id, village_id) in met for village_id in places):
            first = next(iter(places.values()))
            yield Gap(GapKind.CONTACT, since=since, unit=first.officer.unit, villages=_named(places))


def _named(places: dict[int, Assignment]) -> tuple[Village, ...]:
    return tuple(row.village for row in places.values())
