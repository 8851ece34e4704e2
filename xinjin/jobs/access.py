"""A job is seen by the person who started it, and by nobody else."""

from typing import Any

from django.db.models import Q

from xinjin.access.engine import register
from xinjin.accounts.roles import Role
from xinjin.jobs.models import JobRun


def started_by_oneself(user: Any) -> Q:
    """The jobs that the user has started."""
    return Q(owner=user)


register({(JobRun, "view"): {role: started_by_oneself for role in Role}})
