"""After the forwarding: figures, spot checks by lot, and the file for the master database, each change once (R9)."""

import csv
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from patrols import base_info_transfer
from patrols.base_info import check_change, forward_changes
from patrols.base_info_checks import draw_checks, judge_check
from patrols.base_info_transfer import hand_over_changes
from patrols.ledger.base_info_figures import Share
from patrols.models import BaseInfoChange, BaseInfoCheck, BaseInfoTransfer
from tests.factories import make_station_side, make_station_world
from tests.patrols.test_base_info import change
from tests.patrols.test_case_races import in_thread
from xinjin.errors import Conflict
from xinjin.periods import Month, Span

TODAY = Span(timezone.localdate() - timedelta(days=400), timezone.localdate() + timedelta(days=400))


def forwarded(side, count: int = 1, place: int = 0) -> list[BaseInfoChange]:
    by = side.officers[0].user
    rows = [check_change(by=by, change=change(side, place), is_so=True) for _number in range(count)]
    return forward_changes(by=by, changes=rows, receipt="RK1")


def draw(side, count: int) -> list[BaseInfoCheck]:
    among = BaseInfoChange.objects.allowed(side.chief.user, "draw")
    return draw_checks(by=side.chief.user, among=among, span=TODAY, count=count)


@pytest.mark.django_db
def test_lot_takes_forwarded_changes_in_scope_once():
    side, other = make_station_side(), make_station_side()
    rows, _foreign = forwarded(side, 5), forwarded(other)
    change(side)
    first = draw(side, 3)
    second = draw(side, 3)
    assert (len(first), len(second)) == (3, 2)
    assert {check.change_id for check in first + second} == {row.pk for row in rows}
    with pytest.raises(ValidationError):
        draw(side, 1)
    for count in (0, 51):
        with pytest.raises(ValidationError):
            draw(other, count)


@pytest.mark.django_db
def test_judged_once_by_somebody_else_and_wrong_needs_its_reason():
    side = make_station_side()
    forwarded(side, 2)
    check, other = draw(side, 2)
    with pytest.raises(ValidationError):
        judge_check(by=side.officers[0].user, check=check, outcome="accurate")
    for wrong in ({"outcome": "wrong"}, {"outcome": "wrong", "reason": " "}, {"outcome": "waiting"}):
        with pytest.raises(ValidationError):
            judge_check(by=side.chief.user, check=check, **wrong)
    check = judge_check(by=side.chief.user, check=check, outcome="wrong", reason="已搬走")
    assert (check.judged_on, check.judged_by) == (timezone.localdate(), side.chief.user)
    with pytest.raises(Conflict):
        judge_check(by=side.clerk.user, check=check, outcome="accurate")
    for fault in ({"outcome": "wrong", "reason": ""}, {"outcome": "accurate"}, {"judged_on": timezone.localdate()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BaseInfoCheck.objects.filter(pk=other.pk).update(**fault)
    assert not BaseInfoCheck.objects.allowed(side.officers[0].user, "judge").exists()
    assert BaseInfoCheck.objects.allowed(side.chief.user, "judge").get() == other


@pytest.mark.django_db
def test_pages_draw_judge_and_say_what_is_wrong(client):
    side = make_station_side()
    forwarded(side, 2)
    client.force_login(side.chief.user)
    url = reverse("base_info_checks")
    wrong = client.post(url, {"period": "immer", "count": "0"})
    assert wrong.context["form"].errors.keys() == {"period", "count"}
    assert client.post(url, {"period": Month.of(timezone.localdate()).key, "count": "9"}).status_code == 302
    checks = list(BaseInfoCheck.objects.order_by("id"))
    assert set(client.get(url).context["able"]) == {check.pk for check in checks}
    client.post(reverse("base_info_judge", args=[checks[0].pk]), {"outcome": "wrong"})
    checks[0].refresh_from_db()
    assert checks[0].outcome == "waiting"
    client.post(reverse("base_info_judge", args=[checks[0].pk]), {"outcome": "accurate"})
    checks[0].refresh_from_db()
    assert checks[0].outcome == "accurate"
    again = client.post(reverse("base_info_judge", args=[checks[0].pk]), {"outcome": "wrong", "reason": "x"})
    assert again.status_code == 403


@pytest.mark.django_db
def test_each_figure_equals_the_rows_that_it_opens(client):
    world = make_station_world()
    own, past = world.own, timezone.localdate() - timedelta(days=1)
    late = forwarded(own, 2)
    BaseInfoChange.objects.filter(pk=late[0].pk).update(due_on=past)
    forwarded(own, 1, place=1)
    unforwarded = change(own)
    BaseInfoChange.objects.filter(pk=unforwarded.pk).update(due_on=past)
    dismissed = check_change(by=own.officers[0].user, change=change(own), is_so=False, remark="未变")
    BaseInfoChange.objects.filter(pk=dismissed.pk).update(due_on=timezone.localdate())
    change(own)
    forwarded(world.foreign)
    checks = draw(own, 3)
    judge_check(by=own.chief.user, check=checks[0], outcome="accurate")
    judge_check(by=own.chief.user, check=checks[1], outcome="wrong", reason="已搬走")
    client.force_login(world.brigade)
    year = {"period": str(timezone.localdate().year)}
    listed = reverse("base_info_list")

    def rows(place: str, code: str, **query: str) -> int:
        asked = {place: code, "due": year["period"], **query}
        return client.get(listed, asked).context["page_obj"].paginator.count

    page = client.get(reverse("base_info_figures"), year)
    assert {line.name for line in page.context["lines"]} == {own.station.name, world.foreign.station.name}
    line = next(line for line in page.context["lines"] if line.code == own.station.code)
    assert (line.timely, line.accurate, line.waiting) == (Share(2, 4), Share(1, 2), 1)
    villages = client.get(reverse("base_info_figures"), {**year, "station": own.station.code}).context
    for place, lines in (("station", page.context["lines"]), ("village", villages["lines"])):
        for each in lines:
            assert rows(place, each.code, timely="owed") == each.timely.whole
            assert rows(place, each.code, timely="kept") == each.timely.part
            assert rows(place, each.code, timely="late") == each.timely.whole - each.timely.part
            assert rows(place, each.code, check="judged") == each.accurate.whole
            assert rows(place, each.code, check="accurate") == each.accurate.part
            assert rows(place, each.code, check="waiting") == each.waiting
    assert villages["total"].timely == line.timely
    assert [Share(part, whole).percent for part, whole in ((1, 2), (2, 3), (1, 200), (0, 0))] == [
        "50%",
        "67%",
        "1%",
        "—",
    ]
    client.force_login(own.chief.user)
    assert client.get(reverse("base_info_figures"), {**year, "station": world.foreign.station.code}).status_code == 404


@pytest.mark.django_db
def test_file_holds_all_that_was_forwarded_since_the_last_one_and_stays_as_it_was(client):
    world = make_station_world()
    forwarded(world.own, 2), forwarded(world.foreign), change(world.own)
    client.force_login(world.brigade)
    url = reverse("base_info_transfers")
    assert client.get(url).context["waiting"] == 3
    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 409
    later = forwarded(world.own)
    assert client.post(url).status_code == 302
    second, first = BaseInfoTransfer.objects.order_by("-id")
    assert (first.count, second.count) == (3, 1)
    assert list(second.changes.all()) == later

    def lines(transfer) -> list:
        text = client.get(reverse("base_info_transfer", args=[transfer.pk])).content.decode("utf-8-sig")
        return [row for row in csv.reader(StringIO(text)) if "新租户一家" in row]

    assert [len(lines(transfer)) for transfer in (first, second, first)] == [3, 1, 3]
    with pytest.raises(IntegrityError), transaction.atomic():
        BaseInfoChange.objects.filter(state="found").update(transfer=first)


def hand_over_together(monkeypatch, *, unguarded: bool) -> list:
    side = make_station_side()
    forwarded(side, 2)
    together = threading.Barrier(2)
    chosen = base_info_transfer.waiting_changes

    class Unlocked:
        """The same rows, read without holding them."""

        def __init__(self, rows) -> None:
            self.rows = rows

        def select_for_update(self, **options):
            return self.rows

    def met():
        together.wait(5)
        rows = chosen()
        if unguarded:
            pks = list(rows.values_list("pk", flat=True))
            together.wait(5)
            return Unlocked(BaseInfoChange.objects.filter(pk__in=pks))
        return rows

    monkeypatch.setattr(base_info_transfer, "waiting_changes", met)
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(in_thread, lambda: hand_over_changes(by=side.chief.user)) for _number in range(2)]
        return [job.result() for job in jobs]


@pytest.mark.usefixtures("committed")
def test_two_hand_overs_at_once_make_one_file(monkeypatch):
    answers = hand_over_together(monkeypatch, unguarded=False)
    assert {type(answer) for answer in answers} == {BaseInfoTransfer, Conflict}
    assert BaseInfoTransfer.objects.get().count == 2


@pytest.mark.usefixtures("committed")
def test_control_without_the_lock_both_files_hold_the_same(monkeypatch):
    answers = hand_over_together(monkeypatch, unguarded=True)
    assert [answer.count for answer in answers] == [2, 2]
