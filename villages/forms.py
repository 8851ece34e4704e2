"""Forms of the roster."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from villages.effects import Effect, foretell
from villages.models import Absence, Assignment, Village
from xinjin.access.refusal import AdminForm

DATE_INPUT = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class AssignmentForm(AdminForm):
    """A person for a place in a village; which of the two places follows from the kind of person.

    A stored one is corrected in its days, with a reason; `seen` are the days that its writer was shown.
    """

    hands_over = forms.BooleanField(
        label=gettext_lazy("Hand over"),
        required=False,
        help_text=gettext_lazy(
            "The present holder's assignment ends on the day before, and with it his post in the branch."
            " The successor is asked to confirm the hand-over note."
        ),
    )
    note = forms.CharField(
        label=gettext_lazy("Hand-over note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
        help_text=gettext_lazy("What the successor should know. Left empty, the predecessor is asked for it."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Why the days change; kept in the history."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Assignment
        fields = ["village", "officer", "start_on", "end_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["seen"] = f"{self.instance.start_on}/{self.instance.end_on or ''}"

    def clean_seen(self) -> tuple[date, date | None] | None:
        start, _slash, end = self.cleaned_data["seen"].partition("/")
        if not start:
            return None
        try:
            return date.fromisoformat(start), date.fromisoformat(end) if end else None
        except ValueError as error:
            raise ValidationError(_("This is no date.")) from error

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        officer = data.get("officer")
        if officer is not None and self.instance._state.adding:
            if officer.slot is None:
                raise ValidationError({"officer": _("A person of this kind cannot hold a place in a village.")})
            self.instance.slot = officer.slot
        if data.get("note", "").strip() and not data.get("hands_over"):
            raise ValidationError({"note": _("A note belongs to a hand-over: tick it, or leave the note empty.")})
        return data

    def _post_clean(self) -> None:
        if not self.cleaned_data.get("hands_over"):
            super()._post_clean()
            return
        # The present holder is still in the way: the verb moves him first and then checks everything.
        forms.ModelForm._post_clean(self)  # type: ignore[attr-defined]
        self.show_refusal()


class AbsenceForm(AdminForm):
    """An absence, saved only when its writer has seen which weeks it takes out of the duties.

    `previewed` names the values for which the effects were shown; with other values they are shown again.
    """

    previewed = forms.CharField(required=False, widget=forms.HiddenInput)
    effects: list[Effect] = []
    is_preview = False

    class Meta:
        model = Absence
        fields = ["officer", "kind", "start_on", "from_noon", "end_on", "until_noon", "stand_in", "note"]

    def _post_clean(self) -> None:
        super()._post_clean()
        absence = self.instance
        if self.errors or absence.officer_id is None:
            return
        values = f"{absence.officer_id} {absence.halves} {absence.stand_in_id}"
        self.effects = foretell(absence)
        if not self.effects or self.cleaned_data.get("previewed") == values:
            return
        self.is_preview = True
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # of a request, it does not change
        data[self.add_prefix("previewed")] = values
        self.data = data

    def is_valid(self) -> bool:
        """Sound, and its effects have been seen: a preview is no mistake, but nothing to save either."""
        return super().is_valid() and not self.is_preview


class NoteForm(forms.Form):
    """What the successor should know."""

    text = forms.CharField(
        label=gettext_lazy("Hand-over note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ConfirmForm(forms.Form):
    """The successor's word on taking over."""

    remark = forms.CharField(label=gettext_lazy("Remark (optional)"), max_length=500, required=False)


class NamesForm(forms.Form):
    """What a village is called."""

    name = forms.CharField(label=gettext_lazy("Village name"), max_length=30)
    official_name = forms.CharField(label=gettext_lazy("Official name"), max_length=60, required=False)
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=12,
        validators=[RegexValidator(r"^\d{12}$", gettext_lazy("Twelve digits."))],
    )


class RenameForm(NamesForm):
    """Another name or code from a day on."""

    day = forms.DateField(
        label=gettext_lazy("Holds from"),
        widget=DATE_INPUT,
        help_text=gettext_lazy("Logs of days before it keep the name that they were written under."),
    )
    field_order = ("day", "name", "official_name", "code")


class MergeForm(forms.Form):
    """Into which village, and from which day on."""

    day = forms.DateField(
        label=gettext_lazy("Merged from"),
        widget=DATE_INPUT,
        help_text=gettext_lazy("The villages end on the day before."),
    )
    target = forms.ModelChoiceField(
        label=gettext_lazy("Into"),
        queryset=Village.objects.none(),
        required=False,
        empty_label=gettext_lazy("a new village, named below"),
    )
    name = forms.CharField(label=gettext_lazy("Name of the new village"), max_length=30, required=False)
    official_name = forms.CharField(label=gettext_lazy("Official name"), max_length=60, required=False)
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=12,
        required=False,
        validators=[RegexValidator(r"^\d{12}$", gettext_lazy("Twelve digits."))],
    )

    def __init__(self, *args: Any, targets: Any, chosen: list[Village], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen = chosen
        self.fields["target"].queryset = targets  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        target = data.get("target")
        for field in ("name", "code"):
            if target is None and not data.get(field) and field not in self.errors and "target" not in self.errors:
                self.add_error(field, _("Choose a village above, or give the new one a name and a code."))
            if target is not None and data.get(field):
                self.add_error(field, _("Either a village that exists, or a new one: leave one of the two empty."))
        if target is not None and self.chosen == [target]:
            self.add_error("target", _("A village cannot be merged into itself."))
        return data

    def merged_village(self) -> Village:
        """The village that goes on: the chosen one, or a new one like the first of those that end."""
        data = self.cleaned_data
        if data["target"] is not None:
            return data["target"]
        model = self.chosen[0]
        return Village(
            name=data["name"],
            official_name=data["official_name"],
            code=data["code"],
            kind=model.kind,
            township=model.township,
            station=model.station,
            address=model.address,
        )
