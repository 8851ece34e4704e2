"""What a period brought to cases, and how they stood on a day: read from their moves (R6, R7).

A case that is taken up again has no resolution any more, and one that was merged is gone; the moves stay, each with
its day, so nothing that happens later changes a past month. Filters, figures and trend all ask here.
"""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from patrols.choices import CaseAct, CaseState
from patrols.models import CaseTerm, CaseTransition
from xinjin.periods import Span

REOPENED = Q(act=CaseAct.REOPEN)
# The other case of a merger, which goes on, has a row of the act too.
ENDED = Q(act=CaseAct.RESOLVE) | Q(act=CaseAct.MERGE, state=CaseState.MERGED)


def last_moves(span: Span, *acts: CaseAct) -> QuerySet:
    """The last move of each act in the period: one row for each case, however often it went to and fro."""
    within = CaseTransition.objects.filter(act__in=acts, happened_on__range=(span.start, span.end)).order_by()
    later = within.filter(case=OuterRef("case"), act=OuterRef("act"), pk__gt=OuterRef("pk"))
    return within.filter(~Exists(later))


def of_cases(rows: QuerySet, cases: QuerySet) -> QuerySet:
    """The parts, moves or runs, of these cases; no question at all where they are all that there are."""
    return rows.filter(case__in=cases.order_by().values("pk")) if cases.query.where else rows


def resolved_in(span: Span, how: Q | None = None) -> Q:
    """The cases that were resolved in the period, whatever became of them; `how` is asked of the resolution."""
    return Q(pk__in=last_moves(span, CaseAct.RESOLVE).filter(how or Q()).values("case"))


def reopened_in(span: Span) -> Q:
    """The cases that were taken up again in the period, whenever they were opened."""
    return Q(pk__in=last_moves(span, CaseAct.REOPEN).values("case"))


def open_on(day: date) -> Q:
    """The cases that were not resolved at the end of the day: opened by then, and not ended oftener than reopened."""
    moves = CaseTransition.objects.filter(ENDED | REOPENED, happened_on__lte=day).order_by().values("case")
    ended = moves.annotate(ends=Count("pk", filter=ENDED) - Count("pk", filter=REOPENED)).filter(ends__gt=0)
    return Q(opened_on__lte=day) & ~Q(pk__in=ended.values("case"))


def overdue_runs(day: date) -> QuerySet:
    """The runs of clocks whose day had passed on `day` and that had not ended by its end."""
    begun = CaseTerm.objects.filter(started_on__lte=day, due_on__lt=day)
    return begun.filter(Q(ended_on=None) | Q(ended_on__gt=day))


def overdue_on(day: date) -> Q:
    """The cases that were past their day on `day`."""
    return Q(pk__in=overdue_runs(day).order_by().values("case"))
