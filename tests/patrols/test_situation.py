"""The month's situation: every figure is the number of rows that it opens, and what is unknown is never none (R12)."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patrols.choices import CATEGORIES_OF, LEVELS, BaseInfoState, CaseKind, IncidentCategory, MeasureState
from patrols.lists import CASES, COUNCILS, MEASURES
from patrols.models import BaseInfoChange, Case, CaseTerm, CaseTransition, CouncilMeasure, IncidentCount, Register
from patrols.situation.addresses import address
from patrols.situation.counting import BY_VILLAGE, count, total
from patrols.situation.figures import Figures, situation
from patrols.situation.scope import Scope
from patrols.situation.wording import incidents_sentence, notes
from tests.contracts.world import undone
from tests.factories import make_station_world, make_village
from tests.patrols.factories import make_council, make_measure
from xinjin.accounts.roles import Role
from xinjin.lists.listing import Listing
from xinjin.periods import Month

pytestmark = pytest.mark.django_db

# April 2026 has five whole weeks, from 30 March to 3 May; it is looked back at from May.
MONTH, TODAY = Month(2026, 4), date(2026, 5, 20)
FIRST = date(2026, 2, 16)
DISPUTES = [str(each) for each in CATEGORIES_OF[CaseKind.DISPUTE]]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), undone():
        yield make_station_world()


@pytest.fixture(autouse=True)
def _in_may():
    with time_machine.travel(TODAY, tick=False):
        yield


days = st.integers(0, 95).map(lambda n: FIRST + timedelta(days=n))
places = st.integers(0, 3)
a_case = st.tuples(
    places, st.sampled_from(["dispute", "lead"]), st.sampled_from(DISPUTES), st.sampled_from(LEVELS), days,
    st.one_of(st.none(), st.integers(0, 40)), st.booleans(),
)  # fmt: skip
a_change = st.tuples(places, days, st.sampled_from(BaseInfoState.values))
a_count = st.tuples(places, st.integers(0, 12), st.sampled_from(IncidentCategory.values), st.integers(0, 4))
a_council = st.tuples(places, days, st.lists(st.sampled_from(MeasureState.values), max_size=2), st.integers(3, 60))


def fill(world, cases, changes, counts, councils) -> None:
    """The rows as drawn, written past the verbs."""
    villages = [*world.own.villages, *world.foreign.villages]
    officers = [*world.own.officers, *world.foreign.officers]
    _cases(world, villages, officers, cases)
    BaseInfoChange.objects.bulk_create(
        BaseInfoChange(
            village=villages[place], subject="person", action="new", address="1号", what="x", found_on=day,
            found_by=officers[place], due_on=day, state=state, checked_on=day, receipt="R",
            forwarded_on=day if state == "forwarded" else None,
        )
        for place, day, state in changes
    )  # fmt: skip
    weeks = {(place, week, category): n for place, week, category, n in counts}
    IncidentCount.objects.bulk_create(
        IncidentCount(
            village=villages[place], starts_on=date(2026, 2, 16) + timedelta(weeks=week), category=category, count=n
        )
        for (place, week, category), n in weeks.items()
    )
    for place, day, states, after in councils:
        meeting = make_council(villages[place], day, officers[place])
        for state in states:
            ended = {} if state == "open" else {"state": state, "result": "x", "ended_on": day, "ended_at": NOW}
            make_measure(meeting, officers[place], due_on=day + timedelta(days=after), **ended)


NOW = f"{TODAY}T08:00:00+08:00"


def _cases(world, villages, officers, cases) -> None:
    register = Register.objects.create(station=world.own.station, year=2026)
    done = {"outcome": "settled", "method": "explanation", "resolver": "committee", "result": "x"}
    rows = []
    for n, (place, kind, category, level, day, takes, has_day) in enumerate(cases):
        is_done = takes is not None and day + timedelta(days=takes) <= TODAY
        end = {"state": "resolved", "resolved_on": day + timedelta(days=takes), **done} if is_done else {}
        due = {} if is_done or not has_day else {"due_on": day + timedelta(days=30)}
        rows.append(
            Case(
                register=register, serial=n, number=f"N{n}", kind=kind, category=category, level=level, title="x",
                village=villages[place], opened_on=day, owner=officers[place], **{"state": "open", **end}, **due,
            )
        )  # fmt: skip
    Case.objects.bulk_create(rows)
    CaseTerm.objects.bulk_create(
        CaseTerm(
            case=row, number=1, level=row.level, started_on=row.opened_on, days=30, unit="days", due_on=row.due_on,
            ended_on=row.resolved_on, ending="resolved" if row.resolved_on else "",
        )
        for row in rows
    )  # fmt: skip
    CaseTransition.objects.bulk_create(
        CaseTransition(case=row, act="resolve", state="resolved", happened_on=row.resolved_on, resolver=row.resolver)
        for row in rows
        if row.resolved_on
    )


LISTS = {"/ledger/": CASES, "/council/": COUNCILS, "/council/measures/": MEASURES}


def opened(client, user, url: str) -> int:
    """How many rows, or incidents, the address shows. A list is asked as its page asks it, without drawing it."""
    path, _mark, query = url.partition("?")
    if path in LISTS:
        return Listing(LISTS[path], user, QueryDict(query)).rows.count()
    response = client.get(url)
    assert response.status_code == 200, url
    context = response.context
    return context["total"] if "total" in context else context["page_obj"].paginator.count


KEYS = [
    "incident.", "incident_before.", "incident.theft", "incident.other", "opened", "resolved", "opened_before",
    "resolved_before", *(f"{kind}_at.{level.value}" for kind in ("opened", "resolved") for level in LEVELS),
    *(f"{kind}.{category}" for kind in ("opened", "resolved") for category in DISPUTES[:3]),
    "red", "orange", "overdue", "changes", "forwarded", "councils", "without", "measures", "measures_overdue",
    *(f"measures.{state}" for state in MeasureState.values),
]  # fmt: skip


def figure(figures: Figures, key: str) -> int:
    name, _dot, category = key.partition(".")
    if name.startswith("incident"):
        return figures.incidents(category, before=name.endswith("before")) or 0
    return figures.of(key)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cases=st.lists(a_case, max_size=14), changes=st.lists(a_change, max_size=8),
    counts=st.lists(a_count, max_size=12), councils=st.lists(a_council, max_size=6),
)  # fmt: skip
def test_every_figure_is_the_number_of_rows_that_it_opens(client, world, cases, changes, counts, councils):
    with undone():
        fill(world, cases, changes, counts, councils)
        looks = [
            (world.brigade, Scope(world.brigade)),
            (world.own.chief.user, Scope(world.own.chief.user, station=world.own.station)),
            (world.own.officers[1].user, Scope(world.own.officers[1].user, village=world.own.villages[1])),
        ]
        for user, scope in looks:
            client.force_login(user)
            for month in (MONTH, MONTH.next()):  # one that is over, and the running one
                figures = situation(scope, month, TODAY).figures
                for key in KEYS:
                    assert figure(figures, key) == opened(client, user, address(key, scope, month)), (key, user)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cases=st.lists(a_case, max_size=14), counts=st.lists(a_count, max_size=12),
    councils=st.lists(a_council, max_size=6),
)  # fmt: skip
def test_villages_roll_up_to_stations_and_to_the_bureau(world, cases, counts, councils):
    with undone():
        fill(world, cases, [], counts, councils)
        bureau = situation(Scope(world.brigade), MONTH, TODAY)
        stations = [situation(Scope(station=side.station), MONTH, TODAY) for side in (world.own, world.foreign)]
        villages = count(Scope(), MONTH, TODAY, by=BY_VILLAGE)
        whole = +bureau.figures.tally
        assert whole == +total([line.figures.tally for line in bureau.lines])
        assert whole == +total([found.figures.tally for found in stations]) == +total(villages.values())
        for found in stations:
            assert +found.figures.tally == +total([line.figures.tally for line in found.lines])
            ids = {village.pk for village in found.scope.villages()}
            assert +found.figures.tally == +total([tally for pk, tally in villages.items() if pk in ids])


def counted(village, *weeks, category="theft", n=3):
    for week in weeks:
        IncidentCount.objects.create(village=village, starts_on=week.start, category=category, count=n)


def test_unknown_weeks_are_said_and_never_read_as_none():
    village, month = make_village(), MONTH
    found = situation(Scope(village=village), month, TODAY)
    assert (found.figures.incidents(), found.figures.change()) == (None, None)
    assert "未导入" in incidents_sentence(found.figures, month)
    counted(village, month.weeks()[0], n=0)  # imported, and there was nothing
    found = situation(Scope(village=village), month, TODAY)
    assert (found.figures.incidents("theft"), found.figures.incidents("fraud")) == (0, 0)
    assert found.figures.weeks_unknown == 4
    assert any("未导入" in note for note in notes(found))
    assert found.figures.incidents(before=True) is None


def test_change_compares_the_weeks_that_are_known():
    village = make_village()
    counted(village, *MONTH.weeks(), n=4)  # five weeks
    counted(village, *MONTH.previous().weeks()[:2], n=5)  # two of four are known
    figures = situation(Scope(village=village), MONTH, TODAY).figures
    assert (figures.incidents(), figures.incidents(before=True)) == (20, 10)
    assert figures.change() == Decimal("-0.20")  # four a week after five a week
    assert figures.weeks_unknown_before == 2


def test_weeks_to_come_are_not_unknown_and_a_village_counts_while_it_exists():
    village = make_village(valid_from=date(2026, 4, 14))
    figures = situation(Scope(village=village), MONTH, date(2026, 4, 22)).figures
    # The week of 16 April is over; that of 23 April is not, and before there was no village.
    assert figures.of("weeks") == 1
    assert figures.of("without") == 1
    ended = make_village(valid_to=date(2026, 4, 20))
    assert situation(Scope(village=ended), MONTH, TODAY).figures.of("without") == 0


def test_queries_stay_the_same_however_large_the_scope(world):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            situation(Scope(world.brigade), MONTH, TODAY)
        return len(captured)

    few = queries()
    with undone():
        for n in range(4):
            village = make_village(station=world.own.station)
            counted(village, *MONTH.weeks())
            make_measure(make_council(village, date(2026, 4, 20 + n), world.own.officers[0]), world.own.officers[0])
        assert queries() == few <= 14


def test_document_holds_the_figures_and_no_person(client, world):
    with undone():
        meeting = make_council(world.own.village, date(2026, 4, 21), world.own.officers[0])
        CouncilMeasure.objects.create(
            meeting=meeting, village=meeting.village, what="夜间巡逻", officer=world.own.officers[0], due_on=TODAY
        )
        counted(world.own.village, *MONTH.weeks(), n=7)
        client.force_login(world.own.chief.user)
        url = reverse("situation")
        for file_format in ("xlsx", "pdf", "csv"):
            answer = client.get(url, {"month": MONTH.key, "format": file_format})
            assert (answer.status_code, answer.content[:2] != b"") == (200, True)
        document = Document(BytesIO(client.get(url, {"month": MONTH.key, "format": "docx"}).content))
        cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
        text = "\n".join(paragraph.text for paragraph in document.paragraphs)
        assert "35" in cells
        assert "治安形势分析" in text.replace("\n", "")
        assert world.own.officers[0].name not in text + "".join(cells)
        # A unit's leader sees some villages only, and his document does not speak for the station.
        client.force_login(world.own.unit_leader.user)
        answer = client.get(url, {"month": MONTH.key, "format": "docx"})
        text = "\n".join(part.text for part in Document(BytesIO(answer.content)).paragraphs)
        assert (world.own.business_unit.name in text, world.own.station.name in text) == (True, False)
        # A village in which nothing was recorded has a document too.
        client.force_login(world.foreign.officers[1].user)
        for file_format in ("xlsx", "csv", "docx"):
            assert client.get(url, {"month": "2026-01", "format": file_format}).status_code == 200


def test_scope_out_of_sight_is_not_found(client, world):
    client.force_login(world.own.officers[0].user)
    url = reverse("situation")
    assert client.get(url).context["found"].scope.village == world.own.village
    assert client.get(url, {"village": world.foreign.village.code}).status_code == 404
    # An officer's view is his villages, never a station.
    assert client.get(url, {"station": world.own.station.code}).context["found"].scope.station is None
    client.force_login(world.own.chief.user)
    assert client.get(url).context["found"].scope.station == world.own.station
    assert client.get(url, {"of": f"village={world.own.village.code}"}).context["found"].scope.village is not None
    assert client.get(url, {"station": world.foreign.station.code}).status_code == 404
    assert client.get(url, {"month": "2026-13"}).status_code == 404
    assert Role.OFFICER in world.own.officers[0].user.roles
    assert Counter() == situation(Scope(village=world.own.village), Month(2099, 1), TODAY).figures.tally - Counter(
        villages=1, without=1
    )
