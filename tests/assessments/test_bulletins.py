"""The quarter's bulletin: drawn up from locked months, sealed, reissued; four files with equal cells."""

import csv
import io
from datetime import datetime, time
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from assessments import bulletins, quarterly
from assessments.choices import BulletinState
from assessments.models import Bulletin
from assessments.tables import bulletin_report, bulletin_tables
from tests.assessments.factories import make_locked_month, make_opened_month
from xinjin.audit.models import Event
from xinjin.errors import Conflict
from xinjin.periods import Quarter
from xinjin.reporting import render

pytestmark = pytest.mark.django_db


def after(quarter):
    """The clock at the end of the quarter that follows."""
    return time_machine.travel(timezone.make_aware(datetime.combine(quarter.next().end, time(9))), tick=False)


@pytest.fixture
def locked():
    return make_locked_month()


@pytest.fixture
def later(locked):
    """A day after the quarter of the locked month."""
    quarter = Quarter.of(locked.month.start)
    with after(quarter):
        yield quarter


def issued(locked, quarter, number="新公社警〔2026〕1号"):
    draft = bulletins.draw_up(by=locked.world.brigade, quarter=quarter)
    return bulletins.issue(by=locked.world.brigade, bulletin=draft, number=number)


def test_draw_up_before_the_quarter_is_over_is_refused(locked):
    with pytest.raises(ValidationError):
        bulletins.draw_up(by=locked.world.brigade, quarter=Quarter.of(timezone.localdate()))


def test_draw_up_needs_locked_months():
    opened = make_opened_month()
    quarter = Quarter.of(opened.month.start)
    with after(quarter), pytest.raises(ValidationError, match=opened.month.key):
        bulletins.draw_up(by=opened.world.brigade, quarter=quarter)


def test_draw_up_of_a_quarter_without_months_is_refused(later):
    with pytest.raises(ValidationError):
        bulletins.draw_up(by=None, quarter=Quarter(2021, 1))


def test_snapshot_ranks_units_in_two_series_and_names_few(locked, later):
    data = quarterly.snapshot(later)
    series = {part["key"]: part["units"] for part in data["series"]}
    own, foreign = locked.own, locked.world.foreign
    assert (data["officers"], data["auxiliaries"], data["months"]) == (4, 4, [locked.month.key])
    assert [row["unit"] for row in series["stations"]][0] == own.station.name
    assert [row["rank"] for row in series["stations"]] == [1, 2]
    assert {row["unit"] for row in series["business_units"]} == {own.business_unit.name, foreign.business_unit.name}
    assert {row["rank"] for row in series["business_units"]} == {1}
    # A fifth of four is nobody; those who failed are named with their month.
    assert data["commended"] == []
    failed = {person["number"]: person["failed"] for person in data["problems"]}
    assert own.officers[0].number not in failed
    assert failed[own.officers[1].number][0]["month"] == locked.month.key


def test_unit_score_leaves_out_what_is_not_recorded():
    row = quarterly._unit_row("甲所", [quarterly.PersonQuarter(1, "1", "甲", "jia", scores={"m": Decimal(90)})])
    assert (row["score"], row["reports"]) == ("90.00", None)
    person = quarterly.PersonQuarter(1, "1", "甲", "jia", scores={"m": Decimal(90)}, reports=[1, 2])
    # (60 × 0.9 + 15 × 0.5) / 75
    assert quarterly._unit_row("甲所", [person])["score"] == "82.00"


def test_commended_are_at_most_a_fifth():
    people = [
        quarterly.PersonQuarter(n, str(n), f"人{n}", "r", scores={"m": Decimal(95)}, grades=["excellent"])
        for n in range(11)
    ]
    assert len(quarterly._commended(people, {"excellent"})) == 2


def test_issue_seals_number_and_day(locked, later):
    bulletin = issued(locked, later)
    assert bulletin.state == BulletinState.ISSUED
    assert bulletin.sha256 == bulletins.seal_of(bulletin.snapshot)
    assert bulletin.snapshot["number"] == bulletin.number
    bulletin.refresh_from_db()
    assert bulletins.is_intact(bulletin)
    assert Event.objects.filter(action="issue").count() == 1
    with pytest.raises(Conflict):
        bulletins.issue(by=locked.world.brigade, bulletin=bulletin, number="另一号")


def test_seal_does_not_depend_on_the_order_of_keys():
    assert bulletins.seal_of({"a": 1, "b": [1, 2]}) == bulletins.seal_of({"b": [1, 2], "a": 1})
    assert bulletins.seal_of({"a": 1}) != bulletins.seal_of({"a": 2})


def test_database_refuses_to_change_an_issued_bulletin(locked, later):
    bulletin = issued(locked, later)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Bulletin.objects.filter(pk=bulletin.pk).update(snapshot={})
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Bulletin.objects.filter(pk=bulletin.pk).delete()


def test_reissue_needs_a_reason_and_keeps_the_old(locked, later):
    first = issued(locked, later)
    with pytest.raises(ValidationError):
        bulletins.draw_up(by=locked.world.brigade, quarter=later)
    draft = bulletins.reissue(by=locked.world.brigade, quarter=later, reason="更正单位名称")
    first.refresh_from_db()
    assert (first.state, draft.version) == (BulletinState.ISSUED, 2)
    with pytest.raises(ValidationError):
        bulletins.issue(by=locked.world.brigade, bulletin=draft, number=first.number)
    second = bulletins.issue(by=locked.world.brigade, bulletin=draft, number="新公社警〔2026〕2号")
    first.refresh_from_db()
    assert (first.state, second.state) == (BulletinState.REPLACED, BulletinState.ISSUED)
    assert bulletins.is_intact(first)
    assert second.snapshot["replaces"] == [first.number]


def test_reissue_of_what_is_not_out_is_a_conflict(later):
    with pytest.raises(Conflict):
        bulletins.reissue(by=None, quarter=later, reason="x")


def test_draw_up_again_makes_the_same_draft_anew(locked, later):
    first = bulletins.draw_up(by=locked.world.brigade, quarter=later)
    assert bulletins.draw_up(by=locked.world.brigade, quarter=later).pk == first.pk


def test_proposed_number_counts_the_year(locked, later):
    assert bulletins.proposed_number(2026) == "新公社警〔2026〕1号"
    issued(locked, later)
    assert bulletins.proposed_number(2026) == "新公社警〔2026〕2号"


def cells_of(bulletin):
    return [row for table in bulletin_tables(bulletin.snapshot) for row in table.cells()]


def flat(text: str) -> str:
    return "".join(text.split())


def test_four_files_say_the_same(locked, later):
    bulletin = issued(locked, later)
    report = bulletin_report(bulletin)
    files = {name: render(report, name).content for name in ("xlsx", "csv", "docx", "pdf")}
    wanted = [list(row) for row in cells_of(bulletin)]
    told = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    assert all(row in told for row in wanted)
    document = Document(io.BytesIO(files["docx"]))
    in_docx = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert all(row in in_docx for row in wanted)
    book = load_workbook(io.BytesIO(files["xlsx"]))
    in_xlsx = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {row[1] for row in wanted} <= in_xlsx
    in_pdf = flat("".join(page.extract_text() for page in PdfReader(io.BytesIO(files["pdf"])).pages))
    assert all(flat(cell) in in_pdf for row in wanted for cell in row)
    assert bulletin.sha256[:16] in in_pdf


def test_snapshot_takes_few_queries_however_many_people(locked, later):
    with CaptureQueriesContext(connection) as captured:
        quarterly.snapshot(later)
    assert len(captured) <= 4
