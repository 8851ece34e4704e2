"""A demo of its own on a database of its own, served by gunicorn, and a real Chromium in front of it.

Nothing here touches the test database: the journeys see the product only as a person in front of a screen does.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

MONTHS = 4
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
SWITCHES = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
ROOT = Path(settings.BASE_DIR)


def pytest_collection_modifyitems(items):
    if CHROMIUM is None:
        skip = pytest.mark.skip(reason="no Chromium or Chrome on this machine: journeys are not driven")
        for item in items:
            if "browser" in item.keywords:
                item.add_marker(skip)


@contextmanager
def own_database() -> Iterator[str]:
    """The address of an empty database on the server of the tests; dropped afterwards."""
    server = settings.DATABASES["default"]
    where = {"host": server["HOST"], "port": server["PORT"], "user": server["USER"], "password": server["PASSWORD"]}
    name = f"journeys_{os.getpid()}"

    def command(text: str) -> None:
        connection = psycopg2.connect(dbname="postgres", **where)
        connection.autocommit = True
        try:
            connection.cursor().execute(text)
        finally:
            connection.close()

    command(f'CREATE DATABASE "{name}"')
    try:
        yield "postgres://{user}:{password}@{host}:{port}/".format(**where) + name
    finally:
        command(f'DROP DATABASE "{name}" WITH (FORCE)')


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def wait_until_ready(address: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the web server did not start")


class Server:
    """gunicorn on a port of its own, which a test may kill and start again; the database stays."""

    def __init__(self, environment: dict[str, str], application: str = "xinjin.wsgi", workers: int = 1) -> None:
        self.environment, self.application, self.workers = environment, application, workers
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None

    def start(self) -> "Server":
        command = [
            sys.executable, "-m", "gunicorn", self.application, "--bind", f"127.0.0.1:{self.port}", "--worker-class",
            "gthread", "--workers", str(self.workers), "--threads", "4", "--no-control-socket", "--log-level",
            "critical",
        ]  # fmt: skip
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, start_new_session=True)
        wait_until_ready(self.address, self.process)
        return self

    def kill(self) -> None:
        """The power is cut: every process of the server is gone at once."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=20)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=20)


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Iterator[dict[str, str]]:
    """The environment of a server with a demo of some months."""
    folder = tmp_path_factory.mktemp("site")
    with own_database() as database:
        environment = {**os.environ, "DATABASE_URL": database, "MEDIA_ROOT": str(folder), "XINJIN_PROFILE": "demo"}
        run = {"cwd": ROOT, "env": environment}
        subprocess.run([sys.executable, "-m", "xinjin.devtools.translations"], check=True, **run)
        for arguments in (["migrate", "-v0"], ["load_demo", "--months", str(MONTHS)]):
            subprocess.run([sys.executable, "manage.py", *arguments], check=True, stdout=subprocess.DEVNULL, **run)
        yield environment


@pytest.fixture(scope="session")
def server(demo: dict[str, str]) -> Iterator[Server]:
    server = Server(demo).start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def site(server: Server) -> str:
    """The address of the running product with a demo of some months."""
    return server.address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium
        chromium.close()


class Watched:
    """A page of one signed-in person; what the browser complains about is kept in `complaints`."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.site = site
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def _console(self, message) -> None:
        # A page refused on purpose (403, 404, 409) is reported by the browser too; the journeys look at it themselves.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.type}: {message.text} at {self.page.url}")

    def _request(self, request) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.complaints.append(f"outside: {request.url}")

    def _response(self, response) -> None:
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            self.complaints.append(f"{response.status}: {response.url}")

    def open(self, path: str) -> Page:
        """Goes to an address of the product."""
        answer = self.page.goto(self.site + path)
        assert answer is not None
        assert answer.status == 200, (answer.status, path)
        return self.page

    def press(self, button) -> None:
        """Clicks what leads to another page, and waits for it."""
        with self.page.expect_navigation():
            button.click()


SignIn = Callable[[str], Watched]


@pytest.fixture
def sign_in(site: str, browser: Browser) -> Iterator[SignIn]:
    """`sign_in("chief")` is one click on the demo's door; at the end no browser may have complained."""
    contexts: list[BrowserContext] = []
    watched: list[Watched] = []

    def enter(name: str) -> Watched:
        context = browser.new_context(
            viewport={"width": 1366, "height": 768}, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        person = Watched(context, site)
        watched.append(person)
        person.open("/sign-in/")
        person.press(person.page.locator(f'button[name="demo_account"][value="{name}"]'))
        return person

    yield enter
    for context in contexts:
        context.close()
    assert [complaint for person in watched for complaint in person.complaints] == []


def is_chinese(text: str) -> bool:
    """Whether the text has Chinese characters and no English sentence."""
    return bool(re.search(r"[\u4e00-\u9fff]", text)) and not re.search(r"[A-Za-z]+ [a-z]+ [a-z]+", text)
