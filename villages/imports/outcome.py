"""What a dry run or an import says: counts, every mistake, every value that changes. Data, kept with its job."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext as _

from villages.imports.cells import Cell
from villages.imports.kinds import Column
from villages.imports.tables import Row


@dataclass(frozen=True)
class Mistake:
    """Something that is wrong: where, what stands there, and why it cannot be taken; `name` is the field, if any."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str
    name: str = ""


@dataclass(frozen=True)
class Change:
    """A value of a stored record that differs: old → new."""

    sheet: str
    row: int
    record: str
    column: str
    old: str
    new: str


@dataclass
class Candidate:
    """A row that has become a record: `before` as it is stored (None: new), `after` as the file says.

    `column` is where it stands, when the row says several records.
    """

    row: Row
    before: models.Model | None
    after: models.Model
    changed: list[str] = field(default_factory=list)
    column: str = ""

    @property
    def is_same(self) -> bool:
        """Whether the file says nothing new."""
        return self.before is not None and not self.changed


@dataclass
class Outcome:
    """`digest` tells whether another run would write exactly the same."""

    new: int = 0
    changed: int = 0
    same: int = 0
    mistakes: list[Mistake] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    digest: str = ""

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong with the file."""
        return not self.mistakes

    @property
    def sentence(self) -> str:
        """The counts in words."""
        counts = {"new": self.new, "changed": self.changed, "same": self.same}
        return _("%(new)s new, %(changed)s changed, %(same)s the same.") % counts

    def as_json(self) -> dict[str, Any]:
        """As it is stored in the report of a job."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Outcome":
        """The outcome out of the report of a job."""
        parts = dict(stored)
        parts["mistakes"] = [Mistake(**row) for row in stored.get("mistakes", ())]
        parts["changes"] = [Change(**row) for row in stored.get("changes", ())]
        return cls(**parts)


def mistake_in(row: Row, column: Column | None, reason: str) -> Mistake:
    """A mistake of a row, at a cell where there is one."""
    if column is None:
        return Mistake(row.sheet, row.number, "", "", reason)
    return Mistake(
        row.sheet, row.number, column.label, row.cells.get(column.name, Cell()).shown, reason, name=column.name
    )


def value_in_words(column: Column, record: models.Model | None, name: str = "") -> str:
    """A stored or new value as the table shows it; `name` is its field where it is not the column's own."""
    value = getattr(record, name or column.name)
    if value is None or value == "" or value == []:
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if column.choices is not None:
        labels = dict(column.choices.choices)
        return _(", ").join(str(labels.get(part, part)) for part in (value if isinstance(value, list) else [value]))
    return str(value)


def digest_of(candidates: Iterable[Candidate]) -> str:
    """What would be written, and over what, as one short text."""
    content = [
        [
            candidate.row.sheet,
            candidate.row.number,
            candidate.before.pk if candidate.before is not None else None,
            [
                [getattr(record, field.attname) for field in record._meta.concrete_fields if not field.primary_key]
                for record in (candidate.before, candidate.after)
                if record is not None
            ],
        ]
        for candidate in candidates
    ]
    return hashlib.sha256(json.dumps(content, cls=DjangoJSONEncoder).encode()).hexdigest()
