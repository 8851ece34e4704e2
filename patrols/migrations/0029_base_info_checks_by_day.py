"""Spot checks of a month, for the score (A8)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patrols', '0028_case_search'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='baseinfocheck',
            index=models.Index(condition=models.Q(('judged_on__isnull', False)), fields=['judged_on'], name='patrols_basecheck_judged_on'),
        ),
    ]
