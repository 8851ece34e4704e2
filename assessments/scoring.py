"""From facts to a score: pure functions of values, without database, clock or settings.

Decimal throughout. Each line is rounded once to 0.01 (half up), and the score once. A line that does not apply leaves
the denominator; that is not the same as zero points. METHODS are the ways of giving points that a rubric may name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")
HUNDRED = Decimal(100)
SCORED, BONUS, DEDUCTION, VETO = "scored", "bonus", "deduction", "veto"
# Why a line has no points.
NOTHING_OWED, NO_RECORDS, NOT_COMMENTED, NOT_FOR_KIND = "nothing_owed", "no_records", "not_commented", "not_for_kind"


class ScoringError(ValueError):
    """A rubric that cannot be scored: an unknown method, parameters that the method does not take."""


def cents(value: Decimal) -> Decimal:
    """The value rounded to 0.01, half up."""
    return value.quantize(CENT, ROUND_HALF_UP)


class Fact(NamedTuple):
    """What was done of what was owed, or the choice of a commentator; `absent` says why there is neither."""

    done: int = 0
    owed: int = 0
    choice: str = ""
    absent: str = ""


class Outcome(NamedTuple):
    """Points of one line; None with the reason when it does not apply. Negative only for deductions."""

    points: Decimal | None
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Item:
    """One line of a rubric. Compared by identity, so that lines can be remembered by item and fact."""

    code: str
    maximum: Decimal
    metric: str
    method: str
    kind: str = SCORED
    parameters: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    variants: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))

    def varied(self, kind: str) -> "Item":
        """The item as it holds for a kind of person."""
        variant = self.variants.get(kind, {})
        return replace(
            self,
            maximum=Decimal(str(variant.get("maximum", self.maximum))),
            parameters=variant.get("parameters", self.parameters),
            variants=MappingProxyType({}),
        )


@dataclass(frozen=True)
class Band:
    """From how many points on a grade is given."""

    code: str
    minimum: Decimal


@dataclass(frozen=True)
class Rubric:
    """Items in order and grade bands, for one kind of person."""

    items: tuple[Item, ...]
    bands: tuple[Band, ...]

    def for_kind(self, kind: str) -> "Rubric":
        """The rubric as it holds for a kind of person."""
        return Rubric(tuple(item.varied(kind) for item in self.items), self.bands)

    def grade(self, score: Decimal) -> str:
        """The code of the best band that the score reaches; empty below all."""
        reached = [band for band in self.bands if score >= band.minimum]
        return max(reached, key=lambda band: band.minimum).code if reached else ""

    @property
    def lowest(self) -> str:
        """The code of the grade of those who fail."""
        return min(self.bands, key=lambda band: band.minimum).code if self.bands else ""


class Line(NamedTuple):
    """One line of a scorecard. `points` None: does not apply, for `reason`."""

    code: str
    kind: str
    maximum: Decimal
    points: Decimal | None
    done: int
    owed: int
    choice: str = ""
    reason: str = ""


class Scorecard(NamedTuple):
    """`points` of `maximum` are those of the scored lines that apply; `score` is out of 100, None when none applies."""

    lines: tuple[Line, ...]
    points: Decimal
    maximum: Decimal
    score: Decimal | None
    grade: str


@dataclass(frozen=True)
class Method:
    """A way of giving points. `check` names what is wrong with an item's parameters, or nothing."""

    kind: str
    apply: Callable[[Item, Fact], Outcome]
    check: Callable[[Item], str] = lambda item: ""


def _proportion(item: Item, fact: Fact) -> Outcome:
    if not fact.owed:
        return Outcome(None, NOTHING_OWED)
    points = item.maximum * min(fact.done, fact.owed) / (fact.owed * _enough(item))
    return Outcome(cents(min(points, item.maximum)))


def _enough(item: Item) -> Decimal:
    """The share of what is owed that earns all points."""
    return Decimal(str(item.parameters.get("enough", 1)))


def _check_enough(item: Item) -> str:
    try:
        is_share = 0 < _enough(item) <= 1
    except ArithmeticError:
        is_share = False
    return "" if is_share else "enough is no share between 0 and 1"


def _graded(item: Item, fact: Fact) -> Outcome:
    if fact.choice not in item.parameters:
        return Outcome(None, NOT_COMMENTED)
    return Outcome(cents(min(Decimal(str(item.parameters[fact.choice])), item.maximum)))


def _check_grades(item: Item) -> str:
    points = [Decimal(str(value)) for value in item.parameters.values()]
    if not points:
        return "no grades"
    return "" if all(0 <= value <= item.maximum for value in points) else "a grade is above the maximum or below zero"


def _bonus(item: Item, fact: Fact) -> Outcome:
    return Outcome(cents(min(Decimal(fact.done), item.maximum)))


def _deduction(item: Item, fact: Fact) -> Outcome:
    return Outcome(cents(-min(Decimal(fact.done), item.maximum)))


def _veto(item: Item, fact: Fact) -> Outcome:
    return Outcome(NOTHING)


METHODS: Mapping[str, Method] = {
    # Points in proportion to what was done of what was owed, or of the share of it that is enough.
    "proportion": Method(SCORED, _proportion, _check_enough),
    # Points for each possible comment.
    "graded": Method(SCORED, _graded, _check_grades),
    # Points added to, and taken from, the score of the other lines.
    "bonus": Method(BONUS, _bonus),
    "deduction": Method(DEDUCTION, _deduction),
    # One case and the month is failed, whatever the score.
    "veto": Method(VETO, _veto),
}


def problems_of(item: Item) -> list[str]:
    """What is wrong with an item of a rubric, for checks and for loading."""
    method = METHODS.get(item.method)
    if method is None:
        return [f"{item.code}: unknown method {item.method!r}"]
    if method.kind != item.kind:
        return [f"{item.code}: the method {item.method!r} is for items of kind {method.kind!r}"]
    wrong = method.check(item) if item.maximum else ""
    return [f"{item.code}: {wrong}"] if wrong else []


@lru_cache(maxsize=65_536)
def line_of(item: Item, fact: Fact) -> Line:
    """One line of the scorecard; remembered, as few facts differ. Raises ScoringError for an unknown method."""
    if item.method not in METHODS:
        raise ScoringError(f"unknown method {item.method!r}")
    if item.kind == SCORED and not item.maximum:
        outcome = Outcome(None, NOT_FOR_KIND)
    elif fact.absent:
        outcome = Outcome(None, fact.absent)
    else:
        outcome = METHODS[item.method].apply(item, fact)
    return Line(item.code, item.kind, item.maximum, outcome.points, fact.done, fact.owed, fact.choice, outcome.reason)


def total(lines: tuple[Line, ...], rubric: Rubric) -> Scorecard:
    """The card made of lines: the sum of what applies, brought to 100, then bonus and deductions, then the grade."""
    points = maximum = extra = NOTHING
    failed = False
    for line in lines:
        if line.points is None:
            continue
        if line.kind == SCORED:
            points += line.points
            maximum += line.maximum
        elif line.kind == VETO:
            failed = failed or line.done > 0
        else:
            extra += line.points
    if not maximum:
        return Scorecard(lines, points, maximum, None, rubric.lowest if failed else "")
    score = cents(min(max(points * HUNDRED / maximum + extra, NOTHING), HUNDRED))
    return Scorecard(lines, points, maximum, score, rubric.lowest if failed else rubric.grade(score))


def score(facts: Mapping[str, Fact], rubric: Rubric) -> Scorecard:
    """The scorecard of one person.

    `facts` are by item code; an item without a fact has no records. `rubric` is that of the person's kind.
    """
    nothing = Fact(absent=NO_RECORDS)
    return total(tuple(line_of(item, facts.get(item.code, nothing)) for item in rubric.items), rubric)
