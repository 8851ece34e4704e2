from typing import Any

from django.core.management.base import BaseCommand

from xinjin.jobs import runs


class Command(BaseCommand):
    help = "Performs the background jobs that wait, here and now, and deletes old ones; needs neither worker nor Redis."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{runs.sweep(begin=runs.perform_all)} background jobs begun")
