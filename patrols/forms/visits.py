"""The forms of a visit: they read what was typed into a VisitEntry and show what a verb refused beside its field.

Everything but place and date may stay empty: a draft is saved as it is, and handing in is judged by the verb.
"""

import re
from datetime import time
from typing import Any
from unicodedata import normalize
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from patrols.choices import ActivityKind
from patrols.entries import VisitEntry
from patrols.forms.rows import ActivityForm, BaseInfoFormSet, CallFormSet, DeedFormSet, length
from patrols.models import CorrectionNote, Visit, VisitTransition
from patrols.visits import OpenPage
from villages.models import Assignment, Officer, Village

# Parts whose rows are fields and nothing else.
PLAIN_ROWS = ("deeds", "base_info")


def own_villages(officer: Officer) -> Any:
    """The villages in which the officer holds a place today."""
    held = Assignment.objects.on(timezone.localdate()).filter(officer=officer)
    return Village.objects.filter(pk__in=held.values("village")).order_by("code")


class VillageChoice(forms.ModelChoiceField):
    """A village by its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Village.objects.none(), to_field_name="code", label=_("Village"), empty_label=None, **kwargs)


class CompanionChoice(forms.ModelMultipleChoiceField):
    """The other people of one's villages."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.get_kind_display()})"


class ClockField(forms.TimeField):
    """A time as one types it: 9:05, 0905, 9. A plain field, so that a half-typed time stays on the page."""

    widget = forms.TimeInput(format="%H:%M", attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 8})
    default_error_messages = {"invalid": _("Write the time like 9:05 or 0905.")}

    def to_python(self, value: Any) -> Any:
        """Full-width digits and colons come from a Chinese keyboard."""
        text = normalize("NFKC", str(value or "")).strip()
        if not text:
            return None
        found = re.fullmatch(r"(\d{1,2})(?:[:.]?(\d{2}))?", text, re.ASCII)
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return time(int(found[1]), int(found[2] or 0))
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class NewVisitForm(forms.Form):
    """Opens a draft: one of the own villages, today unless another day is named, and optionally the draft's id."""

    village = VillageChoice()
    visited_on = forms.DateField(required=False, widget=forms.HiddenInput)
    id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, officer: Officer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = own_villages(officer)
        self.fields["village"].queryset = rows  # type: ignore[attr-defined]
        self.own = list(rows)
        # The rows at hand, or the select would ask for them again each time it is rendered.
        self.fields["village"].choices = [(village.code, str(village)) for village in self.own]  # type: ignore[attr-defined]

    @cached_property
    def single_village(self) -> Village | None:
        """The officer's village when there is only one to choose."""
        return self.own[0] if len(self.own) == 1 else None


class VisitForm(forms.Form):
    """When and where, who was there, and the words about the whole visit."""

    village = VillageChoice()
    visited_on = forms.DateField(
        label=_("Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Write the whole date.")},
    )
    started_at = ClockField(label=_("Arrival"), required=False)
    ended_at = ClockField(label=_("Departure"), required=False)
    companions = CompanionChoice(
        Officer.objects.none(), label=_("Companions"), required=False, widget=forms.CheckboxSelectMultiple
    )
    summary = forms.CharField(
        label=_("What was done, in a few sentences"),
        required=False,
        max_length=length(Visit, "summary"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    photo_waiver = forms.CharField(
        label=_("Why there is no photo"),
        required=False,
        max_length=length(Visit, "photo_waiver"),
        help_text=_("Photos are never scored."),
    )
    shortfall_reason = forms.CharField(
        label=_("Why the visit is below standard"),
        required=False,
        max_length=length(Visit, "shortfall_reason"),
        help_text=_("Only when the list beside says that something is missing. A short visit is recorded as it was."),
    )
    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    # Which open page this is, and the how-manieth save of it (patrols.visits.OpenPage).
    page = forms.UUIDField(required=False, widget=forms.HiddenInput)
    step = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Q(pk__in=own_villages(visit.officer).values("pk")) | Q(pk=visit.village_id)
        villages = Village.objects.filter(mine).order_by("code")
        self.fields["village"].queryset = villages  # type: ignore[attr-defined]
        holders = Assignment.objects.on(visit.visited_on).filter(village__in=villages).values("officer")
        people = Officer.objects.filter(Q(pk__in=holders) | Q(attendances__visit=visit)).exclude(pk=visit.officer_id)
        self.fields["companions"].queryset = people.order_by("pinyin", "number").distinct()  # type: ignore[attr-defined]
        if visit.revision == 0:  # place and date are there already
            self.fields["started_at"].widget.attrs["autofocus"] = True

    def clean_summary(self) -> str:
        """Lines end alike, whichever way the page was sent."""
        return self.cleaned_data["summary"].replace("\r\n", "\n")

    def clean_companions(self) -> frozenset[Officer]:
        return frozenset(self.cleaned_data["companions"])

    @property
    def open_page(self) -> OpenPage | None:
        """The page that this was typed on, when it named itself; only after checking."""
        page = self.cleaned_data.get("page")
        return OpenPage(page, self.cleaned_data.get("step") or 0) if page else None


class ReturnForm(forms.Form):
    """Why a log goes back to its author."""

    reason = forms.CharField(
        label=_("What is to be corrected"),
        max_length=length(VisitTransition, "reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class NoteForm(forms.Form):
    """A correction note on a log of a locked month."""

    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Correction note"),
        max_length=length(CorrectionNote, "text"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Shown and printed with the log. The figures of the locked month stay as they are."),
    )


class VisitForms:
    """All forms of the edit page as one: bound to what was posted, or showing a stored entry."""

    def __init__(self, visit: Visit, *, data: Any = None, stored: VisitEntry | None = None) -> None:
        self.data = data
        initial, parts, activities = _initial(stored, visit.revision) if stored else ({}, {}, {})
        self.visit = VisitForm(data, visit=visit, initial=initial)
        self.calls = CallFormSet(data, prefix="calls", initial=parts.get("calls"))
        self.deeds = DeedFormSet(data, prefix="deeds", initial=parts.get("deeds"))
        self.base_info = BaseInfoFormSet(data, prefix="base_info", initial=parts.get("base_info"))
        self.activities = [ActivityForm(data, kind=kind, initial=activities.get(kind)) for kind in ActivityKind]
        self.formsets = [self.calls, self.deeds, self.base_info]

    def is_valid(self) -> bool:
        """Whether everything could be read; all forms are asked, so that all mistakes show at once."""
        return all([form.is_valid() for form in (self.visit, *self.formsets, *self.activities)])

    @cached_property
    def entry(self) -> VisitEntry:
        """What was typed; only when valid."""
        data = self.visit.cleaned_data
        return VisitEntry(
            village=data["village"],
            visited_on=data["visited_on"],
            started_at=data["started_at"],
            ended_at=data["ended_at"],
            companions=data["companions"],
            calls=self.calls.entries(),
            deeds=self.deeds.entries(),
            activities=tuple(form.entry for form in self.activities if form.entry),
            base_info=self.base_info.entries(),
            summary=data["summary"],
            photo_waiver=data["photo_waiver"],
            shortfall_reason=data["shortfall_reason"],
        )

    def add_errors(self, error: ValidationError) -> None:
        """Puts the messages of a verb beside their fields; those without a field above the form."""
        if not hasattr(error, "error_dict"):
            self.visit.add_error(None, error)
            return
        done = [form for form in self.activities if form.entry]
        for key, errors in error.error_dict.items():
            part, _dash, rest = key.partition("-")
            number, _dash, field = rest.partition("-")
            if part in ("calls", "deeds", "base_info"):
                getattr(self, part).add_error(int(number), field, errors)
            elif part == "activities":
                form = done[int(number)]
                form.add_error(field if field in form.fields else None, errors)
            else:
                self.visit.add_error(key if key in self.visit.fields else None, errors)

    @property
    def activity_errors(self) -> list[Any]:
        """The lines of activities with mistakes, for the summary above the form."""
        return [form for form in self.activities if form.errors]


def _initial(stored: VisitEntry, revision: int) -> tuple[dict, dict[str, list], dict]:
    own = {
        name: getattr(stored, name)
        for name in ("visited_on", "started_at", "ended_at", "summary", "photo_waiver", "shortfall_reason")
    }
    own |= {"village": stored.village.code, "companions": [officer.pk for officer in stored.companions]}
    activities = {
        row.kind: {
            "done": True,
            "nothing_found": row.nothing_found,
            "people_count": row.people_count,
            "note": row.note,
            "opens_case": row.opens_case,
            "case_kind": row.case_kind,
        }
        for row in stored.activities
    }
    calls = [vars(row) | {"topics": list(row.topics)} for row in stored.calls]
    parts = {"calls": calls, **{name: [vars(row).copy() for row in getattr(stored, name)] for name in PLAIN_ROWS}}
    return own | {"revision": revision, "page": uuid4(), "step": 0}, parts, activities
