"""What this app shows on the page of a person: his latest scores, to those who may see them."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.presentation import ShownRubric, stored_card
from villages.models import Officer
from villages.panels import Panel, register_for_officer

SHOWN = 6


def scores_of(request: HttpRequest, officer: Officer) -> Panel | None:
    """His scores of the last months. Colleagues never see them."""
    rows = Assessment.objects.allowed(request.user).filter(officer=officer)
    stored = list(rows.select_related("month__rubric", "officer", "unit", "station").order_by("-month")[:SHOWN])
    if not stored:
        return None
    rubrics = {row.month.rubric_id: row.month.rubric for row in stored}
    shown = {pk: ShownRubric.of(rubric) for pk, rubric in rubrics.items()}
    cards = [(row.month_id, stored_card(row, shown[row.month.rubric_id])) for row in stored]
    context = {"scores": cards, "officer": officer}
    return {"title": _("Scores"), "template": "assessments/_officer_scores.html", "context": context}


register_for_officer(scores_of, order=30)
