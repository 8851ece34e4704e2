"""Giving and taking roles, and keeping accounts: the verbs of the security administrator."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xinjin.accounts.models import RoleGrant, User
from xinjin.audit.trail import record, save_recorded
from xinjin.errors import Conflict
from xinjin.races import one_winner


def save_user(user: User, *, by: User | None) -> User:
    """Adds or changes an account. A new account without password cannot sign in until one is set."""
    if not user.password:
        user.set_unusable_password()
    return save_recorded(user, by=by)


def grant_role(
    *,
    by: User | None,
    user: User,
    role: str,
    reason: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> RoleGrant:
    """Gives a role from `starts_on` (None: today) to `ends_on` (None: until further notice).

    Nobody gives one to himself; the three administrator roles exclude each other on every day. Two who grant to one
    account wait for each other, so the later one is told what the account holds. Raises ValidationError, or Conflict
    when the database had to settle it.
    """
    if by is not None and by.pk == user.pk:
        raise ValidationError({"user": _("Nobody may change his own roles.")})
    today = timezone.localdate()
    if starts_on is not None and starts_on < today:
        raise ValidationError({"starts_on": _("A role cannot begin in the past.")})
    grant = RoleGrant(
        user=user,
        role=role,
        granted_at=timezone.now(),
        granted_by=by,
        granted_reason=reason,
        starts_on=starts_on or today,
        ends_on=ends_on,
    )
    with one_winner():
        hold_account(user)
        return save_recorded(grant, by=by, action="grant")


def hold_account(user: User) -> None:
    """Holds the account until the commit, so that its roles are decided by one writer at a time."""
    User.objects.select_for_update().filter(pk=user.pk).first()


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
