"""Reminders of gaps (R1, R4, R22): to the station's clerk and chief, and to the leader of the person's unit.

A gap has one key as long as it lasts, so it is told once; when it closes, its inbox rows are settled by the next sweep,
and they are open again if the same gap comes back.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from patrols.models import InboxItem, Reminder
from patrols.reminders import Due, Source, register
from villages.choices import OfficerState, UnitKind
from villages.gap_wording import about
from villages.gaps import Gap, GapKind, find
from villages.models import Officer
from xinjin.accounts.roles import STATION, Role

KINDS = tuple(str(kind) for kind in GapKind)
Keepers = dict[tuple[int, bool], set[int]]


def recipients(gap: Gap, keepers: Keepers) -> set[int]:
    """Who has to close it: {officer id}. Of a person at a station, his unit is the station itself."""
    at_stations = gap.station_ids | gap.unit_ids
    return set().union(
        *(keepers.get((unit, True), set()) for unit in at_stations),
        *(keepers.get((unit, False), set()) for unit in gap.unit_ids),
    )


def _keepers() -> Keepers:
    """{(unit id, whether it is a station): the people whose role answers for it}."""
    found: Keepers = defaultdict(set)
    roles = {True: [str(role) for role in STATION], False: [str(Role.UNIT_LEADER)]}
    for is_station, names in roles.items():
        people = Officer.objects.filter(
            state=OfficerState.ACTIVE,
            user__is_active=True,
            user__grants__role__in=names,
            user__grants__withdrawn_at=None,
        )
        people = (
            people.filter(unit__kind=UnitKind.STATION) if is_station else people.exclude(unit__kind=UnitKind.STATION)
        )
        for officer, unit in people.values_list("pk", "unit"):
            found[unit, is_station].add(officer)
    return found


def due(day: date) -> list[Due]:
    """A reminder of each gap for each who has to close it."""
    return _dues(find(day))


def _dues(gaps: Iterable[Gap]) -> list[Due]:
    keepers = _keepers()
    return [
        Due(str(gap.kind), officer, gap.key, gap.since if gap.kind == GapKind.PLACE_SOON else None)
        for gap in gaps
        for officer in sorted(recipients(gap, keepers))
    ]


def contexts(day: date, reminders: list[Reminder]) -> dict[int, dict[str, Any]]:
    """Of those whose gap is still there."""
    known = {(str(gap.kind), gap.key): gap for gap in find(day)}
    found = {}
    for row in reminders:
        gap = known.get((row.kind, row.period))
        if gap is not None:
            url = f"{reverse('gap_list')}?kind={gap.kind}"
            found[row.pk] = {"name": about(gap), "since": gap.since, "url": url}
    return found


def settle(day: date) -> None:
    """Closes the rows of gaps that are no more, and opens those of gaps that have come back."""
    open_now = {(str(gap.kind), gap.key) for gap in find(day)}
    concerned = Q(done_at=None) | Q(reminder__period__in={key for _kind, key in open_now})
    items = InboxItem.objects.filter(concerned, reminder__kind__in=KINDS)
    rows = list(items.values_list("pk", "kind", "reminder__period", "done_at"))
    closed = [pk for pk, kind, key, done in rows if done is None and (kind, key) not in open_now]
    back = [pk for pk, kind, key, done in rows if done is not None and (kind, key) in open_now]
    if closed:
        InboxItem.objects.filter(pk__in=closed, done_at=None).update(done_at=Now())
    if back:
        InboxItem.objects.filter(pk__in=back).update(done_at=None, read_at=None)


register(Source(KINDS, due, contexts, settle))
