"""What a log said each time it was handed in."""

import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("patrols", "0002_dates_of_parts"),
    ]

    operations = [
        migrations.CreateModel(
            name="VisitVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("entry", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                (
                    "handed_in_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="handed in at"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="patrols.visit"
                    ),
                ),
            ],
            options={"verbose_name": "version of a log", "verbose_name_plural": "versions of a log"},
        ),
        migrations.AddConstraint(
            "visitversion", models.UniqueConstraint(fields=("visit", "number"), name="patrols_version_once")
        ),
    ]
