"""Spot checks of base information (R9): forwarded changes drawn by lot, and looked at by somebody else than before."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.choices import BaseInfoState, CheckOutcome
from patrols.models import BaseInfoCheck
from xinjin.audit.trail import record, record_many
from xinjin.errors import Conflict
from xinjin.periods import Span
from xinjin.races import one_winner

MOST_AT_ONCE = 50


def draw_checks(*, by: Any, among: QuerySet, span: Span, count: int) -> list[BaseInfoCheck]:
    """Draws `count` of the changes `among` that were forwarded in `span` and never drawn, or as many as there are."""
    if not 1 <= count <= MOST_AT_ONCE:
        raise ValidationError({"count": _("Draw from 1 to %(most)s at once.") % {"most": MOST_AT_ONCE}})
    able = among.filter(
        state=BaseInfoState.FORWARDED, forwarded_on__range=(span.start, span.end), spot_check=None
    ).order_by("?")
    with one_winner():
        drawn = BaseInfoCheck.objects.bulk_create(
            BaseInfoCheck(change_id=pk, drawn_on=timezone.localdate(), drawn_by=by)
            for pk in able.values_list("pk", flat=True)[:count]
        )
        record_many(by, "draw", [(row, {"change": str(row.change_id)}) for row in drawn])
    if not drawn:
        raise ValidationError(_("No forwarded change of this period is left to be drawn."))
    return drawn


@transaction.atomic
def judge_check(*, by: Any, check: BaseInfoCheck, outcome: str, reason: str = "") -> BaseInfoCheck:
    """Somebody has looked: the change was accurate, or it was not, and what was found instead."""
    held = BaseInfoCheck.objects.select_for_update(of=("self",)).select_related("change").get(pk=check.pk)
    if held.outcome != CheckOutcome.WAITING:
        raise Conflict(_("Somebody else has checked this change in the meantime."))
    if by is not None and by.pk in (held.change.checked_by_id, held.change.found_by.user_id):
        raise ValidationError(_("Who found or verified a change does not check it."))
    if outcome not in (CheckOutcome.ACCURATE, CheckOutcome.WRONG):
        raise ValidationError({"outcome": _("Say whether it was accurate.")})
    held.outcome, held.reason = CheckOutcome(outcome), reason.strip()
    if outcome == CheckOutcome.WRONG and not held.reason:
        raise ValidationError({"reason": _("Say what was found instead.")})
    held.judged_on, held.judged_by = timezone.localdate(), by
    held.full_clean(exclude=["change", "judged_by"])
    held.save()
    record(by, "judge", held, {"outcome": held.outcome})
    return held
