"""A month of work for tests, in the newest month that may be opened."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from assessments import monthly, signing
from assessments.models import Assessment, AssessmentMonth
from assessments.rubric_loading import RUBRICS, load_rubric
from patrols.choices import ActivityKind
from patrols.models import Activity
from tests.factories import StationSide, StationWorld, make_station_world
from tests.patrols.factories import make_council, make_visit
from villages.models import Officer, Village
from xinjin.periods import Month, Week


def openable() -> Month:
    """The newest month that may be opened today."""
    return monthly.last_openable(timezone.localdate())


def make_rubric():
    """The shipped rubric."""
    return load_rubric(by=None, path=RUBRICS / "2022.toml")[0]


def work_week(officer: Officer, village: Village, week: Week, *, households: int = 5, deeds: int = 1):
    """One visit on Wednesday with everything that a week asks for."""
    visit = make_visit(officer, village, households=households, deeds=deeds, visited_on=week.start + timedelta(days=2))
    for kind in ActivityKind:
        found = {"nothing_found": True} if kind == ActivityKind.SCREENING else {}
        Activity.objects.create(visit=visit, visited_on=visit.visited_on, kind=kind, **found)
    return visit


@dataclass(frozen=True)
class OpenedMonth:
    """A month that is open: the first officer of the own station has worked in every week and sat in the council."""

    world: StationWorld
    month: Month
    row: AssessmentMonth

    @property
    def own(self) -> StationSide:
        return self.world.own

    @property
    def chief(self):
        return self.own.chief.user

    def card(self, officer: Officer) -> Assessment:
        return Assessment.objects.get(month=self.row, officer=officer)


def make_opened_month() -> OpenedMonth:
    """Two stations with four people each; see OpenedMonth."""
    make_rubric()
    world, month = make_station_world(), openable()
    for week in month.weeks():
        work_week(world.own.officers[0], world.own.village, week)
    make_council(world.own.village, month.weeks()[-1].start, world.own.officers[0])
    return OpenedMonth(world, month, monthly.open_month(by=None, month=month))


def sign(opened: OpenedMonth, side: StationSide, remark: str = "good") -> None:
    """The side's chief gives the same comment to all and signs."""
    chief = side.chief.user
    signing.remark_rest(by=chief, month=opened.month, station=side.station, remark=remark)
    signing.sign_station(by=chief, month=opened.month, station=side.station)


def make_locked_month() -> OpenedMonth:
    """An opened month that both stations have signed and the brigade has locked."""
    opened = make_opened_month()
    for side in (opened.world.own, opened.world.foreign):
        sign(opened, side)
    monthly.lock_month(by=opened.world.brigade, month=opened.month)
    opened.row.refresh_from_db()
    return opened
