"""What this app shows on the page of a person: his visits and his reports, to those who may see them."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from patrols.choices import ReportState, VisitState
from patrols.models import Visit, WorkReport
from villages.choices import OfficerKind
from villages.models import Officer
from villages.panels import Panel, register_for_officer

SHOWN = 5


def visits_of(request: HttpRequest, officer: Officer) -> Panel | None:
    """The latest logs that he wrote; drafts stay on the list of their author."""
    if officer.kind == OfficerKind.STAFF:
        return None
    rows: Any = Visit.objects.allowed(request.user).filter(officer=officer).exclude(state=VisitState.DRAFT)
    context = {"visits": list(rows.listed()[:SHOWN]), "count": rows.count(), "officer": officer}
    return {"title": _("Visits"), "template": "patrols/_officer_visits.html", "context": context}


def reports_of(request: HttpRequest, officer: Officer) -> Panel | None:
    """The latest reports that he handed in."""
    rows = WorkReport.objects.allowed(request.user).filter(officer=officer).exclude(state=ReportState.DRAFT)
    shown = list(rows.select_related("addressee").order_by("-period_end_on", "kind", "-pk")[:SHOWN])
    if not shown:
        return None
    context = {"reports": shown, "officer": officer}
    return {"title": _("Reports"), "template": "patrols/_officer_reports.html", "context": context}


register_for_officer(visits_of, order=10)
register_for_officer(reports_of, order=20)
