"""Cases that belong together: linked, one merged into the other, or one split off because it is a matter of its own."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.cases.clock import end_term
from patrols.cases.moves import hold, move, note, words
from patrols.cases.notices import settle_case
from patrols.cases.opening import CaseEntry, PartyEntry, open_case
from patrols.choices import CaseAct, CaseKind, CaseSource, CaseState, TermEnding
from patrols.models import Case, CaseParty
from xinjin.audit.trail import record
from xinjin.errors import Conflict


def _both(case: Case, other: Case, field: str) -> None:
    """Two cases of one village, taken in one order so that two people who do this crosswise cannot wait for ever."""
    if case.pk == other.pk:
        raise ValidationError({field: _("Name another case than this one.")})
    if case.village_id != other.village_id:
        raise ValidationError({field: _("Both cases must belong to the same village.")})
    list(Case.objects.select_for_update(of=("self",)).filter(pk__in=[case.pk, other.pk]).order_by("pk"))


@transaction.atomic
def merge_case(*, by: Any, case: Case, revision: int, into: Case, reason: str) -> Case:
    """Ends `case` because `into` is about the same; parties that are new there are added to it, steps stay readable."""
    _both(case, into, "into")
    case = hold(case, CaseAct.MERGE, revision=revision)
    reason = words(reason, "reason", _("Say why they are one."))
    into.refresh_from_db()
    if not into.is_unresolved:
        raise Conflict(_("The case %(number)s is not open any more.") % {"number": into.number})
    end_term(case, timezone.localdate(), TermEnding.MERGED)
    case.merged_into = into
    known = set(into.parties.values_list("name", "role"))
    CaseParty.objects.bulk_create(
        CaseParty(case=into, role=party.role, name=party.name, phone=party.phone, household=party.household)
        for party in case.parties.select_related("household")
        if (party.name, party.role) not in known
    )
    case = move(by, case, CaseAct.MERGE, f"{into.number}：{reason}", into=into.pk)
    into.revision += 1
    into.save(update_fields=["revision"])
    note(by, into, CaseAct.MERGE, case.number)
    record(by, CaseAct.MERGE.value, into, {"from": case.number})
    settle_case(case)
    return case


@transaction.atomic
def link_case(*, by: Any, case: Case, other: Case) -> Case:
    """Notes that two cases belong together; linking them again changes nothing."""
    _both(case, other, "other")
    case = hold(case, CaseAct.LINK)
    if case.linked.filter(pk=other.pk).exists():
        return case
    if other.state == CaseState.MERGED:
        raise ValidationError({"other": _("This case has been merged into another one.")})
    case.linked.add(other)
    note(by, other, CaseAct.LINK, case.number)
    return move(by, case, CaseAct.LINK, other.number, other=other.pk)


@dataclass(frozen=True)
class SplitOff:
    """What is to be a case of its own: its matter, and which of the parties it is about. No level: that of the case."""

    title: str
    category: str
    reason: str
    parties: tuple[int, ...] = ()
    level: str = ""
    detail: str = ""


@transaction.atomic
def split_case(*, by: Any, case: Case, revision: int, part: SplitOff) -> Case:
    """Makes a case of its own of one of several matters and returns it; both keep their history.

    What was known of the first is not asked again. The clock of the second starts today, by the rule of today: on the
    days before nobody could have kept them apart.
    """
    case = hold(case, CaseAct.SPLIT, revision=revision)
    reason = words(part.reason, "reason", _("Say why they are two."))
    parties = list(case.parties.filter(pk__in=part.parties).select_related("household").order_by("role", "id"))
    if case.kind == CaseKind.DISPUTE and not parties:
        raise ValidationError({"parties": _("Choose at least one of the parties.")})
    entry = CaseEntry(
        kind=case.kind, village=case.village, title=part.title, detail=part.detail, category=part.category,
        level=part.level or case.level, scale=case.scale, household=case.household, place=case.place,
        occurred_on=case.occurred_on, owner=case.owner, source=CaseSource.SPLIT.value,
        source_visit=case.source_visit, split_from=case,
        parties=tuple(PartyEntry(row.role, row.name, row.phone, row.household) for row in parties),
    )  # fmt: skip
    made = open_case(by=by, entry=entry)
    made.co_handlers.set(case.co_handlers.all())
    note(by, made, CaseAct.SPLIT, f"{case.number}：{reason}")
    move(by, case, CaseAct.SPLIT, f"{made.number}：{reason}", off=made.pk)
    return made
