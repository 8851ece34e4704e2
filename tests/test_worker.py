"""The real Celery worker, as a process of its own, on the test database and with the real broker."""

import os
import subprocess
import sys
import time
import uuid

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from patrols.models import InboxItem, Reminder
from patrols.tasks import sweep
from tests import factories
from villages.choices import OfficerKind
from xinjin.celery import app
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
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env={**os.environ, "DATABASE_URL": url})
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
