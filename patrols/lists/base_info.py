"""Base-info changes: what was found, how far it is, and what a spot check said."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patrols.choices import NOT_FORWARDED, BaseInfoState, CheckOutcome
from patrols.filters.base_info import BaseInfoFilter
from patrols.models import BaseInfoChange
from xinjin.lists.definition import ListColumn, ListDefinition, register
from xinjin.reporting import Column, Kind


def _changes(user: Any) -> QuerySet:
    rows = BaseInfoChange.objects.allowed(user)
    return rows.select_related("village__station", "found_by", "owner", "spot_check", "transfer")


def _class(change: BaseInfoChange) -> str:
    if change.state in NOT_FORWARDED and change.due_on < timezone.localdate():
        return "is-bad"
    return "is-muted" if change.state == BaseInfoState.UNFOUNDED else ""


def _check(change: BaseInfoChange) -> Any:
    return getattr(change, "spot_check", None)


def _check_words(change: BaseInfoChange) -> str | None:
    check = _check(change)
    return None if check is None else str(check.get_outcome_display())


def _check_badge(change: BaseInfoChange) -> tuple[str, str]:
    return CheckOutcome(_check(change).outcome).badge


def _transfer(change: BaseInfoChange) -> Any:
    if change.state != BaseInfoState.FORWARDED:
        return None
    return _("handed over %(day)s") % {"day": change.transfer} if change.transfer else _("not yet")


BASE_INFO = register(
    ListDefinition(
        name="base_info",
        title=gettext_lazy("Base-info changes"),
        url_name="base_info_list",
        model=BaseInfoChange,
        filterset=BaseInfoFilter,
        rows=_changes,
        default_sort="-found",
        tie=("id",),
        row_class=_class,
        columns=(
            ListColumn(
                Column("found", gettext_lazy("Found on"), Kind.DATE),
                lambda change: change.found_on,
                ("found_on", "created_at"),
            ),
            ListColumn(
                Column("station", gettext_lazy("Station"), width=7),
                lambda change: change.village.station.name,
                ("village__station__position", "village__station__code"),
                shown=False,
            ),
            ListColumn(
                Column("village", gettext_lazy("Village"), width=6),
                lambda change: change.village.name,
                ("village__pinyin", "village_id"),
            ),
            ListColumn(
                Column("code", gettext_lazy("Code of the village"), width=7),
                lambda change: change.village.code,
                ("village__code",),
                shown=False,
            ),
            ListColumn(
                Column("subject", gettext_lazy("Subject"), width=4), lambda change: str(change.get_subject_display())
            ),
            ListColumn(
                Column("action", gettext_lazy("Kind of change"), width=4),
                lambda change: str(change.get_action_display()),
            ),
            ListColumn(Column("address", gettext_lazy("Address"), width=8), names_row=True),
            ListColumn(Column("what", gettext_lazy("What has changed"), width=14), is_long=True),
            ListColumn(
                Column("finder", gettext_lazy("Found by"), width=5),
                lambda change: change.found_by.name,
                ("found_by__pinyin", "found_by_id"),
            ),
            ListColumn(
                Column("visit", gettext_lazy("Visit log"), link=lambda change: _visit_url(change)),
                lambda change: _("Open") if change.source_visit_id else None,
                shown=False,
            ),
            ListColumn(
                Column("due", gettext_lazy("To be forwarded by"), Kind.DATE), lambda change: change.due_on, ("due_on",)
            ),
            ListColumn(
                Column("state", gettext_lazy("State"), width=5),
                lambda change: str(change.get_state_display()),
                badge=lambda change: BaseInfoState(change.state).badge,
            ),
            ListColumn(
                Column("forwarded", gettext_lazy("Forwarded on"), Kind.DATE),
                lambda change: change.forwarded_on,
                ("forwarded_on",),
            ),
            ListColumn(
                Column("receipt", gettext_lazy("Receipt"), width=6), lambda change: change.receipt or None, shown=False
            ),
            ListColumn(
                Column("remark", gettext_lazy("Remark"), width=8), lambda change: change.remark or None, shown=False
            ),
            ListColumn(Column("check", gettext_lazy("Spot check"), width=5), _check_words, badge=_check_badge),
            ListColumn(Column("transfer", gettext_lazy("Master database"), width=7), _transfer, shown=False),
        ),
    )
)  # fmt: skip


def _visit_url(change: BaseInfoChange) -> str:
    return reverse("visit_detail", args=[change.source_visit_id]) if change.source_visit_id else ""
