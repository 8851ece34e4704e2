"""What a visit must have before it is handed in; every mistake is found at once.

Keys of the messages: a field of the visit, or "calls-0-household" for the household of the first call (also "deeds-",
"activities-", "base_info-"), counted in the order in which they are stored.
"""

from collections import defaultdict
from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols import standards
from patrols.models import Visit
from villages.households import home_of
from villages.models import Assignment, Household, Village
from villages.roster import save_household
from xinjin.errors import Conflict
from xinjin.periods import FIRST_YEAR, Month

Mistakes = dict[str, list[str]]
# Where the page shows what is said about a row as a whole (only a screening can be wrong so) or about the typed name.
PAGE_FIELDS = {NON_FIELD_ERRORS: "note", "entered": "household"}


def splits_of(text: str) -> list[tuple[str, str]]:
    """Every way in which "address head of household" can be a pair of address and head, the likeliest first."""
    words = text.split()
    return [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(len(words) - 1, 0, -1)]


def listed_households(village: Village, texts: list[str]) -> dict[tuple[str, str], Household]:
    """The listed households of the village by address and head, of those that the texts can mean; one query."""
    home, lead = home_of(village)
    wanted = {f"{before}{address}" for text in texts for address, _head in splits_of(text) for before in ("", lead)}
    rows = Household.objects.filter(village=home, address__in=wanted).order_by("-pk")
    written = {(row.address.removeprefix(lead), row.head_name): row for row in rows}
    return written | {(row.address, row.head_name): row for row in rows}


def household_from_text(*, by: Any, village: Village, text: str, listed: dict[tuple[str, str], Household]) -> Household:
    """The household of the village that "address head of household" names; a new one when there is none yet.

    Raises ValidationError when the text is no such pair.
    """
    splits = splits_of(text)
    if not splits:
        raise ValidationError(_("Write the address, a space, and the head of the household."))
    known = _first(listed, splits)
    if known:
        return known
    address, head = splits[0]
    home, lead = home_of(village)
    try:
        found = save_household(Household(village=home, address=f"{lead}{address}", head_name=head), by=by)
    except (Conflict, ValidationError):
        # Somebody else has added it at the same moment; any other mistake stands.
        known = find_household(village, text)
        if known is None:
            raise
        found = known
    listed[address, head] = found
    return found


def find_household(village: Village, text: str) -> Household | None:
    """The listed household of the village that "address head of household" names."""
    return _first(listed_households(village, [text]), splits_of(text))


def _first(listed: dict[tuple[str, str], Household], splits: list[tuple[str, str]]) -> Household | None:
    """The household that has been on the list longest, of those that the text can mean."""
    return min((listed[split] for split in splits if split in listed), key=lambda row: row.pk, default=None)


def resolve_households(*, by: Any, visit: Visit, calls: list) -> Mistakes:
    """Gives each call its household, adding those that are new to the village."""
    found: Mistakes = defaultdict(list)
    seen: dict[int, int] = {}
    listed = listed_households(visit.village, [call.label for call in calls])
    for number, call in enumerate(calls):
        key = f"calls-{number}-household"
        try:
            call.household = household_from_text(by=by, village=visit.village, text=call.label, listed=listed)
        except ValidationError as error:
            found[key] += error.messages
            continue
        if call.household.pk in seen:
            found[key].append(_("This household is entered twice: see row %(row)s.") % {"row": seen[call.household.pk]})
        seen.setdefault(call.household.pk, number + 1)
    return found


def part_mistakes(parts: dict[str, list], *, complete: bool) -> Mistakes:
    """What the rows' own fields refuse; fields left empty only when they must be `complete`."""
    found: Mistakes = defaultdict(list)
    for prefix, rows in parts.items():
        for number, row in enumerate(rows):
            try:
                row.full_clean(exclude=("visit", "household", "change"), validate_unique=False)
            except ValidationError as error:
                for field, errors in error.error_dict.items():
                    kept = [item for item in errors if complete or item.code != "blank"]
                    if kept:
                        found[f"{prefix}-{number}-{PAGE_FIELDS.get(field, field)}"] += ValidationError(kept).messages
    return found


def time_mistakes(visit: Visit) -> Mistakes:
    """Leaving before arriving; holds for drafts too."""
    if visit.started_at and visit.ended_at and visit.ended_at <= visit.started_at:
        return {"ended_at": [_("The time of leaving is not after the time of arrival.")]}
    return {}


def day_mistake(visit: Visit) -> str | None:
    """Why a visit cannot have been made on its day, or None."""
    if visit.visited_on > timezone.localdate():
        return _("The date lies in the future.")
    if visit.visited_on < date(FIRST_YEAR, 1, 8):
        return _("The date lies too far back.")
    return None


def assignment_on(visit: Visit) -> Assignment | None:
    """The place in the village that the author held on the day of the visit."""
    return Assignment.objects.on(visit.visited_on).filter(village=visit.village_id, officer=visit.officer_id).first()


def completeness_mistakes(visit: Visit, *, month_is_open: bool) -> Mistakes:
    """What the visit's own fields lack for handing it in; counts and norms must have been stamped."""
    found: Mistakes = defaultdict(list)
    impossible = day_mistake(visit)
    if impossible:
        found["visited_on"].append(impossible)
    else:
        found["visited_on"] += _when_and_where(visit, month_is_open)
    for name, value in (("started_at", visit.started_at), ("ended_at", visit.ended_at), ("summary", visit.summary)):
        if not value:
            found[name].append(_("This is still missing."))
    for name, messages in time_mistakes(visit).items():
        found[name] += messages
    if visit.started_at and visit.ended_at and not found["ended_at"]:
        found["started_at"] += _overlap(visit)
    if visit.shortfalls and not visit.shortfall_reason:
        lacking = standards.joined(visit.shortfalls)
        found["shortfall_reason"].append(_("Below standard: %(lacking)s. Say why.") % {"lacking": lacking})
    if visit.photo_count < visit.min_photos and not visit.photo_waiver:
        found["photo_waiver"].append(_("Add a photo, or say why there is none."))
    return {name: messages for name, messages in found.items() if messages}


def _when_and_where(visit: Visit, month_is_open: bool) -> list[str]:
    found = []
    if not month_is_open:
        month = Month.counting(visit.visited_on).key
        found.append(_("The month %(month)s is locked.") % {"month": month})
    if assignment_on(visit) is None:
        found.append(_("On this day you held no place in %(village)s.") % {"village": visit.village.name})
    return found


def _overlap(visit: Visit) -> list[str]:
    other = (
        Visit.objects.counting()
        .filter(officer=visit.officer_id, visited_on=visit.visited_on)
        .filter(started_at__lt=visit.ended_at, ended_at__gt=visit.started_at)
        .exclude(pk=visit.pk)
        .select_related("village")
        .first()
    )
    if other is None:
        return []
    times = {"start": f"{other.started_at:%H:%M}", "end": f"{other.ended_at:%H:%M}", "village": other.village.name}
    return [_("This overlaps your visit to %(village)s, %(start)s to %(end)s.") % times]


def raise_all(*found: Mistakes) -> None:
    """One ValidationError with every message by key, if there is any."""
    merged: Mistakes = defaultdict(list)
    for mistakes in found:
        for name, messages in mistakes.items():
            merged[name or NON_FIELD_ERRORS] += messages
    if merged:
        raise ValidationError(dict(merged))
