"""Base-info changes: found by anyone, verified by a community officer, forwarded under a receipt (R9)."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from patrols.base_info import ChangeEntry, check_change, forward_changes, report_change, verifiers_of
from patrols.ledger.norm_figures import LedgerFigures
from patrols.models import BaseInfoChange, InboxItem
from tests.factories import make_station_side, make_user
from xinjin.errors import Conflict
from xinjin.templatetags.days import short_day, short_time

pytestmark = pytest.mark.django_db


def change(side, place: int = 0) -> BaseInfoChange:
    officer = side.officers[place]
    entry = ChangeEntry(side.villages[place], "person", "new", "3组12号", "新租户一家")
    return report_change(by=officer.user, found_by=officer, entry=entry)


def test_liaison_village_is_verified_by_the_stations_community_officer():
    side = make_station_side()
    assert list(verifiers_of(side.villages[1])) == [side.officers[0]]
    found = change(side, 1)
    assert found.owner == side.officers[1]
    assert InboxItem.objects.get().recipient == side.officers[0]
    allowed = BaseInfoChange.objects.allowed
    assert [found in allowed(person.user, "verify") for person in side.officers] == [True, False]
    assert found in allowed(side.officers[1].user)


def test_states_follow_the_table():
    side = make_station_side()
    found, other = change(side), change(side)
    by = side.officers[0].user
    with pytest.raises(Conflict):
        forward_changes(by=by, changes=[found], receipt="R1")
    with pytest.raises(ValidationError):
        check_change(by=by, change=other, is_so=False)
    check_change(by=by, change=other, is_so=False, remark="已搬走")
    found = check_change(by=by, change=found, is_so=True)
    with pytest.raises(Conflict):
        check_change(by=by, change=found, is_so=True)
    with pytest.raises(ValidationError):
        forward_changes(by=by, changes=[found], receipt=" ")
    with pytest.raises(Conflict), transaction.atomic():
        forward_changes(by=by, changes=[found, other], receipt="R1")
    found.refresh_from_db()
    assert found.state == "verified"
    (found,) = forward_changes(by=by, changes=[found], receipt="R1")
    assert (found.state, found.forwarded_on, found.receipt) == ("forwarded", timezone.localdate(), "R1")
    with pytest.raises(IntegrityError), transaction.atomic():
        BaseInfoChange.objects.update(state="forwarded", receipt="")


def test_page_forwards_what_was_ticked_and_the_file_holds_the_rows(client):
    side = make_station_side()
    found = check_change(by=side.officers[0].user, change=change(side), is_so=True)
    client.force_login(side.officers[0].user)
    work = client.get(reverse("base_info_work"), {"change": found.pk})
    assert list(work.context["page_obj"]) == [found]
    refused = client.post(reverse("base_info_forward"), {"changes": [found.pk], "receipt": "", "forwarded_on": "x"})
    assert refused.context["forward_form"].errors.keys() == {"receipt", "forwarded_on"}
    assert f'value="{found.pk}" checked' in refused.content.decode()
    answer = client.post(reverse("base_info_forward"), {"changes": [found.pk], "receipt": "RK1"})
    assert answer.status_code == 302
    page = client.get(reverse("base_info_list"), {"timely": "kept"})
    assert [shown.row for shown in page.context["list"]["rows"]] == [found]
    assert not client.get(reverse("base_info_work")).context["page_obj"].object_list
    text = client.get(reverse("list_export", args=["base_info", "csv"])).content.decode("utf-8-sig")
    assert [row for row in csv.reader(StringIO(text)) if "新租户一家" in row]


def test_what_is_not_so_says_what_was_found_instead_beside_the_change(client):
    side = make_station_side()
    found = change(side)
    client.force_login(side.officers[0].user)
    refused = client.post(reverse("base_info_check", args=[found.pk]), {"is_so": "no", "remark": " "})
    assert refused.status_code == 200
    assert "remark" in refused.context["refused"].errors
    text = refused.content.decode()
    assert text.index('id="refused"') > text.index(found.what)
    assert (
        client.post(reverse("base_info_check", args=[found.pk]), {"is_so": "no", "remark": "x" * 999}).status_code
        == 200
    )
    found.refresh_from_db()
    assert found.state == "found"


def test_reported_from_a_visit_and_by_hand(client):
    side = make_station_side()
    client.force_login(side.officers[1].user)
    data = {"subject": "dwelling", "action": "changed", "address": "9号", "what": "改为出租"}
    url = reverse("base_info_new")
    assert client.post(url, data).status_code == 200  # village and date are missing
    data |= {"village": side.villages[1].code, "found_on": timezone.localdate().isoformat()}
    assert client.post(url, data).status_code == 302
    assert BaseInfoChange.objects.get().found_by == side.officers[1]
    data["found_on"] = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert client.post(url, data).status_code == 200
    assert BaseInfoChange.objects.count() == 1


def test_day_of_a_finding_lies_as_far_back_as_that_of_a_case_at_most(client):
    side = make_station_side()
    client.force_login(side.officers[0].user)
    url, today = reverse("base_info_new"), timezone.localdate()
    data = {
        "village": side.village.code, "subject": "dwelling", "action": "changed", "address": "9号", "what": "改为出租",
    }  # fmt: skip
    furthest = LedgerFigures().entry_days
    for days, status in ((0, 302), (furthest, 302), (furthest + 1, 200), (-1, 200), (700, 200)):
        answer = client.post(url, {**data, "found_on": (today - timedelta(days=days)).isoformat()})
        assert answer.status_code == status, days
        assert status == 302 or list(answer.context["form"].errors) == ["found_on"]
    assert BaseInfoChange.objects.count() == 2


def test_account_without_a_person_is_offered_nothing_to_report(client):
    url = reverse("base_info_new")
    client.force_login(make_user("officer"))
    assert (client.get(url).status_code, url in client.get(reverse("base_info_list")).content.decode()) == (403, False)
    client.force_login(make_station_side().officers[0].user)
    assert (client.get(url).status_code, url in client.get(reverse("base_info_list")).content.decode()) == (200, True)


def test_days_of_another_year_are_shown_with_it(client):
    side = make_station_side()
    found = change(side)
    with time_machine.travel(found.due_on.replace(year=found.due_on.year + 1)):
        client.force_login(side.officers[0].user)
        assert f"{found.due_on:%Y-%m-%d}" in client.get(reverse("base_info_work")).content.decode()
    assert (short_day(None), short_time(None)) == ("", "")
    with time_machine.travel("2026-01-01T00:30:00+08:00"):
        assert [short_day(date(2026, 3, 9)), short_day(date(2025, 3, 9))] == ["03-09", "2025-03-09"]
        at = datetime(2025, 12, 31, 16, 10, tzinfo=UTC)
        assert [short_time(at), short_time(at - timedelta(hours=1))] == ["01-01 00:10", "2025-12-31 23:10"]
