"""The visit standards, kept by the brigade (R10)."""

from django.contrib import admin

from patrols.models import VisitStandard
from patrols.norms import save_standard
from xinjin.access.admin import ScopedModelAdmin


@admin.register(VisitStandard)
class VisitStandardAdmin(ScopedModelAdmin):
    menu_order = 120
    verb = staticmethod(save_standard)
    list_display = ("slot", "start_on", "min_households", "min_deeds", "min_photos")
    list_filter = ("slot",)
    ordering = ("slot", "-start_on", "pk")
    fields = ("slot", "start_on", "min_households", "min_deeds", "min_photos")
