"""A key is one visit and one answer, over HTTP, with several processes, though one of them is killed."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from patrols.models import Visit
from tests.factories import make_station_side
from tests.journeys.conftest import free_port
from tests.patrols.factories import yesterday
from xinjin.audit.models import Event

# Not marked `django_db`: what is emptied afterwards must be so while `committed` leaves the trail unguarded.
pytestmark = pytest.mark.usefixtures("committed")
TOGETHER = 20
TOKEN = "t" * 32


@pytest.fixture(scope="module")
def port(django_db_setup, tmp_path_factory) -> Iterator[int]:
    """Where gunicorn serves the product on the test database, with two processes."""
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict)
    number = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "tests.patrols.failing_wsgi", "--bind", f"127.0.0.1:{number}",
        "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket",
        "--log-level", "critical",
    ]  # fmt: skip
    environment = {**os.environ, "DATABASE_URL": url, "MEDIA_ROOT": str(tmp_path_factory.mktemp("media"))}
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)
    try:
        deadline = time.monotonic() + 60
        while ask(number, "GET", "/healthz") is None:
            assert time.monotonic() < deadline, "the web server did not start"
            time.sleep(0.1)
        yield number
    finally:
        process.terminate()
        process.wait(timeout=20)


def ask(port: int, method: str, path: str, sent=None, **headers):
    """(status, body), or None when nobody answered."""
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request(method, path, None if sent is None else json.dumps(sent), headers)
        answer = line.getresponse()
        return answer.status, answer.read()
    except (OSError, HTTPException):
        return None
    finally:
        line.close()


class Sender:
    """Another system that signs in as an officer and sends one visit, as often as it takes."""

    def __init__(self, port: int) -> None:
        side = make_station_side()
        client = Client()
        client.force_login(side.officers[0].user)
        cookie = client.cookies["sessionid"].value
        self.port = port
        self.headers = {
            "Cookie": f"sessionid={cookie}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid4()),
        }
        self.visit = {
            "village": side.village.code, "visited_on": yesterday().isoformat(), "started_at": "09:00",
            "ended_at": "11:00", "summary": "走访", "photo_waiver": "无", "shortfall_reason": "下雨", "submit": True,
            "calls": [{"household": "3组1号 王建国"}],
        }  # fmt: skip

    def send(self, fault: str = ""):
        return ask(self.port, "POST", "/api/v1/visits/", self.visit, **self.headers, **{"X-Fault": fault})

    def send_until_answered(self):
        deadline = time.monotonic() + 30
        while (answer := self.send()) is None:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        return answer


def all_together(sender: Sender, fault: str = "") -> list:
    barrier = threading.Barrier(TOGETHER)

    def send():
        barrier.wait()
        return sender.send(fault)

    with ThreadPoolExecutor(TOGETHER) as pool:
        return [job.result() for job in [pool.submit(send) for _ in range(TOGETHER)]]


def test_twenty_at_once_are_one_visit_and_one_answer(port):
    sender = Sender(port)
    answers = all_together(sender)
    assert {status for status, _body in answers} == {201}
    assert len({body for _status, body in answers}) == 1
    assert Visit.objects.get().state == "submitted"
    events = Event.objects.filter(subject_type="patrols.visit").order_by("id")
    assert [event.action for event in events] == ["open", "save", "submit"]


def test_twenty_at_once_without_the_guard_are_many_visits_control(port):
    sender = Sender(port)
    sender.visit["submit"] = False
    all_together(sender, "no guard")
    assert Visit.objects.count() > 1


@pytest.mark.parametrize(("fault", "written"), [("die before the answer", 1), ("die before the commit", 0)])
def test_killed_process_and_the_same_request_again_are_one_visit(port, fault, written):
    sender = Sender(port)
    assert sender.send(fault) is None, "nobody answered"
    assert Visit.objects.count() == written
    status, body = sender.send_until_answered()
    assert (status, json.loads(body)["state"]) == (201, "submitted")
    assert str(Visit.objects.get().pk) == json.loads(body)["id"] == sender.headers["Idempotency-Key"]
    assert Event.objects.filter(action="submit").count() == 1


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine: the commands are not run")
def test_commands_of_the_documentation_work(port, tmp_path):
    """docs/api.md from its first command to its last, in one shell, as a reader would type them."""
    side = make_station_side()
    user = side.officers[0].user
    user.set_password("correct-horse-battery")
    user.save()
    Image.new("RGB", (64, 48), "green").save(tmp_path / "any.png")
    commands = re.findall(r"```sh\n(.*?)```", (Path(settings.BASE_DIR) / "docs" / "api.md").read_text(), re.DOTALL)
    values = {
        "SITE": f"http://127.0.0.1:{port}", "NUMBER": user.username, "PASSWORD": "correct-horse-battery",
        "KEY": str(uuid4()), "VILLAGE": side.village.code, "DAY": yesterday().isoformat(), "PHOTO": "any.png",
        "CASE_KEY": str(uuid4()), "TODAY": timezone.localdate().isoformat(),
    }  # fmt: skip
    script = "\necho '=== end'\n".join(commands)
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=tmp_path, env={**os.environ, **values}, capture_output=True, check=True
    )
    signed_in, created, changed, photo, submitted, listed, opened, stepped, resolved, corrected, found = (
        text.strip() and json.loads(text) for text in done.stdout.decode().split("=== end")
    )
    assert signed_in == ""
    assert (created["id"], created["state"], created["revision"]) == (values["KEY"], "draft", 1)
    assert (changed["ended_at"], changed["calls"][0]["household"]) == ("11:30:00", "3组12号 王建国")
    assert (photo["width"], photo["visit"]) == (64, values["KEY"])
    assert (submitted["state"], submitted["photo_count"]) == ("submitted", 1)
    assert [row["id"] for row in listed["results"]] == [values["KEY"]]
    assert (opened["state"], opened["names_in_full"], opened["owner"]) == ("open", True, side.officers[0].number)
    assert (stepped["state"], stepped["revision"], stepped["steps"][0]["note"]) == ("handling", 1, "现场丈量")
    assert (resolved["state"], resolved["result"], len(resolved["follow_ups"])) == ("resolved", "恢复界桩", 2)
    assert (corrected["place"], corrected["category"], corrected["revision"]) == ("3组水渠边", "land", 3)
    assert [row["id"] for row in found["results"]] == [opened["id"]]
