from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from patrols.pictures.files import sweep_photos


class Command(BaseCommand):
    help = "Removes files of photos that no photo owns, and names photos whose files are missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hours", type=float, default=24, help="leave files younger than this alone (24)")

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweep_photos(older_than=timedelta(hours=options["hours"]))
        self.stdout.write(f"{swept.removed} files removed")
        for photo in swept.missing:
            self.stdout.write(f"photo {photo}: a file is missing")
