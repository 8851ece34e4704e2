"""Cases as a reader may see them: people write names into what a matter is about, and these are masked as parties are.

Residents are read in full by those who handle the case (decision 10), by all others masked (limits on burden).
"""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet

from patrols.models import Case, CaseFormerName, CaseParty
from villages.masking import hide_names


def with_residents(rows: QuerySet) -> QuerySet:
    """Cases with the names that `residents_of` gives; no further query for each row."""
    names = CaseParty.objects.filter(case=OuterRef("pk")).order_by("pk").values("name")
    former = CaseFormerName.objects.filter(case=OuterRef("pk")).order_by("pk").values("name")
    return rows.select_related("household").annotate(party_names=ArraySubquery(names), gone=ArraySubquery(former))


def read_by(rows: QuerySet, user: Any) -> QuerySet:
    """Cases with what `hidden_in` and `title_of` need for this reader."""
    handled = Case.objects.allowed(user, "handle").filter(pk=OuterRef("pk")).order_by()
    return with_residents(rows).annotate(in_full=Exists(handled))


def residents_of(case: Any) -> list[str]:
    """The names of the residents whom a case is about, or was until it was corrected."""
    return [*case.party_names, *case.gone, *([case.household.head_name] if case.household else [])]


def hidden_in(case: Any) -> list[str]:
    """The names that are masked in what was written about a case; none for who reads it in full."""
    return [] if case.in_full else residents_of(case)


def title_of(case: Any) -> str:
    """What a case is about, for its reader."""
    return hide_names(case.title, hidden_in(case))


def told_of(rows: QuerySet, user: Any, most: int = 10) -> list[dict[str, Any]]:
    """Other cases that are named beside one: what each is about for who may see it, of the rest the number alone."""
    seen = Case.objects.allowed(user).filter(pk=OuterRef("pk")).order_by()
    found = read_by(rows, user).annotate(is_seen=Exists(seen)).order_by("opened_on", "created_at", "id")
    return [{"case": case, "title": title_of(case) if case.is_seen else ""} for case in found[:most]]
