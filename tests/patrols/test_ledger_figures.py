"""The ledger in figures: each opens its rows, few cases give no share, the trend; list and download agree (R6)."""

import csv
import re
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from html import unescape
from io import StringIO
from itertools import product

import pytest
from django.urls import reverse
from django.utils import timezone

from patrols.cases import PartyEntry
from patrols.ledger.figures import DIMENSIONS, FEW, NOTHING, Line, Place
from patrols.ledger.trend import trend
from patrols.models import Case
from tests.factories import make_station_side, make_station_world
from tests.patrols.factories import yesterday
from tests.patrols.test_cases import dispute, resolved
from xinjin.periods import Month

pytestmark = pytest.mark.django_db

LINKED = re.compile(r'<a href="(/ledger/\?[^"]+)">(\d+)</a>')


def test_every_figure_of_the_roll_up_opens_as_many_rows(client):
    world = make_station_world()
    dispute(world.own), dispute(world.own, level="blue"), dispute(world.foreign)
    late, old, again = (
        dispute(world.own, level="orange", parties=(PartyEntry("claimant", name),)) for name in ("赵某", "孙某", "周某")
    )
    Case.objects.filter(pk=late.pk).update(due_on=yesterday())
    Case.objects.filter(pk=old.pk).update(opened_on=yesterday() - timedelta(days=100))
    Case.objects.filter(pk=again.pk).update(reopened_count=1)
    done = resolved(dispute(world.own, parties=(PartyEntry("claimant", "钱某"),)), world.own.chief.user)
    seen = Counter()
    for user, by in product((world.brigade, world.own.chief.user, world.own.unit_leader.user), DIMENSIONS):
        client.force_login(user)
        html = client.get(reverse("ledger_stations"), {"by": by}).content.decode()
        for address, number in set(LINKED.findall(html)):
            rows = client.get(unescape(address)).context["page_obj"].paginator.count
            assert rows == int(number), (by, address)
            seen[by] += rows > 0
    assert all(seen[by] >= 10 for by in DIMENSIONS), seen
    client.force_login(world.brigade)
    lines = {line.place.code: line for line in client.get(reverse("ledger_stations")).context["lines"]}
    own = lines[world.own.station.code]
    assert (own.unresolved, own.overdue, own.opened, own.resolved, own.in_village) == (5, 1, 5, 1, 1)
    assert (own.age_more, own.reopened, own.median_text) == (1, 1, "数量少")
    assert done.number in client.get(reverse("ledger"), {"text": "双方和解"}).content.decode()


def test_list_and_its_download_agree(client):
    world = make_station_world()
    dispute(world.own), dispute(world.own, level="blue"), dispute(world.foreign)
    client.force_login(world.brigade)
    for query, count in (({}, 3), ({"station": world.own.station.code}, 2), ({"level": "blue"}, 1)):
        assert client.get(reverse("ledger"), query).context["page_obj"].paginator.count == count, query
        text = client.get(reverse("list_export", args=["cases", "csv"]), query).content.decode("utf-8-sig")
        numbers = [row[0] for row in csv.reader(StringIO(text)) if row and "〔" in row[0]]
        assert len(numbers) == count, query


def test_few_cases_give_no_share():
    few, enough = ({**NOTHING, "resolved": n, "in_village": n - 1} for n in (FEW - 1, FEW))
    lines = [Line(Place(1, "x", "x"), counts, 3.0, counts["resolved"], 2, None) for counts in (few, enough)]
    assert [(line.on_time, line.in_village_share, line.median_days) for line in lines] == [
        (None, None, None), (Decimal("0.40"), Decimal("0.80"), Decimal("3.0")),
    ]  # fmt: skip


def test_trend_counts_what_stood_open_at_each_months_end():
    side = make_station_side()
    day = timezone.localdate()
    first = Month.of(day).previous().previous()
    case = resolved(dispute(side), side.chief.user)
    Case.objects.filter(pk=case.pk).update(opened_on=first.start, resolved_on=first.next().start)
    found = {row.month: row for row in trend(Case.objects.all(), day)}
    assert len(found) == 12
    months = (first, first.next(), first.next().next())
    counted = [(found[month].opened, found[month].resolved, found[month].standing) for month in months]
    assert counted == [(1, 0, 1), (0, 1, 0), (0, 0, 0)]
