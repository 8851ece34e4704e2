"""Lists ask the database as often for thirty rows as for a few."""

from datetime import date, time, timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.choices import BulletinState
from assessments.models import Assessment, Bulletin
from patrols.choices import NoticeKind, ReportKind, ReportState, VisitState
from patrols.duties import report_due_on
from patrols.models import (
    Attendee,
    BaseInfoChange,
    Briefing,
    BriefingGiver,
    Case,
    CaseParty,
    CaseStep,
    CaseTerm,
    CouncilMeasure,
    CouncilMeeting,
    InboxItem,
    IncidentCount,
    Photo,
    PhotoHint,
    PreventionText,
    Visit,
    VisitPlan,
    WorkReport,
)
from tests.contracts.test_admin import DECLARED, MODELS, place
from tests.contracts.world import World
from tests.factories import SINCE, make_household
from villages.choices import OfficerKind, Slot, VillageKind
from villages.models import Absence, Assignment, Household, Officer, Village, VillageContact
from xinjin.accounts.models import User
from xinjin.accounts.roles import Role
from xinjin.jobs.models import JobRun, JobState
from xinjin.lists.models import SavedFilter, Sharing
from xinjin.periods import Month, Week

pytestmark = pytest.mark.django_db

MORE = 35
# The list that is looked at all day, and the page that brings together what an officer owes in all things.
MOST = {"visit_list": 13, "today": 58}

PAGES = [
    (Role.STATION_CHIEF, "village_list", {}),
    (Role.BRIGADE, "village_list", {}),
    (Role.OFFICER, "visit_list", {}),
    (Role.BRIGADE, "visit_list", {}),
    (Role.STATION_CHIEF, "hint_list", {}),
    (Role.INSPECTORATE, "hint_list", {}),
    (Role.BRIGADE, "visit_print", {}),
    (Role.BRIGADE, "list_export", {"name": "visits", "file_format": "csv"}),
    (Role.BRIGADE, "list_export", {"name": "villages", "file_format": "csv"}),
    (Role.BRIGADE, "list_export", {"name": "reports", "file_format": "csv"}),
    (Role.BRIGADE, "list_export", {"name": "cases", "file_format": "csv"}),
    (Role.STATION_CHIEF, "plan_list", {}),
    (Role.OFFICER, "list_filters", {"name": "visits"}),
    (Role.BRIGADE, "standard_list", {}),
    (Role.OFFICER, "today", {}),
    (Role.OFFICER, "inbox", {}),
    (Role.OFFICER, "job_list", {}),
    (Role.OFFICER, "report_list", {}),
    (Role.STATION_CHIEF, "report_list", {}),
    (Role.BRIGADE, "report_list", {}),
    (Role.BRIGADE, "report_overdue", {}),
    (Role.BRIGADE, "gap_list", {}),
    (Role.STATION_CHIEF, "gap_list", {}),
    (Role.STATION_CHIEF, "hand_over_list", {}),
    (Role.OFFICER, "ledger", {}),
    (Role.STATION_CHIEF, "ledger", {}),
    (Role.BRIGADE, "ledger", {}),
    (Role.BRIGADE, "ledger_stations", {}),
    (Role.BRIGADE, "ledger_trend", {}),
    (Role.OFFICER, "briefing_list", {}),
    (Role.STATION_CHIEF, "briefing_list", {}),
    (Role.BRIGADE, "briefing_list", {}),
    (Role.OFFICER, "briefing_detail", {"code": "own", "week": "week"}),
    (Role.BRIGADE, "incidents", {}),
    (Role.STATION_CHIEF, "incidents", {}),
    (Role.BRIGADE, "incident_chart", {}),
    (Role.BRIGADE, "incident_rows", {}),
    (Role.BRIGADE, "list_export", {"name": "briefings", "file_format": "csv"}),
    (Role.BRIGADE, "list_export", {"name": "councils", "file_format": "csv"}),
    (Role.BRIGADE, "list_export", {"name": "measures", "file_format": "csv"}),
    (Role.OFFICER, "council_list", {}),
    (Role.BRIGADE, "council_list", {}),
    (Role.BRIGADE, "council_missing", {}),
    (Role.STATION_CHIEF, "measure_list", {}),
    (Role.OFFICER, "council_edit", {"pk": "council_draft"}),
    (Role.STATION_CHIEF, "council_detail", {"pk": "council"}),
    (Role.BRIGADE, "situation", {}),
    (Role.STATION_CHIEF, "situation", {}),
    (Role.OFFICER, "situation", {}),
    (Role.BRIGADE, "situation_incidents", {"key": "running"}),
    (Role.STATION_CHIEF, "case_detail", {"pk": "case"}),
    (Role.BRIGADE, "dispute_notices", {}),
    (Role.STATION_CHIEF, "dispute_notice", {"code": "own", "week": "week"}),
    (Role.OFFICER, "base_info_list", {}),
    (Role.STATION_CHIEF, "base_info_list", {}),
    (Role.STATION_CHIEF, "base_info_work", {}),
    (Role.STATION_CHIEF, "base_info_checks", {}),
    (Role.BRIGADE, "base_info_figures", {}),
    (Role.BRIGADE, "base_info_transfers", {}),
    (Role.BRIGADE, "list_export", {"name": "base_info", "file_format": "csv"}),
    (Role.BRIGADE, "overview", {}),
    (Role.BRIGADE, "overview_chart", {}),
    (Role.STATION_CHIEF, "overview", {}),
    (Role.BRIGADE, "coverage", {}),
    (Role.STATION_CHIEF, "coverage", {}),
    (Role.BRIGADE, "month_list", {}),
    (Role.BRIGADE, "month_detail", {"key": "stored"}),
    (Role.STATION_CHIEF, "month_detail", {"key": "stored"}),
    (Role.BRIGADE, "month_detail", {"key": "running"}),
    (Role.BRIGADE, "month_download", {"key": "stored", "file_format": "csv"}),
    (Role.BRIGADE, "bulletin_list", {}),
    (Role.BRIGADE, "village_detail", {"code": "own"}),
    (Role.STATION_CHIEF, "village_detail", {"code": "own"}),
    (Role.OFFICER, "household_search", {"code": "own"}),
    (Role.BRIGADE, "village_phones", {"code": "own"}),
    (Role.STATION_CHIEF, "village_journal", {"code": "own"}),
    (Role.OFFICER, "waiting_list", {}),
    (Role.STATION_CHIEF, "officer_list", {}),
    (Role.BRIGADE, "officer_list", {}),
    (Role.BRIGADE, "officer_detail", {"number": "own"}),
    (Role.OFFICER, "officer_detail", {"number": "own"}),
    (Role.OFFICER, "visit_households", {"pk": "draft"}),
    (Role.OFFICER, "visit_autosave", {"pk": "draft"}),
    (Role.OFFICER, "visit_edit", {"pk": "draft"}),
    (Role.BRIGADE, "visit_versions", {"pk": "visit"}),
    *((Role.BRIGADE, name, {}) for name in ("village-list", "officer-list", "visit-list", "case-list",
                                            "workreport-list", "assessment-list", "bulletin-list")),
    (Role.OFFICER, "case-list", {}),
    (Role.STATION_CHIEF, "case-detail", {"pk": "case"}),
]  # fmt: skip


def url_of(world: World, name: str, kwargs: dict) -> str:
    real = {
        "stored": world.month.key,
        "running": Month.counting(timezone.localdate()).key,
        "own": world.own.village.code,
        "draft": world.own.draft.pk,
        "visit": world.own.visit.pk,
        "case": world.own.case.pk,
        "week": world.own.briefing.week.key,
        "council": world.own.council.pk,
        "council_draft": world.own.council_draft.pk,
    }
    if "number" in kwargs:
        real["own"] = world.own.officer.number
    return reverse(name, kwargs={key: real.get(value, value) for key, value in kwargs.items()})


def make_more(world: World) -> None:
    """Many rows of everything, a page and more, around the own village and its officer."""
    officer, village, station = world.own.officer, world.own.village, world.own.station
    today = timezone.localdate()
    places = Village.objects.bulk_create(
        Village(
            code=f"{520000000000 + n}", name=f"新村{n}", kind=VillageKind.VILLAGE, valid_from=SINCE,
            station=station, township=village.township,
        )
        for n in range(MORE)
    )  # fmt: skip
    people = Officer.objects.bulk_create(
        Officer(number=f"N{n:04}", name=f"王{n}", kind=OfficerKind.LIAISON, unit=officer.unit) for n in range(MORE)
    )
    User.objects.bulk_create(User(username=f"n{n}", display_name=f"王{n}") for n in range(MORE))
    held = Assignment.objects.bulk_create(
        Assignment(village=place, officer=officer if n < 5 else people[n], slot=Slot.OFFICER, start_on=SINCE)
        for n, place in enumerate(places)
    )
    Absence.objects.bulk_create(
        Absence(officer=person, kind="leave", start_on=today, end_on=today) for person in people[: MORE // 2]
    )
    Household.objects.bulk_create(Household(village=village, address=f"{n}号", head_name=f"钱{n}") for n in range(MORE))
    VillageContact.objects.bulk_create(
        VillageContact(village=village, kind="volunteer", name=f"孙{n}", start_on=SINCE) for n in range(MORE)
    )
    _visits(world, held)
    _briefings(world, held)
    _councils(world, held)
    _plans(world, held)
    _paper(world, people)
    _hints(world)


def _hints(world: World) -> None:
    """Every visit has a photo that looks like that of a foreign one, or tells of another hour."""
    visits = list(Visit.objects.filter(state=VisitState.SUBMITTED, photos=None)[:MORE])
    photos = Photo.objects.bulk_create(
        Photo(visit=visit, file=f"photos/{n}.jpg", sha256=f"{n:064}", width=8, height=8, taken_at=timezone.now(),
              uploaded_by=world.own.officer.user)
        for n, visit in enumerate(visits)
    )  # fmt: skip
    PhotoHint.objects.bulk_create(
        PhotoHint(photo=photo, kind="alike" if n % 2 else "other_time", other=world.foreign.photo if n % 2 else None)
        for n, photo in enumerate(photos)
    )
    _ledger(world)


def _ledger(world: World) -> None:
    case, officer, today = world.own.case, world.own.officer, timezone.localdate()
    register = case.register
    cases = Case.objects.bulk_create(
        Case(
            register=register, serial=1000 + n, number=f"X{n}", kind="dispute", category="other", level="yellow",
            village=world.own.village, title=f"纠纷{n}", opened_on=today, owner=officer, state="handling",
            due_on=today + timedelta(days=n % 5), opened_by=officer.user,
        )
        for n in range(MORE * 2)
    )  # fmt: skip
    CaseTerm.objects.bulk_create(
        CaseTerm(case=each, number=1, level="yellow", started_on=today, days=7, unit="workdays", due_on=each.due_on)
        for each in cases
    )
    CaseStep.objects.bulk_create(
        CaseStep(case=case, kind="note", happened_on=today, note=f"{n}", by=officer.user) for n in range(MORE)
    )
    CaseParty.objects.bulk_create(CaseParty(case=case, role="concerned", name=f"赵{n}") for n in range(MORE))
    case.linked.add(*cases[:MORE])
    BaseInfoChange.objects.bulk_create(
        BaseInfoChange(
            village=world.own.village, subject="person", action="new", address=f"{n}号", what="新租户", found_on=today,
            found_by=officer, due_on=today, state="found",
        )
        for n in range(MORE * 2)
    )  # fmt: skip


def _briefings(world: World, held: list[Assignment]) -> None:
    """Briefings of two weeks in every village, with counts of the week before."""
    week = Week.of(timezone.localdate())
    rows = Briefing.objects.bulk_create(
        Briefing(
            village=row.village, starts_on=each.start, text="请关好门窗。", state="given", ways=["meeting"],
            given_on=each.start,
        )
        for row in held
        for each in (week, week.previous())
    )  # fmt: skip
    BriefingGiver.objects.bulk_create(
        BriefingGiver(briefing=row, officer=holder.officer, assignment=holder, given_on=row.given_on)
        for row, holder in zip(rows, [holder for holder in held for _week in range(2)], strict=True)
    )
    IncidentCount.objects.bulk_create(
        IncidentCount(village=row.village, starts_on=week.previous().start, category="theft", count=n)
        for n, row in enumerate(held)
    )
    PreventionText.objects.bulk_create(
        PreventionText(category="theft", text=f"提示{n}", valid_from=SINCE) for n in range(MORE)
    )


def _councils(world: World, held: list[Assignment]) -> None:
    """A council in every village, with incidents, and many measures of the own village's one."""
    today, officer, council = timezone.localdate(), world.own.officer, world.own.council
    meetings = CouncilMeeting.objects.bulk_create(
        CouncilMeeting(
            village=assignment.village, officer=officer, held_on=today, started_at=time(9), ended_at=time(10),
            place="x", chair="x", agenda="x", expected_count=9, present_count=8, situation="x", state="held",
            handed_in_at=timezone.now(), situation_month=council.situation_month, figures=council.figures,
        )
        for assignment in held
    )  # fmt: skip
    CouncilMeasure.objects.bulk_create(
        CouncilMeasure(meeting=meeting, village=meeting.village, what=f"措施{n}", officer=officer, due_on=today)
        for n, meeting in enumerate([council] * MORE + meetings)
    )
    week = Month.counting(today).weeks()[0].start
    IncidentCount.objects.bulk_create(
        IncidentCount(village=assignment.village, starts_on=week, category="fraud", count=n + 1)
        for n, assignment in enumerate(held)
    )
    VillageContact.objects.bulk_create(
        VillageContact(village=world.own.village, kind="volunteer", name=f"周{n}", start_on=SINCE) for n in range(5)
    )


def _visits(world: World, held: list[Assignment]) -> None:
    day = timezone.localdate() - timedelta(days=1)
    visits = Visit.objects.bulk_create(
        Visit(
            officer=world.own.officer, village=assignment.village, visited_on=day, started_at=time(9),
            ended_at=time(10), summary="走访", photo_waiver="无", shortfall_reason="下雨",
            state=VisitState.DRAFT if n % 3 == 0 else VisitState.SUBMITTED, submitted_at=timezone.now(),
        )
        for n, assignment in enumerate(held * 2)
    )  # fmt: skip
    Attendee.objects.bulk_create(
        Attendee(
            visit=visit,
            visited_on=visit.visited_on,
            is_counting=visit.state == VisitState.SUBMITTED,
            officer=world.own.officer,
            assignment=assignment,
        )
        for visit, assignment in zip(visits, held * 2, strict=True)
    )


def _plans(world: World, held: list[Assignment]) -> None:
    """Plans of this week and the next, and kept filters."""
    start = Week.of(timezone.localdate()).start
    VisitPlan.objects.bulk_create(
        VisitPlan(officer_id=row.officer_id, village_id=row.village_id, planned_on=start + timedelta(days=n % 14))
        for n, row in enumerate(held)
    )
    SavedFilter.objects.bulk_create(
        SavedFilter(
            owner=world.own.officer.user, list_name="visits", name=f"筛选{n}", query=f"text={n}", sharing=Sharing.ALL
        )
        for n in range(MORE)
    )


def _paper(world: World, people: list[Officer]) -> None:
    officer, station = world.own.officer, world.own.station
    week = Week.of(timezone.localdate()).previous()
    InboxItem.objects.bulk_create(
        InboxItem(recipient=officer, kind=NoticeKind.VISIT_RETURNED, context={"name": "x", "url": "/", "reason": "y"})
        for _ in range(MORE)
    )
    JobRun.objects.bulk_create(
        JobRun(
            kind="villages.import_check", title="x", owner=officer.user, state=JobState.DONE, ended_at=timezone.now(),
            parameters={"kind": "households"},
        )
        for _ in range(MORE)
    )  # fmt: skip
    reports = []
    for person in [officer] * MORE + people:
        week = week.previous() if person == officer else Week.of(timezone.localdate()).previous()
        reports.append(
            WorkReport(
                kind=ReportKind.WEEKLY, officer=person, period=week.previous().key, period_end_on=week.previous().end,
                due_on=report_due_on(ReportKind.WEEKLY, week.previous()), addressee=station,
                state=ReportState.SUBMITTED, submitted_at=timezone.now(),
            )
        )  # fmt: skip
    WorkReport.objects.bulk_create(reports)
    model = world.own.assessment
    Assessment.objects.bulk_create(
        Assessment(
            month=model.month, officer=person, kind=model.kind, unit=model.unit, station=station, lines=model.lines,
            points=model.points, maximum=model.maximum, score=model.score, grade=model.grade,
        )
        for person in people
    )  # fmt: skip
    Bulletin.objects.bulk_create(
        Bulletin(
            quarter=f"20{n:02}-Q1", state=BulletinState.ISSUED, number=f"{n}号", sha256="0" * 64,
            drawn_up_at=timezone.now(), issued_at=timezone.now(),
        )
        for n in range(20)
    )  # fmt: skip


def count(client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200, url
    if response.streaming:
        b"".join(response.streaming_content)
    return [query["sql"] for query in captured]


def repeated(few: list[str], many: list[str]) -> list[str]:
    """The statements that came more often, for the message of a failure."""
    shape = [sql[:90] for sql in many]
    return sorted({sql for sql in shape if shape.count(sql) > [s[:90] for s in few].count(sql)})


@pytest.fixture(scope="module")
def counted(world):
    """{(role, address): (statements with few rows, with many)} of all lists, measured once."""
    wanted = [(role, url_of(world, name, kwargs)) for role, name, kwargs in PAGES]
    for label, (viewers, _adders) in DECLARED.items():
        if label in MODELS:
            role = Role.BRIGADE if Role.BRIGADE in viewers else sorted(viewers)[0]
            wanted.append((role, place(label, "changelist")))
    clients = {role: world.client(role) for role, _url in wanted}
    found: dict[tuple[str, str], list[list[str]]] = {key: [] for key in wanted}
    for role, url in wanted:
        clients[role].get(url)  # what is read once for each process
    # An officer of one village is not asked for which; so already the few have two.
    Assignment.objects.filter(officer=world.near.officer).update(officer=world.own.officer)
    make_household(world.own.village)  # waits for a call, as most of the many do
    for make in (lambda: None, lambda: make_more(world)):
        make()
        for role, url in wanted:
            found[role, url].append(count(clients[role], url))
    return found


@pytest.mark.parametrize(("role", "name", "kwargs"), PAGES, ids=lambda value: str(value))
def test_page_asks_as_often_for_many_rows(world, counted, role, name, kwargs):
    few, many = counted[role, url_of(world, name, kwargs)]
    assert len(many) <= len(few), repeated(few, many)
    assert len(many) <= MOST.get(name, 60)


@pytest.mark.parametrize("label", sorted(DECLARED.keys() & MODELS.keys()))
def test_admin_list_asks_as_often_for_many_rows(counted, label):
    few, many = next(pair for (_role, url), pair in counted.items() if url == place(label, "changelist"))
    assert len(many) <= len(few), repeated(few, many)
    assert admin.site._registry[MODELS[label]].list_per_page <= 50


def test_rows_are_there_to_be_counted(world, counted):
    day = date.fromisoformat("2024-01-01")
    assert Visit.objects.filter(visited_on__gte=day).count() > 2 * MORE
    assert world.own.officer.reports.count() > MORE
