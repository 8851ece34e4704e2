"""What a village's people told one another in the last weeks (R4); the demo people find some of it unread."""

from datetime import datetime, time, timedelta
from random import Random

from django.utils import timezone

from assessments.demo import phrases
from assessments.demo.roster import Roster
from villages.choices import JournalKind, Slot
from villages.models import JournalEntry, JournalRead, Officer, Village

DAYS = 70
# What was written on the last days has not been read by everybody yet.
FRESH = 4


def make_journal(roster: Roster) -> None:
    """A few entries a village; a random source of its own, so that the rest of the demo stays as it is."""
    random = Random("journal")  # noqa: S311
    clerks = {officer.unit_id: officer for officer in roster.officers if officer.post == "内勤"}
    entries, readers = [], []
    for village in Village.objects.order_by("code"):
        people = [roster.holders[village.pk, slot] for slot in (Slot.OFFICER, Slot.AUXILIARY)]
        people.append(clerks[village.station_id])
        days = sorted({random.randrange(1, DAYS) for _ in range(random.choice([3, 4, 6]))} | {random.choice([1, 2, 3])})
        for position, days_ago in enumerate(reversed(days)):
            author = random.choice(people)
            entries.append(_entry(roster, random, village, author, days_ago, is_first=position == 0))
            station = [roster.chiefs[village.station_id]]
            readers.append([person for person in [*people, *station] if person != author and days_ago > FRESH])
    JournalEntry.objects.bulk_create(entries, batch_size=1000)
    JournalRead.objects.bulk_create(
        [
            JournalRead(
                entry=entry, officer=reader, read_at=entry.written_at + timedelta(hours=random.randrange(1, 30))
            )
            for entry, people in zip(entries, readers, strict=True)
            for reader in people
        ],
        batch_size=5000,
    )


def _entry(
    roster: Roster, random: Random, village: Village, author: Officer, days_ago: int, *, is_first: bool
) -> JournalEntry:
    kind, text = random.choice([(kind, text) for kind in JournalKind.values for text in phrases()["journal"][kind]])
    day = roster.today - timedelta(days=days_ago)
    at = timezone.make_aware(datetime.combine(day, time(8 + random.randrange(10), random.randrange(60))))
    pinned = is_first and random.random() < 0.4
    if pinned:
        kind, text = JournalKind.NOTICE, random.choice(phrases()["journal"]["pinned"])
    return JournalEntry(
        village=village, author=author, kind=kind, text=text, is_pinned=pinned, written_at=at, stands_since=at
    )
