"""Forms of the month and of the bulletin. They only read; the verbs decide."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.choices import Remark
from assessments.models import Assessment
from villages.models import Unit

NO_REMARK = [("", _("no comment yet"))]


class CommentsForm(forms.Form):
    """The leader's comments on several people, one select each."""

    def __init__(self, assessments: Iterable[Assessment], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {assessment.pk: f"remark-{assessment.pk}" for assessment in assessments}
        for assessment in assessments:
            self.fields[self.names[assessment.pk]] = forms.ChoiceField(
                label=assessment.officer.name,
                choices=[*NO_REMARK, *Remark.choices],
                required=False,
                initial=assessment.remark,
                widget=forms.Select(attrs={"aria-label": _("Leader's comment") + f" {assessment.officer.name}"}),
            )

    def remarks(self) -> dict[int, str]:
        """The comments given, by id of the assessment."""
        given = {pk: self.cleaned_data.get(name, "") for pk, name in self.names.items()}
        return {pk: value for pk, value in given.items() if value}


class RestForm(forms.Form):
    """The same comment for all who have none yet."""

    remark = forms.ChoiceField(label=_("Same comment for all without one"), choices=Remark.choices)


class SignForm(forms.Form):
    """The station's signature."""

    remark = forms.CharField(
        label=_("Remark to the brigade"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReturnMonthForm(forms.Form):
    """Giving a signed month back to its station."""

    station = forms.ModelChoiceField(label=_("Station"), queryset=Unit.objects.none(), to_field_name="code")
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, stations: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["station"].queryset = stations  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a bulletin is issued again."""

    reason = forms.CharField(label=_("Reason for reissue"), max_length=200)


class NumberForm(forms.Form):
    """The number under which a bulletin is issued."""

    number = forms.CharField(label=_("Document number"), max_length=50)
