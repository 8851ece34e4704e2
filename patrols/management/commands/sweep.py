from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from patrols.drafts import tidy_drafts
from patrols.reminders import sweep


class Command(BaseCommand):
    help = "Delivers the reminders that are due (R22), tidies forgotten drafts; harmless however often it runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, help="replay this day, YYYY-MM-DD; default: today")

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweep(day=options["date"])
        self.stdout.write(f"{swept.created} reminders stored, {swept.delivered} delivered")
        tidied = tidy_drafts()
        self.stdout.write(f"{tidied.told} drafts told of, {tidied.deleted} deleted")
