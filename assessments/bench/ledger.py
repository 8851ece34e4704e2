"""The ledger over 10,000 cases with 60,000 steps: its pages and the situation, the roll-up against bare SQL."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.bench.data import make_places
from assessments.bench.people import client_as
from assessments.bench.spine import best_of, settle
from patrols.ledger.dimensions import DIMENSIONS
from patrols.ledger.figures import TODAY, roll_up
from patrols.models import Case, CaseStep, CaseTerm, CaseTransition
from villages.models import Unit
from xinjin.accounts.models import User
from xinjin.accounts.roles import Role
from xinjin.periods import Quarter, Span


class Size(NamedTuple):
    """Villages; cases over two years, of which the few were there when queries are first counted; runs of each page."""

    villages: int
    few: int
    cases: int
    runs: int


FULL, SMALL = Size(81, 100, 10_000, 5), Size(8, 60, 120, 1)
STEPS, DAYS = 6, 730

# Every eighth case is of the last two months and not resolved, some of these past their day, some standing still;
# the others are closed, every seventeenth of them after a reopening, which gives it a second run of the clock.
CASES = """
INSERT INTO patrols_register (station_id, year, last_serial)
    SELECT id, extract(year FROM %(today)s::date), 0 FROM villages_unit ON CONFLICT DO NOTHING;
CREATE TEMPORARY TABLE made ON COMMIT DROP AS
    SELECT gen_random_uuid() AS id, n, village.id AS village_id, village.station_id, officer.id AS officer_id,
        n %% 8 = 0 AS is_open, n %% 3 < 2 AS is_dispute, (n %% 8 > 0 AND n %% 17 = 0)::int AS reopened,
        (ARRAY['blue', 'yellow', 'yellow', 'orange'])[1 + n %% 4] AS level, 1 + n * 31 %% 23 AS takes,
        %(today)s::date - CASE WHEN n %% 8 = 0 THEN n / 8 * 37 %% 61 ELSE 30 + n * 7919 %% (%(days)s - 30) END AS day
    FROM generate_series(%(first)s::int, %(last)s::int - 1) n
    JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM villages_village) village
        ON village.place = n %% (SELECT count(*) FROM villages_village)
    JOIN villages_officer officer ON officer.number = 'N' || village.id;
INSERT INTO patrols_case (id, register_id, serial, number, kind, category, scale, level, village_id, title, detail,
        place, opened_on, source, owner_id, state, due_on, resolved_on, outcome, method, resolver, result, answered_on,
        answer, satisfaction, closed_on, reopened_count, revision, created_at)
    SELECT made.id, register.id, n, 'S' || n, CASE WHEN is_dispute THEN 'dispute' ELSE 'concern' END, 'other',
        'individual', level, village_id, '邻里纠纷' || n, repeat('双方因宅基地边界争执', 5), '', day, 'entered',
        officer_id,
        CASE WHEN NOT is_open THEN 'closed' ELSE (ARRAY['open', 'handling', 'handling', 'paused'])[1 + n / 8 %% 4] END,
        CASE WHEN is_open AND n / 8 %% 4 < 3 THEN day + 14 END,
        CASE WHEN NOT is_open THEN day + takes END, CASE WHEN is_open THEN '' ELSE 'settled' END,
        CASE WHEN is_open THEN '' ELSE 'explanation' END,
        CASE WHEN is_open THEN '' ELSE (ARRAY['officer', 'committee', 'station'])[1 + n %% 3] END,
        CASE WHEN is_open THEN '' ELSE '双方和解' END, CASE WHEN NOT is_open THEN day + takes END,
        CASE WHEN is_open THEN '' ELSE '已告知' END, CASE WHEN is_open THEN '' ELSE 'satisfied' END,
        CASE WHEN NOT is_open THEN day + takes + 3 END, reopened, 8, now()
    FROM made JOIN patrols_register register USING (station_id);
INSERT INTO patrols_caseparty (case_id, role, name, phone)
    SELECT id, role, '王' || n || role, '' FROM made, unnest(ARRAY['claimant', 'respondent']) role;
INSERT INTO patrols_casestep (case_id, kind, happened_on, note, at)
    SELECT id, 'mediation', day + step, '上门调解', now() FROM made, generate_series(1, %(steps)s) step;
INSERT INTO patrols_casetransition (case_id, act, state, at, reason, happened_on, resolver)
    SELECT id, 'open', 'open', now(), '', day, '' FROM made
    UNION ALL SELECT id, 'step', 'handling', now(), '', day + step, '' FROM made, generate_series(1, %(steps)s) step
    UNION ALL SELECT id, act, state, now(), '双方和解', day + takes,
        CASE WHEN act = 'resolve' THEN (ARRAY['officer', 'committee', 'station'])[1 + n %% 3] ELSE '' END
        FROM made, (VALUES (1, 'resolve', 'resolved'), (2, 'reopen', 'handling'), (3, 'resolve', 'resolved'))
        ending (place, act, state) WHERE NOT is_open AND place > 2 - 2 * reopened
    UNION ALL SELECT id, 'close', 'closed', now(), '准予销号', day + takes + 3, '' FROM made WHERE NOT is_open;
INSERT INTO patrols_caseterm (case_id, number, level, started_on, days, unit, weekly, due_on, owner_id, ended_on,
        ending)
    SELECT id, run, level, day, 14, 'days', false, CASE WHEN NOT is_open OR n / 8 %% 4 < 3 THEN day + 14 END,
        officer_id, CASE WHEN NOT is_open THEN day + takes END, CASE WHEN is_open THEN '' ELSE 'resolved' END
    FROM made, generate_series(1, 1 + reopened) run;
INSERT INTO patrols_followupcall (case_id, round, number, due_on, owner_id, done_on, satisfaction, note, is_void)
    SELECT id, 1, call, day + takes + 7 * call, officer_id, day + takes + 7 * call, 'satisfied', '未反复', false
    FROM made, generate_series(1, 2) call WHERE is_dispute AND NOT is_open;
"""

# The figures of the roll-up as somebody would ask for them by hand.
BARE = """
SELECT station.code, count(*) FILTER (WHERE state IN ('open', 'handling', 'paused', 'referred')),
        count(*) FILTER (WHERE due_on < %(today)s), count(*) FILTER (WHERE due_on BETWEEN %(today)s AND %(sunday)s),
        count(*) FILTER (
            WHERE state IN ('open', 'handling', 'paused', 'referred') AND opened_on BETWEEN %(d7)s AND %(d0)s),
        count(*) FILTER (
            WHERE state IN ('open', 'handling', 'paused', 'referred') AND opened_on BETWEEN %(d30)s AND %(d8)s),
        count(*) FILTER (
            WHERE state IN ('open', 'handling', 'paused', 'referred') AND opened_on BETWEEN %(d90)s AND %(d31)s),
        count(*) FILTER (
            WHERE state IN ('open', 'handling', 'paused', 'referred') AND opened_on <= %(d91)s),
        count(*) FILTER (WHERE opened_on BETWEEN %(start)s AND %(end)s)
    FROM patrols_case "case" JOIN villages_village village ON village.id = village_id
    JOIN villages_unit station ON station.id = station_id GROUP BY 1
""", """
SELECT coalesce(station.code, ''), count(*) FILTER (WHERE act = 'resolve'),
        count(*) FILTER (WHERE act = 'resolve' AND last.resolver IN ('officer', 'committee')),
        count(*) FILTER (WHERE act = 'reopen'),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY happened_on - opened_on) FILTER (WHERE act = 'resolve')
    FROM (SELECT DISTINCT ON (case_id, act) case_id, act, happened_on, resolver FROM patrols_casetransition
        WHERE act IN ('resolve', 'reopen') AND happened_on BETWEEN %(start)s AND %(end)s
        ORDER BY case_id, act, id DESC) last
    JOIN patrols_case "case" ON "case".id = case_id
    JOIN villages_village village ON village.id = village_id JOIN villages_unit station ON station.id = station_id
    GROUP BY ROLLUP (station.code)
""", """
SELECT station.code, count(DISTINCT case_id),
        count(DISTINCT case_id) FILTER (WHERE ended_on IS NULL OR ended_on > term.due_on)
    FROM patrols_caseterm term JOIN patrols_case "case" ON "case".id = case_id
    JOIN villages_village village ON village.id = village_id JOIN villages_unit station ON station.id = station_id
    WHERE term.due_on BETWEEN %(start)s AND %(end)s AND (term.due_on < %(today)s OR ended_on IS NOT NULL)
        AND NOT (ending IN ('replaced', 'merged') AND ended_on IS NOT NULL AND ended_on <= term.due_on)
    GROUP BY 1
""", """
SELECT station.code, sum(household_total) FROM villages_village JOIN villages_unit station ON station.id = station_id
    WHERE valid_to IS NULL GROUP BY 1
"""  # fmt: skip

# In the order of the bare statements.
STANDING, MOVED, JUDGED = ("unresolved", *TODAY, "opened"), ("resolved", "in_village", "reopened"), ("due", "late")

PAGES = {
    "list": "ledger",
    "past its day": "ledger?when=overdue&sort=due",
    "unresolved, by village": "ledger?state=unresolved&sort=village",
    "search": "ledger?text=纠纷1",
    "by station": "ledger_stations",
    "situation": "situation",
}


def run(say: Callable[[str], None], options: Mapping[str, Any]) -> None:
    """The bench "ledger"."""
    size = SMALL if options["small"] else FULL
    with transaction.atomic(), connection.cursor() as cursor:
        make_places(cursor, [(f"{510118000000 + n}", f"村{n}") for n in range(size.villages)])
        cursor.execute("UPDATE villages_village SET household_total = 800")
    clients = {"brigade": client_as(Role.BRIGADE), "station": client_as(Role.STATION_CHIEF, Unit.objects.all()[0])}
    addresses = {
        (who, name): f"{reverse(place)}?{query}"
        for who in clients
        for name, (place, _mark, query) in ((name, page.partition("?")) for name, page in PAGES.items())
    }
    _more(0, size.few)
    few = {key: _queries(clients[key[0]], url) for key, url in addresses.items()}
    _more(size.few, size.cases)
    counts = [model._default_manager.count() for model in (Case, CaseStep, CaseTerm, CaseTransition)]
    say("cases {}, steps {}, runs of the clock {}, acts {}".format(*counts))
    took = best_of(*(partial(_ask, clients[who], url) for (who, _name), url in addresses.items()), runs=size.runs)
    for (key, url), seconds in zip(addresses.items(), took, strict=True):
        many = _queries(clients[key[0]], url)
        say(f"{key[0]}, {key[1]}: {seconds * 1000:.0f} ms, {many} queries ({few[key]} over {size.few} cases)")
        if many != few[key]:
            raise RuntimeError(f"{url} asks {many} times over {size.cases} cases, {few[key]} times over {size.few}")
    _roll_up(say, size.runs)


def _roll_up(say: Callable[[str], None], runs: int) -> None:
    today = timezone.localdate()
    span = Quarter.of(today).previous()
    user, by = User.objects.get(username=f"bench-{Role.BRIGADE}"), DIMENSIONS["station"]
    found = roll_up(user, by, span, today)
    standing, moved, judged, _households = bare_sql(span, today)
    for line in found.lines:
        code = line.place.code
        ours = tuple(line.counts[name] for name in (*STANDING, *MOVED, *JUDGED)), line.median
        *counts, median = moved.get(code, (0, 0, 0, None))  # a station of which nothing was done has no line by hand
        by_hand = (*standing[code], *counts, *judged.get(code, (0, 0))), median
        if ours != by_hand:
            raise RuntimeError(f"the bare SQL counts otherwise than the roll-up: {by_hand}, {line}")
    if moved[""] != (*(found.total.counts[name] for name in MOVED), found.total.median):
        raise RuntimeError(f"the bare SQL has another total than the roll-up: {moved['']}, {found.total}")
    bare, took = best_of(partial(bare_sql, span, today), partial(roll_up, user, by, span, today), runs=6 * runs)
    say(
        f"roll-up of {len(found.lines)} stations: {took * 1000:.1f} ms, bare SQL {bare * 1000:.1f} ms,"
        f" ratio {took / bare:.2f} (limit 1.50)"
    )


def bare_sql(span: Span, today: date) -> list[dict[str, tuple]]:
    """The aggregates of the roll-up alone, fetched by the driver: {code of the station: figures} of each statement."""
    values: dict[str, Any] = {
        "start": span.start,
        "end": span.end,
        "today": today,
        "sunday": today + timedelta(days=6 - today.weekday()),
        **{f"d{days}": today - timedelta(days=days) for days in (0, 7, 8, 30, 31, 90, 91)},
    }
    found = []
    with connection.cursor() as cursor:
        for statement in BARE:
            cursor.execute(statement, values)
            found.append({code: tuple(figures) for code, *figures in cursor.fetchall()})
    return found


def _more(first: int, last: int) -> None:
    """The cases from number `first` up to `last`."""
    values: dict[str, Any] = {"today": timezone.localdate(), "first": first, "last": last, "steps": STEPS, "days": DAYS}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CASES, values)
    settle()


def _ask(client: Client, url: str) -> None:
    answer = client.get(url)
    if answer.status_code != 200:
        raise RuntimeError(f"{url} answered {answer.status_code}")


def _queries(client: Client, url: str) -> int:
    _ask(client, url)  # what is read once for each process
    with CaptureQueriesContext(connection) as captured:
        _ask(client, url)
    return len(captured)
