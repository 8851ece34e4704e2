"""Starting, performing and sweeping background jobs. The row is the job; a message only wakes a worker up."""

import logging
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any
from uuid import UUID

from celery import current_app
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from xinjin.audit.trail import record
from xinjin.errors import Conflict
from xinjin.jobs.models import ENDED, JobRun, JobState
from xinjin.jobs.progress import Progress, TakenOver, end
from xinjin.jobs.registry import KINDS, Result

logger = logging.getLogger(__name__)

# Work that ends its worker each time is not begun for ever.
MOST_ATTEMPTS = 3
# A message is sent again when nobody has come for so long.
WAKE_AGAIN_AFTER = timedelta(minutes=1)
SENT_AT_ONCE = 200
KEPT = timedelta(days=7)


def start(
    *, by: Any, kind: str, title: str, parameters: dict | None = None, upload: UploadedFile | None = None
) -> JobRun:
    """A new run of `kind` for the user, waiting for a worker; see the package for the whole story."""
    if kind not in KINDS:
        raise ValueError(f"there is no kind of job {kind}")
    run = JobRun(kind=kind, title=title[:200], owner=by, parameters=parameters or {})
    run.language = translation.get_language() or ""
    try:
        with transaction.atomic():
            if upload is not None:
                run.upload_name = (upload.name or "")[-200:]
                run.upload.save("upload", upload, save=False)
            run.full_clean()
            run.save(force_insert=True)
            record(by, "start", run, {"kind": kind})
            transaction.on_commit(lambda: wake([run.pk]))
    except BaseException:
        if run.upload:
            run.upload.storage.delete(str(run.upload.name))
        raise
    return run


def wake(keys: list[UUID]) -> None:
    """Sends a message for each of these runs. Without a broker nothing is lost: the next sweep asks again."""
    JobRun.objects.filter(pk__in=keys).update(sent_at=Now())
    try:
        for key in keys:
            expires = 2 * WAKE_AGAIN_AFTER.total_seconds()
            current_app.send_task("jobs.run", args=[str(key)], retry=False, expires=expires)
    except Exception:  # whatever the broker has: the row is there, and the sweep will find it
        logger.warning("no message could be sent for %s background jobs", len(keys), exc_info=True)


def claim(pk: UUID) -> JobRun | None:
    """The run, now this worker's; None when somebody else has it, it has ended, or there is none."""
    taken = JobRun.objects.to_be_begun().filter(pk=pk, attempt__lt=MOST_ATTEMPTS)
    with transaction.atomic():  # nobody else can claim it between the two statements
        if not taken.update(state=JobState.RUNNING, attempt=F("attempt") + 1, done=0, total=0, heartbeat_at=Now()):
            return None
        return JobRun.objects.select_related("owner").get(pk=pk)


def perform(pk: UUID) -> None:
    """Does the work of a run, if nobody else does it; its outcome is in the row."""
    run = claim(pk)
    if run is None:
        return
    try:
        with translation.override(run.language or None):
            _perform(run)
    except TakenOver:
        logger.warning("background job %s was taken over by another worker", pk)


def _perform(run: JobRun) -> None:
    try:
        with closing(Progress(run)) as progress:
            result = KINDS[run.kind].work(run, progress)
        _finish(run, result)
    except TakenOver:
        raise
    except ValidationError as error:
        _fail(run, "\n".join(error.messages))
    except Conflict as conflict:
        _fail(run, conflict.message)
    except Exception:
        logger.exception("background job %s (%s) failed", run.pk, run.kind)
        _fail(run, _("The work met an error of the program. It is noted in the log under the number of this job."))


def _finish(run: JobRun, result: Result) -> None:
    """Keeps the file and ends the run, unless its last step has ended it already."""
    if result is None:
        if run.state != JobState.DONE:
            end(run, JobState.DONE)
        return
    name, content = result
    run.result.save("result", ContentFile(content), save=False)
    try:
        with transaction.atomic():
            if run.state != JobState.DONE:
                end(run, JobState.DONE)
            mine = JobRun.objects.filter(pk=run.pk, attempt=run.attempt, state=JobState.DONE)
            if not mine.update(result=run.result.name, result_name=name[-200:]):
                raise TakenOver
    except BaseException:
        run.result.storage.delete(str(run.result.name))
        raise


def _fail(run: JobRun, message: str) -> None:
    run.message = message
    end(run, JobState.FAILED)


def sweep(*, begin: Callable[[list[UUID]], None] = wake) -> int:
    """Begins what waits or was left by a dead worker, gives up what ends its workers, deletes what is old.

    Returns how many runs were begun. Harmless however often it runs; two at once send a message twice at most.
    """
    _give_up()
    delete_old()
    unheard = Q(sent_at=None) | Q(sent_at__lt=Now() - WAKE_AGAIN_AFTER)
    found = JobRun.objects.to_be_begun().filter(unheard).order_by("started_at", "pk")
    keys = list(found.values_list("pk", flat=True)[:SENT_AT_ONCE])
    if keys:
        begin(keys)
    return len(keys)


def perform_all(keys: list[UUID]) -> None:
    """Performs these runs one after another in this process."""
    for key in keys:
        perform(key)


def _give_up() -> None:
    for run in JobRun.objects.to_be_begun().filter(attempt__gte=MOST_ATTEMPTS):
        with translation.override(run.language or None):
            message = _("The work was begun %(count)s times and never came to its end. Please start it again.")
            values = {"state": JobState.FAILED, "message": message % {"count": run.attempt}, "ended_at": Now()}
        JobRun.objects.to_be_begun().filter(pk=run.pk, attempt=run.attempt).update(**values)


def delete_old() -> int:
    """Deletes runs that ended more than KEPT ago, with their files."""
    old = JobRun.objects.filter(state__in=ENDED, ended_at__lt=Now() - KEPT)
    count = 0
    for run in old.order_by("ended_at", "pk")[:SENT_AT_ONCE]:
        count += JobRun.objects.filter(pk=run.pk, state__in=ENDED).delete()[0]
        _delete_folder(run)
    return count


def _delete_folder(run: JobRun) -> None:
    """Every file of the run, also one that a killed worker left without a row."""
    storage, folder = run.upload.storage, f"jobs/{run.pk}"
    if storage.exists(folder):
        for name in storage.listdir(folder)[1]:
            storage.delete(f"{folder}/{name}")
        storage.delete(folder)


@transaction.atomic
def record_download(*, by: Any, run: JobRun) -> None:
    """A result was taken as a file."""
    record(by, "download", run, {"file": run.result_name})
