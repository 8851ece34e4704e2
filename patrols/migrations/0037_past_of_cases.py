"""What a case was: names before a correction, and results that did not hold; a correction is an act."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patrols', '0036_words_of_parts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='casetransition',
            name='act',
            field=models.CharField(choices=[('open', 'Case opened'), ('step', 'Step'), ('correct', 'Completed or corrected'), ('level', 'Level changed'), ('pause', 'Clock paused'), ('resume', 'Clock resumed'), ('refer', 'Referred'), ('referral_answer', 'Answer of the other body'), ('resolve', 'Resolved'), ('answer', 'Answer given back'), ('follow_up', 'Follow-up call'), ('close', 'Closed'), ('reopen', 'Reopened'), ('assign', 'Handed to'), ('lead', 'Leader named'), ('inform', 'Committees informed'), ('merge', 'Merged'), ('split', 'Split'), ('link', 'Linked'), ('move', 'Moved with its village')], max_length=20, verbose_name='act'),
        ),
        migrations.CreateModel(
            name='CaseFormerName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=50, verbose_name='full name')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_names', to='patrols.case')),
            ],
            options={
                'verbose_name': 'former name of a party',
                'verbose_name_plural': 'former names of parties',
                'constraints': [models.UniqueConstraint(fields=('case', 'name'), name='patrols_formername_once')],
            },
        ),
        migrations.CreateModel(
            name='CaseResolution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resolved_on', models.DateField(blank=True, null=True, verbose_name='resolved on')),
                ('outcome', models.CharField(blank=True, choices=[('settled', 'Settled'), ('handled', 'Handled by another body'), ('in_court', 'Not settled, taken to court'), ('withdrawn', 'Withdrawn or unfounded')], max_length=12, verbose_name='outcome')),
                ('method', models.CharField(blank=True, choices=[('explanation', 'Explained or persuaded'), ('peoples_mediation', "People's mediation"), ('police_mediation', 'Mediation by the police'), ('joint_mediation', 'Joint mediation'), ('administrative', 'Administrative decision'), ('practical', 'Practical help'), ('judicial', 'Judicial way')], max_length=20, verbose_name='way of resolution')),
                ('resolver', models.CharField(blank=True, choices=[('officer', "The village's police"), ('committee', 'Village committee'), ('station', 'Station'), ('judicial_office', 'Judicial office'), ('township', 'Township'), ('court', 'Court'), ('other', 'Another body')], max_length=20, verbose_name='resolved by')),
                ('result', models.TextField(blank=True, max_length=2000, verbose_name='result')),
                ('answered_on', models.DateField(blank=True, null=True, verbose_name='answered on')),
                ('answer', models.CharField(blank=True, max_length=500, verbose_name='answer given back')),
                ('satisfaction', models.CharField(blank=True, choices=[('satisfied', 'Satisfied'), ('fairly', 'Fairly satisfied'), ('dissatisfied', 'Dissatisfied'), ('no_comment', 'No comment')], max_length=12, verbose_name='satisfaction')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed on')),
                ('round', models.PositiveSmallIntegerField(verbose_name='round')),
                ('reopened_on', models.DateField(verbose_name='taken up again on')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='earlier_resolutions', to='patrols.case')),
            ],
            options={
                'verbose_name': 'earlier resolution',
                'verbose_name_plural': 'earlier resolutions',
                'constraints': [models.UniqueConstraint(fields=('case', 'round'), name='patrols_resolution_once')],
            },
        ),
    ]
