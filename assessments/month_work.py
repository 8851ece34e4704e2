"""Everything that is counted for a month, for everybody at once: a constant number of queries.

Each sums what duties.py says is owed and patrols/metrics.py counts over the person's assignments.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from patrols.counting import Source
from patrols.duties import Owed, owed, reports_owed
from patrols.ledger.metrics import OWNER_METRICS
from patrols.metrics import SOURCES, iso_week
from patrols.report_metrics import reports_on_time
from xinjin.periods import Month, Week


def source_of(metric: str) -> Source:
    """The records of which a metric is read."""
    return next(source for source in SOURCES if metric in source.keys)


COUNCILS = source_of("council_meetings")


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


@lru_cache(maxsize=65_536)
def _whole_month(profile: str) -> str:
    """The councils of all weeks together: in which of them one sat makes no difference, so people share a pattern."""
    rows = [map(int, part.split(":")[1:]) for part in profile.split(",")]
    return ":".join(map(str, (0, *map(sum, zip(*rows, strict=True)))))


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
        owned={key: metric.tallies(counted, as_of=as_of, owners=wanted) for key, metric in OWNER_METRICS.items()},
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
