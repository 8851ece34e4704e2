"""Who has a case: its owner, those who help, the leader of a red one, and a whole village handed over."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.cases.moves import hold, move, require_day, words
from patrols.cases.notices import settle_case, tell_owner
from patrols.choices import CASE_MOVES, CaseAct, NoticeKind, StepKind
from patrols.inbox import leave_notice
from patrols.models import Case, CaseStep, CaseTerm, CaseTransition, FollowUpCall
from villages.choices import OfficerKind, UnitKind
from villages.models import Officer, Village
from villages.models.dated import present
from xinjin.accounts.models import RoleGrant
from xinjin.accounts.roles import Role
from xinjin.audit.trail import record_many

# Somebody without a sign-in leads by his post: 所长, 副所长, 教导员 …; a clerk 内勤 does not.
LEADS_BY_POST = Q(kind=OfficerKind.STAFF, post__regex="(长|教导员|指导员|政委)$")


def able_to_own(village: Village) -> QuerySet:
    """Who may have a case of the village: who holds a place in it today, and the people of its station."""
    here = Q(assignments__village=village) & present("assignments__")
    found = Officer.objects.active().filter(here | Q(unit=village.station_id))
    return Officer.objects.filter(pk__in=found.values("pk")).order_by("pinyin", "number")


def able_to_lead(village: Village) -> QuerySet:
    """Who may lead a red case of the village: its station's leaders, and those of the bureau (包案领导)."""
    today = timezone.localdate()
    grants = RoleGrant.objects.in_force(today)
    leading = grants.filter(role__in=(Role.STATION_CHIEF, Role.UNIT_LEADER))
    of_station = Q(unit=village.station_id) & (Q(user__in=leading.values("user")) | LEADS_BY_POST)
    of_bureau = Q(unit__kind=UnitKind.BUREAU_LEADERSHIP) | Q(
        user__in=grants.filter(role=Role.BUREAU_LEADER).values("user")
    )
    return Officer.objects.active().filter(of_station | of_bureau).order_by("pinyin", "number")


@transaction.atomic
def assign_case(
    *, by: Any, case: Case, revision: int, owner: Officer, co_handlers: Iterable[Officer] = (), reason: str = ""
) -> Case:
    """Gives the case to `owner`, with others to help him; he finds it in his inbox."""
    case = hold(case, CaseAct.ASSIGN, revision=revision)
    helpers = [officer for officer in co_handlers if officer != owner]
    able, errors = set(able_to_own(case.village)), {}
    if owner not in able:
        errors["owner"] = _("This person neither holds a place in the village nor serves at its station.")
    if not set(helpers) <= able | set(case.co_handlers.all()):  # who helps already may go on
        errors["co_handlers"] = _("This person neither holds a place in the village nor serves at its station.")
    if errors:
        raise ValidationError(errors)
    is_new = case.owner_id != owner.pk
    _pass_on(Case.objects.filter(pk=case.pk), owner)
    case.owner = owner
    case.co_handlers.set(helpers)
    told = "、".join([owner.name, *(officer.name for officer in helpers)])
    case = move(by, case, CaseAct.ASSIGN, f"{told}：{reason}" if reason.strip() else told, owner=owner.pk)
    if is_new:
        tell_owner(case, by)
    return case


def _pass_on(cases: QuerySet, owner: Officer) -> None:
    """What is still owed goes with the case; what was done, or was due and is over, stays with who had it."""
    today, kept = timezone.localdate(), cases.values("pk")
    CaseTerm.objects.filter(case__in=kept, ended_on=None).exclude(due_on__lt=today).update(owner=owner)
    FollowUpCall.objects.filter(case__in=kept, done_on=None, is_void=False, due_on__gte=today).update(owner=owner)


@transaction.atomic
def pass_cases(*, by: Any, village: Village, from_officer: Officer | None, to_officer: Officer) -> int:
    """A new holder of a place takes over the cases of his predecessor in the village; returns how many."""
    having = [str(state) for state in CASE_MOVES[CaseAct.ASSIGN]]
    held = Case.objects.select_for_update(of=("self",)).filter(village=village, owner=from_officer, state__in=having)
    cases = list(held.order_by("pk"))
    if not cases or from_officer == to_officer:
        return 0
    rows = Case.objects.filter(pk__in=[case.pk for case in cases])
    _pass_on(rows, to_officer)
    for case in cases:
        case.owner, case.revision = to_officer, case.revision + 1
    Case.objects.bulk_update(cases, ["owner", "revision"], batch_size=500)
    CaseTransition.objects.bulk_create(
        CaseTransition(case=case, act=CaseAct.ASSIGN, state=case.state, by=by, reason=to_officer.name) for case in cases
    )
    record_many(by, CaseAct.ASSIGN.value, [(case, {"owner": to_officer.pk}) for case in cases])
    name = _("%(village)s: cases handed over: %(count)s") % {"village": village.name, "count": len(cases)}
    url = f"{reverse('ledger')}?owner={to_officer.number}&village={village.code}"
    leave_notice(to_officer, NoticeKind.CASE_GIVEN, name=name, url=url)
    return len(cases)


@transaction.atomic
def move_cases(*, by: Any, source: Village, target: Village) -> int:
    """The open cases of a merged village become those of `target`; their owners stay. Returns how many."""
    having = [str(state) for state in CASE_MOVES[CaseAct.ASSIGN]]
    held = Case.objects.select_for_update(of=("self",)).filter(village=source, state__in=having)
    cases = list(held.order_by("pk"))
    for case in cases:
        case.village, case.revision = target, case.revision + 1
    Case.objects.bulk_update(cases, ["village", "revision"], batch_size=500)
    told = f"{source.name} → {target.name}"
    CaseTransition.objects.bulk_create(
        CaseTransition(case=case, act=CaseAct.MOVE, state=case.state, by=by, reason=told) for case in cases
    )
    record_many(by, CaseAct.MOVE.value, [(case, {"changes": {"village": [source.pk, target.pk]}}) for case in cases])
    return len(cases)


@transaction.atomic
def name_leader(*, by: Any, case: Case, revision: int, leader: Officer) -> Case:
    """Names the leader in charge 包案领导 of a red case."""
    case = hold(case, CaseAct.LEAD, revision=revision)
    if not case.is_red:
        raise ValidationError({"leader": _("Only a red case has a leader in charge.")})
    if not able_to_lead(case.village).filter(pk=leader.pk).exists():
        raise ValidationError({"leader": _("This person leads neither the village's station nor the bureau.")})
    case.leader = leader
    case = move(by, case, CaseAct.LEAD, leader.name, leader=leader.pk)
    settle_case(case, NoticeKind.CASE_LEADER)
    return case


@transaction.atomic
def inform_committees(*, by: Any, case: Case, revision: int, informed_on: date, received_by: str) -> Case:
    """Notes that the notice of a red case was handed to the village's two committees, and to whom."""
    case = hold(case, CaseAct.INFORM, revision=revision)
    if not case.is_red:
        raise ValidationError(_("Only a red case is reported to both committees by notice."))
    require_day(informed_on, "informed_on", since=case.red_on or case.opened_on)
    received_by = words(received_by, "received_by", _("Say who received it."))
    case.committees_informed_on = informed_on
    note = _("Notice handed to both committees, received by %(who)s") % {"who": received_by}
    CaseStep.objects.create(case=case, kind=StepKind.DOCUMENT, happened_on=informed_on, note=note, by=by)
    case = move(by, case, CaseAct.INFORM, received_by, on=timezone.localdate())
    settle_case(case, NoticeKind.CASE_RED)
    return case
