"""Villages that become one (合村并居): each ends with its people's places; its households go on in the merged one.

A merged village stays as a row, so visits, assignments and scores of the past keep the village of their day. Households
are the same families in the same houses, so their rows move and bring their calls along; since an address such as
3组12号 is one within a village only, it is led by the name of the village that it came from. The merged village has as
many households and people as they had together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat, Length
from django.utils import timezone
from django.utils.translation import gettext as _

from villages.changing_hands import move
from villages.models import Household, Village
from villages.models.dated import day_before
from villages.roster import save_village
from xinjin.audit.trail import record, record_many
from xinjin.races import one_winner


@dataclass(frozen=True)
class Ending:
    """What a merger does to one village."""

    village: Village
    households: int
    assignments: list[Any]
    posts: int
    contacts: int


def preview(sources: Iterable[Village], day: date) -> list[Ending]:
    """What would end and move on `day`; nothing is written."""
    last_day = day_before(day)
    return [
        Ending(
            village=source,
            households=source.households.count(),
            assignments=list(
                source.assignments.exclude(end_on__lte=last_day).select_related("officer").order_by("slot", "start_on")
            ),
            posts=source.party_posts.exclude(end_on__lte=last_day).count(),
            contacts=source.contacts.exclude(end_on__lte=last_day).count(),
        )
        for source in sources
    ]


def merge_villages(*, by: Any, sources: Iterable[Village], target: Village, day: date) -> Village:
    """From `day` on the `sources` are part of `target`, which exists already or is added with that day.

    All or nothing. Raises ValidationError when one of them does not exist up to that day, somebody still begins a place
    there after it, or the day is still to come.
    """
    with one_winner():
        is_new = target.pk is None
        if is_new:
            target.valid_from = day
            save_village(target, by=by)
        held = _hold([*sources, target])
        into = held.pop(target.pk)
        ending = sorted(held.values(), key=lambda village: village.code)
        _check(ending, into, day)
        for source in ending:
            _end(by, source, into, day)
        _add_up(by, into, ending if is_new else [into, *ending])
        moved = {village.code: village.name for village in ending}
        record(by, "merge", into, {"day": day.isoformat(), "villages": ", ".join(f"{n} {c}" for c, n in moved.items())})
    return into


def _hold(villages: Iterable[Village]) -> dict[int, Village]:
    """All of them, locked in the order of their keys, so that two mergers never wait for each other."""
    rows = Village.objects.select_for_update(of=("self",), no_key=True).filter(pk__in={v.pk for v in villages})
    return {row.pk: row for row in rows.order_by("pk")}


def _check(sources: list[Village], target: Village, day: date) -> None:
    if not sources:
        raise ValidationError(_("Choose at least one village that is merged into another one."))
    if day > timezone.localdate():
        raise ValidationError({"day": _("This day is still to come: merge the villages on the day itself.")})
    if not target.exists_on(day):
        raise ValidationError({"target": _("%(village)s does not exist on this day.") % {"village": target.name}})
    for source in sources:
        if source.valid_from >= day or source.valid_to is not None:
            raise ValidationError(
                {"day": _("%(village)s did not exist up to this day, or has ended already.") % {"village": source.name}}
            )


def _end(by: Any, source: Village, target: Village, day: date) -> None:
    move(by, source, target, day)
    _move_households(by, source, target)
    source.valid_to, source.merged_into = day_before(day), target
    try:
        save_village(source, by=by)
    except ValidationError as error:
        raise ValidationError({"day": [f"{source.name}: {message}" for message in error.messages]}) from error


def _add_up(by: Any, target: Village, parts: list[Village]) -> None:
    """Gives `target` the households and people of its `parts`; none, to be asked anew, where one of them says none."""
    for field in ("household_total", "population"):
        numbers = [getattr(part, field) for part in parts]
        setattr(target, field, None if None in numbers else sum(numbers))
    save_village(target, by=by)


def led(rows: QuerySet[Household], village: Village) -> QuerySet[Household]:
    """`rows` with the address that they have after a merger, as `new_address`."""
    return rows.annotate(new_address=Concat(Value(village.name), "address"))


def _move_households(by: Any, source: Village, target: Village) -> None:
    rows = led(source.households.all(), source)
    longest = Household._meta.get_field("address").max_length or 0
    too_long = rows.annotate(size=Length("new_address")).filter(size__gt=longest).order_by("pk").first()
    if too_long is not None:
        raise ValidationError(
            {
                "day": _("The address %(address)s is too long to be led by the village's name: shorten it first.")
                % {"address": too_long.address}
            }
        )
    moved: list[Any] = list(rows.order_by("pk"))
    events: list[tuple[Any, dict | None]] = [
        (
            household,
            {"changes": {"village": [source.pk, target.pk], "address": [household.address, household.new_address]}},
        )
        for household in moved
    ]
    source.households.update(village=target, address=Concat(Value(source.name), "address"))
    record_many(by, "move", events)
