"""The forms by which the station says who handles a case, who leads it, and that both committees know (R6, R7)."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patrols.cases.people import able_to_lead, able_to_own
from patrols.forms.case_acts import ActForm
from patrols.forms.fields import Day
from villages.models import Officer


class OfficerChoice(forms.ModelChoiceField):
    """A person with his kind."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.get_kind_display()}）"


class LeaderChoice(forms.ModelChoiceField):
    """A person with his post."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.post}）" if obj.post else str(obj.name)


class OfficersChoice(forms.ModelMultipleChoiceField):
    """Several people."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class AssignForm(ActForm):
    owner = OfficerChoice(Officer.objects.none(), label=_("Owner"), to_field_name="number")
    co_handlers = OfficersChoice(
        Officer.objects.none(), label=_("Co-handlers"), required=False, to_field_name="number",
        widget=forms.SelectMultiple(attrs={"size": 4}),
    )  # fmt: skip
    reason = forms.CharField(label=_("Remark"), max_length=100, required=False)

    def prepare(self) -> None:
        """Who has it stands there, so that whoever changes one thing changes no other."""
        able, helpers = able_to_own(self.case.village), self.case.co_handlers.order_by("pinyin", "number")
        also = Q(pk__in=able.order_by().values("pk")) | Q(pk__in=helpers.order_by().values("pk"))
        self.fields["owner"].queryset = able  # type: ignore[attr-defined]
        self.fields["co_handlers"].queryset = Officer.objects.filter(also).order_by("pinyin", "number")  # type: ignore[attr-defined]
        self.initial["co_handlers"] = [officer.number for officer in helpers]
        if self.case.owner is not None:
            self.initial["owner"] = self.case.owner.number


class LeadForm(ActForm):
    leader = LeaderChoice(Officer.objects.none(), label=_("Leader in charge"), to_field_name="number")

    def prepare(self) -> None:
        self.fields["leader"].queryset = able_to_lead(self.case.village)  # type: ignore[attr-defined]
        if self.case.leader is not None:
            self.initial["leader"] = self.case.leader.number


class InformForm(ActForm):
    informed_on = Day(label=_("Handed over on"))
    received_by = forms.CharField(label=_("Received by"), max_length=50)
