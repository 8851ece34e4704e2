"""Council meetings, who of the police was there, and the measures agreed on."""

import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import patrols.models.base_info
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patrols', '0019_incident_index'),
        ('villages', '0008_contact_pinyin'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CouncilMeeting',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('held_on', models.DateField(verbose_name='held on')),
                ('started_at', models.TimeField(blank=True, null=True, verbose_name='meeting begun at')),
                ('ended_at', models.TimeField(blank=True, null=True, verbose_name='meeting ended at')),
                ('place', models.CharField(blank=True, max_length=100, verbose_name='venue')),
                ('chair', models.CharField(blank=True, help_text='Post and name, such as 村支书 王建国.', max_length=50, verbose_name='chair')),
                ('expected_count', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='expected')),
                ('present_count', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='present')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('committees', 'Both committees'), ('group_heads', 'Heads of village groups'), ('representatives', "Villagers' representatives"), ('grid', 'Grid members'), ('party', 'Party members'), ('volunteers', 'Volunteers'), ('work_units', 'Work units and shops'), ('town', 'Township or subdistrict'), ('station', 'Police station')], max_length=20), blank=True, default=list, size=None, verbose_name='who sat in the council')),
                ('situation_month', models.CharField(max_length=7, verbose_name='month of the situation')),
                ('agenda', models.TextField(blank=True, max_length=1000, verbose_name='agenda')),
                ('situation', models.TextField(blank=True, max_length=2000, validators=[patrols.models.base_info.no_id_number], verbose_name='situation analysis')),
                ('minutes', models.TextField(blank=True, max_length=3000, validators=[patrols.models.base_info.no_id_number], verbose_name='opinions')),
                ('decisions', models.TextField(blank=True, max_length=2000, validators=[patrols.models.base_info.no_id_number], verbose_name='decisions')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('held', 'Held')], default='draft', max_length=10, verbose_name='state')),
                ('handed_in_at', models.DateTimeField(blank=True, null=True, verbose_name='handed in')),
                ('figures', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='figures')),
                ('has_analysis', models.GeneratedField(db_persist=True, expression=models.Q(('situation', ''), _negated=True), output_field=models.BooleanField(), verbose_name='with situation analysis')),
                ('comment', models.TextField(blank=True, max_length=1000, verbose_name='comment of the station')),
                ('commented_at', models.DateTimeField(blank=True, null=True, verbose_name='commented at')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('commented_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='commented by')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='councils_written', to='villages.officer', verbose_name='author')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='councils', to='villages.village', verbose_name='village')),
            ],
            options={
                'verbose_name': 'council meeting',
                'verbose_name_plural': 'council meetings',
            },
        ),
        migrations.CreateModel(
            name='CouncilMeasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=200, validators=[patrols.models.base_info.no_id_number], verbose_name='measure')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('state', models.CharField(choices=[('open', 'To be done'), ('done', 'Done'), ('dropped', 'Dropped')], default='open', max_length=10, verbose_name='state')),
                ('result', models.CharField(blank=True, max_length=300, validators=[patrols.models.base_info.no_id_number], verbose_name='result')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='entered at')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='council_measures', to='villages.villagecontact', verbose_name='contact')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                ('officer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='council_measures', to='villages.officer', verbose_name='officer')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='council_measures', to='villages.village', verbose_name='village')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measures', to='patrols.councilmeeting', verbose_name='meeting')),
            ],
            options={
                'verbose_name': 'measure of a council',
                'verbose_name_plural': 'measures of councils',
            },
        ),
        migrations.CreateModel(
            name='CouncilAttendee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_on', models.DateField(editable=False, verbose_name='held on')),
                ('is_counting', models.BooleanField(default=False, editable=False)),
                ('has_analysis', models.BooleanField(default=False, editable=False)),
                ('iso_week', models.GeneratedField(db_persist=True, expression=django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.functions.datetime.ExtractIsoYear('held_on'), '*', models.Value(100)), '+', django.db.models.functions.datetime.ExtractWeek('held_on')), output_field=models.IntegerField())),
                ('assignment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='villages.assignment', verbose_name='assignment')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='council_attendances', to='villages.officer', verbose_name='officer')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendees', to='patrols.councilmeeting')),
            ],
            options={
                'verbose_name': 'attendee of a council',
                'verbose_name_plural': 'attendees of a council',
            },
        ),
        migrations.AddIndex(
            model_name='councilmeeting',
            index=models.Index(fields=['-held_on', 'id'], name='patrols_council_listed'),
        ),
        migrations.AddIndex(
            model_name='councilmeeting',
            index=models.Index(fields=['village', '-held_on'], name='patrols_council_village'),
        ),
        migrations.AddConstraint(
            model_name='councilmeeting',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('village',), name='patrols_council_one_draft', violation_error_message='The village has a draft already.'),
        ),
        migrations.AddConstraint(
            model_name='councilmeeting',
            constraint=models.CheckConstraint(condition=models.Q(('started_at', None), ('ended_at', None), ('ended_at__gt', models.F('started_at')), _connector='OR'), name='patrols_council_times', violation_error_message='The meeting ends before it begins.'),
        ),
        migrations.AddConstraint(
            model_name='councilmeeting',
            constraint=models.CheckConstraint(condition=models.Q(('expected_count', None), ('present_count', None), ('present_count__lte', models.F('expected_count')), _connector='OR'), name='patrols_council_present', violation_error_message='More are present than were expected.'),
        ),
        migrations.AddConstraint(
            model_name='councilmeeting',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('ended_at__isnull', False), ('expected_count__isnull', False), ('handed_in_at__isnull', False), ('present_count__isnull', False), ('started_at__isnull', False), models.Q(('place', ''), _negated=True), models.Q(('chair', ''), _negated=True), models.Q(('agenda', ''), _negated=True)), _connector='OR'), name='patrols_council_complete', violation_error_message='A council that was held needs its times, place, chair, numbers and agenda.'),
        ),
        migrations.AddConstraint(
            model_name='councilmeeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('comment', ''), ('commented_at', None), ('commented_by', None)), models.Q(('commented_at__isnull', False), ('commented_by__isnull', False), models.Q(('comment', ''), _negated=True)), _connector='OR'), name='patrols_council_commented'),
        ),
        migrations.AddIndex(
            model_name='councilmeasure',
            index=models.Index(fields=['-due_on', 'id'], name='patrols_measure_listed'),
        ),
        migrations.AddIndex(
            model_name='councilmeasure',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['village', 'due_on'], name='patrols_measure_open'),
        ),
        migrations.AddConstraint(
            model_name='councilmeasure',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contact', None), ('officer__isnull', False)), models.Q(('contact__isnull', False), ('officer', None)), _connector='OR'), name='patrols_measure_owner', violation_error_message='A measure has one owner: an officer or a contact of the village.'),
        ),
        migrations.AddConstraint(
            model_name='councilmeasure',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_on', None), ('result', ''), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), models.Q(('result', ''), _negated=True), ('ended_at__isnull', False), ('ended_on__isnull', False)), _connector='OR'), name='patrols_measure_ended', violation_error_message='A measure that has ended needs its result and its day.'),
        ),
        migrations.AddIndex(
            model_name='councilattendee',
            index=models.Index(condition=models.Q(('is_counting', True)), fields=['held_on'], include=('assignment', 'iso_week', 'has_analysis'), name='patrols_councilattendee_day'),
        ),
        migrations.AddConstraint(
            model_name='councilattendee',
            constraint=models.UniqueConstraint(fields=('meeting', 'officer'), name='patrols_councilattendee_once'),
        ),
    ]
