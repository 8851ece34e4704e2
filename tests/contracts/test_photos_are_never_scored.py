"""No photo, and nothing noticed about one, counts anywhere: no fact, no duty, no point (limits on burden, R11)."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments import monthly
from assessments.models import AssessmentMonth
from patrols.metrics import REPORTED
from patrols.models import PhotoHint
from tests.contracts.world import undone
from xinjin.periods import Month

pytestmark = pytest.mark.django_db

PHOTO = re.compile(r"photo", re.I)


@pytest.mark.parametrize("key", sorted(REPORTED))
def test_no_fact_reads_a_photo(key):
    span = Month.of(timezone.localdate()).counted
    for query in (REPORTED[key].grouped(span), REPORTED[key].rows(span).values("pk")):
        assert not PHOTO.search(str(query.query))


def test_closing_a_month_reads_no_photo_and_no_hint(world):
    assert PhotoHint.objects.exists()
    month = monthly.last_openable(timezone.localdate())
    while AssessmentMonth.objects.filter(pk=month.key).exists():
        month = month.previous()
    with undone(), CaptureQueriesContext(connection) as captured:
        monthly.open_month(by=None, month=month)
    read = [query["sql"] for query in captured]
    assert any("patrols_attendee" in sql for sql in read), "the month was computed"
    assert [sql[:200] for sql in read if re.search(r"patrols_photo|photo_count", sql)] == []


def test_no_rubric_and_no_module_of_the_score_names_photos():
    root = Path(settings.BASE_DIR, "assessments")
    rubrics = [tomllib.loads(path.read_text(encoding="utf-8")) for path in (root / "rubrics").glob("*.toml")]
    metrics = {item.get("metric", "") for rubric in rubrics for item in rubric.get("items", [])}
    assert rubrics
    assert not {metric for metric in metrics if PHOTO.search(metric)}
    scoring = [path for path in root.glob("*.py")]
    assert [path.name for path in scoring if PHOTO.search(path.read_text(encoding="utf-8"))] == []
