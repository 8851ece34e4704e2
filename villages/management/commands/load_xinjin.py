from typing import Any

from django.core.management.base import BaseCommand

from villages.official_list import load_official


class Command(BaseCommand):
    help = "Adds the 8 stations, the other units, the 8 townships and the 81 villages of Xinjin; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_official(by=None)
        self.stdout.write(f"{loaded.added} added, {loaded.changed} changed")
