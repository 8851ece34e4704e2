"""Keeping the visit standards (每次入户不少于5户、办1件实事, R10): rows with a date, changed by the brigade.

A visit carries the norm of its day from the moment it is saved. A standard cannot be changed any more once a visit was
handed in under it: another one follows it from a later day, so that no log is judged by what came afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from patrols.models import Visit, VisitStandard
from patrols.standards import DEFAULT_MINIMUMS, would_meet
from villages.choices import Slot
from xinjin.audit.trail import save_recorded
from xinjin.periods import Span
from xinjin.races import one_winner


def save_standard(standard: VisitStandard, *, by: Any) -> VisitStandard:
    """Adds or changes a standard; one for each place and first day, and none that reaches back to visits handed in."""
    with one_winner():
        kept = VisitStandard.objects.select_for_update().filter(pk=standard.pk).first() if standard.pk else None
        if kept is None or _figures(kept) != _figures(standard):
            for row in filter(None, (kept, standard)):
                _require_untouched(row)
        return save_recorded(standard, by=by)


def _figures(standard: VisitStandard) -> tuple[Any, ...]:
    return (standard.slot, standard.start_on, *(getattr(standard, name) for name in DEFAULT_MINIMUMS))


def _require_untouched(standard: VisitStandard) -> None:
    if standard.start_on is None or standard.slot not in Slot.values:
        return  # the row's own fields say what is wrong with them
    count = handed_in_under(standard).count()
    if count:
        message = _(
            "%(count)s visits have been handed in since %(day)s and keep their standard. "
            "Add a standard that begins on a later day."
        )
        raise ValidationError({"start_on": message % {"count": count, "day": f"{standard.start_on:%Y-%m-%d}"}})


def handed_in_under(standard: VisitStandard) -> QuerySet[Visit]:
    """The visits of the place, once handed in, on the days for which the standard holds or would hold."""
    later = VisitStandard.objects.filter(slot=standard.slot, start_on__gt=standard.start_on).exclude(pk=standard.pk)
    following = later.order_by("start_on").values_list("start_on", flat=True).first()
    visits = of_place(standard.slot).filter(submitted_at__isnull=False, visited_on__gte=standard.start_on)
    return visits.filter(visited_on__lt=following) if following else visits


def of_place(slot: str) -> QuerySet[Visit]:
    """The visits whose author held such a place in the village when they were handed in."""
    return Visit.objects.filter(attendees__officer=F("officer"), attendees__assignment__slot=slot)


@dataclass(frozen=True)
class Preview:
    """Of `total` visits, how many were up to standard, and how many would be under other figures."""

    span: Span
    total: int
    before: int
    after: int


def preview(slot: str, minimums: Mapping[str, int], span: Span) -> Preview:
    """What other figures would have meant for the visits of `span` that count; nothing is changed by asking."""
    found = (
        of_place(slot)
        .filter(is_counting=True, visited_on__range=(span.start, span.end))
        .aggregate(
            total=Count("pk"),
            before=Count("pk", filter=Q(is_up_to_standard=True)),
            after=Count("pk", filter=would_meet(minimums)),
        )
    )
    return Preview(span, **found)


def in_force(day: date) -> dict[str, VisitStandard]:
    """The standard of each place that holds on `day`."""
    rows = VisitStandard.objects.filter(start_on__lte=day).order_by("slot", "-start_on").distinct("slot")
    return {row.slot: row for row in rows}
