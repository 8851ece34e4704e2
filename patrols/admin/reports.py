"""Reports and reminders, to be looked up; they are reviewed on their pages."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from patrols.models import Reminder, WorkReport
from xinjin.access.admin import ScopedModelAdmin


def of_person(path: str) -> tuple[str, ...]:
    """Search fields of the person at `path`."""
    return (f"{path}__name", f"^{path}__number", f"^{path}__pinyin", f"^{path}__initials")


@admin.register(WorkReport)
class WorkReportAdmin(ScopedModelAdmin):
    menu_order = 130
    list_display = ("period", "kind", "officer", "addressee", "state", "due_on", "submitted_at", "is_late", "page")
    list_filter = ("kind", "state", "is_late", ("addressee", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("officer", "addressee")
    date_hierarchy = "period_end_on"
    search_fields = ("period", *of_person("officer"))
    search_help_text = _("Period, or name, number, pinyin or initials of a person.")
    ordering = ("-period_end_on", "kind", "pk")
    fieldsets = (
        (None, {"fields": ("kind", "period", "officer", "addressee", "state", "due_on", "page")}),
        (_("Text"), {"fields": ("summary", "problems", "plan")}),
        (_("Review"), {"fields": ("submitted_at", "is_late", "comment", "instructions", "reviewed_at", "reviewed_by")}),
    )
    readonly_fields = ("page",)

    @admin.display(description=_("page"))
    def page(self, row: WorkReport) -> Any:
        return format_html('<a href="{}">{}</a>', reverse("report_detail", args=[row.pk]), _("Open"))


@admin.register(Reminder)
class ReminderAdmin(ScopedModelAdmin):
    menu_order = 140
    list_display = ("kind", "recipient", "period", "due_on", "created_at", "delivered_at")
    list_filter = ("kind",)
    list_select_related = ("recipient",)
    search_fields = ("period", *of_person("recipient"))
    ordering = ("-created_at", "-pk")
    fields = ("kind", "recipient", "period", "due_on", "created_at", "delivered_at")
