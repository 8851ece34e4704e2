"""The village councils of the demo: one a month in most villages, with what they agreed on and what became of it (R12).

Built from the records that are there, in bulk, with a random of its own so that the rest of the demo stays as it is.
"""

import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from assessments.demo.roster import DEMO_COMMUNITY, DEMO_VILLAGE, Roster
from patrols.choices import CaseLevel, CouncilRole, CouncilState, MeasureState
from patrols.councils.measures import snapshot
from patrols.councils.writing import usual_agenda
from patrols.ledger.history import open_on
from patrols.models import Case, CouncilAttendee, CouncilMeasure, CouncilMeeting
from patrols.situation.counting import BY_VILLAGE, Tally, count
from patrols.situation.figures import Figures, Situation
from patrols.situation.scope import Scope
from patrols.situation.wording import draft
from villages.choices import Slot
from villages.models import Absence, Assignment, Village, VillageContact
from xinjin.periods import Month
from xinjin.workdays.calendar import workdays

HELD, WITH_ANALYSIS, COMMENTED = 0.94, 0.96, 0.3


@cache
def sentences() -> dict[str, Any]:
    """What people say in the councils of the demo."""
    return tomllib.loads(Path(__file__).with_name("councils.toml").read_text(encoding="utf-8"))


def make_councils(roster: Roster) -> None:
    """A council a month up to yesterday; in the running month the demo officer's is owed and a draft is begun."""
    maker = _Maker(roster)
    month = Month.of(roster.since)
    while month.counted.start < roster.today:
        maker.month(month)
        month = month.next()
    maker.save()


@dataclass
class _Rows:
    meetings: list[CouncilMeeting] = field(default_factory=list)
    attendees: list[CouncilAttendee] = field(default_factory=list)
    measures: list[CouncilMeasure] = field(default_factory=list)


class _Maker:
    def __init__(self, roster: Roster) -> None:
        self.roster, self.rows = roster, _Rows()
        self.random = Random(f"councils-{roster.random.getstate()[1][0]}")  # noqa: S311
        self.last_day = roster.today - timedelta(days=1)
        self.villages = list(Village.objects.select_related("station").order_by("code"))
        self.held: dict[int, list[Assignment]] = defaultdict(list)
        for row in Assignment.objects.select_related("officer__user").order_by("slot", "pk"):
            self.held[row.village_id].append(row)
        self.away: dict[int, list[Absence]] = defaultdict(list)
        for absence in Absence.objects.order_by("pk"):
            self.away[absence.officer_id].append(absence)
        self.contacts: dict[int, list[VillageContact]] = defaultdict(list)
        for contact in VillageContact.objects.on(roster.today).order_by("pk"):
            self.contacts[contact.village_id].append(contact)
        self.chiefs = {chief.unit_id: chief.user for chief in roster.chiefs.values()}
        self.before: dict[int, CouncilMeeting] = {}
        self.agreed: dict[int, list[CouncilMeasure]] = defaultdict(list)

    def at(self, day: date, hour: int) -> datetime:
        return timezone.make_aware(datetime.combine(day, time(hour, self.random.randrange(60))))

    def month(self, month: Month) -> None:
        """The councils of all villages in one month; late in it, so that its situation is known."""
        weeks = month.weeks()[-2:]
        days = [day for week in weeks for day in sorted(workdays(week))]
        tallies = count(Scope(), month, self.roster.today, by=BY_VILLAGE)
        risks = self.risks(days[-1])
        for village in self.villages:
            day, is_held = self.random.choice(days), self.random.random() < HELD
            tally = tallies.get(village.pk, Counter()) + Counter()
            for key in ("red", "orange", "overdue"):
                tally[key] = risks[village.pk, key]
            is_last = month.counted.end >= self.roster.today
            if is_last and village.code == DEMO_COMMUNITY:
                self.draft(village, month, tally)
            elif day <= self.last_day and is_held and not (is_last and village.code == DEMO_VILLAGE):
                self.meeting(village, day, month, tally)

    def risks(self, day: date) -> Counter:
        """What was unresolved on the day, as the councils of the month heard it."""
        rows = Case.objects.filter(open_on(day), level__in=(CaseLevel.RED, CaseLevel.ORANGE)).order_by()
        return Counter({(v, level): n for v, level, n in rows.values_list("village", "level").annotate(n=Count("pk"))})

    def present(self, village: Village, day: date) -> list[Assignment]:
        """Who of the police came: whoever holds a place and is not away."""
        held = [row for row in self.held[village.pk] if row.holds_on(day)]
        return [row for row in held if not any(away.holds_on(day) for away in self.away[row.officer_id])]

    def draft(self, village: Village, month: Month, tally: Tally) -> None:
        day = self.last_day
        sat = [row for row in self.held[village.pk] if row.holds_on(day)]
        if sat:
            meeting = self.blank(village, day, month, sat, tally)
            self.rows.meetings.append(meeting)
            self.attend(meeting, sat)

    def blank(self, village: Village, day: date, month: Month, sat: list[Assignment], tally: Tally) -> CouncilMeeting:
        found = Situation(month, Scope(village=village), day, Figures(tally), [], BY_VILLAGE)
        heard = self.heard(village, day)
        text = draft(found, heard) if self.random.random() < WITH_ANALYSIS else ""
        author = next((row for row in sat if row.slot == Slot.OFFICER), sat[0]).officer
        return CouncilMeeting(
            id=UUID(int=self.random.getrandbits(128), version=4), village=village, officer=author, held_on=day,
            situation_month=month.key, agenda=usual_agenda(), situation=text, place=self.pick("places"),
            chair=self.chair(village),
        )  # fmt: skip

    def meeting(self, village: Village, day: date, month: Month, tally: Tally) -> None:
        sat = self.present(village, day)
        if not sat:
            return
        random, meeting = self.random, self.blank(village, day, month, sat, tally)
        begun = random.choice([9, 14, 15, 19])
        meeting.started_at, meeting.ended_at = time(begun, 30), time(begun + 1, random.choice([0, 15, 45]))
        meeting.expected_count = random.randrange(18, 46)
        meeting.present_count = meeting.expected_count - random.randrange(0, 7)
        always = [CouncilRole.COMMITTEES, CouncilRole.GROUP_HEADS, CouncilRole.GRID]
        meeting.roles = [role.value for role in CouncilRole if role in always or random.random() < 0.35]
        meeting.minutes, meeting.decisions = self.pick("minutes"), self.pick("decisions")
        meeting.figures = {
            "tally": dict(tally),
            "as_of": day.isoformat(),
            "measures": [snapshot(measure) for measure in self.heard(village, day)],
        }
        meeting.state, meeting.revision = CouncilState.HELD, 2
        handed_in_on = min(day + timedelta(days=random.randrange(0, 2)), self.roster.today)
        meeting.handed_in_at = self.at(handed_in_on, begun + 2 if handed_in_on == day else 9)
        chief = self.chiefs.get(village.station_id)
        if chief is not None and handed_in_on < self.last_day and random.random() < COMMENTED:
            meeting.comment, meeting.commented_by = self.pick("comments"), chief
            meeting.commented_at = self.at(handed_in_on + timedelta(days=1), 10)
        self.rows.meetings.append(meeting)
        self.attend(meeting, sat)
        self.measures(meeting, sat)
        self.before[village.pk] = meeting

    def pick(self, name: str) -> str:
        return self.random.choice(sentences()[name])

    def chair(self, village: Village) -> str:
        contacts = self.contacts[village.pk]
        post = self.pick("chairs")
        return f"{contacts[0].post or post} {contacts[0].name}" if contacts else post

    def attend(self, meeting: CouncilMeeting, sat: list[Assignment]) -> None:
        counts = meeting.state == CouncilState.HELD
        self.rows.attendees += [
            CouncilAttendee(
                meeting=meeting, officer=row.officer, assignment=row, held_on=meeting.held_on, is_counting=counts,
                has_analysis=meeting.situation != "",
            )
            for row in sat
        ]  # fmt: skip

    def measures(self, meeting: CouncilMeeting, sat: list[Assignment]) -> None:
        random = self.random
        picked = random.sample(sentences()["measures"], random.choice([1, 1, 2, 2, 3]))
        for position, words in enumerate(picked):
            contacts = self.contacts[meeting.village_id]
            contact = random.choice(contacts) if contacts and random.random() < 0.4 else None
            due = meeting.held_on + timedelta(days=random.choice([14, 20, 25, 30]))
            measure = CouncilMeasure(
                meeting=meeting, village=meeting.village, what=words["what"], contact=contact,
                officer=None if contact else random.choice(sat).officer, due_on=due, position=position,
            )  # fmt: skip
            self.end(measure, words["done"], meeting)
            self.rows.measures.append(measure)
            self.agreed[meeting.village_id].append(measure)

    def end(self, measure: CouncilMeasure, done: str, meeting: CouncilMeeting) -> None:
        """Most are done in time; a few late; those whose end lies ahead are open still."""
        fresh = meeting.held_on > self.roster.today - timedelta(days=45)
        if fresh and measure.position == 0 and meeting.village.code in (DEMO_COMMUNITY, DEMO_VILLAGE):
            measure.due_on = self.roster.today + timedelta(days=2)  # the demo people find it waiting
            return
        day = measure.due_on + timedelta(days=self.random.choices([-9, -4, -1, 0, 5, 20], [20, 25, 25, 18, 8, 4])[0])
        is_dropped = self.random.random() < 0.05
        if day > self.last_day:
            return
        measure.state = MeasureState.DROPPED if is_dropped else MeasureState.DONE
        measure.result = self.pick("dropped") if is_dropped else done
        measure.ended_on, measure.ended_at, measure.ended_by = day, self.at(day, 17), meeting.officer.user

    def heard(self, village: Village, day: date) -> list[CouncilMeasure]:
        """The measures of earlier councils as they stood on the day."""
        before = self.before.get(village.pk)
        found = []
        for measure in self.agreed[village.pk]:
            if measure.ended_on is None or measure.ended_on > day:
                found.append(self.as_open(measure))
            elif before is None or measure.meeting == before or measure.ended_on > before.held_on:
                found.append(measure)
        return found

    def as_open(self, measure: CouncilMeasure) -> CouncilMeasure:
        return CouncilMeasure(
            what=measure.what, officer=measure.officer, contact=measure.contact, due_on=measure.due_on
        )

    def save(self) -> None:
        CouncilMeeting.objects.bulk_create(self.rows.meetings, batch_size=1000)
        CouncilAttendee.objects.bulk_create(self.rows.attendees, batch_size=2000)
        CouncilMeasure.objects.bulk_create(self.rows.measures, batch_size=2000)
