"""People on the roster, and who holds which place."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from villages.admin.dated import LifeFilter, badge, life
from villages.admin.imports import ImportMixin
from villages.assignments import correct_assignment, hand_over, save_assignment
from villages.choices import OfficerState
from villages.forms import AssignmentForm
from villages.gaps import GapKind, find
from villages.imports.kinds import OFFICERS
from villages.models import Absence, Assignment, Officer, PartyPost
from villages.roster import save_officer, save_party_post
from xinjin.access.admin import ScopedModelAdmin, ScopedTabularInline

PERSON_SEARCH = ("name", "^number", "^pinyin", "^initials")
OF_OFFICER = tuple(f"^officer__{name.lstrip('^')}" if "^" in name else f"officer__{name}" for name in PERSON_SEARCH)


class PlacesInline(ScopedTabularInline):
    """The places that a person holds and held."""

    model = Assignment
    fields: ClassVar[Any] = ("village", "slot", "start_on", "end_on", life)
    readonly_fields = fields
    ordering = ("-start_on", "village__code")

    def get_queryset(self, request: Any) -> QuerySet:
        return super().get_queryset(request).select_related("village", "officer")


class PartyPostInline(ScopedTabularInline):
    """Posts in village branches and on the town committee (R2)."""

    model = PartyPost
    verb = staticmethod(save_party_post)
    fields = ("kind", "village", "township", "start_on", "end_on")
    autocomplete_fields = ("village", "township")
    ordering = ("-start_on", "pk")
    show_change_link = False

    def get_queryset(self, request: Any) -> QuerySet:
        return super().get_queryset(request).select_related("officer", "village", "township")


class AbsenceInline(ScopedTabularInline):
    """Days on which the person owes nothing; written on the absence's own page, which shows what they change."""

    model = Absence
    fk_name = "officer"
    fields: ClassVar[Any] = ("kind", "start_on", "from_noon", "end_on", "until_noon", "stand_in", "note")
    readonly_fields = fields
    ordering = ("-start_on", "pk")

    def get_queryset(self, request: Any) -> QuerySet:
        return super().get_queryset(request).select_related("officer", "stand_in")


class PlaceFilter(admin.SimpleListFilter):
    """People with or without a place in a village today."""

    title = _("place in a village")
    parameter_name = "place"

    def lookups(self, request: Any, model_admin: Any) -> list:
        return [("yes", _("Holds a place")), ("no", _("Holds none")), ("missing", _("Holds none, but should"))]

    def queryset(self, request: Any, queryset: QuerySet) -> QuerySet:
        if self.value() not in ("yes", "no", "missing"):
            return queryset
        if self.value() == "missing":
            free = [gap.officer for gap in find(timezone.localdate(), GapKind.FREE)]
            return queryset.filter(pk__in=[officer.pk for officer in free if officer is not None])
        holds = Exists(Assignment.objects.on(timezone.localdate()).filter(officer=OuterRef("pk")))
        return queryset.filter(holds if self.value() == "yes" else ~holds)


@admin.register(Officer)
class OfficerAdmin(ImportMixin, ScopedModelAdmin):
    import_kind = OFFICERS
    menu_order = 20
    verb = staticmethod(save_officer)
    bulk_fields = ("unit", "kind", "post", "is_party_member", "state")
    choice_actions = {"unit": "staff"}
    list_display = ("name", "number", "kind", "unit", "post", "phone", "villages", "has_account", "shown_state")
    list_filter = ("kind", ("unit", admin.RelatedOnlyFieldListFilter), PlaceFilter, "state", "is_party_member")
    list_select_related = ("unit", "user")
    search_fields = PERSON_SEARCH
    search_help_text = _("Name, number, pinyin or initials.")
    ordering = ("unit__position", "pinyin", "number")
    readonly_fields = ("account",)
    fieldsets = (
        (None, {"fields": ("name", "number", "kind", "unit", "post", "phone")}),
        (_("Service"), {"fields": ("is_party_member", "state", "account")}),
    )
    inlines = (PlacesInline, PartyPostInline, AbsenceInline)

    def get_queryset(self, request: Any) -> QuerySet:
        held = Assignment.objects.on(timezone.localdate()).select_related("village").order_by("village__code")
        return super().get_queryset(request).prefetch_related(Prefetch("assignments", held, to_attr="present"))

    @admin.display(description=_("villages"))
    def villages(self, row: Any) -> Any:
        links = ((reverse("village_detail", args=[a.village.code]), a.village.name) for a in row.present)
        return format_html_join(", ", '<a href="{}">{}</a>', links) or None

    @admin.display(description=_("account"), boolean=True)
    def has_account(self, row: Any) -> bool:
        return row.user is not None and row.user.is_active

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, row: Any) -> Any:
        return badge(row.get_state_display(), "ok" if row.state == OfficerState.ACTIVE else "muted")

    @admin.display(description=_("account"))
    def account(self, row: Any) -> Any:
        if row.user is not None:
            return row.user
        return _("None yet. The account whose user name is this number is linked when the person is saved.")


@admin.register(Assignment)
class AssignmentAdmin(ScopedModelAdmin):
    menu_order = 30
    form = AssignmentForm
    verb = staticmethod(save_assignment)
    choice_actions = {"officer": "assign"}
    list_display = ("village", "station", "slot", "person", "unit", "start_on", "end_on", life)
    list_filter = (LifeFilter, "slot", ("village__station", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("village__station", "officer__unit")
    date_hierarchy = "start_on"
    search_fields = ("village__name", "^village__code", "^village__pinyin", "^village__initials", *OF_OFFICER)
    search_help_text = _("Village or person: name, number, code, pinyin or initials.")
    ordering = ("village__code", "slot", "-start_on", "pk")
    autocomplete_fields = ("village", "officer")

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        if obj is not None:
            return (
                (None, {"fields": ("village", "officer", "slot")}),
                (_("First and last day"), {"fields": ("start_on", "end_on", "reason", "seen")}),
            )
        return (
            (None, {"fields": ("village", "officer")}),
            (_("First and last day"), {"fields": ("start_on", "end_on")}),
            (_("Hand-over"), {"fields": ("hands_over", "note")}),
        )

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        return ("village", "officer", "slot") if obj is not None else ()

    def call_verb(self, verb: Any, obj: Any, request: Any, form: Any) -> None:
        data, days = form.cleaned_data, {"start_on": obj.start_on, "end_on": obj.end_on}
        if not obj._state.adding:
            correct_assignment(by=request.user, assignment=obj, **days, reason=data["reason"], seen=data["seen"])
        elif data.get("hands_over"):
            people = {"village": obj.village, "officer": obj.officer}
            stored = hand_over(by=request.user, **people, **days, note=data["note"])
            obj.pk, obj._state.adding = stored.pk, False
        else:
            verb(obj, by=request.user)

    @admin.display(description=_("officer"), ordering="officer__pinyin")
    def person(self, row: Assignment) -> Any:
        return format_html("{} <small>{}</small>", row.officer.name, row.officer.number)

    @admin.display(description=_("station"), ordering="village__station__position")
    def station(self, row: Assignment) -> str:
        return row.village.station.name

    @admin.display(description=_("unit"))
    def unit(self, row: Assignment) -> str:
        return row.officer.unit.name
