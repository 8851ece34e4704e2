"""The forms by which a case is opened: they only parse; the verbs judge."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.cases import CaseEntry, PartyEntry
from patrols.cases.checking import MATTER, misfits, require_opening_day
from patrols.choices import (
    CATEGORIES_OF,
    CaseKind,
    CaseLevel,
    CaseScale,
    PartyRole,
)
from patrols.forms.fields import Day, text
from patrols.forms.rows import RowForm, RowFormSet, length
from patrols.models import Case, CaseParty
from patrols.visit_checks import find_household
from villages.models import Household, Village
from xinjin.access.engine import allows

MAX_PARTIES = 12


def _grouped_categories() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Categories under the kinds that they fit; one that fits several stands under the first."""
    seen: set[str] = set()
    groups = []
    for kind in (CaseKind.DISPUTE, CaseKind.CONCERN):
        fresh = [(category.value, category.label) for category in CATEGORIES_OF[kind] if category not in seen]
        seen |= {value for value, _label in fresh}
        groups.append((kind.label, fresh))
    return groups


class MatterForm(forms.Form):
    """What may be said of a case, when it is opened and when it is corrected."""

    kind = forms.ChoiceField(label=_("Kind"), choices=CaseKind.choices, initial=CaseKind.DISPUTE)
    category = forms.ChoiceField(label=_("Category"), choices=_grouped_categories)
    title = text(_("What it is about"), Case, "title", rows=1)
    detail = text(_("Details"), Case, "detail", required=False, rows=3)
    place = text(_("Where it happened"), Case, "place", required=False, rows=1)
    occurred_on = Day(label=_("Happened on"), required=False)
    scale = forms.ChoiceField(label=_("Scale"), choices=CaseScale.choices)
    promised_on = Day(label=_("Promised for"), required=False)
    household = forms.CharField(
        label=_("Household"),
        max_length=160,
        required=False,
        help_text=_("When it concerns one: its address, a space, its head, as on the village's list."),
    )

    def clean_detail(self) -> str:
        """Lines end alike, whichever way they were sent."""
        return self.cleaned_data["detail"].replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["household"] = self._household(data.get("household", ""), data.get("village"))
        said = Case(**{name: data.get(name) for name in (*MATTER, "opened_on") if name in data})
        for field, found in misfits(said, unread=self.errors).items():
            self.add_error(field if field in self.fields else None, found)
        return data

    def _household(self, typed: str, village: Village | None) -> Household | None:
        if not typed.strip() or village is None:
            return None
        found = find_household(village, typed)
        if found is None:
            self.add_error("household", _("There is no such household on the village's list."))
        return found


class CaseForm(MatterForm):
    """A case entered by hand: what it is about first, people next, the rest may stay as proposed."""

    village = forms.ModelChoiceField(Village.objects.none(), label=_("Village"), to_field_name="code", empty_label=None)
    opened_on = Day(label=_("Came to know on"))
    level = forms.ChoiceField(label=_("Level"), choices=[("", _("As proposed")), *CaseLevel.choices], required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.villages = list(villages_to_open_in(user))
        self.fields["village"].queryset = Village.objects.filter(pk__in=[v.pk for v in self.villages])  # type: ignore[attr-defined]
        self.fields["village"].choices = [(v.code, v.name) for v in self.villages]  # type: ignore[attr-defined]
        self.fields["opened_on"].initial = timezone.localdate

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        try:
            require_opening_day(data.get("opened_on") or timezone.localdate())
        except ValidationError as error:
            self.add_error(None, error)
        return data

    def entry(self, parties: Iterable[PartyEntry]) -> CaseEntry:
        """The case as a value."""
        return CaseEntry(**self.cleaned_data, parties=tuple(parties))


def villages_to_open_in(user: Any) -> Any:
    """The villages in which the user may open a case: his own, or those of his station."""
    if not allows(user, Case, "add"):
        return Village.objects.none()
    return Village.objects.allowed(user, "unmask").existing_on(timezone.localdate()).order_by("code")


class PartyForm(RowForm):
    """One of the people whom a case is about. No identity number."""

    role = forms.ChoiceField(label=_("Role"), choices=PartyRole.choices, required=False)
    name = forms.CharField(label=_("Full name"), max_length=length(CaseParty, "name"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=length(CaseParty, "phone"), required=False)
    telling = ("name", "phone")

    def clean(self) -> dict[str, Any]:
        """A phone says nothing of whose it is."""
        data = super().clean() or {}
        if data.get("phone", "").strip() and not data.get("name", "").strip() and "name" not in self.errors:
            self.add_error("name", _("Write the name."))
        return data

    @property
    def entry(self) -> PartyEntry:
        """The row as a value."""
        data = self.cleaned_data
        return PartyEntry(data["role"] or PartyRole.CONCERNED, data["name"].strip(), data["phone"].strip())


PartyFormSet = forms.formset_factory(
    PartyForm, formset=RowFormSet, extra=0, min_num=2, max_num=MAX_PARTIES, absolute_max=MAX_PARTIES * 2,
    validate_max=True, can_delete=True,
)  # fmt: skip


def show_mistakes(form: Any, parties: Any, error: ValidationError) -> None:
    """Messages of a verb beside their fields, those of parties in their rows."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for key, errors in error.error_dict.items():
        part, _dash, rest = key.partition("-")
        number, _dash, field = rest.partition("-")
        if part == "parties" and parties.kept:
            parties.add_error(int(number), field, errors)
        else:
            form.add_error(key if key in form.fields else None, errors)
