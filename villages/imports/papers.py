"""What goes out: the template with its explanations, and the sent table again with its mistakes marked."""

import io
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from villages.imports.cells import Cell
from villages.imports.kinds import Column, ImportKind
from villages.imports.outcome import Mistake
from villages.imports.references import Lookup
from villages.imports.tables import Heading, Row, Table, reasons_label

_OPTIONS = {
    "in_memory": True,  # residents' names: nothing of them is left in the temporary folder
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FONT = {"font_name": "宋体", "font_size": 11}
_TEXT = {**_FONT, "num_format": 49}  # Excel's own format for text
_HEAD = {**_TEXT, "bold": True, "border": 1, "bg_color": "#EDEDED", "text_wrap": True, "valign": "vcenter"}
_WRONG = {**_TEXT, "bg_color": "#FFC7CE", "font_color": "#9C0006"}
_CHOICES_IN_A_LIST = 255  # characters that Excel takes
_NAMES_LISTED = 100
_LONGEST = 32_000


def template(kind: ImportKind, user: Any) -> bytes:
    """An empty table with its heading; cells are text, so that codes keep their zeros. The second sheet explains it."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        head, text = book.add_format(_HEAD), book.add_format(_TEXT)
        sheet = book.add_worksheet(_sheet_name(kind.label))
        for index, column in enumerate(kind.columns):
            sheet.set_column(index, index, 20, text)
            sheet.write_string(0, index, column.label + ("*" if column.is_required else ""), head)
            _offer_choices(sheet, index, column)
        sheet.freeze_panes(1, 0)
        _explain(book.add_worksheet(_sheet_name(_("How to fill it in"))), kind, user, head, book.add_format(_wrapped()))
    return buffer.getvalue()


def _wrapped() -> dict[str, Any]:
    return {**_TEXT, "text_wrap": True, "valign": "top", "border": 1}


def _offer_choices(sheet: Worksheet, index: int, column: Column) -> None:
    """A list to choose from in each cell, where one of a few words is meant."""
    if column.choices is None or column.field.get_internal_type() == "ArrayField":
        return
    labels = [str(label) for label in column.choices.labels]
    if len(",".join(labels)) <= _CHOICES_IN_A_LIST and not any("," in label for label in labels):
        sheet.data_validation(1, index, 20_000, index, {"validate": "list", "source": labels, "show_error": False})


def _explain(sheet: Worksheet, kind: ImportKind, user: Any, head: Format, body: Format) -> None:
    titles = [_("Column"), _("Must be filled in"), _("What to enter"), _("Permitted values"), _("Example")]
    for index, (title, width) in enumerate(zip(titles, (18, 8, 44, 60, 22), strict=True)):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, title, head)
    for number, column in enumerate(kind.columns, start=1):
        needed = _("yes") if column.is_required else _("no")
        values = [column.label, needed, str(column.hint), permitted(column, user), column.example]
        for index, value in enumerate(values):
            sheet.write_string(number, index, value, body)
    sheet.freeze_panes(1, 0)


def permitted(column: Column, user: Any) -> str:
    """What may stand in a column, in words."""
    if column.choices is not None:
        return _(", ").join(str(label) for label in column.choices.labels)
    if column.reference is not None:
        names = Lookup(column, user).names()
        more = _(" and %(count)s more") % {"count": len(names) - _NAMES_LISTED} if len(names) > _NAMES_LISTED else ""
        return _(", ").join(names[:_NAMES_LISTED]) + more
    length = getattr(column.field, "max_length", None)
    return _("At most %(count)s characters.") % {"count": length} if length else ""


def error_file(kind: ImportKind, table: Table, mistakes: Iterable[Mistake]) -> bytes:
    """The rows as they were sent, in their places; wrong cells are marked, and a last column says why.

    Corrected, it can be sent again as it is.
    """
    of_row: dict[tuple[str, int], list[Mistake]] = defaultdict(list)
    for mistake in mistakes:
        of_row[mistake.sheet, mistake.row].append(mistake)
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in table.rows:
        rows[row.sheet].append(row)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        styles = book.add_format(_HEAD), book.add_format(_TEXT), book.add_format(_WRONG)
        taken: set[str] = set()
        for heading in table.headings:
            sheet = book.add_worksheet(_sheet_name(heading.sheet, taken))
            _write_again(sheet, heading, rows[heading.sheet], of_row, styles)
    return buffer.getvalue()


def _write_again(
    sheet: Worksheet, heading: Heading, rows: list[Row], of_row: dict, styles: tuple[Format, Format, Format]
) -> None:
    head, text, wrong = styles
    width = max([len(heading.labels), *(len(row.line) for row in rows)])
    kept = [index for index in range(width) if index != heading.notes]
    sheet.set_column(0, len(kept) - 1, 16, text)
    sheet.set_column(len(kept), len(kept), 60)
    for place, index in enumerate(kept):
        label = heading.labels[index] if index < len(heading.labels) else ""
        sheet.write_string(heading.number - 1, place, label, head)
    sheet.write_string(heading.number - 1, len(kept), reasons_label(), head)
    sheet.freeze_panes(heading.number, 0)
    for row in rows:
        found = of_row.get((row.sheet, row.number), [])
        names = {mistake.name for mistake in found}
        for place, index in enumerate(kept):
            cell = row.line[index] if index < len(row.line) else Cell()
            name = heading.places.get(index)
            is_wrong = name in names if name is not None else not cell.is_blank
            sheet.write_string(row.number - 1, place, cell.text[:_LONGEST], wrong if is_wrong else text)
        if found:
            sheet.write_string(row.number - 1, len(kept), _reasons(found)[:_LONGEST], wrong)


def _reasons(found: list[Mistake]) -> str:
    return "\n".join(
        _("%(column)s: %(reason)s") % {"column": mistake.column, "reason": mistake.reason}
        if mistake.column
        else mistake.reason
        for mistake in found
    )


def _sheet_name(title: str, taken: set[str] | None = None) -> str:
    """A name that Excel takes; none that is taken already, whatever the file that was sent called its sheets."""
    taken = set() if taken is None else taken
    base = "".join(character for character in title if character.isprintable() and character not in "[]:*?/\\'")
    base = base.strip()[:24] or _("Table")
    if base.casefold() in ("history", "历史记录"):
        base += "_"
    names = (base if number == 1 else f"{base} ({number})" for number in range(1, 1000))
    name = next(name for name in names if name.casefold() not in taken)
    taken.add(name.casefold())
    return name
