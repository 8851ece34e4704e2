"""What the officer's week shows of the score: this month so far, and the last month that was computed."""

from typing import Any

from django.http import HttpRequest

from assessments.cards import NoRubric
from assessments.models import Assessment
from assessments.presentation import ShownRubric, stored_card
from assessments.views.months import running_rows
from assessments.views.periods import running_month
from patrols.week import register_panel
from villages.models import Officer


def score_so_far(request: HttpRequest, officer: Officer) -> dict[str, Any] | None:
    """The running month's card, and the newest computed one; None for who holds no village."""
    month = running_month()
    try:
        rows, shown = running_rows(month, [officer])
    except NoRubric:
        rows, shown = [], None
    stored = Assessment.objects.filter(officer=officer).select_related("month__rubric", "officer", "unit", "station")
    newest = stored.order_by("-month").first()
    if not rows and newest is None:
        return None
    return {
        "template": "assessments/_panel.html",
        "context": {
            "month": month,
            "number": officer.number,
            "card": rows[0] if rows else None,
            "lacking": [line for line in rows[0].lines if line.tone in ("warn", "bad")] if rows else [],
            "newest": stored_card(newest, _rubric_of(newest, shown)) if newest else None,
        },
    }


def _rubric_of(card: Assessment, shown: ShownRubric | None) -> ShownRubric:
    """The rubric of a card: the one already read for the page, or its own."""
    rubric = card.month.rubric
    return shown if shown is not None and shown.rubric.pk == rubric.pk else ShownRubric.of(rubric)


register_panel(score_so_far)
