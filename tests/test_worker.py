"""The real Celery worker, as a process of its own, on the test database."""

import os
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection

from patrols.models import InboxItem, Reminder
from patrols.tasks import sweep
from tests import factories
from villages.choices import OfficerKind

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker():
    """A worker on the test database and on a queue of its own."""
    database = connection.settings_dict
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    command = [
        sys.executable, "-m", "celery", "-A", "xinjin", "worker", "--concurrency=1", "--without-gossip",
        "--without-mingle", "--loglevel=WARNING",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env={**os.environ, "DATABASE_URL": url})
    yield process
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
    village = factories.make_village()
    officer = factories.make_officer(kind=OfficerKind.LIAISON)
    factories.make_assignment(village, officer)
    return officer


def test_worker_delivers_a_reminder_once(worker):
    officer = owing_world()
    for _ in range(3):
        sweep.delay()
    assert wait_for(lambda: InboxItem.objects.filter(recipient=officer).exists())
    assert wait_for(lambda: not Reminder.objects.filter(delivered_at=None).exists())
    kinds = list(InboxItem.objects.filter(recipient=officer).values_list("kind", flat=True))
    assert len(kinds) == len(set(kinds))


def test_killed_worker_loses_nothing(worker):
    worker.kill()
    worker.wait()
    officer = owing_world()
    sweep.delay()  # nobody is there to take it
    assert not InboxItem.objects.exists()
    sweep()  # the next sweep finds the same work in the database
    assert InboxItem.objects.filter(recipient=officer).exists()
