"""The weekly briefing of a village, who gave it, and the library of prevention texts."""

import datetime
import django.contrib.postgres.fields
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.utils.timezone
import patrols.models.briefing
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patrols', '0017_incidents'),
        ('villages', '0008_contact_pinyin'),
    ]

    operations = [
        migrations.CreateModel(
            name='Briefing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='Monday of the week')),
                ('text', models.TextField(max_length=3000, validators=[patrols.models.briefing.nobody_named], verbose_name='text of the briefing')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('given', 'Given')], default='draft', max_length=10, verbose_name='state')),
                ('ways', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('meeting', 'Meeting'), ('chat_group', 'Chat group'), ('notice_board', 'Notice board'), ('loudspeaker', 'Loudspeaker'), ('door_to_door', 'Door to door')], max_length=20), blank=True, default=list, size=None, verbose_name='how')),
                ('audience', models.CharField(blank=True, max_length=100, validators=[patrols.models.briefing.nobody_named], verbose_name='to whom')),
                ('people_count', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99999)], verbose_name='people reached')),
                ('given_on', models.DateField(blank=True, null=True, verbose_name='given on')),
                ('figures', models.JSONField(blank=True, default=dict, editable=False, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='figures')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='saved at')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='briefings', to='villages.village', verbose_name='village')),
            ],
            options={
                'verbose_name': 'weekly briefing',
                'verbose_name_plural': 'weekly briefings',
            },
        ),
        migrations.CreateModel(
            name='BriefingGiver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given_on', models.DateField(editable=False, verbose_name='date')),
                ('iso_week', models.GeneratedField(db_persist=True, expression=django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.functions.datetime.ExtractIsoYear('given_on'), '*', models.Value(100)), '+', django.db.models.functions.datetime.ExtractWeek('given_on')), output_field=models.IntegerField())),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='briefings_given', to='villages.assignment', verbose_name='assignment')),
                ('briefing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='givers', to='patrols.briefing')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='briefings_given', to='villages.officer', verbose_name='officer')),
            ],
            options={
                'verbose_name': 'giver of a briefing',
                'verbose_name_plural': 'givers of a briefing',
            },
        ),
        migrations.CreateModel(
            name='PreventionText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('theft', 'Theft'), ('fraud', 'Telecom and online fraud'), ('fight', 'Fights and injuries'), ('damage', 'Damage to property'), ('vice', 'Gambling, prostitution and drugs'), ('dispute', 'Disputes reported to the police'), ('traffic', 'Traffic accidents'), ('fire', 'Fires and safety accidents'), ('help', 'Calls for help'), ('other', 'Other incidents')], max_length=20, verbose_name='category')),
                ('season', models.CharField(blank=True, choices=[('spring', 'Spring'), ('summer', 'Summer'), ('autumn', 'Autumn'), ('winter', 'Winter')], help_text='Empty: all the year.', max_length=10, verbose_name='season')),
                ('text', models.CharField(max_length=300, validators=[patrols.models.briefing.nobody_named], verbose_name='text')),
                ('valid_from', models.DateField(default=django.utils.timezone.localdate, verbose_name='in use from')),
                ('valid_to', models.DateField(blank=True, help_text='To retire it: its last day.', null=True, verbose_name='in use until')),
            ],
            options={
                'verbose_name': 'prevention text',
                'verbose_name_plural': 'prevention texts',
                'ordering': ['category', 'season', 'id'],
                'constraints': [models.UniqueConstraint(fields=('category', 'text'), name='patrols_preventiontext_once', violation_error_message='This text is in the library already.'), models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='patrols_preventiontext_order', violation_error_message='The last day is before the first day.')],
            },
        ),
        migrations.AddIndex(
            model_name='briefing',
            index=models.Index(fields=['-starts_on', 'village'], name='patrols_briefing_listed'),
        ),
        migrations.AddConstraint(
            model_name='briefing',
            constraint=models.UniqueConstraint(fields=('village', 'starts_on'), name='patrols_briefing_once', violation_error_message='The village has a briefing of this week.'),
        ),
        migrations.AddConstraint(
            model_name='briefing',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__iso_week_day', 1)), name='patrols_briefing_monday', violation_error_message='A week begins on a Monday.'),
        ),
        migrations.AddConstraint(
            model_name='briefing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('given_on', None), ('state', 'draft')), models.Q(('given_on__isnull', False), ('state', 'given'), ('ways__len__gte', 1), models.Q(('text', ''), _negated=True)), _connector='OR'), name='patrols_briefing_given', violation_error_message='A briefing that was given needs its text, its day and how it was given.'),
        ),
        migrations.AddConstraint(
            model_name='briefing',
            constraint=models.CheckConstraint(condition=models.Q(('given_on', None), models.Q(('given_on__gte', models.F('starts_on')), ('given_on__lte', django.db.models.expressions.CombinedExpression(models.F('starts_on'), '+', models.Value(datetime.timedelta(days=6))))), _connector='OR'), name='patrols_briefing_in_its_week', violation_error_message='A briefing is given in its week.'),
        ),
        migrations.AddIndex(
            model_name='briefinggiver',
            index=models.Index(fields=['given_on'], include=('assignment', 'iso_week'), name='patrols_giver_day'),
        ),
        migrations.AddConstraint(
            model_name='briefinggiver',
            constraint=models.UniqueConstraint(fields=('briefing', 'officer'), name='patrols_giver_once'),
        ),
    ]
