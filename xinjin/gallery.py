"""A page with every component in every state, for those who build and review the product.

Only a trial shows it, and only to those who work in its admin; in production the address does not exist.
"""

from datetime import datetime, timedelta
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xinjin.accounts.models import User
from xinjin.forms import StrictFormSet

STATES = ("met", "partial", "missed", "excused", "not-due", "future")
VILLAGES = ("岳店", "宝峰", "兴乐", "刘河", "月花", "青云", "文武", "张河", "梨花溪", "九莲")
WEEKS = 13
FIRST_WEEK = 27


class SampleForm(forms.Form):
    """One field of each kind; posting it empty shows all mistakes at once."""

    village = forms.CharField(label="走访村（社区）", max_length=20)
    visited_on = forms.DateField(label="走访日期", widget=forms.DateInput(attrs={"type": "date"}))
    households = forms.IntegerField(label="入户数", min_value=0, help_text="少于 5 户也照实填写，并说明原因。")
    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), ("c", "民情"), ("d", "矛盾纠纷"), ("l", "苗头")])
    topics = forms.MultipleChoiceField(
        label="活动内容",
        choices=[("q", "入户走访"), ("p", "治安巡逻"), ("b", "治安通报"), ("m", "议事会")],
        widget=forms.CheckboxSelectMultiple,
    )
    result = forms.CharField(label="办理结果", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    waived = forms.BooleanField(label="本次无照片", required=False, help_text="需写明原因。")


class CallForm(forms.Form):
    address = forms.CharField(label="住址")
    name = forms.CharField(label="户主称呼", max_length=20)
    phone = forms.CharField(label="联系电话", required=False)
    note = forms.CharField(label="反映的问题", required=False)


CallFormSet = forms.formset_factory(CallForm, formset=StrictFormSet, extra=3, can_delete=True)


class SampleFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="关键词", method="ignore")
    kind = django_filters.ChoiceFilter(label="类别", choices=[("d", "矛盾纠纷"), ("l", "苗头")], method="ignore")
    since = django_filters.DateFilter(label="自", method="ignore", widget=forms.DateInput(attrs={"type": "date"}))

    def ignore(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset


@require_http_methods(["GET", "HEAD", "POST"])
def gallery(request: HttpRequest) -> HttpResponse:
    """All components on one page."""
    if not (settings.DEBUG or settings.DEMO) or not getattr(request.user, "is_staff", False):
        raise Http404
    posted = request.POST if request.method == "POST" else None
    if posted is None and "messages" in request.GET:
        messages.success(request, _("Saved."))
        messages.error(request, _("Not saved."))
    rows = Paginator(range(412), 50)
    calls = CallFormSet(posted, prefix="calls")
    return render(
        request,
        "gallery.html",
        {
            "form": SampleForm(posted, prefix="sample"),
            "formset": calls,
            "formsets": [calls],
            "filter": SampleFilter(request.GET, queryset=User.objects.none()),
            "page_obj": rows.get_page(request.GET.get("page")),
            "tones": ("ok", "warn", "bad", "info", "muted", "neutral"),
            "shapes": ("check", "up", "cross", "half", "dash", "dot", "ring"),
            "states": STATES,
            "weeks": [f"W{FIRST_WEEK + number}" for number in range(WEEKS)],
            "wall": _wall(),
            "score": _score(),
            "events": _events(),
            "pairs": [("村", "岳店村"), ("派出所", "五津派出所", "#"), ("包村辅警", ""), ("联系电话", "028-8252****")],
        },
    )


def _wall() -> list[tuple[str, list[str], int]]:
    """81 rows whose states repeat in a pattern, so that each appears beside each."""
    rows = []
    for number in range(81):
        cells = []
        for week in range(WEEKS):
            if week > 10:
                cells.append("future" if week == 12 else "not-due")
            else:
                cells.append(STATES[(0, 0, 1, 0, 0, 0, 2, 0, 3, 0, 0)[(number * 3 + week * 5) % 11]])
        rows.append((f"{VILLAGES[number % 10]}村", cells, cells.count("met")))
    return rows


def _score() -> list[dict]:
    lines = [
        ("A1", "进村到岗", "4 / 4 周", "15", 15, "ok", ""),
        ("A2", "入户走访", "18 / 20 户", "13.5", 15, "", "2 次走访各少 1 户"),
        ("A4", "矛盾纠纷", "办结 2 / 4 件", "11.0", 20, "warn", "2 件超过办理期限"),
        ("A9", "议事会", "0 / 1 次", "0", 5, "bad", "本月未参加议事会"),
    ]
    keys = ("code", "title", "fact", "points", "maximum", "tone", "reason")
    return [dict(zip(keys, line, strict=True)) for line in lines]


def _events() -> list[dict]:
    now = timezone.make_aware(datetime(2026, 3, 9, 16, 40))
    return [
        {"at": now, "actor": "周敏（值班所长）", "label": "退回", "note": "请补充第 3 户反映的问题。", "tone": "warn"},
        {"at": now - timedelta(hours=5), "actor": "李伟", "label": "提交", "note": "", "tone": "ok"},
        {"at": now - timedelta(days=1), "actor": "李伟", "label": "新建", "note": "", "tone": ""},
    ]


urlpatterns = [path("gallery/", gallery, name="gallery")]
