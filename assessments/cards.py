"""Scorecards of a month: facts taken from the records, scored by the rubric, and how they are written and read back."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from assessments import models, scoring
from assessments.metrics import FACTS, MonthWork, Person, collect, pattern
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
    def facts_json(self) -> str:
        """The facts as stored."""
        return facts_json(self.facts)

    @cached_property
    def lines_json(self) -> str:
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
    facts = facts_from(assessment.facts)
    for item in own.items:
        if item.metric == "remark" and facts.get(item.code, Fact()).absent != NOTHING_OWED:
            facts[item.code] = Fact(choice=remark) if remark else Fact(absent=NOT_COMMENTED)
    assessment.remark = remark
    return fill(assessment, facts, scoring.score(facts, own))


def fill(assessment: models.Assessment, facts: Mapping[str, Fact], result: Scorecard) -> models.Assessment:
    """Puts facts and result on an assessment, unsaved."""
    assessment.facts = json.loads(facts_json(facts))
    assessment.lines = json.loads(lines_json(result.lines))
    assessment.points, assessment.maximum = result.points, result.maximum
    assessment.score, assessment.grade = result.score, result.grade
    return assessment


# Facts and lines as stored: short, and remembered as text because few of them differ.


@lru_cache(maxsize=65_536)
def _fact_json(code: str, fact: Fact) -> str:
    value = fact.absent or ([fact.choice] if fact.choice else [fact.done, fact.owed])
    return f"{json.dumps(code)}: {json.dumps(value)}"


@lru_cache(maxsize=65_536)
def _line_json(line: Line) -> str:
    stored = {"code": line.code, "points": line.points, "maximum": line.maximum, "reason": line.reason}
    if line.kind != scoring.SCORED:
        stored["kind"] = line.kind
    return json.dumps({key: str(value) for key, value in stored.items() if value not in ("", None)})


def facts_json(facts: Mapping[str, Fact]) -> str:
    """Facts as stored: [done, owed], [choice], or the reason why there is none; without what is not recorded."""
    kept = [_fact_json(code, fact) for code, fact in facts.items() if fact.absent != NO_RECORDS]
    return "{" + ", ".join(kept) + "}"


def lines_json(lines: Iterable[Line]) -> str:
    """Lines as stored: what the facts do not say, without what is not recorded; what is empty is left out."""
    return "[" + ", ".join([_line_json(line) for line in lines if line.reason != NO_RECORDS]) + "]"


def facts_from(stored: Mapping[str, Any]) -> dict[str, Fact]:
    """Facts read back."""
    return {code: _fact_from(value) for code, value in stored.items()}


def _fact_from(value: Any) -> Fact:
    if isinstance(value, str):
        return Fact(absent=value)
    return Fact(*value) if len(value) == 2 else Fact(choice=value[0])


def lines_from(assessment: models.Assessment) -> list[Line]:
    """The lines of a stored assessment read back, with their facts."""
    facts = facts_from(assessment.facts)
    return [_line_from(line, facts.get(line["code"], Fact())) for line in assessment.lines]


def _line_from(stored: Mapping[str, str], fact: Fact) -> Line:
    return Line(
        code=stored["code"],
        kind=stored.get("kind", scoring.SCORED),
        maximum=Decimal(stored["maximum"]),
        points=Decimal(stored["points"]) if "points" in stored else None,
        done=fact.done,
        owed=fact.owed,
        choice=fact.choice,
        reason=stored.get("reason", ""),
    )
