"""Writing a month's cards: one COPY for those that are new, only the changed rows for those that are there."""

import io
import json
from collections.abc import Iterable

from django.db import connection

from assessments.cards import Card, Marks, fill
from assessments.choices import AssessmentState
from assessments.models import Assessment, AssessmentMonth

COLUMNS = (
    "month_id",
    "officer_id",
    "kind",
    "unit_id",
    "station_id",
    "state",
    "lines",
    "remark",
    "points",
    "maximum",
    "score",
    "grade",
)
REWRITTEN = ("kind", "unit_id", "station_id", "lines", "points", "maximum", "score", "grade")


def insert(month: AssessmentMonth, cards: Iterable[Card]) -> None:
    """Adds the cards as open assessments of the month."""
    tails: dict[Marks, str] = {}
    lines = []
    for card in cards:
        tail = tails.get(card.marks)
        if tail is None:
            tail = tails[card.marks] = _tail(card.marks)
        person = card.person
        lines.append(f"{month.pk}\t{person.officer_id}\t{person.kind}\t{person.unit_id}\t{person.station_id}\t{tail}")
    table = Assessment._meta.db_table
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({', '.join(COLUMNS)}) FROM STDIN", io.StringIO("".join(lines)))


def _tail(marks: Marks) -> str:
    """The columns that are alike for all whose records are alike, in the text format of COPY."""
    result = marks.result
    score = r"\N" if result.score is None else str(result.score)
    # Nothing in them holds a tab or a line break; a backslash in the JSON would need another one.
    document = marks.document.replace("\\", "\\\\")
    columns = [AssessmentState.OPEN.value, document, "", str(result.points), str(result.maximum), score, result.grade]
    return "\t".join(columns) + "\n"


def bring_up_to_date(month: AssessmentMonth, stored: Iterable[Assessment], cards: Iterable[Card]) -> list[Assessment]:
    """Makes the stored open assessments what the cards say: rewrites, adds and takes away; returns the rewritten."""
    rows = {assessment.officer_id: assessment for assessment in stored}
    now = {card.person.officer_id: card for card in cards}
    changed = [row for officer, row in rows.items() if officer in now and _take(row, now[officer])]
    Assessment.objects.bulk_update(changed, REWRITTEN, batch_size=500)
    Assessment.objects.filter(pk__in=[row.pk for officer, row in rows.items() if officer not in now]).delete()
    insert(month, [card for officer, card in now.items() if officer not in rows])
    return changed


def differing(stored: Iterable[Assessment], cards: Iterable[Card]) -> list[Assessment]:
    """Those of the stored assessments whose lines the records would give otherwise now."""
    now = {card.person.officer_id: json.loads(card.marks.document) for card in cards}
    return [row for row in stored if row.lines != now.get(row.officer_id)]


def _take(assessment: Assessment, card: Card) -> bool:
    before = [getattr(assessment, name) for name in REWRITTEN]
    person = card.person
    assessment.kind, assessment.unit_id, assessment.station_id = person.kind, person.unit_id, person.station_id
    fill(assessment, card.result)
    return before != [getattr(assessment, name) for name in REWRITTEN]
