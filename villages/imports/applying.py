"""The dry run and the import: the same transaction, undone at its end in the first case, so that neither can differ.

Two imports of one kind wait for each other; and what is written is what the dry run showed, or nothing.
"""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from villages.bulk import Report, RowsRefused
from villages.imports.kinds import ImportKind
from villages.imports.matching import Matcher
from villages.imports.outcome import Candidate, Change, Mistake, Outcome, digest_of, mistake_in, value_in_words
from villages.imports.tables import Table


def carry_out(kind: ImportKind, table: Table, *, by: Any, report: Report, for_good: bool) -> Outcome:
    """Reads, checks and writes all rows; nothing stays written unless `for_good` and everything is right.

    Raises Conflict when somebody else saves one of the records at the same moment.
    """
    with transaction.atomic():
        hold_imports(kind)
        total = 2 * len(table.rows)  # each row is read, and then written
        matcher = Matcher(kind, table, by, lambda done, _rows: report(done, total))
        matcher.run()
        outcome = Outcome(mistakes=matcher.mistakes, remarks=list(table.remarks))
        _count(kind, matcher.candidates, outcome)
        written = [row for row in matcher.candidates if not row.is_same]
        outcome.mistakes += _write(kind, written, by, lambda done, rows: report(total - rows + done, total))
        outcome.mistakes = list(dict.fromkeys(outcome.mistakes))
        outcome.mistakes.sort(key=lambda mistake: (mistake.sheet, mistake.row))
        if not for_good or outcome.mistakes:
            transaction.set_rollback(True)
    return outcome


def hold_imports(kind: ImportKind) -> None:
    """Until the end of the transaction nobody else imports records of this kind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {kind.slug}"])


def _count(kind: ImportKind, candidates: list[Candidate], outcome: Outcome) -> None:
    """Before anything is written, since writing completes the records."""
    written = [candidate for candidate in candidates if not candidate.is_same]
    outcome.new = sum(candidate.before is None for candidate in candidates)
    outcome.changed = len(written) - outcome.new
    outcome.same = len(candidates) - len(written)
    outcome.digest = digest_of(written)
    for candidate in written:
        outcome.changes += [_change(kind, candidate, name) for name in candidate.changed]


def _change(kind: ImportKind, candidate: Candidate, name: str) -> Change:
    column, row = kind.by_name[candidate.column or name], candidate.row
    return Change(
        row.sheet,
        row.number,
        str(candidate.before),
        column.label,
        value_in_words(column, candidate.before, name),
        value_in_words(column, candidate.after, name),
    )


def _write(kind: ImportKind, candidates: list[Candidate], by: Any, report: Report) -> list[Mistake]:
    """One call of the verb for all; what it refuses, by row and cell."""
    try:
        with transaction.atomic():
            kind.save([candidate.after for candidate in candidates], by=by, report=report)
    except RowsRefused as refused:
        return [
            mistake for place, error in refused.errors.items() for mistake in _mistakes(kind, candidates[place], error)
        ]
    return _out_of_reach(kind, candidates, by)


def _mistakes(kind: ImportKind, candidate: Candidate, error: ValidationError) -> list[Mistake]:
    errors = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    return [
        mistake_in(candidate.row, kind.by_name.get(name) or kind.by_name.get(candidate.column), message)
        for name, messages in errors.items()
        for message in messages
    ]


def _out_of_reach(kind: ImportKind, candidates: list[Candidate], by: Any) -> list[Mistake]:
    """A record cannot be pushed out of the writer's own scope, as in the admin."""
    found: list[Mistake] = []
    for action in ("add", "change"):
        rows = [candidate for candidate in candidates if (candidate.before is None) == (action == "add")]
        manager: Any = kind.model._default_manager
        keys = [candidate.after.pk for candidate in rows]
        mine = set(manager.allowed(by, action).filter(pk__in=keys).values_list("pk", flat=True))
        message = _("With these values the record would belong to others; you may not write it.")
        found += [mistake_in(candidate.row, None, message) for candidate in rows if candidate.after.pk not in mine]
    return found
