"""What belongs to a person or a village: posts, absences, contacts, households."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from villages.admin.dated import LifeFilter, life
from villages.admin.imports import ImportMixin
from villages.admin.people import OF_OFFICER
from villages.choices import HouseholdTag
from villages.forms import AbsenceForm
from villages.gaps import GapKind, find
from villages.imports.kinds import CONTACTS, HOUSEHOLDS
from villages.models import Absence, Household, PartyPost, VillageContact
from villages.roster import save_absence, save_contact, save_household, save_party_post
from xinjin.access.admin import ScopedModelAdmin
from xinjin.access.refusal import AdminForm

OF_VILLAGE = ("village__name", "^village__code", "^village__pinyin", "^village__initials")


class FixedPersonMixin:
    """A stored record stays with its person."""

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        return ("officer",) if obj is not None else ()


@admin.register(PartyPost)
class PartyPostAdmin(FixedPersonMixin, ScopedModelAdmin):
    menu_order = 50
    verb = staticmethod(save_party_post)
    bulk_fields = ("start_on", "end_on")
    list_display = ("officer", "kind", "village", "township", "start_on", "end_on", life)
    list_filter = (LifeFilter, "kind", ("officer__unit", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("officer", "village", "township")
    date_hierarchy = "start_on"
    search_fields = (*OF_OFFICER, *OF_VILLAGE)
    search_help_text = _("Village or person: name, number, code, pinyin or initials.")
    ordering = ("officer__pinyin", "-start_on", "pk")
    autocomplete_fields = ("officer", "village", "township")
    fieldsets = (
        (None, {"fields": ("officer", "kind", "village", "township")}),
        (_("First and last day"), {"fields": ("start_on", "end_on")}),
    )


def day_in_words(day: date, half: Any) -> str:
    """A day, and which half of it where it is not whole."""
    return f"{day:%Y-%m-%d} {half}".strip()


class StandInFilter(admin.SimpleListFilter):
    """Absences that leave villages alone, running or to come (R1)."""

    title = _("gaps")
    parameter_name = "gap"

    def lookups(self, request: Any, model_admin: Any) -> list:
        return [("yes", _("Without stand-in"))]

    def queryset(self, request: Any, queryset: QuerySet) -> QuerySet:
        if self.value() != "yes":
            return queryset
        gaps = find(timezone.localdate(), GapKind.STAND_IN)
        return queryset.filter(pk__in=[gap.absence.pk for gap in gaps if gap.absence is not None])


@admin.register(Absence)
class AbsenceAdmin(FixedPersonMixin, ScopedModelAdmin):
    """Saved in two steps: the first shows which weeks leave the duties (AbsenceForm)."""

    menu_order = 40
    form = AbsenceForm
    verb = staticmethod(save_absence)
    list_display = ("officer", "unit", "kind", "first_day", "last_day", "stand_in", "note", life)
    list_filter = (LifeFilter, StandInFilter, "kind", ("officer__unit", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("officer__unit", "stand_in")
    date_hierarchy = "start_on"
    search_fields = OF_OFFICER
    search_help_text = _("Name, number, pinyin or initials.")
    ordering = ("-start_on", "pk")
    autocomplete_fields = ("officer", "stand_in")
    fieldsets = (
        (None, {"fields": ("officer", "kind", "note")}),
        (
            _("First and last day"),
            {"fields": (("start_on", "from_noon"), ("end_on", "until_noon"), "stand_in", "previewed")},
        ),
    )

    @admin.display(description=_("from"), ordering="start_on")
    def first_day(self, row: Absence) -> str:
        return day_in_words(row.start_on, _("afternoon") if row.from_noon else "")

    @admin.display(description=_("until"), ordering="end_on")
    def last_day(self, row: Absence) -> str | None:
        if row.end_on is None:
            return None
        return day_in_words(row.end_on, _("morning") if row.until_noon else "")

    @admin.display(description=_("unit"))
    def unit(self, row: Absence) -> str:
        return row.officer.unit.name


@admin.register(VillageContact)
class VillageContactAdmin(ImportMixin, ScopedModelAdmin):
    import_kind = CONTACTS
    menu_order = 60
    verb = staticmethod(save_contact)
    bulk_fields = ("kind", "post", "start_on", "end_on")
    list_display = ("name", "kind", "post", "phone", "village", "start_on", "end_on", life)
    list_filter = (LifeFilter, "kind", ("village__station", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("village",)
    date_hierarchy = "start_on"
    search_fields = ("name", "^pinyin", "^initials", "phone", *OF_VILLAGE)
    search_help_text = _("Name, pinyin, initials, phone or village.")
    ordering = ("village__code", "kind", "pk")
    autocomplete_fields = ("village",)
    fieldsets = (
        (None, {"fields": ("village", "kind", "name", "post", "phone")}),
        (_("First and last day"), {"fields": ("start_on", "end_on")}),
    )


class TagFilter(admin.SimpleListFilter):
    """Households with a tag."""

    title = _("tags")
    parameter_name = "tag"

    def lookups(self, request: Any, model_admin: Any) -> list:
        return HouseholdTag.choices

    def queryset(self, request: Any, queryset: QuerySet) -> QuerySet:
        return queryset.filter(tags__contains=[self.value()]) if self.value() in HouseholdTag.values else queryset


class HouseholdAdminForm(AdminForm):
    tags = forms.MultipleChoiceField(
        label=_("Tags"), choices=HouseholdTag.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


@admin.register(Household)
class HouseholdAdmin(ImportMixin, ScopedModelAdmin):
    """For the village's own people only: others meet households masked, on the village's page."""

    import_kind = HOUSEHOLDS
    menu_order = 70
    form = HouseholdAdminForm
    verb = staticmethod(save_household)
    bulk_fields = ("tags",)
    view_action = "unmask"
    list_display = ("address", "head_name", "phone", "village", "labels")
    list_filter = (
        TagFilter,
        ("village", admin.RelatedOnlyFieldListFilter),
        ("village__station", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("village",)
    search_fields = ("address", "head_name", "^pinyin", "^initials", "phone")
    search_help_text = _("Address, name, pinyin, initials or phone.")
    ordering = ("village__code", "address", "pk")
    autocomplete_fields = ("village",)
    fieldsets = ((None, {"fields": ("village", "address", "head_name", "phone", "tags")}),)

    @admin.display(description=_("tags"))
    def labels(self, row: Household) -> str:
        return ", ".join(row.tag_labels)
