"""How many incidents the reporting system counted, by village and week."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patrols', '0016_base_info_rows'),
        ('villages', '0008_contact_pinyin'),
    ]

    operations = [
        migrations.CreateModel(
            name='IncidentCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='Monday of the week')),
                ('category', models.CharField(choices=[('theft', 'Theft'), ('fraud', 'Telecom and online fraud'), ('fight', 'Fights and injuries'), ('damage', 'Damage to property'), ('vice', 'Gambling, prostitution and drugs'), ('dispute', 'Disputes reported to the police'), ('traffic', 'Traffic accidents'), ('fire', 'Fires and safety accidents'), ('help', 'Calls for help'), ('other', 'Other incidents')], max_length=20, verbose_name='category')),
                ('count', models.PositiveIntegerField(verbose_name='incidents')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incident_counts', to='villages.village', verbose_name='village')),
            ],
            options={
                'verbose_name': 'incident count',
                'verbose_name_plural': 'incident counts',
                'ordering': ['-starts_on', 'village', 'category'],
                'constraints': [models.UniqueConstraint(fields=('village', 'starts_on', 'category'), name='patrols_incident_once', violation_error_message='The village has a count of this category for this week.'), models.CheckConstraint(condition=models.Q(('starts_on__iso_week_day', 1)), name='patrols_incident_monday', violation_error_message='A week begins on a Monday.')],
            },
        ),
    ]
