from dataclasses import fields
from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patrols.ledger.norm_figures import LedgerFigures
from xinjin.access.engine import ScopedQuerySet


class LedgerNormQuerySet(ScopedQuerySet):
    def figures(self, day: date) -> LedgerFigures:
        """The figures in force on `day`; the programme's own while there are none."""
        names = [each.name for each in fields(LedgerFigures)]
        row: Any = self.filter(start_on__lte=day).order_by("-start_on").values(*names).first()
        return LedgerFigures(**row) if row else LedgerFigures()


def _days(name: str, label: Any, least: int, most: int, help_text: Any = "") -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        label,
        default=getattr(LedgerFigures, name),
        validators=[MinValueValidator(least), MaxValueValidator(most)],
        help_text=help_text,
    )


class LedgerNorm(models.Model):
    """From when on how soon the ledger asks for something, and whom it tells (R6, R7, R9): set by the brigade.

    What a day was stamped on (calls, changes, steps, referrals) keeps it; limits by level are `CaseLimit`.
    """

    start_on = models.DateField(
        _("holds from"),
        unique=True,
        error_messages={"unique": _("There are figures from this day on already.")},
    )
    follow_up_first = _days("follow_up_first", _("first follow-up call after days"), 1, 90)
    follow_up_second = _days("follow_up_second", _("second follow-up call after days"), 2, 365)
    ahead_first = _days(
        "ahead_first", _("first call possible days before its day"), 0, 30,
        _("Made earlier it would not show whether the resolution holds."),
    )  # fmt: skip
    ahead_second = _days("ahead_second", _("second call possible days before its day"), 0, 60)
    repeat_days = _days(
        "repeat_days", _("repeated dispute within days"), 1, 365,
        _("A second dispute of the same party within so many days is proposed one level up."),
    )  # fmt: skip
    step_days = _days(
        "step_days", _("a step every so many days"), 1, 7,
        _("For levels that ask for a step every week; also while such a case is paused or referred."),
    )  # fmt: skip
    answer_days = _days(
        "answer_days", _("answer of another body within days"), 1, 180,
        _("Where no other day is agreed when a case is referred."),
    )  # fmt: skip
    pause_days = _days(
        "pause_days", _("a pause is looked at after days"), 1, 180,
        _("Where no end is expected, and again after as many days."),
    )  # fmt: skip
    escalate_officer = _days("escalate_officer", _("officer told after working days"), 1, 30)
    escalate_station = _days("escalate_station", _("station told after working days"), 1, 60)
    escalate_brigade = _days(
        "escalate_brigade", _("brigade told after working days"), 1, 90,
        _("Counted from the last day; of a red case all are told on the first working day after it."),
    )  # fmt: skip
    duty_from = models.TimeField(_("duty hours from"), default=LedgerFigures.duty_from)
    duty_until = models.TimeField(
        _("duty hours until"),
        default=LedgerFigures.duty_until,
        help_text=_("What goes up to station and brigade is told on working days within these hours."),
    )
    forward_days = _days("forward_days", _("base-info change forwarded within working days"), 1, 60)
    entry_days = _days("entry_days", _("entered afterwards at most days"), 1, 365)

    objects = LedgerNormQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger norm")
        verbose_name_plural = _("ledger norms")
        constraints = [
            models.CheckConstraint(
                condition=Q(follow_up_second__gt=F("follow_up_first")),
                name="patrols_ledgernorm_calls",
                violation_error_code="follow_up_second",
                violation_error_message=_("The second call comes after the first."),
            ),
            models.CheckConstraint(
                condition=Q(escalate_station__gte=F("escalate_officer"), escalate_brigade__gte=F("escalate_station")),
                name="patrols_ledgernorm_steps",
                violation_error_code="escalate_brigade",
                violation_error_message=_("The officer is told first, then the station, then the brigade."),
            ),
            models.CheckConstraint(
                condition=Q(duty_until__gt=F("duty_from")),
                name="patrols_ledgernorm_hours",
                violation_error_code="duty_until",
                violation_error_message=_("Duty hours end after they begin."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start_on:%Y-%m-%d}"
