"""The people's ledger. Nobody is named but officers: residents are read on the page of the case."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patrols.choices import CaseState
from patrols.filters.cases import CaseFilter
from patrols.ledger.reading import read_by, title_of
from patrols.ledger.wording import due_words
from patrols.models import Case
from xinjin.lists.definition import ListColumn, ListDefinition, register
from xinjin.reporting import Column, Kind

OVER = (CaseState.CLOSED, CaseState.MERGED)


def _cases(user: Any) -> QuerySet:
    return read_by(Case.objects.allowed(user).select_related("village__station", "owner"), user)


def _owner(case: Case) -> str:
    return case.owner.name if case.owner else _("no owner")


def _time_left(case: Case) -> tuple[str, str]:
    return due_words(case, timezone.localdate())


def _case_class(case: Case) -> str:
    tone = _time_left(case)[1]
    return f"is-{tone}" if tone else ("is-muted" if case.state in OVER else "")


CASES = register(
    ListDefinition(
        name="cases",
        title=gettext_lazy("People's ledger"),
        url_name="ledger",
        model=Case,
        filterset=CaseFilter,
        rows=_cases,
        default_sort="-opened",
        tie=("id",),
        row_class=_case_class,
        columns=(
            ListColumn(
                Column("number", gettext_lazy("Number"), width=9, link=lambda case: case.get_absolute_url()),
                order=("register__year", "register__station__position", "register__station__code", "serial"),
                names_row=True,
            ),
            ListColumn(
                Column("level", gettext_lazy("Level"), width=4),
                lambda case: str(case.get_level_display()),
                badge=lambda case: case.level_badge,
            ),
            ListColumn(Column("kind", gettext_lazy("Kind"), width=4), lambda case: str(case.get_kind_display())),
            ListColumn(
                Column("category", gettext_lazy("Category"), width=6), lambda case: str(case.get_category_display())
            ),
            ListColumn(
                Column("station", gettext_lazy("Station"), width=7),
                lambda case: case.village.station.name,
                ("village__station__position", "village__station__code"),
                shown=False,
            ),
            ListColumn(
                Column("village", gettext_lazy("Village"), width=6),
                lambda case: case.village.name,
                ("village__pinyin", "village_id"),
            ),
            ListColumn(Column("title", gettext_lazy("What it is about"), width=14), title_of, is_long=True),
            ListColumn(
                Column("owner", gettext_lazy("Owner"), width=5),
                _owner,
                ("owner__pinyin", "owner_id"),
                badge=lambda case: ("", "") if case.owner else ("bad", ""),
            ),
            ListColumn(
                Column("opened", gettext_lazy("Opened on"), Kind.DATE),
                lambda case: case.opened_on,
                ("opened_on", "created_at"),
            ),
            ListColumn(
                Column("due", gettext_lazy("Due on"), Kind.DATE),
                lambda case: case.due_on,
                ("due_on", "waits_until"),
            ),
            ListColumn(
                Column("left", gettext_lazy("Time limit"), width=6),
                lambda case: _time_left(case)[0] or None,
                badge=lambda case: (_time_left(case)[1], ""),
            ),
            ListColumn(
                Column("promised", gettext_lazy("Promised for"), Kind.DATE),
                lambda case: case.promised_on,
                ("promised_on",),
                badge=lambda case: ("bad" if case.is_promise_past(timezone.localdate()) else "", ""),
                shown=False,
            ),
            ListColumn(
                Column("resolved", gettext_lazy("Resolved on"), Kind.DATE),
                lambda case: case.resolved_on,
                ("resolved_on",),
                shown=False,
            ),
            ListColumn(
                Column("state", gettext_lazy("State"), width=5),
                lambda case: str(case.get_state_display()),
                badge=lambda case: case.state_badge,
            ),
        ),
    )
)  # fmt: skip
