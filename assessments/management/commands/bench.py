from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from psycopg2.sql import SQL, Composable, Identifier

from assessments.bench import ledger, people, photos, spine, visits

SUFFIX = "_bench"
# What can be measured: each fills an empty database and prints with the function that it is given.
BENCHES: dict[str, Callable[[Callable[[str], None], Mapping[str, Any]], None]] = {
    "ledger": ledger.run,
    "people": people.run,
    "photos": photos.run,
    "spine": spine.run,
    "visits": visits.run,
}


class Command(BaseCommand):
    help = "Measures speed in a scratch database of its own."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", choices=sorted(BENCHES))
        parser.add_argument("--small", action="store_true", help="on the smallest scale: whether it runs, not how fast")
        spine_only = parser.add_argument_group("spine")
        spine_only.add_argument("--villages", type=Path, help="a CSV with the columns code and name")
        spine_only.add_argument("--count", type=int, default=34_412, help="how many villages to make up without a file")
        spine_only.add_argument("--history", type=int, default=10, help="times the month's visits, second measure")
        over_http = parser.add_argument_group("over HTTP")
        over_http.add_argument("--requests", type=int, default=10_000, help="how many requests at most")
        over_http.add_argument("--clients", type=int, default=16, help="how many at once")
        over_http.add_argument("--seconds", type=int, default=600, help="when to stop at the latest")

    def handle(self, *args: Any, **options: Any) -> None:
        with scratch_database():
            call_command("migrate", verbosity=0)
            BENCHES[options["what"]](self.stdout.write, options)


@contextmanager
def scratch_database(template: str = "template0") -> Iterator[None]:
    """The default connection on a database of its own, made from `template` and dropped afterwards."""
    settings = connection.settings_dict
    name = settings["NAME"]
    scratch = name + SUFFIX
    connection.close()
    drop = sql("DROP DATABASE IF EXISTS", scratch)
    _administer(drop, sql("CREATE DATABASE", scratch) + sql(" TEMPLATE", template) + SQL(" ENCODING 'UTF8'"))
    settings["NAME"] = scratch
    try:
        yield
    finally:
        connection.close()
        settings["NAME"] = name
        _administer(drop)


def sql(words: str, name: str) -> Composable:
    """Words about the database of that name."""
    return SQL(words + " {}").format(Identifier(name))


def _administer(*statements: Composable) -> None:
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
