"""Forms about photos."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from patrols.choices import HintOutcome
from patrols.models import Photo, PhotoHint


def _length(model: Any, field: str) -> int:
    return model._meta.get_field(field).max_length


class CaptionForm(forms.Form):
    """A caption, and the one that stood there when it was typed."""

    caption = forms.CharField(label=_("Caption"), required=False, max_length=_length(Photo, "caption"))
    seen = forms.CharField(label=_("Caption"), required=False)

    def clean_seen(self) -> str | None:
        """None when the page did not say."""
        return self.cleaned_data["seen"] if "seen" in self.data else None


class MoveForm(forms.Form):
    """A place forward or back."""

    places = forms.TypedChoiceField(label=_("No."), choices=[(-1, ""), (1, "")], coerce=int)


class OriginalForm(forms.Form):
    """Why the original is to be read."""

    reason = forms.CharField(
        label=_("Why the original is needed"),
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Say why the original is needed.")},
    )


class JudgeForm(forms.Form):
    """What an inspector found."""

    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[(choice.value, choice.label) for choice in (HintOutcome.HARMLESS, HintOutcome.TO_ASK)],
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=_length(PhotoHint, "reason"), error_messages={"required": _("Say why.")}
    )
