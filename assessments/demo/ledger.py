"""The people's ledger of the demo: what households raised and screenings found (R6, R7). What became of it: case_life.

Built from the visits that are there, in bulk, with a random of its own so that the rest of the demo stays as it is.
"""

from collections import defaultdict
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from assessments.demo import phrases
from assessments.demo.case_life import CaseLife
from assessments.demo.case_rows import sentences
from assessments.demo.roster import Roster
from patrols.cases.opening import number_text
from patrols.cases.proposing import usual_level
from patrols.choices import CaseKind, CaseLevel, CaseScale, CaseSource, PartyRole
from patrols.models import Activity, Case, CaseParty, HouseholdCall, Register
from villages.models import Unit, Village

INTO_LEDGER, SCREENED_INTO_LEDGER = 0.62, 0.75


def make_ledger(roster: Roster) -> None:
    """Cases with their lives up to yesterday."""
    maker = _Maker(roster)
    maker.from_calls()
    maker.from_screenings()
    maker.serious()
    maker.save()
    _count_households(maker.random)


class _Maker:
    def __init__(self, roster: Roster) -> None:
        self.random = Random(f"ledger-{roster.random.getstate()[1][0]}")  # noqa: S311
        self.life = CaseLife(roster, self.random)
        self.rows = self.life.rows

    # --- where cases come from
    def from_calls(self) -> None:
        known = {row["text"]: row for row in sentences()["raised"]}
        calls = HouseholdCall.objects.filter(raised__in=known).order_by("called_on", "id")
        ticked: list[Any] = []
        call: Any
        for call in calls.select_related("visit__village__station", "visit__officer__user", "household"):
            if self.random.random() > INTO_LEDGER:
                continue
            row = known[call.raised]
            call.case_kind = row["kind"]
            ticked.append(call)
            case = self.case(call.visit, row["kind"], row["category"], call.raised, CaseSource.CALL, call.household)
            self.party(case, PartyRole.CLAIMANT, call.household.head_name, call.household)
            if case.kind == CaseKind.DISPUTE:
                self.party(case, PartyRole.RESPONDENT, self.two_names()[1])
        HouseholdCall.objects.bulk_update(ticked, ["case_kind"], batch_size=1000)

    def from_screenings(self) -> None:
        known = {row["text"]: row for row in sentences()["screened"]}
        found = Activity.objects.filter(note__in=known, nothing_found=False).order_by("visited_on", "id")
        ticked = []
        for activity in found.select_related("visit__village__station", "visit__officer__user"):
            if self.random.random() > SCREENED_INTO_LEDGER:
                continue
            activity.opens_case = True
            ticked.append(activity)
            category = known[activity.note]["category"]
            kind = activity.case_kind = CaseKind.LEAD if "苗头" in activity.note else CaseKind.DISPUTE
            case = self.case(activity.visit, kind, category, activity.note, CaseSource.SCREENING)
            for role, name in zip((PartyRole.CLAIMANT, PartyRole.RESPONDENT), self.two_names(), strict=True):
                self.party(case, role, name)
        Activity.objects.bulk_update(ticked, ["opens_case", "case_kind"], batch_size=1000)

    def serious(self) -> None:
        """A few grave ones at each station, one of them of this week."""
        entries = sentences()["serious"]
        visits: dict[int, list] = defaultdict(list)
        for case in self.rows.cases:
            visits[case.village.station_id].append(case.source_visit)
        for number, found in enumerate(visits.values()):
            picked = [found[len(found) * part // 5] for part in (1, 2, 3, 4)] + [found[-1 - number % 3]]
            for place, visit in enumerate(picked):
                row = entries[(place + number) % len(entries)]
                case = self.case(
                    visit, CaseKind.DISPUTE, row["category"], row["title"], CaseSource.ENTERED, None, row["level"]
                )
                case.scale = row["scale"]
                self.party(case, PartyRole.CLAIMANT, self.two_names()[1])

    def two_names(self) -> tuple[str, str]:
        """Two people who quarrel."""
        words = phrases()
        first, second = self.random.sample(words["surnames"], 2)
        return first + self.random.choice(words["female"]), second + self.random.choice(words["male"])

    # --- one case
    def case(
        self,
        visit: Any,
        kind: str,
        category: str,
        title: str,
        source: str,
        household: Any = None,
        level: str = "",
    ) -> Case:
        case = Case(
            id=UUID(int=self.random.getrandbits(128), version=4),
            kind=kind,
            category=category,
            level=level or usual_level(kind, CaseScale.INDIVIDUAL),
            village=visit.village,
            household=household,
            title=title,
            opened_on=visit.visited_on,
            source=source,
            source_visit=visit,
            opened_by=visit.officer.user,
            owner=visit.officer,
            created_at=timezone.make_aware(datetime.combine(visit.visited_on, time(16, self.random.randrange(60)))),
        )
        if case.level == CaseLevel.RED:
            case.red_on = case.opened_on
        promise = Random(f"promise-{case.pk}")  # noqa: S311
        if source == CaseSource.CALL and promise.random() < 0.3:
            case.promised_on = case.opened_on + timedelta(days=promise.randrange(3, 15))
        self.rows.cases.append(case)
        return case

    def party(self, case: Case, role: str, name: str, household: Any = None) -> None:
        self.rows.add(CaseParty(case=case, role=role, name=name, household=household))

    # --- writing
    def save(self) -> None:
        self.rows.cases.sort(key=lambda case: (case.opened_on, case.created_at, str(case.pk)))
        registers: dict[tuple[int, int], Register] = {}
        stations = Unit.objects.in_bulk()
        for case in self.rows.cases:
            key = (case.village.station_id, case.opened_on.year)
            register = registers.setdefault(key, Register(station_id=key[0], year=key[1]))
            register.last_serial += 1
            case.serial = register.last_serial
            case.number = number_text(stations[key[0]].name, key[1], case.serial)
            self.life.live(case)
        Register.objects.bulk_create(registers.values())
        for case in self.rows.cases:
            case.register = registers[case.village.station_id, case.opened_on.year]
        Case.objects.bulk_create(self.rows.cases, batch_size=1000)
        for model, parts in self.rows.parts.items():
            model._default_manager.bulk_create(parts, batch_size=5000)


def _count_households(random: Random) -> None:
    """How many households the villages have, so that figures can be read per thousand."""
    villages = list(Village.objects.order_by("code"))
    for village in villages:
        village.household_total = 420 + random.randrange(140) * 10
    Village.objects.bulk_update(villages, ["household_total"])
