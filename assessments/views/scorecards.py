"""One person's scorecard, the records behind each line, and his own scores over time."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments import cards, records
from assessments.charts import trend_chart
from assessments.evidence import evidence_rows
from assessments.models import Assessment, AssessmentMonth, Signature
from assessments.presentation import ShownCard, ShownRubric, stored_card
from assessments.views.months import may_look, running_rows
from assessments.views.periods import not_begun, period_or_404, running_month
from villages.models import Assignment, Officer
from xinjin.accounts.roles import SUPERVISORS
from xinjin.periods import Month

PAGE_SIZE = 50
TREND_MONTHS = 12


def _card(request: HttpRequest, month: Month, number: str) -> tuple[ShownCard, ShownRubric, AssessmentMonth | None]:
    """The card of a month, stored or as of today; 404 for whom the user may not see."""
    row = AssessmentMonth.objects.select_related("rubric").filter(pk=month.key).first()
    if row is not None:
        rows = Assessment.objects.allowed(request.user).select_related("officer", "unit", "station")
        shown = ShownRubric.of(row.rubric)
        return stored_card(get_object_or_404(rows, month=row, officer__number=number), shown), shown, row
    people = Officer.objects.allowed(request.user, "score").select_related("unit")
    officer = get_object_or_404(people, number=number)
    try:
        found, shown = running_rows(month, [officer])
    except cards.NoRubric as error:
        raise Http404(str(error)) from error
    if not found:
        raise Http404
    return found[0], shown, None


@require_safe
def scorecard(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Item, rule, fact, points; each line opens to the records behind it."""
    may_look(request.user)
    month, running = period_or_404(Month, key), running_month()
    if month > running:
        return not_begun(request, month, reverse("month_list"))
    card, shown, row = _card(request, month, number)
    held = Assignment.objects.filter(officer=card.officer).during(month.counted).select_related("village")
    context: dict[str, Any] = {
        "month": month,
        "previous": month.previous(),
        "next": month.next() if month < running else None,
        "row": row,
        "is_running": month == running,
        "card": card,
        "rubric": shown.rubric,
        "assignments": held.order_by("start_on", "id"),
        "signature": Signature.objects.filter(month=row, station=card.station).select_related("signed_by").first()
        if row
        else None,
        "supervises": bool(request.user.roles & set(SUPERVISORS)),  # type: ignore[union-attr]
    }
    return render(request, "assessments/scorecard.html", context)


@require_safe
def evidence(request: HttpRequest, key: str, number: str, code: str) -> HttpResponse:
    """The records behind one line, week by week and row by row."""
    may_look(request.user)
    month = period_or_404(Month, key)
    if month > running_month():
        return not_begun(request, month, reverse("month_list"))
    card, shown, row = _card(request, month, number)
    line = card.by_code.get(code)
    if line is None:
        raise Http404
    parameters = line.item.variants.get(card.kind, {}).get("parameters", line.item.parameters)
    rows = records.evidence(card.officer.pk, month, line.item.metric)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "month": month,
        "row": row,
        "card": card,
        "line": line,
        "weeks": records.by_week(card.officer.pk, month, line.item.metric, parameters),
        "page_obj": page,
        "rows": evidence_rows(page),
        "today": timezone.localdate(),
    }
    return render(request, "assessments/evidence.html", context)


@require_safe
def trend(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """The person's scores of the year up to this month as a small chart."""
    may_look(request.user)
    month = period_or_404(Month, key)
    keys = [month.key]
    for _step in range(TREND_MONTHS - 1):
        month = month.previous()
        keys.append(month.key)
    seen = Assessment.objects.allowed(request.user).filter(officer__number=number, month__in=keys)
    scores = dict(seen.values_list("month", "score"))
    if not scores and not Officer.objects.allowed(request.user, "score").filter(number=number).exists():
        raise Http404
    return HttpResponse(trend_chart({key: scores.get(key) for key in reversed(keys)}), "image/svg+xml")
