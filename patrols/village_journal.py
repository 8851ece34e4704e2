"""What this app adds to a village's journal: what its people did, as the records of it say (R4, R6–R9, R11, R12)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from patrols.choices import BriefingState, CaseAct
from patrols.ledger.reading import read_by, title_of
from patrols.models import (
    BaseInfoChange,
    Briefing,
    Case,
    CaseTransition,
    CouncilMeeting,
    DisputeNotice,
    Visit,
)
from villages.journal import Happened, register_source
from villages.models import Village
from xinjin.periods import Span

MOST = 200
# The turns of a case; its steps are read on its own page.
TURNS = (CaseAct.OPEN, CaseAct.RESOLVE, CaseAct.CLOSE, CaseAct.REOPEN, CaseAct.SPLIT)


@register_source
def visits_handed_in(user: Any, village: Village, span: Span) -> Iterator[Happened]:
    """The logs of the village, at the time when they were handed in."""
    rows = Visit.objects.allowed(user).counting().filter(village=village)
    rows = rows.filter(submitted_at__date__range=(span.start, span.end)).select_related("officer")
    for visit in rows.order_by("-submitted_at", "id")[:MOST]:
        text = _("Visit of %(day)s: %(households)s households, %(deeds)s deeds") % {
            "day": visit.visited_on.isoformat(),
            "households": visit.household_count,
            "deeds": visit.deed_count,
        }
        yield Happened(
            at=visit.submitted_at,
            label=_("Visit handed in"),
            text=text,
            actor=visit.officer.name,
            url=visit.get_absolute_url(),
        )


@register_source
def briefings_given(user: Any, village: Village, span: Span) -> Iterator[Happened]:
    """What the village heard, at the time when it was marked as given."""
    rows = Briefing.objects.allowed(user).filter(village=village, state=BriefingState.GIVEN)
    rows = rows.filter(saved_at__date__range=(span.start, span.end)).select_related("village")
    for briefing in rows.prefetch_related("givers__officer").order_by("-saved_at", "id")[:MOST]:
        told = {"week": briefing.week.key, "day": f"{briefing.given_on:%Y-%m-%d}", "ways": briefing.ways_in_words}
        yield Happened(
            at=briefing.saved_at,
            label=_("Briefing given"),
            text=_("Briefing of %(week)s, given on %(day)s: %(ways)s") % told,
            actor="、".join(giver.officer.name for giver in briefing.givers.all()),
            url=briefing.get_absolute_url(),
        )


@register_source
def councils_held(user: Any, village: Village, span: Span) -> Iterator[Happened]:
    """The village's councils, at the time when they were handed in."""
    rows = CouncilMeeting.objects.allowed(user).held().filter(village=village)
    rows = rows.filter(handed_in_at__date__range=(span.start, span.end)).select_related("officer")
    meeting: Any
    for meeting in rows.annotate(agreed=Count("measures")).order_by("-handed_in_at", "id")[:MOST]:
        text = _("Council of %(day)s: %(present)s present, %(measures)s measures") % {
            "day": meeting.held_on.isoformat(),
            "present": meeting.present_count,
            "measures": meeting.agreed,
        }
        yield Happened(
            at=meeting.handed_in_at,
            label=_("Council held"),
            text=text,
            actor=meeting.officer.name,
            url=meeting.get_absolute_url(),
        )


@register_source
def cases_turned(user: Any, village: Village, span: Span) -> Iterator[Happened]:
    """Cases opened, resolved, closed or taken up again. No names: whom they are about is read on their pages."""
    cases = Case.objects.allowed(user).filter(village=village)
    turned = CaseTransition.objects.filter(
        case__in=cases, act__in=[str(act) for act in TURNS], at__date__range=(span.start, span.end)
    )
    rows = list(turned.select_related("by").order_by("-at", "-id")[:MOST])
    shown = read_by(cases, user).in_bulk({row.case_id for row in rows})
    for row in rows:
        case = shown[row.case_id]
        yield Happened(
            at=row.at,
            label=str(row.get_act_display()),
            text=f"{case.number} {title_of(case)}",
            actor=row.by.display_name if row.by else "",
            url=case.get_absolute_url(),
        )


@register_source
def notices_delivered(user: Any, village: Village, span: Span) -> Iterator[Happened]:
    """Weekly notices of disputes that were handed over."""
    rows = DisputeNotice.objects.allowed(user).filter(village=village, at__date__range=(span.start, span.end))
    for row in rows.defer("content").select_related("village", "by").order_by("-at", "-id")[:MOST]:
        yield Happened(
            at=row.at,
            label=_("Weekly notice of disputes"),
            text=f"{row.week.key} → {row.get_recipient_display()}",
            actor=row.by.display_name if row.by else "",
            url=row.get_absolute_url(),
        )


@register_source
def changes_found(user: Any, village: Village, span: Span) -> Iterator[Happened]:
    """Base-info changes, at the time when they were written down."""
    rows = BaseInfoChange.objects.allowed(user).filter(village=village)
    rows = rows.filter(created_at__date__range=(span.start, span.end)).select_related("found_by")
    for row in rows.order_by("-created_at", "id")[:MOST]:
        yield Happened(
            at=row.created_at,
            label=_("Base-info change"),
            text=f"{row.get_subject_display()} {row.get_action_display()} · {row.address}",
            actor=row.found_by.name,
            url=row.get_absolute_url(),
        )
