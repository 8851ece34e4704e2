"""Who is there for a village on a day (R1–R3): read questions, each one query."""

from datetime import date

from django.db.models import Count, DateField, F, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from villages.choices import PostKind, Slot
from villages.models import Assignment, FormerName, Household, Officer, PartyPost, Village


def responsible_on(village: Village, day: date) -> Officer | None:
    """The police officer responsible for `village` on `day` (R1); None where there was a gap."""
    held = Assignment.objects.on(day).filter(village=village, slot=Slot.OFFICER)
    return Officer.objects.filter(pk__in=held.values("officer")).select_related("unit").first()


def with_people(villages: QuerySet, day: date) -> QuerySet:
    """`villages` with `present` (list of assignments on `people_on`, which is `day`), former names, `household_count`.

    Three queries.
    """
    households = Household.objects.filter(village=OuterRef("pk")).order_by().values("village")
    counted = households.annotate(rows=Count("pk")).values("rows")
    present = Assignment.objects.on(day).select_related("officer__unit").order_by("pk")
    former = FormerName.objects.order_by("-end_on", "-pk")
    return villages.annotate(
        household_count=Coalesce(Subquery(counted), 0), people_on=Value(day, DateField())
    ).prefetch_related(
        Prefetch("assignments", queryset=present, to_attr="present"), Prefetch("former_names", queryset=former)
    )


def branch_post(village: Village, officer: Officer | None, day: date) -> PartyPost | None:
    """The officer's post in the village's party branch on `day` (R2)."""
    if officer is None:
        return None
    posts = PartyPost.objects.on(day).filter(officer=officer, village=village, kind=PostKind.DEPUTY_SECRETARY)
    return posts.order_by("pk").first()


def history_of(village: Village) -> QuerySet:
    """All assignments of a village, the open ones first, then the newest."""
    rows = village.assignments.select_related("officer__unit")
    return rows.order_by(F("end_on").desc(nulls_first=True), "-start_on", "-pk")
