"""How work tells how far it is, and how its last step ends the run together with what it wrote."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models.functions import Now

from xinjin.jobs.models import JobRun, JobState

# The page looks once a second.
WRITTEN_EVERY = 0.5


class TakenOver(Exception):
    """The claim is lost: the run was silent for too long and somebody else has begun it anew, or it has ended."""


class Progress:
    """Given to the work of a run; `progress(done, total)` may be called for every row."""

    def __init__(self, run: JobRun) -> None:
        self._run = run
        self._written_at = 0.0

    def __call__(self, done: int, total: int | None = None) -> None:
        """So many of so many are done. Raises TakenOver when the run is no longer this worker's."""
        now = time.monotonic()
        if now - self._written_at < WRITTEN_EVERY:
            return
        self._written_at = now
        self._run.done = done
        self._run.total = self._run.total if total is None else total
        held = JobRun.objects.held_by(self._run)
        if not held.update(done=self._run.done, total=self._run.total, heartbeat_at=Now()):
            raise TakenOver

    @contextmanager
    def last_step(self) -> Iterator[None]:
        """One transaction for everything that the work writes, and for the end of the run.

        Raises TakenOver, before anything is written, when the run is no longer this worker's. A second worker that
        wants the run waits for this transaction and then finds it ended.
        """
        with transaction.atomic():
            if not JobRun.objects.held_by(self._run).select_for_update(of=("self",)).exists():
                raise TakenOver
            yield
            end(self._run, JobState.DONE)


def end(run: JobRun, state: JobState) -> None:
    """Ends the run with its message and report; raises TakenOver when the claim is lost."""
    values = {"state": state, "message": run.message, "report": run.report, "ended_at": Now(), "heartbeat_at": Now()}
    if not JobRun.objects.held_by(run).update(**values):
        raise TakenOver
    run.state = state
