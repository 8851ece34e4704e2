"""Pages of scores and bulletins: who sees what, what each act does, and what bad addresses get."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments import bulletins
from assessments.choices import AssessmentState, BulletinState
from assessments.models import Assessment, AssessmentMonth, Bulletin
from tests.assessments.factories import make_locked_month, make_opened_month, make_rubric, openable, sign, work_week
from tests.assessments.test_bulletins import after
from tests.factories import make_assignment, make_officer, make_station_world, make_user, make_village
from villages.choices import OfficerKind
from xinjin.accounts.roles import Role
from xinjin.audit.models import Event
from xinjin.periods import Month, Quarter

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened():
    return make_opened_month()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def card_url(opened, officer, name="scorecard", **more):
    return reverse(name, kwargs={"key": opened.month.key, "number": officer.number, **more})


def test_officer_sees_his_own_card_only(opened):
    officer, colleague = opened.own.officers
    client = signed_in(officer.user)
    assert client.get(reverse("month_detail", args=[opened.month.key])).url == card_url(opened, officer)
    page = client.get(card_url(opened, officer))
    assert page.status_code == 200
    assert "92.96" in page.content.decode()
    for stranger in (colleague, opened.own.auxiliaries[0], opened.world.foreign.officers[0]):
        assert client.get(card_url(opened, stranger)).status_code == 404
        assert client.get(card_url(opened, stranger, "evidence", code="A1")).status_code == 404
        assert client.get(card_url(opened, stranger, "score_trend")).status_code == 404


def test_station_chief_sees_his_station_only(opened):
    client = signed_in(opened.chief)
    text = client.get(reverse("month_detail", args=[opened.month.key])).content.decode()
    assert all(officer.name in text for officer in (*opened.own.officers, *opened.own.auxiliaries))
    assert not any(officer.name in text for officer in opened.world.foreign.officers)
    assert client.get(card_url(opened, opened.world.foreign.officers[0])).status_code == 404


def test_unit_leader_sees_his_people_wherever_they_work(opened):
    client = signed_in(opened.own.unit_leader.user)
    assert client.get(card_url(opened, opened.own.officers[1])).status_code == 200
    assert client.get(card_url(opened, opened.own.officers[0])).status_code == 404


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_administrators_see_no_score(opened, role):
    client = signed_in(opened.world.users()[role])
    for name in ("month_list", "bulletin_list"):
        assert client.get(reverse(name)).status_code == 403
    assert client.get(card_url(opened, opened.own.officers[0])).status_code == 403


def test_account_without_a_person_sees_nothing(opened):
    client = signed_in(make_user(Role.OFFICER))
    assert client.get(reverse("month_list")).status_code == 200
    assert client.get(card_url(opened, opened.own.officers[0])).status_code == 404
    assert client.get(reverse("month_detail", args=[opened.month.key])).status_code == 404


def test_running_month_is_a_preview_with_the_same_scope():
    make_rubric()
    world, month = make_station_world(), Month.counting(timezone.localdate())
    work_week(world.own.officers[0], world.own.village, month.weeks()[0])
    chief = signed_in(world.own.chief.user)
    text = chief.get(reverse("month_detail", args=[month.key])).content.decode()
    assert world.own.officers[0].name in text
    assert world.foreign.officers[0].name not in text
    officer = signed_in(world.own.officers[0].user)
    own = reverse("scorecard", kwargs={"key": month.key, "number": world.own.officers[0].number})
    assert officer.get(own).status_code == 200
    other = reverse("scorecard", kwargs={"key": month.key, "number": world.own.officers[1].number})
    assert officer.get(other).status_code == 404
    assert not AssessmentMonth.objects.exists()


def test_week_shows_the_score_so_far():
    make_rubric()
    world = make_station_world()
    page = signed_in(world.own.officers[0].user).get(reverse("today"))
    assert page.status_code == 200
    assert reverse("scorecard", args=[Month.counting(timezone.localdate()).key, world.own.officers[0].number]) in (
        page.content.decode()
    )


@pytest.mark.parametrize(
    "key", ["2026-13", "2026-W07", "2026", "1999-01", "abc", "2026-03\x00", "９９９９-０１", "x" * 3000]
)
@pytest.mark.parametrize("name", ["month_detail", "bulletin_detail"])
def test_unknown_key_is_not_found(opened, name, key):
    client = signed_in(opened.world.brigade)
    assert client.get(reverse(name, args=[key])).status_code == 404


def test_future_period_says_so(opened):
    client = signed_in(opened.world.brigade)
    ahead = Month.of(timezone.localdate() + timedelta(days=200))
    for url in (
        reverse("month_detail", args=[ahead.key]),
        reverse("bulletin_detail", args=[Quarter.of(ahead.start).key]),
        reverse("scorecard", args=[ahead.key, opened.own.officers[0].number]),
    ):
        page = client.get(url)
        assert page.status_code == 200
        assert ahead.key[:4] in page.content.decode()


def test_month_without_people_or_rubric_is_empty_not_an_error():
    client = signed_in(make_station_world().brigade)
    assert client.get(reverse("month_detail", args=["2023-05"])).status_code == 200
    assert client.get(reverse("month_detail", args=[openable().key])).status_code == 200


@pytest.mark.parametrize("query", ["station=x", "kind=%00", "text=%00", "page=9999", "page=x", "text=" + "a" * 5000])
def test_garbage_in_the_query_is_no_error(opened, query):
    client = signed_in(opened.world.brigade)
    running = Month.counting(timezone.localdate()).key
    for key in (opened.month.key, running):
        assert client.get(reverse("month_detail", args=[key]) + "?" + query).status_code == 200


def test_evidence_lists_the_visits(opened):
    officer = opened.own.officers[0]
    client = signed_in(officer.user)
    for code in ("A1", "A2", "A3", "A4a", "A6", "A9", "A10", "B1"):
        page = client.get(card_url(opened, officer, "evidence", code=code))
        assert page.status_code == 200
    visit = officer.visits.order_by("visited_on").first()
    text = client.get(card_url(opened, officer, "evidence", code="A2")).content.decode()
    assert reverse("visit_detail", args=[visit.pk]) in text
    assert opened.own.village.households.first().head_name not in text
    assert client.get(card_url(opened, officer, "evidence", code="ZZ")).status_code == 404


def test_trend_is_an_image_without_scripts(opened):
    officer = opened.own.officers[0]
    answer = signed_in(officer.user).get(card_url(opened, officer, "score_trend"))
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"<script" not in answer.content
    assert b"http://www.w3.org/2000/svg" in answer.content


def test_chief_comments_and_signs(opened):
    client = signed_in(opened.chief)
    rows = {row.officer_id: row for row in Assessment.objects.filter(station=opened.own.station)}
    first = rows[opened.own.officers[0].pk]
    foreign = Assessment.objects.filter(station=opened.world.foreign.station).first()
    comments = {f"remark-{first.pk}": "average", f"remark-{foreign.pk}": "poor", "remark-x": "good"}
    client.post(reverse("month_comments", args=[opened.month.key]), comments)
    first.refresh_from_db()
    foreign.refresh_from_db()
    assert (first.remark, foreign.remark) == ("average", "")
    blocked = client.post(reverse("month_sign", args=[opened.month.key]), {"remark": "属实"})
    assert blocked.status_code == 200
    assert not opened.row.signatures.exists()
    client.post(reverse("month_comment_rest", args=[opened.month.key]), {"remark": "good"})
    done = client.post(reverse("month_sign", args=[opened.month.key]), {"remark": "属实"})
    assert done.url == reverse("month_detail", args=[opened.month.key])
    assert opened.row.signatures.get().signed_by == opened.chief
    first.refresh_from_db()
    assert (first.remark, first.state) == ("average", AssessmentState.SIGNED)


def test_sign_after_late_records_shows_them_first(opened):
    client = signed_in(opened.chief)
    client.post(reverse("month_comment_rest", args=[opened.month.key]), {"remark": "good"})
    work_week(opened.own.officers[1], opened.own.villages[1], opened.month.weeks()[0])
    url = reverse("month_sign", args=[opened.month.key])
    assert client.post(url, {}).url == url
    assert not opened.row.signatures.exists()
    client.post(url, {})
    assert opened.row.signatures.exists()


def test_unknown_comment_is_refused(opened):
    client = signed_in(opened.chief)
    row = opened.card(opened.own.officers[0])
    client.post(reverse("month_comments", args=[opened.month.key]), {f"remark-{row.pk}": "superb"})
    client.post(reverse("month_comment_rest", args=[opened.month.key]), {"remark": "superb"})
    assert not Assessment.objects.exclude(remark="").exists()


def test_brigade_returns_and_locks(opened):
    client = signed_in(opened.world.brigade)
    lock = reverse("month_lock", args=[opened.month.key])
    assert opened.own.station.name in client.get(lock).content.decode()
    assert client.post(lock).status_code == 200
    for side in (opened.world.own, opened.world.foreign):
        sign(opened, side)
    station = opened.own.station
    client.post(reverse("month_return", args=[opened.month.key]), {"station": station.code, "reason": ""})
    assert opened.row.signatures.count() == 2
    client.post(reverse("month_return", args=[opened.month.key]), {"station": station.code, "reason": "评议过宽"})
    assert opened.row.signatures.count() == 1
    sign(opened, opened.own)
    assert client.post(lock).url == reverse("month_detail", args=[opened.month.key])
    opened.row.refresh_from_db()
    assert opened.row.locked_by == opened.world.brigade


@pytest.mark.parametrize(
    ("name", "role", "status"),
    [
        ("month_lock", Role.STATION_CHIEF, 403),
        ("month_lock", Role.OFFICER, 403),
        ("month_sign", Role.BRIGADE, 403),
        ("month_sign", Role.STATION_CLERK, 403),
        ("month_comments", Role.STATION_CLERK, 403),
        ("month_comment_rest", Role.UNIT_LEADER, 403),
        ("month_return", Role.STATION_CHIEF, 403),
        ("month_open", Role.STATION_CHIEF, 403),
        ("month_open", Role.INSPECTORATE, 403),
        ("month_lock", Role.SYSTEM_ADMIN, 404),
    ],
)
def test_act_of_another_role_is_refused(opened, name, role, status):
    client = signed_in(opened.world.users()[role])
    assert client.post(reverse(name, args=[opened.month.key]), {"remark": "good"}).status_code == status


def test_brigade_opens_a_month():
    make_rubric()
    world = make_station_world()
    client = signed_in(world.brigade)
    assert client.post(reverse("month_open", args=[openable().key])).url == reverse(
        "month_detail", args=[openable().key]
    )
    running = Month.counting(timezone.localdate())
    assert client.post(reverse("month_open", args=[running.key])).url == reverse("month_list")
    assert AssessmentMonth.objects.count() == 1


def test_month_download_has_the_rows_of_the_page_and_is_noted(opened):
    client = signed_in(opened.chief)
    for file_format in ("csv", "xlsx", "docx", "pdf"):
        answer = client.get(reverse("month_download", args=[opened.month.key, file_format]))
        assert answer.status_code == 200
    text = client.get(reverse("month_download", args=[opened.month.key, "csv"])).content.decode("utf-8-sig")
    assert opened.own.officers[0].name in text
    assert opened.world.foreign.officers[0].name not in text
    assert Event.objects.filter(action="download", subject_id=opened.month.key).count() == 5
    assert client.get(reverse("month_download", args=[opened.month.key, "exe"])).status_code == 404
    assert client.get(reverse("month_download", args=["2023-01", "csv"])).status_code == 404


def test_list_pages_take_the_same_queries_for_few_and_many(opened):
    client = signed_in(opened.world.brigade)
    running = Month.counting(timezone.localdate()).key

    def counts():
        found = []
        for url in (
            reverse("month_list"),
            reverse("month_detail", args=[opened.month.key]),
            reverse("month_detail", args=[running]),
            reverse("admin:assessments_assessment_changelist"),
        ):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            found.append(len(captured))
        return found

    client.get(reverse("month_list"))
    few = counts()
    template = opened.card(opened.own.officers[0])
    for _ in range(30):
        officer = make_officer(kind=OfficerKind.LIAISON, unit=opened.own.business_unit)
        make_assignment(make_village(station=opened.own.station), officer)
        template.pk, template.officer = None, officer
        template.save()
    assert counts() == few


def test_bulletin_from_draft_to_download():
    locked = make_locked_month()
    quarter = Quarter.of(locked.month.start)
    with after(quarter):
        brigade, bureau = signed_in(locked.world.brigade), signed_in(locked.world.bureau)
        detail = reverse("bulletin_detail", args=[quarter.key])
        assert bureau.get(detail).status_code == 404
        assert brigade.get(detail).status_code == 200
        brigade.post(reverse("bulletin_draw_up", args=[quarter.key]))
        draft = Bulletin.objects.get()
        pdf = reverse("bulletin_download", args=[quarter.key, "pdf"])
        assert brigade.get(pdf).status_code == 200
        assert bureau.get(pdf).status_code == 404
        assert bureau.get(detail).status_code == 404
        assert bureau.post(reverse("bulletin_issue", args=[quarter.key]), {"number": "1号"}).status_code == 404
        brigade.post(reverse("bulletin_issue", args=[quarter.key]), {"number": ""})
        draft.refresh_from_db()
        assert draft.state == BulletinState.DRAFT
        brigade.post(reverse("bulletin_issue", args=[quarter.key]), {"number": "新公社警〔2026〕1号"})
        draft.refresh_from_db()
        assert draft.state == BulletinState.ISSUED
        for file_format in ("xlsx", "pdf", "docx", "csv"):
            answer = bureau.get(reverse("bulletin_download", args=[quarter.key, file_format]))
            assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store, private")
        assert Event.objects.filter(action="download", actor_id=locked.world.bureau.pk).count() == 4
        assert bureau.get(detail).status_code == 200
        assert bureau.get(detail + "?version=9").status_code == 404
        assert bureau.post(reverse("bulletin_draw_up", args=[quarter.key])).status_code == 403
        assert bureau.post(reverse("bulletin_issue", args=[quarter.key]), {"number": "2号"}).status_code == 403
        assert bureau.get(reverse("bulletin_download", args=[quarter.key, "exe"])).status_code == 404
        brigade.post(reverse("bulletin_draw_up", args=[quarter.key]))
        assert Bulletin.objects.count() == 1
        brigade.post(reverse("bulletin_draw_up", args=[quarter.key]), {"reason": "更正"})
        assert Bulletin.objects.count() == 2
        assert brigade.get(reverse("bulletin_list")).status_code == 200


def test_broken_seal_is_shown_and_nothing_downloaded(opened):
    quarter = Quarter(2021, 1)
    Bulletin.objects.create(
        quarter=quarter.key,
        state=BulletinState.ISSUED,
        number="1号",
        snapshot={"quarter": quarter.key},
        sha256="0" * 64,
        drawn_up_at=timezone.now(),
        issued_at=timezone.now(),
    )
    client = signed_in(opened.world.bureau)
    assert client.get(reverse("bulletin_detail", args=[quarter.key])).status_code == 200
    answer = client.get(reverse("bulletin_download", args=[quarter.key, "pdf"]))
    assert answer.status_code == 409
    assert not Event.objects.filter(action="download").exists()
    assert not bulletins.is_intact(Bulletin.objects.get())


def test_admin_is_read_only_and_scoped(opened):
    client = signed_in(opened.chief)
    listing = client.get(reverse("admin:assessments_assessment_changelist")).content.decode()
    assert opened.own.officers[0].name in listing
    assert opened.world.foreign.officers[0].name not in listing
    row = opened.card(opened.own.officers[0])
    page = client.get(reverse("admin:assessments_assessment_change", args=[row.pk]))
    assert page.status_code == 200
    assert card_url(opened, opened.own.officers[0], "evidence", code="A2") in page.content.decode()
    assert client.post(reverse("admin:assessments_assessment_change", args=[row.pk]), {"score": 100}).status_code == 403
    acted = client.post(
        reverse("admin:assessments_assessment_changelist"), {"action": "sign", "_selected_action": [row.pk]}
    )
    assert acted.url == reverse("month_sign", args=[opened.month.key])
    rubric = reverse("admin:assessments_rubric_change", args=[opened.row.rubric_id])
    assert client.get(rubric).status_code == 200


def test_api_reads_the_same_rows():
    opened = make_opened_month()
    if not any("assessment" in str(pattern.pattern) for pattern in _api_patterns()):
        pytest.skip("the API router has no routes of this app yet")
    officer = opened.own.officers[0]
    rows = signed_in(officer.user).get("/api/v1/assessments/").json()["results"]
    assert [row["officer"] for row in rows] == [officer.number]
    foreign = opened.card(opened.world.foreign.officers[0])
    assert signed_in(officer.user).get(f"/api/v1/assessments/{foreign.pk}/").status_code == 404
    assert signed_in(opened.world.bureau).get("/api/v1/bulletins/").json()["count"] == 0


def _api_patterns():
    from xinjin.urls import api

    return api.urls
