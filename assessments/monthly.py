"""The month's assessment: opened, brought up to date, and locked (R18, 每月考核并报).

Its row in AssessmentMonth is the lock of every change to it. The totals that are sealed equal those that the records
give: locking first seals the records of the month, so that a late visit is refused, then takes all facts anew and
refuses where they differ from what a station has signed. After that the database itself refuses any change.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import card_store, cards
from assessments.choices import AssessmentState
from assessments.models import Assessment, AssessmentMonth
from patrols.choices import ReportKind
from patrols.duties import entry_due_on, report_due_on
from patrols.months import seal_month
from villages.models import Unit
from xinjin.audit.trail import record
from xinjin.errors import Conflict
from xinjin.heap import growing
from xinjin.periods import Month
from xinjin.workdays.calendar import workday_after

# Working days from the opening in which people may object.
OBJECTION_DAYS = 3


def opens_on(month: Month) -> date:
    """The first day on which everything of the month was due: logs and reports."""
    counted = month.counted
    last_due = max(
        report_due_on(ReportKind.MONTHLY, month),
        report_due_on(ReportKind.WEEKLY, month.weeks()[-1]),
        entry_due_on(counted.end),
    )
    return last_due + timedelta(days=1)


def last_openable(today: date) -> Month:
    """The newest month that may be opened on `today`."""
    month = Month.of(today).previous()
    while opens_on(month) > today:
        month = month.previous()
    return month


def hold_month(key: str) -> AssessmentMonth:
    """The month's row, locked until the end of the transaction. Raises Conflict when the month is locked."""
    month = AssessmentMonth.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=key)
    if month.locked_at is not None:
        raise Conflict(_("The month %(month)s is locked.") % {"month": key})
    return month


@transaction.atomic
def open_month(*, by: Any, month: Month, at: datetime | None = None) -> AssessmentMonth:
    """Computes the month for everybody who held an assignment in it and opens it to objection.

    Run again it brings the open assessments up to date and leaves the signed ones alone. `at` is when it happens, now
    by default. Raises ValidationError when not everything of the month was due yet or no rubric holds, Conflict when
    the month is locked.
    """
    at = at or timezone.now()
    first_day = opens_on(month)
    if timezone.localdate() < first_day:
        raise ValidationError(
            _("%(month)s can be opened from %(day)s on, when all its logs and reports were due.")
            % {"month": month.key, "day": first_day.isoformat()}
        )
    row, is_new = _row_for(month, at)
    changed = _refresh(row, Assessment.objects.filter(month=row, state=AssessmentState.OPEN))
    row.computed_at = at
    row.full_clean()
    row.save()
    if is_new or changed:
        record(by, "open" if is_new else "recompute", row, {"changed": len(changed)})
    return row


def _row_for(month: Month, at: datetime) -> tuple[AssessmentMonth, bool]:
    try:
        rubric = cards.rubric_of(month)
    except cards.NoRubric as error:
        raise ValidationError(str(error)) from error
    fresh = AssessmentMonth(
        key=month.key,
        rubric=rubric,
        computed_at=at,
        objections_until=workday_after(timezone.localdate(at), OBJECTION_DAYS),
    )
    AssessmentMonth.objects.bulk_create([fresh], ignore_conflicts=True)
    row = hold_month(month.key)
    is_new = not row.assessments.exists()
    if row.rubric.frozen_at is None:
        row.rubric.frozen_at = at
        row.rubric.save(update_fields=["frozen_at"])
    return row, is_new


def _refresh(row: AssessmentMonth, opened: Any, *, station: Unit | None = None) -> list[Assessment]:
    stored = list(opened.order_by("id"))
    signed = set(row.assessments.exclude(state=AssessmentState.OPEN).values_list("officer", flat=True))
    with growing():
        computed = current_cards(row, stored if station is not None else None)
        own = [card for card in computed if card.person.officer_id not in signed]
        return card_store.bring_up_to_date(row, stored, own)


def current_cards(row: AssessmentMonth, only: Iterable[Assessment] | None = None) -> list[cards.Card]:
    """The cards as the records give them now, with the comments made so far: of all the month's people, or `only`."""
    officers = None if only is None else [assessment.officer_id for assessment in only]
    remarks = dict(row.assessments.exclude(remark="").values_list("officer", "remark"))
    return cards.compute(row.period, cards.scoring_rubric(row.rubric), officer_ids=officers, remarks=remarks)


@transaction.atomic
def refresh_station(*, by: Any, month: Month, station: Unit) -> list[Assessment]:
    """Brings a station's open assessments up to date; returns those whose figures have changed."""
    row = hold_month(month.key)
    changed = _refresh(
        row, Assessment.objects.filter(month=row, station=station, state=AssessmentState.OPEN), station=station
    )
    if changed:
        record(by, "recompute", row, {"station": station.name, "changed": len(changed)})
    return changed


def open_period(*, by: Any, month: Month | None = None) -> AssessmentMonth | None:
    """Opens `month`, by default the newest that may be opened; None when that one is locked already."""
    month = month or last_openable(timezone.localdate())
    if AssessmentMonth.objects.filter(pk=month.key, locked_at__isnull=False).exists():
        return None
    return open_month(by=by, month=month)


def waiting_stations(row: AssessmentMonth) -> list[Unit]:
    """The stations whose people's month is not signed yet."""
    opened = Assessment.objects.filter(month=row, state=AssessmentState.OPEN)
    return list(Unit.objects.filter(pk__in=opened.values("station")).order_by("position", "id"))


@transaction.atomic
def lock_month(*, by: Any, month: Month, at: datetime | None = None) -> AssessmentMonth:
    """Locks the month for good: seals its records, checks that the signed facts are still those of the records.

    Raises ValidationError naming the stations that have not signed, or the people whose records have changed since
    their station signed; Conflict when the month is locked already.
    """
    row = hold_month(month.key)
    if not row.assessments.exists():
        raise ValidationError(_("Nobody is assessed in this month."))
    waiting = waiting_stations(row)
    if waiting:
        names = _(", ").join(station.name for station in waiting)
        raise ValidationError(_("Not signed yet: %(stations)s.") % {"stations": names})
    seal_month(by=by, key=row.pk)
    stored = row.assessments.select_related("officer", "station").order_by("station__position", "officer__number")
    stale = card_store.differing(stored, current_cards(row))
    if stale:
        names = _(", ").join(f"{assessment.station.name} {assessment.officer.name}" for assessment in stale[:10])
        raise ValidationError(
            _("Records have changed since the signature (%(count)s): %(people)s. Return the month to the station.")
            % {"count": len(stale), "people": names}
        )
    row.assessments.update(state=AssessmentState.LOCKED)
    row.locked_at, row.locked_by = at or timezone.now(), by
    row.full_clean()
    row.save()
    record(by, "lock", row)
    return row
