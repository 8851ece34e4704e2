"""The lists of council meetings and of the measures that they agreed on."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patrols.choices import MeasureState
from patrols.filters.councils import CouncilFilter, MeasureFilter
from patrols.models import CouncilMeasure, CouncilMeeting
from xinjin.lists.definition import ListColumn, ListDefinition, register
from xinjin.reporting import Column, Kind


def _councils(user: Any) -> QuerySet:
    done = Count("measures", filter=~Q(measures__state=MeasureState.OPEN))
    rows = CouncilMeeting.objects.allowed(user).select_related("village__station", "officer")
    return rows.annotate(measure_count=Count("measures"), ended_count=done)


def _present(meeting: CouncilMeeting) -> str | None:
    if meeting.present_count is None or meeting.expected_count is None:
        return None
    return f"{meeting.present_count}/{meeting.expected_count}"


def _analysis(meeting: CouncilMeeting) -> str:
    return _("with") if meeting.has_analysis else _("without")


def _ended(meeting: Any) -> str | None:
    return f"{meeting.ended_count}/{meeting.measure_count}" if meeting.measure_count else None


COUNCILS = register(
    ListDefinition(
        name="councils",
        title=gettext_lazy("Village councils"),
        url_name="council_list",
        model=CouncilMeeting,
        filterset=CouncilFilter,
        rows=_councils,
        default_sort="-held",
        tie=("id",),
        row_class=lambda meeting: "is-muted" if meeting.is_draft else "",
        columns=(
            ListColumn(
                Column("held", gettext_lazy("Held on"), Kind.DATE, link=lambda meeting: meeting.get_absolute_url()),
                lambda meeting: meeting.held_on,
                ("held_on",),
                names_row=True,
            ),
            ListColumn(
                Column("village", gettext_lazy("Village"), width=7),
                lambda meeting: meeting.village.name,
                ("village__pinyin", "village_id"),
            ),
            ListColumn(
                Column("station", gettext_lazy("Station"), width=8),
                lambda meeting: meeting.village.station.name,
                ("village__station__position", "village__station__code"),
            ),
            ListColumn(
                Column("month", gettext_lazy("Situation of"), width=5), lambda meeting: meeting.situation_month
            ),
            ListColumn(Column("present", gettext_lazy("Present"), width=4), _present),
            ListColumn(
                Column("analysis", gettext_lazy("Situation analysis"), width=5),
                _analysis,
                badge=lambda meeting: ("ok", "check") if meeting.has_analysis else ("warn", "half"),
            ),
            ListColumn(Column("measures", gettext_lazy("Measures ended"), width=5), _ended),
            ListColumn(
                Column("commented", gettext_lazy("Comment of the station"), width=12),
                lambda meeting: meeting.comment or None,
                shown=False,
                is_long=True,
            ),
            ListColumn(
                Column("author", gettext_lazy("Author"), width=5), lambda meeting: meeting.officer.name, shown=False
            ),
            ListColumn(
                Column("state", gettext_lazy("State"), width=4),
                lambda meeting: str(meeting.get_state_display()),
                badge=lambda meeting: meeting.state_badge,
            ),
        ),
    )
)  # fmt: skip


def _measures(user: Any) -> QuerySet:
    return CouncilMeasure.objects.allowed(user).select_related("village__station", "meeting", "officer", "contact")


def _measure_class(measure: CouncilMeasure) -> str:
    return "is-bad" if measure.is_overdue else "" if measure.is_open else "is-muted"


MEASURES = register(
    ListDefinition(
        name="measures",
        title=gettext_lazy("Measures of councils"),
        url_name="measure_list",
        model=CouncilMeasure,
        filterset=MeasureFilter,
        rows=_measures,
        default_sort="-due",
        tie=("id",),
        row_class=_measure_class,
        columns=(
            ListColumn(
                Column("what", gettext_lazy("Measure"), width=16, link=lambda row: reverse("measure", args=[row.pk])),
                names_row=True,
                is_long=True,
            ),
            ListColumn(
                Column("village", gettext_lazy("Village"), width=6),
                lambda row: row.village.name,
                ("village__pinyin", "village_id"),
            ),
            ListColumn(
                Column("station", gettext_lazy("Station"), width=8),
                lambda row: row.village.station.name,
                ("village__station__position", "village__station__code"),
                shown=False,
            ),
            ListColumn(Column("owner", gettext_lazy("Who does it"), width=5), lambda row: row.owner_name),
            ListColumn(
                Column("agreed", gettext_lazy("Agreed on"), Kind.DATE),
                lambda row: row.meeting.held_on,
                ("meeting__held_on",),
            ),
            ListColumn(Column("due", gettext_lazy("Due on"), Kind.DATE), lambda row: row.due_on, ("due_on",)),
            ListColumn(
                Column("state", gettext_lazy("State"), width=5),
                lambda row: str(row.get_state_display()),
                badge=lambda row: row.state_badge,
            ),
            ListColumn(Column("ended", gettext_lazy("Ended on"), Kind.DATE), lambda row: row.ended_on, ("ended_on",)),
            ListColumn(
                Column("result", gettext_lazy("Result"), width=14), lambda row: row.result or None, is_long=True
            ),
        ),
    )
)  # fmt: skip
