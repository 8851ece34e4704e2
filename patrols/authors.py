"""The signed-in person as an author, for pages and API."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied

from patrols.models import BaseInfoChange, Visit
from villages.models import Officer
from xinjin.access import engine


def person_of(user: Any) -> Officer | None:
    """The signed-in person on the roster, if the account belongs to one."""
    return Officer.objects.select_related("unit").filter(user=user).first()


def reporter_of(user: Any) -> Officer | None:
    """The user as who found a base-info change; None when he may report none or is nobody on the roster."""
    return person_of(user) if engine.allows(user, BaseInfoChange, "add") else None


def own_officer(user: Any) -> Officer:
    """The user as a person on the roster who may write logs; 403 for everybody else."""
    officer = person_of(user)
    if officer is None or not engine.allows(user, Visit, "add"):
        raise PermissionDenied
    return officer


def own_visit(user: Any, pk: UUID) -> Visit:
    """A visit that the user wrote, in whatever state: the verb says whether it still takes changes.

    404 when he may not see it, 403 when he sees it as somebody else's.
    """
    visits = Visit.objects.select_related("village__station", "officer")
    visit = engine.get_allowed(user, visits, "view", pk=pk)
    if visit.officer.user_id != user.pk or not engine.allows(user, Visit, "change"):
        raise PermissionDenied
    return visit
