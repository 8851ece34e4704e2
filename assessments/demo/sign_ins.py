"""The accounts of the demo: one for each role to enter with, and the people who acted in its past."""

from datetime import datetime, time

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from assessments.demo.roster import DEMO_COMMUNITY, DEMO_VILLAGE, Roster
from villages.choices import OfficerState, Slot, UnitKind
from villages.models import Officer, Unit, Village
from xinjin.accounts.demo import DEMO_ACCOUNTS
from xinjin.accounts.models import RoleGrant, User
from xinjin.accounts.roles import Role


def _demo_people(roster: Roster, villages: list[Village]) -> dict[str, Officer | None]:
    """{demo account: the person who signs in with it}."""
    by_code = {village.code: village for village in villages}
    village = by_code[DEMO_VILLAGE]
    station = village.station
    officer = roster.holders[village.pk, Slot.OFFICER]
    clerk = next(o for o in roster.officers if o.unit_id == station.pk and o.post == "内勤")
    by_kind = {unit.kind: roster.leaders[unit.pk] for unit in Unit.objects.all() if unit.pk in roster.leaders}
    return {
        "officer": officer,
        "community": roster.holders[by_code[DEMO_COMMUNITY].pk, Slot.OFFICER],
        "auxiliary": roster.holders[village.pk, Slot.AUXILIARY],
        "clerk": clerk,
        "chief": roster.chiefs[station.pk],
        "unitleader": roster.leaders[officer.unit_id],
        "brigade": by_kind[UnitKind.BRIGADE],
        "inspector": by_kind[UnitKind.INSPECTORATE],
        "command": by_kind[UnitKind.COMMAND_CENTRE],
        "bureau": by_kind[UnitKind.BUREAU_LEADERSHIP],
    }


def make_sign_ins(roster: Roster, villages: list[Village]) -> None:
    """The demo accounts with the demo password, and accounts without one for the people who signed in the past."""
    password = make_password(settings.DEMO_PASSWORD)
    people = _demo_people(roster, villages)
    users: list[tuple[User, tuple[str, ...], Officer | None]] = []
    for account in DEMO_ACCOUNTS:
        person = people.get(account.username)
        name = person.name if person else str(account.label)
        user = User(username=account.username, display_name=name, password=password, is_demo=True)
        users.append((user, account.roles, person))
    taken = {person.pk for person in people.values() if person}
    others = [(chief, Role.STATION_CHIEF) for chief in roster.chiefs.values()]
    others += [(leader, Role.UNIT_LEADER) for leader in roster.leaders.values()]
    others += [(holder, Role.OFFICER) for holder in roster.holders.values()]
    for person, role in others:
        if person.pk not in taken:
            user = User(username=person.number, display_name=person.name, password="!", is_demo=True)  # noqa: S106
            users.append((user, (role,), person))
    for person in roster.officers:
        if person.state == OfficerState.TRANSFERRED:
            user = User(username=person.number, display_name=person.name, password="!", is_demo=True, is_active=False)  # noqa: S106
            users.append((user, (), person))
    User.objects.bulk_create([user for user, _, _ in users])
    granted_at = timezone.make_aware(datetime.combine(roster.since, time(9)))
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, granted_at=granted_at, granted_reason="demo", starts_on=roster.since)
        for user, roles, _ in users
        for role in roles
    )
    for user, _, person in users:
        if person is not None:
            person.user = user
    Officer.objects.bulk_update([person for _, _, person in users if person], ["user"], batch_size=500)
