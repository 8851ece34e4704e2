"""What the API shows of cases; residents are masked as on the page."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from patrols.ledger import wording
from patrols.ledger.reading import hidden_in
from patrols.models import (
    Case,
    CaseEscalation,
    CaseParty,
    CasePause,
    CaseReferral,
    CaseResolution,
    CaseStep,
    CaseTerm,
    CaseTransition,
    FollowUpCall,
)
from patrols.models.case_result import RESULT
from patrols.views.case_acts import permitted
from villages.masking import hide_names


def hidden(data: Any, names: list[str]) -> Any:
    """Every text of an answer with these names masked: people write them into titles, steps and reasons."""
    if isinstance(data, Mapping):
        return {key: hidden(value, names) for key, value in data.items()}
    if isinstance(data, list):
        return [hidden(each, names) for each in data]
    return hide_names(data, names) if isinstance(data, str) else data


class PartySerializer(serializers.ModelSerializer):
    """Somebody whom the case is about."""

    name = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()

    class Meta:
        model = CaseParty
        fields = ["id", "role", "name", "phone"]

    def _shown(self, party: Any) -> dict[str, str]:
        return wording.party(party, in_full=self.context["in_full"])

    def get_name(self, party: Any) -> str:
        """Full name."""
        return self._shown(party)["name"]

    def get_phone(self, party: Any) -> str:
        """Phone."""
        return self._shown(party)["phone"]


class StepSerializer(serializers.ModelSerializer):
    """What was done on a day."""

    by = serializers.CharField(source="by.display_name", default="")

    class Meta:
        model = CaseStep
        fields = ["kind", "happened_on", "note", "at", "by"]


class TransitionSerializer(serializers.ModelSerializer):
    """One act: who, when, why, and the state that followed."""

    by = serializers.CharField(source="by.display_name", default="")

    class Meta:
        model = CaseTransition
        fields = ["act", "state", "at", "by", "reason"]


class PauseSerializer(serializers.ModelSerializer):
    """Days on which the clock stood still; without an end it still does."""

    class Meta:
        model = CasePause
        fields = ["start_on", "end_on", "expected_on", "reason"]


class TermSerializer(serializers.ModelSerializer):
    """One run of the clock by the rule of its first day."""

    pauses = PauseSerializer(many=True)

    class Meta:
        model = CaseTerm
        fields = ["number", "level", "started_on", "days", "unit", "due_on", "ended_on", "ending", "pauses"]


class ReferralSerializer(serializers.ModelSerializer):
    """Another body to which the case was passed on, and what it answered."""

    class Meta:
        model = CaseReferral
        fields = ["target", "target_name", "reason", "referred_on", "answer_due_on", "answered_on", "answer"]


class FollowUpSerializer(serializers.ModelSerializer):
    """A call that sees whether the resolution holds."""

    class Meta:
        model = FollowUpCall
        fields = ["round", "number", "due_on", "done_on", "satisfaction", "note"]


class EscalationSerializer(serializers.ModelSerializer):
    """That somebody was told: of a day that passed, of a week without a step, of a red case nobody knows or leads."""

    class Meta:
        model = CaseEscalation
        fields = ["step", "for_day", "at", "told_to"]


class ResolutionSerializer(serializers.ModelSerializer):
    """A result that did not hold: the case was taken up again."""

    class Meta:
        model = CaseResolution
        fields = ["round", *RESULT, "reopened_on"]


class CaseSerializer(serializers.ModelSerializer):
    """A case as a row of a list."""

    village = serializers.CharField(source="village.code")
    village_name = serializers.CharField(source="village.name")
    station = serializers.CharField(source="village.station.name")
    owner = serializers.CharField(source="owner.number", default="")
    owner_name = serializers.CharField(source="owner.name", default="")

    class Meta:
        model = Case
        fields = [
            "id", "number", "kind", "category", "level", "state", "village", "village_name", "station", "title",
            "owner", "owner_name", "opened_on", "due_on", "next_step_on", "waits_until", "resolved_on",
            "closed_on", "reopened_count", "revision",
        ]  # fmt: skip

    def to_representation(self, case: Any) -> Any:
        return hidden(super().to_representation(case), hidden_in(case))


class CaseDetailSerializer(CaseSerializer):
    """A case with its whole life."""

    household = serializers.SerializerMethodField()
    co_handlers = serializers.SerializerMethodField()
    leader = serializers.CharField(source="leader.number", default="")
    linked = serializers.SerializerMethodField()
    parties = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()
    terms = serializers.SerializerMethodField()
    referrals = serializers.SerializerMethodField()
    follow_ups = serializers.SerializerMethodField()
    earlier_results = serializers.SerializerMethodField()
    history = serializers.SerializerMethodField()
    escalations = serializers.SerializerMethodField()
    may = serializers.SerializerMethodField()
    names_in_full = serializers.SerializerMethodField()

    class Meta(CaseSerializer.Meta):
        fields = [
            *CaseSerializer.Meta.fields, "scale", "household", "detail", "place", "occurred_on", "promised_on",
            "source", "source_visit", "co_handlers", "leader", "red_on", "committees_informed_on", "outcome", "method",
            "resolver", "result", "answered_on", "answer", "satisfaction", "merged_into", "linked", "parties", "steps",
            "terms", "referrals", "follow_ups", "earlier_results", "history", "escalations", "may", "names_in_full",
        ]  # fmt: skip

    def to_representation(self, case: Any) -> Any:
        self.in_full = case.in_full
        return super().to_representation(case)

    def get_household(self, case: Any) -> str:
        """Address and head of the household; empty when it concerns none."""
        return wording.household(case, in_full=self.in_full)

    def get_co_handlers(self, case: Any) -> list[str]:
        """The numbers of those who help the owner."""
        return list(case.co_handlers.order_by("number").values_list("number", flat=True))

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_linked(self, case: Any) -> list[str]:
        """Cases that belong together with it."""
        return [str(key) for key in case.linked.order_by("-opened_on", "id").values_list("id", flat=True)]

    @extend_schema_field(PartySerializer(many=True))
    def get_parties(self, case: Any) -> Any:
        """The people whom it is about."""
        return PartySerializer(case.parties.order_by("role", "id"), many=True, context={"in_full": self.in_full}).data

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, case: Any) -> Any:
        """What was done, in the order of its days."""
        return StepSerializer(case.steps.select_related("by").order_by("happened_on", "id"), many=True).data

    @extend_schema_field(TermSerializer(many=True))
    def get_terms(self, case: Any) -> Any:
        """The runs of its clock, the first one first."""
        return TermSerializer(case.terms.prefetch_related("pauses").order_by("number"), many=True).data

    @extend_schema_field(ReferralSerializer(many=True))
    def get_referrals(self, case: Any) -> Any:
        """To whom it was passed on."""
        return ReferralSerializer(case.referrals.order_by("referred_on", "id"), many=True).data

    @extend_schema_field(FollowUpSerializer(many=True))
    def get_follow_ups(self, case: Any) -> Any:
        """The calls made and to be made."""
        return FollowUpSerializer(case.follow_ups.filter(is_void=False).order_by("round", "number"), many=True).data

    @extend_schema_field(ResolutionSerializer(many=True))
    def get_earlier_results(self, case: Any) -> Any:
        """Results that did not hold, the first one first; the one that holds stands in the case itself."""
        return ResolutionSerializer(case.earlier_resolutions.order_by("round"), many=True).data

    @extend_schema_field(TransitionSerializer(many=True))
    def get_history(self, case: Any) -> Any:
        """Every act, the first one first."""
        return TransitionSerializer(case.transitions.select_related("by").order_by("at", "id"), many=True).data

    @extend_schema_field(EscalationSerializer(many=True))
    def get_escalations(self, case: Any) -> Any:
        """Who was told of it because nothing was done in time, the first one first."""
        rows = CaseEscalation.objects.filter(term__case=case).order_by("at", "id")
        return EscalationSerializer(rows, many=True).data

    def get_may(self, case: Any) -> list[str]:
        """The acts that its state permits and your rights allow, by the last word of their address."""
        return [str(act) for act in permitted(self.context["request"].user, case) if act in self.context["acts"]]

    def get_names_in_full(self, case: Any) -> bool:
        """Whether residents are named in full; otherwise all but the first character is masked."""
        return self.in_full
