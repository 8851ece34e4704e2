"""A table from a station: every mistake at once, the error file corrected and sent again, a rerun that adds nothing."""

import io
import zipfile
from datetime import date, timedelta
from uuid import uuid4

import openpyxl
import pytest

from tests.factories import make_household, make_officer, make_user, make_village
from tests.villages.tables import address, labels, lines_of, read, saved, send, workbook
from tests.villages.test_import_files import HOSTILE
from villages.choices import OfficerKind, OfficerState
from villages.imports import running
from villages.imports.applying import carry_out
from villages.imports.kinds import CONTACTS, HOUSEHOLDS, KINDS, OFFICERS, VILLAGES
from villages.models import Household, Officer, VillageContact
from villages.roster import save_household
from xinjin.accounts.roles import Role
from xinjin.audit.models import Event
from xinjin.jobs import runs
from xinjin.jobs.models import JobRun, JobState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def clerk(world, client):
    """A browser of the own station's clerk."""
    client.force_login(world.own.clerk.user)
    return client


def checked() -> JobRun:
    """The dry run begun last."""
    return JobRun.objects.filter(kind=running.CHECK).latest("started_at")


def mistakes() -> list[tuple[int, str, str, str]]:
    """(row, column, value, reason) of everything that is wrong in the file sent last."""
    return [(row["row"], row["column"], row["value"], row["reason"]) for row in checked().report["mistakes"]]


def confirm(client, kind):
    """Imports what the dry run has shown."""
    return client.post(address(kind, "import_check", checked().pk), follow=True)


def counts() -> tuple[int, int, int]:
    """New, changed and the same, of the file sent last."""
    report = checked().report
    return report["new"], report["changed"], report["same"]


def imported(client, kind, lines) -> None:
    """A table without mistakes is sent and confirmed."""
    send(client, kind, workbook([labels(kind), *lines]))
    assert mistakes() == []
    confirm(client, kind)


def test_error_file_is_corrected_and_imported_and_a_rerun_changes_nothing(world, clerk):
    village, foreign = world.own.village, world.foreign.village
    stored = make_household(village, address="1组1号", head_name="李伟", phone="13900000001")
    lines = [
        [village.code, "1组1号", "李　伟", "１３９００００００２２", "独居老人、出租房"],
        ["", "1组2号", "王芳", "", ""],
        ["没有的村", "1组3号", "", "", "富人"],
        [foreign.code, "1组4号", "赵云", "", ""],
        [village.name, "长" * 101, "孙权", "", ""],
        [village.name, "1组6号", "周瑜", "=1+1", ""],
        [village.code, "1组1号", "李伟", "", ""],
        [village.code, "1组8号", "曾国", "", "", "备忘"],
        [village.code, "1组9号", "#REF!", "abc", ""],
        [village.code, "1组10号", "𠮷䶮", "", "独居老人"],
    ]
    send(clerk, HOUSEHOLDS, workbook([["住户名册"], labels(HOUSEHOLDS), *lines]))
    refused = "在您可选择的范围内没有此村（社区）。"
    assert mistakes() == [
        (4, "村（社区）", "", "必须填写。"),
        (5, "村（社区）", "没有的村", refused),
        (5, "户主", "", "必须填写。"),
        (5, "标签", "富人", "无法识别：富人。可填：独居老人、留守儿童、困难家庭、出租房、门店作坊。"),
        (6, "村（社区）", foreign.code, refused),
        (7, "地址", "长" * 60 + "…", "确保该变量包含不超过 100 字符 (目前字符数 101)。"),
        (8, "电话", "=1+1", "这是公式，请填写其数值。"),
        (9, "地址", "1组1号", "与工作表“表1”第 3 行重复。"),
        (10, "", "", "“备忘”所在的列没有列名。"),
        (11, "户主", "#REF!", "这是 Excel 的错误值，请填写正确内容。"),
        (11, "电话", "abc", "电话只能是数字，前面可加“+”，中间可用空格或“-”。"),
    ]
    assert Household.objects.count() == 1
    response = clerk.get(f"/jobs/{checked().pk}/result/")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    sheet = book.active
    for cell, value in {
        "A4": village.code, "A5": village.code, "C5": "马超", "E5": "", "A6": village.code, "B7": "1组5号",
        "D8": "", "B9": "1组7号", "F10": "", "C11": "陈红", "D11": "",
    }.items():  # fmt: skip
        sheet[cell] = value
    send(clerk, HOUSEHOLDS, saved(book))
    assert mistakes() == []
    assert counts() == (9, 1, 0)
    shown = [(row["column"], row["old"], row["new"]) for row in checked().report["changes"]]
    assert shown == [("电话", "13900000001", "13900000022"), ("标签", "—", "独居老人、出租房")]
    assert Household.objects.count() == 1  # still only looked at
    assert "导入完成：新增 9 条，变更 1 条，相同 0 条。" in confirm(clerk, HOUSEHOLDS).content.decode()
    stored.refresh_from_db()
    assert (stored.phone, stored.tags, Household.objects.count()) == ("13900000022", ["living_alone", "rented"], 10)
    assert Household.objects.get(address="1组8号").pinyin == "zengguo"
    assert Event.objects.filter(subject_type="villages.household").count() == 10
    events = Event.objects.count()
    send(clerk, HOUSEHOLDS, saved(book))
    assert counts() == (0, 0, 10)
    assert (
        "新增 0 条，变更 0 条，相同 10 条。"
        in clerk.get(address(HOUSEHOLDS, "import_check", checked().pk)).content.decode()
    )
    confirm(clerk, HOUSEHOLDS)
    assert Household.objects.count() == 10
    assert Event.objects.count() == events + 2  # only that a file was checked and handed over


def test_what_is_imported_is_what_the_verbs_would_have_made(world, clerk):
    """The rules of roster.py hold for many rows at once."""
    by_hand = Household(village=world.own.village, address="1号", head_name="单雄信", tags=["shop"])
    save_household(by_hand, by=world.own.clerk.user)
    imported(clerk, HOUSEHOLDS, [[world.own.village.code, "2号", "单雄信", "", "门店作坊"]])
    other = Household.objects.get(address="2号")
    for name in ("pinyin", "initials", "tags", "phone", "village_id"):
        assert getattr(other, name) == getattr(by_hand, name)
    first, second = (Event.objects.about(Household, row.pk).get() for row in (by_hand, other))
    assert (first.action, first.actor_id, first.detail["changes"].keys()) == (
        second.action,
        second.actor_id,
        second.detail["changes"].keys(),
    )


def officer_line(officer: Officer, **changes) -> list:
    values = {
        "number": officer.number, "name": officer.name, "kind": officer.get_kind_display(), "unit": officer.unit.name,
        "post": officer.post, "phone": officer.phone, "party": "", "state": "", **changes,
    }  # fmt: skip
    return list(values.values())


def test_officers_keep_the_rules_of_the_roster(world, clerk):
    holder = world.own.auxiliaries[0]
    account = make_user(username="A0001")
    send(
        clerk,
        OFFICERS,
        workbook(
            [
                labels(OFFICERS),
                officer_line(holder, state="调离"),
                officer_line(world.own.auxiliaries[1], kind="包村民警"),
                officer_line(world.foreign.officers[0]),
                ["A0001", "解放", "包村辅警", world.foreign.station.name],
                ["A 0002", "仇英", "包村辅警", world.own.station.code, "", "", "是", ""],
                ["甲一", "解放", "包村辅警", world.own.station.name],
            ]
        ),
    )
    found = mistakes()
    assert [(row, column) for row, column, _value, _reason in found] == [
        (2, "状态"), (3, "类别"), (4, "单位"), (5, "单位"), (7, "编号")
    ]  # fmt: skip
    assert world.own.villages[0].name in found[0][3]
    imported(
        clerk,
        OFFICERS,
        [
            ["A0001", "解放", "包村辅警", world.own.station.name],
            ["A 0002", "仇英", "包村辅警", world.own.station.code, "", "", "是", ""],
        ],
    )
    first, second = Officer.objects.get(number="A0001"), Officer.objects.get(number="A0002")
    assert (first.user, first.pinyin, first.is_party_member) == (account, "xiefang", False)
    assert (second.user, second.pinyin, second.is_party_member) == (None, "qiuying", True)
    imported(clerk, OFFICERS, [["A0002", "仇英", "包村辅警", world.own.station.code, "", "", "", ""]])
    assert counts() == (0, 0, 1)  # an empty cell leaves what must not be empty as it is


def test_zeros_that_excel_has_eaten_are_found_again(world, clerk):
    make_officer(number="007001", name="李伟", unit=world.own.station, kind=OfficerKind.AUXILIARY)
    imported(clerk, OFFICERS, [[7001, "李伟", "包村辅警", world.own.station.name, "组长"]])
    assert counts() == (0, 1, 0)
    assert Officer.objects.get(number="007001").post == "组长"


def test_foreign_people_are_neither_changed_nor_shown(world, clerk):
    stranger = world.foreign.auxiliaries[0]
    stranger.phone = "13911112222"
    stranger.save()
    send(
        clerk, OFFICERS, workbook([labels(OFFICERS), officer_line(stranger, unit=world.own.station.name, phone="110")])
    )
    assert mistakes() == [(2, "编号", stranger.number, "此记录不属于您的管理范围，不能修改。")]
    assert "13911112222" not in str(checked().report)


def test_clerk_changes_of_a_village_only_what_he_may(world, clerk, client):
    own, foreign = world.own.village, world.foreign.village
    head = [column.label for column in VILLAGES.columns]

    def line(village, **changes):
        values = {
            "code": village.code, "name": village.name, "official": "", "kind": village.get_kind_display(),
            "township": village.township.name, "station": village.station.name, "address": "", "total": "",
            "people": "",
            "valid_from": village.valid_from, "valid_to": "", **changes,
        }  # fmt: skip
        return list(values.values())

    new = line(own, code="510132009999", name="新村")
    lines = [line(own, total=812, valid_from="2020-06-02"), line(foreign), new]
    send(clerk, VILLAGES, workbook([head, *lines]))
    found = [(row, column) for row, column, _value, _reason in mistakes()]
    assert found == [(2, "设立日期"), (3, "派出所"), (4, "代码")]
    imported(clerk, VILLAGES, [line(own, total="８１２")])
    own.refresh_from_db()
    assert own.household_total == 812
    client.force_login(world.brigade)
    imported(client, VILLAGES, [line(own, total=812, valid_to="2030-12-31"), new])
    own.refresh_from_db()
    assert own.valid_to == date(2030, 12, 31)
    assert all(row.end_on == own.valid_to for row in own.assignments.all())  # what outlives a village ends with it


def test_contacts_with_days(world, clerk):
    today = date.today()
    lines = [
        [world.own.village.name, "网格员", "王芳", "一组", "139", today, ""],
        [world.own.village.name, "网格员", "王芳", "一组", "139", f"{today:%Y年%m月%d日}", ""],
        [world.own.village.name, "网格员", "赵云", "", "", today, today - timedelta(days=1)],
    ]
    send(clerk, CONTACTS, workbook([labels(CONTACTS), *lines]))
    assert [(row, reason) for row, _column, _value, reason in mistakes()] == [
        (3, "与工作表“表1”第 2 行重复。"),
        (4, "结束日期早于开始日期。"),
    ]
    imported(clerk, CONTACTS, [lines[0]])
    assert VillageContact.objects.get().start_on == today
    imported(clerk, CONTACTS, [[*lines[0][:6], today]])
    assert VillageContact.objects.get().end_on == today


def test_ambiguous_name_asks_for_the_code(world, clerk):
    make_village(station=world.own.station, name="同名村")
    twin = make_village(station=world.own.station, name="同名村")
    send(clerk, HOUSEHOLDS, workbook([labels(HOUSEHOLDS), ["同名村", "1", "李"], [twin.code, "1", "李"]]))
    assert mistakes() == [(2, "村（社区）", "同名村", "有多个同名的村（社区），请填写代码。")]


def test_records_changed_since_the_check_are_not_overwritten(world, clerk):
    household = make_household(world.own.village, address="1", head_name="李", phone="110")
    send(clerk, HOUSEHOLDS, workbook([labels(HOUSEHOLDS), [world.own.village.code, "1", "李", "112", ""]]))
    household.phone = "119"
    save_household(household, by=None)
    assert "检查之后相关记录已有变化" in confirm(clerk, HOUSEHOLDS).content.decode()
    household.refresh_from_db()
    assert household.phone == "119"


def test_rights_withdrawn_since_the_check_count(world, clerk):
    send(clerk, HOUSEHOLDS, workbook([labels(HOUSEHOLDS), [world.own.village.code, "1", "李", "112", ""]]))
    Officer.objects.filter(pk=world.own.clerk.pk).update(unit=world.foreign.station)
    assert "检查之后相关记录已有变化" in confirm(clerk, HOUSEHOLDS).content.decode()
    assert not Household.objects.exists()


def test_second_confirmation_is_the_first(world, clerk):
    send(clerk, HOUSEHOLDS, workbook([labels(HOUSEHOLDS), [world.own.village.code, "1", "李", "112", ""]]))
    for _ in range(2):
        assert "导入完成" in confirm(clerk, HOUSEHOLDS).content.decode()
    assert JobRun.objects.filter(kind=running.IMPORT).count() == 1


def test_many_rows_go_to_the_background(world, clerk, monkeypatch):
    monkeypatch.setattr(running, "ROWS_AT_ONCE", 2)
    rows = [[world.own.village.code, f"{number}", "李", "", ""] for number in range(3)]
    page = send(clerk, HOUSEHOLDS, workbook([labels(HOUSEHOLDS), *rows]))
    assert page.redirect_chain[-1][0] == f"/jobs/{checked().pk}/"
    assert checked().state == JobState.QUEUED
    runs.sweep(begin=runs.perform_all)
    assert counts() == (3, 0, 0)
    assert confirm(clerk, HOUSEHOLDS).redirect_chain[-1][0].startswith("/jobs/")
    JobRun.objects.update(sent_at=None)
    runs.sweep(begin=runs.perform_all)
    assert Household.objects.count() == 3


IMPORTERS = {
    "officers": {Role.STATION_CLERK, Role.STATION_CHIEF, Role.BRIGADE},
    "villages": {Role.STATION_CLERK, Role.STATION_CHIEF, Role.BRIGADE},
    "contacts": {Role.STATION_CLERK, Role.STATION_CHIEF, Role.BRIGADE},
    "incidents": {Role.BRIGADE},
    "households": {Role.STATION_CLERK, Role.STATION_CHIEF},
}


@pytest.mark.parametrize("slug", [slug for slug in KINDS if Role.STATION_CLERK in IMPORTERS[slug]])
def test_template_has_text_cells_an_empty_first_row_and_explanations(world, clerk, slug):
    kind = KINDS[slug]
    content = clerk.get(address(kind, "import_template")).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert [str(cell.value).rstrip("*") for cell in book.worksheets[0][1]] == labels(kind)
    assert book.worksheets[0].max_row == 1
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b'numFmtId="49"' in parts.read("xl/styles.xml")
    explained = lines_of(content, sheet=1)
    assert [line[0] for line in explained[1:]] == labels(kind)
    assert [name for name in ("外甲村", "外派出所", "外大队") if name in str(explained)] == []  # nothing foreign
    sent = openpyxl.load_workbook(io.BytesIO(content))
    response = send(clerk, kind, saved(sent))
    assert "列名下方没有数据" in response.content.decode()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_a_message_beside_the_field(world, clerk, name):
    response = send(clerk, HOUSEHOLDS, HOSTILE[name]())
    assert response.status_code == 200
    assert "field__errors" in response.content.decode()
    assert not JobRun.objects.exists()


def test_no_file_is_a_message_too(world, clerk):
    assert "field__errors" in clerk.post(address(HOUSEHOLDS, "import")).content.decode()


@pytest.mark.parametrize("slug", KINDS)
def test_pages_by_role(world, client, slug):
    kind = KINDS[slug]
    for role, user in world.users().items():
        client.force_login(user)
        for page in ("import", "import_template"):
            status = client.get(address(kind, page), follow=True).status_code
            assert (status == 200) == (role in IMPORTERS[slug]), (role, page)
            if role not in IMPORTERS[slug]:
                assert status == 403
        if role in IMPORTERS[slug]:
            assert address(kind, "import") in client.get(address(kind, "changelist")).content.decode()
            assert client.get(address(kind, "import_check", uuid4())).status_code == 404
            assert client.delete(address(kind, "import")).status_code == 405


def test_check_belongs_to_its_owner_and_its_kind(world, clerk, client):
    send(clerk, HOUSEHOLDS, workbook([labels(HOUSEHOLDS), [world.own.village.code, "1", "李", "112", ""]]))
    run = checked()
    assert clerk.get(address(CONTACTS, "import_check", run.pk)).status_code == 404
    client.force_login(world.own.chief.user)
    for method in (client.get, client.post):
        assert method(address(HOUSEHOLDS, "import_check", run.pk)).status_code == 404
    assert not Household.objects.exists()


def test_check_with_mistakes_cannot_be_imported(world, clerk):
    send(clerk, HOUSEHOLDS, workbook([labels(HOUSEHOLDS), [world.own.village.code, "1", "", "112", ""]]))
    assert confirm(clerk, HOUSEHOLDS).status_code == 404
    run = runs.start(
        by=world.own.clerk.user, kind=running.IMPORT, title="x", parameters={"check": str(checked().pk), "rows": 1}
    )
    runs.perform(run.pk)
    run.refresh_from_db()
    assert run.state == JobState.FAILED
    assert not Household.objects.exists()


def test_statements_do_not_grow_with_the_rows(world, django_assert_max_num_queries):
    rows = [[world.own.village.code, f"{number}", "李", "", ""] for number in range(200)]
    table = read(HOUSEHOLDS, workbook([labels(HOUSEHOLDS), *rows]))
    with django_assert_max_num_queries(30):
        outcome = carry_out(HOUSEHOLDS, table, by=world.own.clerk.user, report=lambda done, total: None, for_good=True)
    assert outcome.new == 200
    people = [[f"N{number}", "李", "包村辅警", world.own.station.name] for number in range(200)]
    table = read(OFFICERS, workbook([labels(OFFICERS), *people]))
    with django_assert_max_num_queries(30):
        carry_out(OFFICERS, table, by=world.own.clerk.user, report=lambda done, total: None, for_good=True)
    assert Officer.objects.filter(number__startswith="N", state=OfficerState.ACTIVE).count() == 200
