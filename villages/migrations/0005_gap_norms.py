import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    """How early and how strictly a gap is shown, with a date."""

    dependencies = [
        ('villages', '0004_hand_over_notes'),
    ]

    operations = [
        migrations.CreateModel(
            name='GapNorm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_on', models.DateField(error_messages={'unique': 'There are figures from this day on already.'}, unique=True, verbose_name='holds from')),
                ('ahead_days', models.PositiveSmallIntegerField(default=14, help_text='A place that will be empty within so many days is shown as a gap to come.', validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(90)], verbose_name='days ahead')),
                ('leave_days', models.PositiveSmallIntegerField(default=1, help_text='From so many days on an absence needs a stand-in.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(90)], verbose_name='days of leave')),
                ('contact_weeks', models.PositiveSmallIntegerField(default=4, help_text='A business unit none of whose people was in their villages for so many weeks has lost contact.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(52)], verbose_name='weeks without contact')),
            ],
            options={
                'verbose_name': 'gap norm',
                'verbose_name_plural': 'gap norms',
            },
        ),
    ]
