"""The real Celery worker, as a process of its own, on the test database and with the real broker."""

import os
import signal
import subprocess
import sys
import time
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from patrols.models import InboxItem, Reminder
from patrols.tasks import sweep
from tests import factories
from tests.platform import jobs_of_tests  # noqa: F401  (its kinds of work)
from villages.choices import OfficerKind
from xinjin.accounts.models import User
from xinjin.accounts.roles import Role
from xinjin.celery import app
from xinjin.jobs import runs
from xinjin.jobs.models import SILENT_AFTER, JobRun, JobState
from xinjin.periods import Week

# Not marked `django_db`: what is emptied afterwards must be so while `committed` leaves the trail unguarded.
pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def queue():
    """A queue of its own: whoever else uses the broker neither takes these tasks nor leaves any."""
    name = f"test-{uuid.uuid4()}"
    yield name
    with app.connection_for_write() as broker:
        broker.default_channel.queue_delete(name)


@pytest.fixture
def worker(queue):
    """A worker on the test database."""
    database = connection.settings_dict
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    command = [
        sys.executable, "-m", "celery", "-A", "xinjin", "worker", "--queues", queue, "--concurrency=1",
        "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=WARNING",
        "--include", "tests.platform.jobs_of_tests",
    ]  # fmt: skip
    environment = {**os.environ, "DATABASE_URL": url}
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, start_new_session=True)
    yield process
    if process.poll() is None:
        process.terminate()
        process.wait(timeout=20)


def wait_for(condition, seconds=40):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.2)
    return False


def owing_world():
    """An officer who owes reports whatever the day."""
    village = factories.make_village()
    officer = factories.make_officer(kind=OfficerKind.LIAISON)
    factories.make_assignment(village, officer)
    return officer


def replayed() -> str:
    """A day on which a weekly report was due, so that the test holds on any day of any week."""
    return str(Week.of(timezone.localdate()).previous().start)


def test_worker_delivers_a_reminder_once(worker, queue):
    officer = owing_world()
    for _ in range(3):
        app.send_task("patrols.sweep", kwargs={"day": replayed()}, queue=queue)
    assert wait_for(lambda: InboxItem.objects.filter(recipient=officer).exists())
    assert wait_for(lambda: not Reminder.objects.filter(delivered_at=None).exists())
    told = list(InboxItem.objects.filter(recipient=officer).values_list("kind", "context"))
    assert len(told) == len({(kind, str(context)) for kind, context in told})
    assert Reminder.objects.count() == len(told)


def test_killed_worker_loses_nothing(worker, queue):
    worker.kill()
    worker.wait()
    officer = owing_world()
    app.send_task("patrols.sweep", kwargs={"day": replayed()}, queue=queue)  # nobody is there to take it
    assert not InboxItem.objects.exists()
    sweep(replayed())  # the next sweep finds the same work in the database
    assert InboxItem.objects.filter(recipient=officer).exists()
    count = InboxItem.objects.count()
    sweep(replayed())
    assert InboxItem.objects.count() == count


def added() -> int:
    return User.objects.filter(username__startswith="job").count()


def slow_job() -> JobRun:
    """Adds two hundred accounts in ten seconds, in one transaction."""
    by = factories.make_user(Role.OFFICER)
    return runs.start(by=by, kind="tests.accounts", title="x", parameters={"count": 200, "pause": 0.05})


def test_worker_performs_a_job_once(worker, queue):
    by = factories.make_user(Role.OFFICER)
    run = runs.start(by=by, kind="tests.accounts", title="x", parameters={"count": 3})
    for _ in range(3):
        app.send_task("jobs.run", args=[str(run.pk)], queue=queue)
    assert wait_for(lambda: JobRun.objects.get().state == JobState.DONE)
    assert added() == 3


def test_job_of_a_killed_worker_is_begun_again_and_its_work_is_there_once(worker, queue):
    run = slow_job()
    app.send_task("jobs.run", args=[str(run.pk)], queue=queue)
    assert wait_for(lambda: JobRun.objects.get().done > 0)  # it is in the middle of its transaction
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    with app.connection_for_write() as broker:
        broker.default_channel.queue_purge(queue)  # and Redis has lost everything
    assert added() == 0
    JobRun.objects.update(heartbeat_at=Now() - SILENT_AFTER - timedelta(seconds=1), sent_at=None)
    JobRun.objects.update(parameters={"count": 200})
    call_command("sweep_jobs")
    run.refresh_from_db()
    assert (run.state, run.attempt, added()) == (JobState.DONE, 2, 200)
