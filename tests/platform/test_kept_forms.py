"""A form sent after the session had ended is given back after signing in; nothing is sent without a press (§8)."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from patrols import councils
from patrols.models import Case, CaseStep
from tests.factories import make_station_side, make_user
from tests.patrols.test_cases import dispute
from xinjin.accounts import kept as keeping
from xinjin.accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "nine-village-officers"
DOOR = "/sign-in/"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def enter(user: User, client: Client | None = None, **sent: Any) -> Any:
    """Signs in at the door; the answer with its client."""
    user.set_password(PASSWORD)
    user.save()
    client = client or Client()
    return client.post(DOOR, {"username": user.username, "password": PASSWORD, **sent}), client


def ended(user: User) -> Client:
    """A browser in which the user had signed in, and whose session has ended."""
    _answer, client = enter(user)
    Session.objects.all().delete()
    return client


def waiting_in(answer: Any) -> str:
    """What the door keeps."""
    (value,) = set(re.findall(r'name="kept" value="([^"]+)"', answer.content.decode()))
    return html.unescape(value)


def sent_again(answer: Any) -> tuple[str, dict[str, list[str]]]:
    """Where the button of the page leads, and what it sends."""
    page = answer.content.decode()
    form = page[page.index('<form method="post" action="', page.index('id="content"')) :]
    fields: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(form[: form.index("</form>")]):
        fields.setdefault(html.unescape(name), []).append(html.unescape(value))
    return html.unescape(form.split('"')[3]), fields


def given_back(user: User, address: str, data: dict[str, Any]) -> tuple[Any, Client]:
    """The page after a form was sent too late and its writer has signed in again."""
    client = ended(user)
    door = client.post(address, data)
    assert (door.status_code, Session.objects.count()) == (403, 0)
    assert "no-store" in door.headers["Cache-Control"]
    answer, _client = enter(user, client, kept=waiting_in(door))
    assert answer.status_code == 200
    return answer, client


def test_a_new_case_is_given_back_and_opened_by_one_press():
    side = make_station_side()
    data = {
        "kind": "concern", "village": side.village.code, "category": "facilities", "title": "路灯<b>不亮</b>",
        "detail": "第一行\r\n第二行", "opened_on": timezone.localdate().isoformat(), "scale": "individual",
        "parties-TOTAL_FORMS": "1", "parties-INITIAL_FORMS": "0", "parties-0-name": "王建国",
        "parties-0-role": "claimant",
    }  # fmt: skip
    answer, client = given_back(side.officers[0].user, reverse("case_new"), data)
    shown = answer.content.decode()
    assert all(
        text in shown
        for text in ("您登录前提交的内容", "路灯&lt;b&gt;", "王建国", "第 1 行 姓名", "第二行", side.village.name)
    )
    assert "TOTAL_FORMS</th>" not in shown
    assert not Case.objects.exists(), "nothing is sent without a press"
    address, fields = sent_again(answer)
    assert client.post(address, fields).status_code == 302
    case = Case.objects.get()
    assert (case.title, case.detail, case.parties.get().name) == ("路灯<b>不亮</b>", "第一行\n第二行", "王建国")


def test_a_step_is_given_back_without_its_files(tmp_path):
    side = make_station_side()
    case, user = dispute(side), side.officers[0].user
    data = {"kind": "visit", "happened_on": timezone.localdate().isoformat(), "note": "上门调解", "revision": "0"}
    with (tmp_path / "现场.jpg").open("w+b") as file:
        file.write(b"no picture")
        file.seek(0)
        answer, client = given_back(user, reverse("case_act", args=[case.pk, "step"]), {**data, "files": file})
    assert "现场.jpg" in answer.content.decode()
    address, fields = sent_again(answer)
    assert client.post(address, fields).status_code == 302
    assert CaseStep.objects.get().note == "上门调解"


def test_a_council_is_given_back():
    side = make_station_side()
    officer = side.officers[0]
    meeting = councils.open_council(by=officer.user, officer=officer, village=side.village)
    data = {
        "revision": meeting.revision, "held_on": meeting.held_on, "situation_month": meeting.situation_month,
        "place": "村委会", "roles": ["committees", "grid"], "minutes": "大家说了话",
        "measures-TOTAL_FORMS": 0, "measures-INITIAL_FORMS": 0,
    }  # fmt: skip
    answer, client = given_back(officer.user, reverse("council_edit", args=[meeting.pk]), data)
    address, fields = sent_again(answer)
    assert fields["roles"] == data["roles"]
    assert client.post(address, fields).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.place, meeting.minutes) == ("村委会", "大家说了话")


def test_a_form_of_the_admin_is_given_back_but_never_a_password():
    side, security = make_station_side(), make_user("security_admin")
    answer, client = given_back(
        side.clerk.user, reverse("admin:villages_village_add"), {"name": "新村", "code": "510118999", "_save": "保存"}
    )
    assert sent_again(answer)[1]["name"] == ["新村"]
    data = {"username": "510999", "display_name": "王一", "password1": "secret-pass-1", "password2": "secret-pass-1"}
    answer, _client = given_back(security, reverse("admin:accounts_user_add"), data)
    shown = answer.content.decode()
    assert "王一" in shown
    assert "secret-pass" not in shown
    with pytest.raises(ValueError, match="substring not found"):  # no button: it would save without the password
        sent_again(answer)


def test_another_person_is_offered_the_text_only():
    side = make_station_side()
    client = ended(side.officers[0].user)
    address = reverse("village_journal", args=[side.village.code])
    door = client.post(address, {"text": "夜里有陌生车辆", "kind": "notice"})
    answer, _client = enter(side.auxiliaries[0].user, client, kept=waiting_in(door))
    assert "夜里有陌生车辆" in answer.content.decode()
    assert "另一账号" in answer.content.decode()
    with pytest.raises(ValueError, match="substring not found"):
        sent_again(answer)


def test_a_wrong_password_and_a_reload_lose_nothing():
    side = make_station_side()
    user = side.officers[0].user
    client = ended(user)
    door = client.post(reverse("case_new"), {"title": "路灯不亮"})
    kept = waiting_in(door)
    again = client.post(DOOR, {"username": user.username, "password": "wrong", "kept": kept})
    assert waiting_in(again) == kept
    for _reloaded in range(2):
        answer, _client = enter(user, client, kept=kept)
        assert "路灯不亮" in answer.content.decode()


def forgeries() -> list[tuple[str, str]]:
    good = {"writer": "1", "path": "/ledger/new/", "page": "/", "fields": [["title", ["x"]]], "files": []}
    signed = signing.dumps(good, salt=keeping.SALT, compress=True)
    return [
        ("changed", signed[:-3] + "abc"),
        ("other salt", signing.dumps(good, salt="other")),
        ("outside", signing.dumps({**good, "path": "//evil.example/"}, salt=keeping.SALT)),
        ("outside page", signing.dumps({**good, "page": "https://evil.example/"}, salt=keeping.SALT)),
        ("no address", signing.dumps({**good, "path": "/nowhere/"}, salt=keeping.SALT)),
        ("other shape", signing.dumps(["x"], salt=keeping.SALT)),
        ("too long", "x" * (keeping.LARGEST + 1)),
    ]


@pytest.mark.parametrize(("name", "kept"), forgeries(), ids=lambda given: given if len(given) < 20 else "")
def test_what_is_forged_is_not_shown(name, kept):
    answer, _client = enter(make_user("brigade"), kept=kept)
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/")


def test_what_is_a_day_old_is_not_shown_and_the_door_says_so():
    user = make_station_side().officers[0].user
    kept = waiting_in(ended(user).post(reverse("case_new"), {"title": "路灯不亮"}))
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        answer = Client().post(DOOR, {"username": "x", "password": "x", "kept": kept})
        assert "已无法在此找回" in answer.content.decode()
        assert enter(user, kept=kept)[0].status_code == 302


def test_what_is_too_long_stays_in_the_browser():
    client = ended(make_station_side().officers[0].user)
    noise = "".join(chr(0x4E00 + (number * 7919) % 20000) for number in range(150_000))
    page = client.post(reverse("case_new"), {"title": noise}).content.decode()
    assert "内容过长" in page
    assert 'name="kept"' not in page


@pytest.mark.parametrize(
    "headers",
    [{"hx-request": "true"}, {"accept": "application/json"}, {"cookie": ""}],
    ids=["htmx", "script", "stranger"],
)
def test_scripts_and_strangers_are_sent_to_the_door_as_ever(headers):
    client = ended(make_station_side().officers[0].user)
    if "cookie" in headers:
        client = Client()
    answer = client.post(reverse("case_new"), {"title": "路灯不亮"}, headers=headers)
    assert (answer.status_code, answer.headers["Location"][: len(DOOR)]) == (302, DOOR)


def test_nothing_typed_nothing_kept_and_no_token_no_page():
    side = make_station_side()
    client = ended(side.officers[0].user)
    assert client.post(reverse("inbox_read_all"), {"next": "/inbox/"}).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    answer = strict.post(reverse("case_new"), {"title": "路灯不亮"})
    assert answer.status_code == 403
    assert "kept" not in answer.content.decode()
