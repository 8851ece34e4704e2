"""The repeated lines of a visit: households called on, deeds, base-info changes, activities."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from patrols.choices import (
    CASE_KINDS_OF_CALLS,
    CASE_KINDS_OF_SCREENINGS,
    ActivityKind,
    BaseInfoAction,
    BaseInfoSubject,
    DeedOutcome,
    Topic,
)
from patrols.entries import ActivityEntry, BaseInfoEntry, CallEntry, DeedEntry
from patrols.models import Activity, BaseInfoRow, Deed, HouseholdCall
from xinjin.forms import StrictFormSet

CALL_ROWS = 5
MAX_ROWS = 60


def length(model: Any, field: str) -> int:
    """The most characters that the field of the model takes."""
    return model._meta.get_field(field).max_length


class RowForm(forms.Form):
    """A row of a part; blank when none of `telling` says anything."""

    telling: tuple[str, ...] = ()
    blank: Any = None

    @property
    def is_kept(self) -> bool:
        """Whether the row is to be stored: neither removed nor blank."""
        data = self.cleaned_data
        return not data.get("DELETE") and any(data.get(name) or name in self.errors for name in self.telling)

    def entry_beside(self, stored: Any = None) -> Any:
        """The row as a value; what could not be read is taken from `stored`, or left blank."""
        beside, data = stored or self.blank, self.cleaned_data
        names = [field.name for field in fields(self.blank)]
        return type(self.blank)(**{name: data.get(name, getattr(beside, name)) for name in names})

    @property
    def entry(self) -> Any:
        """The row as a value."""
        return self.entry_beside()


class CallForm(RowForm):
    household = forms.CharField(
        label=_("Household: address, space, head"),
        max_length=length(HouseholdCall, "entered"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-household": ""}),
    )
    spoke_with = forms.CharField(label=_("Spoke with"), max_length=length(HouseholdCall, "spoke_with"), required=False)
    topics = forms.MultipleChoiceField(
        label=_("Topics"), choices=Topic.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    raised = forms.CharField(label=_("What they raised"), max_length=length(HouseholdCall, "raised"), required=False)
    case_kind = forms.ChoiceField(
        label=_("Into the ledger"),
        choices=[("", "—"), *CASE_KINDS_OF_CALLS],
        required=False,
        widget=forms.Select(attrs={"data-aside": ""}),
    )
    telling = ("household", "spoke_with", "topics", "raised")
    blank = CallEntry()

    def clean_household(self) -> str:
        return " ".join(self.cleaned_data["household"].split())

    def clean_topics(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["topics"])


class DeedForm(RowForm):
    beneficiary = forms.CharField(label=_("For whom"), max_length=length(Deed, "beneficiary"), required=False)
    matter = forms.CharField(label=_("What was done for them"), max_length=length(Deed, "matter"), required=False)
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=DeedOutcome.choices, initial=DeedOutcome.DONE, required=False
    )
    result = forms.CharField(label=_("Result, or passed on to whom"), max_length=length(Deed, "result"), required=False)
    telling = ("beneficiary", "matter", "result")
    blank = DeedEntry()

    def clean_outcome(self) -> str:
        return self.cleaned_data["outcome"] or DeedOutcome.DONE.value


class BaseInfoForm(RowForm):
    """A base-info change; place and date are the visit's. `change` is the record that the row has made."""

    subject = forms.ChoiceField(label=_("Subject"), choices=[("", "—"), *BaseInfoSubject.choices], required=False)
    action = forms.ChoiceField(label=_("Kind of change"), choices=[("", "—"), *BaseInfoAction.choices], required=False)
    address = forms.CharField(label=_("Address or where"), max_length=length(BaseInfoRow, "address"), required=False)
    what = forms.CharField(label=_("What has changed"), max_length=length(BaseInfoRow, "what"), required=False)
    change = forms.CharField(required=False, widget=forms.HiddenInput)
    telling = ("subject", "action", "address", "what")
    blank = BaseInfoEntry()

    def clean_address(self) -> str:
        return " ".join(self.cleaned_data["address"].split())

    def clean_change(self) -> str:
        """What is no identifier names no record."""
        try:
            return str(UUID(self.cleaned_data["change"]))
        except ValueError:
            return ""


class RowFormSet(StrictFormSet):
    """Rows of a part; messages of a verb name a kept row by its place among the kept ones."""

    @cached_property
    def kept(self) -> list[Any]:
        """The rows to be stored, in the order of the page; asked for the first time before a verb complains."""
        self.is_valid()
        return [form for form in self.forms if form.is_kept]

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
# Most visits find none: no row until one is asked for.
BaseInfoFormSet = _formset(BaseInfoForm, 0)


class ActivityForm(forms.Form):
    """One line for a kind of activity. A screening is done when it found nothing or says what it found (R7, R8)."""

    done = forms.BooleanField(label=_("Kind"), required=False)
    nothing_found = forms.BooleanField(label=_("Nothing found"), required=False)
    people_count = forms.IntegerField(
        label=_("People"),
        required=False,
        min_value=0,
        max_value=99_999,
        # A plain field: the arrows go from line to line, and a half-typed number stays on the page as it is.
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    note = forms.CharField(label=_("Note"), max_length=length(Activity, "note"), required=False)
    opens_case = forms.BooleanField(label=_("Into the ledger"), required=False)
    case_kind = forms.ChoiceField(
        label=_("As what into the ledger"),
        choices=CASE_KINDS_OF_SCREENINGS,
        required=False,
        widget=forms.Select(attrs={"data-aside": ""}),
    )

    def __init__(self, *args: Any, kind: ActivityKind, **kwargs: Any) -> None:
        kwargs["prefix"] = f"activity-{kind}"
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["done"].label = kind.label
        if self.is_screening:
            del self.fields["done"], self.fields["people_count"]
            self.fields["note"].label = _("Or what was found")
        else:
            del self.fields["nothing_found"], self.fields["opens_case"], self.fields["case_kind"]

    @property
    def is_screening(self) -> bool:
        return self.kind == ActivityKind.SCREENING

    def entry_beside(self, stored: ActivityEntry | None = None) -> ActivityEntry | None:
        """The line as a value, None when it was not done; what could not be read is taken from `stored`."""
        data, beside = self.cleaned_data, stored or ActivityEntry(self.kind.value)
        ticked = data.get("done") or data.get("nothing_found")
        people = data.get("people_count") if "people_count" not in self.errors else beside.people_count
        note = data.get("note", beside.note)
        if not (ticked or note or people is not None):
            return None
        return ActivityEntry(
            self.kind.value,
            people,
            bool(data.get("nothing_found")),
            note,
            bool(data.get("opens_case")),
            data.get("case_kind") or beside.case_kind,
        )

    @property
    def entry(self) -> ActivityEntry | None:
        """The line as a value; None when it was not done."""
        return self.entry_beside()
