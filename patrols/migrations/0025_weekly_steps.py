"""Red and orange cases ask for a step each week."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("patrols", "0024_dispute_notices"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='caseescalation',
            name='patrols_escalation_once',
        ),
        migrations.AddField(
            model_name='caseescalation',
            name='for_day',
            field=models.DateField(null=True, verbose_name='for the day'),
        ),
        migrations.AlterField(
            model_name='caseescalation',
            name='step',
            field=models.CharField(choices=[('committees', 'Both committees'), ('leader', 'Leader in charge'), ('weekly', 'Weekly step'), ('officer', 'Officer'), ('station', 'Station'), ('brigade', 'Brigade')], max_length=10, verbose_name='step'),
        ),
        migrations.AlterField(
            model_name='inboxitem',
            name='kind',
            field=models.CharField(choices=[('weekly_report', 'Weekly report is due'), ('monthly_report', 'Monthly report is due'), ('visit_returned', 'Visit log was returned'), ('draft_expiring', 'Draft will be deleted'), ('draft_expired', 'Draft was deleted'), ('report_returned', 'Report was returned'), ('report_reviewed', 'Report was reviewed'), ('place_gap', 'Place without holder'), ('place_gap_soon', 'Place soon without holder'), ('no_stand_in', 'Leave without stand-in'), ('no_village', 'Officer without village'), ('no_contact', 'Unit without contact to its villages'), ('hand_over', 'Hand-over to confirm'), ('hand_over_note', 'Hand-over note to write'), ('case_given', 'Case was given to you'), ('case_red', 'Red case'), ('case_leader', 'Red case without a leader'), ('case_step', 'Case without a step for a week'), ('case_overdue', 'Case is overdue'), ('base_info', 'Base-info change to verify'), ('disputes', 'Weekly notice of disputes')], max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='kind',
            field=models.CharField(choices=[('weekly_report', 'Weekly report is due'), ('monthly_report', 'Monthly report is due'), ('visit_returned', 'Visit log was returned'), ('draft_expiring', 'Draft will be deleted'), ('draft_expired', 'Draft was deleted'), ('report_returned', 'Report was returned'), ('report_reviewed', 'Report was reviewed'), ('place_gap', 'Place without holder'), ('place_gap_soon', 'Place soon without holder'), ('no_stand_in', 'Leave without stand-in'), ('no_village', 'Officer without village'), ('no_contact', 'Unit without contact to its villages'), ('hand_over', 'Hand-over to confirm'), ('hand_over_note', 'Hand-over note to write'), ('case_given', 'Case was given to you'), ('case_red', 'Red case'), ('case_leader', 'Red case without a leader'), ('case_step', 'Case without a step for a week'), ('case_overdue', 'Case is overdue'), ('base_info', 'Base-info change to verify'), ('disputes', 'Weekly notice of disputes')], max_length=20, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='caseescalation',
            constraint=models.UniqueConstraint(fields=('term', 'step', 'for_day'), name='patrols_escalation_once', nulls_distinct=False),
        ),
    ]
