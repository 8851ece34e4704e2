"""Forms of the roster."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from villages.choices import HouseholdTag
from villages.models import Assignment, Household, JournalEntry
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


class UnmaskForm(forms.Form):
    """Why residents are to be shown in full, and which: one household, or a page of the list."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("It is kept in the audit trail with your name.")
    )
    household = forms.IntegerField(required=False, widget=forms.HiddenInput, max_value=2**63 - 1)
    q = forms.CharField(required=False, max_length=50, widget=forms.HiddenInput)
    page = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)


class JournalForm(StrictModelForm):
    """What one tells the village's people."""

    class Meta:
        model = JournalEntry
        fields = ["text", "kind", "is_pinned"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {"text": _("What the others should know"), "is_pinned": _("Keep on top")}


class CorrectionForm(StrictModelForm):
    """Another text for an entry; `seen` tells which one the author had before him."""

    seen = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = JournalEntry
        fields = ["text", "kind"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {"text": _("What the others should know")}

    def clean_seen(self) -> Any:
        seen = parse_datetime(self.cleaned_data["seen"])
        if seen is None or timezone.is_naive(seen):
            raise ValidationError(_("Reload the page and try again."))
        return seen
