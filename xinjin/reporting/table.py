"""A table for every format: columns with a kind, rows, and the one canonical text of each cell."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from .text import clean_text, width_of

Text = str | Promise

NOT_APPLICABLE = "—"  # one sign for "not applicable" everywhere; an empty cell would read as "forgotten"
_WIDTH_SAMPLE = 200  # rows looked at when a column gives no width
_NARROWEST, _WIDEST = 2.0, 16.0  # em
_LARGEST_EXPONENT = 40  # beyond this a number is a mistake, and its digits would fill the memory


class ReportError(ValueError):
    """The report cannot be rendered as described: a missing key, a value of the wrong type, an empty table."""


class Kind(StrEnum):
    """What a column holds: decides alignment, number format and canonical text in every renderer."""

    TEXT = "text"
    INTEGER = "integer"
    SCORE = "score"
    PERCENT = "percent"
    DATE = "date"
    DATETIME = "datetime"

    @property
    def is_number(self) -> bool:
        """Numbers are aligned right and stay numbers in spreadsheets."""
        return self in (Kind.INTEGER, Kind.SCORE, Kind.PERCENT)

    @property
    def alignment(self) -> str:
        """`right` for numbers, `center` for dates, `left` for text."""
        return "right" if self.is_number else "left" if self is Kind.TEXT else "center"


@dataclass(frozen=True)
class Column:
    """One column. `width` is in Chinese characters (em), None to measure; `link` is for HTML only.

    `link` is the key of a value holding the address, or a function from row to address; an empty address is no link.
    """

    key: str
    label: Text
    kind: Kind | str = Kind.TEXT
    width: float | None = None
    link: str | Callable[[Any], str | None] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", Kind(self.kind))


@dataclass(frozen=True)
class ReportTable:
    """Rows under typed columns, with notes and signatories below.

    Rows are mappings, or objects with attributes, by the columns' keys. A generator is read once and kept, so that
    the same table can be rendered in several formats; anything that can be iterated again (a list, a queryset) is
    left where it is. `issued_on` dates the file; renderers never read the clock.
    """

    title: Text
    columns: Sequence[Column]
    rows: Iterable[Any]
    notes: Sequence[Text] = ()
    signatories: Sequence[Text] = ()
    issued_on: date | None = None

    def __post_init__(self) -> None:
        columns = tuple(self.columns)
        keys = [column.key for column in columns]
        if not columns or len(set(keys)) != len(keys):
            raise ReportError(f"a table needs columns with different keys, not {keys}")
        object.__setattr__(self, "columns", columns)
        if iter(self.rows) is self.rows:
            object.__setattr__(self, "rows", tuple(self.rows))

    def labels(self) -> tuple[str, ...]:
        """The column headings, in the language in force."""
        return tuple(clean_text(column.label) for column in self.columns)

    def records(self) -> Iterator[tuple[Any, ...]]:
        """The raw values of each row in the order of the columns. Raises ReportError for a missing key."""
        for number, row in enumerate(self.rows, start=1):
            yield tuple(value_of(row, column.key, where=f"row {number}") for column in self.columns)

    def cells(self) -> Iterator[tuple[str, ...]]:
        """The canonical text of each row in the order of the columns."""
        for record in self.records():
            yield tuple(cell_text(column, value) for column, value in zip(self.columns, record, strict=True))

    def widths(self) -> tuple[float, ...]:
        """Width of each column in em: as given, or measured on the heading and the first rows."""
        return tuple(
            column.width or _measured_width(label, content)
            for column, label, content in zip(self.columns, self.labels(), self.content_widths(), strict=True)
        )

    def content_widths(self) -> tuple[float, ...]:
        """The widest cell of each column in em, headings apart, among the first rows."""
        sample = list(islice(self.cells(), _WIDTH_SAMPLE))
        return tuple(
            max((width_of(cells[index]) for cells in sample), default=0.0) for index in range(len(self.columns))
        )


def value_of(row: Any, key: str, *, where: str = "row") -> Any:
    """The value under `key` of a mapping or an object. Raises ReportError when there is none."""
    try:
        return row[key] if isinstance(row, Mapping) else getattr(row, key)
    except (KeyError, AttributeError) as error:
        raise ReportError(f"{where} has no value {key!r}") from error


def cell_text(column: Column, value: Any) -> str:
    """The canonical text of one cell, which every format shows. Nothing is rounded here.

    Scores and percentages are Decimal (a percentage is a fraction: 0.95 is 95%) and keep the places they come with.
    Raises ReportError when the value does not fit the kind; the message never quotes the value.
    """
    if value is None:
        return NOT_APPLICABLE
    return _TEXT_OF[Kind(column.kind)](column, value)


def percent_of(value: Decimal | int) -> Decimal:
    """A fraction times a hundred, exactly, whatever the decimal context."""
    sign, digits, exponent = Decimal(value).as_tuple()
    return Decimal((sign, digits, int(exponent) + 2))


def _text(column: Column, value: Any) -> str:
    if isinstance(value, bool | float | bytes):
        raise _misfit(column, value)
    return clean_text(value)


def _integer(column: Column, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _misfit(column, value)
    return str(value)


def _score(column: Column, value: Any) -> str:
    return _plain(_decimal(column, value))


def _percent(column: Column, value: Any) -> str:
    return _plain(percent_of(_decimal(column, value))) + "%"


def _date(column: Column, value: Any) -> str:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise _misfit(column, value)
    return value.isoformat()


def _datetime(column: Column, value: Any) -> str:
    if not isinstance(value, datetime):
        raise _misfit(column, value)
    return local_minute(value).isoformat(sep=" ", timespec="minutes")


def local_minute(value: datetime) -> datetime:
    """The local wall-clock time without zone and seconds; a naive value is taken as local already."""
    local = timezone.make_naive(value) if timezone.is_aware(value) else value
    return local.replace(second=0, microsecond=0)


def _decimal(column: Column, value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise _misfit(column, value)
    number = Decimal(value)
    if not number.is_finite() or abs(int(number.as_tuple().exponent)) > _LARGEST_EXPONENT:
        raise _misfit(column, value)
    return number


def _plain(number: Decimal) -> str:
    return format(abs(number) if number.is_zero() else number, "f")


def _misfit(column: Column, value: Any) -> ReportError:
    return ReportError(f"column {column.key!r} of kind {column.kind} cannot show this {type(value).__name__}")


def _measured_width(label: str, content: float) -> float:
    # A long heading may take two lines; its column should not grow for it.
    heading = width_of(label)
    heading = heading if heading <= 4 else max(4.0, heading / 2)
    return min(_WIDEST, max(_NARROWEST, heading, content))


_TEXT_OF: Mapping[Kind, Callable[[Column, Any], str]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.SCORE: _score,
    Kind.PERCENT: _percent,
    Kind.DATE: _date,
    Kind.DATETIME: _datetime,
}
