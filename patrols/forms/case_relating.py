"""The forms that relate a case to others: merge, split, link."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from patrols.cases import SplitOff
from patrols.choices import CATEGORIES_OF, CaseKind, CaseLevel
from patrols.forms.case_acts import ActForm
from patrols.forms.fields import text
from patrols.ledger.reading import read_by, title_of
from patrols.models import Case, CaseParty, CaseTransition


class OtherCaseChoice(forms.ModelChoiceField):
    """Another case by its number and title, as the reader may see it."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} {title_of(obj)[:30]}"


def _neighbours(case: Case, user: Any) -> Any:
    rows = Case.objects.filter(village=case.village_id).exclude(pk=case.pk)
    return read_by(rows, user).order_by("-opened_on", "-created_at", "id")


class MergeForm(ActForm):
    into = OtherCaseChoice(Case.objects.none(), label=_("Into which case"))
    reason = text(_("Why"), CaseTransition, "reason", rows=1)

    def prepare(self) -> None:
        self.fields["into"].queryset = _neighbours(self.case, self.user).unresolved()  # type: ignore[attr-defined]


class PartiesChoice(forms.ModelMultipleChoiceField):
    """Parties of a case, as those read them who handle it."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.get_role_display()}"


class SplitForm(ActForm):
    title = text(_("The matter of the new case"), Case, "title", rows=1)
    category = forms.ChoiceField(label=_("Category"))
    level = forms.ChoiceField(label=_("Level"), choices=CaseLevel.choices)
    parties = PartiesChoice(CaseParty.objects.none(), label=_("Whom it is about"), required=False)
    detail = text(_("Details"), Case, "detail", required=False)
    reason = text(_("Why"), CaseTransition, "reason", rows=1)

    def prepare(self) -> None:
        fitting = CATEGORIES_OF[CaseKind(self.case.kind)]
        self.fields["category"].choices = [(each.value, each.label) for each in fitting]  # type: ignore[attr-defined]
        self.initial["category"], self.initial["level"] = self.case.category, self.case.level
        parties: Any = self.fields["parties"]
        parties.queryset = self.case.parties.order_by("role", "id")

    def given(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        parties = tuple(row.pk for row in data.pop("parties"))
        return {"revision": data.pop("revision"), "part": SplitOff(**data, parties=parties)}


class LinkForm(ActForm):
    other = OtherCaseChoice(Case.objects.none(), label=_("With which case"))

    def prepare(self) -> None:
        self.fields["other"].queryset = _neighbours(self.case, self.user).exclude(state="merged")  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        return {"other": self.cleaned_data["other"]}
