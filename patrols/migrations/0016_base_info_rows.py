"""Base-info changes are rows of the log, and become records when it is handed in."""

import django.db.models.deletion
import patrols.models.base_info
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patrols', '0015_notice_kinds'),
        ('villages', '0008_contact_pinyin'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BaseInfoRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(choices=[('address', 'Address'), ('person', 'Resident'), ('dwelling', 'Dwelling'), ('work_unit', 'Work unit')], max_length=12, verbose_name='subject')),
                ('action', models.CharField(choices=[('new', 'New'), ('changed', 'Altered'), ('gone', 'Gone')], max_length=10, verbose_name='kind of change')),
                ('address', models.CharField(max_length=100, validators=[patrols.models.base_info.no_id_number], verbose_name='address')),
                ('what', models.CharField(max_length=300, validators=[patrols.models.base_info.no_id_number], verbose_name='what has changed')),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'base-info change of the log',
                'verbose_name_plural': 'base-info changes of the log',
            },
        ),
        migrations.AddField(
            model_name='baseinfochange',
            name='is_of_log',
            field=models.BooleanField(default=False, editable=False, verbose_name='from a row of the log'),
        ),
        migrations.AlterField(
            model_name='baseinfochange',
            name='address',
            field=models.CharField(help_text='Within the village, such as 3组12号.', max_length=100, validators=[patrols.models.base_info.no_id_number], verbose_name='address'),
        ),
        migrations.AlterField(
            model_name='baseinfochange',
            name='what',
            field=models.CharField(help_text='No identity numbers.', max_length=300, validators=[patrols.models.base_info.no_id_number], verbose_name='what has changed'),
        ),
        migrations.AddConstraint(
            model_name='baseinfochange',
            constraint=models.CheckConstraint(condition=models.Q(('is_of_log', False), ('source_visit__isnull', False), _connector='OR'), name='patrols_baseinfo_log'),
        ),
        migrations.AddField(
            model_name='baseinforow',
            name='change',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='row', to='patrols.baseinfochange', verbose_name='base-info change'),
        ),
        migrations.AddField(
            model_name='baseinforow',
            name='visit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='base_info', to='patrols.visit'),
        ),
    ]
