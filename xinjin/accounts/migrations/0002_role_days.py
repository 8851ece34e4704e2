"""A role is held from one day to another; no day has two of the three administrators in one person."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.utils.timezone
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import xinjin.accounts.models

# What was granted before began on the day on which it was granted.
BEGIN = "UPDATE accounts_rolegrant SET starts_on = (granted_at AT TIME ZONE 'Asia/Shanghai')::date"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.RemoveConstraint(
            model_name='rolegrant',
            name='accounts_rolegrant_once',
        ),
        migrations.RemoveConstraint(
            model_name='rolegrant',
            name='accounts_rolegrant_separated',
        ),
        migrations.AddField(
            model_name='rolegrant',
            name='ends_on',
            field=models.DateField(blank=True, help_text='Last day; empty: until further notice.', null=True, verbose_name='until'),
        ),
        migrations.AddField(
            model_name='rolegrant',
            name='starts_on',
            field=models.DateField(default=django.utils.timezone.localdate, verbose_name='from'),
        ),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('withdrawn_at', None)), expressions=[('user', '='), ('role', '='), (xinjin.accounts.models.GrantedDays('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True)), '&&')], name='accounts_rolegrant_once', violation_error_message='The account holds this role already.'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('role__in', ['system_admin', 'security_admin', 'audit_admin']), ('withdrawn_at', None)), expressions=[('user', '='), (xinjin.accounts.models.GrantedDays('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True)), '&&')], name='accounts_rolegrant_separated', violation_error_message='Nobody may hold two of the three administrator roles.'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='accounts_rolegrant_days', violation_error_message='The last day is before the first day.'),
        ),
    ]
