"""Background jobs: primitive arguments, one verb call each."""

from celery import shared_task

from xinjin.idempotency import replay


@shared_task(name="idempotency.forget_answers")
def forget_answers() -> None:
    """Stored answers of the API that have expired."""
    replay.forget_answers()
