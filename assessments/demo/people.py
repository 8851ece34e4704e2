"""The roster of the demo: 34 + 15 + 32 officers, 81 auxiliaries, and the staff around them (R1)."""

from datetime import date, timedelta
from itertools import count
from random import Random

from assessments.demo.residents import contacts_of, former_contacts, make_households
from assessments.demo.roster import DEMO_VILLAGE, Roster
from assessments.demo.sign_ins import make_sign_ins
from villages.choices import AbsenceKind, OfficerKind, OfficerState, PostKind, Slot, UnitKind, VillageKind
from villages.models import (
    Absence,
    Assignment,
    Officer,
    PartyPost,
    Unit,
    Village,
    VillageContact,
)

FULL_TIME, PART_TIME, LIAISON = 34, 15, 32


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
    make_sign_ins(roster, villages)
    make_households(roster, villages)
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
        contacts += contacts_of(roster, village, start)
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
    VillageContact.objects.bulk_create([*contacts, *former_contacts(villages, start)])


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
