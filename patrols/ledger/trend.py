"""A year of the ledger, month by month: opened, resolved, reopened, and what stood open at each month's end."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from patrols.choices import CaseAct
from patrols.ledger.history import ENDED, REOPENED, of_cases
from patrols.models import CaseTransition
from xinjin.periods import Month

MONTHS = 12


@dataclass(frozen=True)
class TrendMonth:
    """A calendar month, the running one so far; `until` is the day on which `standing` were not resolved."""

    month: Month
    until: date
    opened: int
    resolved: int
    reopened: int
    standing: int


def trend(cases: QuerySet, day: date) -> list[TrendMonth]:
    """The last twelve months up to `day`; two queries. A case counts once a month in each column."""
    opened: Counter[date] = Counter()
    moved: Counter[tuple[str, date]] = Counter()
    gone: Counter[date] = Counter()  # moves are counted here, not cases: who came back and went again is gone once
    months = TruncMonth("opened_on")
    for month, n in cases.filter(opened_on__lte=day).order_by().values_list(months).annotate(n=Count("pk")):
        opened[month] = n
    for act, month, n, moves in _moves(cases, day):
        moved[act, month] = n
        gone[month] += -moves if act == CaseAct.REOPEN else moves
    found = []
    for month in _last_months(day):
        standing = sum(n for start, n in opened.items() if start <= month.start)
        standing -= sum(n for start, n in gone.items() if start <= month.start)
        resolved, reopened = (moved[act.value, month.start] for act in (CaseAct.RESOLVE, CaseAct.REOPEN))
        found.append(TrendMonth(month, min(month.end, day), opened[month.start], resolved, reopened, standing))
    return found


def _moves(cases: QuerySet, day: date) -> QuerySet:
    """(act, first day of the month, cases, moves)."""
    moves = of_cases(CaseTransition.objects.filter(ENDED | REOPENED, happened_on__lte=day), cases)
    months = moves.order_by().values_list("act", TruncMonth("happened_on"))
    return months.annotate(cases=Count("case", distinct=True), moves=Count("pk"))


def _last_months(day: date) -> list[Month]:
    months = [Month.of(day)]
    while len(months) < MONTHS:
        months.insert(0, months[0].previous())
    return months
