from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from xinjin.access.wording import access_document

PATH = settings.BASE_DIR / "docs" / "access.md"


class Command(BaseCommand):
    help = "Writes docs/access.md, the rights of every role in words; --check fails when it is stale."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the document is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        document = access_document()
        stored = PATH.read_text(encoding="utf-8") if PATH.exists() else None
        if stored == document:
            self.stdout.write("docs/access.md is up to date")
        elif options["check"]:
            raise CommandError("docs/access.md is stale: run manage.py access_matrix")
        else:
            PATH.write_text(document, encoding="utf-8")
            self.stdout.write("docs/access.md written")
