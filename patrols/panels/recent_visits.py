"""The village page's panel of recent visits."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from patrols.choices import VisitState
from patrols.models import Visit
from villages.models import Village
from villages.panels import Panel, register

SHOWN = 5


def recent_visits(request: HttpRequest, village: Village) -> Panel | None:
    """The latest logs of the village that the user may see; drafts stay on the list of their author."""
    visits: Any = Visit.objects.allowed(request.user, "view").filter(village=village)
    shown = list(visits.exclude(state=VisitState.DRAFT).listed()[:SHOWN])
    context = {"visits": shown, "village": village}
    return {"title": _("Recent visits"), "template": "patrols/_village_visits.html", "context": context}


register(recent_visits, order=20)
