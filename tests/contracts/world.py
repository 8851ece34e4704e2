"""Two mirrored stations with one of everything, so that each address can be asked for an own and a foreign object."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from assessments.choices import BulletinState
from assessments.models import Assessment, AssessmentMonth, Bulletin, Rubric
from patrols.choices import NoticeKind, ReportKind, ReportState, VisitState
from patrols.duties import report_due_on
from patrols.models import Attendee, HouseholdCall, InboxItem, Photo, Visit, WorkReport
from tests import factories
from tests.factories import StationSide
from villages.models import Household
from xinjin.periods import Month, Quarter, Week


@dataclass(frozen=True)
class Side:
    """The objects of one station."""

    people: StationSide
    household: Household
    visit: Visit
    draft: Visit
    photo: Photo
    report: WorkReport
    inbox_item: InboxItem
    assessment: Assessment


@dataclass(frozen=True)
class World:
    """`users` by role; `own` is the side they belong to."""

    users: dict[str, Any]
    own: Side
    foreign: Side
    month: AssessmentMonth
    issued: Bulletin
    draft_bulletin: Bulletin

    def side(self, name: str) -> Side:
        return self.own if name == "own" else self.foreign


def make_visit(people: StationSide, *, state: str) -> Visit:
    """A visit of the first officer to the first village yesterday, with one household."""
    officer, village = people.officers[0], people.village
    submitted = state == VisitState.SUBMITTED
    visit = Visit.objects.create(
        officer=officer,
        village=village,
        visited_on=timezone.localdate() - timedelta(days=1),
        started_at=time(9),
        ended_at=time(12),
        summary="走访",
        photo_waiver="无",
        shortfall_reason="下雨",
        state=state,
        submitted_at=timezone.now() if submitted else None,
        household_count=1,
    )
    Attendee.objects.create(visit=visit, officer=officer, assignment=village.assignments.get(officer=officer))
    return visit


def make_side(people: StationSide, month: AssessmentMonth) -> Side:
    officer = people.officers[0]
    household = factories.make_household(people.village, head_name="赵独特")
    visit = make_visit(people, state=VisitState.SUBMITTED)
    HouseholdCall.objects.create(visit=visit, household=household, called_on=visit.visited_on)
    photo = Photo(visit=visit, sha256="0" * 64, width=1, height=1, uploaded_by=officer.user)
    photo.file.name = "photos/none.jpg"
    photo.save()
    week = Week.of(timezone.localdate()).previous()
    report = WorkReport.objects.create(
        kind=ReportKind.WEEKLY,
        officer=officer,
        period=week.key,
        period_end_on=week.end,
        due_on=report_due_on(ReportKind.WEEKLY, week),
        addressee=people.station,
        state=ReportState.SUBMITTED,
        submitted_at=timezone.now(),
    )
    assessment = Assessment.objects.create(
        month=month,
        officer=officer,
        kind=officer.kind,
        unit=officer.unit,
        station=people.station,
        points=Decimal(80),
        maximum=Decimal(100),
        score=Decimal(80),
        grade="",
    )
    return Side(
        people=people,
        household=household,
        visit=visit,
        draft=make_visit(people, state=VisitState.DRAFT),
        photo=photo,
        report=report,
        inbox_item=InboxItem.objects.create(
            recipient=officer, kind=NoticeKind.VISIT_RETURNED, context={"name": "x", "url": "/visits/", "reason": "y"}
        ),
        assessment=assessment,
    )


def make_world() -> World:
    """Everything, in about two hundred statements."""
    stations = factories.make_station_world()
    rubric = Rubric.objects.create(code="r", title="r", start_on=datetime(2022, 1, 1).date())
    month = AssessmentMonth.objects.create(
        key=Month.of(timezone.localdate()).previous().key,
        rubric=rubric,
        computed_at=timezone.now(),
        objections_until=timezone.localdate(),
    )
    quarter = Quarter.of(timezone.localdate()).previous()
    draft, issued = (
        Bulletin.objects.create(
            quarter=period.key,
            state=state,
            number="1号",
            sha256="0" * 64,
            drawn_up_at=timezone.now(),
            issued_at=timezone.now() if state == BulletinState.ISSUED else None,
        )
        for period, state in ((quarter, BulletinState.DRAFT), (quarter.previous(), BulletinState.ISSUED))
    )
    return World(
        users=dict(stations.users()),
        own=make_side(stations.own, month),
        foreign=make_side(stations.foreign, month),
        month=month,
        issued=issued,
        draft_bulletin=draft,
    )
