"""The trail as the audit administrator reads it: searched and filtered, never changed."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from xinjin.access.admin import ScopedModelAdmin
from xinjin.access.engine import RULES
from xinjin.audit.models import Event
from xinjin.audit.wording import ACTIONS, action_label, lines, model_label


class SubjectFilter(admin.SimpleListFilter):
    """Events about one kind of record."""

    title = _("kind of record")
    parameter_name = "kind"

    def lookups(self, request: Any, model_admin: Any) -> list:
        models = {model for model, _action in RULES}
        rows = ((model._meta.label_lower, model._meta.verbose_name) for model in models)
        return sorted(rows, key=lambda row: str(row[0]))

    def queryset(self, request: Any, queryset: QuerySet) -> QuerySet:
        return queryset.filter(subject_type=self.value()) if self.value() in self._known() else queryset

    def _known(self) -> set[str]:
        return {model._meta.label_lower for model in apps.get_models()}


class ActionFilter(admin.SimpleListFilter):
    """Events of one act."""

    title = _("action")
    parameter_name = "act"

    def lookups(self, request: Any, model_admin: Any) -> list:
        return list(ACTIONS.items())

    def queryset(self, request: Any, queryset: QuerySet) -> QuerySet:
        return queryset.filter(action=self.value()) if self.value() in ACTIONS else queryset


@admin.register(Event)
class EventAdmin(ScopedModelAdmin):
    list_display = ("at", "actor_name", "act", "kind", "subject_name")
    list_filter = (ActionFilter, SubjectFilter)
    date_hierarchy = "at"
    search_fields = ("actor_name", "subject_name", "=action", "=subject_id")
    search_help_text = _("Actor, record, action or key of the record.")
    ordering = ("-at", "-id")
    show_full_result_count = False
    fields = readonly_fields = ("at", "actor_name", "act", "kind", "subject_name", "what", "is_intact")

    @admin.display(description=_("action"), ordering="action")
    def act(self, event: Event) -> str:
        return action_label(event.action)

    @admin.display(description=_("kind of record"), ordering="subject_type")
    def kind(self, event: Event) -> str:
        return model_label(event.subject_type)

    @admin.display(description=_("detail"))
    def what(self, event: Event) -> SafeString:
        return render_to_string("admin/_audit_line.html", {"line": lines([event])[0]})

    @admin.display(description=_("unaltered"), boolean=True)
    def is_intact(self, event: Event) -> bool:
        return event.digest == event.expected_digest()
