"""Changes of the base information 一标三实: found by anyone, verified by community officers, forwarded (R9)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.cases.checking import require_opening_day
from patrols.choices import BASE_INFO_MOVES, BaseInfoState, NoticeKind
from patrols.inbox import leave_notice
from patrols.models import BaseInfoChange, InboxItem, LedgerNorm, Visit
from patrols.months import require_open
from villages.choices import OfficerKind, OfficerState, Slot
from villages.models import Assignment, Officer, Village
from villages.people import responsible_on
from xinjin.audit.trail import record
from xinjin.errors import Conflict
from xinjin.workdays.calendar import workday_after

# What a record takes from the row of its log.
FOLLOWING = ("subject", "action", "address", "what", "village", "found_on")
VERIFIERS = (OfficerKind.COMMUNITY, OfficerKind.PART_TIME)


@dataclass(frozen=True)
class ChangeEntry:
    """What somebody found."""

    village: Village
    subject: str
    action: str
    address: str
    what: str
    found_on: date | None = None
    source_visit: Visit | None = None
    is_of_log: bool = False


def verifiers(villages: Collection[Village]) -> dict[int, set[int]]:
    """{village id: ids of who verifies there}; two queries.

    It is the community officer of the village; where a liaison officer has it, those of its station.
    """
    stations = {village.station_id for village in villages}
    held = Assignment.objects.on(timezone.localdate()).filter(
        village__in=villages, slot=Slot.OFFICER, officer__kind__in=VERIFIERS
    )
    own = dict(held.values_list("village", "officer"))
    others: dict[int, set[int]] = defaultdict(set)
    people = Officer.objects.filter(unit__in=stations, kind__in=VERIFIERS, state=OfficerState.ACTIVE)
    for officer, station in people.values_list("pk", "unit"):
        others[station].add(officer)
    return {village.pk: {own[village.pk]} if village.pk in own else others[village.station_id] for village in villages}


def verifiers_of(village: Village) -> QuerySet:
    """Who verifies what is found in a village."""
    return Officer.objects.filter(pk__in=verifiers([village])[village.pk])


def forwarded_by(day: date) -> date:
    """By when a change found on `day` is to be forwarded; stamped on it, so another norm moves no day that stands."""
    return workday_after(day, LedgerNorm.objects.figures(day).forward_days)


@transaction.atomic
def report_change(*, by: Any, found_by: Officer, entry: ChangeEntry) -> BaseInfoChange:
    """Writes down what was found; who is to verify it finds it in his inbox."""
    day = entry.found_on or timezone.localdate()
    if entry.source_visit is None:  # the day of a visit has been judged with its log
        require_opening_day(day, "found_on")
    require_open(day)
    change = BaseInfoChange(
        village=entry.village,
        subject=entry.subject,
        action=entry.action,
        address=" ".join(entry.address.split()),
        what=entry.what.strip(),
        source_visit=entry.source_visit,
        is_of_log=entry.is_of_log,
        found_on=day,
        found_by=found_by,
        owner=responsible_on(entry.village, day),
        due_on=forwarded_by(day),
    )
    change.full_clean()
    change.save()
    record(by, "report", change)
    _tell_verifiers(by, change)
    return change


def _tell_verifiers(by: Any, change: BaseInfoChange) -> None:
    for person in verifiers_of(change.village):
        if by is None or person.user_id != by.pk:
            leave_notice(person, NoticeKind.BASE_INFO, name=_name(change), url=_work_on(change))


def _work_on(change: BaseInfoChange) -> str:
    return f"{reverse('base_info_work')}?change={change.pk}"


@transaction.atomic
def follow_log(*, by: Any, change: BaseInfoChange, entry: ChangeEntry) -> None:
    """What nobody has verified yet follows the corrected row of its log; anything else stands as it is."""
    held = BaseInfoChange.objects.select_for_update(of=("self",)).select_related("village").get(pk=change.pk)
    if held.state != BaseInfoState.FOUND:
        return
    address, what = " ".join(entry.address.split()), entry.what.strip()
    before = {name: getattr(held, name) for name in FOLLOWING}
    village, day = held.village, held.found_on
    held.subject, held.action, held.address, held.what = entry.subject, entry.action, address, what
    held.village, held.found_on = entry.village, entry.found_on or day
    if (held.village, held.found_on) != (village, day):
        held.owner = responsible_on(held.village, held.found_on)
        held.due_on = forwarded_by(held.found_on)
    changed = [name for name, value in before.items() if getattr(held, name) != value]
    if not changed:
        return
    held.revision += 1
    held.full_clean()
    held.save()
    record(by, "correct", held, {"fields": changed})
    if held.village != village:
        _tell_verifiers(by, held)


def _name(change: BaseInfoChange) -> str:
    return f"{change.village.name} {change.get_subject_display()} {change.get_action_display()}"


@transaction.atomic
def check_change(*, by: Any, change: BaseInfoChange, is_so: bool, remark: str = "") -> BaseInfoChange:
    """The community officer has looked: it is so, or it is not."""
    change = _held(change, "verify" if is_so else "dismiss")
    if not is_so and not remark.strip():
        raise ValidationError({"remark": _("Say what was found instead.")})
    change.checked_on, change.checked_by, change.remark = timezone.localdate(), by, remark.strip()
    return _moved(by, change, "verify" if is_so else "dismiss")


@transaction.atomic
def forward_changes(
    *, by: Any, changes: Iterable[BaseInfoChange], receipt: str, forwarded_on: date | None = None
) -> list[BaseInfoChange]:
    """The changes were handed over to the master database under one receipt; all of them or none."""
    day = forwarded_on or timezone.localdate()
    if not receipt.strip():
        raise ValidationError({"receipt": _("Enter the number of the receipt.")})
    if day > timezone.localdate():
        raise ValidationError({"forwarded_on": _("The date lies in the future.")})
    require_open(day)
    done = []
    for change in sorted(changes, key=lambda each: str(each.pk)):
        held = _held(change, "forward")
        if held.checked_on is not None and day < held.checked_on:
            raise ValidationError({"forwarded_on": _("A change is forwarded after it was verified.")})
        held.forwarded_on, held.receipt = day, receipt.strip()
        done.append(_moved(by, held, "forward"))
    return done


def _held(change: BaseInfoChange, act: str) -> BaseInfoChange:
    locked = BaseInfoChange.objects.select_for_update(of=("self",)).select_related("village").get(pk=change.pk)
    if BaseInfoState(locked.state) not in BASE_INFO_MOVES[act]:
        raise Conflict(_("The change is %(state)s by now.") % {"state": locked.get_state_display()})
    return locked


def _moved(by: Any, change: BaseInfoChange, act: str) -> BaseInfoChange:
    change.state = BASE_INFO_MOVES[act][BaseInfoState(change.state)]
    change.revision += 1
    change.full_clean()
    change.save()
    record(by, act, change, {"state": change.state})
    # Whoever verified it, nobody is asked any more.
    asked = InboxItem.objects.filter(kind=NoticeKind.BASE_INFO, done_at=None, context__url=_work_on(change))
    asked.filter(recipient__in=verifiers_of(change.village)).update(done_at=Now())
    return change
