"""Inbox kinds of the ledger."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patrols', '0092_base_info'),
    ]

    operations = [
        migrations.AlterField(
            model_name='inboxitem',
            name='kind',
            field=models.CharField(choices=[('weekly_report', 'Weekly report is due'), ('monthly_report', 'Monthly report is due'), ('visit_returned', 'Visit log was returned'), ('report_returned', 'Report was returned'), ('report_reviewed', 'Report was reviewed'), ('case_given', 'Case was given to you'), ('case_red', 'Red case'), ('case_overdue', 'Case is overdue'), ('base_info', 'Base-info change to verify')], max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='kind',
            field=models.CharField(choices=[('weekly_report', 'Weekly report is due'), ('monthly_report', 'Monthly report is due'), ('visit_returned', 'Visit log was returned'), ('report_returned', 'Report was returned'), ('report_reviewed', 'Report was reviewed'), ('case_given', 'Case was given to you'), ('case_red', 'Red case'), ('case_overdue', 'Case is overdue'), ('base_info', 'Base-info change to verify')], max_length=20, verbose_name='kind'),
        ),
    ]
