"""The order of a village's list of households."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("villages", "0006_journal")]

    operations = [
        migrations.AddIndex(
            model_name='household',
            index=models.Index(fields=['village', 'address', 'id'], name='villages_household_list'),
        ),
    ]
