"""Forms of the roster."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from villages.choices import HouseholdTag
from villages.models import Assignment, Household
from xinjin.access.refusal import AdminForm
from xinjin.forms import StrictModelForm


class AssignmentForm(AdminForm):
    """A person for a place in a village; which of the two places follows from the kind of person."""

    hands_over = forms.BooleanField(
        label=_("Hand over"),
        required=False,
        help_text=_("The present holder's assignment ends on the day before, and with it his post in the branch."),
    )

    class Meta:
        model = Assignment
        fields = ["village", "officer", "start_on", "end_on"]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        officer = data.get("officer")
        if officer is not None and self.instance._state.adding:
            if officer.slot is None:
                raise ValidationError({"officer": _("A person of this kind cannot hold a place in a village.")})
            self.instance.slot = officer.slot
        return data

    def _post_clean(self) -> None:
        if not self.cleaned_data.get("hands_over"):
            super()._post_clean()
            return
        # The present holder is still in the way: the verb moves him first and then checks everything.
        forms.ModelForm._post_clean(self)  # type: ignore[attr-defined]
        self.show_refusal()


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
