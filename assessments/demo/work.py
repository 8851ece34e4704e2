"""The visits of the demo: most up to standard, some not, a few late, as in life (R5, R7, R8, R10, R11)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from assessments.demo import phrases
from assessments.demo.pictures import make_photos
from assessments.demo.roster import Roster
from patrols import duties
from patrols.choices import ActivityKind, DeedOutcome, Topic, VisitState
from patrols.models import Activity, Attendee, Deed, HouseholdCall, Visit, VisitStandard, VisitTransition
from villages.choices import Slot
from villages.models import Absence, Assignment, Household
from xinjin.periods import Span, Week
from xinjin.workdays.calendar import workdays

PHOTO_WEEKS = 3


WRITING = timedelta(minutes=9)


@dataclass
class Batch:
    """Rows that are written together at the end."""

    visits: list[Visit] = field(default_factory=list)
    attendees: list[Attendee] = field(default_factory=list)
    calls: list[HouseholdCall] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    transitions: list[VisitTransition] = field(default_factory=list)

    def save(self) -> None:
        Visit.objects.bulk_create(self.visits, batch_size=2000)
        # Nobody wrote them just now, as the columns that fill themselves say.
        written = Visit.objects.filter(submitted_at__isnull=False)
        written.update(created_at=F("submitted_at") - WRITING, saved_at=F("submitted_at"))
        Attendee.objects.bulk_create(self.attendees, batch_size=5000)
        HouseholdCall.objects.bulk_create(self.calls, batch_size=5000)
        Deed.objects.bulk_create(self.deeds, batch_size=5000)
        Activity.objects.bulk_create(self.activities, batch_size=5000)
        VisitTransition.objects.bulk_create(self.transitions, batch_size=5000)


def make_work(roster: Roster) -> None:
    """A visit for most village-weeks between the first day and yesterday."""
    VisitStandard.objects.bulk_create(
        [VisitStandard(slot=slot, start_on=date(2022, 1, 1), min_households=5, min_deeds=1) for slot in Slot.values]
    )
    span = Span(roster.since, roster.today - timedelta(days=1))
    maker = _Maker(roster, span)
    for week in _weeks_touching(span):
        maker.make_week(week)
    maker.batch.save()
    make_photos([visit for visit in maker.batch.visits if visit.visited_on >= maker.photos_from])


def _weeks_touching(span: Span) -> list[Week]:
    week, weeks = Week.of(span.start), []
    while week.start <= span.end:
        weeks.append(week)
        week = week.next()
    return weeks


class _Maker:
    def __init__(self, roster: Roster, span: Span) -> None:
        self.roster, self.span, self.random = roster, span, roster.random
        self.batch = Batch()
        self.photos_from = roster.today - timedelta(weeks=PHOTO_WEEKS)
        self.days = workdays(span)
        self.assignments: dict[int, list[Assignment]] = defaultdict(list)
        for assignment in Assignment.objects.select_related("officer", "village"):
            self.assignments[assignment.village_id].append(assignment)
        self.households: dict[int, list[Household]] = defaultdict(list)
        for position, household in enumerate(Household.objects.order_by("id")):
            if position % 13:  # a few in each village were never called on
                self.households[household.village_id].append(household)
        self.away: dict[int, list[Absence]] = defaultdict(list)
        for absence in Absence.objects.all():
            self.away[absence.officer_id].append(absence)
        # Most people are diligent; a few are not, so that the wall has its red cells.
        self.diligence = {
            pk: self.random.choices([0.99, 0.95, 0.85, 0.6], [55, 33, 10, 2])[0] for pk in self.assignments
        }

    @cache  # noqa: B019 - one maker, and it lives as long as its answers
    def entry_due_on(self, week: Week) -> date:
        return duties.entry_due_on(week.start)

    def make_week(self, week: Week) -> None:
        for village_id in self.assignments:
            days = [day for day in week.days() if day in self.days]
            if not days or self.random.random() > self.diligence[village_id]:
                continue
            day = days[(village_id + self.random.choice([0, 0, 0, 1, 2])) % len(days)]
            present = [a for a in self.assignments[village_id] if a.holds_on(day) and not self._is_away(a, day)]
            author = next((a for a in present if a.slot == Slot.OFFICER), None)
            if author is not None:
                self._visit(author, present, day)

    def _is_away(self, assignment: Assignment, day: date) -> bool:
        return any(absence.holds_on(day) for absence in self.away[assignment.officer_id])

    def _visit(self, author: Assignment, present: list[Assignment], day: date) -> None:
        random, words = self.random, phrases()
        households = random.choices([5, 6, 7, 4, 3], [55, 25, 12, 5, 3])[0]
        deeds = 0 if random.random() < 0.03 else 1
        entered = self._entered_at(day)
        start = datetime.combine(day, time(8, 30)) + timedelta(minutes=random.randrange(0, 100, 5))
        visit = Visit(
            id=UUID(int=random.getrandbits(128), version=4),
            officer=author.officer,
            village=author.village,
            visited_on=day,
            started_at=start.time(),
            ended_at=(start + timedelta(minutes=random.randrange(150, 420, 5))).time(),
            summary=random.choice(words["summaries"]),
            photo_waiver=words["photo_waiver"] if day < self.photos_from else "",
            photo_count=0 if day < self.photos_from else 1,
            shortfall_reason="" if households >= 5 and deeds else random.choice(words["shortfall_reasons"]),
            state=VisitState.SUBMITTED,
            submitted_at=entered,
            is_late=timezone.localdate(entered) > self.entry_due_on(Week.of(day)),
            min_households=5,
            min_deeds=1,
            household_count=households,
            deed_count=deeds,
            revision=1,
        )
        self.batch.visits.append(visit)
        self.batch.transitions.append(
            VisitTransition(visit=visit, state=VisitState.SUBMITTED, at=entered, by=author.officer.user)
        )
        for assignment in present:
            if assignment.slot == Slot.OFFICER or random.random() < 0.96:
                attendee = Attendee(
                    visit=visit, officer=assignment.officer, assignment=assignment, visited_on=day, is_counting=True
                )
                self.batch.attendees.append(attendee)
        self._parts(visit, households, deeds)

    def _entered_at(self, day: date) -> datetime:
        """Mostly the same or the next day; now and then after the week's end and its two working days."""
        days = self.random.choices([0, 1, 2, 9], [70, 18, 8, 4])[0]
        latest = self.roster.today - timedelta(days=1)
        entered = min(day + timedelta(days=days), latest)
        return timezone.make_aware(datetime.combine(entered, time(17, self.random.randrange(60))))

    def _parts(self, visit: Visit, households: int, deeds: int) -> None:
        random, words = self.random, phrases()
        for position, household in enumerate(random.sample(self.households[visit.village_id], households)):
            raised = random.choice(words["raised"]) if random.random() < 0.12 else ""
            self.batch.calls.append(
                HouseholdCall(
                    visit=visit,
                    household=household,
                    called_on=visit.visited_on,
                    spoke_with=random.choice(words["spoke_with"]),
                    topics=sorted(random.sample(Topic.values, random.choice([1, 1, 2]))),
                    raised=raised,
                    position=position,
                )
            )
        for position in range(deeds):
            beneficiary, matter, result = random.choice(words["deeds"])
            outcome = DeedOutcome.PASSED_ON if "转" in matter else DeedOutcome.DONE
            self.batch.deeds.append(
                Deed(
                    visit=visit,
                    visited_on=visit.visited_on,
                    beneficiary=beneficiary,
                    matter=matter,
                    outcome=outcome,
                    result=result,
                    position=position,
                )
            )
        self._activities(visit)

    def _activities(self, visit: Visit) -> None:
        random, words = self.random, phrases()
        for kind, chance, notes in (
            (ActivityKind.SCREENING, 0.96, "screening_note"),
            (ActivityKind.BRIEFING, 0.94, "briefing_note"),
            (ActivityKind.GROUP_PATROL, 0.9, "patrol_note"),
            (ActivityKind.PUBLICITY, 0.7, "publicity_note"),
        ):
            if random.random() > chance:
                continue
            screening = kind == ActivityKind.SCREENING
            nothing = screening and random.random() < 0.85
            self.batch.activities.append(
                Activity(
                    visit=visit,
                    visited_on=visit.visited_on,
                    kind=kind,
                    nothing_found=nothing,
                    people_count=None if screening else random.randrange(4, 40),
                    note="" if nothing else random.choice(words[notes]),
                )
            )
