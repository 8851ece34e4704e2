"""Planning the visits of the week: a help for the officer, free to change, never scored and never reminded of (R5)."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.models import VisitPlan
from villages.models import Assignment, Officer, Village
from xinjin.audit.trail import record, save_recorded
from xinjin.periods import Span, Week
from xinjin.races import one_winner

WEEKS_AHEAD = 4


def plannable(today: date) -> Span:
    """The days for which one may plan: from today to the end of the fourth week after this one."""
    return Span(today, Week.of(today).end + timedelta(weeks=WEEKS_AHEAD))


def plan_visit(*, by: Any, officer: Officer, village: Village, planned_on: date, note: str | None = None) -> VisitPlan:
    """Plans a visit. Planning it again changes its note, if one is given, and nothing else."""
    if planned_on not in plannable(timezone.localdate()):
        raise ValidationError({"planned_on": _("Visits are planned from today to four weeks ahead.")})
    if not Assignment.objects.on(planned_on).filter(officer=officer, village=village).exists():
        held = _("On %(day)s you hold no place in %(village)s.")
        raise ValidationError({"village": held % {"day": f"{planned_on:%Y-%m-%d}", "village": village.name}})
    with one_winner():
        # One writer at a time for each officer: two clicks plan one visit.
        Officer.objects.select_for_update(of=("self",), no_key=True).get(pk=officer.pk)
        plan = VisitPlan.objects.filter(officer=officer, village=village, planned_on=planned_on).first()
        plan = plan or VisitPlan(officer=officer, village=village, planned_on=planned_on)
        is_new = plan._state.adding
        if note is not None:
            plan.note = note.strip()
        if is_new:
            plan.full_clean()
            plan.save(force_insert=True)
            record(by, "plan", plan, {"note": plan.note})
            return plan
        return save_recorded(plan, by=by)


@transaction.atomic
def drop_plan(*, by: Any, plan: VisitPlan) -> None:
    """Forgets a plan. One of a week that is over stays, so that plan and visit can be read side by side."""
    if plan.week.end < timezone.localdate():
        raise ValidationError(_("This week is over; its plans stay as they were."))
    dropped = VisitPlan.objects.select_for_update().filter(pk=plan.pk).first()
    if dropped is not None:  # dropped twice is dropped once
        record(by, "drop", dropped)
        dropped.delete()
