"""A page posted twice is posted once: what it makes, its row in the trail and where it leads are the first one's."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from patrols.models import BaseInfoChange, BaseInfoCheck, Case, CaseStep
from tests.factories import StationSide, make_station_side, make_user
from tests.patrols.test_base_info import change
from tests.patrols.test_cases import dispute
from villages.models import Household, JournalEntry, VillageContact
from xinjin.audit.models import Event
from xinjin.idempotency import replay

KEY = re.compile(r'name="page_key" value="([0-9a-f-]{36})"')


def page(user: Any, address: str) -> tuple[Client, str]:
    """The page open in a browser, with its key."""
    client = Client()
    client.force_login(user)
    return client, KEY.findall(client.get(address).content.decode())[0]


def new_case(side: StationSide, **fields: Any) -> dict[str, Any]:
    today = timezone.localdate().isoformat()
    return {
        "kind": "concern", "village": side.village.code, "category": "facilities", "title": "路灯不亮",
        "opened_on": today, "scale": "individual", "parties-TOTAL_FORMS": "0", "parties-INITIAL_FORMS": "0", **fields,
    }  # fmt: skip


def case_page(side: StationSide) -> tuple[Any, str, str, dict, type]:
    return side.officers[0].user, reverse("case_new"), reverse("case_new"), new_case(side), Case


def step_page(side: StationSide) -> tuple[Any, str, str, dict, type]:
    case = dispute(side)
    sent = {"kind": "visit", "happened_on": timezone.localdate().isoformat(), "note": "上门调解", "revision": 0}
    return side.officers[0].user, case.get_absolute_url(), reverse("case_act", args=[case.pk, "step"]), sent, CaseStep


def split_page(side: StationSide) -> tuple[Any, str, str, dict, type]:
    case = dispute(side)
    sent = {
        "title": "另一件事", "category": "land", "level": "blue", "reason": "两件事", "revision": case.revision,
        "parties": [party.pk for party in case.parties.all()],
    }  # fmt: skip
    return side.officers[0].user, case.get_absolute_url(), reverse("case_act", args=[case.pk, "split"]), sent, Case


def change_page(side: StationSide) -> tuple[Any, str, str, dict, type]:
    address = reverse("base_info_new")
    sent = {
        "village": side.village.code, "found_on": timezone.localdate().isoformat(), "subject": "person",
        "action": "new", "address": "3组12号", "what": "新租户一家", "again": "1",
    }  # fmt: skip
    return side.officers[0].user, address, address, sent, BaseInfoChange


def journal_page(side: StationSide) -> tuple[Any, str, str, dict, type]:
    address = reverse("village_journal", args=[side.village.code])
    return side.officers[0].user, address, address, {"text": "夜里有陌生车辆", "kind": "notice"}, JournalEntry


def household_page(side: StationSide) -> tuple[Any, str, str, dict, type]:
    address = reverse("household_add", args=[side.village.code])
    return side.officers[0].user, address, address, {"address": "9组1号", "head_name": "王一"}, Household


def draw_page(side: StationSide) -> tuple[Any, str, str, dict, type]:
    for _each in range(3):
        found = change(side)
        BaseInfoChange.objects.filter(pk=found.pk).update(
            state="forwarded", checked_on=found.found_on, forwarded_on=found.found_on, receipt="R1"
        )
    address = reverse("base_info_checks")
    month = f"{timezone.localdate():%Y-%m}"
    return make_user("brigade"), address, address, {"period": month, "count": "1"}, BaseInfoCheck


def contact_page(side: StationSide) -> tuple[Any, str, str, dict, type]:
    address = reverse("admin:villages_villagecontact_add")
    today = timezone.localdate().isoformat()
    sent = {
        "village": side.village.pk,
        "kind": "grid_member",
        "name": "王一",
        "phone": "13912342046",
        "start_on": today,
        "_save": "1",
    }
    return side.clerk.user, address, address, sent, VillageContact


PAGES = [case_page, step_page, split_page, change_page, journal_page, household_page, draw_page, contact_page]


@pytest.mark.django_db
@pytest.mark.parametrize("opened", PAGES, ids=lambda opened: opened.__name__)
def test_second_post_of_a_page_leads_to_what_the_first_made(opened):
    user, seen, address, sent, model = opened(make_station_side())
    before, (client, key) = model.objects.count(), page(user, seen)
    first = client.post(address, {**sent, "page_key": key})
    assert first.status_code == 302
    events = Event.objects.count()
    second = client.post(address, {**sent, "page_key": key})
    assert (second.status_code, second.headers["Location"]) == (302, first.headers["Location"])
    assert model.objects.count() == before + 1
    assert Event.objects.count() == events


@pytest.mark.django_db
def test_what_was_changed_after_going_back_is_another_post():
    side = make_station_side()
    client, key = page(side.officers[0].user, reverse("case_new"))
    for title in ("路灯不亮", "水管漏水"):
        assert client.post(reverse("case_new"), new_case(side, title=title, page_key=key)).status_code == 302
    assert set(Case.objects.values_list("title", flat=True)) == {"路灯不亮", "水管漏水"}


@pytest.mark.django_db
def test_a_refused_post_is_sent_again_when_it_is_put_right():
    side = make_station_side()
    client, key = page(side.officers[0].user, reverse("case_new"))
    for title, status in (("", 200), ("", 200), ("路灯不亮", 302)):
        assert client.post(reverse("case_new"), new_case(side, title=title, page_key=key)).status_code == status
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_a_key_is_its_users_own():
    side = make_station_side()
    _client, key = page(side.officers[0].user, reverse("case_new"))
    for user in (side.officers[0].user, side.auxiliaries[0].user):
        client, _own = page(user, reverse("case_new"))
        assert client.post(reverse("case_new"), new_case(side, page_key=key)).status_code == 302
    assert Case.objects.count() == 2


def press_twice(monkeypatch, *, hold: Any = None) -> list[str]:
    """Both presses are under way before one is answered; where each was led."""
    side, together = make_station_side(), threading.Barrier(2)
    chosen = hold or replay._hold

    def met(*args: Any) -> None:
        together.wait(5)
        chosen(*args)

    monkeypatch.setattr(replay, "_hold", met)
    _client, key = page(side.officers[0].user, reverse("case_new"))

    def press() -> str:
        try:
            client = Client()
            client.force_login(side.officers[0].user)
            return client.post(reverse("case_new"), new_case(side, page_key=key)).headers["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return [job.result() for job in [pool.submit(press) for _twice in range(2)]]


@pytest.mark.usefixtures("committed")
def test_two_presses_at_once_open_one_case(monkeypatch):
    first, second = press_twice(monkeypatch)
    assert first == second == Case.objects.get().get_absolute_url()


@pytest.mark.usefixtures("committed")
def test_control_without_the_lock_the_second_press_is_done_too(monkeypatch):
    together = threading.Barrier(2)
    answers = replay.StoredAnswer.objects.filter

    def looked(*args: Any, **kwargs: Any) -> Any:
        found = list(answers(*args, **kwargs))
        together.wait(5)
        return replay.StoredAnswer.objects.none() if not found else answers(*args, **kwargs)

    monkeypatch.setattr(replay.StoredAnswer.objects, "filter", looked)
    first, second = press_twice(monkeypatch, hold=lambda *args: None)
    assert first != second
    assert Case.objects.count() == 2
