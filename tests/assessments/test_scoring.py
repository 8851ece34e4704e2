"""Scoring as a table of examples, and what holds for any facts and any rubric."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.rubric_loading import RUBRICS, read
from assessments.scoring import METHODS, Band, Fact, Item, Line, Rubric, ScoringError, line_of, problems_of, score

D = Decimal


def shipped() -> Rubric:
    """rubrics/2022.toml without the database."""
    data = read(RUBRICS / "2022.toml")
    items = tuple(
        Item(
            code=item["code"],
            maximum=D(item["maximum"]),
            metric=item["metric"],
            method=item["method"],
            kind=item.get("kind", "scored"),
            parameters=item.get("parameters", {}),
            variants=item.get("variants", {}),
        )
        for item in data["items"]
    )
    return Rubric(items, tuple(Band(band["code"], D(band["minimum"])) for band in data["bands"]))


RUBRIC = shipped()
FULL = {
    "A1": Fact(4, 4),
    "A2": Fact(20, 20),
    "A3": Fact(4, 4),
    "A4a": Fact(4, 4),
    "A5": Fact(4, 4),
    "A6": Fact(2, 2),
    "A7": Fact(4, 4),
    "A10": Fact(5, 5),
    "B1": Fact(choice="good"),
}

# What was done, kind of person → points, of how many, score, grade.
EXAMPLES = [
    ("everything done", {}, "liaison", "71.00", "71", "100.00", "excellent"),
    ("one week of four without a visit", {"A1": Fact(3, 4)}, "liaison", "67.25", "71", "94.72", "excellent"),
    ("eighteen of twenty households", {"A2": Fact(18, 20)}, "liaison", "69.50", "71", "97.89", "excellent"),
    ("an auxiliary's households count 20", {"A2": Fact(18, 20)}, "auxiliary", "74.00", "76", "97.37", "excellent"),
    ("more than owed is not more points", {"A6": Fact(9, 2)}, "liaison", "71.00", "71", "100.00", "excellent"),
    ("comment: fairly good", {"B1": Fact(choice="fairly_good")}, "liaison", "70.00", "71", "98.59", "excellent"),
    ("comment: poor", {"B1": Fact(choice="poor")}, "liaison", "66.00", "71", "92.96", "excellent"),
    ("no comment yet: out of the denominator", {"B1": Fact()}, "liaison", "66.00", "66", "100.00", "excellent"),
    ("a week of leave: three weeks owed", {"A1": Fact(3, 3)}, "liaison", "71.00", "71", "100.00", "excellent"),
    ("no visit at all", {"A1": Fact(0, 4), "A2": Fact(0, 20)}, "liaison", "41.00", "71", "57.75", "unqualified"),
    ("two thirds, rounded once", {"A1": Fact(2, 3)}, "liaison", "66.00", "71", "92.96", "excellent"),
    ("nothing was spot-checked", {"A8b": Fact(0, 0)}, "liaison", "71.00", "71", "100.00", "excellent"),
    ("19 of 20 checks are enough", {"A8b": Fact(19, 20)}, "liaison", "73.00", "73", "100.00", "excellent"),
    ("18 of 20 are not", {"A8b": Fact(18, 20)}, "liaison", "72.89", "73", "99.85", "excellent"),
    ("no check of an auxiliary", {"A8b": Fact(0, 3)}, "auxiliary", "76.00", "76", "100.00", "excellent"),
    ("bonus of three", {"A1": Fact(3, 4), "P1": Fact(3)}, "liaison", "67.25", "71", "97.72", "excellent"),
    ("bonus is capped at five", {"A1": Fact(1, 4), "P1": Fact(9)}, "liaison", "59.75", "71", "89.15", "good"),
    ("never above 100", {"P1": Fact(5)}, "liaison", "71.00", "71", "100.00", "excellent"),
    ("deduction of five", {"M1": Fact(5)}, "liaison", "71.00", "71", "95.00", "excellent"),
    ("deductions are capped at twenty", {"M1": Fact(35)}, "liaison", "71.00", "71", "80.00", "good"),
    ("one breach of the four prohibitions", {"V1": Fact(1)}, "liaison", "71.00", "71", "100.00", "unqualified"),
    ("no breach found", {"V1": Fact(0)}, "liaison", "71.00", "71", "100.00", "excellent"),
]


@pytest.mark.parametrize(("facts", "kind", "points", "maximum", "result", "grade"), [row[1:] for row in EXAMPLES])
def test_score_of_an_example(facts, kind, points, maximum, result, grade):
    card = score({**FULL, **facts}, RUBRIC.for_kind(kind))
    assert (card.points, card.maximum, card.score, card.grade) == (D(points), D(maximum), D(result), grade)


def test_nobody_owing_anything_has_no_score_and_no_grade():
    card = score({code: Fact(0, 0) for code in FULL}, RUBRIC.for_kind("liaison"))
    assert (card.maximum, card.score, card.grade) == (D(0), None, "")


def test_line_says_why_it_does_not_apply():
    lines = {line.code: line for line in score(FULL, RUBRIC.for_kind("auxiliary")).lines}
    assert lines["A8b"].reason == "not_for_kind"
    assert lines["A9"].reason == "no_records"
    assert lines["A1"].points == D("15.00")


def test_unknown_method_is_refused():
    item = Item("X", D(5), "visit_weeks", "by_feeling")
    assert problems_of(item) == ["X: unknown method 'by_feeling'"]
    with pytest.raises(ScoringError):
        line_of(item, Fact(1, 1))


def test_grades_above_the_maximum_are_refused():
    item = Item("B1", D(5), "remark", "graded", parameters={"good": 6})
    assert problems_of(item) == ["B1: a grade is above the maximum or below zero"]


@pytest.mark.parametrize("enough", ["0", "1.01", "-1", "NaN", "most"])
def test_what_is_enough_is_a_share(enough):
    item = Item("A8b", D(2), "base_info_accuracy", "proportion", parameters={"enough": enough})
    assert problems_of(item) == ["A8b: enough is no share between 0 and 1"]


def test_every_method_is_used_by_the_shipped_rubric():
    assert {item.method for item in RUBRIC.items} == set(METHODS)


# The machine that runs this may be busy; how long an example takes says nothing here.
patient = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
counts = st.integers(0, 40)
comments = st.sampled_from(["good", "fairly_good", "average", "poor", ""])
facts = st.builds(lambda done, owed: Fact(done, owed), counts, counts) | st.builds(lambda c: Fact(choice=c), comments)
cards = st.dictionaries(st.sampled_from([item.code for item in RUBRIC.items]), facts)
kinds = st.sampled_from(["liaison", "community", "part_time", "auxiliary"])


@patient
@given(cards, kinds)
def test_points_stay_between_zero_and_maximum(given_facts, kind):
    card = score(given_facts, RUBRIC.for_kind(kind))
    assert D(0) <= card.points <= card.maximum
    assert card.score is None or D(0) <= card.score <= D(100)
    for line in card.lines:
        if line.kind == "scored" and line.points is not None:
            assert D(0) <= line.points <= line.maximum
            assert line.points == line.points.quantize(D("0.01"))


@patient
@given(cards, kinds)
def test_what_does_not_apply_leaves_the_denominator(given_facts, kind):
    card = score(given_facts, RUBRIC.for_kind(kind))
    applying = [line for line in card.lines if line.kind == "scored" and line.points is not None]
    assert card.maximum == sum((line.maximum for line in applying), D(0))
    assert card.points == sum((line.points for line in applying), D(0))
    assert (card.score is None) == (not card.maximum)


@patient
@given(cards, kinds, st.integers())
def test_score_does_not_depend_on_the_order_of_facts_or_items(given_facts, kind, seed):
    rubric, random = RUBRIC.for_kind(kind), Random(seed)
    shuffled_facts = dict(random.sample(list(given_facts.items()), len(given_facts)))
    shuffled = Rubric(tuple(random.sample(rubric.items, len(rubric.items))), rubric.bands)
    first, second = score(given_facts, rubric), score(shuffled_facts, shuffled)
    assert first[1:] == second[1:]
    assert sorted(first.lines, key=lambda line: line.code) == sorted(second.lines, key=lambda line: line.code)
    assert score(given_facts, rubric) == first


@patient
@given(cards, kinds, st.sampled_from(["A1", "A2", "A3"]))
def test_doing_more_never_costs_points(given_facts, kind, code):
    rubric = RUBRIC.for_kind(kind)
    fewer = score({**given_facts, code: Fact(2, 5)}, rubric)
    more = score({**given_facts, code: Fact(3, 5)}, rubric)
    assert more.score >= fewer.score


def test_lines_are_plain_values():
    assert Line("A1", "scored", D(15), D("15.00"), 4, 4).reason == ""
