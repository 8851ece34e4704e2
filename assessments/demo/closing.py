"""Months assessed and quarters issued for the demo, by the verbs themselves (R18, R19).

Months before the last complete quarter's last month are locked and their quarters issued. In that month all stations
have signed but the demo chief's; so a visitor signs it, locks it and draws up the quarter. Later months are open.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from assessments import bulletins, monthly, signing
from assessments.choices import Remark
from assessments.demo.roster import DEMO_TOWNSHIP, Roster
from assessments.models import Assessment, AssessmentMonth, Signature
from villages.models import Unit
from xinjin.accounts.models import User
from xinjin.periods import Month, Quarter
from xinjin.workdays.calendar import workday_after


def close(roster: Roster) -> None:
    """Opens, signs, locks and issues what would have been by today."""
    brigade = User.objects.get(username="brigade")
    final = _last_complete_quarter(roster).month_list()[-1]
    month = Month.of(roster.since)
    while monthly.opens_on(month) <= roster.today:
        monthly.open_month(by=None, month=month)
        if month <= final:
            _sign(roster, month, leave_out_demo_station=month == final)
        if month < final:
            monthly.lock_month(by=brigade, month=month)
        _date_back(month)
        month = month.next()
    quarter, number = Quarter.of(roster.since), 1
    while quarter.end < final.start:
        issued_on = workday_after(quarter.end, 8)
        issued_at = _at(issued_on)
        bulletin = bulletins.draw_up(by=brigade, quarter=quarter, at=issued_at)
        bulletins.issue(by=brigade, bulletin=bulletin, number=f"新公社警〔{issued_on.year}〕{number}号", at=issued_at)
        quarter, number = quarter.next(), number + 1


def _last_complete_quarter(roster: Roster) -> Quarter:
    quarter = Quarter.of(roster.today)
    while monthly.opens_on(quarter.month_list()[-1]) > roster.today:
        quarter = quarter.previous()
    return quarter


def _sign(roster: Roster, month: Month, *, leave_out_demo_station: bool) -> None:
    """Each chief comments on his people and signs."""
    demo_station = Unit.objects.get(villages__township__code=DEMO_TOWNSHIP, villages__code__endswith="001").pk
    for station_id, chief in roster.chiefs.items():
        if leave_out_demo_station and station_id == demo_station:
            continue
        people = list(Assessment.objects.filter(month=month.key, station=station_id).order_by("id"))
        remarks = roster.random.choices([Remark.GOOD, Remark.FAIRLY_GOOD, Remark.AVERAGE], [50, 40, 10], k=len(people))
        signing.remark_many(
            by=chief.user, month=month, remarks={a.pk: str(r) for a, r in zip(people, remarks, strict=True)}
        )
        signing.sign_station(by=chief.user, month=month, station=chief.unit)


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))


def _date_back(month: Month) -> None:
    """The verbs wrote today's time; the demo's months were closed when they were due."""
    opened_on = monthly.opens_on(month)
    months = AssessmentMonth.objects.filter(pk=month.key)
    months.update(computed_at=_at(opened_on), objections_until=workday_after(opened_on, 3))
    months.exclude(locked_at=None).update(locked_at=_at(workday_after(opened_on, 8)))
    Signature.objects.filter(month=month.key).update(signed_at=_at(workday_after(opened_on, 5)) + timedelta(hours=5))
