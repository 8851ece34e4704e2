"""A case of several matters is split."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("patrols", "0022_attachments"),
        ('villages', '0008_contact_pinyin'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='split_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='split_off', to='patrols.case', verbose_name='split off from'),
        ),
        migrations.AlterField(
            model_name='case',
            name='source',
            field=models.CharField(choices=[('entered', 'Entered by hand'), ('call', 'Raised at a household call'), ('screening', 'Found by a screening'), ('split', 'Split off from another case')], default='entered', max_length=10, verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='casetransition',
            name='act',
            field=models.CharField(choices=[('open', 'Case opened'), ('step', 'Step'), ('level', 'Level changed'), ('pause', 'Clock paused'), ('resume', 'Clock resumed'), ('refer', 'Referred'), ('referral_answer', 'Answer of the other body'), ('resolve', 'Resolved'), ('answer', 'Answer given back'), ('follow_up', 'Follow-up call'), ('close', 'Closed'), ('reopen', 'Reopened'), ('assign', 'Handed to'), ('lead', 'Leader named'), ('inform', 'Committees informed'), ('merge', 'Merged'), ('split', 'Split'), ('link', 'Linked')], max_length=20, verbose_name='act'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', 'split'), ('split_from__isnull', False)), models.Q(models.Q(('source', 'split'), _negated=True), ('split_from', None)), _connector='OR'), name='patrols_case_split'),
        ),
    ]
