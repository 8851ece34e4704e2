"""Taking a case for an act, and storing what the act made of it. All other modules of the package go through here."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from patrols.choices import CASE_MOVES, SOLVED, CaseAct, CaseState
from patrols.models import Case, CaseTransition
from patrols.months import require_open
from xinjin.audit.trail import record
from xinjin.errors import Conflict

REASON_LENGTH = 500


def hold(case: Case, act: CaseAct, *, revision: int | None = None) -> Case:
    """The case as it stands now, held until the commit.

    Raises Conflict when it is no longer in a state that permits the act, or has been changed since `revision`: of two
    people at once one wins and the other sees what has become of it. What he typed is added at the edge.
    """
    locked = Case.objects.select_for_update(of=("self",)).select_related("village__station", "owner").get(pk=case.pk)
    if CaseState(locked.state) not in CASE_MOVES[act]:
        message = _("The case is %(state)s now, which does not permit this.") % {"state": locked.get_state_display()}
        raise Conflict(message, theirs=_latest(locked))
    if revision is not None and locked.revision != revision:
        raise Conflict(_("The case was changed elsewhere in the meantime."), theirs=_latest(locked))
    return locked


def _latest(case: Case) -> dict[str, str]:
    """What the other writer did, in words."""
    row = case.transitions.select_related("by").order_by("-at", "-id").first()
    if row is None:
        return {}
    who = row.by.display_name if row.by else ""
    when = date_format(timezone.localtime(row.at), "Y-m-d H:i")
    return {str(CaseAct(row.act).label): " · ".join(part for part in (who, when, row.reason) if part)}


def move(by: Any, case: Case, act: CaseAct, reason: str = "", **detail: Any) -> Case:
    """Stores the case after an act, with the act's row and its event in the trail."""
    case.state = CASE_MOVES[act][CaseState(case.state)]
    case.revision += 1
    case.full_clean(exclude=["register", "village", "household", "source_visit", "opened_by", "owner", "leader"])
    case.save()
    note(by, case, act, reason)
    record(by, act.value, case, {"state": case.state, **detail})
    return case


def note(by: Any, case: Case, act: CaseAct, reason: str = "") -> None:
    """The act's row. Openings and resolutions are of their own day, whenever they are entered."""
    own_day = {CaseAct.OPEN: case.opened_on, CaseAct.RESOLVE: case.resolved_on}.get(act)
    row = CaseTransition(
        case=case,
        act=act,
        state=case.state,
        happened_on=own_day or timezone.localdate(),
        resolver=case.resolver if act == CaseAct.RESOLVE and case.outcome in SOLVED else "",
        by=by,
        reason=reason[:REASON_LENGTH],
    )
    row.full_clean(exclude=["case", "by"])
    row.save()


def words(text: str, field: str, message: str) -> str:
    """The text without blanks around it; a ValidationError at `field` when nothing is left."""
    text = text.strip()
    if not text:
        raise ValidationError({field: message})
    return text


def require_coming(day: date | None, field: str) -> None:
    """A day by which something is to be done: today at the earliest."""
    if day is not None and day < timezone.localdate():
        raise ValidationError({field: _("The date lies in the past.")})


def require_day(day: date, field: str, *, since: date) -> None:
    """A day on which something can have been done: not in the future, not before `since`, not in a locked month."""
    if day > timezone.localdate():
        raise ValidationError({field: _("The date lies in the future.")})
    if day < since:
        raise ValidationError({field: _("The date lies before %(day)s.") % {"day": date_format(since, "Y-m-d")}})
    try:
        require_open(day)
    except Conflict as conflict:
        raise ValidationError({field: conflict.message}) from conflict
