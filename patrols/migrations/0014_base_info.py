"""Changes of the base information that were found."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patrols', '0013_from_the_visit'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BaseInfoChange',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('subject', models.CharField(choices=[('address', 'Address'), ('person', 'Resident'), ('dwelling', 'Dwelling'), ('work_unit', 'Work unit')], max_length=12, verbose_name='subject')),
                ('action', models.CharField(choices=[('new', 'New'), ('changed', 'Altered'), ('gone', 'Gone')], max_length=10, verbose_name='kind of change')),
                ('address', models.CharField(help_text='Within the village, such as 3组12号.', max_length=100, verbose_name='address')),
                ('what', models.CharField(help_text='No identity numbers.', max_length=300, verbose_name='what has changed')),
                ('found_on', models.DateField(verbose_name='found on')),
                ('due_on', models.DateField(verbose_name='to be forwarded by')),
                ('state', models.CharField(choices=[('found', 'To be verified'), ('verified', 'To be forwarded'), ('forwarded', 'Forwarded'), ('unfounded', 'Not so')], default='found', max_length=10, verbose_name='state')),
                ('checked_on', models.DateField(blank=True, null=True, verbose_name='verified on')),
                ('remark', models.CharField(blank=True, max_length=200, verbose_name='remark')),
                ('forwarded_on', models.DateField(blank=True, null=True, verbose_name='forwarded on')),
                ('receipt', models.CharField(blank=True, max_length=50, verbose_name='receipt')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='entered at')),
                ('checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='verified by')),
                ('found_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='base_info_found', to='villages.officer', verbose_name='found by')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='base_info_owned', to='villages.officer', verbose_name='owner')),
                ('source_visit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='base_info_changes', to='patrols.visit', verbose_name='visit')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='base_info_changes', to='villages.village', verbose_name='village')),
            ],
            options={
                'verbose_name': 'base-info change',
                'verbose_name_plural': 'base-info changes',
                'indexes': [models.Index(fields=['-found_on', '-created_at', 'id'], name='patrols_baseinfo_listed'), models.Index(fields=['due_on', 'owner'], name='patrols_baseinfo_due'), models.Index(fields=['village', '-found_on'], name='patrols_baseinfo_village')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'forwarded'), _negated=True), models.Q(('forwarded_on__isnull', False), models.Q(('receipt', ''), _negated=True)), _connector='OR'), name='patrols_baseinfo_receipt', violation_error_message='A forwarded change needs its date and receipt.'), models.CheckConstraint(condition=models.Q(('state', 'found'), ('checked_on__isnull', False), _connector='OR'), name='patrols_baseinfo_checked')],
            },
        ),
    ]
