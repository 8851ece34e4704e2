"""Scopes that several tables of rights share."""

from typing import Any

from django.db.models import Q

from patrols.choices import OPEN_STATES, VisitState
from xinjin.access.engine import Scope


def author(user: Any) -> Q:
    """The user's own records."""
    return Q(officer__user=user)


def open_own(user: Any) -> Q:
    """One's own records that may still be written."""
    return author(user) & Q(state__in=[str(state) for state in OPEN_STATES])


def not_draft(scope: Scope) -> Scope:
    """Drafts belong to their author alone; a returned log stays visible."""
    return lambda user: scope(user) & ~Q(state=VisitState.DRAFT)
