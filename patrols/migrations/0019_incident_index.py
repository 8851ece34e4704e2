"""The list of incident counts, week by week, has its index."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patrols', '0018_briefings'),
        ('villages', '0008_contact_pinyin'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='incidentcount',
            index=models.Index(fields=['-starts_on', '-count'], name='patrols_incident_listed'),
        ),
    ]
