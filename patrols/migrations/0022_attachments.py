"""Files on the steps of a case."""

import django.db.models.deletion
import patrols.models.case_file
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("patrols", "0021_council_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('picture', 'Picture'), ('pdf', 'PDF file')], max_length=10, verbose_name='kind')),
                ('file', models.FileField(upload_to=patrols.models.case_file.attachment_path, verbose_name='file')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256 of the file sent')),
                ('size', models.PositiveIntegerField(verbose_name='bytes')),
                ('uploaded_at', models.DateTimeField(auto_now_add=True, verbose_name='received at')),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='patrols.casestep')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'file of a step',
                'verbose_name_plural': 'files of steps',
                'constraints': [models.UniqueConstraint(fields=('step', 'sha256'), name='patrols_casefile_once')],
            },
        ),
    ]
