"""The shared journal of a village, with its corrections and read marks (R4)."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("villages", "0005_gap_norms")]

    operations = [
        migrations.CreateModel(
            name='JournalCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=1000, verbose_name='text before')),
                ('corrected_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='corrected at')),
            ],
            options={
                'verbose_name': 'journal correction',
                'verbose_name_plural': 'journal corrections',
            },
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('notice', 'Notice'), ('hand_over', 'Information passed on'), ('warning', 'Warning')], default='notice', max_length=12, verbose_name='kind')),
                ('text', models.TextField(max_length=1000, verbose_name='text')),
                ('is_pinned', models.BooleanField(default=False, verbose_name='pinned')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='written at')),
                ('stands_since', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='stands since')),
            ],
            options={
                'verbose_name': 'journal entry',
                'verbose_name_plural': 'journal entries',
            },
        ),
        migrations.CreateModel(
            name='JournalRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='read at')),
            ],
            options={
                'verbose_name': 'read mark',
                'verbose_name_plural': 'read marks',
            },
        ),
        migrations.AddField(
            model_name='journalentry',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='journal_entries', to='villages.officer', verbose_name='author'),
        ),
        migrations.AddField(
            model_name='journalentry',
            name='village',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='villages.village', verbose_name='village'),
        ),
        migrations.AddField(
            model_name='journalcorrection',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='villages.journalentry'),
        ),
        migrations.AddField(
            model_name='journalread',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reads', to='villages.journalentry'),
        ),
        migrations.AddField(
            model_name='journalread',
            name='officer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='journal_reads', to='villages.officer', verbose_name='reader'),
        ),
        migrations.AddIndex(
            model_name='journalentry',
            index=models.Index(fields=['village', '-written_at', '-id'], name='villages_journal_village'),
        ),
        migrations.AddConstraint(
            model_name='journalentry',
            constraint=models.CheckConstraint(condition=models.Q(('stands_since__gte', models.F('written_at'))), name='villages_journal_order'),
        ),
        migrations.AddIndex(
            model_name='journalread',
            index=models.Index(fields=['officer', 'entry', 'read_at'], name='villages_read_officer'),
        ),
        migrations.AddConstraint(
            model_name='journalread',
            constraint=models.UniqueConstraint(fields=('entry', 'officer'), name='villages_read_once'),
        ),
    ]
