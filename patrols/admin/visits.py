"""Visits in the admin: looked up and returned; they are written by their authors on the visit's page."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patrols.admin.reports import of_person
from patrols.choices import Topic, VisitState
from patrols.filters.visits import STANDARD
from patrols.forms.visits import ReturnForm
from patrols.models import Activity, BaseInfoRow, Deed, HouseholdCall, Photo, Visit, VisitTransition
from patrols.visits import return_visit
from patrols.wording import beneficiary, household, resident
from villages.admin.dated import badge
from villages.households import sees_residents
from xinjin.access import engine
from xinjin.access.admin import ScopedModelAdmin
from xinjin.errors import Conflict
from xinjin.forms import add_errors


class PartInline(admin.TabularInline):
    """Parts of a visit, never written here; who sees the visit sees them, residents' names as on its page."""

    extra = 0
    can_delete = False
    in_full = False

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        self.in_full = obj is not None and sees_residents(request.user, obj.village)  # inlines live for one request
        return super().get_formset(request, obj, **kwargs)

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return engine.allows(request.user, Visit, "view")

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


class CallInline(PartInline):
    model = HouseholdCall
    fields = readonly_fields = ("household_shown", "spoke_with_shown", "topics_shown", "raised")
    ordering = ("position", "id")

    def get_queryset(self, request: Any) -> QuerySet:
        return super().get_queryset(request).select_related("household")

    @admin.display(description=gettext_lazy("household"))
    def household_shown(self, row: HouseholdCall) -> str:
        return household(row, in_full=self.in_full)

    @admin.display(description=gettext_lazy("spoke with"))
    def spoke_with_shown(self, row: HouseholdCall) -> str:
        return resident(row.spoke_with, in_full=self.in_full)

    @admin.display(description=gettext_lazy("topics"))
    def topics_shown(self, row: HouseholdCall) -> str:
        return "、".join(str(Topic(topic).label) for topic in row.topics if topic in Topic.values)


class DeedInline(PartInline):
    model = Deed
    fields = readonly_fields = ("beneficiary_shown", "matter", "outcome", "result")
    ordering = ("position", "id")

    @admin.display(description=gettext_lazy("for whom"))
    def beneficiary_shown(self, row: Deed) -> str:
        return beneficiary(row, in_full=self.in_full)


class ActivityInline(PartInline):
    model = Activity
    fields = readonly_fields = ("kind", "people_count", "nothing_found", "note")
    ordering = ("kind", "id")


class BaseInfoInline(PartInline):
    model = BaseInfoRow
    fields = readonly_fields = ("subject", "action", "address", "what")
    ordering = ("position", "id")


class PhotoInline(PartInline):
    model = Photo
    fields = readonly_fields = ("picture", "caption", "uploaded_at", "width", "height")
    ordering = ("position", "uploaded_at", "id")

    @admin.display(description=gettext_lazy("picture"))
    def picture(self, row: Photo) -> Any:
        address, small = reverse("photo_file", args=[row.pk]), reverse("photo_small", args=[row.pk])
        return format_html('<a href="{}"><img src="{}" alt="{}" height="60"></a>', address, small, _("Photo"))


class TransitionInline(PartInline):
    model = VisitTransition
    fields = readonly_fields = ("at", "state", "by", "reason")
    ordering = ("at", "id")

    def get_queryset(self, request: Any) -> QuerySet:
        return super().get_queryset(request).select_related("by")


class StandardFilter(admin.SimpleListFilter):
    """Visits handed in that meet the norm of their day, or do not."""

    title = gettext_lazy("up to standard")
    parameter_name = "standard"

    def lookups(self, request: Any, model_admin: Any) -> list:
        return STANDARD

    def queryset(self, request: Any, queryset: QuerySet) -> QuerySet:
        if self.value() not in ("met", "below"):
            return queryset
        return queryset.exclude(state=VisitState.DRAFT).filter(is_up_to_standard=self.value() == "met")


@admin.register(Visit)
class VisitAdmin(ScopedModelAdmin):
    menu_order = 110
    list_display = (
        "visited_on", "village", "station", "officer", "household_count", "deed_count", "photo_count",
        "standard", "state", "late", "page",
    )  # fmt: skip
    list_filter = ("state", StandardFilter, "is_late", ("village__station", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("village__station", "officer")
    date_hierarchy = "visited_on"
    search_fields = ("village__name", "^village__pinyin", "^village__initials", "summary", *of_person("officer"))
    search_help_text = gettext_lazy("Village, author or what was done.")
    ordering = ("-visited_on", "-started_at", "id")
    view_on_site = False
    actions = ("return_with_remark",)
    inlines = (CallInline, DeedInline, ActivityInline, BaseInfoInline, PhotoInline, TransitionInline)
    readonly_fields = ("page", "station", "standard", "late")
    fieldsets = (
        (None, {"fields": ("village", "officer", "visited_on", "started_at", "ended_at", "summary", "page")}),
        (
            gettext_lazy("Standard"),
            {
                "fields": (
                    ("household_count", "min_households"), ("deed_count", "min_deeds"), "photo_count",
                    "standard", "shortfall_reason", "photo_waiver",
                )
            },
        ),
        (gettext_lazy("State"), {"fields": ("state", "submitted_at", "late")}),
    )  # fmt: skip

    @admin.display(description=gettext_lazy("station"))
    def station(self, row: Visit) -> str:
        return row.village.station.name

    @admin.display(description=gettext_lazy("up to standard"), ordering="is_up_to_standard")
    def standard(self, row: Visit) -> Any:
        if row.state == VisitState.DRAFT:
            return self.empty_value_display
        if row.is_up_to_standard:
            return badge(_("Meets the standard"), "ok")
        return badge(_("Below standard"), "warn")

    @admin.display(description=gettext_lazy("entered late"), ordering="is_late")
    def late(self, row: Visit) -> Any:
        return badge(_("Entered late"), "warn") if row.is_late else self.empty_value_display

    @admin.display(description=gettext_lazy("log sheet"))
    def page(self, row: Visit) -> Any:
        return format_html('<a href="{}">{}</a>', row.get_absolute_url(), _("Open"))

    def has_return_permission(self, request: Any) -> bool:
        return self._may(request, "return", None)

    @admin.action(description=gettext_lazy("Return the chosen logs with a remark…"), permissions=["return"])
    def return_with_remark(self, request: Any, queryset: Any) -> HttpResponse | None:
        """Asks for the remark on a page of its own, then returns all or none."""
        visits = list(queryset.allowed(request.user, "return").select_related("village", "officer").order_by("pk"))
        if not visits:
            self.message_user(request, _("None of the chosen logs can be returned."), messages.WARNING)
            return None
        form = ReturnForm(request.POST if "confirmed" in request.POST else None)
        if form.is_valid() and _return_all(request, visits, form):
            self.message_user(request, _("Logs returned: %(count)s") % {"count": len(visits)}, messages.SUCCESS)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Return logs"),
            "opts": self.opts,
            "visits": visits,
            "form": form,
        }
        return TemplateResponse(request, "admin/return_visits.html", context)


def _return_all(request: Any, visits: list[Any], form: ReturnForm) -> bool:
    try:
        with transaction.atomic():
            for visit in visits:
                return_visit(by=request.user, visit=visit, reason=form.cleaned_data["reason"])
    except ValidationError as error:
        add_errors(form, error)
        return False
    except Conflict as conflict:
        form.add_error(None, conflict.message)
        return False
    return True
