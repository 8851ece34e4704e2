"""The list of visits."""

from typing import Any

from django.db.models import Case, Prefetch, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patrols.choices import VisitState
from patrols.filters.visits import VisitFilter
from patrols.lists.lateness import late_badge, lateness
from patrols.models import Attendee, HouseholdCall, Visit
from xinjin.access import engine
from xinjin.lists.definition import ListColumn, ListDefinition, register
from xinjin.reporting import Column, Kind


def _visits(user: Any) -> QuerySet:
    return Visit.objects.allowed(user).select_related("village__station", "officer__unit")


def _address(visit: Visit) -> str:
    return reverse("visit_edit", args=[visit.pk]) if visit.state == VisitState.DRAFT else visit.get_absolute_url()


def _hours(visit: Visit) -> str | None:
    if visit.started_at is None and visit.ended_at is None:
        return None
    start, end = (f"{at:%H:%M}" if at else "…" for at in (visit.started_at, visit.ended_at))
    return f"{start}–{end}"


def _standard(visit: Visit) -> str | None:
    if visit.state == VisitState.DRAFT:
        return None
    return _("Meets the standard") if visit.is_up_to_standard else _("Below standard")


def _companions(visit: Any) -> str:
    return "、".join(row.officer.name for row in visit.there if row.officer_id != visit.officer_id)


def _with_people(rows: QuerySet) -> QuerySet:
    there = Attendee.objects.select_related("officer").order_by("officer__pinyin", "id")
    return rows.prefetch_related(Prefetch("attendees", queryset=there, to_attr="there"))


def _with_raised(rows: QuerySet) -> QuerySet:
    said = HouseholdCall.objects.exclude(raised="").order_by("position", "id")
    return rows.prefetch_related(Prefetch("calls", queryset=said, to_attr="said"))


def _drafts_first(user: Any) -> tuple[Any, ...]:
    """Who writes logs finds his unfinished ones on top."""
    if not engine.allows(user, Visit, "add"):
        return ()
    return (Case(When(state=VisitState.DRAFT, then=Value(0)), default=Value(1)),)


def _visit_class(visit: Visit) -> str:
    if visit.state == VisitState.DRAFT:
        return "is-muted"
    if visit.state == VisitState.RETURNED:
        return "is-bad"
    return "" if visit.is_up_to_standard else "is-warn"


VISITS = register(
    ListDefinition(
        name="visits",
        title=gettext_lazy("Visits"),
        url_name="visit_list",
        model=Visit,
        filterset=VisitFilter,
        rows=_visits,
        default_sort="-date",
        tie=("id",),
        first=_drafts_first,
        row_class=_visit_class,
        columns=(
            ListColumn(
                Column("date", gettext_lazy("Date"), Kind.DATE), lambda v: v.visited_on, ("visited_on", "started_at")
            ),
            ListColumn(Column("hours", gettext_lazy("Time"), width=6), _hours),
            ListColumn(
                Column("village", gettext_lazy("Village"), width=6, link=_address),
                lambda v: v.village.name,
                ("village__pinyin", "village_id"),
                names_row=True,
            ),
            ListColumn(
                Column("station", gettext_lazy("Station"), width=7),
                lambda v: v.village.station.name,
                ("village__station__position", "village__station__code"),
            ),
            ListColumn(
                Column("officer", gettext_lazy("Author"), width=5),
                lambda v: v.officer.name,
                ("officer__pinyin", "officer_id"),
            ),
            ListColumn(
                Column("kind", gettext_lazy("Kind of officer"), width=6),
                lambda v: v.officer.get_kind_display(),
                shown=False,
            ),
            ListColumn(
                Column("unit", gettext_lazy("Home unit"), width=8), lambda v: v.officer.unit.name, shown=False
            ),
            ListColumn(
                Column("companions", gettext_lazy("Companions"), width=8), _companions, prepare=_with_people,
                shown=False,
            ),
            ListColumn(
                Column("households", gettext_lazy("Households"), Kind.INTEGER),
                lambda v: v.household_count,
                ("household_count",),
            ),
            ListColumn(Column("deeds", gettext_lazy("Deeds"), Kind.INTEGER), lambda v: v.deed_count, ("deed_count",)),
            ListColumn(
                Column("photos", gettext_lazy("Photos"), Kind.INTEGER), lambda v: v.photo_count, ("photo_count",)
            ),
            ListColumn(
                Column("standard", gettext_lazy("Standard"), width=5),
                _standard,
                badge=lambda v: ("ok", "") if v.is_up_to_standard else ("warn", ""),
            ),
            ListColumn(
                Column("state", gettext_lazy("State"), width=5),
                lambda v: str(v.get_state_display()),
                badge=lambda v: v.state_badge,
            ),
            ListColumn(Column("late", gettext_lazy("Entered"), width=4), lateness, badge=late_badge),
            ListColumn(
                Column("submitted", gettext_lazy("Handed in"), Kind.DATETIME),
                lambda v: v.submitted_at,
                ("submitted_at",),
                shown=False,
            ),
            ListColumn(
                Column("summary", gettext_lazy("What was done"), width=16), lambda v: v.summary, shown=False,
                is_long=True,
            ),
            ListColumn(
                Column("raised", gettext_lazy("What was raised"), width=16),
                lambda v: "；".join(call.raised for call in v.said),
                prepare=_with_raised,
                shown=False,
                is_long=True,
            ),
            ListColumn(
                Column("shortfall", gettext_lazy("Why below standard"), width=10),
                lambda v: v.shortfall_reason,
                shown=False,
                is_long=True,
            ),
            ListColumn(
                Column("waiver", gettext_lazy("Why no photo"), width=10), lambda v: v.photo_waiver, shown=False,
                is_long=True,
            ),
        ),
    )
)  # fmt: skip
