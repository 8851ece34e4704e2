"""The ledger in the admin: looked up with its history, acts are done on the page of the case; limits are kept here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from patrols.admin.reports import of_person
from patrols.ledger.limits import save_ledger_norm, save_limit
from patrols.ledger.reading import hidden_in, read_by, title_of
from patrols.ledger.search import found_by
from patrols.models import BaseInfoChange, Case, CaseLimit, LedgerNorm
from villages.masking import hide_names
from xinjin.access.admin import ScopedModelAdmin

LONGEST_TEXT = 50


@admin.register(Case)
class CaseAdmin(ScopedModelAdmin):
    menu_order = 115
    list_display = ("number", "level", "kind", "category", "village", "owner", "opened_on", "due_on", "state", "page")
    list_filter = ("state", "level", "kind", "category", ("village__station", admin.RelatedOnlyFieldListFilter))
    date_hierarchy = "opened_on"
    search_fields = ("number",)  # what is looked through is said by get_search_results
    search_help_text = _("Number, what it is about, village or owner.")
    ordering = ("-opened_on", "-created_at", "id")
    view_on_site = False
    readonly_fields = ("page", "about", "details", "how")
    fieldsets = (
        (None, {"fields": ("number", "kind", "category", "scale", "level", "village", "about", "details", "page")}),
        (_("State"), {"fields": ("state", "owner", "opened_on", "due_on", "reopened_count", "closed_on")}),
        (_("Result"), {"fields": ("resolved_on", "outcome", "method", "resolver", "how", "answered_on")}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return read_by(super().get_queryset(request), request.user).select_related("village", "owner")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """As in the ledger: a resident's name finds nothing for who does not handle the case."""
        term = search_term.strip()[:LONGEST_TEXT]
        return (queryset.filter(found_by(term, request.user)) if term else queryset), False

    @admin.display(description=_("what it is about"))
    def about(self, row: Case) -> str:
        return title_of(row)

    @admin.display(description=_("details"))
    def details(self, row: Case) -> str:
        return hide_names(row.detail, hidden_in(row))

    @admin.display(description=_("result"))
    def how(self, row: Case) -> str:
        return hide_names(row.result, hidden_in(row))

    @admin.display(description=_("page"))
    def page(self, row: Case) -> Any:
        return format_html('<a href="{}">{}</a>', row.get_absolute_url(), _("Open"))


@admin.register(CaseLimit)
class CaseLimitAdmin(ScopedModelAdmin):
    menu_order = 121
    verb = staticmethod(save_limit)
    list_display = ("level", "start_on", "days", "unit", "start_days", "weekly")
    list_filter = ("level",)
    ordering = ("level", "-start_on", "pk")
    fields = ("level", "start_on", "days", "unit", "start_days", "weekly")


@admin.register(LedgerNorm)
class LedgerNormAdmin(ScopedModelAdmin):
    """How soon the ledger asks for something, and whom it tells."""

    menu_order = 122
    verb = staticmethod(save_ledger_norm)
    list_display = (
        "start_on", "follow_up_first", "follow_up_second", "repeat_days", "step_days", "answer_days", "pause_days",
    )  # fmt: skip
    ordering = ("-start_on",)
    fieldsets = (
        (None, {"fields": ("start_on", "repeat_days", "step_days", "entry_days")}),
        (_("Follow-up calls"), {"fields": ("follow_up_first", "ahead_first", "follow_up_second", "ahead_second")}),
        (_("Waiting for others"), {"fields": ("answer_days", "pause_days", "forward_days")}),
        (
            _("Whom it tells"),
            {"fields": ("escalate_officer", "escalate_station", "escalate_brigade", "duty_from", "duty_until")},
        ),
    )


@admin.register(BaseInfoChange)
class BaseInfoChangeAdmin(ScopedModelAdmin):
    menu_order = 116
    list_display = ("found_on", "village", "subject", "action", "found_by", "due_on", "state", "forwarded_on", "page")
    list_filter = ("state", "subject", "action", ("village__station", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("village", "found_by")
    date_hierarchy = "found_on"
    search_fields = ("village__name", "receipt", *of_person("found_by"))
    search_help_text = _("Village, receipt or who found it.")
    ordering = ("-found_on", "-created_at", "id")
    view_on_site = False
    readonly_fields = ("page",)
    fields = (
        "village", "subject", "action", "address", "what", "found_on", "found_by", "due_on", "state", "checked_on",
        "checked_by", "remark", "forwarded_on", "receipt", "page",
    )  # fmt: skip

    @admin.display(description=_("page"))
    def page(self, row: BaseInfoChange) -> Any:
        return format_html('<a href="{}?change={}">{}</a>', reverse("base_info_list"), row.pk, _("Open"))
