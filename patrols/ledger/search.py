"""Finding cases by a text: a part of what is written in them, and for those who handle them a resident's name."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Value

from patrols.models import Case, CaseFormerName, CaseParty, CaseStep
from villages.models import Household, Officer, Village

WRITTEN = ("number", "title", "detail", "place", "result")


def found_by(text: str, user: Any) -> Q:
    """The cases that hold `text`. Each table is looked up by its own index, not case by case.

    Names of residents answer only where the user reads them in full, that is, for those who handle the case. For
    others a text that is such a name finds nothing even where somebody wrote it into the details: the question itself
    would take the mask off.
    """
    words = Q()
    for field in WRITTEN:
        words |= Q(**{f"{field}__icontains": text})
    told = Q(pk__in=Case.objects.filter(words).order_by().values("pk"))
    told |= Q(pk__in=CaseStep.objects.filter(note__icontains=text).order_by().values("case"))
    named = Q(pk__in=CaseParty.objects.filter(name__icontains=text).order_by().values("case"))
    named |= Q(household__in=Household.objects.filter(head_name__icontains=text).order_by().values("pk"))
    in_full = Q(pk__in=Case.objects.allowed(user, "handle").order_by().values("pk"))
    of_the_office = (
        Q(village__in=Village.objects.filter(name__icontains=text).order_by().values("pk"))
        | Q(owner__in=Officer.objects.filter(name__icontains=text).order_by().values("pk"))
        | Q(household__in=Household.objects.filter(address__icontains=text).order_by().values("pk"))
    )
    return of_the_office | in_full & (told | named) | told & ~_names_a_resident(text)


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
