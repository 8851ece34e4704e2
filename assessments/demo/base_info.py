"""Changes of the base information that calls of the demo found, verified and forwarded since (R9)."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from assessments.demo.case_rows import sentences
from assessments.demo.roster import Roster
from patrols.base_info import VERIFIERS
from patrols.cases.clock import working_calendar
from patrols.choices import BaseInfoState, LimitUnit
from patrols.ledger import deadlines
from patrols.ledger.norm_figures import LedgerFigures
from patrols.models import BaseInfoChange, BaseInfoRow, HouseholdCall
from villages.choices import OfficerKind, Slot
from villages.models import Officer


def make_base_info(roster: Roster) -> None:
    """Changes up to yesterday, each with its row in the log of its visit."""
    random = Random(f"base-info-{roster.random.getstate()[1][0]}")  # noqa: S311
    entries, calendar = sentences()["changes"], working_calendar()
    last_day = roster.today - timedelta(days=1)
    calls = HouseholdCall.objects.annotate(part=F("id") % 9).filter(topics__contains=["base_info"], part=0)
    holders = roster.holders
    verifiers = {officer.unit_id: officer for officer in holders.values() if officer.kind == OfficerKind.COMMUNITY}
    rows = []
    call: Any
    for call in calls.select_related("visit__officer__user", "visit__village", "household").order_by("called_on", "id"):
        row, day = random.choice(entries), call.called_on
        owner: Officer | None = holders.get((call.visit.village_id, Slot.OFFICER)) or call.visit.officer
        change = BaseInfoChange(
            id=UUID(int=random.getrandbits(128), version=4), village_id=call.visit.village_id,
            subject=row["subject"], action=row["action"], what=row["what"], address=call.household.address,
            source_visit=call.visit, is_of_log=True, found_on=day, found_by=call.visit.officer, owner=owner,
            due_on=deadlines.due_on(day, LedgerFigures.forward_days, LimitUnit.WORKDAYS, calendar),
            created_at=_evening(random, day),
        )  # fmt: skip
        checked = day + timedelta(days=random.choice([1, 2, 3]))
        forwarded = checked + timedelta(days=random.choices([1, 2, 9], [60, 32, 8])[0])
        if checked <= last_day:
            officer = call.visit.officer
            verifier = officer if officer.kind in VERIFIERS else verifiers[call.visit.village.station_id]
            change.checked_on, change.checked_by = checked, verifier.user
            change.state = BaseInfoState.VERIFIED
            if random.random() < 0.04:
                change.state, change.remark = BaseInfoState.UNFOUNDED, "核实后未变化"
            elif forwarded <= last_day:
                change.state, change.forwarded_on = BaseInfoState.FORWARDED, forwarded
                change.receipt = f"RK{forwarded:%Y%m%d}{random.randrange(100):02}"
        rows.append(change)
    BaseInfoChange.objects.bulk_create(rows, batch_size=2000)
    of_logs = [
        BaseInfoRow(
            visit=row.source_visit, subject=row.subject, action=row.action, address=row.address,
            what=row.what, change=row, position=position,
        )
        for position, row in enumerate(rows)
    ]  # fmt: skip
    BaseInfoRow.objects.bulk_create(of_logs, batch_size=2000)


def _evening(random: Random, day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(17, random.randrange(60))))
