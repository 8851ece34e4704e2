"""How scorecards read: facts, reasons and grades in words, for pages, admin and downloads alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments import cards, scoring
from assessments.choices import Remark
from assessments.metrics import FACTS
from assessments.models import Assessment, Rubric, RubricItem
from assessments.scoring import Line, Scorecard
from villages.choices import OfficerKind
from xinjin.reporting import NOT_APPLICABLE

REASONS: Mapping[str, Promise] = {
    scoring.NOTHING_OWED: _("Nothing was owed (leave, secondment or days off)."),
    scoring.NO_RECORDS: _("These records are not kept yet."),
    scoring.NOT_COMMENTED: _("The leader has not commented yet."),
    scoring.NOT_FOR_KIND: _("Not scored for this kind of person."),
}
FULL, HALF = Decimal(1), Decimal("0.5")


def short(value: Decimal | None) -> str:
    """Points without needless zeros; a dash where there are none."""
    return NOT_APPLICABLE if value is None else f"{value.normalize():f}"


@dataclass(frozen=True)
class ShownLine:
    """One line as a page shows it."""

    item: RubricItem
    rule: str
    line: Line

    @property
    def applies(self) -> bool:
        """Whether the line counts."""
        return self.line.points is not None

    @property
    def points(self) -> str:
        """The points, or a dash."""
        return short(self.line.points)

    @property
    def maximum(self) -> str:
        """The points that could be had."""
        return short(self.line.maximum)

    @property
    def fact(self) -> str:
        """The fact in words: 4 of 5 weeks."""
        if not self.applies:
            return NOT_APPLICABLE
        if self.line.choice:
            return str(Remark(self.line.choice).label) if self.line.choice in Remark.values else self.line.choice
        return str(FACTS[self.item.metric].wording) % {"done": self.line.done, "owed": self.line.owed}

    @property
    def reason(self) -> str:
        """Why the line does not apply."""
        return str(REASONS.get(self.line.reason, ""))

    @property
    def tone(self) -> str:
        """How the meter is coloured."""
        if self.line.points is None or not self.line.maximum:
            return ""
        share = self.line.points / self.line.maximum
        return "ok" if share >= FULL else "bad" if share < HALF else "warn"


@dataclass(frozen=True)
class ShownRubric:
    """A rubric with its items and the words of its grades, read once for a page; two queries."""

    rubric: Rubric
    items: list[RubricItem]
    grades: dict[str, str]

    @classmethod
    def of(cls, rubric: Rubric) -> "ShownRubric":
        """Reads the items and grade bands of `rubric`."""
        return cls(rubric, rubric.read_items, {band.code: band.label for band in rubric.read_bands})

    def grade(self, code: str) -> str:
        """The grade in words."""
        return self.grades.get(code, code)

    def lines(self, lines: Iterable[Line], kind: str) -> list[ShownLine]:
        """The lines of one person with their items, also those items that have no records."""
        by_code = {line.code: line for line in lines}
        return [
            ShownLine(
                item,
                item.variants.get(kind, {}).get("rule", item.rule),
                by_code.get(item.code)
                or Line(item.code, item.kind, item.maximum, None, 0, 0, reason=scoring.NO_RECORDS),
            )
            for item in self.items
        ]

    def item(self, code: str) -> RubricItem | None:
        """The item with this code."""
        return next((item for item in self.items if item.code == code), None)


@dataclass(frozen=True)
class ShownCard:
    """A scorecard as pages and downloads show it, stored or computed for a glance at a running month."""

    officer: Any
    kind: str
    unit: Any
    station: Any
    lines: list[ShownLine]
    points: Decimal
    maximum: Decimal
    score: Decimal | None
    grade: str
    grade_code: str
    assessment: Assessment | None = None

    @property
    def kind_label(self) -> Any:
        """The kind of person in words."""
        return OfficerKind(self.kind).label if self.kind in OfficerKind.values else self.kind

    @property
    def score_text(self) -> str:
        """The score with its two places, or a dash."""
        return NOT_APPLICABLE if self.score is None else f"{self.score:.2f}"

    @property
    def tone(self) -> str:
        """The badge's tone of the grade."""
        if self.score is None:
            return "muted"
        return {"excellent": "ok", "good": "ok", "unqualified": "bad"}.get(self.grade_code, "neutral")

    @property
    def by_code(self) -> dict[str, ShownLine]:
        """The lines by item code."""
        return {line.item.code: line for line in self.lines}


def stored_card(assessment: Assessment, shown: ShownRubric) -> ShownCard:
    """A stored assessment; officer, unit and station come with it."""
    return ShownCard(
        officer=assessment.officer,
        kind=assessment.kind,
        unit=assessment.unit,
        station=assessment.station,
        lines=shown.lines(cards.lines_from(assessment.lines), assessment.kind),
        points=assessment.points,
        maximum=assessment.maximum,
        score=assessment.score,
        grade=shown.grade(assessment.grade),
        grade_code=assessment.grade,
        assessment=assessment,
    )


def running_card(card: cards.Card, shown: ShownRubric, *, officer: Any, station: Any) -> ShownCard:
    """A card that is computed for this page only."""
    result: Scorecard = card.result
    return ShownCard(
        officer=officer,
        kind=card.person.kind,
        unit=officer.unit,
        station=station,
        lines=shown.lines(result.lines, card.person.kind),
        points=result.points,
        maximum=result.maximum,
        score=result.score,
        grade=shown.grade(result.grade),
        grade_code=result.grade,
    )


def scored_items(shown: ShownRubric, rows: Iterable[ShownCard]) -> list[RubricItem]:
    """The items that count for anybody among the rows: the columns worth showing."""
    counting = {line.item.code for row in rows for line in row.lines if line.applies}
    return [item for item in shown.items if item.code in counting]
