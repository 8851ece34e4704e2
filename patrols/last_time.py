"""What may honestly be taken over from the last log: who came along.

Never households, hours, numbers of people or texts: they are facts of the day, and a copied fact is an invented one.
"""

from patrols.choices import VisitState
from patrols.models import Visit
from villages.models import Officer


def companions_of_last_time(visit: Visit) -> list[Officer]:
    """Those who came along to the author's last visit to the same village that was handed in."""
    earlier = Visit.objects.filter(officer=visit.officer_id, village=visit.village_id, state=VisitState.SUBMITTED)
    last = earlier.exclude(pk=visit.pk).order_by("-visited_on", "-started_at", "id").first()
    if last is None:
        return []
    there = last.attendees.exclude(officer=visit.officer_id).select_related("officer")
    return [attendee.officer for attendee in there.order_by("officer__pinyin", "id")]
