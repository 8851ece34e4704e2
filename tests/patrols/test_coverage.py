"""The coverage wall: what each cell says, that totals are the sums of what is shown, and who sees which villages."""

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from patrols.choices import ActivityKind
from patrols.coverage import build
from patrols.models import Activity, BaseInfoChange, Case
from patrols.tallies import Tally
from patrols.wall import CellState, total
from tests.factories import make_assignment, make_officer, make_station_side, make_station_world, make_village
from tests.patrols.factories import make_visit
from tests.patrols.test_base_info import change
from tests.patrols.test_cases import dispute
from villages.choices import AbsenceKind, OfficerKind
from villages.models import Absence, Village
from xinjin.periods import Month, Quarter, Span, Week

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
LAST = Week(2026, 47)
EVERY = (ActivityKind.SCREENING, ActivityKind.BRIEFING, ActivityKind.GROUP_PATROL)


def visit(assignment, day, *kinds):
    made = make_visit(assignment.officer, assignment.village, visited_on=day)
    for kind in kinds:
        Activity.objects.create(
            visit=made, visited_on=made.visited_on, kind=kind, nothing_found=kind == ActivityKind.SCREENING
        )
    return made


def held(**fields):
    return make_assignment(make_village(), make_officer(), **fields)


def cell(village, week, *, today=TODAY):
    return build(Village.objects.filter(pk=village.pk), week, today=today).rows[0].cells[0]


def test_week_with_every_duty_is_met():
    assignment = held()
    visit(assignment, date(2026, 11, 17), *EVERY)
    found = cell(assignment.village, LAST)
    assert (found.state, found.lacking, found.done) == (CellState.MET, (), (1, 1, 1, 1))


def test_week_lacking_a_duty_is_partial_and_names_it():
    assignment = held()
    visit(assignment, date(2026, 11, 17), ActivityKind.SCREENING, ActivityKind.GROUP_PATROL)
    found = cell(assignment.village, LAST)
    assert found.state == CellState.PARTIAL
    assert [duty.code for duty in found.lacking] == ["briefing"]
    assert str(found.lacking[0].lacking) in found.words


def test_week_without_visit_is_missed():
    assert cell(held().village, LAST).state == CellState.MISSED


def test_returned_visit_does_not_count():
    assignment = held()
    visit(assignment, date(2026, 11, 17), *EVERY).__class__.objects.update(state="returned")
    assert cell(assignment.village, LAST).state == CellState.MISSED


def test_week_of_holidays_is_excused_with_its_reason():
    found = cell(held().village, Week(2026, 8))
    assert found.state == CellState.EXCUSED
    assert found.reason


def test_absence_excuses_the_week_by_its_kind():
    assignment = held()
    Absence.objects.create(officer=assignment.officer, kind=AbsenceKind.ILLNESS, start_on=LAST.start, end_on=LAST.end)
    found = cell(assignment.village, LAST)
    assert (found.state, found.reason) == (CellState.EXCUSED, str(AbsenceKind.ILLNESS.label))


def test_village_without_officer_is_a_gap():
    assert cell(make_village(), LAST).state == CellState.GAP
    ended = held(end_on=date(2026, 11, 17))
    assert cell(ended.village, LAST).state == CellState.GAP


def test_gap_of_today_shows_at_once():
    ended = held(end_on=date(2026, 11, 24))
    week = Week(2026, 48)
    assert cell(ended.village, week, today=date(2026, 11, 24)).state == CellState.EXCUSED
    assert cell(ended.village, week, today=date(2026, 11, 25)).state == CellState.GAP


def test_village_that_has_ended_lacks_nobody():
    ended = held(end_on=date(2026, 11, 24))
    Village.objects.filter(pk=ended.village_id).update(valid_to=date(2026, 11, 24))
    week = Week(2026, 48)
    for today in (date(2026, 11, 25), date(2026, 12, 1)):
        found = cell(ended.village, week, today=today)
        assert (found.state, found.reason) == (CellState.EXCUSED, "本村在此周内设立或撤并")
    assert not build(Village.objects.filter(pk=ended.village_id), Week(2026, 49), today=date(2026, 12, 1)).rows


def test_running_week_is_owed_only_as_far_as_it_is_met():
    assignment = held()
    week = Week(2026, 48)
    assert cell(assignment.village, week).tally == Tally(0, 0)
    visit(assignment, TODAY, *EVERY)
    assert cell(assignment.village, week).tally == Tally(1, 1)


def test_week_to_come_is_not_begun():
    assert cell(held().village, Week(2026, 49)).state == CellState.FUTURE


def test_hand_over_counts_what_both_did():
    village = make_village()
    first = make_assignment(village, make_officer(), end_on=date(2026, 11, 17))
    make_assignment(village, make_officer(), date(2026, 11, 18))
    visit(first, date(2026, 11, 17), *EVERY)
    assert cell(village, LAST).state == CellState.MET


def test_totals_are_the_sums_of_the_cells():
    for number in range(4):
        assignment = held()
        for week in Month(2026, 10).weeks()[number:]:
            visit(assignment, week.start, *EVERY[: number + 1])
    make_village()
    wall = build(Village.objects.all(), Quarter(2026, 4), today=TODAY)
    cells = [found for row in wall.rows for found in row.cells]
    assert wall.tally == total(cells)
    assert sum(wall.by_week, Tally(0, 0)) == wall.tally
    assert sum((row.tally for row in wall.rows), Tally(0, 0)) == wall.tally
    assert sum((part.tally for part in wall.by_station().values()), Tally(0, 0)) == wall.tally
    assert 0 < wall.tally.done < wall.tally.owed


@pytest.mark.parametrize("span", [Week(2026, 47), Quarter(2026, 4), Span(date(2026, 1, 1), date(2026, 12, 31))])
def test_wall_takes_a_constant_number_of_queries(span):
    visit(held(), date(2026, 11, 17), *EVERY)
    with CaptureQueriesContext(connection) as one:
        build(Village.objects.all(), span, today=TODAY)
    for _number in range(29):
        visit(held(), date(2026, 11, 18), *EVERY)
    with CaptureQueriesContext(connection) as thirty:
        build(Village.objects.all(), span, today=TODAY)
    assert len(one) == len(thirty) <= 12


@pytest.fixture
def world():
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=False):
        yield make_station_world()


def test_page_shows_own_villages_only(client, world):
    client.force_login(world.own.chief.user)
    text = client.get("/coverage/?period=2026-Q4").content.decode()
    assert world.own.villages[0].code in text
    assert world.foreign.villages[0].code not in text
    client.force_login(world.brigade)
    assert world.foreign.villages[0].code in client.get("/coverage/").content.decode()


@pytest.mark.parametrize("key", ["2026-W47", "2026-11", "2026-Q4", "2026-H2", "2026"])
def test_page_takes_every_kind_of_period(client, world, key):
    client.force_login(world.brigade)
    assert client.get("/coverage/", {"period": key}).status_code == 200


@pytest.mark.parametrize("key", ["2026-W54", "2026-13", "x", "\x00", "9" * 5000, "2026-W"])
def test_unknown_period_is_not_found(client, world, key):
    client.force_login(world.brigade)
    assert client.get("/coverage/", {"period": key}).status_code == 404


def test_period_to_come_says_so(client, world):
    client.force_login(world.brigade)
    response = client.get("/coverage/?period=2027-Q1")
    assert response.status_code == 200
    assert "2027-01-01" in response.content.decode()


def test_garbage_in_filters_is_no_error(client, world):
    client.force_login(world.brigade)
    for query in ({"station": "\x00"}, {"state": "nonsense"}, {"station": "9" * 3000}, {"format": "exe"}):
        assert client.get("/coverage/", query).status_code in (200, 404)


def test_administrators_see_no_wall(client, world):
    client.force_login(world.sysadmin)
    assert client.get("/coverage/").status_code == 403


def test_cell_page_names_what_is_missing(client, world):
    client.force_login(world.own.chief.user)
    village = world.own.villages[0]
    response = client.get(f"/coverage/{village.code}/2026-W47/")
    lacking = response.context["cell"].lacking
    assert len(lacking) == 4
    assert all(str(duty.lacking) in response.content.decode() for duty in lacking)


def test_cell_of_a_foreign_village_is_not_found(client, world):
    client.force_login(world.own.officers[0].user)
    assert client.get(f"/coverage/{world.foreign.village.code}/2026-W47/").status_code == 404
    assert client.get(f"/coverage/{world.own.village.code}/2026-W99/").status_code == 404
    assert client.get(f"/coverage/{world.own.village.code}/2026-03/").status_code == 404
    assert client.get("/coverage/%00/2026-W47/").status_code == 404
    assert client.get(f"/coverage/{world.own.village.code}/2026-W50/").status_code == 200


def test_downloads_hold_the_totals_of_the_page(client, world):
    assignment = world.own.village.assignments.get(slot="officer")
    visit(assignment, date(2026, 11, 17), *EVERY)
    client.force_login(world.own.chief.user)
    wall = client.get("/coverage/?period=2026-W47").context["wall"]
    xlsx = client.get("/coverage/?period=2026-W47&format=xlsx")
    sheet = load_workbook(BytesIO(xlsx.content)).active
    last = [row for row in sheet.iter_rows(values_only=True) if row[3] == f"{wall.tally.done}/{wall.tally.owed}"]
    assert last[0][4:6] == (wall.tally.done, wall.tally.owed) == (1, 2)
    text = client.get("/coverage/?period=2026-W47&format=csv").content.decode("utf-8-sig")
    assert [row for row in csv.reader(StringIO(text)) if row[3:6] == ["1/2", "1", "2"]]


def rows_of(client, url: str) -> int:
    context = client.get(url).context
    return context["page_obj"].paginator.count if "page_obj" in context else len(context["lines"])


def test_overview_tiles_open_as_many_rows_as_they_say(client, world):
    Village.objects.filter(pk=world.own.villages[1].pk).get().assignments.filter(slot="officer").update(
        end_on=date(2026, 11, 20)
    )
    visit(world.own.village.assignments.get(slot="officer"), TODAY, *EVERY)
    late, red = dispute(world.own), dispute(world.own, level="red")
    Case.objects.filter(pk__in=(late.pk, red.pk)).update(due_on=TODAY - timedelta(days=1))
    change(world.own)
    BaseInfoChange.objects.update(due_on=TODAY - timedelta(days=1))
    client.force_login(world.brigade)
    page = client.get("/overview/").context
    visits, _coverage, *tiles = page["tiles"]
    shown = [visits, *tiles, *page["council_tiles"], *page["gap_tiles"]]
    assert [tile.value for tile in shown] == [str(rows_of(client, tile.url)) for tile in shown]
    values = {str(tile.label): int(tile.value) for tile in shown}
    assert [values[label] for label in ("本周走访", "超期事项", "红色事项", "一标三实逾期未转办")] == [1, 2, 1, 1]
    assert all(values[label] for label in ("无矛盾纠纷排查", "纠纷周告知未送两委", "逾期未交报告"))
    assert [tile.value for tile in page["gap_tiles"]] == ["1", "0", "0", "1", "1"]


def test_overview_is_for_supervisors(client, world):
    client.force_login(world.own.officers[0].user)
    assert client.get("/overview/").status_code == 403
    assert client.get("/overview/coverage.svg").status_code == 403
    assert client.get("/reports/overdue/").status_code == 403


def test_chart_has_no_script_and_no_outside_address(client, world):
    client.force_login(world.brigade)
    response = client.get("/overview/coverage.svg")
    text = response.content.decode()
    assert response["Content-Type"] == "image/svg+xml"
    assert "<script" not in text
    assert "Microsoft YaHei" in text
    assert "http" not in text.replace("http://www.w3.org/", "").replace("http://pygal.org", "").replace(
        "http://github.com/Kozea/pygal", ""
    )


def test_overview_takes_a_constant_number_of_queries(client, world):
    client.force_login(world.brigade)
    client.get("/overview/")
    with CaptureQueriesContext(connection) as few:
        client.get("/overview/")
    for _number in range(29):
        side_officer = make_officer(kind=OfficerKind.LIAISON)
        visit(make_assignment(make_village(station=world.own.station), side_officer), TODAY, *EVERY)
    make_station_side()
    with CaptureQueriesContext(connection) as many:
        client.get("/overview/")
    assert len(few) == len(many)


def test_village_page_shows_its_last_eight_weeks(client, world):
    visit(world.own.village.assignments.get(slot="officer"), date(2026, 11, 17), *EVERY)
    client.force_login(world.own.officers[0].user)
    response = client.get(f"/villages/{world.own.village.code}/")
    assert f"/coverage/{world.own.village.code}/2026-W41/" in response.content.decode()
    assert f"/coverage/{world.own.village.code}/2026-W48/" in response.content.decode()
