"""Rubrics as data: loaded, again, changed, frozen, replaced."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from assessments.checks import rubric_files
from assessments.models import Rubric, RubricItem
from assessments.rubric_loading import RUBRICS, load_rubric, problems_of, read
from tests.assessments.factories import make_opened_month, make_rubric

pytestmark = pytest.mark.django_db
SHIPPED = RUBRICS / "2022.toml"


def variant(tmp_path, *changes: tuple[str, str]):
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "new.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_load_again_changes_nothing():
    rubric = make_rubric()
    ids = set(RubricItem.objects.values_list("pk", flat=True))
    again, changed = load_rubric(by=None, path=SHIPPED)
    assert (again.pk, changed) == (rubric.pk, False)
    assert set(RubricItem.objects.values_list("pk", flat=True)) == ids
    assert sum(item.maximum for item in rubric.items.filter(kind="scored")) == 100


def test_change_of_an_unused_rubric_is_taken(tmp_path):
    make_rubric()
    rubric, changed = load_rubric(by=None, path=variant(tmp_path, ("进村到岗", "进村")))
    assert changed
    assert rubric.items.get(code="A1").title == "进村"


def test_change_of_a_frozen_rubric_is_refused(tmp_path):
    make_opened_month()
    with pytest.raises(ValidationError, match="2022"):
        load_rubric(by=None, path=variant(tmp_path, ("进村到岗", "进村")))
    assert load_rubric(by=None, path=SHIPPED)[1] is False


def test_newer_rubric_ends_the_one_before(tmp_path):
    old = make_rubric()
    path = variant(tmp_path, ('code = "2022"', 'code = "2030"'), ("2022-01-01", "2030-01-01"))
    load_rubric(by=None, path=path)
    old.refresh_from_db()
    assert old.end_on == date(2029, 12, 31)
    assert Rubric.objects.on(date(2030, 1, 1)).get().code == "2030"


def test_overlapping_rubric_is_refused(tmp_path):
    make_rubric()
    path = variant(tmp_path, ('code = "2022"', 'code = "2021"'), ("2022-01-01", "2021-01-01"))
    with pytest.raises(ValidationError):
        load_rubric(by=None, path=path)
    assert Rubric.objects.count() == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('metric = "visit_weeks"', 'metric = "steps_walked"', "unknown fact"),
        ('method = "proportion"', 'method = "by_feeling"', "unknown method"),
        ('code = "A2"', 'code = "A1"', "same code"),
        ("good = 5", "good = 50", "above the maximum"),
        ("items.variants.auxiliary", "items.variants.dog", "unknown kinds"),
        ("start_on = 2022-01-01", "", "lacks start_on"),
        ("start_on = 2022-01-01", "start_on = [", "new.toml"),
    ],
)
def test_mistake_in_a_file_is_named(tmp_path, old, new, said):
    with pytest.raises(ValidationError) as caught:
        read(variant(tmp_path, (old, new)))
    assert any(said in message for message in caught.value.messages)


def test_shipped_files_pass_the_system_check():
    assert rubric_files(None) == []
    assert problems_of(read(SHIPPED)) == []


def test_command_says_what_is_wrong(tmp_path):
    with pytest.raises(CommandError, match="unknown fact"):
        call_command("load_rubric", str(variant(tmp_path, ('metric = "deeds"', 'metric = "x"'))))
