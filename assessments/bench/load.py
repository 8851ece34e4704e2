"""Clients that press a web server on this machine: what each kind of request took, and which went wrong."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

TOKEN = "b" * 32  # of the CSRF check: the same in cookie and form
SHOWN = 5


@contextmanager
def web_server() -> Iterator[int]:
    """The port of gunicorn as run.py starts it, on the present database."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    database = connection.settings_dict
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    command = [
        sys.executable, "-m", "gunicorn", "xinjin.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
        "--workers", "2", "--threads", "4", "--no-control-socket", "--log-level", "critical",
    ]  # fmt: skip
    environment = {**os.environ, "DATABASE_URL": url}
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 60
        while not _answers(port):
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError("the web server did not start")
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(port: int) -> bool:
    try:
        return Browser("", port).fetch("GET", "/healthz").status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False


@dataclass(frozen=True)
class Page:
    status: int
    location: str
    text: str


@dataclass
class Browser:
    """Someone signed in, who sends one request after the other."""

    session: str
    port: int

    def fetch(self, method: str, path: str, form: dict[str, str] | None = None) -> Page:
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={TOKEN}", "Connection": "close"}
        body = None
        if form is not None:
            body = urlencode({**form, "csrfmiddlewaretoken": TOKEN})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            text = answer.read().decode("utf-8", "replace")
            return Page(answer.status, answer.headers.get("Location", ""), text)
        finally:
            line.close()


@dataclass
class Tally:
    """Seconds of each kind of request, and what went wrong; shared by all clients, who stop when it is full."""

    most: int
    deadline: float
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    complaints: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    @property
    def count(self) -> int:
        return sum(map(len, self.seconds.values()))

    @property
    def is_full(self) -> bool:
        return self.count >= self.most or time.monotonic() > self.deadline

    def timed(
        self, kind: str, browser: Browser, method: str, path: str, expected: int, form: dict | None = None
    ) -> Page:
        """Sends a request and writes down what became of it."""
        page, complaint, started = Page(0, "", ""), "", time.perf_counter()
        try:
            page = browser.fetch(method, path, form)
            if page.status != expected:
                complaint = f"{kind}: {method} {path} answered {page.status} {said_in(page.text)}"
        except (OSError, http.client.HTTPException) as error:
            complaint = f"{kind}: {method} {path}: {error!r}"
        taken = time.perf_counter() - started
        with self.lock:
            self.seconds[kind].append(taken)
            if complaint:
                self.errors[kind] += 1
                self.complaints.append(complaint)
        return page


@dataclass
class Rehearsal(Browser):
    """The same person in this process, so that the queries of a page can be counted."""

    port: int = 0

    def fetch(self, method: str, path: str, form: dict[str, str] | None = None) -> Page:
        client = Client()
        client.cookies["sessionid"] = self.session
        answer: Any = getattr(client, method.lower())(path, form)
        return Page(answer.status_code, answer.headers.get("Location", ""), answer.content.decode("utf-8", "replace"))


@dataclass
class Counting(Tally):
    """Counts queries instead of pressing: the most of each kind."""

    queries: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def timed(self, kind: str, *args: Any, **options: Any) -> Page:
        with CaptureQueriesContext(connection) as captured:
            page = super().timed(kind, *args, **options)
        self.queries[kind] = max(self.queries[kind], len(captured))
        return page


def said_in(html: str) -> str:
    """The first mistakes that a page names, in plain words."""
    mistakes = html.partition('class="error-summary"')[2].partition("</section>")[0]
    return " ".join(strip_tags(mistakes.partition(">")[2]).split())[:200]


def press(rounds: list[Callable[[Tally], None]], *, requests: int, seconds: float) -> tuple[Tally, float]:
    """Lets each client do his round again and again, all at once; gives the tally and the seconds it took."""
    started = time.monotonic()
    tally = Tally(requests, started + seconds)

    def again(act: Callable[[Tally], None]) -> None:
        while not tally.is_full:
            act(tally)

    with ThreadPoolExecutor(len(rounds)) as pool:
        for job in [pool.submit(again, act) for act in rounds]:
            job.result()
    return tally, time.monotonic() - started


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def table(tally: Tally, alone: Tally, queries: dict[str, int]) -> Iterator[str]:
    """The lines of the result, milliseconds throughout."""
    yield f"{'':<16}{'requests':>10}{'alone':>8}{'p50':>8}{'p95':>8}{'errors':>8}{'queries':>9}"
    for kind, taken in tally.seconds.items():
        figures = (percentile(alone.seconds[kind] or [0.0], 0.5), percentile(taken, 0.5), percentile(taken, 0.95))
        in_ms = "".join(f"{1000 * value:>8.0f}" for value in figures)
        yield f"{kind:<16}{len(taken):>10}{in_ms}{tally.errors[kind]:>8}{queries.get(kind, 0):>9}"
    yield from tally.complaints[:SHOWN]
