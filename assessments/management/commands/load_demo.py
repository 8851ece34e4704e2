from datetime import date, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

import assessments
from assessments.demo import (
    base_info,
    briefings,
    closing,
    councils,
    follow_through,
    journal,
    ledger,
    paperwork,
    people,
    plans,
    second_thoughts,
    turnover,
    work,
)
from patrols.reminders import sweep
from villages.models import Officer
from xinjin.periods import Month


class Command(BaseCommand):
    help = "Makes up people and months of work in the real Xinjin: visits, reports, assessed months, issued quarters."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--months", type=int, default=12, help="whole months before the running one (1 to 36)")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--today", type=date.fromisoformat, help="the day to pretend, YYYY-MM-DD")
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there are people already")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("demo data is made in the demo profile only")
        if not 1 <= options["months"] <= 36:
            raise CommandError("--months must be between 1 and 36")
        if Officer.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("there are people in the database already")
        today = options["today"] or timezone.localdate()
        with transaction.atomic():
            self.make(options["seed"], today, first_day(today, options["months"]))

    def make(self, seed: int, today: date, since: date) -> None:
        self.step("places", lambda: call_command("load_xinjin", verbosity=0))
        rubric = Path(assessments.__file__).with_name("rubrics") / "2022.toml"
        self.step("rubric", lambda: call_command("load_rubric", str(rubric), verbosity=0))
        roster = self.step("people", lambda: people.make_people(seed=seed, today=today, since=since))
        self.step("turnover", lambda: turnover.make_turnover(roster))
        self.step("visits", lambda: work.make_work(roster))
        self.step("plans", lambda: plans.make_plans(roster))
        self.step("journal", lambda: journal.make_journal(roster))
        self.step("ledger", lambda: ledger.make_ledger(roster))
        self.step("base info", lambda: base_info.make_base_info(roster))
        self.step("incidents and briefings", lambda: briefings.make_briefings(roster))
        self.step("councils", lambda: councils.make_councils(roster))
        self.step("what follows", lambda: follow_through.follow_through(roster))
        self.step("reports", lambda: paperwork.make_paperwork(roster))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # or the planner takes a year of visits for an empty table
        self.step("months and quarters", lambda: closing.close(roster))
        self.step("drafts and corrections", lambda: second_thoughts.think_again(roster))
        self.step("reminders", sweep)

    def step(self, name: str, make: Any) -> Any:
        started = monotonic()
        made = make()
        self.stdout.write(f"  {name}: {monotonic() - started:.1f} s")
        return made


def first_day(today: date, months: int) -> date:
    """The first day of the month `months` before the running one."""
    month = Month.of(today)
    for _ in range(months):
        month = Month.of(month.start - timedelta(days=1))
    return month.start
