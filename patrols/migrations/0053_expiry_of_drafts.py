"""Drafts in which nobody writes are found by an index, told of, and deleted."""

from django.db import migrations, models

NOTICES = [
    ("weekly_report", "Weekly report is due"),
    ("monthly_report", "Monthly report is due"),
    ("visit_returned", "Visit log was returned"),
    ("draft_expiring", "Draft will be deleted"),
    ("draft_expired", "Draft was deleted"),
    ("report_returned", "Report was returned"),
    ("report_reviewed", "Report was reviewed"),
]


def kind() -> models.CharField:
    return models.CharField(choices=NOTICES, max_length=20, verbose_name="kind")


class Migration(migrations.Migration):
    dependencies = [("patrols", "0052_page_that_saved")]

    operations = [
        migrations.AddField("visit", "expiry_told_at", models.DateTimeField(editable=False, null=True)),
        migrations.AlterField("inboxitem", "kind", kind()),
        migrations.AlterField("reminder", "kind", kind()),
        migrations.AddIndex(
            "visit",
            models.Index(condition=models.Q(state="draft"), fields=["saved_at"], name="patrols_visit_forgotten"),
        ),
    ]
