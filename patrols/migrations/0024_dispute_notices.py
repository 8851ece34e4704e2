"""The week's disputes as a notice to committees and station."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("patrols", "0023_split_cases"),
        ('villages', '0008_contact_pinyin'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='inboxitem',
            name='kind',
            field=models.CharField(choices=[('weekly_report', 'Weekly report is due'), ('monthly_report', 'Monthly report is due'), ('visit_returned', 'Visit log was returned'), ('draft_expiring', 'Draft will be deleted'), ('draft_expired', 'Draft was deleted'), ('report_returned', 'Report was returned'), ('report_reviewed', 'Report was reviewed'), ('place_gap', 'Place without holder'), ('place_gap_soon', 'Place soon without holder'), ('no_stand_in', 'Leave without stand-in'), ('no_village', 'Officer without village'), ('no_contact', 'Unit without contact to its villages'), ('hand_over', 'Hand-over to confirm'), ('hand_over_note', 'Hand-over note to write'), ('case_given', 'Case was given to you'), ('case_red', 'Red case'), ('case_overdue', 'Case is overdue'), ('base_info', 'Base-info change to verify'), ('disputes', 'Weekly notice of disputes')], max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='kind',
            field=models.CharField(choices=[('weekly_report', 'Weekly report is due'), ('monthly_report', 'Monthly report is due'), ('visit_returned', 'Visit log was returned'), ('draft_expiring', 'Draft will be deleted'), ('draft_expired', 'Draft was deleted'), ('report_returned', 'Report was returned'), ('report_reviewed', 'Report was reviewed'), ('place_gap', 'Place without holder'), ('place_gap_soon', 'Place soon without holder'), ('no_stand_in', 'Leave without stand-in'), ('no_village', 'Officer without village'), ('no_contact', 'Unit without contact to its villages'), ('hand_over', 'Hand-over to confirm'), ('hand_over_note', 'Hand-over note to write'), ('case_given', 'Case was given to you'), ('case_red', 'Red case'), ('case_overdue', 'Case is overdue'), ('base_info', 'Base-info change to verify'), ('disputes', 'Weekly notice of disputes')], max_length=20, verbose_name='kind'),
        ),
        migrations.CreateModel(
            name='DisputeNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='Monday of the week')),
                ('recipient', models.CharField(choices=[('committees', 'Both committees of the village'), ('station', 'The station')], max_length=12, verbose_name='recipient')),
                ('delivered_on', models.DateField(verbose_name='handed over on')),
                ('received_by', models.CharField(blank=True, max_length=50, verbose_name='received by')),
                ('content', models.JSONField(verbose_name='content')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='entered at')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dispute_notices', to='villages.village', verbose_name='village')),
            ],
            options={
                'verbose_name': 'weekly notice of disputes',
                'verbose_name_plural': 'weekly notices of disputes',
                'constraints': [models.UniqueConstraint(fields=('village', 'starts_on', 'recipient'), name='patrols_disputenotice_once', violation_error_message='This notice has been handed over already.'), models.CheckConstraint(condition=models.Q(('starts_on__iso_week_day', 1)), name='patrols_disputenotice_monday', violation_error_message='A week begins on a Monday.'), models.CheckConstraint(condition=models.Q(('delivered_on__gte', models.F('starts_on'))), name='patrols_disputenotice_order', violation_error_message='A week is reported after it has begun.')],
            },
        ),
    ]
