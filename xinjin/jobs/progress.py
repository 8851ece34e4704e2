"""How work tells how far it is, and how its last step ends the run together with what it wrote."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now

from xinjin.jobs.models import JobRun, JobState

# The page looks once a second.
WRITTEN_EVERY = 0.5
REPORT = """
    UPDATE jobs_jobrun SET done = %s, total = %s, heartbeat_at = statement_timestamp()
    WHERE id = %s AND attempt = %s AND state = 'running'
"""


# What long work takes, a Progress or anything else: told how many rows of how many are done.
Report = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Reports to nobody."""


class TakenOver(Exception):
    """The claim is lost: the run was silent for too long and somebody else has begun it anew, or it has ended."""


class Progress:
    """Given to the work of a run; `progress(done, total)` may be called for every row.

    Inside a transaction the figures go through a connection of their own, or nobody would see them before its end.
    """

    def __init__(self, run: JobRun) -> None:
        self._run = run
        # The first figures are shown at once, unless a connection would have to be opened for them.
        self._written_at = time.monotonic() if connection.in_atomic_block else 0.0
        self._aside: Any = None

    def __call__(self, done: int, total: int | None = None) -> None:
        """So many of so many are done. Raises TakenOver when the run is no longer this worker's."""
        self._run.done = done
        self._run.total = self._run.total if total is None else total
        now = time.monotonic()
        if now - self._written_at >= WRITTEN_EVERY:
            self._written_at = now
            self._report()

    def _report(self) -> None:
        values: list[Any] = [self._run.done, self._run.total, self._run.pk, self._run.attempt]
        if not connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute(REPORT, values)
                if not cursor.rowcount:
                    raise TakenOver
            return
        if self._aside is None:
            self._aside = connection.copy()
        with self._aside.cursor() as cursor:
            cursor.execute(REPORT, values)  # a lost claim is noticed at the end of the transaction

    def close(self) -> None:
        """Nothing more will be reported."""
        if self._aside is not None:
            self._aside.close()
            self._aside = None

    @contextmanager
    def last_step(self) -> Iterator[None]:
        """One transaction for everything that the work writes, and for the end of the run.

        Raises TakenOver when the run is no longer this worker's, and then nothing of it is written: of two workers
        at once the second waits at the end for the first, and finds the run ended.
        """
        with transaction.atomic():
            if not JobRun.objects.held_by(self._run).exists():
                raise TakenOver
            yield
            end(self._run, JobState.DONE)


def end(run: JobRun, state: JobState) -> None:
    """Ends the run with its message and report; raises TakenOver when the claim is lost."""
    values = {"state": state, "message": run.message, "report": run.report, "ended_at": Now(), "heartbeat_at": Now()}
    if not JobRun.objects.held_by(run).update(done=run.done, total=run.total, **values):
        raise TakenOver
    run.state = state
