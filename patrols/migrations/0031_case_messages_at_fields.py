"""Each message of a new case stands at its field."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patrols', '0030_reminders_of_more_duties'),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name='case',
            name='patrols_case_promise',
            constraint=models.CheckConstraint(condition=models.Q(('promised_on', None), ('promised_on__gte', models.F('opened_on')), _connector='OR'), name='patrols_case_promise', violation_error_code='promised_on', violation_error_message='The promised day is before the day of opening.'),
        ),
        migrations.AlterConstraint(
            model_name='case',
            name='patrols_case_order',
            constraint=models.CheckConstraint(condition=models.Q(('occurred_on', None), ('occurred_on__lte', models.F('opened_on')), _connector='OR'), name='patrols_case_order', violation_error_code='occurred_on', violation_error_message='It cannot have happened after the case was opened.'),
        ),
    ]
