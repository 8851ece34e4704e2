"""How a fact is counted: by assignment and ISO week, for everybody at once. What is counted stands in metrics.py."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import Promise

from xinjin.periods import Span

# {(assignment id, ISO week): count}
WeekCounts = Mapping[tuple[int, int], int]
# (span, assignments or everybody's) → rows of (assignment, week, counts …)
Grouped = Callable[..., QuerySet]
Holders = Collection[int] | None


@dataclass(frozen=True)
class Metric:
    """A fact of visits. `grouped(span, holders)` yields (assignment, week, n); `rows(span)` are the records counted.

    `besides(span)` are records that count without a visit, each once for its assignment.
    """

    key: str
    label: Promise
    grouped: Grouped
    rows: Callable[[Span], QuerySet]
    besides: Callable[[Span], QuerySet] | None = None

    def counts(self, span: Span, *, holders: Collection[int] | None = None) -> WeekCounts:
        """The fact for every assignment (or those of `holders`) and week of `span`; one query."""
        rows = self.grouped(span, holders)
        return {(assignment, week): n for assignment, week, n in rows.iterator(chunk_size=20_000)}


@dataclass(frozen=True)
class Source:
    """Records read once for all the metrics `keys` that count them. `grouped` yields (assignment, week, *n)."""

    keys: tuple[str, ...]
    grouped: Grouped

    def profiles(self, span: Span, *, holders: Collection[int] | None = None) -> dict[int, str]:
        """{assignment id: "202610:5:1,202611:3:0"}: the counts in the order of `keys`, one row a person; one query.

        Few of them differ, so what follows from one is worked out once however many people share it.
        """
        if holders is not None and not holders:
            return {}
        counted, parameters = self.grouped(span, holders).query.sql_with_params()
        columns = ", ".join(("week", *self.keys))
        sql = (
            f"SELECT holder, string_agg(concat_ws(':', {columns}), ',' ORDER BY week) "  # noqa: S608 - our own query
            f"FROM ({counted}) AS counted (holder, {columns}) GROUP BY holder"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return dict(cursor.fetchall())

    def counts_of(self, profile: str, key: str) -> dict[int, int]:
        """{ISO week: count} that a profile gives for one of `keys`; weeks without any are left out."""
        place = self.keys.index(key) + 1
        rows = (list(map(int, part.split(":"))) for part in profile.split(",") if part)
        return {row[0]: row[place] for row in rows if row[place]}
