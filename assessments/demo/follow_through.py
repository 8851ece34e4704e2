"""What follows on the demo's ledger: files of steps, split cases, weekly notices, spot checks, hand-overs (R6, R7, R9).

Built from the cases and changes that are there, in bulk, with a random of its own so that the rest stays as it is.
"""

import hashlib
from collections import Counter
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.utils import timezone, translation

from assessments.demo.case_life import CaseLife
from assessments.demo.pictures import _encoded, _picture
from assessments.demo.roster import Roster
from patrols.cases.opening import next_number
from patrols.choices import (
    AttachmentKind,
    BaseInfoState,
    CaseAct,
    CaseSource,
    CaseState,
    CheckOutcome,
    NoticeRecipient,
    StepKind,
)
from patrols.ledger.week_of_disputes import week_of_disputes
from patrols.models import (
    BaseInfoChange,
    BaseInfoCheck,
    BaseInfoTransfer,
    Case,
    CaseFile,
    CaseParty,
    CaseStep,
    DisputeNotice,
)
from villages.choices import ContactKind, Slot
from villages.models import Village, VillageContact
from xinjin.accounts.models import User
from xinjin.accounts.roles import Role
from xinjin.periods import Month, Week
from xinjin.reporting import Report, render

WRONG = ("现场核对门牌号有误", "该户已搬离", "人数与登记不符")


def follow_through(roster: Roster) -> None:
    """All of it, up to yesterday."""
    random = Random(f"follow-through-{roster.random.getstate()[1][0]}")  # noqa: S311
    _attach(roster, random)
    _split(roster, random)
    _notices(roster, random)
    brigade = User.objects.filter(grants__role=Role.BRIGADE).order_by("pk").first()
    _checks(roster, random)
    _transfers(roster, brigade)


def _attach(roster: Roster, random: Random) -> None:
    """A picture on each of a few recent mediations, and on every second a signed agreement."""
    steps = CaseStep.objects.filter(kind=StepKind.MEDIATION, happened_on__lt=roster.today).select_related(
        "case__village"
    )
    steps = steps.order_by("-happened_on", "-id")[:300]
    recent = _some_of_each([(step.case.village.station_id, step) for step in steps], 2)
    disk, rows = FileSystemStorage(), []
    agreement = _agreement()
    for number, step in enumerate(recent):
        files = [(AttachmentKind.PICTURE, f"调解现场{number + 1}.jpg", _encoded(_picture(Random(f"step-{number}"))))]  # noqa: S311
        if number % 2 == 0:
            files.append((AttachmentKind.PDF, "人民调解协议书.pdf", agreement))
        for kind, name, content in files:
            row = CaseFile(
                id=UUID(int=random.getrandbits(128), version=4), step=step, kind=kind, name=name, size=len(content),
                sha256=hashlib.sha256(content).hexdigest(), uploaded_by_id=step.by_id,
            )  # fmt: skip
            row.file.name = disk.save(row.file.field.generate_filename(row, "any"), ContentFile(content))
            if row.is_picture:
                disk.save(row.small_name, ContentFile(content))
            rows.append(row)
    CaseFile.objects.bulk_create(rows)


def _some_of_each(found: list[tuple[int, Any]], most: int) -> list[Any]:
    """The first few of each station."""
    taken: Counter[int] = Counter()
    kept = []
    for station, row in found:
        taken[station] += 1
        if taken[station] <= most:
            kept.append(row)
    return kept


def _agreement() -> bytes:
    report = Report(
        title="人民调解协议书",
        body=("双方当事人经调解自愿达成协议，内容如下。", "一、双方互谅互让，不再追究。", "二、协议自签字之日起生效。"),
        issued_on=date(2026, 1, 5),
    )
    return render(report, "pdf").content


def _split(roster: Roster, random: Random) -> None:
    """At each station a running dispute, of which a second matter became a case of its own."""
    life = CaseLife(roster, random)
    day = life.last_day
    running = Case.objects.filter(kind="dispute", state=CaseState.HANDLING, owner__isnull=False)
    running = running.select_related("village__station", "owner__user").order_by("-opened_on", "id")
    for case in _some_of_each([(case.village.station_id, case) for case in running], 1):
        made = Case(
            id=UUID(int=random.getrandbits(128), version=4), kind=case.kind, category="tort", level=case.level,
            village=case.village, title="争执中损坏财物的赔偿", opened_on=day, source=CaseSource.SPLIT, split_from=case,
            opened_by=case.owner.user, owner=case.owner, red_on=day if case.is_red else None, state=CaseState.OPEN,
            created_at=timezone.make_aware(datetime.combine(day, time(16, 30))),
        )  # fmt: skip
        made.register, made.serial, made.number = next_number(case.village.station, day.year)
        life.act(made, CaseAct.OPEN, day, CaseState.OPEN)
        life.leave_open(made, life.term(made, day))
        made.revision = 1
        life.act(made, CaseAct.SPLIT, day, CaseState.OPEN, f"{case.number}：与原纠纷不是一回事")
        life.act(case, CaseAct.SPLIT, day, CaseState.HANDLING, f"{made.number}：与原纠纷不是一回事")
        case.save(update_fields=["revision"])
        life.rows.cases.append(made)
        for party in case.parties.order_by("id"):
            life.rows.add(CaseParty(case=made, role=party.role, name=party.name))
    Case.objects.bulk_create(life.rows.cases)
    for model, parts in life.rows.parts.items():
        model._default_manager.bulk_create(parts)


def _notices(roster: Roster, random: Random) -> None:
    """Two weeks of notices: the one before last nearly complete, of the last some are still missing."""
    contacts = {
        contact.village_id: contact.name
        for contact in VillageContact.objects.filter(kind=ContactKind.COMMITTEE, end_on=None).order_by("-pk")
    }
    villages = list(Village.objects.filter(valid_to=None).select_related("station").order_by("code"))
    last = Week.of(roster.today).previous()
    rows = []
    with translation.override("zh-hans"):
        for week, share in ((last.previous(), 0.96), (last, 0.7)):
            for village in villages:
                draws = [random.random() for _recipient in NoticeRecipient]
                holder = roster.holders.get((village.pk, Slot.OFFICER))
                if holder is None or min(draws) > share:
                    continue
                content = week_of_disputes(village, week, roster.today)
                day = min(week.end + timedelta(days=1), roster.today)
                rows += [
                    DisputeNotice(
                        village=village, starts_on=week.start, recipient=recipient, content=content, by=holder.user,
                        delivered_on=day, at=timezone.make_aware(datetime.combine(day, time(9, 30))),
                        received_by=contacts.get(village.pk, "") if recipient == NoticeRecipient.COMMITTEES else "",
                    )
                    for recipient, draw in zip(NoticeRecipient, draws, strict=True)
                    if draw <= share
                ]  # fmt: skip
    DisputeNotice.objects.bulk_create(rows)


def _checks(roster: Roster, random: Random) -> None:
    """One in eight of the forwarded changes was drawn; the latest still wait."""
    rows = []
    forwarded = BaseInfoChange.objects.filter(state=BaseInfoState.FORWARDED, forwarded_on__lt=roster.today)
    changes = forwarded.select_related("village").order_by("forwarded_on", "created_at", "id")
    for change in changes:
        if random.random() > 1 / 8:
            continue
        chief = roster.chiefs.get(change.village.station_id)
        drawn = (change.forwarded_on or roster.today) + timedelta(days=random.randrange(5, 20))
        check = BaseInfoCheck(change=change, drawn_on=min(drawn, roster.today), drawn_by=chief.user if chief else None)
        judged = drawn + timedelta(days=random.randrange(2, 9))
        if judged < roster.today:
            is_wrong = random.random() < 0.05
            check.outcome = CheckOutcome.WRONG if is_wrong else CheckOutcome.ACCURATE
            check.reason = random.choice(WRONG) if is_wrong else ""
            check.judged_on, check.judged_by = judged, check.drawn_by
        if drawn < roster.today:
            rows.append(check)
    for check in sorted(rows, key=lambda row: row.drawn_on)[-3:]:
        check.outcome, check.reason, check.judged_on, check.judged_by = CheckOutcome.WAITING, "", None, None
    BaseInfoCheck.objects.bulk_create(rows)


def _transfers(roster: Roster, brigade: User | None) -> None:
    """A file at the beginning of each month; what was forwarded since waits for the next."""
    month = Month.of(roster.since)
    while month.end < roster.today - timedelta(days=5):
        rows = BaseInfoChange.objects.filter(state=BaseInfoState.FORWARDED, transfer=None, forwarded_on__lte=month.end)
        if count := rows.count():
            made_at = timezone.make_aware(datetime.combine(month.end + timedelta(days=2), time(10)))
            rows.update(transfer=BaseInfoTransfer.objects.create(made_by=brigade, made_at=made_at, count=count))
        month = month.next()
