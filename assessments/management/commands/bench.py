import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from assessments import monthly
from assessments.bench import data, people, spine
from assessments.rubric_loading import RUBRICS, load_rubric

SCRATCH = "xinjin_bench"


class Command(BaseCommand):
    help = "Measures speed in a scratch database of its own and prints ratios."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", choices=["spine", "people"])
        parser.add_argument("--villages", type=Path, help="a CSV with the columns code and name")
        parser.add_argument("--count", type=int, default=34_412, help="how many villages to make up without a file")
        parser.add_argument("--history", type=int, default=10, help="times the month's visits for the second measure")

    def handle(self, *args: Any, **options: Any) -> None:
        villages = _villages(options["villages"], options["count"])
        with scratch_database():
            call_command("migrate", verbosity=0)
            if options["what"] == "people":
                people.measure(self.stdout.write)
                return
            month = monthly.last_openable(timezone.localdate())
            load_rubric(by=None, path=RUBRICS / "2022.toml")
            with connection.cursor() as cursor:
                data.make_places(cursor, villages)
            spine.measure(self.stdout.write, month, options["history"])


def _villages(path: Path | None, count: int) -> list[tuple[str, str]]:
    if path is None:
        return [(f"{510000000000 + number}", f"V{number}") for number in range(count)]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [(row["code"], row["name"]) for row in csv.DictReader(file)]
    except (OSError, KeyError) as error:
        raise CommandError(f"{path}: no readable list of villages ({error})") from error


@contextmanager
def scratch_database() -> Iterator[None]:
    """The default connection on a database of its own, which is dropped afterwards."""
    settings = connection.settings_dict
    name = settings["NAME"]
    _administer(f"DROP DATABASE IF EXISTS {SCRATCH}", f"CREATE DATABASE {SCRATCH} TEMPLATE template0 ENCODING 'UTF8'")
    connection.close()
    settings["NAME"] = SCRATCH
    try:
        yield
    finally:
        connection.close()
        settings["NAME"] = name
        _administer(f"DROP DATABASE IF EXISTS {SCRATCH}")


def _administer(*statements: str) -> None:
    settings = connection.settings_dict
    session = psycopg2.connect(
        host=settings["HOST"],
        port=settings["PORT"] or None,
        user=settings["USER"],
        password=settings["PASSWORD"],
        dbname="postgres",
    )
    session.autocommit = True
    try:
        with session.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        session.close()
