"""What a household raised, or a screening found, may become a case with one tick."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patrols', '0012_ledger'),
    ]

    operations = [
        migrations.AddField(
            model_name='activity',
            name='opens_case',
            field=models.BooleanField(default=False, verbose_name='into the ledger as a dispute'),
        ),
        migrations.AddField(
            model_name='householdcall',
            name='case_kind',
            field=models.CharField(blank=True, choices=[('concern', 'Concern'), ('dispute', 'Dispute')], max_length=10, verbose_name='into the ledger'),
        ),
    ]
