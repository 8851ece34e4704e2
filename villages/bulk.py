"""Many rows of the roster at once, by the rules of roster.py: for tables of thousands, where a statement a row is long.

Each verb is one transaction: every row is checked, and when any is refused nothing is written and all refusals are
told. Rows that are as they are stored cost nothing and leave no trace. `report` hears how far it is.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from villages.models import Household, Officer, Village, VillageContact
from villages.roster import accounts_to_link, check_places, lasting_places, save_village
from xinjin.accounts.models import User
from xinjin.audit.trail import changes, record_many
from xinjin.jobs.progress import Report, silent
from xinjin.races import one_winner

BATCH = 1000


class RowsRefused(Exception):
    """What is wrong with which of the rows: {place in the list: ValidationError}."""

    def __init__(self, errors: dict[int, ValidationError]) -> None:
        super().__init__(errors)
        self.errors = errors


def save_households(rows: Sequence[Household], *, by: User | None, report: Report = silent) -> None:
    """As roster.save_household for each."""
    with one_winner():
        save_checked(rows, by, report)


def save_contacts(rows: Sequence[VillageContact], *, by: User | None, report: Report = silent) -> None:
    """As roster.save_contact for each."""
    with one_winner():
        save_checked(rows, by, report)


def save_officers(rows: Sequence[Officer], *, by: User | None, report: Report = silent) -> None:
    """As roster.save_officer for each: accounts are linked, and nobody leaves while he holds a place (R1)."""
    with one_winner():
        places = lasting_places([row for row in rows if row.pk is not None])
        unlinked = [row for row in rows if row.user_id is None]
        accounts = accounts_to_link(unlinked)
        for row in unlinked:
            row.user = accounts.get(row.number)
        save_checked(rows, by, report, lambda row: check_places(row, places.get(row.pk, [])))


def save_villages(rows: Sequence[Village], *, by: User | None, report: Report = silent) -> None:
    """Calls roster.save_village for each: a village's last day ends much, and there are few villages."""
    refused: dict[int, ValidationError] = {}
    with one_winner():
        for place, row in enumerate(rows):
            report(place, len(rows))
            try:
                save_village(row, by=by)
            except ValidationError as error:
                refused[place] = error
        if refused:
            raise RowsRefused(refused)


Told = list[tuple[Any, Any]]


def _tell_each(by: User | None, added: Told, changed: Told) -> None:
    """An event for each row."""
    record_many(by, "add", added)
    record_many(by, "change", changed)


def save_checked(
    rows: Sequence[Any],
    by: User | None,
    report: Report,
    check: Callable[[Any], None] | None = None,
    *,
    tell: Callable[[User | None, Told, Told], None] = _tell_each,
    constraints: bool = True,
) -> None:
    """Checks all rows, then writes those that are new or differ; the rows changed are held until the commit.

    For the verbs of this app and of those above, inside their transaction. Without `constraints` the database alone
    says what it holds against a row: for models whose `clean` says it first, since asking costs a statement a row.
    """
    if not rows:
        return
    model = type(rows[0])
    held = model._base_manager.select_for_update(of=("self",), no_key=True).order_by("pk")
    stored = {row.pk: row for row in held.filter(pk__in=[row.pk for row in rows if row.pk is not None])}
    refused: dict[int, ValidationError] = {}
    added: list[tuple[Any, Any]] = []
    changed: list[tuple[Any, Any]] = []
    for place, row in enumerate(rows):
        report(place, len(rows))
        before = stored.get(row.pk)
        difference = changes(before, row)
        if before is not None and not difference:
            continue
        try:
            excluded = _known_relations(row, before)
            row.full_clean(exclude=excluded, validate_unique=False, validate_constraints=constraints)
            if check is not None:
                check(row)
        except ValidationError as error:
            refused[place] = error
            continue
        (added if before is None else changed).append((row, {"changes": difference}))
    if refused:
        raise RowsRefused(refused)
    _write(model, added, changed)
    tell(by, added, changed)


def _known_relations(row: Any, before: Any) -> set[str]:
    """The relations of a row that need not be looked up once more: read from the database, or as they were."""
    return {
        field.name
        for field in row._meta.concrete_fields
        if field.is_relation and (field.is_cached(row) or _is_kept(field.attname, row, before))
    }


def _is_kept(name: str, row: Any, before: Any) -> bool:
    return before is not None and getattr(before, name) == getattr(row, name)


def _write(model: Any, added: list[tuple[Any, Any]], changed: list[tuple[Any, Any]]) -> None:
    for row, _detail in (*added, *changed):
        if hasattr(row, "spell"):
            row.spell()
    model._base_manager.bulk_create([row for row, _detail in added], batch_size=BATCH)
    names = {name for _row, detail in changed for name in detail["changes"]}
    if names:
        spelling = {"pinyin", "initials"} & {field.name for field in model._meta.concrete_fields}
        # The rows are held, so each insert meets its own row: an UPDATE of many rows whose cost is that of an INSERT.
        model._base_manager.bulk_create(
            [row for row, _detail in changed],
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=sorted(names | spelling),
        )
