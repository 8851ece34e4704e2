"""The ledger beside other pages: an officer's cases that are due, and the open cases of a village."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Least
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.choices import BaseInfoState
from patrols.ledger.reading import read_by, title_of
from patrols.ledger.wording import due_words
from patrols.models import BaseInfoChange, Case, FollowUpCall
from patrols.week import register_panel
from villages import panels
from villages.models import Officer, Village
from xinjin.access import engine
from xinjin.periods import Week

SHOWN = 8
AHEAD = timedelta(days=7)


def _row(case: Case, day: Any) -> dict[str, Any]:
    words, tone = due_words(case, day)
    past = case.is_promise_past(day)
    return {"case": case, "title": title_of(case), "due_words": words, "due_tone": tone or "info", "is_past": past}


def cases_due(request: HttpRequest, officer: Officer) -> dict[str, Any] | None:
    """What the officer owes in the ledger within a week: cases, steps, promises, what waits, calls, changes."""
    day = timezone.localdate()
    ahead = day + AHEAD
    near = Q(due_on__lte=ahead) | Q(next_step_on__lte=ahead) | Q(promised_on__lte=ahead) | Q(waits_until__lte=ahead)
    own = Case.objects.filter(owner=officer).unresolved()
    due = (
        read_by(own.filter(near), request.user)
        .select_related("village")
        .order_by(Least("due_on", "next_step_on", "promised_on", "waits_until"), "id")
    )
    calls = FollowUpCall.objects.waiting().filter(owner=officer, due_on__lte=ahead)
    return {
        "template": "patrols/_cases_due.html",
        "context": {
            "number": officer.number,
            "day": day,
            "counts": own.aggregate(all=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=day))),
            "rows": [_row(case, day) for case in due[:SHOWN]],
            "calls": list(calls.select_related("case__village").order_by("due_on", "id")[:SHOWN]),
            "to_verify": BaseInfoChange.objects.allowed(request.user, "verify")
            .filter(state=BaseInfoState.FOUND)
            .count(),
        },
    }


def village_cases(request: HttpRequest, village: Village) -> dict[str, Any] | None:
    """The village's open cases that the user may see, the most pressing first."""
    if not engine.allows(request.user, Case, "view"):
        return None
    day = timezone.localdate()
    rows = Case.objects.allowed(request.user).filter(village=village)
    unresolved = rows.unresolved()
    shown = list(
        read_by(unresolved, request.user).select_related("village").order_by("due_on", "-opened_on", "id")[:SHOWN]
    )
    return {
        "title": _("People's ledger"),
        "template": "patrols/_village_cases.html",
        "context": {
            "village": village,
            "week": Week.of(day),
            "rows": [_row(case, day) for case in shown],
            "total": unresolved.count(),
            "may_add": engine.allows(request.user, Case, "add"),
        },
    }


register_panel(cases_due, is_wide=True)
panels.register(village_cases, order=15)
