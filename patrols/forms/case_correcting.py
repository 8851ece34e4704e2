"""The form by which a case is completed or put right: what was said of it, and its parties."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext

from patrols.cases import Correction, KnownParty
from patrols.cases.checking import MATTER
from patrols.choices import CASE_KIND_ORDER, CaseAct, CaseKind, PartyRole
from patrols.forms.case_acts import ActForm
from patrols.forms.cases import MAX_PARTIES, MatterForm, PartyForm, show_mistakes
from patrols.forms.rows import RowFormSet
from patrols.models import Case
from villages.models import Household, Village
from xinjin.forms import in_words

PREFIX = "parties"


class KnownPartyForm(PartyForm):
    """A party who may be on the case already."""

    id = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**63 - 1)

    @property
    def entry(self) -> KnownParty:
        """The row as a value."""
        return KnownParty(**vars(super().entry), id=self.cleaned_data.get("id"))


KnownPartyFormSet = forms.formset_factory(
    KnownPartyForm, formset=RowFormSet, extra=0, min_num=2, max_num=MAX_PARTIES, absolute_max=MAX_PARTIES * 2,
    validate_max=True, can_delete=True,
)  # fmt: skip


class CorrectForm(MatterForm, ActForm):
    """All that is said of a case, as it stands now; whoever looks changes what is wrong and adds what is missing."""

    def prepare(self) -> None:
        said = {name: getattr(self.case, name) for name in MATTER}
        self.initial.update(said | {"household": self._stored_household})
        self._offer_kinds()
        stored = _parties_of(self.case)
        offered = [PartyRole.CLAIMANT, PartyRole.RESPONDENT][len(stored) :]
        data = self.data if self.is_bound else None
        rows = [*stored, *({"role": role} for role in offered)]
        self.parties: Any = KnownPartyFormSet(data, prefix=PREFIX, initial=rows)
        self.lists = [self.parties]

    @cached_property
    def _stored_household(self) -> str:
        return str(self.case.household) if self.case.household else ""

    def _offer_kinds(self) -> None:
        """A matter may turn out to be more than was thought; that a dispute is none is said by the station."""
        kind, field = CaseKind(self.case.kind), self.fields["kind"]
        may_sink = Case.objects.allowed(self.user, "oversee").filter(pk=self.case.pk).exists()
        able = CASE_KIND_ORDER if may_sink else CASE_KIND_ORDER[CASE_KIND_ORDER.index(kind) :]
        field.help_text = gettext("The level stays as it is.")
        if not self.case.is_unresolved:
            able = (kind,)
            field.help_text = gettext("The kind of a resolved case stays as it is.")
        elif len(able) < len(CASE_KIND_ORDER):
            field.help_text = gettext("The level stays as it is. Only the station makes less of a dispute.")
        field.choices = [(each.value, each.label) for each in able]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The days are compared with that of opening, which stays."""
        self.cleaned_data |= {"village": self.case.village, "opened_on": self.case.opened_on}
        return super().clean()

    def _household(self, typed: str, village: Village | None) -> Household | None:
        """The one that stands may stay, whatever it is called on the list by now."""
        if typed == self._stored_household:
            return self.case.household
        return super()._household(typed, village)

    def is_valid(self) -> bool:
        """Whether everything could be read; the parties are asked too, so that all mistakes show at once."""
        return all([super().is_valid(), self.parties.is_valid()])

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        said = {name: data[name] for name in MATTER}
        return {"revision": data["revision"], "correction": Correction(**said, parties=self.parties.entries())}

    def add_errors(self, error: ValidationError) -> None:
        show_mistakes(self, self.parties, error)

    def typed(self) -> dict[str, str]:
        return super().typed() | _people(self.parties.entries())

    def standing(self) -> dict[str, str]:
        """What stands now where it is not what was typed."""
        now = type(self)(case=Case.objects.get(pk=self.case.pk), user=self.user, act=CaseAct.CORRECT.value)
        stands = in_words(now, now.initial) | _people(KnownParty(**row) for row in _parties_of(now.case))
        mine = self.typed()
        return {label: stands.get(label, "—") for label in mine | stands if mine.get(label) != stands.get(label)}

    @classmethod
    def over(cls, case: Case, sent: Mapping[str, Any]) -> dict[str, Any]:
        """What is not sent stays as it is; parties are sent all together."""
        said = {name: getattr(case, name) for name in MATTER} | {"household": str(case.household or "")}
        rows = [vars(party) for party in sent["parties"]] if "parties" in sent else _parties_of(case)
        counts = {f"{PREFIX}-TOTAL_FORMS": len(rows), f"{PREFIX}-INITIAL_FORMS": 0}
        posted = {f"{PREFIX}-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}
        return {**said, **sent, **counts, **posted}


def _parties_of(case: Case) -> list[dict[str, Any]]:
    return [dict(row) for row in case.parties.order_by("role", "id").values("id", "role", "name", "phone")]


def _people(parties: Iterable[KnownParty]) -> dict[str, str]:
    roles = dict(PartyRole.choices)
    rows = [" ".join(filter(None, (str(roles[row.role]), row.name, row.phone))) for row in parties]
    return {gettext("Parties"): "\n".join(rows)} if rows else {}
