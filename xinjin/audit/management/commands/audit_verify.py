from django.core.management.base import BaseCommand, CommandError

from xinjin.audit.models import Event


class Command(BaseCommand):
    help = "Checks every event of the audit trail against its digest."

    def handle(self, *args, **options) -> None:
        checked, broken = 0, []
        for event in Event.objects.order_by("id").iterator(chunk_size=2000):
            checked += 1
            if event.digest != event.expected_digest():
                broken.append(event.pk)
        if broken:
            raise CommandError(f"{len(broken)} of {checked} events were changed: {broken[:20]}")
        self.stdout.write(f"{checked} events, all as written")
