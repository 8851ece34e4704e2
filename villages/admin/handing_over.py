"""Hand-over notes, and the figures by which gaps are shown."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from villages.admin.dated import badge
from villages.models import GapNorm, HandOverNote
from villages.roster import save_gap_norm
from xinjin.access.admin import ScopedModelAdmin


class ConfirmedFilter(admin.SimpleListFilter):
    """Notes that their successor has confirmed, or not yet."""

    title = gettext_lazy("state")
    parameter_name = "confirmed"

    def lookups(self, request: Any, model_admin: Any) -> list:
        return [("no", gettext_lazy("Not confirmed yet")), ("yes", gettext_lazy("Confirmed"))]

    def queryset(self, request: Any, queryset: QuerySet) -> QuerySet:
        if self.value() not in ("no", "yes"):
            return queryset
        return queryset.filter(confirmed_at__isnull=self.value() == "no")


@admin.register(HandOverNote)
class HandOverNoteAdmin(ScopedModelAdmin):
    """Read here; written and confirmed on the note's page."""

    menu_order = 35
    list_display = ("village", "slot", "giver", "taker", "day", "state", "page")
    list_filter = (ConfirmedFilter, ("begun__village__station", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("begun__village", "begun__officer", "ended__officer")
    search_fields = (
        *("begun__village__name", "^begun__village__code", "^begun__village__pinyin", "^begun__village__initials"),
        *("begun__officer__name", "^begun__officer__number", "ended__officer__name", "^ended__officer__number"),
    )
    search_help_text = gettext_lazy("Village or person: name, number, code, pinyin or initials.")
    ordering = ("-created_at", "-pk")
    view_on_site = False
    fields = ("village", "slot", "giver", "taker", "day", "text", "state", "remark", "page")
    readonly_fields = ("village", "slot", "giver", "taker", "day", "state", "page")

    @admin.display(description=gettext_lazy("village"), ordering="begun__village__code")
    def village(self, row: HandOverNote) -> str:
        return row.village.name

    @admin.display(description=gettext_lazy("place"))
    def slot(self, row: HandOverNote) -> str:
        return row.begun.get_slot_display()

    @admin.display(description=gettext_lazy("predecessor"))
    def giver(self, row: HandOverNote) -> str:
        return str(row.giver)

    @admin.display(description=gettext_lazy("successor"))
    def taker(self, row: HandOverNote) -> str:
        return str(row.taker)

    @admin.display(description=gettext_lazy("first day"), ordering="begun__start_on")
    def day(self, row: HandOverNote) -> str:
        return f"{row.day:%Y-%m-%d}"

    @admin.display(description=gettext_lazy("state"), ordering="confirmed_at")
    def state(self, row: HandOverNote) -> SafeString:
        return badge(_("Confirmed"), "ok") if row.confirmed_at else badge(_("Not confirmed yet"), "warn")

    @admin.display(description=gettext_lazy("page"))
    def page(self, row: HandOverNote) -> SafeString:
        return format_html('<a href="{}">{}</a>', row.get_absolute_url(), _("Open"))


@admin.register(GapNorm)
class GapNormAdmin(ScopedModelAdmin):
    """How early and how strictly gaps are shown."""

    menu_order = 95
    verb = staticmethod(save_gap_norm)
    list_display = ("start_on", "ahead_days", "leave_days", "contact_weeks")
    ordering = ("-start_on",)
    fields = ("start_on", "ahead_days", "leave_days", "contact_weeks")
