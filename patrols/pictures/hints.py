"""What about a photo an inspector may want to look at (督察抽查, R11, R17): a hint, never a verdict, never a score.

Copies are noticed when a photo arrives, hours when its log is handed in, for only then are the visit's own settled.
Nothing here tells the officer, and no metric reads it (tests/contracts/test_photos_are_never_scored.py).
"""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.choices import HintKind, HintOutcome
from patrols.models import Photo, PhotoHint, Visit
from patrols.pictures.likeness import ALIKE, Print
from xinjin.audit.trail import record
from xinjin.errors import Conflict

# A camera's clock is rarely right to the minute, and one takes a picture on the way in or out.
LEEWAY = timedelta(hours=1)
LONG_BEFORE = timedelta(days=7)
# A picture that is everywhere need not be shown everywhere.
MOST_OTHERS = 10
TIMES = (HintKind.OTHER_TIME, HintKind.LONG_BEFORE)

# One at a time for the whole bureau, or two senders of one picture would not see each other.
TAKE_TURNS = "SELECT pg_advisory_xact_lock(hashtext('patrols.pictures.hints'))"
# The new picture as a whole against all rows, its crops against wholes; rows of the same visit are no news.
ALIKE_ROWS = """
WITH near AS (
    SELECT photo_id, bit_count((row.across # %(across)s)::bit(64)) + bit_count((row.down # %(down)s)::bit(64)) AS bits
    FROM patrols_photoprint row
  UNION ALL
    SELECT photo_id, bit_count((row.across # cut.across)::bit(64)) + bit_count((row.down # cut.down)::bit(64))
    FROM patrols_photoprint row, unnest(%(cuts_across)s::bigint[], %(cuts_down)s::bigint[]) cut (across, down)
    WHERE row.is_whole
)
SELECT photo.id, min(near.bits) FROM near JOIN patrols_photo photo ON photo.id = near.photo_id
WHERE near.bits <= %(most)s AND photo.visit_id <> %(visit)s AND photo.sha256 <> %(sha256)s
GROUP BY photo.id ORDER BY 2, 1 LIMIT %(limit)s
"""


def notice_copies(photo: Photo, prints: list[Print]) -> None:
    """Hints on earlier photos of other visits that are the same file or look alike; part of the arrival of `photo`."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_TURNS)
    same = Photo.objects.filter(sha256=photo.sha256).exclude(visit=photo.visit_id).order_by("uploaded_at", "id")
    hints = [PhotoHint(photo=photo, kind=HintKind.COPY, other=other) for other in same[:MOST_OTHERS]]
    hints += [
        PhotoHint(photo=photo, kind=HintKind.ALIKE, other_id=other, distance=bits)
        for other, bits in look_alikes(photo, prints)
    ]
    PhotoHint.objects.bulk_create(hints)


def look_alikes(photo: Photo, prints: list[Print]) -> list[tuple[Any, int]]:
    """(photo of another visit, bits that differ), the most alike first. One statement over all prints there are."""
    if not prints:
        return []
    whole, *cuts = prints
    with connection.cursor() as cursor:
        cursor.execute(
            ALIKE_ROWS,
            {
                "across": whole.across,
                "down": whole.down,
                "cuts_across": [cut.across for cut in cuts],
                "cuts_down": [cut.down for cut in cuts],
                "most": ALIKE,
                "visit": photo.visit_id,
                "sha256": photo.sha256,
                "limit": MOST_OTHERS,
            },
        )
        return cursor.fetchall()


def notice_times(visit: Visit) -> None:
    """Hints on photos of a log now handed in whose cameras tell of another hour; those looked at stay as they are."""
    stale = PhotoHint.objects.filter(photo__visit=visit, kind__in=TIMES, outcome=HintOutcome.NEW)
    stale.delete()
    hints = [
        PhotoHint(photo=photo, kind=kind)
        for photo in visit.photos.exclude(taken_at=None)
        if photo.taken_at and (kind := time_hint(visit, photo.taken_at))
    ]
    PhotoHint.objects.bulk_create(hints, ignore_conflicts=True)


def time_hint(visit: Visit, taken_at: datetime) -> HintKind | None:
    """What the camera's clock says against the visit's day and hours."""
    start = _moment(visit, visit.started_at) - LEEWAY
    end = _moment(visit, visit.ended_at) + LEEWAY
    if start <= taken_at <= end:
        return None
    return HintKind.LONG_BEFORE if taken_at < start - LONG_BEFORE else HintKind.OTHER_TIME


def _moment(visit: Visit, hour: Any) -> datetime:
    return timezone.make_aware(datetime.combine(visit.visited_on, hour))


@transaction.atomic
def judge_hint(*, by: Any, hint: PhotoHint, outcome: str, reason: str) -> PhotoHint:
    """An inspector has looked and says whether it is harmless or to be asked, and why. Once; then it stands."""
    held = PhotoHint.objects.select_for_update(of=("self",)).select_related("photo__visit").get(pk=hint.pk)
    if held.outcome != HintOutcome.NEW:
        raise Conflict(_("Somebody else has looked at this hint in the meantime."))
    if outcome not in (HintOutcome.HARMLESS, HintOutcome.TO_ASK):
        raise ValidationError({"outcome": _("Say whether it is harmless or to be asked.")})
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    held.outcome, held.reason = outcome, reason.strip()
    held.looked_at, held.looked_by = timezone.now(), by
    held.full_clean(exclude=("photo", "other"))
    held.save()
    record(
        by,
        "judge hint",
        held.photo.visit,
        {"photo": held.photo_id, "kind": held.kind, "outcome": outcome, "reason": held.reason},
    )
    return held
