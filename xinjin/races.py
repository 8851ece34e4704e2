"""Two writers at the same moment: one wins, the other gets a clear answer instead of a database error."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from xinjin.errors import Conflict

# unique_violation, exclusion_violation, deadlock_detected, serialization_failure: what a checked row can still meet.
LOST_RACES = frozenset({"23505", "23P01", "40P01", "40001"})


def is_lost_race(error: Exception) -> bool:
    """Whether the database refused a row because another one came first."""
    return getattr(error.__cause__, "pgcode", None) in LOST_RACES


@contextmanager
def one_winner() -> Iterator[None]:
    """A transaction in which a lost race raises Conflict. Rows are checked before, so nothing else can be the cause."""
    try:
        with transaction.atomic():
            yield
    except (IntegrityError, OperationalError) as error:
        if not is_lost_race(error):
            raise
        message = _("Somebody else saved a record at the same moment that excludes this one. Nothing was overwritten.")
        raise Conflict(message) from error
