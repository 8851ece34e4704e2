"""The facts that a rubric may score: how each is taken from what was counted for a month (month_work.py).

The twin of each, `records.evidence`, gives the records behind it. A fact without records yet says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.month_work import COUNCILS, MonthWork, Person, source_of
from assessments.scoring import NO_RECORDS, NOT_COMMENTED, NOTHING_OWED, Fact
from patrols.counting import Source
from patrols.duties import Owed
from patrols.tallies import council_tally, monthly_tally, weekly_tally

Parameters = Mapping[str, Any]
Reading = Callable[[MonthWork, Person, Parameters], Fact]


@dataclass(frozen=True)
class FactKind:
    """A fact: its name, how it reads ("4 of 5 weeks"), how it is taken, and the metric of visits it rests on."""

    label: Promise
    wording: Promise
    read: Reading
    metric: str = ""
    weekly: bool = False


@lru_cache(maxsize=65_536)
def _weekly(
    source: Source, metric: str, profile: str, weeks: frozenset[int], target: int, running: int | None
) -> tuple[int, int]:
    counts = {(0, week): n for week, n in source.counts_of(profile, metric).items()}
    tally = weekly_tally(Owed(0, 0, 0, "", weeks), counts, target=target, running=running)
    return tally.done, tally.owed


@lru_cache(maxsize=65_536)
def _monthly(
    source: Source, metric: str, profile: str, weeks: frozenset[int], minimum: int, running: int | None
) -> tuple[int, int]:
    counts = {(0, week): n for week, n in source.counts_of(profile, metric).items()}
    tally = monthly_tally(Owed(0, 0, 0, "", weeks), counts, minimum=minimum, running=running)
    return tally.done, tally.owed


@lru_cache(maxsize=65_536)
def _council(metric: str, profile: str, weeks: int, of_month: int, minimum: int, is_running: bool) -> tuple[int, int]:
    sat_in = sum(source_of(metric).counts_of(profile, metric).values())
    tally = council_tally(sat_in, weeks, of_month, minimum=minimum, is_running=is_running)
    return tally.done, tally.owed


def _by_week(metric: str) -> Reading:
    source = source_of(metric)

    def read(work: MonthWork, person: Person, parameters: Parameters) -> Fact:
        texts, target, done, due = work.profiles[source], parameters.get("target", 1), 0, 0
        for item in person.owing:
            text = texts.get(item.assignment_id, "")
            tally = _weekly(source, metric, text, item.weeks, target, work.running)
            done, due = done + tally[0], due + tally[1]
        return Fact(done, due)

    return read


def _by_month(metric: str) -> Reading:
    source = source_of(metric)

    def read(work: MonthWork, person: Person, parameters: Parameters) -> Fact:
        texts, minimum, done, due = work.profiles[source], parameters.get("minimum", 1), 0, 0
        for item in person.owing:
            text = texts.get(item.assignment_id, "")
            tally = _monthly(source, metric, text, item.weeks, minimum, work.running)
            done, due = done + tally[0], due + tally[1]
        return Fact(done, due)

    return read


def _councils(work: MonthWork, person: Person, parameters: Parameters) -> Fact:
    """Councils in which he sat; where the rubric asks for it, those with a situation analysis alone."""
    metric = "council_analyses" if parameters.get("analysis", True) else "council_meetings"
    texts, of_month, done, due = work.profiles[COUNCILS], len(work.month.weeks()), 0, 0
    minimum, is_running = parameters.get("minimum", 1), work.running is not None
    for item in person.owing:
        text = texts.get(item.assignment_id, "")
        tally = _council(metric, text, len(item.weeks), of_month, minimum, is_running)
        done, due = done + tally[0], due + tally[1]
    return Fact(done, due)


def _reports(work: MonthWork, person: Person, parameters: Parameters) -> Fact:
    done = min(work.reports_on_time.get(person.officer_id, 0), work.reports_owed.get(person.officer_id, 0))
    # One handed in before its day counts already; one that is not due yet is not missing.
    return Fact(done, max(work.reports_due.get(person.officer_id, 0), done))


def _remark(work: MonthWork, person: Person, parameters: Parameters) -> Fact:
    if not person.owes:
        return Fact(absent=NOTHING_OWED)
    choice = work.remarks.get(person.officer_id, "")
    return Fact(choice=choice) if choice else Fact(absent=NOT_COMMENTED)


def _by_owner(key: str) -> Reading:
    def read(work: MonthWork, person: Person, parameters: Parameters) -> Fact:
        return Fact(*work.owned.get(key, {}).get(person.officer_id, (0, 0)))

    return read


def _not_recorded(work: MonthWork, person: Person, parameters: Parameters) -> Fact:
    return Fact(absent=NO_RECORDS)


WEEKS = _("%(done)s of %(owed)s weeks")
TIMES = _("%(done)s of %(owed)s times")
CASES = _("%(done)s of %(owed)s cases")
CHANGES = _("%(done)s of %(owed)s changes")

FACTS: Mapping[str, FactKind] = {
    "visit_weeks": FactKind(_("Weeks with a visit"), WEEKS, _by_week("visits"), "visits", True),
    "households": FactKind(
        _("Households called on"), _("%(done)s of %(owed)s households"), _by_week("households"), "households", True
    ),
    "deeds": FactKind(_("Deeds"), _("%(done)s of %(owed)s deeds"), _by_week("deeds"), "deeds", True),
    "screening": FactKind(_("Dispute screening"), WEEKS, _by_week("screening"), "screening", True),
    "briefing": FactKind(_("Briefings"), WEEKS, _by_week("briefing"), "briefing", True),
    "publicity": FactKind(_("Publicity"), TIMES, _by_month("publicity"), "publicity"),
    "group_patrol": FactKind(_("Group patrols"), WEEKS, _by_week("group_patrol"), "group_patrol", True),
    "reports": FactKind(_("Reports handed in on time"), _("%(done)s of %(owed)s reports"), _reports),
    "remark": FactKind(_("Leader's comment"), _("%(choice)s"), _remark),
    "disputes_settled": FactKind(_("Disputes settled or passed on in time"), CASES, _by_owner("disputes_settled")),
    "disputes_followed_up": FactKind(_("Follow-up calls in time"), TIMES, _by_owner("disputes_followed_up")),
    "base_info_changes": FactKind(_("Base-info changes forwarded in time"), CHANGES, _by_owner("base_info_changes")),
    "base_info_accuracy": FactKind(
        _("Base-info changes found accurate"), _("%(done)s of %(owed)s checks"), _by_owner("base_info_accuracy")
    ),
    "council_meetings": FactKind(_("Council meetings"), TIMES, _councils),
    "spot_checks": FactKind(_("Spot checks confirmed"), TIMES, _not_recorded),
    "merits": FactKind(_("Merits"), TIMES, _not_recorded),
    "findings": FactKind(_("Findings of inspections"), TIMES, _not_recorded),
    "breaches": FactKind(_("Breaches of the four prohibitions"), TIMES, _not_recorded),
    "fabrications": FactKind(_("Fabricated records"), TIMES, _not_recorded),
}
