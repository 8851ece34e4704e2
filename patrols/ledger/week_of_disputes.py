"""The disputes of a village's week, as they are reported to its two committees and to the station (R7).

Made from the records of the week and nothing else: screenings (also those that found nothing, and their absence), what
was found, what was resolved, what stood open at its end, each as the ledger counts it. Residents are masked whoever
reads it: it is a paper that leaves the house (decision 11). A plain document, so that what was handed over can be kept
as it was.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from patrols.choices import ActivityKind, CaseAct, CaseKind, CaseState, Resolver
from patrols.ledger.history import last_moves, open_on, overdue_runs, resolved_in
from patrols.ledger.reading import residents_of, with_residents
from patrols.models import Activity, Case, CaseParty, CaseTerm
from villages.choices import Slot, VillageKind
from villages.masking import hide_names, mask_name
from villages.models import Assignment, Village
from villages.names import name_on
from xinjin.periods import Span, Week

# Leads are reported with disputes: they are disputes to come.
REPORTED = (CaseKind.DISPUTE, CaseKind.LEAD)


def week_of_disputes(village: Village, week: Week, today: date) -> dict[str, Any]:
    """The notice of `week` as it can be made on `today`; four queries."""
    until = min(week.end, today)
    span = Span(week.start, until)
    found = Q(opened_on__range=(span.start, span.end))
    cases = list(_cases(village, span).filter(found | resolved_in(span) | open_on(until)))
    names = [name for case in cases for name in residents_of(case)]
    rows = {case.pk: _row(case, names) for case in cases}
    holder = _holder(village, until)
    return {
        "village": name_on(village, week.start),
        "is_community": village.kind == VillageKind.COMMUNITY,
        "station": village.station.name,
        "week": week.key,
        "until": until.isoformat(),
        "officer": {"name": holder.name, "phone": holder.phone} if holder else None,
        "screenings": _screenings(village, week, until, names),
        "found": [rows[case.pk] for case in cases if week.start <= case.opened_on <= until],
        "resolved": [rows[case.pk] for case in cases if case.resolved_then],
        "open": [rows[case.pk] for case in cases if case.was_open],
    }


def substance(content: dict[str, Any]) -> dict[str, Any]:
    """What a notice tells, without what changes by itself from day to day."""
    told = ("number", "level", "title", "parties", "resolved_on", "resolver")
    rows = {key: [[row[name] for name in told] for row in content[key]] for key in ("found", "resolved", "open")}
    return {"screenings": content["screenings"], **rows}


def _cases(village: Village, span: Span) -> QuerySet:
    """What is reported of the village, each case as it stood at the end of `span`: what came later changes nothing."""
    until = span.end
    resolution = last_moves(span, CaseAct.RESOLVE).filter(case=OuterRef("pk"))
    late = overdue_runs(until).filter(case=OuterRef("pk"))
    terms = CaseTerm.objects.filter(case=OuterRef("pk"), started_on__lte=until).order_by("-number")
    parties = Prefetch("parties", CaseParty.objects.order_by("role", "id"))
    rows = Case.objects.filter(village=village, kind__in=[str(kind) for kind in REPORTED])
    rows = rows.annotate(
        is_late=Exists(late),
        due_then=Subquery(terms.values("due_on")[:1]),
        was_open=ExpressionWrapper(open_on(until), BooleanField()),
        resolved_then=Subquery(resolution.values("happened_on")[:1]),
        resolver_then=Subquery(resolution.values("resolver")[:1]),
    )
    return (
        with_residents(rows)
        .select_related("owner", "register")
        .prefetch_related(parties)
        .order_by("opened_on", "serial", "id")
    )


def _row(case: Any, names: Iterable[str]) -> dict[str, Any]:
    parties = [f"{party.get_role_display()} {mask_name(party.name)}" for party in case.parties.all()]
    return {
        "id": str(case.pk),
        "number": case.number,
        "level": str(case.get_level_display()),
        "kind": str(case.get_kind_display()),
        "is_lead": case.kind == CaseKind.LEAD,
        "is_merged": case.state == CaseState.MERGED,
        "category": str(case.get_category_display()),
        "title": hide_names(case.title, names),
        "parties": parties,
        "owner": case.owner.name if case.owner else "",
        "due_on": case.due_then.isoformat() if case.due_then else "",
        "is_late": case.is_late,
        "state": "" if case.resolved_on else str(case.get_state_display()),
        "resolved_on": case.resolved_then.isoformat() if case.resolved_then else "",
        "is_open_again": bool(case.resolved_then and case.was_open),
        "resolver": _solved_by(case),
    }


def _solved_by(case: Any) -> str:
    """Who resolved it in the week; what ended otherwise is called so."""
    if case.resolver_then:
        return str(Resolver(case.resolver_then).label)
    return _("in court or withdrawn") if case.resolved_then else ""


def _screenings(village: Village, week: Week, until: date, names: Iterable[str]) -> list[dict[str, Any]]:
    rows = Activity.objects.filter(
        kind=ActivityKind.SCREENING, visit__village=village, visit__state="submitted",
        visited_on__range=(week.start, until),
    )  # fmt: skip
    return [
        {
            "on": row.visited_on.isoformat(),
            "who": row.visit.officer.name,
            "nothing_found": row.nothing_found,
            "note": "" if row.nothing_found else hide_names(row.note, names),
        }
        for row in rows.select_related("visit__officer").order_by("visited_on", "id")
    ]


def _holder(village: Village, day: date) -> Any:
    held = Assignment.objects.on(day).filter(village=village, slot=Slot.OFFICER).select_related("officer").first()
    return held.officer if held else None
