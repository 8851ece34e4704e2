"""How fast a month closes over a province, against the bare SQL of the same aggregates and against a longer history."""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import CommandError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments import monthly
from assessments.bench.data import make_month, make_places
from assessments.models import Assessment, AssessmentMonth
from assessments.rubric_loading import RUBRICS, load_rubric
from patrols.duties import held_in
from patrols.ledger.metrics import OWNER_METRICS
from patrols.metrics import METRICS
from patrols.models import Visit
from patrols.report_metrics import on_time_by_officer
from xinjin.accounts.models import RoleGrant, User
from xinjin.accounts.roles import Role
from xinjin.periods import Month

RUNS = 5
SMALL = {"count": 16, "history": 2, "villages": None}


def best_of(*acts: Callable[[], Any], runs: int = RUNS) -> list[float]:
    """Seconds of each, the fastest of some runs in which they take turns."""
    return [min(times) for times in zip(*([_seconds(act) for act in acts] for _run in range(runs)), strict=True)]


def _seconds(act: Callable[[], Any]) -> float:
    started = perf_counter()
    act()
    return perf_counter() - started


def run(say: Callable[[str], None], options: Mapping[str, Any]) -> None:
    """The bench "spine"."""
    options = {**options, **SMALL} if options["small"] else options
    villages = _villages(options["villages"], options["count"])
    month = monthly.last_openable(timezone.localdate())
    load_rubric(by=None, path=RUBRICS / "2022.toml")
    with connection.cursor() as cursor:
        make_places(cursor, villages)
    measure(say, month, options["history"])


def _villages(path: Path | None, count: int) -> list[tuple[str, str]]:
    if path is None:
        return [(f"{510000000000 + number}", f"V{number}") for number in range(count)]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [(row["code"], row["name"]) for row in csv.DictReader(file)]
    except (OSError, KeyError) as error:
        raise CommandError(f"{path}: no readable list of villages ({error})") from error


def bare_sql(month: Month) -> None:
    """The aggregates alone, of what is done and of what is owed, fetched by the driver."""
    done = [metric.grouped(month.counted) for metric in METRICS.values()]
    owned = [metric.grouped(month.counted) for metric in OWNER_METRICS.values()]
    with connection.cursor() as cursor:
        for rows in (held_in(month.counted), on_time_by_officer(month), *done, *owned):
            cursor.execute(*rows.query.sql_with_params())
            cursor.fetchall()


def forget(month: Month) -> None:
    """The month as if it had never been opened."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE assessments_assessment")
    AssessmentMonth.objects.filter(pk=month.key).delete()


def close(month: Month) -> None:
    """What the night's job does: collects, scores and writes everybody's card."""
    monthly.open_month(by=None, month=month)


def close_and_compare(month: Month) -> list[float]:
    """[seconds of closing the month, of its aggregates alone]."""
    return best_of(lambda: forget(month), lambda: close(month), lambda: bare_sql(month))[1:]


def settle() -> None:
    """Statistics as an old database has them."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def fill(months: list[Month]) -> None:
    """A month of work for each of `months`."""
    for month in months:
        with transaction.atomic(), connection.cursor() as cursor:
            make_month(cursor, month)
    settle()


def list_page_queries() -> tuple[int, int]:
    """(queries of the list of visits, visits that it pages through)."""
    user = User.objects.create(username="bench", display_name="bench")
    RoleGrant.objects.create(user=user, role=Role.BRIGADE, granted_at=timezone.now(), granted_reason="bench")
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        page = client.get(reverse("visit_list"))
    if page.status_code != 200:
        raise RuntimeError(f"the list of visits answered {page.status_code}")
    return len(captured), Visit.objects.count()


def measure(say: Callable[[str], None], month: Month, history: int) -> None:
    """Prints seconds and ratios; `history` is how many times the month's visits the table holds at the end."""
    fill([month])
    first, bare = close_and_compare(month)
    say(f"people {Assessment.objects.count()}, visits {Visit.objects.count()}")
    say(f"bare SQL {bare:.2f} s, closing the month {first:.2f} s, ratio {first / bare:.2f} (limit 1.50)")
    queries, visits = list_page_queries()
    say(f"list page: {queries} queries over {visits} visits (limit 12)")
    if history > 1:
        earlier = [month]
        for _step in range(history - 1):
            earlier.append(earlier[-1].previous())
        fill(earlier[1:])
        later, _bare = close_and_compare(month)
        say(f"with {history} times the visits: {later:.2f} s, ratio to itself {later / first:.2f} (limit 1.10)")
