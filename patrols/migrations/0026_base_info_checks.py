"""Spot checks of base-info changes, and files for the master database."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("patrols", "0025_weekly_steps"),
        ('villages', '0008_contact_pinyin'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BaseInfoCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('drawn_on', models.DateField(verbose_name='drawn on')),
                ('outcome', models.CharField(choices=[('waiting', 'To be checked'), ('accurate', 'Accurate'), ('wrong', 'Not accurate')], default='waiting', max_length=10, verbose_name='result')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='what was found instead')),
                ('judged_on', models.DateField(blank=True, null=True, verbose_name='checked on')),
                ('change', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='spot_check', to='patrols.baseinfochange', verbose_name='base-info change')),
                ('drawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drawn by')),
                ('judged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by')),
            ],
            options={
                'verbose_name': 'spot check of a base-info change',
                'verbose_name_plural': 'spot checks of base-info changes',
            },
        ),
        migrations.CreateModel(
            name='BaseInfoTransfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='made at')),
                ('count', models.PositiveIntegerField(verbose_name='changes')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
            ],
            options={
                'verbose_name': 'hand-over to the master database',
                'verbose_name_plural': 'hand-overs to the master database',
            },
        ),
        migrations.AddField(
            model_name='baseinfochange',
            name='transfer',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='patrols.baseinfotransfer', verbose_name='hand-over to the master database'),
        ),
        migrations.AddConstraint(
            model_name='baseinfochange',
            constraint=models.CheckConstraint(condition=models.Q(('transfer', None), ('state', 'forwarded'), _connector='OR'), name='patrols_baseinfo_transfer'),
        ),
        migrations.AddIndex(
            model_name='baseinfocheck',
            index=models.Index(fields=['-drawn_on', '-id'], name='patrols_baseinfocheck_listed'),
        ),
        migrations.AddConstraint(
            model_name='baseinfocheck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('judged_on', None), ('outcome', 'waiting')), models.Q(models.Q(('outcome', 'waiting'), _negated=True), ('judged_on__isnull', False)), _connector='OR'), name='patrols_baseinfocheck_judged'),
        ),
        migrations.AddConstraint(
            model_name='baseinfocheck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'wrong'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='patrols_baseinfocheck_reason', violation_error_message='Say what was found instead.'),
        ),
    ]
