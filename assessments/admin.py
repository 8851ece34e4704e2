"""Scores and bulletins in the admin: read-only, with the stations' and the brigade's acts leading to their pages."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import cards
from assessments.models import Assessment, AssessmentMonth, Bulletin, GradeBand, Rubric
from assessments.presentation import ShownRubric, short, stored_card
from villages.choices import OfficerKind
from xinjin.access import engine
from xinjin.access.admin import ScopedModelAdmin


@admin.register(Rubric)
class RubricAdmin(ScopedModelAdmin):
    list_display = ("code", "title", "start_on", "end_on", "frozen_at")
    ordering = ("-start_on",)
    fields = readonly_fields = ("code", "title", "start_on", "end_on", "frozen_at", "bands", "items")

    @admin.display(description=gettext_lazy("rubric items"))
    def items(self, rubric: Rubric) -> SafeString:
        kinds = dict(OfficerKind.choices)
        rows = [
            {
                "item": item,
                "variants": [
                    {"kind": kinds.get(kind, kind), "rule": values.get("rule", item.rule)}
                    for kind, values in item.variants.items()
                ],
            }
            for item in rubric.items.order_by("position", "id")
        ]
        return SafeString(render_to_string("admin/assessments/_rubric_items.html", {"rows": rows}))

    @admin.display(description=gettext_lazy("grade bands"))
    def bands(self, rubric: Rubric) -> str:
        return _(", ").join(f"{band.label} ≥ {short(band.minimum)}" for band in GradeBand.of(rubric))


class MonthActionsMixin:
    """Acts on one month; each leads to the page that shows what it means and asks for confirmation."""

    def has_sign_permission(self, request: Any) -> bool:
        return engine.allows(request.user, Assessment, "sign")

    def has_lock_permission(self, request: Any) -> bool:
        return engine.allows(request.user, AssessmentMonth, "lock")

    @admin.action(description=gettext_lazy("Sign the month for my station…"), permissions=["sign"])
    def sign(self, request: Any, queryset: QuerySet) -> HttpResponse | None:
        return self._to_page(request, queryset, "month_sign")

    @admin.action(description=gettext_lazy("Lock the month…"), permissions=["lock"])
    def lock(self, request: Any, queryset: QuerySet) -> HttpResponse | None:
        return self._to_page(request, queryset, "month_lock")

    def _to_page(self, request: Any, queryset: QuerySet, name: str) -> HttpResponse | None:
        field = "pk" if queryset.model is AssessmentMonth else "month_id"
        keys = sorted(set(queryset.values_list(field, flat=True)))
        if len(keys) == 1:
            return redirect(name, key=keys[0])
        self.message_user(request, _("Choose rows of one month."), messages.WARNING)  # type: ignore[attr-defined]
        return None


@admin.register(AssessmentMonth)
class AssessmentMonthAdmin(MonthActionsMixin, ScopedModelAdmin):
    list_display = ("key", "rubric", "computed_at", "objections_until", "locked_at", "locked_by", "page")
    list_select_related = ("rubric", "locked_by")
    ordering = ("-key",)
    actions = ("sign", "lock")
    fields = readonly_fields = ("key", "rubric", "computed_at", "objections_until", "locked_at", "locked_by", "page")

    def render_change_form(self, request: Any, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        """The month with the people in it, each leading to the scorecard, and the acts that are this role's."""
        month = kwargs["obj"]
        shown = ShownRubric.of(month.rubric)
        rows = Assessment.objects.allowed(request.user, "view").filter(month=month)
        in_order = rows.select_related("officer", "unit", "station").order_by(
            "station__position", "officer__pinyin", "id"
        )
        context |= {
            "cards": [stored_card(assessment, shown) for assessment in in_order],
            "can_sign": Assessment.objects.allowed(request.user, "sign").filter(month=month).exists(),
            "can_lock": AssessmentMonth.objects.allowed(request.user, "lock").filter(pk=month.pk).exists(),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=gettext_lazy("page"))
    def page(self, month: AssessmentMonth) -> str:
        return format_html('<a href="{}">{}</a>', reverse("month_detail", args=[month.key]), month.key)


@admin.register(Assessment)
class AssessmentAdmin(MonthActionsMixin, ScopedModelAdmin):
    list_display = ("month", "officer_name", "kind", "unit", "station", "score", "grade_label", "remark", "state")
    list_display_links = ("officer_name",)
    list_filter = ("month", ("station", admin.RelatedOnlyFieldListFilter), "kind", "state", "remark")
    list_select_related = ("month__rubric", "officer", "unit", "station")
    search_fields = ("officer__name", "officer__number", "officer__pinyin", "officer__initials")
    search_help_text = gettext_lazy("Name, pinyin or number.")
    ordering = ("-month", "station__position", "officer__pinyin", "id")
    actions = ("sign",)
    fields = readonly_fields = (
        "month",
        "officer",
        "kind",
        "unit",
        "station",
        "state",
        "remark",
        "score",
        "grade_label",
        "page",
        "scorecard",
    )

    def get_queryset(self, request: Any) -> QuerySet:
        return super().get_queryset(request).prefetch_related("month__rubric__bands")

    @admin.display(description=gettext_lazy("name"), ordering="officer__pinyin")
    def officer_name(self, assessment: Assessment) -> str:
        return assessment.officer.name

    @admin.display(description=gettext_lazy("grade"), ordering="grade")
    def grade_label(self, assessment: Assessment) -> str:
        labels = {band.code: band.label for band in assessment.month.rubric.bands.all()}
        return labels.get(assessment.grade, assessment.grade)

    @admin.display(description=gettext_lazy("page"))
    def page(self, assessment: Assessment) -> str:
        address = reverse("scorecard", args=[assessment.month_id, assessment.officer.number])
        return format_html('<a href="{}">{}</a>', address, _("Scorecard with the records behind it"))

    @admin.display(description=gettext_lazy("lines"))
    def scorecard(self, assessment: Assessment) -> SafeString:
        shown = ShownRubric.of(assessment.month.rubric)
        context = {
            "lines": shown.lines(cards.lines_from(assessment.lines), assessment.kind),
            "key": assessment.month_id,
            "number": assessment.officer.number,
        }
        return SafeString(render_to_string("assessments/_lines.html", context))


@admin.register(Bulletin)
class BulletinAdmin(ScopedModelAdmin):
    list_display = ("quarter", "version", "number", "state", "drawn_up_at", "issued_at", "page")
    list_filter = ("state",)
    ordering = ("-quarter", "-version")
    fields = readonly_fields = (
        "quarter",
        "version",
        "number",
        "state",
        "reason",
        "drawn_up_at",
        "drawn_up_by",
        "issued_at",
        "issued_by",
        "sha256",
        "page",
    )

    def get_queryset(self, request: Any) -> QuerySet:
        return super().get_queryset(request).defer("snapshot").select_related("drawn_up_by", "issued_by")

    @admin.display(description=gettext_lazy("page"))
    def page(self, bulletin: Bulletin) -> str:
        address = f"{reverse('bulletin_detail', args=[bulletin.quarter])}?version={bulletin.version}"
        return format_html('<a href="{}">{}</a>', address, bulletin.quarter)
