"""Drafts in which nobody writes are found by an index, told of, and deleted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patrols", "0005_page_that_saved")]

    operations = [
        migrations.AddField("visit", "expiry_told_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddIndex(
            "visit",
            models.Index(condition=models.Q(state="draft"), fields=["saved_at"], name="patrols_visit_forgotten"),
        ),
    ]
