"""The forms of work reports: they only parse; the verbs judge."""

from django import forms
from django.utils.translation import gettext_lazy as _

from patrols.choices import ReportKind
from patrols.outstanding import PERIOD_OF
from patrols.reports import text_field
from xinjin import periods


def _words(name: str, *, required: bool = False, rows: int = 3) -> forms.CharField:
    """A text field as long as the model allows, named as the model names it."""
    field = text_field(name)
    return forms.CharField(
        label=field.verbose_name,
        max_length=field.max_length,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class NewReportForm(forms.Form):
    """Which report to open: kind, and a period of the kind's own."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ReportKind.choices)
    period = forms.CharField(label=_("Period"), max_length=8)

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if "kind" in cleaned and "period" in cleaned:
            kind = ReportKind(cleaned["kind"])
            try:
                cleaned["period"] = periods.parse_as(PERIOD_OF[kind], cleaned["period"])
            except periods.PeriodError:
                self.add_error("period", _("There is no such period."))
            cleaned["kind"] = kind
        return cleaned


class WordsForm(forms.Form):
    """What the author adds to the figures; everything may stay empty."""

    summary = _words("summary")
    problems = _words("problems")
    plan = _words("plan")
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def words(self) -> dict[str, str]:
        """The texts by field name."""
        return {name: self.cleaned_data[name] for name in ("summary", "problems", "plan")}


class ReviewForm(forms.Form):
    """The leader's comment and instructions."""

    comment = _words("comment", required=True, rows=2)
    instructions = _words("instructions", rows=2)


class ReturnForm(forms.Form):
    """Why a report goes back."""

    reason = forms.CharField(
        label=_("What is to be completed"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
