"""What came up after a notice was handed over is told by another edition of it (R7)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patrols', '0032_days_of_moves'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='disputenotice',
            name='patrols_disputenotice_once',
        ),
        migrations.AddField(
            model_name='disputenotice',
            name='edition',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='edition'),
        ),
        migrations.AddConstraint(
            model_name='disputenotice',
            constraint=models.UniqueConstraint(fields=('village', 'starts_on', 'recipient', 'edition'), name='patrols_disputenotice_once', violation_error_message='This notice has been handed over already.'),
        ),
    ]
