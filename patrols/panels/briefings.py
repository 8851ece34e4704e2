"""The weekly briefing beside other pages: on the officer's day and on the page of a village (R8)."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.briefings.heard import heard
from patrols.models import Briefing
from patrols.week import register_panel
from villages import panels
from villages.models import Officer, Village
from villages.models.dated import present
from xinjin.access import engine
from xinjin.periods import Week

SHOWN = 5


def briefings_owed(request: HttpRequest, officer: Officer) -> dict[str, Any] | None:
    """How this week's briefing stands in each of the officer's villages, with the figures that it tells."""
    own = Village.objects.filter(present("assignments__"), assignments__officer=officer)
    rows = heard(own.order_by("code"), Week.of(timezone.localdate()))
    if not rows:
        return None
    return {"template": "patrols/_today_briefings.html", "context": {"rows": rows}}


def village_briefings(request: HttpRequest, village: Village) -> dict[str, Any] | None:
    """The village's briefing of this week, and the last ones."""
    if not engine.allows(request.user, Briefing, "view"):
        return None
    week = Week.of(timezone.localdate())
    rows = Briefing.objects.allowed(request.user).filter(village=village, starts_on__lt=week.start)
    return {
        "title": _("Weekly briefings"),
        "template": "patrols/_village_briefings.html",
        "context": {
            "village": village,
            "week": week,
            "own": heard([village], week),
            "rows": list(rows.select_related("village").order_by("-starts_on")[:SHOWN]),
        },
    }


register_panel(briefings_owed)
panels.register(village_briefings, order=14)
