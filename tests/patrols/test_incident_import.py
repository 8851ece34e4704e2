"""Incident counts from a spreadsheet: a row for a village and week, ten records; mistakes, corrections, reruns (R8)."""

from datetime import date

import pytest

from patrols.choices import IncidentCategory
from patrols.imports import INCIDENTS
from patrols.models import IncidentCount
from tests.factories import make_station_world
from tests.villages.tables import address, labels, lines_of, send, workbook
from tests.villages.test_imports import checked, confirm, counts, imported, mistakes
from villages.imports import running
from xinjin.audit.models import Event
from xinjin.jobs import runs
from xinjin.jobs.models import JobState

pytestmark = pytest.mark.django_db
ALL = len(IncidentCategory)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def world():
    return make_station_world()


@pytest.fixture
def brigade(world, client):
    client.force_login(world.brigade)
    return client


def line(village, week, *numbers, name="", total="") -> list:
    return [village.code, name or village.name, week, *numbers, *[""] * (ALL - len(numbers)), total]


def stored(village, day: date) -> dict[str, int]:
    rows = IncidentCount.objects.filter(village=village, starts_on=day)
    return {row.category: row.count for row in rows if row.count}


def test_template_has_a_column_for_each_category_and_says_how(brigade):
    sent = brigade.get(address(INCIDENTS, "import_template")).content
    heads = lines_of(sent)[0]
    assert heads == [
        "村（社区）*", "村（社区）名称", "周*", *(str(each.label) for each in IncidentCategory), "合计",
    ]  # fmt: skip
    assert "必须保留" in str(lines_of(sent, 1))


def test_round_trip_with_a_correction_that_is_recorded(world, brigade):
    village, other = world.own.villages
    lines = [line(village, "2026-W07", 2, "", "１"), line(other, date(2026, 2, 9), total=0)]
    imported(brigade, INCIDENTS, lines)
    assert (stored(village, date(2026, 2, 9)), stored(other, date(2026, 2, 9))) == ({"theft": 2, "fight": 1}, {})
    assert IncidentCount.objects.count() == 2 * ALL  # a quiet week is known to be quiet
    told = Event.objects.filter(action="import", subject_type="patrols.incidentcount").order_by("pk")
    assert [event.detail["counts"] for event in told] == [{"theft": 2, "fight": 1}, {}]
    events = Event.objects.count()
    send(brigade, INCIDENTS, workbook([labels(INCIDENTS), *lines]))
    assert counts() == (0, 0, 2 * ALL)
    confirm(brigade, INCIDENTS)
    assert Event.objects.count() == events + 2  # only that a file was checked and handed over
    send(brigade, INCIDENTS, workbook([labels(INCIDENTS), line(village, "2026年第7周", 3, "", 1)]))
    shown = [(row["column"], row["old"], row["new"]) for row in checked().report["changes"]]
    assert (counts(), shown) == ((0, 1, ALL - 1), [("盗窃", "2", "3")])
    assert stored(village, date(2026, 2, 9))["theft"] == 2  # still only looked at
    confirm(brigade, INCIDENTS)
    changed = Event.objects.get(action="change", subject_type="patrols.incidentcount")
    assert changed.detail["changes"]["count"] == [2, 3]
    assert stored(village, date(2026, 2, 9))["theft"] == 3


def test_every_mistake_is_told_at_its_cell_and_nothing_is_written(world, brigade):
    village, other = world.own.villages
    lines = [
        line(village, "2026-W07", 1),
        line(village, date(2026, 2, 9), 1),
        line(village, "2026-W54"),
        line(village, "2026-02-10"),
        line(village, "2091-W07"),
        line(village, "2019-W07"),
        line(village, "2026-W08", "-1", "1.5", "很多"),
        line(village, "2026-W09", 1, name="别的村"),
        line(village, "2026-W10", 1, 2, total=4),
        line(other, "", 1),
        ["没有的村", "", "2026-W07"],
    ]
    send(brigade, INCIDENTS, workbook([labels(INCIDENTS), *lines]))
    whole = "应填写整数，如 120。"
    assert mistakes() == [
        (3, "村（社区）", village.code, "与工作表“表1”第 2 行重复。"),
        (4, "周", "2026-W54", "没有这一周。"),
        (5, "周", "2026-02-10", "该日期不是星期一。"),
        (6, "周", "2091-W07", "该周尚未结束。"),
        (7, "周", "2019-W07", "该周尚无此村（社区）。"),
        (8, "盗窃", "-1", whole),
        (8, "电信网络诈骗", "1.5", whole),
        (8, "打架伤害", "很多", whole),
        (9, "村（社区）名称", "别的村", f"该代码对应的村（社区）为“{village.name}”。"),
        (10, "合计", "4", "各类之和为 3。"),
        (11, "周", "", "必须填写。"),
        (12, "村（社区）", "没有的村", "在您可选择的范围内没有此村（社区）。"),
    ]
    assert not IncidentCount.objects.exists()


def test_a_column_that_is_missing_is_not_taken_for_zero(world, brigade):
    heads = [label for label in labels(INCIDENTS) if label != "盗窃"]
    page = send(brigade, INCIDENTS, workbook([heads, line(world.own.village, "2026-W07")[:-1]]))
    assert "缺少" in page.content.decode()
    assert "盗窃" in page.content.decode()


def test_large_file_is_a_job(world, brigade, monkeypatch):
    monkeypatch.setattr(running, "ROWS_AT_ONCE", 1)
    lines = [line(world.own.village, f"2026-W{number:02}", number) for number in range(1, 9)]
    send(brigade, INCIDENTS, workbook([labels(INCIDENTS), *lines]))
    assert checked().state == JobState.QUEUED
    runs.perform(checked().pk)
    confirm(brigade, INCIDENTS)
    runs.perform(running.import_of(checked()).pk)
    assert sum(row.count for row in IncidentCount.objects.all()) == sum(range(1, 9))


def test_station_may_not_import(world, client):
    client.force_login(world.own.clerk.user)
    assert client.get(address(INCIDENTS, "import")).status_code == 403
