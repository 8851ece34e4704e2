"""Sign-ins and the roles they hold. A person on the roster is villages.Officer; a sign-in may exist without one."""

from datetime import date
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from xinjin.access import engine
from xinjin.access.engine import ScopedQuerySet
from xinjin.accounts.roles import SEPARATED, Role


class UserQuerySet(ScopedQuerySet):
    def holding(self, *roles: str) -> "UserQuerySet":
        """Active users who hold any of the roles now."""
        grants = RoleGrant.objects.in_force(timezone.localdate()).filter(role__in=roles)
        return self.filter(is_active=True, pk__in=grants.values("user"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> Any:
        return self.get(username=username)


class User(AbstractBaseUser):
    """A sign-in. The user name is the police or auxiliary number."""

    username = models.CharField(
        _("user name"),
        max_length=30,
        unique=True,
        help_text=_("Police or auxiliary number."),
        error_messages={"unique": _("This user name is taken.")},
    )
    display_name = models.CharField(_("full name"), max_length=50)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_demo = models.BooleanField(_("demo account"), default=False, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return f"{self.display_name} ({self.username})"

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles held now; read once for each request, so a change counts from the next one."""
        if not self.is_active:
            return frozenset()
        held = RoleGrant.objects.in_force(timezone.localdate()).filter(user=self)
        return frozenset(held.values_list("role", flat=True))

    @property
    def role_labels(self) -> list:
        """The roles in words."""
        return [role.label for role in Role if role in self.roles]

    @property
    def is_staff(self) -> bool:
        """Whether the admin site is this user's place of work."""
        return engine.allows(self, User, "administer")

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """`app.action_model`, asked of the rights table (accounts/backends.py)."""
        from xinjin.accounts.backends import RightsBackend

        return RightsBackend().has_perm(self, permission, obj)

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the user may view anything of the app."""
        from xinjin.accounts.backends import RightsBackend

        return RightsBackend().has_module_perms(self, app_label)


class RoleGrantQuerySet(ScopedQuerySet):
    def in_force(self, day: date) -> Self:
        """The roles that are held on `day`: begun, not over, not withdrawn."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), withdrawn_at=None, starts_on__lte=day)


class GrantedDays(Func):
    """daterange(starts_on, ends_on, '[]') for exclusion constraints."""

    function = "DATERANGE"
    output_field = DateRangeField()


def granted_days() -> GrantedDays:
    """The days of a grant as a range."""
    return GrantedDays("starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True))


class RoleGrant(models.Model):
    """A role held from one day to another, given and taken by a named person with a reason."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name=_("account"))
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    granted_at = models.DateTimeField(_("granted at"))
    granted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("granted by")
    )
    granted_reason = models.CharField(_("reason"), max_length=200)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True, help_text=_("Last day; empty: until further notice."))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("withdrawn by")
    )
    withdrawn_reason = models.CharField(_("reason for withdrawal"), max_length=200, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            ExclusionConstraint(
                name="accounts_rolegrant_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (granted_days(), RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at=None),
                violation_error_message=_("The account holds this role already."),
            ),
            # On no day, not even one still to come.
            ExclusionConstraint(
                name="accounts_rolegrant_separated",
                expressions=[("user", RangeOperators.EQUAL), (granted_days(), RangeOperators.OVERLAPS)],
                condition=Q(withdrawn_at=None, role__in=[str(role) for role in SEPARATED]),
                violation_error_message=_("Nobody may hold two of the three administrator roles."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="accounts_rolegrant_days",
                violation_error_message=_("The last day is before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="accounts_rolegrant_known",
                violation_error_message=_("There is no such role."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("granted_at")),
                name="accounts_rolegrant_order",
                violation_error_message=_("A role cannot be withdrawn before it was granted."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.user.display_name}"

    def clean(self) -> None:
        """The order of the days, before any constraint makes a range of them: PostgreSQL refuses a reversed one."""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day is before the first day.")})

    @property
    def is_in_force(self) -> bool:
        """Whether the role is held today."""
        today = timezone.localdate()
        begun = self.starts_on <= today and (self.ends_on is None or self.ends_on >= today)
        return self.withdrawn_at is None and begun
