import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import villages.models.dated
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a village was called before, with its days."""

    dependencies = [
        ('villages', '0002_half_days'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_on', models.DateField(verbose_name='from')),
                ('end_on', models.DateField(blank=True, help_text='Last day; empty: until further notice.', null=True, verbose_name='until')),
                ('name', models.CharField(max_length=30, verbose_name='name')),
                ('official_name', models.CharField(blank=True, max_length=60, verbose_name='official name')),
                ('code', models.CharField(max_length=12, validators=[django.core.validators.RegexValidator('^\\d{12}$', 'Twelve digits.')], verbose_name='code')),
                ('pinyin', models.CharField(editable=False, max_length=200)),
                ('initials', models.CharField(editable=False, max_length=50)),
            ],
            options={
                'verbose_name': 'former name',
                'verbose_name_plural': 'former names',
            },
        ),
        migrations.AddField(
            model_name='formername',
            name='village',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_names', to='villages.village', verbose_name='village'),
        ),
        migrations.AddIndex(
            model_name='formername',
            index=models.Index(fields=['code'], name='villages_formername_code'),
        ),
        migrations.AddConstraint(
            model_name='formername',
            constraint=models.CheckConstraint(condition=models.Q(('end_on', None), ('end_on__gte', models.F('start_on')), _connector='OR'), name='villages_formername_order', violation_error_message='The last day is before the first day.'),
        ),
        migrations.AddConstraint(
            model_name='formername',
            constraint=models.CheckConstraint(condition=models.Q(('end_on__isnull', False)), name='villages_formername_ended', violation_error_message='A former name has a last day.'),
        ),
        migrations.AddConstraint(
            model_name='formername',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('village', '='), (villages.models.dated.DateRange('start_on', 'end_on', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True)), '&&')], name='villages_formername_once', violation_error_message='The village had another name on some of these days.'),
        ),
    ]
