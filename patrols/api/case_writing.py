"""What the API takes for a case and its acts. Here is only how it is sent: what may be said is judged by the forms of
the pages and by the verbs, so that no rule stands twice.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from rest_framework import serializers

from patrols.api.writing import rows_of
from patrols.cases import CaseEntry, KnownParty, PartyEntry
from patrols.choices import (
    CaseAct,
    CaseCategory,
    CaseKind,
    CaseLevel,
    CaseOutcome,
    CaseScale,
    PartyRole,
    ReferralTarget,
    ResolutionMethod,
    Resolver,
    Satisfaction,
    StepKind,
)
from patrols.forms.cases import MAX_PARTIES, CaseForm
from patrols.forms.rows import length
from patrols.models import Case, CaseParty, CasePause, CaseReferral, CaseStep, CaseTransition, FollowUpCall
from villages.models import Village
from xinjin.access.api import StrictSerializer


def words(model: Any, field: str, **options: Any) -> serializers.CharField:
    """A text no longer than the field of the model."""
    return serializers.CharField(max_length=length(model, field), **options)


def remark(model: Any, field: str) -> serializers.CharField:
    """A text that may stay empty."""
    return words(model, field, required=False, allow_blank=True)


def household_text() -> serializers.CharField:
    """A household as people write it."""
    return serializers.CharField(
        max_length=CaseForm.base_fields["household"].max_length,  # type: ignore[attr-defined]
        required=False,
        allow_blank=True,
        help_text="Address, a space, and the head of a household on the village's list.",
    )


def read(form: Any) -> Any:
    """The form, which has read what was sent; raises ValidationError with what it finds wrong."""
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    return form


class PartyInput(StrictSerializer):
    """Somebody whom the case is about. No identity number."""

    role = serializers.ChoiceField(PartyRole.choices)
    name = words(CaseParty, "name")
    phone = remark(CaseParty, "phone")

    def validate(self, attrs: dict[str, Any]) -> Any:
        return PartyEntry(attrs["role"], attrs["name"], attrs.get("phone", ""))


class KnownPartyInput(PartyInput):
    """A party as it is to stand; with the `id` by which the case names him he stays the same person."""

    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)

    def validate(self, attrs: dict[str, Any]) -> Any:
        return KnownParty(**vars(super().validate(attrs)), id=attrs.get("id"))


class NewCaseInput(StrictSerializer):
    """A case entered by hand; a dispute names at least one party. Without a level it gets the proposed one."""

    kind = serializers.ChoiceField(CaseKind.choices)
    village = words(Village, "code", help_text="Code of one of your villages, or of one of your station.")
    category = serializers.ChoiceField(CaseCategory.choices, help_text="It must fit the kind.")
    title = words(Case, "title")
    detail = remark(Case, "detail")
    place = remark(Case, "place")
    occurred_on = serializers.DateField(required=False, allow_null=True)
    opened_on = serializers.DateField(required=False, help_text="The day on which it became known; today.")
    scale = serializers.ChoiceField(CaseScale.choices, required=False)
    level = serializers.ChoiceField(CaseLevel.choices, required=False, allow_blank=True)
    promised_on = serializers.DateField(required=False, allow_null=True)
    household = household_text()
    parties = rows_of(PartyInput, MAX_PARTIES, help_text="A dispute names at least one.")

    def entry(self, user: Any) -> CaseEntry:
        """The case as a value; raises ValidationError with what the form of the page finds wrong."""
        given = {"scale": CaseScale.INDIVIDUAL.value, "opened_on": timezone.localdate(), **self.validated_data}
        parties = given.pop("parties", ())
        return read(CaseForm(given, user=user)).entry(parties)


class ActInput(StrictSerializer):
    """An act on the case as it was seen: by If-Match, or by this revision."""

    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False)


class StepInput(StrictSerializer):
    """What was done. Steps of two senders stand beside each other, so no revision is asked."""

    kind = serializers.ChoiceField(StepKind.choices)
    happened_on = serializers.DateField()
    note = words(CaseStep, "note")


class CorrectInput(ActInput):
    """What was sent is to stand; what is not sent stays as it is. The level is changed by its own act."""

    kind = serializers.ChoiceField(CaseKind.choices, required=False, help_text="Only the station makes it less.")
    title = words(Case, "title", required=False)
    category = serializers.ChoiceField(CaseCategory.choices, required=False, help_text="It must fit the kind.")
    scale = serializers.ChoiceField(CaseScale.choices, required=False)
    detail = remark(Case, "detail")
    place = remark(Case, "place")
    occurred_on = serializers.DateField(required=False, allow_null=True)
    promised_on = serializers.DateField(required=False, allow_null=True)
    household = household_text()
    parties = rows_of(KnownPartyInput, MAX_PARTIES, help_text="All of them; who is not sent is taken off the case.")


class LevelInput(ActInput):
    level = serializers.ChoiceField(CaseLevel.choices, help_text="Only the station lowers a level.")
    reason = words(CaseTransition, "reason")


class PauseInput(ActInput):
    reason = words(CasePause, "reason", help_text="What is waited for.")
    expected_on = serializers.DateField(
        required=False, allow_null=True, help_text="Until when; empty: it comes back after the days of the norm."
    )


class ResumeInput(ActInput):
    reason = remark(CaseTransition, "reason")


class ReferInput(ActInput):
    target = serializers.ChoiceField(ReferralTarget.choices)
    target_name = remark(CaseReferral, "target_name")
    reason = words(CaseReferral, "reason")
    answer_due_on = serializers.DateField(
        required=False, allow_null=True, help_text="Empty: within the days of the norm."
    )


class ReferralAnswerInput(ActInput):
    answered_on = serializers.DateField()
    answer = words(CaseReferral, "answer")


class ResolveInput(ActInput):
    resolved_on = serializers.DateField()
    outcome = serializers.ChoiceField(CaseOutcome.choices)
    method = serializers.ChoiceField(ResolutionMethod.choices)
    resolver = serializers.ChoiceField(Resolver.choices)
    result = words(Case, "result")


class AnswerInput(ActInput):
    answered_on = serializers.DateField()
    answer = words(Case, "answer")
    satisfaction = serializers.ChoiceField(Satisfaction.choices)


class FollowUpInput(ActInput):
    done_on = serializers.DateField()
    satisfaction = serializers.ChoiceField(Satisfaction.choices)
    note = words(FollowUpCall, "note")
    broken = serializers.BooleanField(required=False, help_text="It does not hold: the case is taken up again.")


class CloseInput(ActInput):
    reason = remark(CaseTransition, "reason")


class ReopenInput(ActInput):
    reason = words(CaseTransition, "reason")


# The acts of the workflow that other systems do; the rest is the station's own paperwork.
INPUTS: dict[CaseAct, type[StrictSerializer]] = {
    CaseAct.STEP: StepInput,
    CaseAct.CORRECT: CorrectInput,
    CaseAct.LEVEL: LevelInput,
    CaseAct.PAUSE: PauseInput,
    CaseAct.RESUME: ResumeInput,
    CaseAct.REFER: ReferInput,
    CaseAct.REFERRAL_ANSWER: ReferralAnswerInput,
    CaseAct.RESOLVE: ResolveInput,
    CaseAct.ANSWER: AnswerInput,
    CaseAct.FOLLOW_UP: FollowUpInput,
    CaseAct.CLOSE: CloseInput,
    CaseAct.REOPEN: ReopenInput,
}
