"""Work reports: opened, written, handed in, returned, reviewed; their figures; who may do what (R13, R14)."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patrols import reports as verbs
from patrols.choices import ActivityKind, NoticeKind, ReportKind, ReportState
from patrols.figures import collect_figures, records
from patrols.models import Activity, InboxItem, WorkReport
from tests.factories import make_household, make_station_world
from tests.patrols.factories import make_visit
from villages.models import Absence
from xinjin.accounts.models import User
from xinjin.audit.models import Event
from xinjin.errors import Conflict
from xinjin.periods import Month, Week

pytestmark = pytest.mark.django_db
WEEK = Week(2026, 47)


@pytest.fixture
def world():
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=False):
        yield make_station_world()


def opened(officer, kind=ReportKind.WEEKLY, period=WEEK):
    return verbs.open_report(by=officer.user, officer=officer, kind=kind, period=period)


def submitted(officer, **fields):
    return verbs.submit_report(by=officer.user, report=opened(officer, **fields))


def test_open_report_twice_is_the_same_draft(world):
    officer = world.own.officers[0]
    assert opened(officer).pk == opened(officer).pk
    report = WorkReport.objects.get()
    assert (report.state, report.due_on, report.period_end_on) == (
        ReportState.DRAFT,
        date(2026, 11, 23),
        date(2026, 11, 22),
    )


def test_weekly_report_goes_to_the_villages_station_and_monthly_to_the_own_unit(world):
    liaison = world.own.officers[1]
    assert opened(liaison).addressee == world.own.station
    assert opened(liaison, ReportKind.MONTHLY, Month(2026, 10)).addressee == world.own.business_unit


def test_period_to_come_or_not_owed_is_refused(world):
    officer = world.own.officers[0]
    with pytest.raises(ValidationError):
        opened(officer, period=Week(2026, 49))
    Absence.objects.create(officer=officer, kind="leave", start_on=WEEK.start, end_on=WEEK.end)
    with pytest.raises(ValidationError):
        opened(officer)


def test_submit_freezes_the_figures_and_a_second_submit_is_the_same_report(world):
    officer, village = world.own.officers[0], world.own.village
    visit = make_visit(officer, village, visited_on=date(2026, 11, 18), households=5, deeds=1)
    Activity.objects.create(visit=visit, visited_on=visit.visited_on, kind=ActivityKind.SCREENING, nothing_found=True)
    report = submitted(officer)
    assert {key: figure["value"] for key, figure in report.figures.items()} == {
        "visits": 1,
        "up_to_standard": 1,
        "households": 5,
        "deeds": 1,
        "screening": 1,
        "nothing_found": 1,
        "briefing": 0,
        "publicity": 0,
        "group_patrol": 0,
    }
    make_visit(officer, village, visited_on=date(2026, 11, 19))
    again = verbs.submit_report(by=officer.user, report=report)
    assert again.figures == report.figures
    assert list(report.transitions.order_by("id").values_list("state", flat=True)) == ["draft", "submitted"]
    assert Event.objects.filter(action="submit", subject_id=str(report.pk)).count() == 1


def test_every_figure_is_the_sum_of_its_records(world):
    officer, village = world.own.officers[0], world.own.village
    first = make_visit(officer, village, visited_on=date(2026, 11, 17), households=3, deeds=2)
    second = make_visit(officer, village, visited_on=date(2026, 11, 19), households=2)
    both = first.calls.first().household
    second.calls.create(household=both, called_on=second.visited_on)
    make_household(village)
    Activity.objects.create(visit=second, visited_on=second.visited_on, kind=ActivityKind.BRIEFING)
    make_visit(world.own.officers[1], world.own.villages[1], visited_on=date(2026, 11, 18), households=4)
    report = opened(officer)
    figures = collect_figures(report)
    assert figures["households"]["value"] == 5
    for key, figure in figures.items():
        assert sum(row.n for row in records(report, key)) == figure["value"]


def test_monthly_figures_take_the_whole_weeks_of_the_month(world):
    officer, village = world.own.officers[0], world.own.village
    make_visit(officer, village, visited_on=date(2026, 9, 29))  # W40, counted in October
    make_visit(officer, village, visited_on=date(2026, 10, 27))
    report = opened(officer, ReportKind.MONTHLY, Month(2026, 10))
    assert collect_figures(report)["visits"]["value"] == 2


def test_late_is_stamped_once(world):
    officer, chief = world.own.officers[0], world.own.chief.user
    report = submitted(officer)
    assert report.is_late is False
    verbs.return_report(by=chief, report=report, reason="请补充")
    with time_machine.travel("2026-11-26T10:00:00+08:00", tick=False):
        assert verbs.submit_report(by=officer.user, report=report).is_late is False
    assert submitted(officer, period=Week(2026, 46)).is_late is True


def test_return_leaves_a_notice_that_handing_in_again_settles(world):
    officer = world.own.officers[0]
    report = verbs.return_report(by=world.own.chief.user, report=submitted(officer), reason="请补充")
    item = InboxItem.objects.get(recipient=officer, kind=NoticeKind.REPORT_RETURNED)
    assert item.context["reason"] == "请补充"
    verbs.submit_report(by=officer.user, report=report)
    item.refresh_from_db()
    assert item.done_at is not None


def test_return_needs_a_reason_and_review_a_comment(world):
    report = submitted(world.own.officers[0])
    with pytest.raises(ValidationError):
        verbs.return_report(by=world.own.chief.user, report=report, reason=" ")
    with pytest.raises(ValidationError):
        verbs.review_report(by=world.own.chief.user, report=report, comment="")


def test_review_tells_the_author_and_ends_the_report(world):
    officer, chief = world.own.officers[0], world.own.chief.user
    report = verbs.review_report(by=chief, report=submitted(officer), comment="好", instructions="查纠纷")
    assert (report.state, report.reviewed_by) == (ReportState.REVIEWED, chief)
    assert InboxItem.objects.filter(recipient=officer, kind=NoticeKind.REPORT_REVIEWED).exists()
    for late in (
        lambda: verbs.return_report(by=chief, report=report, reason="x"),
        lambda: verbs.submit_report(by=officer.user, report=report),
    ):
        with pytest.raises(Conflict):
            late()


def test_reviewer_is_not_the_author(world):
    officer = world.own.officers[0]
    report = submitted(officer)
    with pytest.raises(ValidationError):
        verbs.review_report(by=officer.user, report=report, comment="好")
    # A chief who holds a village himself: the rights table leaves his own report out.
    officer.user.grants.create(role="station_chief", granted_at=report.submitted_at, granted_reason="test")
    user = User.objects.get(pk=officer.user.pk)
    assert not WorkReport.objects.allowed(user, "review").filter(pk=report.pk).exists()


def test_stale_save_loses_with_both_texts(world):
    officer = world.own.officers[0]
    report = opened(officer)
    verbs.save_report(by=officer.user, report=report, revision=0, words={"summary": "甲"})
    verbs.save_report(by=officer.user, report=report, revision=0, words={"summary": "甲"})
    with pytest.raises(Conflict) as caught:
        verbs.save_report(by=officer.user, report=report, revision=0, words={"summary": "乙"})
    assert list(caught.value.mine.values()) == ["乙"]
    assert "甲" in caught.value.theirs.values()


def words(**texts):
    return {"summary": "", "problems": "", "plan": "", "revision": "0", **texts}


def test_page_hands_in_with_one_click_and_a_second_click_is_harmless(client, world):
    officer = world.own.officers[0]
    client.force_login(officer.user)
    data = {"kind": "weekly", "period": "2026-W47", "hand_in": "1"}
    for _number in range(2):
        response = client.post("/reports/new/", data, follow=True)
        assert response.status_code == 200
    assert WorkReport.objects.get().state == ReportState.SUBMITTED


def test_page_saves_shows_live_figures_and_answers_409_when_stale(client, world):
    officer = world.own.officers[0]
    client.force_login(officer.user)
    url = client.post("/reports/new/", {"kind": "weekly", "period": "2026-W47"})["Location"]
    make_visit(officer, world.own.village, visited_on=date(2026, 11, 18))
    assert client.get(url).context["figures"][0].value == 1
    assert client.post(url, words(summary="甲", save="1")).status_code == 302
    stale = client.post(url, words(summary="乙", submit="1"))
    assert stale.status_code == 409
    assert "乙" in stale.content.decode()
    assert "甲" in stale.content.decode()
    assert client.post(url, words(summary="乙", submit="1", revision="1")).status_code == 302
    assert WorkReport.objects.get().summary == "乙"


def test_page_keeps_what_was_typed_beside_its_mistakes(client, world):
    officer = world.own.officers[0]
    client.force_login(officer.user)
    url = f"/reports/{opened(officer).pk}/"
    response = client.post(url, words(summary="甲" * 2001, plan="记得回访", save="1"))
    assert response.status_code == 200
    assert response.context["words_form"].errors["summary"]
    assert "记得回访" in response.content.decode()
    assert client.post(url, words(summary="a\x00b", save="1")).status_code == 200
    assert client.post(url, words(revision="x", save="1")).status_code == 200


@pytest.mark.parametrize(
    "data",
    [{}, {"kind": "weekly"}, {"kind": "x", "period": "2026-W47"}, {"kind": "weekly", "period": "2026-10"},
     {"kind": "weekly", "period": "\x00"}],
)  # fmt: skip
def test_garbage_opens_no_report(client, world, data):
    client.force_login(world.own.officers[0].user)
    assert client.post("/reports/new/", data).status_code == 404


def test_period_to_come_is_refused_in_words(client, world):
    client.force_login(world.own.officers[0].user)
    assert client.post("/reports/new/", {"kind": "weekly", "period": "2026-W50"}).status_code == 400


def test_foreign_report_is_not_found_and_a_draft_is_its_authors_alone(client, world):
    foreign = submitted(world.foreign.officers[0])
    draft = opened(world.own.officers[1])
    client.force_login(world.own.chief.user)
    for report in (foreign, draft):
        assert client.get(f"/reports/{report.pk}/").status_code == 404
        assert client.post(f"/reports/{report.pk}/return/", {"reason": "x"}).status_code == 404
    client.force_login(world.own.officers[0].user)
    assert client.get(f"/reports/{foreign.pk}/").status_code == 404
    assert client.get("/reports/99999999999999999999/").status_code == 404


def test_who_may_read_but_not_review_is_refused(client, world):
    report = submitted(world.own.officers[0])
    for user in (world.inspector, world.own.clerk.user, world.brigade):
        client.force_login(user)
        assert client.get(f"/reports/{report.pk}/").status_code == 200
        assert client.post(f"/reports/{report.pk}/review/", {"comment": "好"}).status_code == 403
        assert client.post(f"/reports/{report.pk}/", words(save="1")).status_code == 403
    assert WorkReport.objects.get().state == ReportState.SUBMITTED


def test_chief_reviews_with_one_click_and_the_slower_one_gets_409(client, world):
    report = submitted(world.own.officers[0])
    client.force_login(world.own.chief.user)
    assert report.pk in [row.pk for row in client.get("/reports/").context["waiting"]]
    assert client.post(f"/reports/{report.pk}/review/", {"read": "1"}).status_code == 302
    assert client.post(f"/reports/{report.pk}/return/", {"reason": "晚了"}).status_code == 409
    assert WorkReport.objects.get().state == ReportState.REVIEWED


def test_unit_leader_reviews_monthly_reports_only(client, world):
    liaison = world.own.officers[1]
    monthly = submitted(liaison, kind=ReportKind.MONTHLY, period=Month(2026, 10))
    weekly = submitted(liaison)
    client.force_login(world.own.unit_leader.user)
    assert client.post(f"/reports/{monthly.pk}/review/", {"comment": "好"}).status_code == 302
    assert client.post(f"/reports/{weekly.pk}/review/", {"comment": "好"}).status_code == 404


def test_records_page_shows_what_the_figure_counts(client, world):
    officer = world.own.officers[0]
    make_visit(officer, world.own.village, visited_on=date(2026, 11, 18), households=5)
    report = submitted(officer)
    client.force_login(world.own.chief.user)
    page = client.get(f"/reports/{report.pk}/").context["figures"]
    for figure in page:
        shown = client.get(figure.url)
        assert shown.context["total"] == figure.value
    assert client.get(f"/reports/{report.pk}/records/nonsense/").status_code == 404


def test_list_filters_and_survives_garbage(client, world):
    submitted(world.own.officers[0])
    submitted(world.own.officers[1])
    client.force_login(world.brigade)
    count = lambda query: client.get("/reports/", query).context["page_obj"].paginator.count  # noqa: E731
    assert count({}) == count({"period": "2026-Q4"}) == count({"late": "no"}) == 2
    assert count({"officer": world.own.officers[0].number}) == 1
    assert count({"period": "2026-W46"}) == count({"late": "yes"}) == count({"state": "reviewed"}) == 0
    for query in ({"page": "x"}, {"period": "\x00"}, {"officer": "\x00"}, {"addressee": "9" * 400}, {"kind": "x"}):
        assert client.get("/reports/", query).status_code in (200, 404)


def test_list_takes_a_constant_number_of_queries(client, world):
    officer = world.own.officers[0]
    submitted(officer)
    client.force_login(world.brigade)
    client.get("/reports/")
    with CaptureQueriesContext(connection) as one:
        client.get("/reports/")
    for number in range(10, 40):
        submitted(officer, period=Week(2026, number))
    with CaptureQueriesContext(connection) as thirty:
        client.get("/reports/")
    assert len(one) == len(thirty)


def test_overdue_reports_are_those_addressed_to_ones_own_unit(client, world):
    client.force_login(world.own.unit_leader.user)
    rows = client.get("/reports/overdue/").context["rows"]
    assert {row["officer"] for row in rows} == {world.own.officers[1]}
    assert {row["item"].kind for row in rows} == {ReportKind.MONTHLY}
