"""Forms of the village's journal."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from villages.models import JournalEntry
from xinjin.forms import StrictModelForm


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
