"""The visit's date, and whether it counts, on what is counted over a period; foreign keys keep them equal."""

from django.db import migrations, models
from django.db.models.functions import ExtractIsoYear, ExtractWeek

PARTS = {"attendee": "visited_on", "deed": "visited_on", "activity": "visited_on", "householdcall": "called_on"}
DATED = [model for model, day in PARTS.items() if day == "visited_on"]

FILL = "".join(
    f"UPDATE patrols_{model} part SET visited_on = visit.visited_on FROM patrols_visit visit"  # noqa: S608
    " WHERE visit.id = part.visit_id;"
    for model in DATED
)
COUNT = (
    "UPDATE patrols_attendee part SET is_counting = true FROM patrols_visit visit"
    " WHERE visit.id = part.visit_id AND visit.state = 'submitted';"
)
BIND = (
    "ALTER TABLE patrols_visit ADD CONSTRAINT patrols_visit_day UNIQUE (id, visited_on),"
    " ADD CONSTRAINT patrols_visit_counts UNIQUE (id, is_counting);"
    + "".join(
        f"ALTER TABLE patrols_{model} ADD CONSTRAINT patrols_{model}_day_of_visit FOREIGN KEY (visit_id, {day})"
        " REFERENCES patrols_visit (id, visited_on) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;"
        for model, day in PARTS.items()
    )
    + "ALTER TABLE patrols_attendee ADD CONSTRAINT patrols_attendee_counts_with_visit FOREIGN KEY"
    " (visit_id, is_counting) REFERENCES patrols_visit (id, is_counting) ON UPDATE CASCADE"
    " DEFERRABLE INITIALLY DEFERRED;"
)
UNBIND = (
    "ALTER TABLE patrols_attendee DROP CONSTRAINT patrols_attendee_counts_with_visit;"
    + "".join(f"ALTER TABLE patrols_{model} DROP CONSTRAINT patrols_{model}_day_of_visit;" for model in PARTS)
    + "ALTER TABLE patrols_visit DROP CONSTRAINT patrols_visit_counts, DROP CONSTRAINT patrols_visit_day;"
)


def date_field(**options: object) -> models.DateField:
    return models.DateField(editable=False, verbose_name="date", **options)


class Migration(migrations.Migration):
    dependencies = [("patrols", "0001_initial")]

    operations = [
        *[migrations.AddField(model, "visited_on", date_field(null=True)) for model in DATED],
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        *[migrations.AlterField(model, "visited_on", date_field()) for model in DATED],
        migrations.AlterField("householdcall", "called_on", date_field()),
        migrations.RemoveField("visit", "iso_week"),
        migrations.AddField(
            "visit",
            "is_counting",
            models.GeneratedField(
                db_persist=True, expression=models.Q(state="submitted"), output_field=models.BooleanField()
            ),
        ),
        migrations.AddField("attendee", "is_counting", models.BooleanField(default=False, editable=False)),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
        migrations.AddField(
            "attendee",
            "iso_week",
            models.GeneratedField(
                db_persist=True,
                expression=ExtractIsoYear("visited_on") * 100 + ExtractWeek("visited_on"),
                output_field=models.IntegerField(),
            ),
        ),
        migrations.AddIndex(
            "attendee",
            models.Index(
                fields=["visited_on"],
                include=["visit", "assignment", "iso_week"],
                condition=models.Q(is_counting=True),
                name="patrols_attendee_day",
            ),
        ),
        migrations.AddIndex(
            "activity", models.Index(fields=["visited_on"], include=["visit", "kind"], name="patrols_activity_day")
        ),
        migrations.AddIndex("deed", models.Index(fields=["visited_on"], include=["visit"], name="patrols_deed_day")),
        migrations.AddIndex(
            "householdcall",
            models.Index(fields=["called_on"], include=["visit", "household"], name="patrols_call_day"),
        ),
        migrations.RunSQL(BIND, UNBIND),
    ]
