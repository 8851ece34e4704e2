"""The quarter's bulletin: drawn up, issued under a seal, reissued with a reason (R19, 每季度通报).

The seal is a SHA-256 over the canonical JSON of the snapshot. Number, day and issue are part of the snapshot, so a
document rendered from it is the document that was issued, or the seal breaks.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import quarterly
from assessments.choices import BulletinState
from assessments.models import AssessmentMonth, Bulletin
from xinjin.audit.trail import record
from xinjin.errors import Conflict
from xinjin.periods import Quarter

# How the brigade numbers its documents in a year.
NUMBER = "新公社警〔{year}〕{number}号"


def seal_of(snapshot: dict[str, Any]) -> str:
    """The SHA-256 of a snapshot, whatever the order of its keys."""
    canonical = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def is_intact(bulletin: Bulletin) -> bool:
    """Whether the snapshot is the one that was sealed; a draft has no seal to break."""
    return bulletin.state == BulletinState.DRAFT or seal_of(bulletin.snapshot) == bulletin.sha256


def proposed_number(year: int) -> str:
    """The next number of the year after those that were issued."""
    prefix = NUMBER.split("{number}")[0].format(year=year)
    issued = Bulletin.objects.exclude(state=BulletinState.DRAFT).filter(number__startswith=prefix)
    return NUMBER.format(year=year, number=issued.count() + 1)


def blockers(quarter: Quarter) -> list[str]:
    """In words, why the bulletin of `quarter` cannot be drawn up yet; empty when it can."""
    if timezone.localdate() <= quarter.end:
        return [_("The quarter is not over.")]
    months = AssessmentMonth.objects.filter(key__in=[month.key for month in quarter.month_list()])
    waiting = [month.key for month in months.order_by("key") if month.locked_at is None]
    if waiting:
        return [_("Not locked yet: %(months)s.") % {"months": _(", ").join(waiting)}]
    return [] if months else [_("No month of this quarter has been assessed.")]


@transaction.atomic
def draw_up(*, by: Any, quarter: Quarter, reason: str = "", at: datetime | None = None) -> Bulletin:
    """Makes the draft of the quarter's bulletin, or makes an existing draft anew from the locked months.

    A quarter that has been issued is drawn up again only with a reason; the old issue stays in force until the new
    one is issued. Raises ValidationError otherwise, or while a month is not locked.
    """
    list(AssessmentMonth.objects.select_for_update().filter(key__in=[m.key for m in quarter.month_list()]))
    problems = blockers(quarter)
    if problems:
        raise ValidationError(problems)
    versions = list(Bulletin.objects.select_for_update(of=("self",)).filter(quarter=quarter.key).order_by("version"))
    draft = next((bulletin for bulletin in versions if bulletin.state == BulletinState.DRAFT), None)
    reason = reason.strip() or (draft.reason if draft else "")
    if any(bulletin.state == BulletinState.ISSUED for bulletin in versions) and not reason:
        raise ValidationError({"reason": _("This quarter's bulletin has been issued. Say why it is issued again.")})
    bulletin = draft or Bulletin(quarter=quarter.key, version=len(versions) + 1)
    bulletin.snapshot = quarterly.snapshot(quarter)
    bulletin.reason = reason
    bulletin.drawn_up_at, bulletin.drawn_up_by = at or timezone.now(), by
    bulletin.full_clean()
    bulletin.save()
    record(by, "draw_up", bulletin, {"version": bulletin.version, "reason": reason})
    return bulletin


def reissue(*, by: Any, quarter: Quarter, reason: str, at: datetime | None = None) -> Bulletin:
    """Draws up a new issue of a bulletin that is out. Raises Conflict when none is."""
    if not Bulletin.objects.filter(quarter=quarter.key, state=BulletinState.ISSUED).exists():
        raise Conflict(_("This quarter's bulletin has not been issued yet."))
    return draw_up(by=by, quarter=quarter, reason=reason, at=at)


@transaction.atomic
def issue(*, by: Any, bulletin: Bulletin, number: str, at: datetime | None = None) -> Bulletin:
    """Issues a draft under `number`: seals its snapshot and replaces the issue before it.

    Raises ValidationError for a missing or used number, Conflict when it is no draft any more.
    """
    at = at or timezone.now()
    versions = list(
        Bulletin.objects.select_for_update(of=("self",)).filter(quarter=bulletin.quarter).order_by("version")
    )
    draft = next((row for row in versions if row.pk == bulletin.pk), None)
    if draft is None or draft.state != BulletinState.DRAFT:
        raise Conflict(_("This bulletin has been issued already."))
    number = number.strip()
    if not number:
        raise ValidationError({"number": _("The document needs its number.")})
    if Bulletin.objects.exclude(pk=draft.pk).filter(number=number).exists():
        raise ValidationError({"number": _("Another bulletin has this number.")})
    Bulletin.objects.filter(quarter=draft.quarter, state=BulletinState.ISSUED).update(state=BulletinState.REPLACED)
    replaced = [row.number for row in versions if row.state == BulletinState.ISSUED]
    draft.snapshot = {
        **draft.snapshot,
        "number": number,
        "version": draft.version,
        "reason": draft.reason,
        "replaces": replaced,
        "issued_on": timezone.localdate(at).isoformat(),
    }
    draft.number, draft.sha256, draft.state = number, seal_of(draft.snapshot), BulletinState.ISSUED
    draft.issued_at, draft.issued_by = at, by
    draft.full_clean()
    draft.save()
    record(by, "issue", draft, {"number": number, "sha256": draft.sha256, "replaces": replaced})
    return draft
