"""The facts that a rubric may score, for every person of a month in a constant number of queries.

Each sums what duties.py says is owed and patrols/metrics.py counts over the person's assignments. Its twin `evidence`
gives the records behind it. A fact whose records do not exist yet has neither, and says so.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.scoring import NO_RECORDS, NOT_COMMENTED, NOTHING_OWED, Fact
from patrols.counting import Source
from patrols.duties import Owed, owed, reports_owed
from patrols.ledger.metrics import OWNER_METRICS
from patrols.metrics import SOURCES, iso_week
from patrols.report_metrics import reports_on_time
from patrols.tallies import council_tally, monthly_tally, weekly_tally
from xinjin.periods import Month, Week

Parameters = Mapping[str, Any]


class Person(NamedTuple):
    """Somebody who holds an assignment in the month, as he was then."""

    officer_id: int
    kind: str
    unit_id: int
    station_id: int
    owing: tuple[Owed, ...]

    @property
    def owes(self) -> bool:
        """Whether anything is owed at all."""
        return any(item.weeks for item in self.owing)


@dataclass(frozen=True)
class MonthWork:
    """Everything that is counted for a month. `running` is the ISO week that is not over, if the month is not."""

    month: Month
    people: list[Person]
    profiles: Mapping[Source, Mapping[int, str]]
    reports_owed: Mapping[int, int]
    reports_due: Mapping[int, int]
    reports_on_time: Mapping[int, int]
    running: int | None = None
    remarks: Mapping[int, str] = field(default_factory=dict)
    # Facts of records with an owner and a day, by their key: {officer id: (done in time, owed)}.
    owned: Mapping[str, Mapping[int, tuple[int, int]]] = field(default_factory=dict)

    @cached_property
    def by_officer(self) -> list[Mapping[int, Any]]:
        """All that is known of a person."""
        return [self.reports_owed, self.reports_due, self.reports_on_time, self.remarks, *self.owned.values()]

    @cached_property
    def by_assignment(self) -> list[Mapping[int, str]]:
        """All that is known of an assignment."""
        return list(self.profiles.values())


def pattern(work: MonthWork, person: Person) -> tuple:
    """Everything that a person's facts are made of: people with the same pattern have the same facts."""
    found: list[Any] = [facts.get(person.officer_id) for facts in work.by_officer]
    for item in person.owing:
        found.append(item.weeks)
        found += [texts.get(item.assignment_id) for texts in work.by_assignment]
    return tuple(found)


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
def _whole_month(profile: str) -> str:
    """The councils of all weeks together: in which of them one sat makes no difference, so people share a pattern."""
    rows = [map(int, part.split(":")[1:]) for part in profile.split(",")]
    return ":".join(map(str, (0, *map(sum, zip(*rows, strict=True)))))


@lru_cache(maxsize=65_536)
def _council(metric: str, profile: str, weeks: int, of_month: int, minimum: int, is_running: bool) -> tuple[int, int]:
    sat_in = sum(_source_of(metric).counts_of(profile, metric).values())
    tally = council_tally(sat_in, weeks, of_month, minimum=minimum, is_running=is_running)
    return tally.done, tally.owed


def _source_of(metric: str) -> Source:
    return next(source for source in SOURCES if metric in source.keys)


COUNCILS = _source_of("council_meetings")


def _by_week(metric: str) -> Reading:
    source = _source_of(metric)

    def read(work: MonthWork, person: Person, parameters: Parameters) -> Fact:
        texts, target, done, due = work.profiles[source], parameters.get("target", 1), 0, 0
        for item in person.owing:
            text = texts.get(item.assignment_id, "")
            tally = _weekly(source, metric, text, item.weeks, target, work.running)
            done, due = done + tally[0], due + tally[1]
        return Fact(done, due)

    return read


def _by_month(metric: str) -> Reading:
    source = _source_of(metric)

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


def collect(
    month: Month,
    *,
    as_of: date | None = None,
    officer_ids: Iterable[int] | None = None,
    remarks: Mapping[int, str] | None = None,
) -> MonthWork:
    """What is owed and done in `month`, for everybody or for some; with `as_of` in a running month, so far.

    `remarks` are the leaders' comments by officer id.
    """
    wanted = None if officer_ids is None else list(officer_ids)
    owing = owed(month, officer_ids=wanted)
    assignments = None if wanted is None else [item.assignment_id for item in owing]
    counted = month.counted
    running = as_of is not None and as_of <= counted.end
    all_reports = reports_owed(owing, month)
    profiles = {source: source.profiles(counted, holders=assignments) for source in SOURCES}
    profiles[COUNCILS] = {holder: _whole_month(text) for holder, text in profiles[COUNCILS].items()}
    return MonthWork(
        month=month,
        people=_people(owing),
        profiles=profiles,
        reports_owed=all_reports,
        reports_due=all_reports if as_of is None else reports_owed(owing, month, as_of=as_of),
        reports_on_time=reports_on_time(month),
        running=iso_week(Week.of(as_of)) if running and as_of else None,
        remarks=remarks or {},
        owned={key: metric.tallies(counted, as_of=as_of) for key, metric in OWNER_METRICS.items()},
    )


def _people(owing: Iterable[Owed]) -> list[Person]:
    held: dict[int, tuple[Owed, ...]] = {}
    for item in owing:
        held[item.officer_id] = (*held.get(item.officer_id, ()), item)
    people = []
    for officer, items in held.items():
        # The station of the village where most of the month was owed answers for the person (R4).
        main = items[0] if len(items) == 1 else max(items, key=lambda item: (len(item.weeks), item.assignment_id))
        people.append(Person(officer, main.kind, main.unit_id, main.station_id, items))
    return people
