from typing import Any

from django.core.management.base import BaseCommand

from xinjin.idempotency.replay import forget_answers


class Command(BaseCommand):
    help = "Removes stored answers of the API that have expired; harmless however often it runs."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{forget_answers()} stored answers removed")
