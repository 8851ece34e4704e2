"""The roster of the demo: 34 + 15 + 32 officers, 81 auxiliaries, and the staff around them (R1)."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from assessments.demo import phrases
from villages.choices import AbsenceKind, ContactKind, OfficerKind, OfficerState, PostKind, Slot, UnitKind, VillageKind
from villages.models import (
    Absence,
    Assignment,
    Household,
    Officer,
    PartyPost,
    Unit,
    Village,
    VillageContact,
)
from villages.pinyin import spell
from xinjin.accounts.demo import DEMO_ACCOUNTS
from xinjin.accounts.models import RoleGrant, User
from xinjin.accounts.roles import Role

FULL_TIME, PART_TIME, LIAISON = 34, 15, 32
HOUSEHOLDS_PER_VILLAGE = 40
# Where the demo officer, the demo auxiliary, the demo clerk and the demo chief work.
DEMO_TOWNSHIP, DEMO_VILLAGE, DEMO_COMMUNITY = "510118004", "510118004202", "510118004001"


@dataclass
class Roster:
    """Who is who while the demo is being made."""

    random: Random
    today: date
    since: date
    officers: list[Officer] = field(default_factory=list)
    chiefs: dict[int, Officer] = field(default_factory=dict)
    leaders: dict[int, Officer] = field(default_factory=dict)
    holders: dict[tuple[int, str], Officer] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def name(self) -> str:
        """A name that nobody has yet; a few are rare or long."""
        words = phrases()
        while True:
            if self.random.random() < 0.02:
                name = self.random.choice(words["rare"])
            else:
                given = words["male"] if self.random.random() < 0.7 else words["female"]
                name = self.random.choice(words["surnames"]) + self.random.choice(given)
            if name not in self.names:
                self.names.add(name)
                return name

    def hire(self, kind: OfficerKind, unit: Unit, post: str = "") -> Officer:
        """Adds a person to the roster (saved later, all at once)."""
        prefix = "F" if kind == OfficerKind.AUXILIARY else ""
        name = self.name()
        pinyin, initials = spell(name, person=True)
        officer = Officer(
            number=f"{prefix}{118000 + next(self.numbers)}",
            name=name,
            pinyin=pinyin,
            initials=initials,
            kind=kind,
            unit=unit,
            post=post,
            phone=f"1{self.random.choice('35789')}{self.random.randrange(10**9):09}",
            is_party_member=kind in (OfficerKind.PART_TIME, OfficerKind.LIAISON) or self.random.random() < 0.3,
        )
        self.officers.append(officer)
        return officer


def make_people(*, seed: int, today: date, since: date) -> Roster:
    """Officers, assignments, posts, absences, contacts, households and sign-ins."""
    roster = Roster(random=Random(seed), today=today, since=since)  # noqa: S311
    stations = list(Unit.objects.filter(kind=UnitKind.STATION).order_by("position", "code"))
    business = list(Unit.objects.filter(kind=UnitKind.BUSINESS_UNIT).order_by("position", "code"))
    villages = list(Village.objects.select_related("station", "township").order_by("code"))
    _hire_staff(roster, stations, business)
    _hire_holders(roster, stations, business, villages)
    Officer.objects.bulk_create(roster.officers)
    _assign(roster, villages)
    _sign_ins(roster, villages)
    _households(roster, villages)
    return roster


def _hire_staff(roster: Roster, stations: list[Unit], business: list[Unit]) -> None:
    for station in stations:
        roster.chiefs[station.pk] = roster.hire(OfficerKind.STAFF, station, "所长")
        roster.hire(OfficerKind.STAFF, station, "内勤")
    for unit in business:
        roster.leaders[unit.pk] = roster.hire(OfficerKind.STAFF, unit, "大队长")
    for kind, post in (
        (UnitKind.BRIGADE, "大队长"),
        (UnitKind.INSPECTORATE, "督察长"),
        (UnitKind.COMMAND_CENTRE, "主任"),
        (UnitKind.BUREAU_LEADERSHIP, "副局长"),
    ):
        chief_unit = Unit.objects.filter(kind=kind).order_by("code")[0]
        roster.leaders[chief_unit.pk] = roster.hire(OfficerKind.STAFF, chief_unit, post)


def _shares(total: int, weights: list[int]) -> list[int]:
    """`total` split by weight, by largest remainder."""
    exact = [total * weight / sum(weights) for weight in weights]
    shares = [int(value) for value in exact]
    by_remainder = sorted(range(len(weights)), key=lambda i: exact[i] - shares[i], reverse=True)
    for index in by_remainder[: total - sum(shares)]:
        shares[index] += 1
    return shares


def _hire_holders(roster: Roster, stations: list[Unit], business: list[Unit], villages: list[Village]) -> None:
    """Every village gets its officer and its auxiliary; liaison officers come from the business units in turn."""
    of_station = {station.pk: [v for v in villages if v.station_id == station.pk] for station in stations}
    sizes = [len(of_station[station.pk]) for station in stations]
    liaison = dict(zip((s.pk for s in stations), _shares(LIAISON, sizes), strict=True))
    rest = [size - liaison[s.pk] for s, size in zip(stations, sizes, strict=True)]
    part_time = dict(zip((s.pk for s in stations), _shares(PART_TIME, rest), strict=True))
    turn = count()
    for station in stations:
        # Communities to the full-time officers, the farther villages to the liaison officers.
        for position, village in enumerate(sorted(of_station[station.pk], key=lambda v: v.kind == VillageKind.VILLAGE)):
            from_end = len(of_station[station.pk]) - position
            if from_end <= liaison[station.pk]:
                officer = roster.hire(OfficerKind.LIAISON, business[next(turn) % len(business)], "民警")
            elif from_end <= liaison[station.pk] + part_time[station.pk]:
                officer = roster.hire(OfficerKind.PART_TIME, station, "民警")
            else:
                officer = roster.hire(OfficerKind.COMMUNITY, station, "社区民警")
            roster.holders[village.pk, Slot.OFFICER] = officer
            roster.holders[village.pk, Slot.AUXILIARY] = roster.hire(OfficerKind.AUXILIARY, station, "辅警")


def _assign(roster: Roster, villages: list[Village]) -> None:
    """Assignments since the programme began; in four villages the officer changed in mid-year. One village has a gap
    coming up: its auxiliary leaves in ten days."""
    random, start = roster.random, roster.since - timedelta(days=200)
    handed_over = {v.pk for v in random.sample([v for v in villages if v.code != DEMO_VILLAGE], 4)}
    assignments, posts, absences, contacts = [], [], [], []
    predecessors: list[Officer] = []
    for village in villages:
        officer = roster.holders[village.pk, Slot.OFFICER]
        began = start
        if village.pk in handed_over:
            began = roster.since + timedelta(days=random.randrange(60, 240))
            former = roster.hire(OfficerKind(officer.kind), officer.unit, officer.post)
            former.state = OfficerState.TRANSFERRED
            predecessors.append(former)
            assignments.append(
                Assignment(
                    village=village, officer=former, slot=Slot.OFFICER, start_on=start, end_on=began - timedelta(days=1)
                )
            )
        assignments.append(Assignment(village=village, officer=officer, slot=Slot.OFFICER, start_on=began))
        auxiliary = roster.holders[village.pk, Slot.AUXILIARY]
        assignments.append(Assignment(village=village, officer=auxiliary, slot=Slot.AUXILIARY, start_on=start))
        posts.append(PartyPost(officer=officer, kind=PostKind.DEPUTY_SECRETARY, village=village, start_on=began))
        contacts += _contacts(roster, village, start)
        absences += [*_absences(roster, officer), *_absences(roster, auxiliary)]
    Officer.objects.bulk_create(predecessors)
    assignments[-1].end_on = roster.today + timedelta(days=10)
    posts += [
        PartyPost(officer=chief, kind=PostKind.TOWN_COMMITTEE, township=village.township, start_on=start)
        for village in {v.station_id: v for v in villages}.values()
        if (chief := roster.chiefs.get(village.station_id))
    ]
    Assignment.objects.bulk_create(assignments)
    PartyPost.objects.bulk_create(posts)
    Absence.objects.bulk_create(absences)
    VillageContact.objects.bulk_create([*contacts, *_former_contacts(villages, start)])


def _contacts(roster: Roster, village: Village, start: date) -> list[VillageContact]:
    random = roster.random

    def contact(kind: ContactKind, post: str) -> VillageContact:
        phone = f"1{random.choice('35789')}{random.randrange(10**9):09}"
        name = roster.name()
        pinyin, initials = spell(name, person=True)
        return VillageContact(
            village=village,
            kind=kind,
            name=name,
            pinyin=pinyin,
            initials=initials,
            post=post,
            phone=phone,
            start_on=start,
        )

    return [
        *(contact(ContactKind.COMMITTEE, post) for post in random.sample(phrases()["cadre_posts"], 2)),
        *(contact(ContactKind.GRID_MEMBER, f"第{number}网格") for number in (1, 2)),
        contact(ContactKind.VOLUNTEER, "红袖章队长"),
    ]


def _former_contacts(villages: list[Village], start: date) -> list[VillageContact]:
    """In every third village a grid member who has been replaced."""
    random, words, found = Random("contacts"), phrases(), []  # noqa: S311
    for village in villages[::3]:
        name = random.choice(words["surnames"]) + random.choice(words["male"])
        pinyin, initials = spell(name, person=True)
        began = start - timedelta(days=random.randrange(200, 700))
        found.append(
            VillageContact(
                village=village,
                kind=ContactKind.GRID_MEMBER,
                name=name,
                pinyin=pinyin,
                initials=initials,
                post="第1网格",
                phone=f"1{random.choice('35789')}{random.randrange(10**9):09}",
                start_on=max(began, village.valid_from),
                end_on=max(start - timedelta(days=1), village.valid_from),
            )
        )
    return found


def _absences(roster: Roster, officer: Officer) -> list[Absence]:
    random = roster.random
    days = (roster.today - roster.since).days
    found = []
    if random.random() < 0.6:
        first = roster.since + timedelta(days=random.randrange(0, max(days // 2 - 20, 1)))
        kind = random.choice([AbsenceKind.LEAVE, AbsenceKind.LEAVE, AbsenceKind.ILLNESS, AbsenceKind.TRAINING])
        length = random.choice([2, 4, 6, 9])
        found.append(Absence(officer=officer, kind=kind, start_on=first, end_on=first + timedelta(days=length)))
    if random.random() < 0.1:
        first = roster.since + timedelta(days=days // 2 + random.randrange(0, max(days // 2 - 40, 1)))
        kind = random.choice([AbsenceKind.SECONDMENT, AbsenceKind.SECURITY_DUTY])
        found.append(Absence(officer=officer, kind=kind, start_on=first, end_on=first + timedelta(days=20)))
    return found


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


def _sign_ins(roster: Roster, villages: list[Village]) -> None:
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


def _households(roster: Roster, villages: list[Village]) -> None:
    random, words = roster.random, phrases()
    # Phones and second tags come from a source of their own, so that the rest of the demo stays as it is.
    extra = Random("households")  # noqa: S311
    households = []
    for village in villages:
        seen: set[str] = set()
        while len(seen) < HOUSEHOLDS_PER_VILLAGE:
            if village.kind == VillageKind.VILLAGE:
                address = f"{random.randrange(1, 9)}组{random.randrange(1, 90)}号"
            else:
                address = f"{random.choice(words['streets'])}{random.randrange(1, 200)}号{random.randrange(1, 9)}栋"
                address += f"{random.randrange(1, 4)}单元{random.randrange(1, 18)}0{random.randrange(1, 5)}"
            seen.add(address)
        for address in sorted(seen):
            given = words["male"] if random.random() < 0.6 else words["female"]
            name = random.choice(words["surnames"]) + random.choice(given)
            pinyin, initials = spell(name, person=True)
            tags = random.choices([[], ["living_alone"], ["left_behind"], ["rented"], ["shop"]], [80, 8, 4, 5, 3])[0]
            if extra.random() < 0.06:
                tags = sorted({*tags, extra.choice(["hardship", "living_alone"])})
            phone = f"1{extra.choice('35789')}{extra.randrange(10**9):09}" if extra.random() < 0.7 else ""
            households.append(
                Household(
                    village=village,
                    address=address,
                    head_name=name,
                    phone=phone,
                    pinyin=pinyin,
                    initials=initials,
                    tags=tags,
                )
            )
    Household.objects.bulk_create(households, batch_size=2000)
