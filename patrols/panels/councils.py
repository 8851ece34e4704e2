"""Councils beside other pages: what an officer owes of them, and those of a village with their open measures."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.choices import CouncilState
from patrols.models import CouncilMeasure, CouncilMeeting
from patrols.week import register_panel
from villages import panels
from villages.models import Officer, Village
from xinjin.access import engine
from xinjin.periods import Month

SHOWN = 8
AHEAD = timedelta(days=7)


def councils_due(request: HttpRequest, officer: Officer) -> dict[str, Any] | None:
    """The officer's villages whose council of the month is owed, his drafts, and measures that are due."""
    day = timezone.localdate()
    month = Month.counting(day)
    villages = list(Village.objects.allowed(request.user, "unmask").existing_on(day).order_by("code"))
    of_month = Q(held_on__range=(month.counted.start, month.counted.end)) | Q(state=CouncilState.DRAFT)
    councils = list(CouncilMeeting.objects.filter(of_month, village__in=villages))
    met = {meeting.village_id for meeting in councils if not meeting.is_draft}
    drafts = {meeting.village_id: meeting for meeting in councils if meeting.is_draft}
    rows = [(village, drafts.get(village.pk)) for village in villages if village.pk not in met or village.pk in drafts]
    mine = Q(officer=officer) | Q(village__in=villages, contact__isnull=False)
    open_ones = CouncilMeasure.objects.open().filter(mine).select_related("village", "officer", "contact")
    measures = list(open_ones.order_by("due_on", "id"))
    due = [measure for measure in measures if measure.due_on <= day + AHEAD][:SHOWN]
    if not rows and not due:
        return None
    context = {"month": month, "rows": rows, "due": due, "count": len(measures)}
    return {"template": "patrols/_councils_due.html", "context": context}


def village_councils(request: HttpRequest, village: Village) -> dict[str, Any] | None:
    """The village's latest councils, and the measures that are still open."""
    if not engine.allows(request.user, CouncilMeeting, "view"):
        return None
    meetings = CouncilMeeting.objects.allowed(request.user).filter(village=village)
    measures = CouncilMeasure.objects.allowed(request.user).open().filter(village=village)
    return {
        "title": _("Council"),
        "template": "patrols/_village_councils.html",
        "context": {
            "village": village,
            "meetings": list(meetings.order_by("-held_on", "id")[:3]),
            "measures": list(measures.select_related("officer", "contact").order_by("due_on", "id")[:SHOWN]),
            "month": Month.counting(timezone.localdate()),
        },
    }


register_panel(councils_due, is_wide=True)
panels.register(village_councils, order=17)
