from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from assessments.rubric_loading import load_rubric


class Command(BaseCommand):
    """Loads a rubric; loading the same file again changes nothing."""

    help = "Loads a scoring rubric from a TOML file."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rubric, changed = load_rubric(by=None, path=options["file"])
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(f"{rubric.code}: {'loaded' if changed else 'unchanged'}")
