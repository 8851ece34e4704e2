"""Measures of councils: their list, and one of them with what became of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from patrols.councils import end_measure
from patrols.forms.councils import EndForm
from patrols.lists import MEASURES
from patrols.models import CouncilMeasure
from xinjin.access import engine
from xinjin.errors import Conflict
from xinjin.forms import add_errors
from xinjin.lists.views import ListPage

ROWS = CouncilMeasure.objects.select_related("meeting__village", "village__station", "officer", "contact", "ended_by")


class MeasureList(ListPage):
    """The measures that the user may see."""

    definition = MEASURES
    template_name = "patrols/measure_list.html"


@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """The measure; a POST says what became of it. With htmx the answer is its line on the page of a council."""
    if request.method != "POST":
        return _page(request, engine.get_allowed(request.user, ROWS, pk=pk))
    row = engine.get_allowed(request.user, ROWS, "end", pk=pk)
    form = EndForm(request.POST, auto_id=f"end_{pk}_%s")
    if not form.is_valid():
        return _page(request, row, form)
    try:
        end_measure(by=request.user, measure=row, **form.cleaned_data)
    except ValidationError as error:
        add_errors(form, error)
        return _page(request, row, form)
    except Conflict as conflict:
        row = ROWS.get(pk=pk)
        return _page(request, row, conflict=conflict, status=409)
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, _("Noted."))
        return redirect("measure", pk)
    return _page(request, ROWS.get(pk=pk))


def _page(
    request: HttpRequest, row: CouncilMeasure, form: EndForm | None = None, *, conflict: Any = None, status: int = 200
) -> HttpResponse:
    may_end = row.is_open and CouncilMeasure.objects.allowed(request.user, "end").filter(pk=row.pk).exists()
    is_line = request.method == "POST" and request.htmx  # type: ignore[attr-defined]
    context = {
        "measure": row,
        "may_end": may_end,
        "end_form": form or EndForm(auto_id=f"end_{row.pk}_%s"),
        "is_open": form is not None,
        "conflict": conflict,
        "both": list(conflict.mine.items()) + list(conflict.theirs.items()) if conflict else [],
    }
    # A line in place of the old one: htmx takes no other status than 200 into the page.
    template = "patrols/_measure_line.html" if is_line else "patrols/measure.html"
    return render(request, template, context, status=200 if is_line else status)
