"""Random organisations: the rows that the rights table gives are those that a plain reading of design §3 gives.

The reference below is written over lists of people and villages, without a query; what it says is compared with
`Model.objects.allowed(user, action)` for every role of everybody in the organisation.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrols.choices import NoticeKind, ReportKind, ReportState, VisitState
from patrols.models import InboxItem, Visit, WorkReport
from tests import factories
from tests.contracts.world import undone
from tests.patrols.factories import make_visit
from villages.choices import OfficerKind, UnitKind
from villages.models import (
    Absence,
    Assignment,
    Household,
    JournalEntry,
    Officer,
    PartyPost,
    Unit,
    Village,
    VillageContact,
)
from xinjin.accounts.roles import BUREAU_WIDE, SEPARATED, STATION, Role
from xinjin.periods import Week

pytestmark = pytest.mark.django_db
# Before today, over today, after today.
SPANS = ((-400, -200), (-200, None), (-100, 0), (0, None), (1, 90))
PEOPLE_ROLES = (Role.OFFICER, *STATION, Role.UNIT_LEADER, Role.BRIGADE, Role.BUREAU_LEADER, Role.SYSTEM_ADMIN)


@dataclass
class Org:
    """Everything of one organisation, as lists."""

    today: date
    units: list[Unit] = field(default_factory=list)
    villages: list[Village] = field(default_factory=list)
    people: list[Officer] = field(default_factory=list)
    roles: dict[int, str] = field(default_factory=dict)
    assignments: list[Assignment] = field(default_factory=list)
    rows: dict[type, list[Any]] = field(default_factory=dict)

    def holds(self, person: Officer, village: Village) -> bool:
        return any(
            a.officer_id == person.pk and a.village_id == village.pk and a.holds_on(self.today)
            for a in self.assignments
        )

    def holders(self, village: Village) -> list[Officer]:
        return [person for person in self.people if self.holds(person, village)]

    def villages_of(self, person: Officer) -> list[Village]:
        return [village for village in self.villages if self.holds(person, village)]


@st.composite
def plans(draw) -> dict[str, Any]:
    """An organisation on paper: numbers only."""
    stations = draw(st.integers(1, 3))
    business = draw(st.integers(1, 2))
    people = draw(
        st.lists(
            st.tuples(
                st.integers(0, stations + business - 1),
                st.sampled_from(["community", "liaison", "auxiliary", "staff"]),
                st.sampled_from(PEOPLE_ROLES),
            ),
            min_size=2,
            max_size=7,
        )
    )
    villages = draw(st.lists(st.integers(0, stations - 1), min_size=1, max_size=4))
    held = draw(
        st.lists(
            st.tuples(
                st.integers(0, len(villages) - 1), st.integers(0, len(people) - 1), st.integers(0, len(SPANS) - 1)
            ),
            max_size=8,
        )
    )
    states = draw(st.lists(st.sampled_from(VisitState.values), min_size=4, max_size=4))
    return {
        "stations": stations,
        "business": business,
        "people": people,
        "villages": villages,
        "held": held,
        "states": states,
    }


def build(plan: dict[str, Any]) -> Org:
    org = Org(today=timezone.localdate())
    kinds = [UnitKind.STATION] * plan["stations"] + [UnitKind.BUSINESS_UNIT] * plan["business"]
    org.units = [factories.make_unit(kind=kind) for kind in kinds]
    township = factories.make_township()
    org.villages = [factories.make_village(station=org.units[n], township=township) for n in plan["villages"]]
    for unit, kind, role in plan["people"]:
        person = factories.make_officer(kind=kind, unit=org.units[unit], roles=(role,))
        org.people.append(person)
        org.roles[person.pk] = role
    _assign(org, plan)
    _fill(org, plan)
    return org


def _assign(org: Org, plan: dict[str, Any]) -> None:
    for place, who, span in plan["held"]:
        village, person = org.villages[place], org.people[who]
        first, last = SPANS[span]
        start, end = org.today + timedelta(days=first), None if last is None else org.today + timedelta(days=last)
        taken = [a for a in org.assignments if a.village_id == village.pk and a.slot == person.slot]
        free = all((a.end_on and a.end_on < start) or (end and end < a.start_on) for a in taken)
        if person.slot is not None and free:
            org.assignments.append(factories.make_assignment(village, person, start, end))


def _fill(org: Org, plan: dict[str, Any]) -> None:
    """A record of everything, of every village and every person."""
    now, week = timezone.now(), Week.of(org.today)
    rows = org.rows
    rows[Village], rows[Officer], rows[Assignment] = org.villages, org.people, org.assignments
    rows[Household] = [factories.make_household(village) for village in org.villages]
    rows[VillageContact] = [
        VillageContact.objects.create(village=village, kind="committee", name="甲", start_on=org.today)
        for village in org.villages
    ]
    rows[Absence] = [Absence.objects.create(officer=p, kind="leave", start_on=org.today) for p in org.people]
    rows[PartyPost] = [
        PartyPost.objects.create(
            officer=person, kind="town_committee", township=org.villages[0].township, start_on=org.today
        )
        for person in org.people
    ]
    rows[InboxItem] = [
        InboxItem.objects.create(recipient=person, kind=NoticeKind.VISIT_RETURNED, context={}) for person in org.people
    ]
    writers = [person for person in org.people if person.kind != OfficerKind.STAFF]
    rows[JournalEntry] = [
        JournalEntry.objects.create(village=village, author=person, text="x", written_at=now, stands_since=now)
        for village in org.villages
        for person in org.people[:2]
    ]
    rows[Visit] = [
        make_visit(person, village, state=plan["states"][(n + m) % 4])
        for n, person in enumerate(writers[:3])
        for m, village in enumerate(org.villages)
    ]
    rows[WorkReport] = [
        WorkReport.objects.create(
            kind=ReportKind.WEEKLY, officer=person, period=week.key, period_end_on=week.end, due_on=week.end,
            addressee=org.units[n % len(org.units)],
            state=[ReportState.DRAFT, ReportState.SUBMITTED, ReportState.RETURNED][n % 3],
            submitted_at=now if n % 3 else None,
        )
        for n, person in enumerate(writers)
    ]  # fmt: skip


# --- the plain reading: may `me`, in his role, see this row?
def sees_village(org: Org, me: Officer, village: Village) -> bool:
    role = org.roles[me.pk]
    if role == Role.OFFICER:
        return org.holds(me, village)
    if role in STATION:
        return village.station_id == me.unit_id
    if role == Role.UNIT_LEADER:
        return any(holder.unit_id == me.unit_id for holder in org.holders(village))
    return role in BUREAU_WIDE


def is_own_people(org: Org, me: Officer, village: Village) -> bool:
    return org.roles[me.pk] in (Role.OFFICER, *STATION) and sees_village(org, me, village)


def serves_under(org: Org, me: Officer, person: Officer) -> bool:
    """Whether a station or unit answers for the person: its own people, and for a station who holds its villages."""
    if person.unit_id == me.unit_id:
        return True
    return org.roles[me.pk] in STATION and any(v.station_id == me.unit_id for v in org.villages_of(person))


def sees_person(org: Org, me: Officer, person: Officer) -> bool:
    role = org.roles[me.pk]
    if role == Role.OFFICER:
        return person.pk == me.pk or any(org.holds(me, village) for village in org.villages_of(person))
    if role in (*STATION, Role.UNIT_LEADER):
        return serves_under(org, me, person)
    return role in BUREAU_WIDE


def sees_private(org: Org, me: Officer, row: Any) -> bool:
    """Leave and posts: of himself, and of those for whom one answers."""
    if org.roles[me.pk] == Role.OFFICER:
        return row.officer_id == me.pk
    return sees_person(org, me, row.officer)


def sees_visit(org: Org, me: Officer, visit: Visit) -> bool:
    role, draft = org.roles[me.pk], visit.state == VisitState.DRAFT
    if role == Role.OFFICER:
        return visit.officer_id == me.pk or (not draft and org.holds(me, visit.village))
    return not draft and sees_village(org, me, visit.village)


def sees_report(org: Org, me: Officer, report: WorkReport) -> bool:
    role, draft = org.roles[me.pk], report.state == ReportState.DRAFT
    if role in SEPARATED:
        return False
    if role in (*STATION, Role.UNIT_LEADER):
        return report.officer_id == me.pk or (not draft and report.addressee_id == me.unit_id)
    if role in BUREAU_WIDE:
        return report.officer_id == me.pk or not draft
    return report.officer_id == me.pk


def of_village(rule: Any) -> Any:
    return lambda org, me, row: rule(org, me, row.village)


EXPECTED = {
    (Village, "view"): sees_village,
    (Village, "unmask"): is_own_people,
    (Village, "inform"): is_own_people,
    (Officer, "view"): sees_person,
    (Assignment, "view"): of_village(sees_village),
    (Household, "view"): of_village(sees_village),
    (Household, "change"): of_village(is_own_people),
    (Household, "reveal"): lambda org, me, row: org.roles[me.pk] in BUREAU_WIDE,
    (VillageContact, "view"): of_village(sees_village),
    (JournalEntry, "view"): of_village(sees_village),
    (JournalEntry, "read"): of_village(is_own_people),
    (JournalEntry, "correct"): lambda org, me, row: (
        row.author_id == me.pk and org.roles[me.pk] in (Role.OFFICER, *STATION)
    ),
    (Absence, "view"): sees_private,
    (PartyPost, "view"): sees_private,
    (Visit, "view"): sees_visit,
    (Visit, "return"): lambda org, me, row: (
        org.roles[me.pk] in STATION and row.state == VisitState.SUBMITTED and sees_village(org, me, row.village)
    ),
    (WorkReport, "view"): sees_report,
    (InboxItem, "view"): lambda org, me, row: row.recipient_id == me.pk and org.roles[me.pk] not in SEPARATED,
}


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=plans())
def test_rows_of_everybody_in_a_random_organisation(plan):
    with undone():
        org = build(plan)
        wrong = []
        for me in org.people:
            for (model, action), rule in EXPECTED.items():
                expected = {row.pk for row in org.rows[model] if rule(org, me, row)}
                mine = list(model._default_manager.allowed(me.user, action).values_list("pk", flat=True))
                got = set(mine) & {row.pk for row in org.rows[model]}
                if got != expected or len(mine) != len(set(mine)):
                    wrong.append((org.roles[me.pk], model.__name__, action, expected - got, got - expected))
        assert wrong == []


def test_reference_would_find_a_leak():
    """A reading that forgets the last day of an assignment differs from the table."""
    with undone():
        plan = {
            "stations": 1, "business": 1, "people": [(1, "liaison", Role.OFFICER), (0, "staff", Role.STATION_CLERK)],
            "villages": [0], "held": [(0, 0, 0)], "states": [VisitState.SUBMITTED] * 4,
        }  # fmt: skip
        org = build(plan)
        me, village = org.people[0], org.villages[0]
        assert not Village.objects.allowed(me.user).filter(pk=village.pk).exists()
        assert not sees_village(org, me, village)
        org.today = org.assignments[0].start_on
        assert sees_village(org, me, village)
