"""Moves of cases carry the day that counts, and resolutions who resolved it: so a reopening changes no past month."""

import django.utils.timezone
from django.db import migrations, models

# The day of entry for all; an opening and the present resolution are of the case's own day; one that was undone is of
# the day on which the run of the clock before the reopening ended. Who had resolved that is not known any more.
DAYS = [
    "UPDATE patrols_casetransition SET happened_on = (at AT TIME ZONE 'Asia/Shanghai')::date",
    """
    UPDATE patrols_casetransition move SET happened_on = opened_on
        FROM patrols_case c WHERE c.id = case_id AND act = 'open'
    """,
    """
    UPDATE patrols_casetransition move SET happened_on = ended_on
        FROM patrols_caseterm term
        WHERE term.case_id = move.case_id AND move.act = 'resolve' AND term.ending = 'resolved'
            AND term.ended_on <= move.happened_on AND term.started_on >= coalesce((
                SELECT max(again.happened_on) FROM patrols_casetransition again
                WHERE again.case_id = move.case_id AND again.act = 'reopen' AND again.id < move.id
            ), '-infinity'::date)
    """,
    """
    UPDATE patrols_casetransition move SET happened_on = resolved_on, resolver = c.resolver
        FROM patrols_case c WHERE c.id = case_id AND act = 'resolve' AND resolved_on IS NOT NULL AND move.id = (
            SELECT max(other.id) FROM patrols_casetransition other WHERE other.case_id = c.id AND other.act = 'resolve'
        )
    """,
]


class Migration(migrations.Migration):
    dependencies = [("patrols", "0031_case_messages_at_fields")]

    operations = [
        migrations.AddField(
            "casetransition",
            "happened_on",
            models.DateField(default=django.utils.timezone.localdate, verbose_name="date"),
        ),
        migrations.AddField(
            "casetransition",
            "resolver",
            models.CharField(
                blank=True,
                choices=[
                    ("officer", "The village's police"),
                    ("committee", "Village committee"),
                    ("station", "Station"),
                    ("judicial_office", "Judicial office"),
                    ("township", "Township"),
                    ("court", "Court"),
                    ("other", "Another body"),
                ],
                default="",
                max_length=20,
                verbose_name="resolved by",
            ),
            preserve_default=False,
        ),
        migrations.AddIndex(
            "casetransition",
            models.Index(
                fields=["act", "happened_on"],
                condition=models.Q(("act__in", ["resolve", "reopen", "merge"])),
                name="patrols_transition_counted",
            ),
        ),
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in DAYS),
    ]
