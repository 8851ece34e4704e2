"""What the admins of records with days share."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from villages.models.dated import Dated


class LifeFilter(admin.SimpleListFilter):
    """Records that hold today, still to come, or ended."""

    title = _("validity")
    parameter_name = "life"

    def lookups(self, request: Any, model_admin: Any) -> list:
        return [("present", _("In force")), ("coming", _("Still to come")), ("ended", _("Ended"))]

    def queryset(self, request: Any, queryset: QuerySet) -> QuerySet:
        today = timezone.localdate()
        if self.value() == "present":
            return queryset.on(today)  # type: ignore[attr-defined]
        if self.value() == "coming":
            return queryset.filter(start_on__gt=today)
        if self.value() == "ended":
            return queryset.filter(end_on__lt=today)
        return queryset


def badge(label: Any, tone: str) -> SafeString:
    """A state in a word, a colour and a shape."""
    return format_html('<span class="badge badge--{}">{}</span>', tone, label)


@admin.display(description=_("validity"))
def life(row: Dated) -> SafeString:
    """Whether a dated record holds today, in a word."""
    today = timezone.localdate()
    if row.holds_on(today):
        return badge(_("In force"), "ok")
    return badge(_("Still to come"), "info") if row.start_on > today else badge(_("Ended"), "muted")
