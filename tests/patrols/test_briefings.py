"""The weekly briefing: what its draft says, who may give it when, and that it counts once (R8)."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from assessments import records
from assessments.evidence import evidence_rows
from patrols import briefings, coverage, figures, metrics
from patrols.briefings import Giving
from patrols.briefings.advice import proposed
from patrols.briefings.figures import Figures, figures_for, same_week_of_year_before
from patrols.briefings.outdated import says_otherwise
from patrols.briefings.papers import notice, poster
from patrols.briefings.wording import PERCENT_FROM, draft, number, situation, standing_out
from patrols.cases import CaseEntry, PartyEntry, open_case
from patrols.choices import IncidentCategory, Season
from patrols.metrics import METRICS, iso_week, weekly_counts
from patrols.models import Activity, Briefing, BriefingGiver, IncidentCount, PreventionText
from patrols.months import seal_month
from patrols.reports import open_report
from tests.factories import make_household, make_station_world, make_village
from tests.patrols.factories import make_visit
from villages.mergers import merge_villages
from villages.models import Village
from xinjin.audit.models import Event
from xinjin.errors import Conflict
from xinjin.periods import Month, Week
from xinjin.reporting import Paper, render, render_poster

CATEGORIES = IncidentCategory.values
WEEK = Week(2026, 7)
PLACE = Village(name="岳店村", kind="village")
COUNTS = st.none() | st.fixed_dictionaries(dict.fromkeys(CATEGORIES, st.integers(0, 60)))


@pytest.fixture
def world():
    return make_station_world()


def this_week() -> Week:
    return Week.of(timezone.localdate())


def giving(*officers, **changes) -> Giving:
    return Giving(**{"given_on": timezone.localdate(), "ways": ("meeting",), "givers": officers, **changes})


def give(side, *officers, **changes) -> Briefing:
    """The first village's briefing of this week, given by its officer or by `officers`."""
    asked = {"village": side.village, "week": this_week(), "revision": 0, "text": "请大家注意防范。"} | changes
    asked.setdefault("giving", giving(*(officers or side.officers[:1])))
    return briefings.give_briefing(by=side.officers[0].user, **asked)


# --- the draft
@given(COUNTS, COUNTS, COUNTS)
def test_draft_says_what_is_known_and_never_more(now, before, year_before):
    figures_told = Figures(WEEK, now, before, year_before)
    situation = draft(PLACE, figures_told, []).splitlines()[1]
    if now is None:
        assert situation == "上周（2月9日至2月15日）暂无警情数据。"
        return
    told = {"前一周": before, "去年同期": year_before}
    total = sum(now.values())
    whole = situation.split("。")[0]
    for what, counts in told.items():
        if counts is None:
            assert f"{what}暂无数据" in whole
            continue
        then = sum(counts.values())
        if then == total:
            assert f"与{what}持平" in whole
        else:
            word = "多" if total > then else "少"
            assert f"比{what}{word}{number_in_chinese(abs(total - then))}起" in whole
    percents = sum(counts is not None and PERCENT_FROM <= sum(counts.values()) != total for counts in told.values())
    assert situation.count("%") == percents
    for category in IncidentCategory:
        assert (f"{category.label}{number_in_chinese(now[category])}起" in situation) == (now[category] > 0)


def number_in_chinese(count: int) -> str:
    return "零一两三四五六七八九"[count] if count < 10 else str(count)


def test_draft_of_a_quiet_and_of_a_loud_week():
    nothing = dict.fromkeys(CATEGORIES, 0)
    loud = nothing | {"theft": 2, "fraud": 21, "traffic": 1}
    quiet = draft(PLACE, Figures(WEEK, nothing, loud, None), ["关好门窗。"]).splitlines()
    assert quiet[:4] == [
        "岳店村的各位居民朋友：",
        "上周（2月9日至2月15日）本村没有接报警情，比前一周少24起（下降100%），去年同期暂无数据。",
        "请大家注意防范：",
        "1．关好门窗。",
    ]
    before = nothing | {"theft": 1, "fraud": 21, "traffic": 1}
    told = draft(Village(name="城西社区", kind="community"), Figures(WEEK, loud, before, loud), [])
    assert told.splitlines()[1] == (
        "上周（2月9日至2月15日）本社区共接报警情24起，比前一周多一起（上升4%），与去年同期持平。"
        "其中：盗窃两起（前一周一起，去年同期两起）；电信网络诈骗21起；交通事故一起。"
    )
    with translation.override("en"):  # the reader's language changes nothing: it hangs in the village
        assert number(9) == "nine"
        assert draft(PLACE, Figures(WEEK, nothing, loud, None), ["关好门窗。"]).splitlines() == quiet


@given(COUNTS, COUNTS, COUNTS)
def test_what_stands_out_has_happened_and_risen_most(now, before, year_before):
    found = standing_out(Figures(WEEK, now, before, year_before))
    assert len(found) <= 3
    if not now or not sum(now.values()):
        assert found == []
        return
    rises = {
        each: max((now[each] - known[each] for known in (before, year_before) if known is not None), default=0)
        for each in CATEGORIES
        if now[each]
    }
    risen = {each for each, rise in rises.items() if rise > 0}
    assert found
    if risen:
        assert set(found) <= risen
        assert min(rises[each] for each in found) >= max((rises[each] for each in risen - set(found)), default=0)
    else:
        assert now[found[0]] == max(now.values())


def test_seasons_and_the_turn_of_the_year():
    assert [Season.of(date(2026, month, 1)).value[:2] for month in range(1, 13)] == (
        ["wi", "wi", "sp", "sp", "sp", "su", "su", "su", "au", "au", "au", "wi"]
    )
    assert same_week_of_year_before(Week(2026, 53)) is None  # 2025 had 52 weeks
    assert same_week_of_year_before(Week(2027, 1)) == Week(2026, 1)


@pytest.mark.django_db
def test_texts_are_of_the_category_the_season_and_in_use():
    def text(category, season="", *, since="2025-01-01", until=None):
        return PreventionText.objects.create(
            category=category, season=season, text=f"{category}{season}{since}", valid_from=since, valid_to=until
        )

    winter, always = text("theft", "winter"), text("theft")
    text("theft", "winter", since="2026-03-01")
    text("theft", "winter", since="2024-01-01", until="2025-12-31")
    figures_told = Figures(WEEK, dict.fromkeys(CATEGORIES, 0) | {"theft": 1}, None, None)
    library = list(PreventionText.objects.on(WEEK.start))
    assert proposed(figures_told, WEEK, library) == [winter]
    assert proposed(figures_told, Week(2026, 20), [winter, always]) == [always]
    assert proposed(Figures(WEEK), WEEK, library) == []  # nothing on fraud or fire is there


def count(village, week: Week, **counts) -> None:
    """A week as it is imported: every category, also those without any."""
    IncidentCount.objects.bulk_create(
        IncidentCount(village=village, starts_on=week.start, category=category, count=counts.get(category, 0))
        for category in CATEGORIES
    )


@pytest.mark.django_db
def test_no_row_is_unknown_and_a_merged_village_is_the_sum_of_its_parts():
    whole, part = make_village(), make_village()
    told = this_week().previous()
    merge_villages(by=None, sources=[part], target=whole, day=told.start)
    count(whole, told, theft=0)
    for week in (told.previous(), same_week_of_year_before(told)):
        count(whole, week, theft=1)
    count(part, told.previous(), theft=2, fraud=1)
    found = figures_for([whole], this_week())[whole.pk]
    assert found.totals == (0, 4, None)  # a year ago nothing is known of the part that is merged by now


# --- writing and giving
@pytest.mark.django_db
def test_draft_is_given_once_and_can_be_taken_back(world):
    side, user = world.own, world.own.officers[0].user
    count(side.village, this_week().previous(), theft=2)
    first = briefings.save_briefing(by=user, village=side.village, week=this_week(), revision=0, text="初稿")
    given_now = give(side, revision=1, text="定稿")
    assert (given_now.pk, given_now.is_given, given_now.figures["counts"]["theft"]) == (first.pk, True, 2)
    events = Event.objects.count()
    assert give(side, revision=1, text="定稿").revision == given_now.revision
    assert Event.objects.count() == events
    with pytest.raises(Conflict) as late:
        briefings.save_briefing(by=user, village=side.village, week=this_week(), revision=2, text="再改")
    assert (list(late.value.mine.values()), list(late.value.theirs.values())) == (["再改"], ["定稿"])
    taken = briefings.take_back(by=user, briefing=given_now, reason="会议改期")
    assert (taken.is_given, taken.givers.count(), taken.figures) == (False, 0, {})
    assert give(side, revision=taken.revision, text="定稿").is_given


@pytest.mark.django_db
def test_stale_writer_loses_with_both_texts(world):
    asked = {"by": None, "village": world.own.village, "week": this_week()}
    briefings.save_briefing(**asked, revision=0, text="甲")
    with pytest.raises(Conflict) as stale:
        briefings.save_briefing(**asked, revision=0, text="乙")
    assert [*stale.value.mine.values(), *stale.value.theirs.values()] == ["乙", "甲"]
    briefings.save_briefing(**asked, revision=0, text="甲")  # what is stored already is no conflict


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ways": ()}, "ways"),
        ({"given_on": this_week().start - timedelta(days=1)}, "given_on"),
        ({"given_on": timezone.localdate() + timedelta(days=1)}, "given_on"),
        ({"givers": ()}, "givers"),
        ({"people_count": 0}, "people_count"),
        ({"audience": "请拨13800001234"}, "audience"),
    ],
)
def test_wrong_giving_is_said_at_its_field(world, changes, field):
    officer = world.own.officers[0]
    with pytest.raises(ValidationError) as wrong:
        give(world.own, giving=giving(**{"givers": (officer,), **changes}))
    assert field in wrong.value.message_dict
    assert not Briefing.objects.exists()


@pytest.mark.django_db
def test_only_holders_of_the_day_give_it_and_a_locked_month_keeps_it(world):
    with pytest.raises(ValidationError):
        give(world.own, world.own.officers[1])
    given_now = give(world.own)
    seal_month(by=None, key=Month.counting(timezone.localdate()).key)
    for act in (lambda: briefings.take_back(by=None, briefing=given_now, reason="x"), lambda: give(world.foreign)):
        with pytest.raises(Conflict):
            act()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ("身份证510132199003071234", True),
        ("身份证５１０１３２１９９００３０７１２３４", True),
        ("电话138 0000 1234", True),
        ("电话028-82512345", True),
        ("＋８６13800001234", True),
        ("请拨打110、96110或12345", False),
        ("2026年2月9日至2月15日共20起，车牌川A12345", False),
    ],
)
def test_no_number_of_a_person_stands_in_a_briefing(world, text, is_refused):
    asked = {"by": None, "village": world.own.village, "week": this_week(), "revision": 0, "text": text}
    if not is_refused:
        assert briefings.save_briefing(**asked).text == text
        return
    with pytest.raises(ValidationError) as refused:
        briefings.save_briefing(**asked)
    assert refused.value.message_dict.keys() == {"text"}


@pytest.mark.django_db
def test_no_resident_whom_the_system_knows_is_named(world, client):
    side = world.own
    make_household(side.village, head_name="欧阳震华")
    make_household(side.village, head_name="高峰")  # an ordinary word as well
    make_household(world.foreign.village, head_name="李秀英")
    names = ("王建国", "吉克·阿牛莫", "合作社")
    parties = tuple(PartyEntry("claimant", name) for name in names)
    open_case(
        by=side.chief.user, entry=CaseEntry(kind="dispute", village=side.village, title="争地界", parties=parties)
    )
    url = reverse("briefing_detail", args=[side.village.code, this_week().key])
    client.force_login(side.officers[0].user)
    text = "早高峰请注意安全，合作社李秀英"
    page = client.post(url, {"text": f"{text}，王 建国与欧阳震华、吉克·阿牛莫", "revision": 0, "save": 1})
    (told,) = page.context["text_form"].errors["text"]
    assert all(name in told for name in ("王建国", "欧阳震华", "吉克·阿牛莫"))
    assert not any(name in told for name in ("高峰", "合作社", "李秀英"))
    assert not Briefing.objects.exists()
    with pytest.raises(ValidationError) as refused:
        give(side, giving=giving(side.officers[0], audience="王建国等"))
    assert refused.value.message_dict.keys() == {"audience"}
    assert client.post(url, {"text": text, "revision": 0, "save": 1}).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"given_on": None}, "patrols_briefing_given"),
        ({"ways": []}, "patrols_briefing_given"),
        ({"text": ""}, "patrols_briefing_given"),
        ({"state": "draft"}, "patrols_briefing_given"),
        ({"given_on": this_week().end + timedelta(days=1)}, "patrols_briefing_in_its_week"),
        ({"starts_on": this_week().start + timedelta(days=1)}, "patrols_briefing_monday"),
    ],
)
def test_database_refuses_what_no_briefing_may_be(world, changes, constraint):
    given_now = give(world.own)
    if "starts_on" in changes:
        changes = {**changes, "given_on": this_week().start + timedelta(days=2)}
    with pytest.raises(IntegrityError, match=constraint):
        Briefing.objects.filter(pk=given_now.pk).update(**changes)


# --- counted once
def tick(officer, village, day: date) -> None:
    visit = make_visit(officer, village, visited_on=day)
    Activity.objects.create(visit=visit, visited_on=day, kind="briefing")


@pytest.mark.django_db
@pytest.mark.parametrize(("ticks", "is_given", "expected"), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1), (2, 1, 2)])
def test_tick_and_briefing_are_one_duty_everywhere(world, ticks, is_given, expected):
    side, today, week = world.own, timezone.localdate(), this_week()
    officer = side.officers[0]
    held = side.village.assignments.get(officer=officer)
    for _number in range(ticks):
        tick(officer, side.village, today)
    if is_given:
        give(side)
    key = (held.pk, iso_week(week))
    for holders in (None, [held.pk]):
        assert METRICS["briefing"].counts(week, holders=holders).get(key, 0) == expected
        assert weekly_counts(week, holders=holders)["briefing"].get(key, 0) == expected
        source = next(source for source in metrics.SOURCES if "briefing" in source.keys)
        profile = source.profiles(week, holders=holders).get(held.pk, "")
        assert source.counts_of(profile, "briefing").get(iso_week(week), 0) == expected
        assert source.counts_of(profile, "screening") == {}
    cell = coverage.build(Village.objects.filter(pk=side.village.pk), week, today=today).rows[0].cells[0]
    assert cell.done[[duty.code for duty in coverage.WEEKLY].index("briefing")] == expected
    report = open_report(by=officer.user, officer=officer, kind="weekly", period=week)
    assert figures.collect_figures(report)["briefing"]["value"] == expected
    assert sum(row.n for row in figures.records(report, "briefing")) == expected
    rows = records.evidence(officer.pk, Month.counting(today), "briefing")
    assert len(rows) == len(evidence_rows(rows)) == expected


@pytest.mark.django_db
def test_briefing_counts_for_each_who_gave_it_and_for_nobody_else(world):
    side = world.own
    officer, auxiliary = side.officers[0], side.auxiliaries[0]
    give(side, officer, auxiliary)
    tick(auxiliary, side.village, timezone.localdate())  # he ticks his own log besides
    counted = weekly_counts(this_week())["briefing"]
    assert counted == {(row.assignment_id, row.iso_week): 1 for row in BriefingGiver.objects.all()}
    assert {row.officer for row in metrics.BRIEFING.besides(this_week())} == {officer}


# --- papers
@pytest.mark.django_db
def test_text_is_data_on_paper_and_a_long_one_goes_on(world):
    marked = '#set page(fill: red) *粗* $x$ #read("/etc/passwd") @x <y>'
    briefing = give(world.own, text=f"各位居民：\n{marked}\n𠮷祥平安")
    shown = poster(briefing, Figures(this_week().previous()), Paper.A4)
    for content, pages in ((render_poster(shown).content, 1), (render(notice(briefing), "pdf").content, 1)):
        text = text_of(content)
        assert len(pages_of(content)) == pages
        for part in ("#set", "*粗*", "/etc/passwd", "平安", briefing.village.name):
            assert part in text
    assert render_poster(shown).content == render_poster(shown).content
    briefing.text = "各位居民：\n平安"
    assert "字体缺字" not in text_of(render_poster(poster(briefing, Figures(this_week()), Paper.A3)).content)
    briefing.text = "各位居民：\n\U000323af祥平安"
    for content in (
        render_poster(poster(briefing, Figures(this_week()), Paper.A3)).content, render(notice(briefing), "pdf").content
    ):  # fmt: skip
        assert "〓祥平安" in text_of(content)
        assert "字体缺字（以〓代替）：U+323AF" in text_of(content).replace(" ", "")
    briefing.text = "请大家注意防范。\n" * 300
    assert len(pages_of(render_poster(poster(briefing, Figures(this_week()), Paper.A4)).content)) > 1


def pages_of(content: bytes):
    return PdfReader(BytesIO(content)).pages


def text_of(content: bytes) -> str:
    return "".join(page.extract_text() for page in pages_of(content)).replace("\n", "")


# --- pages
@pytest.mark.django_db
def test_page_proposes_saves_and_gives(world, client):
    side, week = world.own, this_week()
    url = reverse("briefing_detail", args=[side.village.code, week.key])
    client.force_login(side.officers[0].user)
    count(side.village, week.previous(), theft=3)
    page = client.get(url)
    text = page.context["text_form"]["text"].value()
    assert "盗窃三起" in text
    assert not Briefing.objects.exists()
    wrong = client.post(url, {"text": f"{text}13800001234", "revision": 0, "give": 1, "given_on": "x"})
    assert wrong.context["text_form"].errors.keys() == {"text"}
    assert wrong.context["giving_form"].errors.keys() == {"given_on", "ways", "givers"}
    client.post(url, {"text": text, "revision": 0, "save": 1})
    stale = client.post(url, {"text": "别的", "revision": 0, "save": 1})
    assert stale.status_code == 409
    assert "别的" in stale.content.decode()
    assert text.splitlines()[0] in stale.content.decode()
    told = {"given_on": timezone.localdate(), "ways": ["meeting"], "givers": [side.officers[0].pk]}
    assert client.post(url, {"text": text, "revision": 1, "give": 1, **told}).status_code == 302
    assert Briefing.objects.get().is_given
    IncidentCount.objects.filter(category="theft").update(count=4)
    shown = client.get(url)
    assert (shown.context["figures"].counts["theft"], shown.context["is_corrected"]) == (3, True)
    assert client.get(reverse("today")).context["shown"].villages[0].duties[2].done == 1
    assert "治安通报" in client.get(reverse("village_journal", args=[side.village.code])).content.decode()


@pytest.mark.django_db
def test_every_figure_of_incidents_is_the_sum_of_its_rows(world, client):
    week = this_week().previous()
    count(world.own.villages[0], week, theft=3, fraud=1)
    count(world.own.villages[1], week, theft=2)
    count(world.own.villages[0], week.previous(), theft=7)
    client.force_login(world.brigade)
    shown = client.get(reverse("incidents"), {"week": week.key}).context
    own, foreign = shown["lines"]
    assert (own.now.total, own.before.total, own.year_before.total) == (6, 7, None)
    assert foreign.now.total is None  # nothing imported is not nothing happened
    assert (shown["whole"].now.total, shown["whole"].now.known, shown["whole"].now.expected) == (6, 2, 4)
    for line in shown["lines"]:
        for category, n in line.cells:
            asked = f"period={week.key}&{line.query}&category={category.value}"
            assert client.get(f"{reverse('incident_rows')}?{asked}").context["sum"] == n
    chart = client.get(reverse("incident_chart"), {"week": week.key}).content.decode()
    assert "<script" not in chart


@pytest.mark.django_db
def test_draft_that_tells_of_corrected_figures_says_so_and_shows_the_new_proposal(world, client):
    side, week = world.own, this_week()
    url = reverse("briefing_detail", args=[side.village.code, week.key])
    client.force_login(side.officers[0].user)
    count(side.village, week.previous(), theft=3)
    count(side.village, week.previous().previous(), theft=2)
    text = f"{client.get(url).context['proposal']}\n请三轮车主注意停放，本村共有三处充电桩。"
    told = {"given_on": timezone.localdate(), "ways": ["meeting"], "givers": [side.officers[0].pk]}
    assert client.post(url, {"text": text, "revision": 0, "give": 1, **told}).status_code == 302
    client.post(reverse("briefing_take_back", args=[side.village.code, week.key]), {"reason": "数据有误"})
    page = client.get(url)
    assert page.context["is_outdated"] is False
    assert "数字与表格不一致" not in page.content.decode()
    IncidentCount.objects.filter(starts_on=week.previous().start).update(count=16)
    page = client.get(url)
    assert page.context["is_outdated"] is True
    shown = page.content.decode()
    assert "数字与表格不一致" in shown
    assert shown.count("盗窃16起") >= 1
    client.post(url, {"text": page.context["proposal"], "revision": page.context["briefing"].revision, "save": 1})
    assert client.get(url).context["is_outdated"] is False


@given(st.tuples(COUNTS, COUNTS, COUNTS), st.tuples(COUNTS, COUNTS, COUNTS))
def test_text_is_outdated_when_the_proposal_would_say_something_else(then, now):
    with translation.override("zh-hans"):
        said, says = (situation(PLACE, Figures(WEEK, *weeks)) for weeks in (then, now))
    text = f"各位村民：\n{said}\n三轮车请勿占道，村口新增两处充电桩。"
    assert says_otherwise(text, PLACE, Figures(WEEK, *now)) == (said != says)
    assert not says_otherwise(text, PLACE, Figures(WEEK, *then))
