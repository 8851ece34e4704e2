"""The visit's date on all that is counted over a period, kept equal by foreign keys over (visit, date)."""

from django.db import migrations, models

PARTS = {"attendee": "visited_on", "deed": "visited_on", "activity": "visited_on", "householdcall": "called_on"}
DATED = [model for model, day in PARTS.items() if day == "visited_on"]

FILL = "".join(
    f"UPDATE patrols_{model} part SET visited_on = visit.visited_on FROM patrols_visit visit"  # noqa: S608
    " WHERE visit.id = part.visit_id;"
    for model in DATED
)
BIND = "ALTER TABLE patrols_visit ADD CONSTRAINT patrols_visit_day UNIQUE (id, visited_on);" + "".join(
    f"ALTER TABLE patrols_{model} ADD CONSTRAINT patrols_{model}_day_of_visit FOREIGN KEY (visit_id, {day})"
    " REFERENCES patrols_visit (id, visited_on) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;"
    for model, day in PARTS.items()
)
UNBIND = "".join(
    f"ALTER TABLE patrols_{model} DROP CONSTRAINT patrols_{model}_day_of_visit;" for model in PARTS
) + "ALTER TABLE patrols_visit DROP CONSTRAINT patrols_visit_day;"


def date_field(**options: object) -> models.DateField:
    return models.DateField(editable=False, verbose_name="date", **options)


class Migration(migrations.Migration):
    dependencies = [("patrols", "0001_initial")]

    operations = [
        *[migrations.AddField(model, "visited_on", date_field(null=True)) for model in DATED],
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        *[migrations.AlterField(model, "visited_on", date_field()) for model in DATED],
        migrations.AlterField("householdcall", "called_on", date_field()),
        migrations.AddIndex("activity", models.Index(fields=["visited_on"], name="patrols_activity_day")),
        migrations.AddIndex("attendee", models.Index(fields=["visited_on"], name="patrols_attendee_day")),
        migrations.AddIndex("deed", models.Index(fields=["visited_on"], name="patrols_deed_day")),
        migrations.AddIndex("householdcall", models.Index(fields=["called_on"], name="patrols_call_day")),
        migrations.RunSQL(BIND, UNBIND),
    ]
