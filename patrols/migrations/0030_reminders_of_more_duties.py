"""Reminders of the week's duties, of follow-up calls and of changes to be forwarded."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patrols', '0029_base_info_checks_by_day'),
    ]

    operations = [
        migrations.AlterField(
            model_name='inboxitem',
            name='kind',
            field=models.CharField(choices=[('week_duties', 'The week still lacks something'), ('weekly_report', 'Weekly report is due'), ('monthly_report', 'Monthly report is due'), ('visit_returned', 'Visit log was returned'), ('draft_expiring', 'Draft will be deleted'), ('draft_expired', 'Draft was deleted'), ('report_returned', 'Report was returned'), ('report_reviewed', 'Report was reviewed'), ('place_gap', 'Place without holder'), ('place_gap_soon', 'Place soon without holder'), ('no_stand_in', 'Leave without stand-in'), ('no_village', 'Officer without village'), ('no_contact', 'Unit without contact to its villages'), ('hand_over', 'Hand-over to confirm'), ('hand_over_note', 'Hand-over note to write'), ('case_given', 'Case was given to you'), ('case_red', 'Red case'), ('case_leader', 'Red case without a leader'), ('case_step', 'Case without a step for a week'), ('case_overdue', 'Case is overdue'), ('call_due', 'Follow-up call is due'), ('base_info', 'Base-info change to verify'), ('base_info_due', 'Base-info change to forward'), ('council_due', 'Council of the month is owed'), ('measure_due', 'Measure of a council is due'), ('disputes', 'Weekly notice of disputes')], max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='kind',
            field=models.CharField(choices=[('week_duties', 'The week still lacks something'), ('weekly_report', 'Weekly report is due'), ('monthly_report', 'Monthly report is due'), ('visit_returned', 'Visit log was returned'), ('draft_expiring', 'Draft will be deleted'), ('draft_expired', 'Draft was deleted'), ('report_returned', 'Report was returned'), ('report_reviewed', 'Report was reviewed'), ('place_gap', 'Place without holder'), ('place_gap_soon', 'Place soon without holder'), ('no_stand_in', 'Leave without stand-in'), ('no_village', 'Officer without village'), ('no_contact', 'Unit without contact to its villages'), ('hand_over', 'Hand-over to confirm'), ('hand_over_note', 'Hand-over note to write'), ('case_given', 'Case was given to you'), ('case_red', 'Red case'), ('case_leader', 'Red case without a leader'), ('case_step', 'Case without a step for a week'), ('case_overdue', 'Case is overdue'), ('call_due', 'Follow-up call is due'), ('base_info', 'Base-info change to verify'), ('base_info_due', 'Base-info change to forward'), ('council_due', 'Council of the month is owed'), ('measure_due', 'Measure of a council is due'), ('disputes', 'Weekly notice of disputes')], max_length=20, verbose_name='kind'),
        ),
    ]
