import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patrols", "0007_photo_captions_and_originals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PhotoHint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("copy", "The same file"),
                            ("alike", "Looks alike"),
                            ("other_time", "Taken at another time"),
                            ("long_before", "Taken long before"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("distance", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="difference")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="noticed at")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("new", "Not looked at"), ("harmless", "Harmless"), ("to_ask", "To be asked")],
                        default="new",
                        max_length=10,
                        verbose_name="what came of it",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("looked_at", models.DateTimeField(blank=True, null=True, verbose_name="looked at")),
                (
                    "looked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="looked by",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="patrols.photo",
                        verbose_name="other photo",
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hints",
                        to="patrols.photo",
                        verbose_name="photo",
                    ),
                ),
            ],
            options={
                "verbose_name": "hint about a photo",
                "verbose_name_plural": "hints about photos",
            },
        ),
        migrations.CreateModel(
            name="PhotoPrint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_whole", models.BooleanField()),
                ("across", models.BigIntegerField()),
                ("down", models.BigIntegerField()),
                (
                    "photo",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="prints", to="patrols.photo"
                    ),
                ),
            ],
            options={
                "verbose_name": "print of a photo",
                "verbose_name_plural": "prints of photos",
            },
        ),
        migrations.AddIndex(
            model_name="photohint",
            index=models.Index(fields=["-created_at", "-id"], name="patrols_hint_listed"),
        ),
        migrations.AddConstraint(
            model_name="photohint",
            constraint=models.UniqueConstraint(
                fields=("photo", "kind", "other"), name="patrols_hint_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="photohint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["copy", "alike"]), ("other__isnull", False)),
                    models.Q(("kind__in", ["other_time", "long_before"]), ("other", None)),
                    _connector="OR",
                ),
                name="patrols_hint_other",
            ),
        ),
        migrations.AddConstraint(
            model_name="photohint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("looked_at", None), ("looked_by", None), ("outcome", "new"), ("reason", "")),
                    models.Q(
                        models.Q(("outcome", "new"), _negated=True),
                        models.Q(("reason", ""), _negated=True),
                        ("looked_at__isnull", False),
                        ("looked_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="patrols_hint_looked_at",
                violation_error_message="Say why.",
            ),
        ),
    ]
