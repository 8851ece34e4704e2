"""Scorecards of a month: facts taken from the records, scored by the rubric, and how they are written and read back."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from assessments import models, scoring
from assessments.metrics import FACTS, MonthWork, Person, collect
from assessments.scoring import NOT_COMMENTED, NOTHING_OWED, Fact, Line, Scorecard
from xinjin.periods import Month


class NoRubric(LookupError):
    """No rubric holds on the last day of the month."""

    def __str__(self) -> str:
        return _("No rubric holds on this day.")


@dataclass(frozen=True)
class Card:
    """One person's month as computed now; `facts` are by item code."""

    person: Person
    facts: Mapping[str, Fact]
    result: Scorecard


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
        for item in rubric.items.order_by("position", "id")
    )
    bands = tuple(scoring.Band(band.code, band.minimum) for band in models.GradeBand.of(rubric))
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

    def card(self, work: MonthWork, person: Person) -> Card:
        facts = {code: read(work, person, parameters) for code, read, parameters in self.items}
        return Card(person, facts, scoring.score(facts, self.rubric))


def rescored(assessment: models.Assessment, rubric: scoring.Rubric, *, remark: str) -> models.Assessment:
    """The assessment, unsaved, with the leader's comment changed and scored anew from its stored facts (item B1)."""
    own = rubric.for_kind(assessment.kind)
    facts = facts_from(assessment.facts)
    for item in own.items:
        if item.metric == "remark" and facts[item.code].absent != NOTHING_OWED:
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
    stored = {key: str(value) if isinstance(value, Decimal) else value for key, value in line._asdict().items()}
    return json.dumps({key: value for key, value in stored.items() if value not in ("", None)})


def facts_json(facts: Mapping[str, Fact]) -> str:
    """Facts as stored: [done, owed], [choice], or the reason why there is none."""
    return "{" + ", ".join([_fact_json(code, fact) for code, fact in facts.items()]) + "}"


def lines_json(lines: Iterable[Line]) -> str:
    """Lines as stored; what is empty is left out."""
    return "[" + ", ".join([_line_json(line) for line in lines]) + "]"


def facts_from(stored: Mapping[str, Any]) -> dict[str, Fact]:
    """Facts read back."""
    return {code: _fact_from(value) for code, value in stored.items()}


def _fact_from(value: Any) -> Fact:
    if isinstance(value, str):
        return Fact(absent=value)
    return Fact(*value) if len(value) == 2 else Fact(choice=value[0])


def lines_from(stored: Iterable[Mapping[str, Any]]) -> list[Line]:
    """Lines read back."""
    return [
        Line(
            code=line["code"],
            kind=line["kind"],
            maximum=Decimal(line["maximum"]),
            points=Decimal(line["points"]) if "points" in line else None,
            done=line["done"],
            owed=line["owed"],
            choice=line.get("choice", ""),
            reason=line.get("reason", ""),
        )
        for line in stored
    ]
