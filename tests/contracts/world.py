"""Two mirrored stations with one of everything, so that each address can be asked for an own and a foreign object."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import SimpleCookie
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone
from PIL import Image

import assessments
from assessments import bulletins, monthly, signing
from assessments.models import Assessment, AssessmentMonth, Bulletin
from assessments.rubric_loading import load_rubric
from patrols.base_info import ChangeEntry, check_change, forward_changes, report_change
from patrols.base_info_transfer import hand_over_changes
from patrols.briefings import Giving, give_briefing
from patrols.cases import CaseEntry, PartyEntry, add_step, open_case
from patrols.choices import (
    CaseKind,
    CaseLevel,
    IncidentCategory,
    NoticeKind,
    PartyRole,
    ReportKind,
    ReportState,
    VisitState,
)
from patrols.councils import CouncilEntry, MeasureEntry, hold_council, open_council, save_council
from patrols.duties import report_due_on
from patrols.models import (
    Attendee,
    BaseInfoChange,
    BaseInfoCheck,
    BaseInfoTransfer,
    Briefing,
    Case,
    CaseFile,
    CouncilMeasure,
    CouncilMeeting,
    Deed,
    HouseholdCall,
    InboxItem,
    IncidentCount,
    Photo,
    PhotoHint,
    Visit,
    VisitPlan,
    WorkReport,
)
from tests import factories
from tests.factories import StationSide
from villages.journal import write_entry
from villages.models import Assignment, HandOverNote, Household, JournalEntry, Officer, Unit, Village
from xinjin.accounts.roles import Role
from xinjin.jobs.models import JobRun, JobState
from xinjin.lists.models import SavedFilter, Sharing
from xinjin.periods import Month, Period, Quarter, Week

RUBRIC = Path(assessments.__file__).with_name("rubrics") / "2022.toml"
# Planted so that a response which shows them in full can be found out.
HEAD_NAME, PHONE = "赵独特", "13900001234"

# A client's own handler would look for all static files anew before its first answer.
HANDLERS = {checks: ClientHandler(enforce_csrf_checks=checks) for checks in (True, False)}


@dataclass(frozen=True)
class Side:
    """The objects of one village and its officer."""

    people: StationSide
    village: Village
    officer: Officer
    household: Household
    entry: JournalEntry
    visit: Visit
    draft: Visit
    locked_visit: Visit
    photo: Photo
    draft_photo: Photo
    weekly: WorkReport
    draft_report: WorkReport
    monthly: WorkReport
    inbox_item: InboxItem
    plan: VisitPlan
    kept: SavedFilter
    hand_over: HandOverNote
    job: JobRun
    case: Case
    case_file: CaseFile
    change: BaseInfoChange
    briefing: Briefing
    council: CouncilMeeting
    council_draft: CouncilMeeting
    measure: CouncilMeasure
    check: BaseInfoCheck
    assessment: Assessment

    @property
    def station(self) -> Unit:
        return self.people.station


@dataclass(frozen=True)
class World:
    """`users` by role. The officer holds the village of `own`, the station roles serve at its station, the unit leader
    leads the officer's unit. `near` is the other village of the same station, `foreign` one of another station.
    """

    users: dict[str, Any]
    sessions: dict[str, str]
    own: Side
    near: Side
    foreign: Side
    month: AssessmentMonth
    locked: AssessmentMonth
    issued: Bulletin
    draft_bulletin: Bulletin
    hint: PhotoHint
    transfer: BaseInfoTransfer

    def side(self, name: str) -> Side:
        return getattr(self, name)

    def client(self, role: str | None, **options: Any) -> Client:
        """A browser signed in as `role`; of a stranger when None."""
        client = Client(**options)
        client.handler = HANDLERS[client.handler.enforce_csrf_checks]
        if role is not None:
            client.cookies = SimpleCookie({"sessionid": self.sessions[role]})
        return client


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves no trace in the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def finished(response: Any) -> Any:
    """The answer; a file that was sent piece by piece has been read to its end and is closed."""
    if response.streaming:
        response.streaming_content = [b"".join(response.streaming_content)]
    return response


def make_visit(officer: Officer, village: Village, *, state: str, day: date, household: Household) -> Visit:
    """A visit from nine to twelve with one household and one deed."""
    submitted = state == VisitState.SUBMITTED
    visit = Visit.objects.create(
        officer=officer,
        village=village,
        visited_on=day,
        started_at=time(9),
        ended_at=time(12),
        summary="走访",
        photo_waiver="无",
        shortfall_reason="下雨",
        state=state,
        submitted_at=timezone.now() if submitted else None,
        min_households=5,
        min_deeds=1,
        household_count=1,
        deed_count=1,
    )
    Attendee.objects.create(
        visit=visit,
        visited_on=day,
        is_counting=submitted,
        officer=officer,
        assignment=village.assignments.get(officer=officer),
    )
    HouseholdCall.objects.create(visit=visit, household=household, entered=str(household), called_on=day)
    Deed.objects.create(visit=visit, visited_on=day, beneficiary="五保户", matter="修灯", result="修好")
    return visit


def make_photo(visit: Visit, colour: str) -> Photo:
    """A picture in the media folder and its row."""
    picture = BytesIO()
    Image.new("RGB", (8, 8), colour).save(picture, "JPEG")
    photo = Photo(visit=visit, sha256=colour.ljust(64, "0"), width=8, height=8, uploaded_by=visit.officer.user)
    photo.file.save("any.jpg", ContentFile(picture.getvalue()))
    return photo


def make_job(officer: Officer) -> JobRun:
    """A background job of `officer` that has made a file."""
    job = JobRun(kind="x", title="导出", owner=officer.user, state=JobState.DONE, ended_at=timezone.now())
    job.result.save("any", ContentFile("住户".encode()), save=False)
    job.result_name = "导出.csv"
    job.save(force_insert=True)
    return job


def make_report(officer: Officer, kind: str, period: Period, addressee: Unit, state: str) -> WorkReport:
    """A report on `period`, handed in unless it is a draft."""
    return WorkReport.objects.create(
        kind=kind,
        officer=officer,
        period=period.key,
        period_end_on=period.end,
        due_on=report_due_on(kind, period),
        addressee=addressee,
        state=state,
        submitted_at=None if state == ReportState.DRAFT else timezone.now(),
    )


def make_hand_over(begun: Assignment) -> HandOverNote:
    """The note of the place that `begun` took over from somebody of the same kind; not confirmed yet."""
    former = factories.make_officer(kind=begun.officer.kind, unit=begun.officer.unit)
    last_day = begun.start_on - timedelta(days=1)
    ended = factories.make_assignment(begun.village, former, last_day - timedelta(days=100), last_day)
    return HandOverNote.objects.create(ended=ended, begun=begun, text="请多走访")


def make_case(officer: Officer, village: Village, household: Household) -> Case:
    """A red dispute of today whose parties are named in full in the database, also in what people wrote about it."""
    entry = CaseEntry(
        kind=CaseKind.DISPUTE,
        village=village,
        title=f"{HEAD_NAME}工程欠薪",
        detail=f"{HEAD_NAME}称工程款未付",
        level=CaseLevel.RED,
        household=household,
        parties=(PartyEntry(PartyRole.CLAIMANT, HEAD_NAME, PHONE), PartyEntry(PartyRole.RESPONDENT, "钱某某")),
    )
    return open_case(by=officer.user, entry=entry)


def make_case_file(case: Case) -> CaseFile:
    """A picture on a step of the case."""
    picture = BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "JPEG")
    sent = SimpleUploadedFile(f"{HEAD_NAME}.jpg", picture.getvalue())
    given = {"kind": "note", "happened_on": timezone.localdate(), "note": f"到{HEAD_NAME}家查看", "files": [sent]}
    add_step(by=case.opened_by, case=case, **given)
    case.refresh_from_db()
    return CaseFile.objects.get(step__case=case)


def make_change(officer: Officer, village: Village) -> BaseInfoChange:
    """A change found today that waits to be verified."""
    entry = ChangeEntry(village=village, subject="person", action="new", address="9号", what="新租户一家")
    return report_change(by=officer.user, found_by=officer, entry=entry)


def make_briefing(officer: Officer, village: Village) -> Briefing:
    """What the village heard today, after a week of which all is known."""
    week = Week.of(timezone.localdate())
    IncidentCount.objects.bulk_create(
        IncidentCount(village=village, starts_on=week.previous().start, category=category, count=place)
        for place, category in enumerate(IncidentCategory.values)
    )
    giving = Giving(timezone.localdate(), ("meeting",), [officer])
    return give_briefing(by=officer.user, village=village, week=week, revision=0, text="请关好门窗。", giving=giving)


def make_council(officer: Officer, village: Village) -> CouncilMeeting:
    """A council of today with one measure that its officer has; handed in."""
    today = timezone.localdate()
    draft = open_council(by=officer.user, officer=officer, village=village)
    entry = CouncilEntry(
        held_on=today,
        started_at=time(9),
        ended_at=time(10),
        place="村委会",
        chair="村支书",
        expected_count=30,
        present_count=25,
        officers=(officer,),
        situation_month=draft.situation_month,
        agenda="通报治安",
        situation="平稳",
        measures=(MeasureEntry("夜间巡逻", officer, today + timedelta(days=14)),),
    )
    saved = save_council(by=officer.user, meeting=draft, revision=0, entry=entry)
    return hold_council(by=officer.user, meeting=saved, revision=saved.revision)


def make_forwarded(officer: Officer, village: Village, chief: Any) -> BaseInfoChange:
    """A change that was verified by the station's chief and forwarded today."""
    checked = check_change(by=chief.user, change=make_change(officer, village), is_so=True)
    return forward_changes(by=chief.user, changes=[checked], receipt="RK1")[0]


def make_check(officer: Officer, village: Village, clerk: Any, chief: Any) -> BaseInfoCheck:
    """A forwarded change that was drawn by lot; nobody who asks has found or verified it."""
    forwarded = make_forwarded(officer, village, chief)
    BaseInfoChange.objects.filter(pk=forwarded.pk).update(checked_by=None)
    return BaseInfoCheck.objects.create(change=forwarded, drawn_on=timezone.localdate(), drawn_by=clerk.user)


def make_side(people: StationSide, place: int, assessed: Month) -> dict[str, Any]:
    """Everything of one village but its assessment, which is computed for all at once."""
    officer, village = people.officers[place], people.villages[place]
    yesterday = timezone.localdate() - timedelta(days=1)
    household = factories.make_household(village, head_name=HEAD_NAME, phone=PHONE)
    visit = make_visit(officer, village, state=VisitState.SUBMITTED, day=yesterday, household=household)
    make_visit(officer, village, state=VisitState.SUBMITTED, day=assessed.weeks()[0].start, household=household)
    draft = make_visit(officer, village, state=VisitState.DRAFT, day=yesterday, household=household)
    week = Week.of(timezone.localdate()).previous()
    IncidentCount.objects.create(
        village=village, starts_on=Month.counting(timezone.localdate()).weeks()[0].start, category="theft", count=2
    )
    council = make_council(officer, village)
    case = make_case(officer, village, household)
    return {
        "people": people,
        "village": village,
        "officer": officer,
        "household": household,
        "entry": write_entry(
            by=officer.user, village=village, author=officer, text="今晚停电", kind="notice", pinned=False
        ),
        "visit": visit,
        "draft": draft,
        "photo": make_photo(visit, "red"),
        "draft_photo": make_photo(draft, "blue"),
        "weekly": make_report(officer, ReportKind.WEEKLY, week, people.station, ReportState.SUBMITTED),
        "draft_report": make_report(officer, ReportKind.WEEKLY, week.previous(), people.station, ReportState.DRAFT),
        "monthly": make_report(
            officer, ReportKind.MONTHLY, Month.of(yesterday).previous(), officer.unit, ReportState.SUBMITTED
        ),
        "hand_over": make_hand_over(village.assignments.get(officer=officer)),
        "case": case,
        "case_file": make_case_file(case),
        "change": make_change(officer, village),
        "briefing": make_briefing(officer, village),
        "council": council,
        "council_draft": open_council(by=officer.user, officer=officer, village=village),
        "measure": council.measures.get(),
        "check": make_check(officer, village, people.clerk, people.chief),
        "inbox_item": InboxItem.objects.create(
            recipient=officer, kind=NoticeKind.VISIT_RETURNED, context={"name": "x", "url": "/visits/", "reason": "y"}
        ),
        "plan": VisitPlan.objects.create(officer=officer, village=village, planned_on=timezone.localdate()),
        "kept": SavedFilter.objects.create(
            owner=officer.user,
            list_name="visits",
            name="我的",
            query="standard=below",
            sharing=Sharing.PRIVATE if place else Sharing.ALL,
        ),
        "job": make_job(officer),
    }


def assess(month: Month, chiefs: list[Any], brigade: Any, *, locked: bool) -> AssessmentMonth:
    """The month of everybody, computed; signed and locked when asked for."""
    row = monthly.open_month(by=brigade, month=month)
    if locked:
        for chief in chiefs:
            signing.remark_rest(by=chief.user, month=month, station=chief.unit, remark="good")
            signing.sign_station(by=chief.user, month=month, station=chief.unit)
        row = monthly.lock_month(by=brigade, month=month)
    return row


def make_world() -> World:
    """Everything, by the verbs where they are about more than one row."""
    stations = factories.make_station_world()
    users = dict(stations.users()) | {Role.OFFICER: stations.own.officers[1].user}
    load_rubric(by=None, path=RUBRIC)
    open_month = monthly.last_openable(timezone.localdate())
    sides = {
        "own": make_side(stations.own, 1, open_month),
        "near": make_side(stations.own, 0, open_month),
        "foreign": make_side(stations.foreign, 0, open_month),
    }
    chiefs = [stations.own.chief, stations.foreign.chief]
    draft_quarter = Quarter.of(open_month.start).previous()
    issued_quarter = draft_quarter.previous()
    locked = [
        assess(quarter.month_list()[-1], chiefs, stations.brigade, locked=True)
        for quarter in (issued_quarter, draft_quarter)
    ]
    month = assess(open_month, chiefs, stations.brigade, locked=False)
    issued = bulletins.draw_up(by=stations.brigade, quarter=issued_quarter)
    bulletins.issue(by=stations.brigade, bulletin=issued, number="新公社警〔2022〕1号")
    transfer = hand_over_changes(by=stations.brigade)
    make_forwarded(stations.own.officers[0], stations.own.village, stations.own.chief)  # waits for the next file
    own, near, foreign = (
        Side(
            **parts,
            assessment=Assessment.objects.get(month=month, officer=parts["officer"]),
            locked_visit=make_visit(
                parts["officer"],
                parts["village"],
                state=VisitState.SUBMITTED,
                day=locked[0].period.counted.start,
                household=parts["household"],
            ),
        )
        for parts in sides.values()
    )
    return World(
        users=users,
        sessions={role: session_of(user) for role, user in users.items()},
        own=own,
        near=near,
        foreign=foreign,
        month=month,
        locked=locked[0],
        issued=Bulletin.objects.get(pk=issued.pk),
        draft_bulletin=bulletins.draw_up(by=stations.brigade, quarter=draft_quarter),
        transfer=transfer,
        hint=PhotoHint.objects.create(photo=own.photo, other=foreign.photo, kind="alike", distance=3),
    )


def session_of(user: Any) -> str:
    """The cookie of a browser in which `user` has signed in."""
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value
