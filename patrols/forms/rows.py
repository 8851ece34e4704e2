"""The repeated lines of a visit: households called on, deeds, activities."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from patrols.choices import CASE_KINDS_OF_CALLS, ActivityKind, DeedOutcome, Topic
from patrols.entries import ActivityEntry, CallEntry, DeedEntry
from patrols.models import Activity, Deed, HouseholdCall

CALL_ROWS = 5
MAX_ROWS = 60


def length(model: Any, field: str) -> int:
    """The most characters that the field of the model takes."""
    return model._meta.get_field(field).max_length


class RowForm(forms.Form):
    """A row of a part; blank when none of `telling` says anything."""

    telling: tuple[str, ...] = ()

    @property
    def is_kept(self) -> bool:
        """Whether the row is to be stored: neither removed nor blank."""
        data = self.cleaned_data
        return not data.get("DELETE") and any(data.get(name) for name in self.telling)


class CallForm(RowForm):
    household = forms.CharField(
        label=_("Household: address, space, head"),
        max_length=length(HouseholdCall, "entered"),
        required=False,
        widget=forms.TextInput(attrs={"list": "households", "autocomplete": "off", "data-household": ""}),
    )
    spoke_with = forms.CharField(label=_("Spoke with"), max_length=length(HouseholdCall, "spoke_with"), required=False)
    topics = forms.MultipleChoiceField(
        label=_("Topics"), choices=Topic.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    raised = forms.CharField(label=_("What they raised"), max_length=length(HouseholdCall, "raised"), required=False)
    case_kind = forms.ChoiceField(label=_("Into the ledger"), choices=[("", "—"), *CASE_KINDS_OF_CALLS], required=False)
    telling = ("household", "spoke_with", "topics", "raised")

    def clean_household(self) -> str:
        return " ".join(self.cleaned_data["household"].split())

    @property
    def entry(self) -> CallEntry:
        """The row as a value."""
        data = self.cleaned_data
        return CallEntry(
            data["household"], data["spoke_with"], tuple(data["topics"]), data["raised"], data["case_kind"]
        )


class DeedForm(RowForm):
    beneficiary = forms.CharField(label=_("For whom"), max_length=length(Deed, "beneficiary"), required=False)
    matter = forms.CharField(label=_("What was done for them"), max_length=length(Deed, "matter"), required=False)
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=DeedOutcome.choices, initial=DeedOutcome.DONE, required=False
    )
    result = forms.CharField(label=_("Result, or passed on to whom"), max_length=length(Deed, "result"), required=False)
    telling = ("beneficiary", "matter", "result")

    @property
    def entry(self) -> DeedEntry:
        """The row as a value."""
        data = self.cleaned_data
        return DeedEntry(data["beneficiary"], data["matter"], data["outcome"] or DeedOutcome.DONE.value, data["result"])


class RowFormSet(forms.BaseFormSet):
    """Rows of a part; messages of a verb name a kept row by its place among the kept ones."""

    @cached_property
    def kept(self) -> list[Any]:
        """The rows to be stored, in the order of the page; asked for the first time before a verb complains."""
        return [form for form in self.forms if form.is_valid() and form.is_kept]

    def entries(self) -> tuple:
        """The rows as values."""
        return tuple(form.entry for form in self.kept)

    def add_error(self, number: int, field: str, errors: list) -> None:
        """Puts a message beside a field of the kept row `number`; messages are shown on the next rendering."""
        form = self.kept[number]
        form.add_error(field if field in form.fields else None, errors)


def _formset(form: Any, rows: int) -> Any:
    return forms.formset_factory(
        form, formset=RowFormSet, extra=0, min_num=rows, max_num=MAX_ROWS, absolute_max=MAX_ROWS * 2,
        validate_max=True, can_delete=True,
    )  # fmt: skip


CallFormSet = _formset(CallForm, CALL_ROWS)
DeedFormSet = _formset(DeedForm, 1)


class ActivityForm(forms.Form):
    """One line for a kind of activity. A screening is done when it found nothing or says what it found (R7, R8)."""

    done = forms.BooleanField(required=False)
    nothing_found = forms.BooleanField(label=_("Nothing found"), required=False)
    people_count = forms.IntegerField(label=_("People"), required=False, min_value=0, max_value=99_999)
    note = forms.CharField(label=_("Note"), max_length=length(Activity, "note"), required=False)
    opens_case = forms.BooleanField(label=_("Into the ledger as a dispute"), required=False)

    def __init__(self, *args: Any, kind: ActivityKind, **kwargs: Any) -> None:
        kwargs["prefix"] = f"activity-{kind}"
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["done"].label = kind.label
        if self.is_screening:
            del self.fields["done"], self.fields["people_count"]
            self.fields["note"].label = _("Or what was found")
        else:
            del self.fields["nothing_found"], self.fields["opens_case"]

    @property
    def is_screening(self) -> bool:
        return self.kind == ActivityKind.SCREENING

    @property
    def entry(self) -> ActivityEntry | None:
        """The line as a value; None when it was not done."""
        data = self.cleaned_data
        ticked = data.get("done") or data.get("nothing_found")
        people = data.get("people_count")
        if not (ticked or data["note"] or people is not None):
            return None
        return ActivityEntry(
            self.kind.value, people, bool(data.get("nothing_found")), data["note"], bool(data.get("opens_case"))
        )
