"""The weekly notice of disputes: made from the records, masked, handed over once, silence shown (R7)."""

import io
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from patrols.cases import PartyEntry, merge_case, reopen_case
from patrols.choices import NoticeKind
from patrols.dispute_notices import deliver_notice
from patrols.ledger.notice_report import notice_report
from patrols.ledger.week_of_disputes import hide_names, week_of_disputes
from patrols.models import Activity, DisputeNotice, InboxItem
from tests.factories import make_station_side, make_station_world
from tests.patrols.factories import make_visit
from tests.patrols.test_cases import dispute, resolved
from villages.models import VillageContact
from xinjin.errors import Conflict
from xinjin.periods import Week

pytestmark = pytest.mark.django_db
WEEK = Week.of(date(2026, 4, 22))  # Monday 20 to Sunday 26 April


def at(day: str):
    return time_machine.travel(f"{day} 10:00+08:00", tick=False)


def screening(side, on: date, *, nothing: bool = True, note: str = "") -> Activity:
    visit = make_visit(side.officers[0], side.village, visited_on=on)
    return visit.activities.create(visited_on=on, kind="screening", nothing_found=nothing, note=note)


def numbers(rows: list) -> list[str]:
    return [row["number"] for row in rows]


@pytest.fixture
def week():
    """A side whose week has one of everything: (side, {what: case})."""
    side = make_station_side("花源")
    found = {}
    with at("2026-04-07"):
        found["late"] = dispute(side, parties=(PartyEntry("claimant", "赵钱孙"),))  # due on 16 April
    with at("2026-04-19"):
        found["before"] = dispute(side, level="blue", parties=(PartyEntry("claimant", "周吴"),))
    with at("2026-04-20"):
        found["lead"] = dispute(side, kind="lead", level="blue", parties=())
        dispute(side, kind="concern", category="facilities", parties=())
    with at("2026-04-26"):
        found["last"] = dispute(side, title="王建国与刘䶮争地界")
        found["lead"] = resolved(found["lead"], side.officers[0].user)
    with at("2026-04-27"):
        found["after"] = dispute(side, parties=(PartyEntry("claimant", "郑王"),))
        found["before"] = resolved(found["before"], side.officers[0].user)
    screening(side, date(2026, 4, 21))
    screening(side, date(2026, 4, 24), nothing=False, note="王建国与邻居争地界")
    screening(side, date(2026, 4, 27))
    return side, found


def test_a_past_week_is_told_as_it_stood_at_its_end_and_a_running_one_as_it_stands(week):
    side, found = week
    with at("2026-05-11"):
        content = week_of_disputes(side.village, WEEK, timezone.localdate())
    name = {key: case.number for key, case in found.items()}
    assert numbers(content["found"]) == [name["lead"], name["last"]]
    assert numbers(content["resolved"]) == [name["lead"]]
    assert numbers(content["open"]) == [name["late"], name["before"], name["last"]]
    assert [row["number"] for row in content["open"] if row["is_late"]] == [name["late"]]
    assert [row["nothing_found"] for row in content["screenings"]] == [True, False]
    with at("2026-05-12"):  # what comes later changes nothing of a week that is over
        reopen_case(by=side.chief.user, case=found["lead"], revision=found["lead"].revision, reason="反复")
        again = week_of_disputes(side.village, WEEK, timezone.localdate())
    assert [numbers(again[key]) for key in ("found", "resolved", "open")] == [
        numbers(content[key]) for key in ("found", "resolved", "open")
    ]
    assert (again["resolved"][0]["resolved_on"], again["resolved"][0]["resolver"]) == ("2026-04-26", "村（居）两委")
    running = week_of_disputes(side.village, WEEK, date(2026, 4, 20))
    assert numbers(running["found"]) == [name["lead"]]
    assert running["until"] == "2026-04-20"


def test_what_was_resolved_and_is_open_again_and_what_was_merged_count_as_in_the_ledger(week, client):
    side, found = week
    by = side.officers[0].user
    with at("2026-04-26"):
        lead = reopen_case(by=by, case=found["lead"], revision=found["lead"].revision, reason="反复")
        twin = dispute(side, parties=(PartyEntry("claimant", "冯陈"),))
        merge_case(by=by, case=twin, revision=twin.revision, into=found["last"], reason="同一件事")
    client.force_login(side.chief.user)
    with at("2026-05-11"):
        content = week_of_disputes(side.village, WEEK, timezone.localdate())
        kinds = [client.get(reverse("ledger"), {"kind": kind, "period": WEEK.key}) for kind in ("dispute", "lead")]
        opened = {shown.row.number for page in kinds for shown in page.context["list"]["rows"]}
        resolved_then = client.get(reverse("ledger"), {"resolved": WEEK.key}).context["list"]["rows"]
    assert set(numbers(content["found"])) == opened
    assert numbers(content["resolved"]) == [shown.row.number for shown in resolved_then] == [lead.number]
    assert lead.number in numbers(content["open"])
    assert twin.number not in numbers(content["open"])
    told = [table for table in notice_report(content, issued_on=date(2026, 5, 11)).body if hasattr(table, "rows")]
    assert "又反复" in told[1].rows[0]["resolved"]
    assert "已并案" in [row["due"] for row in told[0].rows]


def test_residents_are_masked_on_the_paper_whoever_opens_it(week, client):
    side, _found = week
    url = reverse("dispute_notice", args=[side.village.code, WEEK.key])
    with at("2026-04-27"):
        client.force_login(side.officers[0].user)
        text = client.get(url).content.decode()
    for name in ("王建国", "刘䶮", "赵钱孙", "13912342046"):
        assert name not in text
    for words in (
        "王**与刘*争地界",
        "王**与邻居争地界",
        "新排查2件（其中苗头1件），办结1件，未办结3件，其中超期1件",
        "村党支部",
    ):
        assert words in text
    assert hide_names("王建国家与王建", ["王建", "王建国", "王"]) == "王**家与王*"


def test_one_press_keeps_what_stood_on_it_and_only_once(week, client):
    side, found = week
    VillageContact.objects.create(
        village=side.village, kind="committee", name="村支书老李", post="书记", start_on=date(2025, 1, 1)
    )
    by = side.officers[0].user
    client.force_login(by)
    url = reverse("dispute_notice", args=[side.village.code, WEEK.key])
    deliver = reverse("dispute_notice_deliver", args=[side.village.code, WEEK.key])
    with at("2026-04-27"):
        form = client.get(url).context["form"]
        assert client.post(deliver, form.initial).status_code == 302
        assert client.post(deliver, form.initial).status_code == 409
        notice = DisputeNotice.objects.get()
        assert (notice.by, notice.delivered_on, notice.received_by) == (by, date(2026, 4, 27), "村支书老李（书记）")
        assert len(notice.content["found"]) == 2
        wrong = client.post(deliver, {"recipient": "station", "delivered_on": "2026-04-28"})
        assert wrong.status_code == 200
        assert wrong.context["form"].errors.keys() == {"delivered_on"}
        assert client.post(deliver, {"recipient": "nobody"}).status_code == 200
        page = client.get(url)
        assert not page.context["has_changed"]
        with pytest.raises(Conflict) as caught:
            deliver_notice(by=by, village=side.village, week=WEEK, recipient="committees")
        assert by.display_name in str(caught.value.theirs)
        resolved(found["last"], by, resolved_on=date(2026, 4, 27))
        screening(side, date(2026, 4, 25))
        page = client.get(url)
        assert page.context["has_changed"]
        assert "2026-04-25" not in page.content.decode()
    assert DisputeNotice.objects.count() == 1
    with pytest.raises(ValidationError):
        deliver_notice(by=by, village=side.village, week=WEEK, recipient="station", delivered_on=date(2026, 4, 19))


def test_each_recipient_keeps_what_was_shown_when_it_was_handed_over(week, client):
    side, _found = week
    client.force_login(side.officers[0].user)
    url = reverse("dispute_notice", args=[side.village.code, WEEK.key])
    deliver = reverse("dispute_notice_deliver", args=[side.village.code, WEEK.key])
    with at("2026-04-24"):
        assert client.post(deliver, {"recipient": "station"}).url == f"{url}?of=station"
    screening(side, date(2026, 4, 25))
    with at("2026-04-27"):
        shown = client.get(url)
        assert shown.context["kept"] is None
        assert client.post(deliver, shown.context["form"].initial).status_code == 302
        kept = {row.recipient: row.content for row in DisputeNotice.objects.all()}
        assert [len(kept[recipient]["screenings"]) for recipient in ("station", "committees")] == [2, 3]
        assert "2026-04-25" in shown.content.decode()
        texts = [client.get(url, query).content.decode() for query in ({}, {"of": "station"}, {"of": "nobody"})]
        assert ["2026-04-25，" in text for text in texts] == [True, False, True]


def test_station_gets_the_paper_that_the_committees_have(week):
    side, _found = week
    by = side.officers[0].user
    with at("2026-04-24"):
        first = deliver_notice(by=by, village=side.village, week=WEEK, recipient="committees")
    screening(side, date(2026, 4, 25))
    with at("2026-04-27"):
        second = deliver_notice(by=by, village=side.village, week=WEEK, recipient="station")
    assert second.content == first.content


def test_station_finds_it_in_its_inbox_when_there_is_something_to_read(week):
    side, _found = week
    quiet = make_station_side()
    with at("2026-04-27"):
        for each in (side, quiet):
            deliver_notice(by=each.officers[0].user, village=each.village, week=WEEK, recipient="station")
    told = InboxItem.objects.filter(kind=NoticeKind.DISPUTES)
    assert set(told.values_list("recipient", flat=True)) == {side.chief.pk, side.clerk.pk}


def test_what_comes_up_after_handing_over_is_told_by_another_edition(client):
    side = make_station_side()
    by, week = side.officers[0].user, Week.of(date(2026, 4, 23))
    client.force_login(by)
    url = reverse("dispute_notice", args=[side.village.code, week.key])
    deliver = reverse("dispute_notice_deliver", args=[side.village.code, week.key])
    with at("2026-04-23"):
        first = dispute(side)
        for recipient in ("committees", "station"):
            assert client.post(deliver, {"recipient": recipient, "delivered_on": "2026-04-23"}).status_code == 302
    with at("2026-04-24"):  # a day later, nothing is new
        assert not client.get(url).context["has_changed"]
        assert client.post(deliver, {"recipient": "station", "anew": "on"}).status_code == 409
        second = dispute(side, title="第二起", parties=(PartyEntry("claimant", "冯陈"),))
        page = client.get(url)
        assert page.context["has_changed"]
        assert second.number not in page.content.decode()
        assert not any(page.context["open_to"].values())
        fresh = client.get(url, {"of": "now"})
        assert second.number in fresh.content.decode()
        assert all(fresh.context["open_to"].values())
        assert client.post(deliver, {"recipient": "committees", "delivered_on": "2026-04-24"}).status_code == 302
        # The station gets the edition that the committees have.
        assert client.get(url).context["open_to"] == {"committees": False, "station": True}
        assert client.post(deliver, {"recipient": "station"}).status_code == 302
        assert client.post(deliver, {"recipient": "station"}).status_code == 409
        told = DisputeNotice.objects.order_by("recipient", "edition").values_list("recipient", "edition")
        assert list(told) == [(each, number) for each in ("committees", "station") for number in (1, 2)]
        kept = client.get(url, {"of": "committees", "edition": 1}).content.decode()
        assert first.number in kept
        assert second.number not in kept
        client.force_login(side.chief.user)
        lines = client.get(reverse("dispute_notices"), {"week": week.key}).context["lines"]
        assert lines[0].committees.edition == 2


def test_silence_shows_as_missing_and_a_week_off_does_not(week, client):
    side, _found = week
    client.force_login(side.chief.user)
    with at("2026-04-28"):
        page = client.get(reverse("dispute_notices"))
        assert page.context["week"] == WEEK
        assert [(line.found_something, line.is_silent) for line in page.context["lines"]] == [
            (True, False), (False, True),
        ]  # fmt: skip
        # Each figure opens as many rows as it says, from the overview too.
        overview = client.get(reverse("overview")).context["council_tiles"]
        told = {
            (label, str(count)): {"week": WEEK.key, "lacking": key} for key, label, count in page.context["choices"]
        }
        tiles = [(tile.value, tile.url) for tile in overview[:3]]
        assert [count for _label, count in told] == ["2", "1", "2", "2"]
        for (_label, count), query in told.items():
            assert len(client.get(reverse("dispute_notices"), query).context["lines"]) == int(count)
        opened = [(value, len(client.get(url).context["lines"])) for value, url in tiles]
        assert opened == [("1", 1), ("2", 2), ("2", 2)]
        assert client.get(reverse("dispute_notices"), {"lacking": "x"}).status_code == 404
        text = client.get(reverse("dispute_notice", args=[side.villages[1].code, WEEK.key])).content.decode()
        assert "本周无排查记录" in text
        client.force_login(side.officers[1].user)
        assert side.villages[1].name in client.get(reverse("today")).content.decode().split("上周矛盾纠纷待报告")[1]
        for recipient in ("committees", "station"):
            deliver_notice(by=None, village=side.villages[1], week=WEEK, recipient=recipient)
        assert "上周矛盾纠纷待报告" not in client.get(reverse("today")).content.decode()
    with at("2026-02-25"):
        holiday = client.get(reverse("dispute_notices"), {"week": "2026-W08"})
        assert not any(line.is_silent for line in holiday.context["lines"])
        assert "上周矛盾纠纷待报告" not in client.get(reverse("today")).content.decode()


def test_week_that_has_not_begun_or_is_none_is_not_found(client):
    side = make_station_side()
    client.force_login(side.chief.user)
    coming = Week.of(timezone.localdate() + timedelta(days=7)).key
    for key in (coming, "2026-04", "2026-W99", "x"):
        for name in ("dispute_notice", "dispute_notice_pdf"):
            assert client.get(reverse(name, args=[side.village.code, key])).status_code == 404
    assert client.get(reverse("dispute_notices"), {"week": "2026-04"}).status_code == 404


def test_pdf_says_what_the_page_says(week, client):
    from pypdf import PdfReader

    side, found = week
    client.force_login(make_station_world().brigade)
    with at("2026-04-27"):
        answer = client.get(reverse("dispute_notice_pdf", args=[side.village.code, WEEK.key]))
    assert answer["Content-Type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).replace("\n", "")
    assert found["late"].number in text
    assert "王建国" not in text
