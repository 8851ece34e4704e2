"""What a screening found goes into the ledger as a dispute or as a lead of one."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patrols', '0037_past_of_cases'),
    ]

    operations = [
        migrations.AddField(
            model_name='activity',
            name='case_kind',
            field=models.CharField(choices=[('dispute', 'Dispute'), ('lead', 'Lead')], db_default='dispute', default='dispute', max_length=10, verbose_name='into the ledger'),
        ),
        migrations.AlterField(
            model_name='activity',
            name='opens_case',
            field=models.BooleanField(default=False, verbose_name='goes into the ledger'),
        ),
    ]
