"""Handing in over HTTP against real gunicorn: pressed twenty times at once, or by a person whose server died."""

import http.client
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg2
import pytest

from tests.journeys.conftest import Server

POSTS = 20
YESTERDAY = datetime.now(ZoneInfo("Asia/Shanghai")).date() - timedelta(days=1)


class Person:
    """Somebody signed in, with nothing but HTTP."""

    def __init__(self, server: Server, account: str) -> None:
        self.server = server
        self.cookies: dict[str, str] = {}
        page = self.ask("GET", "/sign-in/")[1]
        self.ask("POST", "/sign-in/", {"demo_account": account, **token(page)})
        assert "sessionid" in self.cookies

    def ask(self, method: str, path: str, data: dict | None = None, **headers: str) -> tuple[int, str, str]:
        """(status, body, address to go on to)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers |= {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, urlencode(data, doseq=True) if data else None, headers)
            answer = connection.getresponse()
            for name, value in answer.getheaders():
                if name == "Set-Cookie":
                    key, _equals, text = value.partition(";")[0].partition("=")
                    self.cookies[key] = text
            return answer.status, answer.read().decode(), answer.getheader("Location", "")
        finally:
            connection.close()


def token(page: str) -> dict[str, str]:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    return {"csrfmiddlewaretoken": found[1]}


@pytest.fixture(scope="module")
def fragile(demo: dict[str, str]) -> Iterator[Server]:
    server = Server(demo, "tests.journeys.fragile_wsgi", workers=2).start()
    try:
        yield server
    finally:
        server.stop()


def opened(person: Person, start: str) -> tuple[str, dict]:
    """A new draft and what its page posts for a complete entry."""
    today = person.ask("GET", "/today/")[1]
    code = re.search(r'name="village" value="(\d+)"', today)
    assert code
    known = str(uuid4())
    new = {"village": code[1], "visited_on": f"{YESTERDAY}", "id": known}
    assert person.ask("POST", "/visits/new/", {**new, **token(today)})[0] == 302
    path = f"/visits/{known}/"
    rows = {f"calls-{number}-household": f"12组{start[:2]}{number}号 王建国" for number in range(5)}
    return path, {
        **token(person.ask("GET", f"{path}edit/")[1]), "action": "submit", "revision": 0, "village": code[1],
        "visited_on": f"{YESTERDAY}", "started_at": start, "ended_at": f"{start[:2]}40", "summary": "走访五户",
        "photo_waiver": "相机没电", "base_info-TOTAL_FORMS": 0, "base_info-INITIAL_FORMS": 0,
        "calls-TOTAL_FORMS": 5, "calls-INITIAL_FORMS": 0, "deeds-TOTAL_FORMS": 1,
        "deeds-INITIAL_FORMS": 0, "deeds-0-beneficiary": "张大爷", "deeds-0-matter": "送药", "deeds-0-result": "已送到",
        **rows,
    }  # fmt: skip


def stored(demo: dict[str, str], path: str) -> dict[str, int]:
    """What the database holds about the visit."""
    key = path.split("/")[2]
    counted = {
        "visits": "patrols_visit WHERE state = 'submitted' AND id = %s",
        "transitions": "patrols_visittransition WHERE visit_id = %s",
        "versions": "patrols_visitversion WHERE visit_id = %s",
        "calls": "patrols_householdcall WHERE visit_id = %s",
        "submits": "audit_event WHERE action = 'submit' AND subject_id = %s",
    }
    connection = psycopg2.connect(demo["DATABASE_URL"])
    try:
        cursor, found = connection.cursor(), {}
        for name, where in counted.items():
            cursor.execute(f"SELECT count(*) FROM {where}", [key])
            (found[name],) = cursor.fetchone()
        return found
    finally:
        connection.close()


ONCE = {"visits": 1, "transitions": 1, "versions": 1, "calls": 5, "submits": 1}


def test_twenty_posts_at_once_are_one_visit_with_one_answer(demo, fragile):
    person = Person(fragile, "community")
    path, data = opened(person, "0500")
    together = Barrier(POSTS)

    def post() -> tuple[int, str]:
        together.wait()
        status, _body, location = person.ask("POST", f"{path}edit/", data)
        return status, location

    with ThreadPoolExecutor(POSTS) as pool:
        answers = {job.result() for job in [pool.submit(post) for _ in range(POSTS)]}
    assert answers == {(302, path)}
    assert stored(demo, path) == ONCE


def test_process_killed_between_write_and_answer_leaves_one_visit(demo, fragile):
    person = Person(fragile, "community")
    path, data = opened(person, "0600")
    with pytest.raises((http.client.HTTPException, OSError)):
        person.ask("POST", f"{path}edit/", data, **{"X-Die": "1"})
    assert stored(demo, path) == ONCE  # the work was done, the person does not know it
    status, _body, location = person.ask("POST", f"{path}edit/", data)
    assert (status, location) == (302, path)
    assert stored(demo, path) == ONCE


def test_autosave_whose_answer_was_lost_is_no_conflict_with_oneself(demo, fragile):
    person = Person(fragile, "community")
    path, data = opened(person, "0700")
    mine = {"page": str(uuid4()), "action": "save"}
    with pytest.raises((http.client.HTTPException, OSError)):
        person.ask("POST", f"{path}autosave/", {**data, **mine, "step": 1, "summary": "写到"}, **{"X-Die": "1"})
    status, body, _location = person.ask("POST", f"{path}autosave/", {**data, **mine, "step": 2, "summary": "写到一半"})
    assert status == 200, body
    assert "写到一半" in person.ask("GET", f"{path}edit/")[1]
