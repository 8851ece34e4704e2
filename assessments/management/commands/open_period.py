from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from assessments.monthly import open_period
from xinjin import periods
from xinjin.errors import Conflict


class Command(BaseCommand):
    """Computes a month and opens it to objection; the same as the nightly job, for any month (design §7)."""

    help = "Opens a month (YYYY-MM) for assessment; by default the newest month whose logs and reports were all due."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("key", nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            month = periods.parse_as(periods.Month, options["key"]) if options["key"] else None
            opened = open_period(by=None, month=month)
        except (periods.PeriodError, Conflict) as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        if opened is None:
            self.stdout.write("locked already")
        else:
            self.stdout.write(f"{opened.key}: {opened.assessments.count()} assessments")
