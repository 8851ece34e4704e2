from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from patrols.attachments.files import sweep_attachments
from patrols.pictures.files import sweep_photos


class Command(BaseCommand):
    help = "Removes files of photos and of steps that no row owns, and names the rows whose files are missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hours", type=float, default=24, help="leave files younger than this alone (24)")

    def handle(self, *args: Any, **options: Any) -> None:
        older_than = timedelta(hours=options["hours"])
        swept, attached = sweep_photos(older_than=older_than), sweep_attachments(older_than=older_than)
        self.stdout.write(f"{swept.removed + attached.removed} files removed")
        for photo in swept.missing:
            self.stdout.write(f"photo {photo}: a file is missing")
        for row in attached.missing:
            self.stdout.write(f"attachment {row}: its file is missing")
