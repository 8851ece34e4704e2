"""Every version of a log that was handed in, and what changed from one to the next (工作日志留存备查, R11).

A version is a document of its own: names and texts as they stood, so that it still reads the same when villages merge
and people leave. It is masked when it is read, like the log itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.choices import VisitState
from patrols.entries import ActivityEntry, BaseInfoEntry, CallEntry, DeedEntry, VisitEntry, entry_of, label_of
from patrols.models import Visit, VisitTransition, VisitVersion
from patrols.wording import household_in_words, resident

ROWS: dict[str, Any] = {"calls": CallEntry, "deeds": DeedEntry, "activities": ActivityEntry, "base_info": BaseInfoEntry}
TEXTS = ("summary", "photo_waiver", "shortfall_reason")


def keep_version(visit: Visit, *, by: Any, at: datetime | None = None) -> VisitVersion:
    """Keeps what the log says now as its next version; the caller holds the visit."""
    number = (visit.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    photos = visit.photos.order_by("uploaded_at", "id").values_list("pk", flat=True)
    version = VisitVersion(
        visit=visit,
        number=number,
        entry=document(entry_of(visit), [str(pk) for pk in photos]),
        handed_in_at=at or timezone.now(),
        by=by,
    )
    version.full_clean(exclude=("visit", "by"))
    version.save(force_insert=True)
    return version


def document(entry: VisitEntry, photos: list[str]) -> dict[str, Any]:
    """An entry as plain values; what is in it needs no other row to be understood."""
    companions = sorted(entry.companions, key=lambda officer: officer.number)
    return {
        "village": {"code": entry.village.code, "name": entry.village.name},
        "visited_on": entry.visited_on.isoformat(),
        "started_at": f"{entry.started_at:%H:%M}" if entry.started_at else "",
        "ended_at": f"{entry.ended_at:%H:%M}" if entry.ended_at else "",
        "companions": [{"number": officer.number, "name": officer.name} for officer in companions],
        "calls": [vars(row) | {"topics": list(row.topics)} for row in entry.calls],
        "deeds": [vars(row).copy() for row in entry.deeds],
        "activities": [vars(row).copy() for row in entry.activities],
        "base_info": [vars(row).copy() for row in entry.base_info],
        **{name: getattr(entry, name) for name in TEXTS},
        "photos": photos,
    }


@dataclass(frozen=True)
class Change:
    """One field, or one row of a part, in two versions; `before` is empty for what was added, `after` for removed."""

    label: str
    before: str
    after: str


def changes(before: dict[str, Any], after: dict[str, Any], *, in_full: bool) -> list[Change]:
    """Everything in which two documents differ, in the order of the page; residents masked unless `in_full`."""
    found = []
    for name in ("village", "visited_on", "started_at", "ended_at", "companions", *ROWS, *TEXTS, "photos"):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if name in ROWS:
            found += list(_rows(name, old or [], new or [], in_full))
        else:
            found.append(Change(_label(name), _text(name, old), _text(name, new)))
    return found


def _rows(name: str, old: list[dict], new: list[dict], in_full: bool) -> Iterator[Change]:
    """The rows that were added, removed or changed; those that only moved up or down are no change."""
    matcher = SequenceMatcher(a=[repr(row) for row in old], b=[repr(row) for row in new], autojunk=False)
    for tag, first, end, start, stop in matcher.get_opcodes():
        if tag == "equal":
            continue
        for number, (was, now) in enumerate(zip_longest(old[first:end], new[start:stop]), start + 1):
            label = _("%(part)s, row %(number)s") % {"part": _label(name), "number": number}
            yield Change(label, _row(name, was, in_full), _row(name, now, in_full))


def _row(name: str, row: dict | None, in_full: bool) -> str:
    if row is None:
        return ""
    entry = ROWS[name](**{**row, "topics": tuple(row["topics"])} if name == "calls" else row)
    if name == "calls":
        entry = replace(
            entry,
            household=household_in_words(entry.household, in_full=in_full),
            spoke_with=resident(entry.spoke_with, in_full=in_full),
        )
    elif name == "deeds":
        entry = replace(entry, beneficiary=resident(entry.beneficiary, in_full=in_full))
    return str(entry)


def _label(name: str) -> str:
    return _("photos") if name == "photos" else label_of(name)


def _text(name: str, value: Any) -> str:
    if not value:
        return ""
    if name == "photos":
        return _("%(count)s photos") % {"count": len(value)}
    if name == "village":
        return str(value["name"])
    if name == "companions":
        return "、".join(person["name"] for person in value)
    return str(value)


@dataclass(frozen=True)
class VersionRow:
    """A version with what it changed, and the return that asked for it; for showing."""

    version: VisitVersion
    changes: list[Change]
    returned: VisitTransition | None


def history(visit: Visit, *, in_full: bool) -> list[VersionRow]:
    """The versions of the log, newest first, each with what it changed in the one before."""
    versions = list(visit.versions.select_related("by").order_by("number"))
    returns = list(visit.transitions.filter(state=VisitState.RETURNED).select_related("by").order_by("at", "id"))
    rows: list[VersionRow] = []
    before: VisitVersion | None = None
    for version in versions:
        asked: list[VisitTransition] = [row for row in returns if row.at <= version.handed_in_at] if before else []
        changed: list[Change] = changes(before.entry, version.entry, in_full=in_full) if before else []
        rows.append(VersionRow(version, changed, asked[-1] if asked else None))
        before = version
    return rows[::-1]
