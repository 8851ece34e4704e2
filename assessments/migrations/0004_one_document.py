"""A scorecard is one document: the facts stand in its lines (decision 3)."""

from decimal import Decimal
from typing import Any

import assessments.models.assessment
from django.db import migrations

TRIGGER = "ALTER TABLE assessments_assessment {} TRIGGER assessments_locked"


def rewritten(lines: list[dict[str, str]], facts: dict[str, Any]) -> list[list]:
    """Each line as [code, points, maximum, done, owed, choice, reason, kind], what is empty at the end left out."""
    found = []
    for line in lines:
        fact = facts.get(line["code"], "")
        done, owed = fact if isinstance(fact, list) and len(fact) == 2 else (0, 0)
        choice = fact[0] if isinstance(fact, list) and len(fact) == 1 else ""
        points = int(Decimal(line["points"]) * 100) if "points" in line else None
        tail = [choice, line.get("reason", ""), line.get("kind", "")]
        while tail and not tail[-1]:
            tail.pop()
        found.append([line["code"], points, int(Decimal(line["maximum"]) * 100), done, owed, *tail])
    return found


def merge(apps: Any, schema_editor: Any) -> None:
    """Also in locked assessments, whose figures stay what they are: only for this the trigger stands aside."""
    model = apps.get_model("assessments", "Assessment")
    schema_editor.execute(TRIGGER.format("DISABLE"))
    for row in model.objects.only("facts", "lines").iterator(chunk_size=2000):
        model.objects.filter(pk=row.pk).update(lines=rewritten(row.lines, row.facts))
    schema_editor.execute(TRIGGER.format("ENABLE"))


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_fewer_indexes")]
    operations = [
        migrations.RunPython(merge),
        migrations.RemoveField("assessment", "facts"),
        migrations.AlterField(
            "assessment",
            "lines",
            assessments.models.assessment.SealedJSONField(default=list, verbose_name="lines"),
        ),
    ]
