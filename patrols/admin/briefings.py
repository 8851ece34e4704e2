"""Kept by the brigade: the library of prevention texts, and the import of incident counts (R8)."""

from typing import Any

from django.contrib import admin

from patrols.briefings.texts import save_text
from patrols.imports import INCIDENTS
from patrols.models import IncidentCount, PreventionText
from villages.admin.imports import ImportMixin
from xinjin.access.admin import ScopedModelAdmin


@admin.register(PreventionText)
class PreventionTextAdmin(ScopedModelAdmin):
    menu_order = 123
    verb = staticmethod(save_text)
    list_display = ("category", "season", "text", "valid_from", "valid_to")
    list_display_links = ("text",)
    list_filter = ("category", "season")
    search_fields = ("text",)
    ordering = ("category", "season", "pk")
    fields = ("category", "season", "text", "valid_from", "valid_to")


@admin.register(IncidentCount)
class IncidentCountAdmin(ImportMixin, ScopedModelAdmin):
    """For those who import; the others read the counts on the page of incidents."""

    import_kind = INCIDENTS
    menu_order = 122
    view_action = "change"
    list_display = ("starts_on", "village", "category", "count")
    list_filter = ("category", ("village__station", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("village",)
    date_hierarchy = "starts_on"
    search_fields = ("village__name", "village__code")
    ordering = ("-starts_on", "village__code", "category", "pk")

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        return self.list_display
