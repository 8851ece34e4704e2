"""The visit standards as everybody may read them, and what other figures would have meant for the last month (R10)."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from patrols.models import VisitStandard
from patrols.norms import in_force, preview
from patrols.standards import DEFAULT_MINIMUMS
from villages.choices import Slot
from xinjin.access import engine
from xinjin.periods import Month

MOST = 99


class PreviewForm(forms.Form):
    """Figures to be tried out."""

    slot = forms.ChoiceField(label=_("Place"), choices=Slot.choices)
    min_households = forms.IntegerField(label=_("Households needed"), min_value=0, max_value=MOST)
    min_deeds = forms.IntegerField(label=_("Deeds needed"), min_value=0, max_value=MOST)


@require_safe
def standard_list(request: HttpRequest) -> HttpResponse:
    """The standards by place and date; for the brigade also a preview of other figures, which changes nothing."""
    if not engine.allows(request.user, VisitStandard, "view"):
        raise PermissionDenied
    today = timezone.localdate()
    may_change = engine.allows(request.user, VisitStandard, "add")
    initial = {"slot": Slot.OFFICER, **DEFAULT_MINIMUMS}
    form = PreviewForm(request.GET if "slot" in request.GET else None, initial=initial)
    shown = None
    if may_change and form.is_valid():
        figures = {name: form.cleaned_data[name] for name in DEFAULT_MINIMUMS if name in form.cleaned_data}
        shown = preview(form.cleaned_data["slot"], figures, Month.of(today).previous().counted)
    context = {
        "standards": VisitStandard.objects.order_by("slot", "-start_on", "pk"),
        "in_force": {row.pk for row in in_force(today).values()},
        "today": today,
        "form": form if may_change else None,
        "preview": shown,
        "month": Month.of(today).previous(),
    }
    return render(request, "patrols/standard_list.html", context)
