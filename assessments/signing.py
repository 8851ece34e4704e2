"""The station's part of the month: the leader's comments (B1), the signature, and its return by the brigade (R18)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import card_store, cards
from assessments.choices import ASSESSMENT_TRANSITIONS, AssessmentState, Remark
from assessments.models import Assessment, AssessmentMonth, Signature
from assessments.monthly import current_cards, hold_month
from assessments.scoring import NOT_COMMENTED
from villages.models import Unit
from xinjin.audit.trail import record, record_many
from xinjin.errors import Conflict
from xinjin.periods import Month


def _may_become(assessment: Assessment, state: AssessmentState) -> None:
    if state not in ASSESSMENT_TRANSITIONS[AssessmentState(assessment.state)]:
        raise Conflict(_("%(person)s: the assessment is no longer open.") % {"person": assessment.officer.name})


def remark(*, by: Any, assessment: Assessment, remark: str) -> Assessment:
    """Sets the leader's comment on one person's month and scores that card anew from its stored facts."""
    return remark_many(by=by, month=assessment.month.period, remarks={assessment.pk: remark})[0]


@transaction.atomic
def remark_many(*, by: Any, month: Month, remarks: Mapping[int, str]) -> list[Assessment]:
    """Sets several leader's comments, by id of the assessment; returns those that changed (all, when only one).

    Raises ValidationError for an unknown comment or a comment on oneself, Conflict when one is no longer open.
    """
    row = hold_month(month.key)
    unknown = set(remarks.values()) - set(Remark.values)
    if unknown:
        raise ValidationError(_("There is no such comment."))
    rows = list(row.assessments.filter(pk__in=remarks).select_related("officer").order_by("id"))
    changed = [assessment for assessment in rows if assessment.remark != remarks[assessment.pk]]
    rubric = cards.scoring_rubric(row.rubric)
    before = {assessment.pk: assessment.remark for assessment in changed}
    for assessment in changed:
        _check_remark(by, assessment)
        cards.rescored(assessment, rubric, remark=remarks[assessment.pk])
        assessment.full_clean()
    Assessment.objects.bulk_update(changed, [*card_store.REWRITTEN, "remark"], batch_size=500)
    record_many(
        by,
        "remark",
        [(assessment, {"changes": {"remark": [before[assessment.pk], assessment.remark]}}) for assessment in changed],
    )
    return changed or rows


def _check_remark(by: Any, assessment: Assessment) -> None:
    if assessment.state != AssessmentState.OPEN:
        raise Conflict(_("%(person)s: the assessment is no longer open.") % {"person": assessment.officer.name})
    if by is not None and assessment.officer.user_id == by.pk:
        raise ValidationError(_("Nobody comments on himself."))


def uncommented(month: AssessmentMonth, station: Unit) -> list[Assessment]:
    """Those of a station's open assessments that owe something and have no comment yet."""
    rows = month.assessments.filter(station=station, state=AssessmentState.OPEN, remark="").select_related("officer")
    return [row for row in rows.order_by("officer__pinyin", "officer__number") if _owes(row)]


def _owes(assessment: Assessment) -> bool:
    return assessment.maximum > 0 or any(line.reason == NOT_COMMENTED for line in cards.lines_from(assessment.lines))


def remark_rest(*, by: Any, month: Month, station: Unit, remark: str) -> list[Assessment]:
    """Gives the same comment to all of a station's people who have none yet, except to the commentator himself."""
    waiting = uncommented(AssessmentMonth.objects.get(pk=month.key), station)
    own = [row for row in waiting if by is not None and row.officer.user_id == by.pk]
    return remark_many(by=by, month=month, remarks={row.pk: remark for row in waiting if row not in own})


@transaction.atomic
def sign_station(*, by: Any, month: Month, station: Unit, remark: str = "", at: datetime | None = None) -> Signature:
    """Signs the month of a station's people.

    Raises ValidationError naming those who have no comment yet, Conflict when there is nothing to sign or when the
    records have given other figures since they were computed (`monthly.refresh_station` brings them up to date).
    """
    row = hold_month(month.key)
    opened = list(
        row.assessments.filter(station=station, state=AssessmentState.OPEN).select_related("officer").order_by("id")
    )
    if not opened:
        raise Conflict(_("%(station)s has nothing to sign in this month.") % {"station": station.name})
    missing = uncommented(row, station)
    if missing:
        names = _(", ").join(assessment.officer.name for assessment in missing)
        raise ValidationError(_("The leader's comment is missing for: %(people)s.") % {"people": names})
    if card_store.differing(opened, current_cards(row, opened)):
        raise Conflict(_("Records have changed the figures since they were computed. Please look at them again."))
    for assessment in opened:
        _may_become(assessment, AssessmentState.SIGNED)
    Assessment.objects.filter(pk__in=[assessment.pk for assessment in opened]).update(state=AssessmentState.SIGNED)
    signature = Signature(month=row, station=station, signed_at=at or timezone.now(), signed_by=by, remark=remark)
    signature.full_clean()
    signature.save()
    record(by, "sign", signature, {"people": len(opened), "remark": remark})
    return signature


@transaction.atomic
def return_to_station(*, by: Any, month: Month, station: Unit, reason: str) -> None:
    """Takes the station's signature away, with a reason, so that its people's month is open again.

    Raises ValidationError without a reason, Conflict when the station has not signed or the month is locked.
    """
    row = hold_month(month.key)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    signature = Signature.objects.select_for_update(of=("self",)).filter(month=row, station=station).first()
    if signature is None:
        raise Conflict(_("%(station)s has not signed this month.") % {"station": station.name})
    record(by, "return", signature, {"reason": reason, "signed_by": signature.signed_by_id})
    signature.delete()
    row.assessments.filter(station=station, state=AssessmentState.SIGNED).update(state=AssessmentState.OPEN)
