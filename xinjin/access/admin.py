"""The rights engine in the admin: rows, choices and buttons by the table; every write is one verb.

A verb may refuse what the form let through: a rule that needs more than one row, or a writer who came first. Then the
transaction is undone and the page comes back with the message at its field and everything that was typed.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinjin.access import engine
from xinjin.access.bulk_page import answer_bulk_edit
from xinjin.access.refusal import AdminForm, Refused
from xinjin.access.widgets import ForgivingAutocompleteSelect
from xinjin.audit.models import Event
from xinjin.audit.wording import lines
from xinjin.errors import Conflict
from xinjin.idempotency.pages import once_a_page
from xinjin.races import one_winner

EVENTS_SHOWN = 200
DATE_INPUT = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
TIME_INPUT = forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class ScopedAdminMixin:
    """Shared by ModelAdmin and inlines: who may see and change which rows, and which rows a foreign key may choose.

    `view_action` names the action that shows a row here, where the admin is for fewer people than the pages are.
    `choice_actions` names, for a foreign key, the action that the user must have on a row to choose it.
    """

    model: Any
    form: Any = AdminForm
    # The browser's own calendar and clock: no script, no word about server time.
    formfield_overrides: ClassVar[Any] = {
        models.DateField: {"widget": DATE_INPUT, "localize": False},
        models.TimeField: {"widget": TIME_INPUT, "localize": False},
    }
    verb: Callable[..., Any] | None = None
    view_action = "view"
    choice_actions: Mapping[str, str] = {}
    # What may be changed in many records at once (bulk.py).
    bulk_fields: tuple[str, ...] = ()

    def get_queryset(self, request: Any) -> QuerySet:
        action = self._chosen_by(request) or self.view_action
        return super().get_queryset(request).allowed(request.user, action)  # type: ignore[misc]

    def _chosen_by(self, request: Any) -> str | None:
        """The action that an autocomplete field demands of the rows that it offers; None elsewhere."""
        match = request.resolver_match
        if match is None or match.url_name != "autocomplete":
            return None
        model = f"{request.GET.get('app_label', '')}.{request.GET.get('model_name', '')}".lower()
        field = request.GET.get("field_name")
        for source in self.admin_site._registry.values():  # type: ignore[attr-defined]
            if isinstance(source, ScopedAdminMixin) and source.model._meta.label_lower == model:
                return source.choice_actions.get(field, "view")
        return None

    def _may(self, request: Any, action: str, obj: models.Model | None) -> bool:
        if obj is None or obj.pk is None or not isinstance(obj, self.model):
            return engine.allows(request.user, self.model, action)
        return self.model._default_manager.allowed(request.user, action).filter(pk=obj.pk).exists()

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return self._may(request, self._chosen_by(request) or self.view_action, obj)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return type(self).verb is not None and self._may(request, "change", obj)

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return type(self).verb is not None and engine.allows(request.user, self.model, "add")

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """Nothing is deleted: records end, so that old figures keep what they came from."""
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        rows = db_field.remote_field.model._default_manager.all()
        if "queryset" not in kwargs and isinstance(rows, engine.ScopedQuerySet):
            kwargs["queryset"] = rows.allowed(request.user, self.choice_actions.get(db_field.name, "view"))
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs.setdefault("widget", ForgivingAutocompleteSelect(db_field, self.admin_site))  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            # Choosing a row is not the place to change it.
            field.widget.can_change_related = field.widget.can_view_related = False
            field.widget.can_add_related = field.widget.can_add_related and isinstance(self, admin.ModelAdmin)
        return field

    def write(self, request: Any, obj: Any, form: Any) -> None:
        """One verb call for one row; afterwards the row must still be one that the user may write."""
        verb = type(self).verb
        if verb is None:
            raise TypeError(f"{type(self).__name__} has no verb")
        action = "add" if obj._state.adding else "change"
        try:
            with one_winner():
                self.call_verb(verb, obj, request, form)
                self.require_reach(request, obj, action)
        except ValidationError as error:
            raise Refused(form.prefix, error) from error
        except Conflict as conflict:
            raise Refused(form.prefix, ValidationError(conflict.message)) from conflict

    def call_verb(self, verb: Callable[..., Any], obj: Any, request: Any, form: Any) -> None:
        """Admins whose verb wants more than the row override this."""
        verb(obj, by=request.user)

    def require_reach(self, request: Any, obj: Any, action: str) -> None:
        """A row cannot be pushed out of the writer's own scope."""
        if not self.model._default_manager.allowed(request.user, action).filter(pk=obj.pk).exists():
            raise ValidationError(_("With these values the record would belong to others; you may not write it."))


class ScopedModelAdmin(ScopedAdminMixin, admin.ModelAdmin):
    """A ModelAdmin whose writes call a verb.

    `verb(obj, *, by)` saves a new or changed row in one transaction with its audit event. Admins without a verb are
    read-only. History shows the audit trail of the record. `menu_order` is its place in the administration's menu.
    """

    menu_order = 100
    actions_on_bottom = False
    list_per_page = 50
    show_full_result_count = True
    empty_value_display = "—"
    object_history_template = "admin/audit_history.html"

    def changelist_view(self, request: Any, extra_context: dict | None = None) -> Any:
        if any("\x00" in value for values in request.GET.lists() for value in (values[0], *values[1])):
            return redirect(request.path)  # PostgreSQL knows no such character, and Django's filters do not look
        return super().changelist_view(request, extra_context)

    def get_changelist_instance(self, request: Any) -> Any:
        try:
            return super().get_changelist_instance(request)
        except (OverflowError, ValueError) as error:  # a year in the address that no calendar has
            raise IncorrectLookupParameters from error

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """Only what the page offers as a filter; Django lets every column of the record be probed by address."""
        entries = [entry[0] if isinstance(entry, tuple) else entry for entry in self.get_list_filter(request)]
        own = [getattr(entry, "parameter_name", entry) for entry in (self.date_hierarchy, *entries)]
        offered = any(lookup == name or lookup.startswith(f"{name}__") for name in own if name)
        return offered and super().lookup_allowed(lookup, value, request)

    def get_actions(self, request: Any) -> dict:
        """Changing many at once is offered to those who may change any, where the admin names fields for it."""
        actions = super().get_actions(request)
        if self.bulk_fields and not getattr(request, "GET", {}).get("_popup") and self.has_change_permission(request):
            actions["bulk_edit"] = self.get_action("bulk_edit")
        return actions

    @admin.action(description=gettext_lazy("Change the chosen together…"), permissions=["change"])
    def bulk_edit(self, request: Any, queryset: QuerySet) -> Any:
        return answer_bulk_edit(self, request, queryset)

    def get_bulk_form(self, request: Any, obj: Any, chosen: Sequence[str]) -> Any:
        """The form of one row: its own form, with the chosen fields that the user may change in it."""
        form: Any = super().get_form(request, obj, change=True, fields=list(chosen))
        form.refused = None
        return form

    def add_view(self, request: Any, form_url: str = "", extra_context: dict | None = None) -> Any:
        """A form posted twice adds one record."""
        return once_a_page(super().add_view)(request, form_url, extra_context)

    def changeform_view(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        request.refused = None
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refused:
            # Nothing was written. The same request again, with the refusal beside its field.
            request.refused = refused
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.refused = getattr(request, "refused", None)  # the class was made for this request
        return form

    def get_inlines(self, request: Any, obj: Any) -> Any:
        """Rows that belong to a record come after the record."""
        return super().get_inlines(request, obj) if obj is not None else ()

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        self.write(request, obj, form)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        for row in formset.forms:
            if not row.has_changed():
                continue
            adding = row.instance._state.adding
            formset.owner.write(request, row.instance, row)
            if adding:
                formset.new_objects.append(row.instance)
            else:
                formset.changed_objects.append((row.instance, row.changed_data))

    def get_search_results(self, request: Any, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return super().get_search_results(request, queryset, search_term.replace("\x00", ""))

    def history_view(self, request: Any, object_id: str, extra_context: dict | None = None) -> Any:
        events = Event.objects.about(self.model, unquote(object_id))[:EVENTS_SHOWN]
        return super().history_view(request, object_id, {**(extra_context or {}), "lines": lines(events)})

    # The verbs keep the trail; Django's own log would tell it a second time.
    def log_addition(self, request: Any, obj: Any, message: Any) -> Any:
        return None

    def log_change(self, request: Any, obj: Any, message: Any) -> Any:
        return None

    def log_deletions(self, request: Any, queryset: Any) -> Any:
        return None


class ScopedTabularInline(ScopedAdminMixin, admin.TabularInline):
    """Rows of another model on a page. Without a verb they are read-only."""

    formfield_overrides: ClassVar[Any] = {
        **ScopedAdminMixin.formfield_overrides,
        models.CharField: {"widget": forms.TextInput(attrs={"size": 14})},
    }
    extra = 0
    show_change_link = True
    can_delete = False

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.form.refused, formset.owner = getattr(request, "refused", None), self  # made for this request
        return formset
