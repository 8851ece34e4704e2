"""Make-up workdays and days off against the library, kept by the system administrator."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from xinjin.access.admin import ScopedModelAdmin
from xinjin.audit.trail import save_recorded
from xinjin.workdays.models import WorkdayOverride


def save_override(override: WorkdayOverride, *, by: Any) -> WorkdayOverride:
    """Adds or changes an override; calendars count it from the next request."""
    return save_recorded(override, by=by)


@admin.register(WorkdayOverride)
class WorkdayOverrideAdmin(ScopedModelAdmin):
    verb = staticmethod(save_override)
    list_display = ("day", "weekday", "kind", "note")
    list_filter = ("is_workday",)
    date_hierarchy = "day"
    search_fields = ("note",)
    search_help_text = _("Note.")
    ordering = ("-day",)
    fields = ("day", "is_workday", "note")

    @admin.display(description=_("weekday"))
    def weekday(self, override: WorkdayOverride) -> str:
        names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
        return str(names[override.day.weekday()])

    @admin.display(description=_("kind"), ordering="is_workday")
    def kind(self, override: WorkdayOverride) -> SafeString:
        word, tone = (_("Working day"), "info") if override.is_workday else (_("Day off"), "muted")
        return format_html('<span class="badge badge--{}">{}</span>', tone, word)
