"""The people's ledger: cases with their parties, steps, clocks, referrals and follow-up calls."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patrols', '0011_standard_photos'),
        ('villages', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('serial', models.PositiveIntegerField()),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='number')),
                ('kind', models.CharField(choices=[('concern', 'Concern'), ('dispute', 'Dispute'), ('lead', 'Lead')], max_length=10, verbose_name='kind')),
                ('category', models.CharField(choices=[('family', 'Marriage and family'), ('neighbours', 'Neighbours'), ('personality', 'Personality rights'), ('property', 'Property rights'), ('tort', 'Harm and compensation'), ('contract', 'Contract'), ('labour', 'Labour and wages'), ('lending', 'Lending and finance'), ('land', 'Land and resources'), ('construction', 'Building and demolition'), ('civil_affairs', 'Civil affairs'), ('administration', 'Administrative enforcement'), ('litigation', 'Law and litigation'), ('religion', 'Ethnicity and religion'), ('order', 'Public order'), ('facilities', 'Roads, lamps and facilities'), ('environment', 'Environment and noise'), ('livelihood', 'Livelihood and care'), ('procedure', 'Papers and procedures'), ('other', 'Other')], max_length=20, verbose_name='category')),
                ('scale', models.CharField(choices=[('individual', 'Individuals'), ('group', 'A group'), ('large_group', 'A large group')], default='individual', max_length=12, verbose_name='scale')),
                ('level', models.CharField(choices=[('blue', 'Blue'), ('yellow', 'Yellow'), ('orange', 'Orange'), ('red', 'Red')], max_length=10, verbose_name='level')),
                ('title', models.CharField(max_length=100, verbose_name='what it is about')),
                ('detail', models.TextField(blank=True, max_length=2000, verbose_name='details')),
                ('place', models.CharField(blank=True, max_length=100, verbose_name='where it happened')),
                ('occurred_on', models.DateField(blank=True, null=True, verbose_name='happened on')),
                ('opened_on', models.DateField(verbose_name='opened on')),
                ('promised_on', models.DateField(blank=True, null=True, verbose_name='promised for')),
                ('source', models.CharField(choices=[('entered', 'Entered by hand'), ('call', 'Raised at a household call'), ('screening', 'Found by a screening')], default='entered', max_length=10, verbose_name='source')),
                ('state', models.CharField(choices=[('open', 'To be begun'), ('handling', 'Being handled'), ('paused', 'Paused'), ('referred', 'Referred'), ('resolved', 'Resolved'), ('closed', 'Closed'), ('merged', 'Merged')], default='open', max_length=10, verbose_name='state')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due on')),
                ('next_step_on', models.DateField(blank=True, null=True, verbose_name='next step by')),
                ('red_on', models.DateField(blank=True, null=True, verbose_name='red since')),
                ('committees_informed_on', models.DateField(blank=True, null=True, verbose_name='both committees informed on')),
                ('resolved_on', models.DateField(blank=True, null=True, verbose_name='resolved on')),
                ('outcome', models.CharField(blank=True, choices=[('settled', 'Settled'), ('handled', 'Handled by another body'), ('in_court', 'Not settled, taken to court'), ('withdrawn', 'Withdrawn or unfounded')], max_length=12, verbose_name='outcome')),
                ('method', models.CharField(blank=True, choices=[('explanation', 'Explained or persuaded'), ('peoples_mediation', "People's mediation"), ('police_mediation', 'Mediation by the police'), ('joint_mediation', 'Joint mediation'), ('administrative', 'Administrative decision'), ('practical', 'Practical help'), ('judicial', 'Judicial way')], max_length=20, verbose_name='way of resolution')),
                ('resolver', models.CharField(blank=True, choices=[('officer', "The village's police"), ('committee', 'Village committee'), ('station', 'Station'), ('judicial_office', 'Judicial office'), ('township', 'Township'), ('court', 'Court'), ('other', 'Another body')], max_length=20, verbose_name='resolved by')),
                ('result', models.TextField(blank=True, max_length=2000, verbose_name='result')),
                ('answered_on', models.DateField(blank=True, null=True, verbose_name='answered on')),
                ('answer', models.CharField(blank=True, max_length=500, verbose_name='answer given back')),
                ('satisfaction', models.CharField(blank=True, choices=[('satisfied', 'Satisfied'), ('fairly', 'Fairly satisfied'), ('dissatisfied', 'Dissatisfied'), ('no_comment', 'No comment')], max_length=12, verbose_name='satisfaction')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed on')),
                ('reopened_count', models.PositiveSmallIntegerField(default=0, verbose_name='times reopened')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='entered at')),
                ('co_handlers', models.ManyToManyField(blank=True, related_name='helped_cases', to='villages.officer', verbose_name='co-handlers')),
                ('household', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='villages.household', verbose_name='household')),
                ('leader', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='led_cases', to='villages.officer', verbose_name='leader in charge')),
                ('linked', models.ManyToManyField(blank=True, to='patrols.case', verbose_name='linked cases')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='patrols.case', verbose_name='merged into')),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened by')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='villages.officer', verbose_name='owner')),
                ('source_visit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='patrols.visit', verbose_name='visit')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='villages.village', verbose_name='village')),
            ],
            options={
                'verbose_name': 'case',
                'verbose_name_plural': 'cases',
            },
        ),
        migrations.CreateModel(
            name='CaseLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('blue', 'Blue'), ('yellow', 'Yellow'), ('orange', 'Orange'), ('red', 'Red')], max_length=10, verbose_name='level')),
                ('start_on', models.DateField(verbose_name='from')),
                ('days', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='resolved within')),
                ('unit', models.CharField(choices=[('workdays', 'working days'), ('days', 'days')], max_length=10, verbose_name='counted in')),
                ('start_days', models.PositiveSmallIntegerField(blank=True, help_text='Empty: no limit for the beginning.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='begun within days')),
                ('weekly', models.BooleanField(default=False, verbose_name='a step every week')),
            ],
            options={
                'verbose_name': 'case limit',
                'verbose_name_plural': 'case limits',
                'constraints': [models.UniqueConstraint(fields=('level', 'start_on'), name='patrols_caselimit_once', violation_error_message='There is a limit for this level from this day already.'), models.CheckConstraint(condition=models.Q(('days__gte', 1)), name='patrols_caselimit_days', violation_error_message='A limit is at least one day.')],
            },
        ),
        migrations.CreateModel(
            name='CaseTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='No.')),
                ('level', models.CharField(choices=[('blue', 'Blue'), ('yellow', 'Yellow'), ('orange', 'Orange'), ('red', 'Red')], max_length=10, verbose_name='level')),
                ('started_on', models.DateField(verbose_name='from')),
                ('days', models.PositiveSmallIntegerField(verbose_name='limit')),
                ('unit', models.CharField(choices=[('workdays', 'working days'), ('days', 'days')], max_length=10, verbose_name='counted in')),
                ('start_due_on', models.DateField(null=True, verbose_name='begin by')),
                ('weekly', models.BooleanField(default=False)),
                ('due_on', models.DateField(null=True, verbose_name='due on')),
                ('ended_on', models.DateField(null=True, verbose_name='ended on')),
                ('ending', models.CharField(blank=True, choices=[('resolved', 'resolved'), ('referred', 'referred'), ('replaced', 'replaced by a new limit'), ('merged', 'merged')], max_length=10, verbose_name='ended as')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='patrols.case')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='case_terms', to='villages.officer', verbose_name='owner')),
            ],
            options={
                'verbose_name': 'limit of a case',
                'verbose_name_plural': 'limits of a case',
            },
        ),
        migrations.CreateModel(
            name='CasePause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start_on', models.DateField(verbose_name='from')),
                ('end_on', models.DateField(null=True, verbose_name='until')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='patrols.caseterm')),
            ],
            options={
                'verbose_name': 'pause',
                'verbose_name_plural': 'pauses',
            },
        ),
        migrations.CreateModel(
            name='CaseEscalation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('committees', 'Both committees'), ('officer', 'Officer'), ('station', 'Station'), ('brigade', 'Brigade')], max_length=10, verbose_name='step')),
                ('on', models.DateField(verbose_name='on')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='escalations', to='patrols.caseterm')),
            ],
            options={
                'verbose_name': 'escalation',
                'verbose_name_plural': 'escalations',
            },
        ),
        migrations.CreateModel(
            name='CaseTransition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('open', 'Case opened'), ('step', 'Step'), ('level', 'Level changed'), ('pause', 'Clock paused'), ('resume', 'Clock resumed'), ('refer', 'Referred'), ('referral_answer', 'Answer of the other body'), ('resolve', 'Resolved'), ('answer', 'Answer given back'), ('follow_up', 'Follow-up call'), ('close', 'Closed'), ('reopen', 'Reopened'), ('assign', 'Handed to'), ('lead', 'Leader named'), ('inform', 'Committees informed'), ('merge', 'Merged'), ('link', 'Linked')], max_length=20, verbose_name='act')),
                ('state', models.CharField(choices=[('open', 'To be begun'), ('handling', 'Being handled'), ('paused', 'Paused'), ('referred', 'Referred'), ('resolved', 'Resolved'), ('closed', 'Closed'), ('merged', 'Merged')], max_length=10, verbose_name='state')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transitions', to='patrols.case')),
            ],
            options={
                'verbose_name': 'change of state',
                'verbose_name_plural': 'changes of state',
            },
        ),
        migrations.CreateModel(
            name='FollowUpCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('number', models.PositiveSmallIntegerField(verbose_name='No.')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('done_on', models.DateField(null=True, verbose_name='done on')),
                ('satisfaction', models.CharField(blank=True, choices=[('satisfied', 'Satisfied'), ('fairly', 'Fairly satisfied'), ('dissatisfied', 'Dissatisfied'), ('no_comment', 'No comment')], max_length=12, verbose_name='satisfaction')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='what was found')),
                ('is_void', models.BooleanField(default=False, verbose_name='no longer due')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='patrols.case')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='follow_up_calls', to='villages.officer', verbose_name='owner')),
            ],
            options={
                'verbose_name': 'follow-up call',
                'verbose_name_plural': 'follow-up calls',
            },
        ),
        migrations.CreateModel(
            name='Register',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('last_serial', models.PositiveIntegerField(default=0, verbose_name='last number')),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='registers', to='villages.unit', verbose_name='station')),
            ],
            options={
                'verbose_name': 'register',
                'verbose_name_plural': 'registers',
            },
        ),
        migrations.AddField(
            model_name='case',
            name='register',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='patrols.register'),
        ),
        migrations.CreateModel(
            name='CaseParty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('claimant', 'Who raised it'), ('respondent', 'Other side'), ('concerned', 'Also concerned')], max_length=12, verbose_name='role')),
                ('name', models.CharField(max_length=50, verbose_name='full name')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='phone')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parties', to='patrols.case')),
                ('household', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='party_of', to='villages.household', verbose_name='household')),
            ],
            options={
                'verbose_name': 'party',
                'verbose_name_plural': 'parties',
                'indexes': [models.Index(fields=['name'], name='patrols_party_name')],
                'constraints': [models.UniqueConstraint(fields=('case', 'name', 'role'), name='patrols_party_once', violation_error_message='This person is entered twice.')],
            },
        ),
        migrations.CreateModel(
            name='CaseReferral',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target', models.CharField(choices=[('station', 'Station'), ('judicial_office', 'Judicial office'), ('court', 'Court'), ('township', 'Township'), ('business_unit', 'Business unit'), ('other', 'Another body')], max_length=20, verbose_name='passed on to')),
                ('target_name', models.CharField(blank=True, max_length=50, verbose_name='its name')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('referred_on', models.DateField(verbose_name='passed on')),
                ('answer_due_on', models.DateField(blank=True, null=True, verbose_name='answer asked for by')),
                ('answered_on', models.DateField(blank=True, null=True, verbose_name='answered on')),
                ('answer', models.CharField(blank=True, max_length=500, verbose_name='answer')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='referrals', to='patrols.case')),
            ],
            options={
                'verbose_name': 'referral',
                'verbose_name_plural': 'referrals',
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_on', None)), fields=('case',), name='patrols_referral_one_waiting'), models.CheckConstraint(condition=models.Q(('answered_on', None), ('answered_on__gte', models.F('referred_on')), _connector='OR'), name='patrols_referral_order')],
            },
        ),
        migrations.CreateModel(
            name='CaseStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('visit', 'Visit'), ('mediation', 'Mediation'), ('call', 'Call'), ('document', 'Document'), ('note', 'Note')], max_length=12, verbose_name='kind')),
                ('happened_on', models.DateField(verbose_name='date')),
                ('note', models.CharField(max_length=1000, verbose_name='what was done')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='entered at')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='patrols.case')),
            ],
            options={
                'verbose_name': 'step',
                'verbose_name_plural': 'steps',
                'indexes': [models.Index(fields=['case', 'happened_on'], name='patrols_step_day')],
            },
        ),
        migrations.AddIndex(
            model_name='caseterm',
            index=models.Index(condition=models.Q(('due_on__isnull', False)), fields=['due_on', 'owner'], name='patrols_term_due'),
        ),
        migrations.AddConstraint(
            model_name='caseterm',
            constraint=models.UniqueConstraint(fields=('case', 'number'), name='patrols_term_number'),
        ),
        migrations.AddConstraint(
            model_name='caseterm',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_on', None)), fields=('case',), name='patrols_term_one_running'),
        ),
        migrations.AddConstraint(
            model_name='caseterm',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_on', None), ('ending', '')), models.Q(('ended_on__isnull', False), models.Q(('ending', ''), _negated=True)), _connector='OR'), name='patrols_term_ended'),
        ),
        migrations.AddConstraint(
            model_name='casepause',
            constraint=models.UniqueConstraint(condition=models.Q(('end_on', None)), fields=('term',), name='patrols_pause_one_running'),
        ),
        migrations.AddConstraint(
            model_name='casepause',
            constraint=models.CheckConstraint(condition=models.Q(('end_on', None), ('end_on__gte', models.F('start_on')), _connector='OR'), name='patrols_pause_order'),
        ),
        migrations.AddConstraint(
            model_name='caseescalation',
            constraint=models.UniqueConstraint(fields=('term', 'step'), name='patrols_escalation_once'),
        ),
        migrations.AddIndex(
            model_name='followupcall',
            index=models.Index(fields=['due_on', 'owner'], name='patrols_followup_due'),
        ),
        migrations.AddConstraint(
            model_name='followupcall',
            constraint=models.UniqueConstraint(fields=('case', 'round', 'number'), name='patrols_followup_once'),
        ),
        migrations.AddConstraint(
            model_name='register',
            constraint=models.UniqueConstraint(fields=('station', 'year'), name='patrols_register_once'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['-opened_on', '-created_at', 'id'], name='patrols_case_listed'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['village', '-opened_on'], name='patrols_case_village'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['owner', 'state'], name='patrols_case_owner'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('due_on__isnull', False)), fields=['due_on', 'id'], name='patrols_case_due'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(fields=('register', 'serial'), name='patrols_case_serial'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('source', 'call')), fields=('source_visit', 'household'), name='patrols_case_once_a_call'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('source', 'screening')), fields=('source_visit',), name='patrols_case_once_a_screening'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('category__in', ['order', 'facilities', 'livelihood', 'procedure', 'environment', 'other']), ('kind', 'concern')), models.Q(('category__in', ['family', 'neighbours', 'personality', 'property', 'tort', 'contract', 'labour', 'lending', 'land', 'construction', 'civil_affairs', 'administration', 'litigation', 'religion', 'environment', 'other']), ('kind', 'dispute')), models.Q(('category__in', ['family', 'neighbours', 'personality', 'property', 'tort', 'contract', 'labour', 'lending', 'land', 'construction', 'civil_affairs', 'administration', 'litigation', 'religion', 'order', 'environment', 'other']), ('kind', 'lead')), _connector='OR'), name='patrols_case_category', violation_error_code='category', violation_error_message='This category does not fit the kind.'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('promised_on', None), ('promised_on__gte', models.F('opened_on')), _connector='OR'), name='patrols_case_promise', violation_error_message='The promised day is before the day of opening.'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('occurred_on', None), ('occurred_on__lte', models.F('opened_on')), _connector='OR'), name='patrols_case_order', violation_error_message='It cannot have happened after the case was opened.'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['resolved', 'closed']), _negated=True), models.Q(('resolved_on__isnull', False), models.Q(('outcome', ''), _negated=True), models.Q(('method', ''), _negated=True), models.Q(('resolver', ''), _negated=True), models.Q(('result', ''), _negated=True)), _connector='OR'), name='patrols_case_result', violation_error_message='A resolved case needs its outcome, method, organisation and result.'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('answered_on__isnull', False), ('closed_on__isnull', False)), _connector='OR'), name='patrols_case_closed', violation_error_message='A case is closed after the answer has been given back.'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('state', 'merged')), models.Q(models.Q(('state', 'merged'), _negated=True), ('merged_into', None)), _connector='OR'), name='patrols_case_merged'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('due_on', None), ('state__in', ['open', 'handling']), _connector='OR'), name='patrols_case_clock'),
        ),
    ]
