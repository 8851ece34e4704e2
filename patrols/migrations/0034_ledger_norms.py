"""The figures of the ledger are rows with a date, kept by the brigade; the programme's own are the first of them."""

import datetime
import django.core.validators
from django.db import migrations, models


def first_norm(apps, schema_editor):
    apps.get_model("patrols", "LedgerNorm").objects.create(start_on=datetime.date(2022, 1, 1))


class Migration(migrations.Migration):
    dependencies = [
        ("patrols", "0033_editions_of_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerNorm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "start_on",
                    models.DateField(
                        error_messages={"unique": "There are figures from this day on already."},
                        unique=True,
                        verbose_name="holds from",
                    ),
                ),
                (
                    "follow_up_first",
                    models.PositiveSmallIntegerField(
                        default=7,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="first follow-up call after days",
                    ),
                ),
                (
                    "follow_up_second",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="second follow-up call after days",
                    ),
                ),
                (
                    "ahead_first",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="Made earlier it would not show whether the resolution holds.",
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="first call possible days before its day",
                    ),
                ),
                (
                    "ahead_second",
                    models.PositiveSmallIntegerField(
                        default=7,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="second call possible days before its day",
                    ),
                ),
                (
                    "repeat_days",
                    models.PositiveSmallIntegerField(
                        default=90,
                        help_text="A second dispute of the same party within so many days is proposed one level up.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="repeated dispute within days",
                    ),
                ),
                (
                    "step_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="For levels that ask for a step every week; also while such a case is paused or referred.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(7),
                        ],
                        verbose_name="a step every so many days",
                    ),
                ),
                (
                    "answer_days",
                    models.PositiveSmallIntegerField(
                        default=15,
                        help_text="Where no other day is agreed when a case is referred.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="answer of another body within days",
                    ),
                ),
                (
                    "pause_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="Where no end is expected, and again after as many days.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="a pause is looked at after days",
                    ),
                ),
                (
                    "escalate_officer",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="officer told after working days",
                    ),
                ),
                (
                    "escalate_station",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="station told after working days",
                    ),
                ),
                (
                    "escalate_brigade",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="Counted from the last day; of a red case all are told on the first working day after it.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="brigade told after working days",
                    ),
                ),
                ("duty_from", models.TimeField(default=datetime.time(9, 0), verbose_name="duty hours from")),
                (
                    "duty_until",
                    models.TimeField(
                        default=datetime.time(17, 30),
                        help_text="What goes up to station and brigade is told on working days within these hours.",
                        verbose_name="duty hours until",
                    ),
                ),
                (
                    "forward_days",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="base-info change forwarded within working days",
                    ),
                ),
                (
                    "entry_days",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="entered afterwards at most days",
                    ),
                ),
            ],
            options={
                "verbose_name": "ledger norm",
                "verbose_name_plural": "ledger norms",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("follow_up_second__gt", models.F("follow_up_first"))),
                        name="patrols_ledgernorm_calls",
                        violation_error_code="follow_up_second",
                        violation_error_message="The second call comes after the first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("escalate_brigade__gte", models.F("escalate_station")),
                            ("escalate_station__gte", models.F("escalate_officer")),
                        ),
                        name="patrols_ledgernorm_steps",
                        violation_error_code="escalate_brigade",
                        violation_error_message="The officer is told first, then the station, then the brigade.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("duty_until__gt", models.F("duty_from"))),
                        name="patrols_ledgernorm_hours",
                        violation_error_code="duty_until",
                        violation_error_message="Duty hours end after they begin.",
                    ),
                ],
            },
        ),
        migrations.RunPython(first_norm, migrations.RunPython.noop),
    ]
