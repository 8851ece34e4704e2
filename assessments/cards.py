"""Scorecards of a month: facts taken from the records, scored by the rubric, and how they are written and read back."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from assessments import models, scoring
from assessments.metrics import FACTS
from assessments.month_work import MonthWork, Person, collect, pattern
from assessments.scoring import NO_RECORDS, NOT_COMMENTED, NOTHING_OWED, Fact, Line, Scorecard
from xinjin.periods import Month


class NoRubric(LookupError):
    """No rubric holds on the last day of the month."""

    def __str__(self) -> str:
        return _("No rubric holds on this day.")


@dataclass(eq=False)
class Marks:
    """Facts by item code and what they score; shared by all whose records are alike."""

    facts: Mapping[str, Fact]
    result: Scorecard

    @cached_property
    def document(self) -> str:
        """The lines as stored."""
        return lines_json(self.result.lines)


class Card(NamedTuple):
    """One person's month as computed now."""

    person: Person
    marks: Marks

    @property
    def facts(self) -> Mapping[str, Fact]:
        """Facts by item code."""
        return self.marks.facts

    @property
    def result(self) -> Scorecard:
        """What they score."""
        return self.marks.result


def rubric_of(month: Month) -> models.Rubric:
    """The rubric that holds on the last day of the month. Raises NoRubric."""
    found = models.Rubric.objects.on(month.end).first()
    if found is None:
        raise NoRubric
    return found


def scoring_rubric(rubric: models.Rubric) -> scoring.Rubric:
    """A stored rubric as the value that is scored with; two queries."""
    items = tuple(
        scoring.Item(
            code=item.code,
            maximum=item.maximum,
            metric=item.metric,
            method=item.method,
            kind=item.kind,
            parameters=item.parameters,
            variants=item.variants,
        )
        for item in rubric.read_items
    )
    bands = tuple(scoring.Band(band.code, band.minimum) for band in rubric.read_bands)
    return scoring.Rubric(items, bands)


def compute(
    month: Month,
    rubric: scoring.Rubric,
    *,
    as_of: date | None = None,
    officer_ids: Iterable[int] | None = None,
    remarks: Mapping[int, str] | None = None,
) -> list[Card]:
    """The cards of everybody who holds an assignment in the month, or of some; the same queries however many.

    `remarks` are the leaders' comments by officer id. `as_of` gives the running month so far.
    """
    work = collect(month, as_of=as_of, officer_ids=officer_ids, remarks=remarks)
    readers: dict[str, _Reader] = {}
    cards = []
    for person in work.people:
        reader = readers.get(person.kind)
        if reader is None:
            reader = readers[person.kind] = _Reader(rubric.for_kind(person.kind))
        cards.append(reader.card(work, person))
    return cards


class _Reader:
    """Takes the facts that one kind of person is scored by."""

    def __init__(self, rubric: scoring.Rubric) -> None:
        self.rubric = rubric
        self.items: list[tuple[str, Callable, Mapping]] = [
            (item.code, FACTS[item.metric].read, item.parameters) for item in rubric.items
        ]
        self.known: dict[tuple, Marks] = {}

    def card(self, work: MonthWork, person: Person) -> Card:
        like = pattern(work, person)
        marks = self.known.get(like)
        if marks is None:
            facts = {code: read(work, person, parameters) for code, read, parameters in self.items}
            marks = self.known[like] = Marks(facts, scoring.score(facts, self.rubric))
        return Card(person, marks)


def rescored(assessment: models.Assessment, rubric: scoring.Rubric, *, remark: str) -> models.Assessment:
    """The assessment, unsaved, with the leader's comment changed and scored anew from its stored facts (item B1)."""
    own = rubric.for_kind(assessment.kind)
    facts = facts_of(assessment)
    for item in own.items:
        if item.metric == "remark" and facts.get(item.code, Fact()).absent != NOTHING_OWED:
            facts[item.code] = Fact(choice=remark) if remark else Fact(absent=NOT_COMMENTED)
    assessment.remark = remark
    return fill(assessment, scoring.score(facts, own))


def fill(assessment: models.Assessment, result: Scorecard) -> models.Assessment:
    """Puts the result on an assessment, unsaved."""
    assessment.lines = json.loads(lines_json(result.lines))
    assessment.points, assessment.maximum = result.points, result.maximum
    assessment.score, assessment.grade = result.score, result.grade
    return assessment


# Lines as stored: [code, points, maximum, done, owed, choice, reason, kind], points in hundredths, what is empty at the
# end left out. Short, and remembered as text, because few of them differ.


@lru_cache(maxsize=65_536)
def _line_json(line: Line) -> str:
    points = None if line.points is None else int(line.points * 100)
    kind = "" if line.kind == scoring.SCORED else line.kind
    stored: list[Any] = [
        line.code,
        points,
        int(line.maximum * 100),
        line.done,
        line.owed,
        line.choice,
        line.reason,
        kind,
    ]
    while stored[-1] == "":
        stored.pop()
    return json.dumps(stored)


def lines_json(lines: Iterable[Line]) -> str:
    """Lines as stored, in their order, without what is not recorded."""
    return "[" + ", ".join([_line_json(line) for line in lines if line.reason != NO_RECORDS]) + "]"


def lines_from(stored: Iterable[Sequence[Any]]) -> list[Line]:
    """The lines of a stored assessment read back."""
    return [_line_from(*values) for values in stored]


def _line_from(
    code: str,
    points: int | None,
    maximum: int,
    done: int,
    owed: int,
    choice: str = "",
    reason: str = "",
    kind: str = scoring.SCORED,
) -> Line:
    given = None if points is None else Decimal(points).scaleb(-2)
    return Line(code, kind, Decimal(maximum).scaleb(-2), given, done, owed, choice, reason)


def facts_of(assessment: models.Assessment) -> dict[str, Fact]:
    """The facts that a stored assessment was scored from, by item code."""
    return {line.code: _fact_of(line) for line in lines_from(assessment.lines)}


def _fact_of(line: Line) -> Fact:
    if line.done or line.owed or line.choice:
        return Fact(line.done, line.owed, line.choice)
    return Fact(absent=line.reason)
