"""The forms of the ledger: they only parse; the verbs judge. Each form of an act carries the revision that was read."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.cases import CaseEntry, PartyEntry, Resolution
from patrols.cases.people import able_to_own
from patrols.choices import (
    CATEGORIES_OF,
    CaseKind,
    CaseLevel,
    CaseOutcome,
    CaseScale,
    PartyRole,
    ReferralTarget,
    ResolutionMethod,
    Resolver,
    Satisfaction,
    StepKind,
)
from patrols.forms.rows import RowForm, RowFormSet, length
from patrols.ledger.deadlines import is_higher
from patrols.models import Case, CaseParty, CasePause, CaseReferral, CaseStep, CaseTransition, FollowUpCall
from patrols.visit_checks import find_household
from villages.models import Officer, Village
from xinjin.access.engine import allows

MAX_PARTIES = 12


class Day(forms.DateField):
    """A day in the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def _text(
    label: Any, model: Any, field: str, *, required: bool = True, rows: int = 2, **kwargs: Any
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput()
    return forms.CharField(label=label, max_length=length(model, field), required=required, widget=widget, **kwargs)


def _grouped_categories() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Categories under the kinds that they fit; one that fits several stands under the first."""
    seen: set[str] = set()
    groups = []
    for kind in (CaseKind.DISPUTE, CaseKind.CONCERN):
        fresh = [(category.value, category.label) for category in CATEGORIES_OF[kind] if category not in seen]
        seen |= {value for value, _label in fresh}
        groups.append((kind.label, fresh))
    return groups


class CaseForm(forms.Form):
    """A case entered by hand: what it is about first, people next, the rest may stay as proposed."""

    kind = forms.ChoiceField(label=_("Kind"), choices=CaseKind.choices, initial=CaseKind.DISPUTE)
    village = forms.ModelChoiceField(Village.objects.none(), label=_("Village"), to_field_name="code", empty_label=None)
    category = forms.ChoiceField(label=_("Category"), choices=_grouped_categories)
    title = _text(_("What it is about"), Case, "title", rows=1)
    detail = _text(_("Details"), Case, "detail", required=False, rows=3)
    place = _text(_("Where it happened"), Case, "place", required=False, rows=1)
    occurred_on = Day(label=_("Happened on"), required=False)
    opened_on = Day(label=_("Came to know on"))
    scale = forms.ChoiceField(label=_("Scale"), choices=CaseScale.choices)
    level = forms.ChoiceField(label=_("Level"), choices=[("", _("As proposed")), *CaseLevel.choices], required=False)
    promised_on = Day(label=_("Promised for"), required=False)
    household = forms.CharField(
        label=_("Household: address, space, head"),
        max_length=160,
        required=False,
        help_text=_("When it concerns one; it must be on the village's list."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.villages = list(villages_to_open_in(user))
        self.fields["village"].queryset = Village.objects.filter(pk__in=[v.pk for v in self.villages])  # type: ignore[attr-defined]
        self.fields["village"].choices = [(v.code, v.name) for v in self.villages]  # type: ignore[attr-defined]
        self.fields["opened_on"].initial = timezone.localdate

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        typed = data.get("household", "").strip()
        data["household"] = None
        if typed and data.get("village"):
            data["household"] = find_household(data["village"], typed)
            if data["household"] is None:
                self.add_error("household", _("There is no such household on the village's list."))
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

    @property
    def entry(self) -> PartyEntry:
        """The row as a value."""
        data = self.cleaned_data
        return PartyEntry(data["role"] or PartyRole.CONCERNED, data["name"].strip(), data["phone"].strip())


PartyFormSet = forms.formset_factory(
    PartyForm, formset=RowFormSet, extra=0, min_num=2, max_num=MAX_PARTIES, absolute_max=MAX_PARTIES * 2,
    validate_max=True, can_delete=True,
)  # fmt: skip


class ActForm(forms.Form):
    """What is shared by the forms of all acts: the case, who looks at it, and the revision that was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, data: Any = None, *, case: Case, user: Any, act: str) -> None:
        # Several forms stand on one page: each has ids of its own, while the names stay short.
        super().__init__(data, initial={"revision": case.revision}, auto_id=f"id_{act}_%s")
        self.case, self.user = case, user
        self.prepare()
        for name, field in self.fields.items():
            if isinstance(field, Day) and field.required and name not in self.initial:
                field.initial = timezone.localdate

    def prepare(self) -> None:
        """Choices that depend on the case."""

    def given(self) -> dict[str, Any]:
        """What the verb takes."""
        return self.cleaned_data


class StepForm(ActForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=StepKind.choices)
    happened_on = Day(label=_("Date"))
    note = _text(_("What was done about it"), CaseStep, "note")

    def given(self) -> dict[str, Any]:
        """Steps of two people stand beside each other, so no revision is asked."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


class LevelForm(ActForm):
    level = forms.ChoiceField(label=_("Level"))
    reason = _text(_("Why"), CaseTransition, "reason")

    def prepare(self) -> None:
        may_lower = Case.objects.allowed(self.user, "oversee").filter(pk=self.case.pk).exists()
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            (level.value, level.label)
            for level in CaseLevel
            if level != self.case.level and (may_lower or is_higher(level, self.case.level))
        ]


class PauseForm(ActForm):
    reason = _text(_("What is waited for"), CasePause, "reason", rows=1)


class ResumeForm(ActForm):
    reason = _text(_("Remark"), CaseTransition, "reason", required=False, rows=1)


class ReferForm(ActForm):
    target = forms.ChoiceField(label=_("Passed on to"), choices=ReferralTarget.choices)
    target_name = _text(_("Its name"), CaseReferral, "target_name", required=False, rows=1)
    reason = _text(_("Why"), CaseReferral, "reason")
    answer_due_on = Day(label=_("Answer asked for by"), required=False)


class ReferralAnswerForm(ActForm):
    answered_on = Day(label=_("Answered on"))
    answer = _text(_("What was answered"), CaseReferral, "answer")


class ResolveForm(ActForm):
    resolved_on = Day(label=_("Resolved on"))
    outcome = forms.ChoiceField(label=_("Outcome"), choices=CaseOutcome.choices)
    method = forms.ChoiceField(label=_("Way of resolution"), choices=ResolutionMethod.choices)
    resolver = forms.ChoiceField(label=_("Resolved by"), choices=Resolver.choices)
    result = _text(_("Result"), Case, "result", rows=3)

    def given(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return {"revision": data.pop("revision"), "resolution": Resolution(**data)}


class AnswerForm(ActForm):
    answered_on = Day(label=_("Answered on"))
    answer = _text(_("What the resident was told"), Case, "answer")
    satisfaction = forms.ChoiceField(label=_("Satisfaction"), choices=Satisfaction.choices)


class FollowUpForm(ActForm):
    done_on = Day(label=_("Date"))
    satisfaction = forms.ChoiceField(label=_("Satisfaction"), choices=Satisfaction.choices)
    note = _text(_("What was found"), FollowUpCall, "note")
    broken = forms.BooleanField(label=_("It does not hold: take the case up again"), required=False)

    def given(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return {"holds": not data.pop("broken"), **data}


class CloseForm(ActForm):
    reason = _text(_("Remark"), CaseTransition, "reason", required=False, rows=1)


class ReopenForm(ActForm):
    reason = _text(_("Why"), CaseTransition, "reason")


class OfficerChoice(forms.ModelChoiceField):
    """A person with his kind."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.get_kind_display()}）"


class OfficersChoice(forms.ModelMultipleChoiceField):
    """Several people."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class AssignForm(ActForm):
    owner = OfficerChoice(Officer.objects.none(), label=_("Owner"), to_field_name="number")
    co_handlers = OfficersChoice(
        Officer.objects.none(), label=_("Co-handlers"), required=False, to_field_name="number",
        widget=forms.SelectMultiple(attrs={"size": 4}),
    )  # fmt: skip
    reason = forms.CharField(label=_("Remark"), max_length=100, required=False)

    def prepare(self) -> None:
        able = able_to_own(self.case.village)
        for name in ("owner", "co_handlers"):
            self.fields[name].queryset = able  # type: ignore[attr-defined]
        if self.case.owner is not None:
            self.initial["owner"] = self.case.owner.number


class LeadForm(ActForm):
    leader = OfficerChoice(Officer.objects.none(), label=_("Leader in charge"), to_field_name="number")

    def prepare(self) -> None:
        leaders = Q(unit=self.case.village.station_id)
        self.fields["leader"].queryset = Officer.objects.active().filter(leaders).order_by("pinyin", "number")  # type: ignore[attr-defined]


class InformForm(ActForm):
    informed_on = Day(label=_("Handed over on"))
    received_by = forms.CharField(label=_("Received by"), max_length=50)


class OtherCaseChoice(forms.ModelChoiceField):
    """Another case by its number and title."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} {obj.title[:30]}"


def _neighbours(case: Case) -> Any:
    return Case.objects.filter(village=case.village_id).exclude(pk=case.pk).order_by("-opened_on", "-created_at", "id")


class MergeForm(ActForm):
    into = OtherCaseChoice(Case.objects.none(), label=_("Into which case"))
    reason = _text(_("Why"), CaseTransition, "reason", rows=1)

    def prepare(self) -> None:
        self.fields["into"].queryset = _neighbours(self.case).unresolved()  # type: ignore[attr-defined]


class LinkForm(ActForm):
    other = OtherCaseChoice(Case.objects.none(), label=_("With which case"))

    def prepare(self) -> None:
        self.fields["other"].queryset = _neighbours(self.case).exclude(state="merged")  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        return {"other": self.cleaned_data["other"]}
