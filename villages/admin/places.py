"""Units, townships and villages."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from villages.access import OF_THE_BRIGADE
from villages.admin.dated import badge, life
from villages.admin.imports import ImportMixin
from villages.admin.lives import MergeMixin, RenameMixin
from villages.choices import Slot
from villages.gaps import GapKind, find, village_ids
from villages.imports.kinds import VILLAGES
from villages.models import Assignment, FormerName, Township, Unit, Village, VillageContact
from villages.people import with_people
from villages.roster import save_contact, save_township, save_unit, save_village
from xinjin.access import engine
from xinjin.access.admin import ScopedModelAdmin, ScopedTabularInline


class ContactFilter(admin.SimpleListFilter):
    """Business units that have lost contact to their villages (R4)."""

    title = _("gaps")
    parameter_name = "gap"

    def lookups(self, request: Any, model_admin: Any) -> list:
        return [("yes", GapKind.CONTACT.label)]

    def queryset(self, request: Any, queryset: QuerySet) -> QuerySet:
        if self.value() != "yes":
            return queryset
        gaps = find(timezone.localdate(), GapKind.CONTACT)
        return queryset.filter(pk__in=[gap.unit.pk for gap in gaps if gap.unit is not None])


@admin.register(Unit)
class UnitAdmin(ScopedModelAdmin):
    menu_order = 80
    verb = staticmethod(save_unit)
    bulk_fields = ("is_active",)
    list_display = ("name", "code", "kind", "phone", "is_active", "position")
    list_filter = (ContactFilter, "kind", "is_active")
    search_fields = ("name", "code")
    search_help_text = _("Name or code.")
    ordering = ("position", "code")
    fields = ("name", "code", "kind", "phone", "position", "is_active")


@admin.register(Township)
class TownshipAdmin(ScopedModelAdmin):
    menu_order = 90
    verb = staticmethod(save_township)
    list_display = ("name", "code")
    search_fields = ("name", "code")
    search_help_text = _("Name or code.")
    ordering = ("code",)
    fields = ("name", "code")


class GapFilter(admin.SimpleListFilter):
    """Villages without an officer or without an auxiliary today, or soon (R1)."""

    title = _("gaps")
    parameter_name = "gap"

    def lookups(self, request: Any, model_admin: Any) -> list:
        return [("yes", _("Gaps only")), ("soon", _("Gaps to come"))]

    def queryset(self, request: Any, queryset: QuerySet) -> QuerySet:
        kind = {"yes": GapKind.PLACE, "soon": GapKind.PLACE_SOON}.get(self.value() or "")
        return queryset if kind is None else queryset.filter(pk__in=village_ids(timezone.localdate(), kind))


class VillageLifeFilter(admin.SimpleListFilter):
    """Villages that exist today, or have ended."""

    title = _("exists")
    parameter_name = "life"

    def lookups(self, request: Any, model_admin: Any) -> list:
        return [("present", _("Existing today")), ("ended", _("Ended or merged"))]

    def queryset(self, request: Any, queryset: QuerySet) -> QuerySet:
        today = timezone.localdate()
        if self.value() == "present":
            return queryset.existing_on(today)  # type: ignore[attr-defined]
        return queryset.filter(valid_to__lt=today) if self.value() == "ended" else queryset


class AssignmentInline(ScopedTabularInline):
    """Who holds and held the places; a click leads to the assignment, where its days are set."""

    model = Assignment
    fields: ClassVar[Any] = ("slot", "officer", "unit", "start_on", "end_on", life)
    readonly_fields = fields
    ordering = ("-start_on", "slot")

    def get_queryset(self, request: Any) -> QuerySet:
        return super().get_queryset(request).select_related("officer__unit", "village")

    @admin.display(description=_("unit"))
    def unit(self, row: Assignment) -> str:
        return row.officer.unit.name


class FormerNameInline(ScopedTabularInline):
    """What the village was called before; a new name from a day on is given on a page of its own."""

    model = FormerName
    fields: ClassVar[Any] = ("name", "official_name", "code", "start_on", "end_on")
    readonly_fields = fields
    ordering = ("-end_on",)
    show_change_link = False


class ContactInline(ScopedTabularInline):
    """The links to the residents (R3)."""

    model = VillageContact
    verb = staticmethod(save_contact)
    fields = ("kind", "name", "post", "phone", "start_on", "end_on")
    ordering = ("kind", "start_on", "pk")
    extra = 1
    show_change_link = False


@admin.register(Village)
class VillageAdmin(MergeMixin, RenameMixin, ImportMixin, ScopedModelAdmin):
    import_kind = VILLAGES
    menu_order = 10
    verb = staticmethod(save_village)
    bulk_fields = ("kind", "township", "station")
    choice_actions = {"station": "staff"}
    list_display = ("name", "code", "kind", "township", "station", "officer", "auxiliary", "page")
    list_filter = (
        GapFilter,
        ("station", admin.RelatedOnlyFieldListFilter),
        "kind",
        ("township", admin.RelatedOnlyFieldListFilter),
        VillageLifeFilter,
    )
    list_select_related = ("township", "station")
    search_fields = (
        *("name", "official_name", "^code", "pinyin", "^initials"),
        *("former_names__name", "^former_names__code", "former_names__pinyin", "^former_names__initials"),
    )
    search_help_text = _("Name, code, pinyin or initials, present or former.")
    ordering = ("code",)
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "official_name", "code", "kind", "township", "station"),
                "description": _(
                    "Here a wrong name is set right. A new name from a day on keeps the former one: Rename."
                ),
            },
        ),
        (_("Village office"), {"fields": ("address", "household_total", "population")}),
        (
            _("Existence"),
            {
                "fields": ("valid_from", "valid_to", "merged_into"),
                "description": _("The last day ends assignments, posts and contacts with it."),
            },
        ),
    )
    inlines = (AssignmentInline, FormerNameInline, ContactInline)

    def get_queryset(self, request: Any) -> QuerySet:
        return with_people(super().get_queryset(request), timezone.localdate())

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        """Codes, stations and the life of a village are the brigade's, whose right to add shows it."""
        if obj is None or engine.allows(request.user, Village, "add"):
            return ("merged_into",)  # a merger does more than this: the list's action
        return OF_THE_BRIGADE

    def _holder(self, row: Any, slot: Slot) -> Any:
        names = [assignment.officer.name for assignment in row.present if assignment.slot == slot]
        if names:
            return names[0]
        ended = row.valid_to is not None and row.valid_to < timezone.localdate()
        return badge(_("Ended"), "muted") if ended else badge(_("Gap"), "bad")

    @admin.display(description=Slot.OFFICER.label)
    def officer(self, row: Any) -> Any:
        return self._holder(row, Slot.OFFICER)

    @admin.display(description=Slot.AUXILIARY.label)
    def auxiliary(self, row: Any) -> Any:
        return self._holder(row, Slot.AUXILIARY)

    @admin.display(description=_("page"))
    def page(self, row: Any) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("village_detail", args=[row.code]), _("Village page"))

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return reverse("village_detail", args=[obj.code]) if obj is not None and obj.pk else None
