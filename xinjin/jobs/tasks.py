"""Background jobs: primitive arguments, one verb call each."""

from uuid import UUID

from celery import shared_task

from xinjin.jobs import runs


@shared_task(name="jobs.run")
def run_job(pk: str) -> None:
    """Performs one run, if nobody else does."""
    runs.perform(UUID(pk))


@shared_task(name="jobs.sweep")
def sweep() -> None:
    """Wakes workers for what waits, deletes what is old."""
    runs.sweep()
