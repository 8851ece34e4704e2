"""Sheets become rows of a kind: the heading is found wherever it stands, wrong columns are all named at once. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from villages.imports.cells import Cell, half_width
from villages.imports.kinds import ImportKind

# The heading stands below a title or two, not anywhere.
HEADING_WITHIN = 10
# A heading names at least so many known columns; the sheet of explanations never does in one line.
KNOWN_AT_LEAST = 2
BLANK = Cell()


@dataclass(frozen=True)
class Sheet:
    """A sheet of the file: its lines, and what the file says about them beside their cells.

    `merged` are the lines in which cells are merged across columns; `hidden` those that Excel does not show.
    """

    title: str
    lines: list[tuple[int, tuple[Cell, ...]]]
    hidden: frozenset[int] = frozenset()
    merged: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Row:
    """A line that is not blank: its cells by field name, all as they stand, and `strays`, below no heading."""

    sheet: str
    number: int
    cells: dict[str, Cell]
    line: tuple[Cell, ...]
    strays: tuple[Cell, ...] = ()
    is_merged: bool = False


@dataclass(frozen=True)
class Heading:
    """Where the columns of a sheet are: {index: field name}; `notes` is the index of the error file's own column."""

    sheet: str
    number: int
    labels: list[str]
    places: dict[int, str]
    notes: int | None


@dataclass(frozen=True)
class Table:
    """Everything that a file says about one kind."""

    headings: list[Heading]
    rows: list[Row]
    remarks: list[str] = field(default_factory=list)


def reasons_label() -> str:
    """The heading of the error file's own column."""
    return _("Reasons (not imported)")


def spoken_labels(kind: ImportKind) -> dict[str, str]:
    """{heading in any language of the product: field name}."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {_plain(column.label): column.name for column in kind.columns}
            found[_plain(reasons_label())] = ""
    return found


def _plain(label: str) -> str:
    return "".join(half_width(label).casefold().split()).rstrip("*")


def read_table(kind: ImportKind, sheets: Iterable[Sheet]) -> Table:
    """The rows of every sheet that has the heading of `kind`.

    Raises ValidationError with every column that is unknown, missing or there twice, and when no sheet has a heading.
    """
    headings, rows, remarks, problems = [], [], [], []
    for sheet in sheets:
        heading = _find_heading(kind, sheet)
        if heading is None:
            if sheet.lines:
                remarks.append(_("Sheet “%(sheet)s” has no heading and was not read.") % {"sheet": sheet.title})
            continue
        problems += _problems(kind, heading)
        headings.append(heading)
        found = list(_rows(sheet, heading))
        rows += found
        if hidden := sheet.hidden & {row.number for row in found}:
            message = _("Sheet “%(sheet)s”: %(count)s hidden rows are read like the others.")
            remarks.append(message % {"sheet": sheet.title, "count": len(hidden)})
    if not headings:
        wanted = _(", ").join(column.label for column in kind.columns if column.is_required)
        raise ValidationError(
            _("No sheet has a heading with the columns of this table. Needed are: %(wanted)s.") % {"wanted": wanted}
        )
    if problems:
        raise ValidationError(problems)
    if not rows:
        raise ValidationError(_("There is no row below the heading."))
    return Table(headings, rows, remarks)


def _find_heading(kind: ImportKind, sheet: Sheet) -> Heading | None:
    known = spoken_labels(kind)
    best: Heading | None = None
    for number, line in sheet.lines[:HEADING_WITHIN]:
        labels = [cell.text for cell in line]
        places = {i: known[_plain(label)] for i, label in enumerate(labels) if _plain(label) in known}
        notes = next((index for index, name in places.items() if not name), None)
        named = {index: name for index, name in places.items() if name}
        if len(named) >= KNOWN_AT_LEAST and (best is None or len(named) > len(best.places)):
            best = Heading(sheet.title, number, labels, named, notes)
    return best


def _problems(kind: ImportKind, heading: Heading) -> list[str]:
    where = {"sheet": heading.sheet}
    unknown = [
        label
        for index, label in enumerate(heading.labels)
        if label and index not in heading.places and index != heading.notes
    ]
    names = list(heading.places.values())
    needed = [column for column in kind.columns if column.is_required or column.is_expected]
    missing = [column.label for column in needed if column.name not in names]
    doubled = [column.label for column in kind.columns if names.count(column.name) > 1]
    found = [
        (_("Sheet “%(sheet)s”: unknown columns: %(columns)s."), unknown),
        (_("Sheet “%(sheet)s”: missing columns: %(columns)s."), missing),
        (_("Sheet “%(sheet)s”: columns that are there twice: %(columns)s."), doubled),
    ]
    return [
        message % {**where, "columns": _(", ").join(label[:40] for label in labels[:20])}
        for message, labels in found
        if labels
    ]


def _rows(sheet: Sheet, heading: Heading) -> Iterator[Row]:
    for number, line in sheet.lines:
        if number <= heading.number:
            continue
        cells = {name: line[index] if index < len(line) else BLANK for index, name in heading.places.items()}
        strays = tuple(
            cell
            for index, cell in enumerate(line)
            if index != heading.notes and index not in heading.places and not cell.is_blank
        )
        if all(cell.is_blank for cell in cells.values()) and not strays:
            continue
        yield Row(sheet.title, number, cells, line, strays, is_merged=number in sheet.merged)
