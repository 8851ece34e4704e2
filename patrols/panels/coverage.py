"""What this app shows on the page of a village."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.coverage import build
from patrols.models import Visit
from villages import panels
from villages.models import Village
from xinjin.access import engine
from xinjin.periods import Span, Week

WEEKS = 8


def coverage_panel(request: HttpRequest, village: Village) -> dict[str, Any] | None:
    """The village's line of the wall: the running week and the seven before it."""
    if not engine.allows(request.user, Visit, "view"):
        return None
    today = timezone.localdate()
    week = Week.of(today)
    span = Span(week.start - timedelta(weeks=WEEKS - 1), week.end)
    wall = build(Village.objects.filter(pk=village.pk), span, today=today)
    if not wall.rows:
        return None
    return {
        "title": _("Coverage of the last 8 weeks"),
        "template": "patrols/_village_coverage.html",
        "context": {"cells": wall.rows[0].cells, "tally": wall.tally},
    }


panels.register(coverage_panel, order=10)
