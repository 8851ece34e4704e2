"""The pages of visits over HTTP on three years of work: sixteen officers look, write and hand in at once."""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html.parser import HTMLParser
from random import Random
from typing import Any, NamedTuple
from uuid import uuid4

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from assessments.bench.data import make_month, make_places
from assessments.bench.load import Browser, Counting, Rehearsal, Tally, press, table, web_server
from patrols.models import HouseholdCall, Photo, Visit
from villages.models import Officer
from xinjin.accounts.models import RoleGrant, User
from xinjin.accounts.roles import Role
from xinjin.periods import Month


class Size(NamedTuple):
    """Villages, months of visits; requests of one client alone, before all press at once."""

    villages: int
    months: int
    alone: int


FULL, SMALL = Size(81, 36, 200), Size(3, 1, 1)
SMALL_LOAD = {"requests": 2, "clients": 2}
VISITS, PHOTOS = 9, 2  # a month; of a visit
BRIGADE = "bench-brigade"
MORE_HOUSEHOLDS = """
INSERT INTO villages_household (address, head_name, phone, tags, pinyin, initials, village_id)
    SELECT n || '组' || n || '号', '王' || n, '', '{}', 'wang', 'w', id
    FROM villages_village, generate_series(11, 300) n
"""


def run(say: Callable[[str], None], options: Mapping[str, Any]) -> None:
    """The bench "visits"."""
    size = SMALL if options["small"] else FULL
    options = {**options, **SMALL_LOAD} if options["small"] else options
    fill(size)
    say(f"visits {Visit.objects.count()}, calls {HouseholdCall.objects.count()}, photos {Photo.objects.count()}")
    sessions = {user.username: session_of(user) for user in User.objects.all()}
    officers = list(Officer.objects.select_related("user").order_by("number"))[: options["clients"]]
    places = dict(Officer.objects.values_list("number", "assignments__village__code"))
    with web_server() as port:
        boss = Browser(sessions[BRIGADE], port)
        authors = [
            Author(Browser(sessions[officer.number], port), boss, officer.number, places[officer.number])
            for officer in officers
        ]
        queries = authors[0].queries()
        alone, _seconds = press([authors[0].round], requests=size.alone, seconds=60)
        tally, seconds = press(
            [author.round for author in authors], requests=options["requests"], seconds=options["seconds"]
        )
    for line in table(tally, alone, queries):
        say(line)
    errors = sum(tally.errors.values())
    say(f"{tally.count} requests, {len(authors)} clients without pauses, {seconds:.0f} s, {errors} errors")


def fill(size: Size) -> None:
    """Villages with people who sign in, and the months of their visits."""
    months = [Month.counting(timezone.localdate()).previous()]
    while len(months) < size.months:
        months.append(months[-1].previous())
    with transaction.atomic(), connection.cursor() as cursor:
        make_places(cursor, [(f"{510118000000 + n}", f"村{n}") for n in range(size.villages)], checked=True)
        cursor.execute(MORE_HOUSEHOLDS)
    for month in months:
        with transaction.atomic(), connection.cursor() as cursor:
            make_month(cursor, month, visits=VISITS)
    _people()
    _photos(User.objects.get(username=BRIGADE))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _people() -> None:
    officers = list(Officer.objects.all())
    users = [User(username=officer.number, display_name=officer.name) for officer in officers]
    brigade = User(username=BRIGADE, display_name="brigade")
    User.objects.bulk_create([*users, brigade])
    for officer, user in zip(officers, users, strict=True):
        officer.user = user
    Officer.objects.bulk_update(officers, ["user"])
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, granted_at=timezone.now(), granted_reason="bench")
        for user, role in [(brigade, Role.BRIGADE), *((user, Role.OFFICER) for user in users)]
    )


def _photos(by: User) -> None:
    """Rows of photos without their files."""
    visits = list(Visit.objects.values_list("pk", flat=True))
    rows = (
        Photo(
            visit_id=visit, file=f"photos/{number}.jpg", sha256=f"{number:064}", width=1600, height=1200, uploaded_by=by
        )
        for number, visit in enumerate(visits * PHOTOS)
    )
    while batch := list(itertools.islice(rows, 5000)):
        Photo.objects.bulk_create(batch)
    Visit.objects.update(photo_count=PHOTOS)


def session_of(user: User) -> str:
    """The cookie of a browser in which the user has signed in."""
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


class Form(HTMLParser):
    """What the page's fields would send if nothing were changed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = self._textarea = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name", ""), given.get("type", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.values[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._textarea, self.values[name] = name, ""
        elif tag == "input" and name and kind not in ("checkbox", "radio", "file", "submit"):
            self.values[name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.values[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""


@dataclass
class Author:
    """An officer at his PC: looks through the logs, opens a draft that is saved as he types, and hands it in."""

    browser: Browser
    boss: Browser
    number: str
    village: str
    written: int = 0
    random: Random = field(default_factory=lambda: Random(1))  # noqa: S311

    def round(self, tally: Tally) -> None:
        """Twelve requests, or fewer when one of them failed."""
        for kind, path in self.looks():
            browser = self.boss if "brigade" in kind else self.browser
            page = tally.timed(kind, browser, "GET", path, 200)
            if kind == "list, officer" and page.status == 200:
                for found in self.random.sample(_visits_on(page.text), 3):
                    tally.timed("detail", self.browser, "GET", found, 200)
        form = {"village": self.village, "id": str(uuid4())}
        opened = tally.timed("open a draft", self.browser, "POST", "/visits/new/", 302, form).location
        for act, path, answer in (("autosave", opened.replace("/edit/", "/autosave/"), 200), ("submit", opened, 302)):
            page = tally.timed("edit page", self.browser, "GET", opened, 200)
            if page.status != 200:
                return
            tally.timed(act, self.browser, "POST", path, answer, self.entry(Form(page.text).values))
        self.written += 1

    def looks(self) -> Iterator[tuple[str, str]]:
        """The lists that are looked at."""
        month = Month.counting(timezone.localdate()).previous().key
        yield "list, officer", "/visits/"
        yield "list, brigade", f"/visits/?page={self.random.randint(1, 20)}"
        yield "list, brigade", f"/visits/?period={month}&standard=met"
        yield "text, brigade", "/visits/?text=%E8%B7%AF%E7%81%AF"

    def entry(self, form: dict[str, str]) -> dict[str, str]:
        """The form filled in for hours of a day in which nobody else was there."""
        day = timezone.localdate() - timedelta(days=1 + self.written % 40)
        minute = 13 * 60 + 5 * (self.written // 40 % 120)
        clock = [f"{at // 60:02}:{at % 60:02}" for at in (minute, minute + 4)]
        calls = {f"calls-{row}-household": f"{row + 11}组{row + 11}号 王{row + 11}" for row in range(5)}
        deed = {"deeds-0-beneficiary": "张大爷", "deeds-0-matter": "代办社保卡", "deeds-0-result": "已送到家"}
        words = {"summary": f"入户五户，宣传反诈。{self.written}", "photo_waiver": "相机没电"}
        times = {"visited_on": day.isoformat(), "started_at": clock[0], "ended_at": clock[1]}
        return {**form, **calls, **deed, **words, **times, "action": "submit"}

    def queries(self) -> dict[str, int]:
        """How often each kind of request asks the database; asked in this process."""
        counting = Counting(0, 0.0)
        here = replace(self, browser=Rehearsal(self.browser.session), boss=Rehearsal(self.boss.session))
        here.round(counting)
        self.written = here.written
        if counting.complaints:
            raise RuntimeError(counting.complaints[0])
        return counting.queries


def _visits_on(html: str) -> list[str]:
    """The addresses of the logs on a list page."""
    return sorted(set(re.findall(r'"(/visits/[0-9a-f-]{36}/)"', html)))
