"""Pages of the months: the list, one month's table, and its download."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments import cards
from assessments.choices import Remark
from assessments.downloads import record_month_download
from assessments.filters import AssessmentFilter, PersonFilter
from assessments.forms import CommentsForm, RestForm, ReturnMonthForm
from assessments.models import Assessment, AssessmentMonth, Signature
from assessments.months import month_rows, station_states
from assessments.presentation import ShownCard, ShownRubric, running_card, scored_items, stored_card
from assessments.tables import month_table
from assessments.views.periods import not_begun, period_or_404, running_month
from villages.models import Assignment, Officer, Unit
from xinjin.access import engine
from xinjin.access.engine import get_allowed
from xinjin.accounts.roles import SUPERVISORS
from xinjin.periods import Month
from xinjin.reporting import DOWNLOAD_FORMATS, download_response
from xinjin.reporting import render as render_report

PAGE_SIZE = 50
ORDER = ("station__position", "station__code", "officer__pinyin", "officer__number")


def may_look(user: Any) -> None:
    """403 for roles that see no score at all."""
    if not engine.allows(user, Assessment, "view"):
        raise PermissionDenied


@require_safe
def month_list(request: HttpRequest) -> HttpResponse:
    """The months with their state, the running one on top."""
    may_look(request.user)
    rows = month_rows(request.user, running_month(), timezone.localdate())
    context = {
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "supervises": bool(request.user.roles & set(SUPERVISORS)),  # type: ignore[union-attr]
        "may_open": engine.allows(request.user, AssessmentMonth, "open"),
        "officer": Officer.objects.filter(user=request.user).first(),  # type: ignore[misc]
    }
    return render(request, "assessments/month_list.html", context)


@require_safe
def month_detail(request: HttpRequest, key: str) -> HttpResponse:
    """People down, items across; officers are sent to their own card."""
    may_look(request.user)
    month = period_or_404(Month, key)
    running = running_month()
    if month > running:
        return not_begun(request, month, reverse("month_list"))
    if not request.user.roles & set(SUPERVISORS):  # type: ignore[union-attr]
        officer = get_object_or_404(Officer, user=request.user)
        return redirect("scorecard", key=key, number=officer.number)
    row = AssessmentMonth.objects.allowed(request.user).select_related("rubric", "locked_by").filter(pk=key).first()
    context: dict[str, Any] = {
        "month": month,
        "row": row,
        "is_running": month == running,
        **_neighbours(month, running),
    }
    context |= _stored(request, row) if row is not None else _so_far(request, month)
    return render(request, "assessments/month_detail.html", context)


def _neighbours(month: Month, running: Month) -> dict[str, Any]:
    return {"previous": month.previous(), "next": month.next() if month < running else None}


def _stored(request: HttpRequest, row: AssessmentMonth) -> dict[str, Any]:
    """The table of an opened month, with what the user may do in it."""
    filters = AssessmentFilter(request.GET, queryset=stored_rows(request.user, row), request=request)
    page = Paginator(filters.qs.order_by(*ORDER), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = ShownRubric.of(row.rubric)
    rows = [stored_card(assessment, shown) for assessment in page]
    mine = Assessment.objects.allowed(request.user, "remark").filter(month=row)
    own = set(mine.filter(pk__in=[assessment.pk for assessment in page]).values_list("pk", flat=True))
    comments = CommentsForm([assessment for assessment in page if assessment.pk in own])
    signable = Assessment.objects.allowed(request.user, "sign").filter(month=row)
    returnable = Signature.objects.allowed(request.user, "return").filter(month=row)
    return {
        "filter": filters,
        "page_obj": page,
        "rows": rows,
        "cells": _cells(rows, shown, {pk: comments[name] for pk, name in comments.names.items()}),
        "items": scored_items(shown, rows),
        "states": station_states(request.user, row),
        "comments": comments if own else None,
        "rest": RestForm(initial={"remark": Remark.GOOD}) if own else None,
        "can_sign": signable.exists(),
        "can_lock": AssessmentMonth.objects.allowed(request.user, "lock").filter(pk=row.pk).exists(),
        "return_form": ReturnMonthForm(Unit.objects.filter(pk__in=returnable.values("station")))
        if returnable
        else None,
        "formats": ("xlsx", "csv"),
    }


def stored_rows(user: Any, row: AssessmentMonth) -> QuerySet:
    """The assessments of a month that the user may see, with what a row shows."""
    rows = Assessment.objects.allowed(user).filter(month=row)
    return rows.select_related("officer", "unit", "station")


def _so_far(request: HttpRequest, month: Month) -> dict[str, Any]:
    """The table of a month that is running or not computed yet: one page of people computed for this glance."""
    held = Assignment.objects.during(month.counted)
    people = Officer.objects.allowed(request.user, "score").filter(pk__in=held.values("officer"))
    filters = PersonFilter(request.GET, queryset=people, request=request)
    ordered = (
        filters.qs.select_related("unit")
        .annotate(place=Min("assignments__village__station__position"))
        .order_by("place", "pinyin", "number")
    )
    page = Paginator(ordered, PAGE_SIZE).get_page(request.GET.get("page"))
    try:
        rows, shown = running_rows(month, list(page))
    except cards.NoRubric as error:
        return {"filter": filters, "page_obj": page, "rows": [], "problem": str(error)}
    return {
        "filter": filters,
        "page_obj": page,
        "rows": rows,
        "cells": _cells(rows, shown, {}),
        "items": scored_items(shown, rows),
    }


def running_rows(month: Month, officers: list[Officer]) -> tuple[list[ShownCard], ShownRubric]:
    """The cards of some people as of today, in their order. Raises NoRubric."""
    shown = ShownRubric.of(cards.rubric_of(month))
    computed = cards.compute(
        month,
        cards.scoring_rubric(shown.rubric),
        as_of=timezone.localdate(),
        officer_ids=[officer.pk for officer in officers],
    )
    by_officer = {card.person.officer_id: card for card in computed}
    stations = Unit.objects.in_bulk({card.person.station_id for card in computed})
    return [
        running_card(card, shown, officer=officer, station=stations[card.person.station_id])
        for officer in officers
        if (card := by_officer.get(officer.pk)) is not None
    ], shown


def _cells(rows: list[ShownCard], shown: ShownRubric, selects: dict[int, Any]) -> list[dict[str, Any]]:
    """The table as the template walks it: each person with a line for every item that counts."""
    items = scored_items(shown, rows)
    return [
        {
            "card": row,
            "lines": [row.by_code.get(item.code) for item in items],
            "select": selects.get(row.assessment.pk) if row.assessment else None,
            "opens_station": at == 0 or rows[at - 1].station != row.station,
        }
        for at, row in enumerate(rows)
    ]


@require_safe
def month_download(request: HttpRequest, key: str, file_format: str) -> HttpResponse:
    """The month's table as a file, with the rows and filters of the page; noted in the trail."""
    may_look(request.user)
    period_or_404(Month, key)
    row = get_allowed(request.user, AssessmentMonth.objects.select_related("rubric"), pk=key)
    if file_format not in DOWNLOAD_FORMATS:
        raise Http404
    filters = AssessmentFilter(request.GET, queryset=stored_rows(request.user, row), request=request)
    shown = ShownRubric.of(row.rubric)
    rows = [stored_card(assessment, shown) for assessment in filters.qs.order_by(*ORDER)]
    table = month_table(row, rows, scored_items(shown, rows), issued_on=timezone.localdate())
    record_month_download(by=request.user, month=row, file_format=file_format, rows=len(rows))
    return download_response(render_report(table, file_format))
