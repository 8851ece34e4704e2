"""Plain functions that make rows for tests. No surprises: what is not asked for is not made.

Every row passes full_clean(). Names and numbers count up, so that two rows of one kind never meet by accident.
"""

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from django.utils import timezone

from villages.choices import OfficerKind, Slot, UnitKind, VillageKind
from villages.models import Assignment, Household, Officer, Township, Unit, Village
from xinjin.accounts.models import RoleGrant, User
from xinjin.accounts.roles import Role

SINCE = date(2024, 1, 1)
_numbers = count(1)


def _saved(obj: Any) -> Any:
    obj.full_clean()
    obj.save()
    return obj


def make_user(*roles: str, username: str | None = None, name: str = "", password: str | None = None) -> User:
    """An account holding `roles`; signs in by `client.force_login`, or by `password` when one is given."""
    number = next(_numbers)
    user = User(username=username or f"u{number}", display_name=name or f"用户{number}")
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    _saved(user)
    for role in roles:
        _saved(RoleGrant(user=user, role=role, granted_at=timezone.now(), granted_reason="test", starts_on=SINCE))
    return user


def make_unit(*, kind: str = UnitKind.STATION, name: str = "", **fields: Any) -> Unit:
    """A unit; a station unless told otherwise."""
    number = next(_numbers)
    return _saved(Unit(code=f"unit-{number}", name=name or f"单位{number}", kind=kind, **fields))


def make_township(**fields: Any) -> Township:
    """A township with a code of its own."""
    number = next(_numbers)
    return _saved(Township(**{"code": f"{510900000 + number}", "name": f"镇{number}", **fields}))


def make_village(*, station: Unit | None = None, township: Township | None = None, **fields: Any) -> Village:
    """A village that exists since 2020-06-01; its station and township are made when not given."""
    number = next(_numbers)
    return _saved(
        Village(
            **{
                "code": f"{510900000000 + number}",
                "name": f"村{number}",
                "kind": VillageKind.VILLAGE,
                "valid_from": date(2020, 6, 1),
                "station": station or make_unit(),
                "township": township or make_township(),
                **fields,
            }
        )
    )


def make_officer(
    *,
    kind: str = OfficerKind.COMMUNITY,
    unit: Unit | None = None,
    roles: tuple[str, ...] = (),
    username: str | None = None,
    **fields: Any,
) -> Officer:
    """A person on the roster; with a sign-in holding `roles` when any are given."""
    number = next(_numbers)
    values = {"number": f"T{number:05}", "name": f"张{number}", **fields}
    user = make_user(*roles, username=username or values["number"], name=values["name"]) if roles else None
    return _saved(Officer(kind=kind, unit=unit or make_unit(), user=user, **values))


def make_household(village: Village, **fields: Any) -> Household:
    """A household of `village`."""
    number = next(_numbers)
    return _saved(Household(village=village, **{"address": f"{number}号", "head_name": f"李{number}", **fields}))


def make_assignment(
    village: Village, officer: Officer, start_on: date = SINCE, end_on: date | None = None, **fields: Any
) -> Assignment:
    """`officer` holds his place in `village`: an auxiliary the auxiliary's, others the officer's."""
    slot = Slot.AUXILIARY if officer.kind == OfficerKind.AUXILIARY else Slot.OFFICER
    values = {"slot": slot, "start_on": start_on, "end_on": end_on, **fields}
    return _saved(Assignment(village=village, officer=officer, **values))


@dataclass(frozen=True)
class StationSide:
    """A station with two villages, each with both its places held since 2024-01-01.

    `officers[0]` is a community officer of the station, `officers[1]` a liaison officer of a business unit;
    `auxiliaries` serve at the station. The i-th of each holds `villages[i]`. Every person signs in (`.user`).
    """

    station: Unit
    township: Township
    business_unit: Unit
    villages: tuple[Village, Village]
    officers: tuple[Officer, Officer]
    auxiliaries: tuple[Officer, Officer]
    clerk: Officer
    chief: Officer
    unit_leader: Officer

    @property
    def village(self) -> Village:
        """The first village, whose officer is `officers[0]`."""
        return self.villages[0]


@dataclass(frozen=True)
class StationWorld:
    """Two mirrored stations, and the accounts of those who work for the whole bureau."""

    own: StationSide
    foreign: StationSide
    brigade: User
    inspector: User
    command: User
    bureau: User
    sysadmin: User
    secadmin: User
    auditor: User

    def users(self) -> dict[str, User]:
        """{role: an account that holds it}; officers, station and unit are those of the own side."""
        return {
            Role.OFFICER: self.own.officers[0].user,
            Role.STATION_CLERK: self.own.clerk.user,
            Role.STATION_CHIEF: self.own.chief.user,
            Role.UNIT_LEADER: self.own.unit_leader.user,
            Role.BRIGADE: self.brigade,
            Role.INSPECTORATE: self.inspector,
            Role.COMMAND_CENTRE: self.command,
            Role.BUREAU_LEADER: self.bureau,
            Role.SYSTEM_ADMIN: self.sysadmin,
            Role.SECURITY_ADMIN: self.secadmin,
            Role.AUDIT_ADMIN: self.auditor,
        }


def make_station_side(name: str = "") -> StationSide:
    """One side of the world; see StationSide."""
    name = name or f"站{next(_numbers)}"
    station = make_unit(name=f"{name}派出所")
    business_unit = make_unit(kind=UnitKind.BUSINESS_UNIT, name=f"{name}大队")
    township = make_township(name=f"{name}镇")
    villages = tuple(make_village(station=station, township=township, name=f"{name}{part}村") for part in "甲乙")
    member = {"roles": (Role.OFFICER,)}
    officers = (
        make_officer(kind=OfficerKind.COMMUNITY, unit=station, **member),
        make_officer(kind=OfficerKind.LIAISON, unit=business_unit, **member),
    )
    auxiliaries = tuple(make_officer(kind=OfficerKind.AUXILIARY, unit=station, **member) for _ in villages)
    for village, officer, auxiliary in zip(villages, officers, auxiliaries, strict=True):
        make_assignment(village, officer)
        make_assignment(village, auxiliary)
    return StationSide(
        station=station,
        township=township,
        business_unit=business_unit,
        villages=villages,
        officers=officers,
        auxiliaries=auxiliaries,
        clerk=make_officer(kind=OfficerKind.STAFF, unit=station, roles=(Role.STATION_CLERK,)),
        chief=make_officer(kind=OfficerKind.STAFF, unit=station, roles=(Role.STATION_CHIEF,)),
        unit_leader=make_officer(kind=OfficerKind.STAFF, unit=business_unit, roles=(Role.UNIT_LEADER,)),
    )


def _staff(kind: str, name: str, role: str) -> User:
    return make_officer(kind=OfficerKind.STAFF, unit=make_unit(kind=kind, name=name), roles=(role,)).user


def make_station_world() -> StationWorld:
    """Two stations alike, so that a test can ask each question once of its own rows and once of foreign ones."""
    return StationWorld(
        own=make_station_side("本"),
        foreign=make_station_side("外"),
        brigade=_staff(UnitKind.BRIGADE, "社区大队", Role.BRIGADE),
        inspector=_staff(UnitKind.INSPECTORATE, "督察队", Role.INSPECTORATE),
        command=_staff(UnitKind.COMMAND_CENTRE, "情指", Role.COMMAND_CENTRE),
        bureau=_staff(UnitKind.BUREAU_LEADERSHIP, "局领导班子", Role.BUREAU_LEADER),
        sysadmin=make_user(Role.SYSTEM_ADMIN, name="系统管理员"),
        secadmin=make_user(Role.SECURITY_ADMIN, name="安全管理员"),
        auditor=make_user(Role.AUDIT_ADMIN, name="审计管理员"),
    )
