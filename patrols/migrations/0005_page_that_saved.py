"""Which open page wrote a revision, and with which of its saves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patrols", "0004_correction_notes")]

    operations = [
        migrations.AddField("visit", "saved_by_page", models.UUIDField(editable=False, null=True)),
        migrations.AddField("visit", "saved_by_step", models.PositiveIntegerField(default=0, editable=False)),
    ]
