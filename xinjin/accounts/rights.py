"""Giving and taking roles, and keeping accounts: the verbs of the security administrator."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xinjin.accounts.models import RoleGrant, User
from xinjin.audit.trail import record, save_recorded
from xinjin.errors import Conflict


def save_user(user: User, *, by: User | None) -> User:
    """Adds or changes an account. A new account without password cannot sign in until one is set."""
    if not user.password:
        user.set_unusable_password()
    return save_recorded(user, by=by)


@transaction.atomic
def grant_role(*, by: User | None, user: User, role: str, reason: str) -> RoleGrant:
    """Gives a role from now on. Nobody gives one to himself; the three administrator roles exclude each other."""
    if by is not None and by.pk == user.pk:
        raise ValidationError({"user": _("Nobody may change his own roles.")})
    grant = RoleGrant(user=user, role=role, granted_at=timezone.now(), granted_by=by, granted_reason=reason)
    return save_recorded(grant, by=by, action="grant")


@transaction.atomic
def withdraw_role(*, by: User, grant: RoleGrant, reason: str) -> RoleGrant:
    """Takes a role away, effective at the holder's next request."""
    grant = RoleGrant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    if grant.withdrawn_at is not None:
        raise Conflict(_("This role has been withdrawn already."))
    if grant.user_id == by.pk:
        raise ValidationError({"user": _("Nobody may change his own roles.")})
    if not reason.strip():
        raise ValidationError({"withdrawn_reason": _("A reason is needed.")})
    grant.withdrawn_at, grant.withdrawn_by, grant.withdrawn_reason = timezone.now(), by, reason
    grant.full_clean()
    grant.save()
    record(by, "withdraw", grant, {"reason": reason})
    return grant
