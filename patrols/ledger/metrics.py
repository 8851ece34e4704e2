"""Facts of records that have an owner and a day: cases, follow-up calls, base-info changes and their spot checks.

A4 and A8 of the rubric rest on them.

Each is one GROUP BY over a period with a twin that gives its rows. What a row says is settled by its day: whatever
happens to a case later, the fact of a past month stays what it was.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from patrols.choices import BaseInfoState, CaseKind, CheckOutcome, TermEnding
from patrols.models import BaseInfoChange, BaseInfoCheck, CaseTerm, FollowUpCall
from xinjin.periods import Span


def _due(span: Span) -> Q:
    return Q(due_on__range=(span.start, span.end))


def limits_kept(span: Span, *, as_of: date | None = None) -> QuerySet:
    """The runs of cases' clocks whose day lies in `span`; with `as_of`, those whose day has passed or that have ended.

    A run that was replaced or merged by its day is nobody's. After its day nothing changes what it was.
    """
    rows = CaseTerm.objects.filter(_due(span))
    rows = rows.exclude(ending__in=(TermEnding.REPLACED, TermEnding.MERGED), ended_on__lte=F("due_on"))
    return rows if as_of is None else rows.filter(Q(due_on__lt=as_of) | Q(ended_on__isnull=False))


IN_TIME = Q(ended_on__lte=F("due_on"), ending__in=(TermEnding.RESOLVED, TermEnding.REFERRED))
# The others of those rows: still running, or ended after their day.
LATE = Q(ended_on=None) | Q(ended_on__gt=F("due_on"))


def follow_up_rows(span: Span, *, as_of: date | None = None) -> QuerySet:
    """The follow-up calls whose day lies in `span`; with `as_of`, those whose day has passed or that were made."""
    rows = FollowUpCall.objects.filter(_due(span), is_void=False)
    return rows if as_of is None else rows.filter(Q(due_on__lt=as_of) | Q(done_on__isnull=False))


def base_info_rows(span: Span, *, as_of: date | None = None) -> QuerySet:
    """The base-info changes to be forwarded in `span`; what was found not to be so by its day is nobody's."""
    rows = BaseInfoChange.objects.filter(_due(span))
    rows = rows.exclude(state=BaseInfoState.UNFOUNDED, checked_on__lte=F("due_on"))
    return rows if as_of is None else rows.filter(Q(due_on__lt=as_of) | Q(forwarded_on__isnull=False))


def check_rows(span: Span, *, as_of: date | None = None) -> QuerySet:
    """The spot checks judged in `span`: they count in the month in which somebody looked, whenever it was forwarded."""
    return BaseInfoCheck.objects.filter(judged_on__range=(span.start, span.end))


@dataclass(frozen=True)
class OwnerMetric:
    """A fact of records that have an owner and a day: `rows` are those owed, `kept` says which were done as they ought.

    `place` is where a row has its village, `day` and `owner` where it has these.
    """

    rows: Callable[..., QuerySet]
    kept: Q
    place: str
    owner: str = "owner"
    day: str = "due_on"

    def of(self, officer_id: int, span: Span) -> QuerySet:
        """The rows of one officer, by their day."""
        rows = self.rows(span).filter(**{self.owner: officer_id})
        return rows.select_related(self.place).order_by(self.day, "pk")

    def grouped(self, span: Span, *, as_of: date | None = None, owners: Collection[int] | None = None) -> QuerySet:
        """(officer id, done in time, owed), for everybody or for some."""
        wanted = {f"{self.owner}__isnull": False} if owners is None else {f"{self.owner}__in": owners}
        rows = self.rows(span, as_of=as_of).filter(**wanted)
        owned = rows.order_by().values_list(self.owner)
        return owned.annotate(done=Count("pk", filter=self.kept), owed=Count("pk"))

    def tallies(
        self, span: Span, *, as_of: date | None = None, owners: Collection[int] | None = None
    ) -> dict[int, tuple[int, int]]:
        """{officer id: (done in time, owed)}; one query."""
        return {owner: (done, due) for owner, done, due in self.grouped(span, as_of=as_of, owners=owners)}


def _of_disputes(rows: Callable[..., QuerySet]) -> Callable[..., QuerySet]:
    return lambda span, as_of=None: rows(span, as_of=as_of).filter(case__kind=CaseKind.DISPUTE)


# By the fact of the rubric that rests on them.
OWNER_METRICS = {
    "disputes_settled": OwnerMetric(_of_disputes(limits_kept), IN_TIME, "case__village"),
    "disputes_followed_up": OwnerMetric(_of_disputes(follow_up_rows), Q(done_on__lte=F("due_on")), "case__village"),
    "base_info_changes": OwnerMetric(base_info_rows, Q(forwarded_on__lte=F("due_on")), "village"),
    "base_info_accuracy": OwnerMetric(
        check_rows, Q(outcome=CheckOutcome.ACCURATE), "change__village", owner="change__owner", day="judged_on"
    ),
}
