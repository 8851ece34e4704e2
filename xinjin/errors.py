"""The errors that verbs raise: ValidationError by field, and Conflict."""

from collections.abc import Collection

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


class Conflict(Exception):
    """The record is no longer in the state, or at the revision, that the writer saw: HTTP 409.

    The first argument is a translated sentence for the person; `mine` and `theirs`, when given, are the texts that
    the page puts side by side so that nothing typed is lost. `state` is the code of the state of the record, where
    the edge that answers has looked.
    """

    state = ""

    def __init__(self, message: str, *, mine: dict | None = None, theirs: dict | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.mine = mine or {}
        self.theirs = theirs or {}


def at_fields(error: ValidationError, names: Collection[str]) -> dict[str, list[ValidationError]]:
    """Messages of a record by field; that of a constraint stands at the one of `names` that its code is."""
    found: dict[str, list[ValidationError]] = {}
    for field, errors in error.error_dict.items():
        for each in errors:
            named = field == NON_FIELD_ERRORS and each.code in names
            found.setdefault(str(each.code) if named else field, []).append(each)
    return found
