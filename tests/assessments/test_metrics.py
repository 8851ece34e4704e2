"""Facts and their twins: what is counted is what the rows show."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments import cards, metrics, month_work, records
from assessments.evidence import evidence_rows
from assessments.scoring import Fact
from patrols import cases
from patrols.cases import PartyEntry
from patrols.choices import CheckOutcome, VisitState
from patrols.metrics import METRICS, SOURCES
from patrols.models import Activity, BaseInfoChange, BaseInfoCheck, Case, CaseTerm, CouncilAttendee, FollowUpCall
from tests.assessments.factories import make_rubric, openable, work_week
from tests.factories import make_assignment, make_officer, make_station_side, make_station_world, make_village
from tests.patrols.factories import make_council, make_visit
from tests.patrols.test_cases import dispute
from villages.choices import OfficerKind
from xinjin.periods import Month, Week

pytestmark = pytest.mark.django_db


def facts_of(officer, month, **options):
    rubric = cards.scoring_rubric(make_rubric())
    return cards.compute(month, rubric, officer_ids=[officer.pk], **options)[0].facts


def test_facts_sum_over_all_villages_of_a_person():
    side, month = make_station_side(), openable()
    officer, second = side.officers[0], make_village(station=side.station)
    make_assignment(second, officer)
    week = month.weeks()[0]
    work_week(officer, side.village, week, households=3)
    facts = facts_of(officer, month)
    weeks = len(month.weeks())
    assert (facts["A1"].done, facts["A1"].owed) == (1, 2 * weeks)
    assert (facts["A2"].done, facts["A2"].owed) == (3, 10 * weeks)


def test_returned_and_draft_visits_do_not_count():
    side, month = make_station_side(), openable()
    officer, day = side.officers[0], openable().weeks()[0].start
    make_visit(officer, side.village, visited_on=day, households=5, state=VisitState.RETURNED)
    make_visit(officer, side.village, visited_on=day + timedelta(days=1), state=VisitState.DRAFT)
    assert facts_of(officer, month)["A1"].done == 0


def test_more_in_one_week_does_not_make_up_for_another():
    side, month = make_station_side(), openable()
    for number in range(3):
        day = month.weeks()[0].start + timedelta(days=number)
        make_visit(side.officers[0], side.village, visited_on=day, households=5)
    facts = facts_of(side.officers[0], month)
    assert facts["A1"].done == 1
    assert facts["A2"].done == 5


def test_running_month_does_not_count_weeks_that_are_not_over():
    today = timezone.localdate()
    month = Month.counting(today)
    side = make_station_side()
    facts = facts_of(side.officers[0], month, as_of=today)
    over = sum(week.end < today for week in month.weeks())
    assert facts["A1"].owed == over
    work_week(side.officers[0], side.village, Week.of(today))
    facts = facts_of(side.officers[0], month, as_of=today)
    assert (facts["A1"].done, facts["A1"].owed) == (1, over + 1)


@pytest.mark.parametrize("metric", [key for key, fact in metrics.FACTS.items() if fact.metric])
def test_twin_gives_the_rows_that_were_counted(metric):
    world, month = make_station_world(), openable()
    officer = world.own.officers[0]
    for week in month.weeks():
        work_week(officer, world.own.village, week)
        work_week(world.foreign.officers[0], world.foreign.village, week)
    work_week(officer, world.own.village, month.weeks()[-1].next())
    rows = records.evidence(officer.pk, month, metric)
    counted = month_work.collect(month, officer_ids=[officer.pk])
    key = metrics.FACTS[metric].metric
    source = month_work.source_of(key)
    profiles = counted.profiles[source].values()
    assert len(rows) == sum(n for text in profiles for n in source.counts_of(text, key).values())
    visits = {getattr(row, "visit", row).officer_id for row in rows}
    assert visits == {officer.pk}


def test_twin_of_what_is_not_recorded_is_empty():
    side = make_station_side()
    assert not records.evidence(side.officers[0].pk, openable(), "spot_checks").exists()


def test_weeks_of_a_line_say_what_was_owed():
    side, month = make_station_side(), openable()
    officer = make_officer(kind=OfficerKind.LIAISON)
    village = make_village(station=side.station)
    make_assignment(village, officer, start_on=month.weeks()[1].start)
    work_week(officer, village, month.weeks()[1], households=2)
    weeks = records.by_week(officer.pk, month, "households", {"target": 5})
    assert [found.is_owed for found in weeks[:2]] == [False, True]
    assert (weeks[1].done, weeks[1].target) == (2, 5)
    assert records.by_week(officer.pk, month, "reports", {}) == []


def test_station_of_most_weeks_answers_for_the_person():
    first, second = make_station_side(), make_station_side()
    month, officer = openable(), make_officer(kind=OfficerKind.LIAISON)
    make_assignment(make_village(station=first.station), officer, end_on=month.weeks()[0].end)
    make_assignment(make_village(station=second.station), officer, start_on=month.weeks()[1].start)
    person = month_work.collect(month, officer_ids=[officer.pk]).people[0]
    assert person.station_id == second.station.pk


def test_collect_needs_the_same_queries_for_few_and_many():
    def count():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            month_work.collect(openable())
        return len(captured)

    make_station_side()
    few = count()
    for _ in range(4):
        make_station_side()
    assert count() == few


def test_profiles_say_the_same_as_counts():
    side, month = make_station_side(), openable()
    for week in month.weeks():
        work_week(side.officers[0], side.village, week, households=2)
    assert sorted(key for source in SOURCES for key in source.keys) == sorted(METRICS)
    for source in SOURCES:
        profiles = source.profiles(month.counted)
        for key in source.keys:
            unpacked = {
                (holder, week): n
                for holder, text in profiles.items()
                for week, n in source.counts_of(text, key).items()
            }
            assert unpacked == dict(METRICS[key].counts(month.counted))
    assert Activity.objects.exists()


def owned_world(month):
    """Two disputes, their calls, base-info changes and spot checks in the month: one of each as it ought to be."""
    side = make_station_side()
    officer, day = side.officers[0], month.weeks()[1].start
    first, second = (dispute(side, parties=(PartyEntry("claimant", name),)) for name in ("王甲", "李乙"))
    CaseTerm.objects.filter(case=first).update(due_on=day, ended_on=day, ending="resolved")
    CaseTerm.objects.filter(case=second).update(due_on=day)
    for case, done_on in ((first, day), (second, day + timedelta(days=1))):
        FollowUpCall.objects.create(case=case, round=1, number=1, due_on=day, owner=officer, done_on=done_on)
    for forwarded_on in (day, None):
        change = BaseInfoChange.objects.create(
            village=side.village, subject="person", action="new", address="1号", what="新租户", found_on=day,
            due_on=day, found_by=officer, owner=officer, forwarded_on=forwarded_on,
            state="forwarded" if forwarded_on else "found", receipt="R", checked_on=day,
        )  # fmt: skip
        outcome = CheckOutcome.ACCURATE if forwarded_on else CheckOutcome.WRONG
        BaseInfoCheck.objects.create(change=change, drawn_on=day, judged_on=day, outcome=outcome, reason="门牌不符")
    return officer


@pytest.mark.parametrize(
    ("code", "metric"),
    [
        ("A4b", "disputes_settled"),
        ("A4c", "disputes_followed_up"),
        ("A8a", "base_info_changes"),
        ("A8b", "base_info_accuracy"),
    ],
)
def test_owned_records_are_scored_by_their_day_and_open_to_their_rows(code, metric):
    month = openable()
    officer = owned_world(month)
    fact = facts_of(officer, month)[code]
    assert (fact.done, fact.owed) == (1, 2)
    rows = records.evidence(officer.pk, month, metric)
    assert len(evidence_rows(rows)) == rows.count() == 2
    assert facts_of(officer, month.next() if month.next().start < timezone.localdate() else month)[code].owed in (0, 2)


def test_what_happens_to_a_case_later_changes_no_month_that_is_over():
    month = openable()
    officer = owned_world(month)
    before = {code: facts_of(officer, month)[code] for code in ("A4b", "A4c", "A8a", "A8b")}
    for case in Case.objects.order_by("pk"):
        case.refresh_from_db()
        cases.change_level(by=None, case=case, revision=case.revision, level="orange", reason="情况变化")
    cases.pass_cases(by=None, village=Case.objects.first().village, from_officer=officer, to_officer=make_officer())
    assert {code: facts_of(officer, month)[code] for code in before} == before


# --- A9, the council
def test_council_counts_for_officers_with_analysis_and_for_auxiliaries_who_sat_in_it():
    side, month = make_station_side(), openable()
    officer, auxiliary = side.officers[0], side.auxiliaries[0]
    day = month.weeks()[-1].start
    assert (facts_of(officer, month)["A9"], facts_of(auxiliary, month)["A9"]) == (Fact(0, 1), Fact(0, 1))
    make_council(side.village, day, officer, auxiliary, situation="")
    assert (facts_of(officer, month)["A9"], facts_of(auxiliary, month)["A9"]) == (Fact(0, 1), Fact(1, 1))
    make_council(side.village, day, officer)
    make_council(side.village, month.weeks()[0].start, officer)
    assert (facts_of(officer, month)["A9"], facts_of(auxiliary, month)["A9"]) == (Fact(1, 1), Fact(1, 1))
    # Drafts, other months and other villages are none of it.
    make_council(side.villages[1], day, side.officers[1], state="draft")
    make_council(side.villages[1], month.weeks()[-1].next().start, side.officers[1])
    CouncilAttendee.objects.filter(meeting__state="draft").update(is_counting=False)
    assert facts_of(side.officers[1], month)["A9"] == Fact(0, 1)
    rows = records.evidence(officer.pk, month, "council_meetings")
    told = [(row.day, row.note) for row in evidence_rows(rows)]
    assert [day for day, _note in told] == [month.weeks()[0].start, day, day]
    assert sum("未附" in note for _day, note in told) == 1


def test_council_is_owed_by_who_owes_most_of_the_month():
    side, month = make_station_side(), openable()
    weeks = month.weeks()
    first, second = make_officer(kind=OfficerKind.LIAISON), make_officer(kind=OfficerKind.LIAISON)
    village = make_village(station=side.station)
    change = weeks[len(weeks) // 2].start
    make_assignment(village, first, end_on=change - timedelta(days=1))
    make_assignment(village, second, start_on=change)
    owed = [facts_of(officer, month)["A9"].owed for officer in (first, second)]
    assert sum(owed) <= 1
    assert owed == [int(2 * n > len(weeks)) for n in (len(weeks) // 2, len(weeks) - len(weeks) // 2)]
    # Who left early but sat in one has done it.
    make_council(village, weeks[0].start, first)
    assert facts_of(first, month)["A9"] == Fact(1, 1)


def test_council_of_a_running_month_is_not_owed_yet():
    today = timezone.localdate()
    month, side = Month.counting(today), make_station_side()
    assert facts_of(side.officers[0], month, as_of=today)["A9"] == Fact(0, 0)
    make_council(side.village, today, side.officers[0])
    assert facts_of(side.officers[0], month, as_of=today)["A9"] == Fact(1, 1)
