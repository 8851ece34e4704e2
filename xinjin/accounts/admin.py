"""Accounts and roles: the security administrator's place of work."""

from typing import Any

import django.contrib.auth.admin  # noqa: F401 - registers Django's groups, which we take away below
from django.contrib import admin, messages
from django.contrib.auth.admin import Group  # type: ignore[attr-defined]  # registered there first
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinjin.access.admin import ScopedModelAdmin, ScopedTabularInline
from xinjin.accounts.forms import AccountForm, GrantForm, WithdrawForm
from xinjin.accounts.models import RoleGrant, User
from xinjin.accounts.rights import grant_role, save_user, withdraw_role
from xinjin.accounts.roles import Role
from xinjin.errors import Conflict
from xinjin.forms import add_errors

ROLE_LABELS = dict(Role.choices)

# Rights come from roles alone.
admin.site.unregister(Group)


class HolderFilter(admin.SimpleListFilter):
    """Accounts that hold a role now."""

    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request: Any, model_admin: Any) -> list:
        return [*Role.choices, ("none", gettext_lazy("No role"))]

    def queryset(self, request: Any, queryset: QuerySet) -> QuerySet:
        held = RoleGrant.objects.in_force(timezone.localdate())
        if self.value() == "none":
            return queryset.exclude(pk__in=held.values("user"))
        if self.value() in Role.values:
            return queryset.filter(pk__in=held.filter(role=self.value()).values("user"))
        return queryset


class GrantInline(ScopedTabularInline):
    """The roles held and withdrawn."""

    model = RoleGrant
    fk_name = "user"
    fields = readonly_fields = (
        "role",
        "starts_on",
        "ends_on",
        "granted_by",
        "granted_reason",
        "withdrawn_at",
        "withdrawn_by",
    )
    ordering = ("-granted_at", "-pk")

    def get_queryset(self, request: Any) -> QuerySet:
        return super().get_queryset(request).select_related("user", "granted_by", "withdrawn_by")


@admin.register(User)
class UserAdmin(ScopedModelAdmin):
    menu_order = 10
    form = AccountForm
    verb = staticmethod(save_user)
    bulk_fields = ("is_active",)
    list_display = ("username", "display_name", "role_names", "is_active", "last_login", "is_demo")
    list_filter = (HolderFilter, "is_active", "is_demo")
    search_fields = ("username", "display_name")
    search_help_text = gettext_lazy("User name or name.")
    ordering = ("username",)
    inlines = (GrantInline,)
    fieldsets = (
        (None, {"fields": ("username", "display_name", "is_active")}),
        (
            gettext_lazy("Password"),
            {
                "fields": ("password1", "password2"),
                "description": gettext_lazy("Left empty, the password stays; a new account then cannot sign in."),
            },
        ),
    )

    def get_queryset(self, request: Any) -> QuerySet:
        held = RoleGrant.objects.in_force(timezone.localdate()).order_by("pk")
        return super().get_queryset(request).prefetch_related(Prefetch("grants", held, to_attr="held_grants"))

    @admin.display(description=gettext_lazy("roles"))
    def role_names(self, user: Any) -> str | None:
        return ", ".join(str(ROLE_LABELS.get(grant.role, grant.role)) for grant in user.held_grants) or None


class HeldFilter(admin.SimpleListFilter):
    """Roles held now, still to come, over, or withdrawn."""

    title = gettext_lazy("validity")
    parameter_name = "held"

    def lookups(self, request: Any, model_admin: Any) -> list:
        return [
            ("yes", gettext_lazy("Held now")),
            ("coming", gettext_lazy("Still to come")),
            ("over", gettext_lazy("Ended")),
            ("no", gettext_lazy("Withdrawn")),
        ]

    def queryset(self, request: Any, queryset: QuerySet) -> QuerySet:
        today = timezone.localdate()
        if self.value() == "yes":
            return queryset.in_force(today)  # type: ignore[attr-defined]
        if self.value() == "coming":
            return queryset.filter(withdrawn_at=None, starts_on__gt=today)
        if self.value() == "over":
            return queryset.filter(withdrawn_at=None, ends_on__lt=today)
        return queryset.filter(withdrawn_at__isnull=False) if self.value() == "no" else queryset


@admin.register(RoleGrant)
class RoleGrantAdmin(ScopedModelAdmin):
    menu_order = 20
    form = GrantForm
    verb = staticmethod(grant_role)
    list_display = (
        "user",
        "role",
        "state",
        "starts_on",
        "ends_on",
        "granted_by",
        "granted_reason",
        "withdrawn_at",
        "withdrawn_reason",
    )
    list_filter = (HeldFilter, "role")
    list_select_related = ("user", "granted_by")
    date_hierarchy = "starts_on"
    search_fields = ("user__username", "user__display_name", "granted_reason")
    search_help_text = gettext_lazy("User name, name or reason.")
    ordering = ("-starts_on", "-pk")
    autocomplete_fields = ("user",)
    actions = ("withdraw",)

    def get_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        given = ("user", "role", "starts_on", "ends_on", "granted_reason")
        if obj is None:
            return given
        taken = ("withdrawn_at", "withdrawn_by", "withdrawn_reason")
        return (*given, "granted_by", "granted_at", *taken)

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj) if obj is not None else ()

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """A role given is history: it is withdrawn, never edited."""
        return False

    def has_withdraw_permission(self, request: Any) -> bool:
        return self._may(request, "withdraw", None)

    def call_verb(self, verb: Any, obj: Any, request: Any, form: Any) -> None:
        grant = verb(
            by=request.user,
            user=obj.user,
            role=obj.role,
            reason=obj.granted_reason,
            starts_on=obj.starts_on,
            ends_on=obj.ends_on,
        )
        obj.pk, obj._state.adding = grant.pk, False

    @admin.display(description=gettext_lazy("validity"))
    def state(self, grant: RoleGrant) -> Any:
        if grant.withdrawn_at is not None:
            return gettext_lazy("Withdrawn")
        if grant.is_in_force:
            return gettext_lazy("Held now")
        return gettext_lazy("Still to come") if grant.starts_on > timezone.localdate() else gettext_lazy("Ended")

    @admin.action(description=gettext_lazy("Withdraw the chosen roles…"), permissions=["withdraw"])
    def withdraw(self, request: Any, queryset: Any) -> HttpResponse | None:
        """Asks for the reason on a page of its own, then withdraws all or none."""
        grants = list(queryset.allowed(request.user, "withdraw").select_related("user").order_by("pk"))
        form = WithdrawForm(request.POST if "confirmed" in request.POST else None)
        if form.is_valid() and self._withdraw_all(request, grants, form):
            self.message_user(request, _("Roles withdrawn: %(count)s") % {"count": len(grants)}, messages.SUCCESS)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Withdraw roles"),
            "opts": self.opts,
            "grants": grants,
            "form": form,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/withdraw_roles.html", context)

    def _withdraw_all(self, request: Any, grants: list[RoleGrant], form: WithdrawForm) -> bool:
        try:
            with transaction.atomic():
                for grant in grants:
                    withdraw_role(by=request.user, grant=grant, reason=form.cleaned_data["withdrawn_reason"])
        except ValidationError as error:
            add_errors(form, error)
        except Conflict as conflict:
            form.add_error(None, conflict.message)
        return not form.errors
