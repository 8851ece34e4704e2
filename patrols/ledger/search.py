"""Finding cases by a text: a part of what is written in them, and for those who handle them a resident's name."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q, Value

from patrols.models import (
    Case,
    CaseFormerName,
    CaseParty,
    CasePause,
    CaseReferral,
    CaseStep,
    CaseTransition,
    FollowUpCall,
)
from villages.models import Household, Officer, Village

# What is written in a case itself and in its parts; `case` is where a part has its case.
WRITTEN = ("number", "title", "detail", "place", "result", "answer")
PARTS: tuple[tuple[type[Model], str, tuple[str, ...]], ...] = (
    (CaseStep, "case", ("note",)),
    (CaseTransition, "case", ("reason",)),
    (CaseReferral, "case", ("reason", "answer")),
    (FollowUpCall, "case", ("note",)),
    (CasePause, "term__case", ("reason",)),
)


def found_by(text: str, user: Any) -> Q:
    """The cases that hold `text`. Each table is looked up by its own index, not case by case.

    Names of residents answer only where the user reads them in full, that is, for those who handle the case. For
    others a text that is such a name finds nothing even where somebody wrote it into the details: the question itself
    would take the mask off.
    """
    told = Q(pk__in=Case.objects.filter(_holding(text, WRITTEN)).order_by().values("pk"))
    for part, case, fields in PARTS:
        told |= Q(pk__in=part._default_manager.filter(_holding(text, fields)).order_by().values(case))
    named = Q(pk__in=CaseParty.objects.filter(name__icontains=text).order_by().values("case"))
    named |= Q(household__in=Household.objects.filter(head_name__icontains=text).order_by().values("pk"))
    in_full = Q(pk__in=Case.objects.allowed(user, "handle").order_by().values("pk"))
    of_the_office = (
        Q(village__in=Village.objects.filter(name__icontains=text).order_by().values("pk"))
        | Q(owner__in=Officer.objects.filter(name__icontains=text).order_by().values("pk"))
        | Q(household__in=Household.objects.filter(address__icontains=text).order_by().values("pk"))
    )
    return of_the_office | in_full & (told | named) | told & ~_names_a_resident(text)


def _holding(text: str, fields: Iterable[str]) -> Q:
    """The rows with the text in one of these fields."""
    words = Q()
    for field in fields:
        words |= Q(**{f"{field}__icontains": text})
    return words


def _names_a_resident(text: str) -> Q:
    """Whether `text` is the name of a party or the household, a part of it, or holds it. A surname alone is no name."""
    if len(text) < 2:
        return Q(pk__in=[])

    def named(field: str) -> Q:
        held = Q(**{f"{field}__icontains": text}) | Q(asked__icontains=F(field))
        return held & ~Q(**{field: ""})

    parties = CaseParty.objects.annotate(asked=Value(text)).filter(named("name"), case=OuterRef("pk"))
    former = CaseFormerName.objects.annotate(asked=Value(text)).filter(named("name"), case=OuterRef("pk"))
    heads = Household.objects.annotate(asked=Value(text)).filter(named("head_name"), pk=OuterRef("household"))
    return Q(Exists(parties)) | Q(Exists(former)) | Q(Exists(heads))
