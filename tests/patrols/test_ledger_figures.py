"""The ledger in figures: each opens its rows, what happens later changes no past, few cases give no share (R6)."""

import csv
import re
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from io import StringIO
from itertools import product

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from patrols import cases
from patrols.cases import PartyEntry
from patrols.filters.case_presets import PRESETS, shortcuts
from patrols.ledger.dimensions import DIMENSIONS, Place
from patrols.ledger.figures import COUNTED, FEW, Line, roll_up
from patrols.ledger.trend import trend
from patrols.ledger.week_of_disputes import week_of_disputes
from patrols.lists import CASES
from patrols.models import Case
from tests.factories import make_station_side, make_station_world, make_village
from tests.patrols.test_cases import dispute, resolved
from villages.models import Village
from xinjin.lists.listing import Listing
from xinjin.periods import Month, Quarter, Week

pytestmark = pytest.mark.django_db

LINKED = re.compile(r'href="(/ledger/\?[^"]+)">([^<]+)</a>')
TODAY = date(2026, 5, 20)
MONTHS = [Month(2026, number) for number in (1, 2, 3, 4, 5)]


def at(day: str):
    return time_machine.travel(f"2026-{day} 10:00+08:00", tick=False)


def opened(side, day: str, name: str, **changes) -> Case:
    with at(day):
        return dispute(side, parties=(PartyEntry("claimant", name),), **changes)


def done(case: Case, side, day: str, on: str = "", resolver: str = "committee") -> Case:
    case.refresh_from_db()
    with at(day):
        return resolved(case, side.chief.user, resolved_on=date.fromisoformat(f"2026-{on or day}"), resolver=resolver)


def again(case: Case, side, day: str) -> Case:
    with at(day):
        return cases.reopen_case(by=side.chief.user, case=case, revision=case.revision, reason="又起争执")


def until_april(world) -> dict[str, Case]:
    """The lives of some cases up to the first of April."""
    side, by = world.own, world.own.chief.user
    found = {
        "back": done(opened(side, "01-12", "赵某"), side, "02-03", on="01-30"),  # entered later than it was reached
        "twin": opened(side, "02-02", "钱某", level="orange"),
        "main": opened(side, "01-15", "孙某", level="red"),
        "sent": opened(side, "02-10", "李某", village=side.villages[1]),
        "gone": done(opened(side, "02-20", "周某", category="labour"), side, "03-03", resolver="station"),
        "free": opened(world.foreign, "03-01", "吴某", kind="lead", level="blue"),
        "none": done(opened(world.foreign, "03-02", "郑某"), world.foreign, "03-25"),
    }
    with at("02-12"):
        sent = cases.refer_case(by=by, case=found["sent"], revision=0, target="court", reason="需诉讼")
    found["sent"] = done(sent, side, "03-02", on="02-27", resolver="court")  # while the court has it: no run to end
    found["back"] = done(again(found["back"], side, "03-05"), side, "03-20", resolver="officer")
    Case.objects.filter(pk__in=[found["free"].pk, found["none"].pk]).update(owner=None)
    return found


def from_april(world, found: dict[str, Case]) -> None:
    """What happens to them afterwards; one goes to and fro within a month."""
    side, by = world.own, world.own.chief.user
    with at("04-02"):
        twin = found["twin"]
        cases.merge_case(by=by, case=twin, revision=twin.revision, into=found["main"], reason="同一件事")
    again(found["sent"], side, "04-08")
    gone = again(done(again(found["gone"], side, "04-10"), side, "04-15"), side, "04-16")
    again(done(gone, side, "04-20", resolver="station"), side, "05-06")


def counts(day: date) -> list[tuple[int, ...]]:
    """(opened, resolved, reopened, open at the end) of the months up to `day`."""
    rows = {row.month: row for row in trend(Case.objects.all(), day)}
    assert len(rows) == 12
    months = [rows[month] for month in MONTHS if month in rows]
    return [(row.opened, row.resolved, row.reopened, row.standing) for row in months]


def rows_of(user, query: str) -> int:
    """How many rows the list shows for this query, asked as its page asks it, without drawing it."""
    return Listing(CASES, user, QueryDict(query)).rows.count()


def test_what_happens_later_changes_no_past_month():
    world = make_station_world()
    found = until_april(world)
    then = counts(date(2026, 3, 31))
    assert then == [(2, 1, 0, 1), (3, 1, 0, 3), (2, 3, 1, 3)]
    from_april(world, found)
    assert counts(TODAY) == [*then, (0, 1, 2, 3), (0, 0, 1, 4)]


def test_every_figure_opens_as_many_rows_and_all_dimensions_agree(client):
    world = make_station_world()
    from_april(world, until_april(world))
    seen: Counter[str] = Counter()
    known: dict = {}  # most addresses stand on several pages
    first, second = Quarter(2026, 1), Quarter(2026, 2)
    with time_machine.travel(f"{TODAY} 10:00+08:00", tick=False):
        asked = ((world.brigade, first), (world.brigade, second), (world.own.chief.user, first))
        for user, period in (*asked, (world.own.unit_leader.user, second)):
            client.force_login(user)
            sums = set()
            for key, by in DIMENSIONS.items():
                answer = client.get(reverse("ledger_stations"), {"by": key, "period": period.key})
                for address, number in set(LINKED.findall(answer.content.decode())):
                    asked_for = user, unescape(address).partition("?")[2]
                    known[asked_for] = known[asked_for] if asked_for in known else rows_of(*asked_for)
                    if number.isdigit():
                        assert known[asked_for] == int(number), (user, key, address)
                        seen[key] += known[asked_for] > 0
                total = answer.context["total"]
                lines = roll_up(user, by, period, TODAY).lines
                sums.add(tuple(sum(line.counts[name] for line in lines) for name in COUNTED))
                assert sums == {tuple(total.counts[name] for name in COUNTED)}, key
    assert all(seen[key] >= 40 for key in DIMENSIONS), seen
    before, after = (roll_up(world.brigade, DIMENSIONS["owner"], span, TODAY) for span in (first, second))
    total, nobodys = before.total, before.lines[-1]
    assert (total.opened, total.resolved, total.in_village, total.reopened, total.median) == (7, 4, 2, 1, 20.0)
    assert (after.total.resolved, after.total.in_village, after.total.reopened) == (1, 0, 2)
    assert (nobodys.place.code, nobodys.opened, nobodys.resolved) == ("none", 2, 1)
    assert 0 < total.late < total.due


def test_total_is_the_bureau_only_for_those_who_see_all_of_it(client, settings):
    world = make_station_world()
    dispute(world.own), dispute(world.foreign), dispute(world.own, village=world.own.villages[1])
    names = {}
    for user in (world.brigade, world.own.chief.user):
        client.force_login(user)
        text = client.get(reverse("ledger_stations"), {"by": "village", "format": "csv"}).content.decode("utf-8-sig")
        lines = client.get(reverse("ledger_stations"), {"by": "village"}).context["lines"]
        in_file = [row for row in csv.reader(StringIO(text)) if len(row) > 5][1:]
        assert [row[0] for row in in_file] == [line.place.name for line in lines]
        assert int(in_file[-1][2]) == sum(int(row[2]) for row in in_file[:-1]) == len(in_file) - 1
        names[user] = in_file[-1][0]
    assert names == {world.brigade: settings.BUREAU_NAME, world.own.chief.user: "可见范围合计"}
    client.force_login(world.own.chief.user)
    assert len(client.get(reverse("ledger_stations")).context["lines"]) == 1  # a total would repeat the one line


def test_shortcuts_count_what_they_open_keep_other_filters_and_are_taken_back():
    world = make_station_world()
    station = world.own.station.code
    red, late = dispute(world.own, level="red"), dispute(world.own, parties=(PartyEntry("claimant", "钱某"),))
    over = resolved(dispute(world.foreign, level="yellow"), world.foreign.chief.user)
    dispute(world.foreign, level="orange", parties=(PartyEntry("claimant", "孙某"),))
    day = timezone.localdate()
    over.follow_ups.filter(number=1).update(due_on=day)
    Case.objects.filter(pk=late.pk).update(due_on=day - timedelta(days=1), reopened_count=1)
    Case.objects.filter(pk=red.pk).update(next_step_on=day - timedelta(days=1), due_on=day)
    away, still = (dispute(world.own, parties=(PartyEntry("claimant", name),)) for name in ("李某", "周某"))
    cases.refer_case(by=None, case=away, revision=0, target="court", reason="起诉", answer_due_on=day)
    cases.pause_case(by=None, case=still, revision=0, reason="等待测绘", expected_on=day)
    seen = Counter()
    asked = ("", f"station={station}", "level=yellow", f"when=overdue&station={station}&page=2", "state=closed",
             "state=unresolved&level=red", f"level=orange&state=unresolved&station={station}&sort=-due", "level=x",
             "when=overdue&sort=due", "resolved=2026-Q9&text=地")  # fmt: skip
    for user, query in product((world.brigade, world.own.chief.user), asked):
        data = QueryDict(query)
        assert user.roles  # read once
        with CaptureQueriesContext(connection) as captured:
            found = shortcuts(user, data, day)
        assert len(captured) == 1 + ("station" in query)  # whether it is a station that he sees
        for each in found:
            after = QueryDict(each.query)
            if each.is_active:
                assert not {"when", "state"} & after.keys()
            else:
                assert rows_of(user, each.query) == each.count, (query, each)
                assert [other.preset for other in shortcuts(user, after, day) if other.is_active] == [each.preset]
            assert after.get("station") == data.get("station"), (query, each)
            seen[str(each.preset.asked)] += each.count
    active = [[found.preset for found in shortcuts(world.brigade, QueryDict(query), day) if found.is_active]
              for query in asked]  # fmt: skip
    assert [len(presets) for presets in active] == [0, 0, 0, 1, 0, 1, 1, 0, 1, 0]
    assert seen.keys() == {str(preset.asked) for preset in PRESETS}
    assert [asked for asked in seen if not seen[asked]] == []


def test_list_and_its_download_agree(client):
    world = make_station_world()
    dispute(world.own), dispute(world.own, level="blue"), dispute(world.foreign)
    Case.objects.filter(level="blue").update(owner=None)
    client.force_login(world.brigade)
    for query, count in (
        ({}, 3),
        ({"station": world.own.station.code}, 2),
        ({"level": "blue"}, 1),
        ({"owner": "none"}, 1),
    ):
        assert client.get(reverse("ledger"), query).context["page_obj"].paginator.count == count, query
        text = client.get(reverse("list_export", args=["cases", "csv"]), query).content.decode("utf-8-sig")
        numbers = [row[0] for row in csv.reader(StringIO(text)) if row and "〔" in row[0]]
        assert len(numbers) == count, query
    assert "责任人：无人负责" in text


def test_few_cases_give_no_share():
    nothing = dict.fromkeys(COUNTED, 0)
    few, enough = ({**nothing, "resolved": n, "in_village": n - 1, "due": n, "late": n - 2} for n in (FEW - 1, FEW))
    lines = [Line(Place(1, "x", "x"), counts, 3.0, None) for counts in (few, enough)]
    assert [(line.on_time, line.in_village_share, line.median_days) for line in lines] == [
        (None, None, None), (Decimal("0.40"), Decimal("0.80"), Decimal("3.0")),
    ]  # fmt: skip
    assert [line.median_text for line in lines] == ["数量少", "3.0"]


def test_a_resolution_is_not_before_the_run_that_a_referral_ended():
    side = make_station_side()
    case = again(done(opened(side, "03-01", "赵某"), side, "03-05"), side, "03-10")
    with at("03-12"):
        case = cases.refer_case(by=side.chief.user, case=case, revision=case.revision, target="court", reason="需诉讼")
    with pytest.raises(Exception, match="2026-03-10"):
        done(case, side, "03-20", on="03-08")
    assert done(case, side, "03-20", on="03-11").transitions.filter(act="resolve").last().happened_on.day == 11


@pytest.mark.parametrize(("other", "rate"), [(300, Decimal("2.00")), (None, None)])
def test_a_station_is_divided_by_all_its_households_or_by_none(other, rate):
    side, today = make_station_side(), timezone.localdate()
    Village.objects.update(household_total=0)
    Village.objects.filter(pk=side.village.pk).update(household_total=200)
    make_village(station=side.village.station, household_total=other)
    dispute(side)
    figures = roll_up(side.chief.user, DIMENSIONS["station"], Month.of(today), today)
    assert [line.per_thousand for line in (*figures.lines, figures.total)] == [rate, rate]


def test_what_ended_in_court_is_not_counted_as_resolved_in_the_village():
    side, today = make_station_side(), timezone.localdate()
    by, month = side.officers[0].user, Month.of(today)
    settled = resolved(dispute(side), by, resolver="officer")
    in_court = resolved(dispute(side, title="第二起"), by, resolver="officer", outcome="in_court")
    (line,) = roll_up(side.chief.user, DIMENSIONS["village"], month, today).lines
    assert (line.resolved, line.in_village) == (2, 1)
    assert rows_of(side.chief.user, f"resolved={month.key}") == 2
    for query in (f"resolved={month.key}&resolver=village", "resolver=village"):
        rows = Listing(CASES, side.chief.user, QueryDict(query)).rows
        assert [row.pk for row in rows] == [settled.pk], query
    told = week_of_disputes(side.village, Week.of(today), today)["resolved"]
    assert {row["number"]: row["resolver"] for row in told}[in_court.number] == "转诉讼或撤回"
