import django.contrib.postgres.constraints
import villages.models.dated
from django.db import migrations, models


class Migration(migrations.Migration):
    """Absences may begin at noon and end at noon; what overlaps is judged by half days."""

    dependencies = [
        ('villages', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='absence',
            name='villages_absence_once',
        ),
        migrations.AddField(
            model_name='absence',
            name='from_noon',
            field=models.BooleanField(default=False, help_text='The first morning is worked.', verbose_name='from the afternoon'),
        ),
        migrations.AddField(
            model_name='absence',
            name='until_noon',
            field=models.BooleanField(default=False, help_text='The last afternoon is worked.', verbose_name='until noon'),
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=models.CheckConstraint(condition=models.Q(('until_noon', False), models.Q(('end_on__isnull', False), models.Q(('from_noon', False), ('end_on__gt', models.F('start_on')), _connector='OR')), _connector='OR'), name='villages_absence_halves', violation_error_message='The absence ends before it begins.'),
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('officer', '='), (villages.models.dated.HalfDays('start_on', 'from_noon', 'end_on', 'until_noon'), '&&')], name='villages_absence_once', violation_error_message='Another absence of this person covers some of these days.'),
        ),
    ]
