"""The figures of a quarter's bulletin (R19, R20), taken from locked months only.

Units are ranked in two series, stations and business units. Persons are named only for commendation, at most a fifth
of those assessed, or for problems; nobody else appears by name and persons are never ranked.
Everything is text or whole numbers, so that the snapshot reads back from JSON exactly as it was sealed.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from assessments.cards import lines_from
from assessments.models import Assessment, AssessmentMonth, GradeBand, RubricItem
from assessments.scoring import Line, cents
from villages.choices import OfficerKind, UnitKind
from xinjin.periods import Quarter

# Of a unit's target score only these parts have records yet (people's average, reports on time); the others leave
# the denominator, as with persons.
WEIGHTS = {"people": 60, "reports": 15}
COMMENDED_SHARE = Decimal("0.20")
FAILED_BELOW = Decimal(60)
STATIONS, BUSINESS_UNITS = "stations", "business_units"


@dataclass
class PersonQuarter:
    """One person's locked months."""

    officer_id: int
    number: str
    name: str
    pinyin: str
    kind: str = ""
    unit: str = ""
    unit_kind: str = ""
    unit_position: int = 0
    scores: dict[str, Decimal] = field(default_factory=dict)
    grades: list[str] = field(default_factory=list)
    reports: list[int] = field(default_factory=lambda: [0, 0])

    @property
    def average(self) -> Decimal | None:
        """The mean of the months that apply, rounded once."""
        return cents(sum(self.scores.values(), Decimal(0)) / len(self.scores)) if self.scores else None

    @property
    def is_auxiliary(self) -> bool:
        """Auxiliaries are graded apart from police officers."""
        return self.kind == OfficerKind.AUXILIARY


def snapshot(quarter: Quarter) -> dict[str, Any]:
    """Everything that the bulletin of `quarter` shows, from its locked months."""
    months = list(
        AssessmentMonth.objects.filter(key__in=[month.key for month in quarter.month_list()], locked_at__isnull=False)
        .select_related("rubric")
        .order_by("key")
    )
    items = _items(months)
    people, totals = _people(months, items)
    rated = [person for person in people if person.average is not None]
    averages = [person.average for person in people if person.average is not None]
    return {
        "quarter": quarter.key,
        "months": [month.key for month in months],
        "rubrics": sorted({month.rubric.title for month in months}),
        "officers": sum(not person.is_auxiliary for person in people),
        "auxiliaries": sum(person.is_auxiliary for person in people),
        "average": _text(_mean(averages)),
        "qualified": _share(sum(average >= FAILED_BELOW for average in averages), len(averages)),
        "items": [
            {"code": code, "title": title, "share": _share(*totals[code])}
            for code, title in _titles(items)
            if totals[code][1]
        ],
        "series": [
            {"key": STATIONS, "units": _ranked(person for person in people if _is_station(person))},
            {"key": BUSINESS_UNITS, "units": _ranked(person for person in people if not _is_station(person))},
        ],
        "commended": _commended(rated, _best_grades(months)),
        "problems": _problems(people),
        "weights": WEIGHTS,
    }


def _items(months: Iterable[AssessmentMonth]) -> dict[str, list[RubricItem]]:
    by_rubric: dict[int, list[RubricItem]] = defaultdict(list)
    months = list(months)
    for item in RubricItem.objects.filter(rubric__in={month.rubric_id for month in months}).order_by("position", "id"):
        by_rubric[item.rubric_id].append(item)
    return {month.key: by_rubric[month.rubric_id] for month in months}


def _titles(items: dict[str, list[RubricItem]]) -> list[tuple[str, str]]:
    return list({item.code: (item.code, item.title) for month in sorted(items) for item in items[month]}.values())


def _best_grades(months: Iterable[AssessmentMonth]) -> set[str]:
    """The codes of the best grade of each rubric."""
    best: dict[int, GradeBand] = {}
    for band in GradeBand.objects.filter(rubric__in={month.rubric_id for month in months}).order_by("minimum"):
        best[band.rubric_id] = band
    return {band.code for band in best.values()}


def _people(
    months: list[AssessmentMonth], items: dict[str, list[RubricItem]]
) -> tuple[list[PersonQuarter], dict[str, list[int]]]:
    """The people of the quarter, and done and owed of each item over all."""
    reports = {month: {item.code for item in found if item.metric == "reports"} for month, found in items.items()}
    people: dict[int, PersonQuarter] = {}
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    rows = Assessment.objects.filter(month__in=months).select_related("officer", "unit").order_by("month_id", "id")
    for row in rows.iterator(chunk_size=2000):
        officer = row.officer
        person = people.setdefault(officer.pk, PersonQuarter(officer.pk, officer.number, officer.name, officer.pinyin))
        person.kind, person.unit, person.unit_kind = row.kind, row.unit.name, row.unit.kind
        person.unit_position = row.unit.position
        if row.score is not None:
            person.scores[row.month_id] = row.score
            person.grades.append(row.grade)
        for line in lines_from(row.lines):
            _add(totals[line.code], line)
            if line.code in reports[row.month_id]:
                _add(person.reports, line)
    return list(people.values()), totals


def _add(tally: list[int], line: Line) -> None:
    tally[0] += line.done
    tally[1] += line.owed


def _is_station(person: PersonQuarter) -> bool:
    return person.unit_kind == UnitKind.STATION


def _ranked(people: Iterable[PersonQuarter]) -> list[dict[str, Any]]:
    by_unit: dict[tuple[int, str], list[PersonQuarter]] = defaultdict(list)
    for person in people:
        by_unit[person.unit_position, person.unit].append(person)
    rows = [_unit_row(unit, found) for (_position, unit), found in sorted(by_unit.items())]
    scores = sorted((Decimal(row["score"]) for row in rows if row["score"]), reverse=True)
    for row in rows:
        row["rank"] = scores.index(Decimal(row["score"])) + 1 if row["score"] else None
    return sorted(rows, key=lambda row: row["rank"] or len(rows) + 1)


def _unit_row(unit: str, people: list[PersonQuarter]) -> dict[str, Any]:
    averages = [person.average for person in people if person.average is not None]
    average = _mean(averages)
    done, owed = (sum(person.reports[at] for person in people) for at in (0, 1))
    parts = [(WEIGHTS["people"], average / 100)] if average is not None else []
    if owed:
        parts.append((WEIGHTS["reports"], Decimal(done) / owed))
    weight = sum((part for part, _share_of in parts), Decimal(0))
    score = (
        cents(sum((part * share for part, share in parts), Decimal(0)) * 100 / weight) if average is not None else None
    )
    return {
        "unit": unit,
        "people": len(people),
        "average": _text(average),
        "reports": _share(done, owed),
        "qualified": _share(sum(value >= FAILED_BELOW for value in averages), len(averages)),
        "score": _text(score),
    }


def _commended(rated: list[PersonQuarter], best: set[str]) -> list[dict[str, Any]]:
    """Excellent in every month that applies, at most a fifth of the police officers and of the auxiliaries."""
    named: list[PersonQuarter] = []
    for auxiliaries in (False, True):
        group = [person for person in rated if person.is_auxiliary == auxiliaries]
        excellent = [person for person in group if set(person.grades) <= best]
        excellent.sort(key=lambda person: (-(person.average or 0), person.number))
        named += excellent[: int(len(group) * COMMENDED_SHARE)]
    return [_person_row(person) for person in _by_unit(named)]


def _problems(people: list[PersonQuarter]) -> list[dict[str, Any]]:
    """Those with a failed month, and which."""
    rows = []
    for person in _by_unit(people):
        failed = {month: score for month, score in person.scores.items() if score < FAILED_BELOW}
        if failed:
            months = [{"month": month, "score": str(score)} for month, score in sorted(failed.items())]
            rows.append({**_person_row(person), "failed": months})
    return rows


def _by_unit(people: Iterable[PersonQuarter]) -> list[PersonQuarter]:
    return sorted(people, key=lambda person: (person.unit_position, person.unit, person.pinyin, person.number))


def _person_row(person: PersonQuarter) -> dict[str, Any]:
    return {
        "name": person.name,
        "number": person.number,
        "kind": person.kind,
        "unit": person.unit,
        "average": _text(person.average),
    }


def _mean(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return cents(sum(known, Decimal(0)) / len(known)) if known else None


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _share(done: int, owed: int) -> str | None:
    """A fraction with four places: 0.9870 is 98.70 %."""
    return str((Decimal(done) / owed).quantize(Decimal("0.0001"))) if owed else None
