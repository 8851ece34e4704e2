"""Forms about the households of a village."""

from django import forms
from django.utils.translation import gettext_lazy as _

from villages.choices import HouseholdTag
from villages.models import Household
from xinjin.forms import StrictModelForm


class HouseholdForm(StrictModelForm):
    """A household as the village's own people keep it."""

    tags = forms.MultipleChoiceField(
        label=_("Tags"), choices=HouseholdTag.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Household
        fields = ["address", "head_name", "phone", "tags"]


class HouseholdSearchForm(forms.Form):
    """What is typed to find a household."""

    q = forms.CharField(label=_("Search"), max_length=50, required=False)


class UnmaskForm(forms.Form):
    """Why residents are to be shown in full, and which: one household, or a page of the list."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("It is kept in the audit trail with your name.")
    )
    household = forms.IntegerField(required=False, widget=forms.HiddenInput, max_value=2**63 - 1)
    q = forms.CharField(required=False, max_length=50, widget=forms.HiddenInput)
    page = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
