"""What is known of a case is completed and put right while it is not over 补充更正 (R6, R7).

A case that one tick of a visit log has opened knows one side and little else. Its level stays, and with it the clock:
a level is changed by its own act, and the page says which one is proposed now.
"""

from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from patrols.cases.checking import MATTER, check_case
from patrols.cases.moves import hold, move
from patrols.cases.opening import PartyEntry
from patrols.choices import CaseAct, CaseKind, CaseSource
from patrols.models import Case, CaseFormerName, CaseParty
from villages.models import Household
from xinjin.audit.trail import changes

# What is no resident's word is told with both values.
TOLD = ("kind", "category", "scale", "occurred_on", "promised_on")
ONE_SIDE = ("role", "name", "phone")


@dataclass(frozen=True)
class KnownParty(PartyEntry):
    """A party; one that is stored is known by its row, so that a name put right stays the same person."""

    id: int | None = None


@dataclass(frozen=True)
class Correction:
    """What is to stand of a case; its parties are all that it is to have."""

    kind: str
    title: str
    category: str
    scale: str
    detail: str = ""
    place: str = ""
    occurred_on: date | None = None
    promised_on: date | None = None
    household: Household | None = None
    parties: tuple[KnownParty, ...] = ()


@transaction.atomic
def correct_case(*, by: Any, case: Case, revision: int, correction: Correction) -> Case:
    """Writes what is to stand. Raises ValidationError with every mistake by field; nothing new leaves no row."""
    case = hold(case, CaseAct.CORRECT, revision=revision)
    before, stored = copy(case), list(case.parties.select_related("household").order_by("id"))
    for name in MATTER:
        value = getattr(correction, name)
        setattr(case, name, value.strip() if isinstance(value, str) else value)
    parties = _rows(case, correction.parties, stored)
    _check(case, parties, before, stored)
    difference = changes(before, case)
    is_other_people = _facts(parties) != _facts(stored)
    if not difference and not is_other_people:
        return case
    if is_other_people:
        difference["parties"] = ["…", "…"]
        _write_parties(parties, stored)
    _keep_former_names(case, before, stored, parties)
    return move(by, case, CaseAct.CORRECT, _told(before, case, difference), changes=difference)


def _rows(case: Case, entries: tuple[KnownParty, ...], stored: list[CaseParty]) -> list[CaseParty]:
    """The rows that the entries make. An entry stays the stored row that it names, or without a name says the same."""
    rest, rows = list(stored), []
    for entry in entries:
        same = next((row for row in rest if row.pk == entry.id), None) or next(
            (row for row in rest if entry.id is None and (row.name, row.role) == (entry.name, entry.role)), None
        )
        if same is not None:
            rest.remove(same)
        rows.append(entry.of(case, pk=same.pk, household=same.household) if same else entry.of(case))
    return rows


def _check(case: Case, parties: list[CaseParty], before: Case, stored: list[CaseParty]) -> None:
    """A dispute has a party, but for one that a visit found without knowing any."""
    is_known = case.source == CaseSource.ENTERED or bool(stored) or case.kind != before.kind
    errors: dict[str, Any] = {}
    try:
        check_case(case, parties, needs_party=case.kind == CaseKind.DISPUTE and is_known)
    except ValidationError as error:
        errors |= error.error_dict
    if case.kind != before.kind and not case.is_unresolved:
        # How it is looked at again has been settled by then.
        errors["kind"] = [ValidationError(_("The kind of a resolved case stays as it is."))]
    if errors:
        raise ValidationError(errors)


def _facts(rows: list[CaseParty]) -> list[tuple]:
    return sorted((row.pk or 0, *(getattr(row, name) for name in ONE_SIDE)) for row in rows)


def _write_parties(parties: list[CaseParty], stored: list[CaseParty]) -> None:
    """Those that change go and come back under their own key, so that two may swap their names."""
    same = set(_facts(stored))
    changed = [row for row in parties if not {*_facts([row])} <= same]
    kept = {row.pk for row in parties} - {row.pk for row in changed}
    CaseParty.objects.filter(pk__in=[row.pk for row in stored if row.pk not in kept]).delete()
    CaseParty.objects.bulk_create(changed)


def _keep_former_names(case: Case, before: Case, stored: list[CaseParty], parties: list[CaseParty]) -> None:
    """Names that nobody in the case bears any more stay masked in what was written about it."""
    now = {party.name for party in parties} | ({case.household.head_name} if case.household else set())
    then = {party.name for party in stored} | ({before.household.head_name} if before.household else set())
    rows = [CaseFormerName(case=case, name=name) for name in sorted(then - now)]
    CaseFormerName.objects.bulk_create(rows, ignore_conflicts=True)


def _told(before: Case, after: Case, difference: dict[str, list]) -> str:
    """The fields that changed, by their names; what residents said is not repeated."""
    parts = []
    for name in difference:
        label = _("parties") if name == "parties" else str(Case._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        parts.append(f"{label}：{_said(before, name)} → {_said(after, name)}" if name in TOLD else label)
    return "；".join(parts)


def _said(case: Case, name: str) -> str:
    shown = getattr(case, f"get_{name}_display", None)
    return str(shown() if shown else getattr(case, name) or "—")
