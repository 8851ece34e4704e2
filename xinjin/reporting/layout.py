"""From what a document says to how it stands on paper: lines, numbers, sizes. Shared by DOCX and PDF."""

from collections.abc import Sequence
from dataclasses import dataclass

from . import wording
from .document import Document, Heading, Report
from .numbering import Numbering
from .paper import (
    CELL_INSET_PT,
    LETTER_MARK_LARGEST,
    MARK_LARGEST,
    SIZE_2,
    SIZE_3,
    SMALLEST,
    TABLE_SIZES,
    TEXT_PT,
)
from .table import Kind, ReportTable
from .text import clean_text, width_of
from .titles import balanced_lines

_SHORT_TEXT = 7.0  # em
_MARK_SHARE = 0.98  # of the line: a mark that fills it to the last tenth of a point wraps in Word


@dataclass(frozen=True)
class TextLine:
    """A paragraph of the body: level 0 is text, 1 to 4 are headings (`text`) with what follows them (`run_in`)."""

    level: int
    text: str
    run_in: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table fitted to the page: sizes in points. `label` is 附件1 or empty.

    `alignments` and `pads` go together: a column of numbers is aligned right and moved to the left by its pad, so
    that the digits stand below each other in the middle of a wide column.
    """

    label: str
    title_lines: Sequence[str]
    headings: Sequence[str]
    alignments: Sequence[str]
    pads: Sequence[float]
    widths: Sequence[float]
    size: float
    is_landscape: bool
    table: ReportTable
    notes: Sequence[str]
    signatories: Sequence[str]


@dataclass(frozen=True)
class Signature:
    """署名 and 成文日期 with their distances from the right edge in characters of 3号."""

    issuer: str
    day: str
    issuer_right: float
    day_right: float


@dataclass(frozen=True)
class Layout:
    """The pages in order: head and body (absent for a lone table), the sheets, the imprint (版记) at the foot."""

    title: str
    author: str
    mark: str = ""
    mark_size: float = 0.0
    number: str = ""
    title_lines: Sequence[str] = ()
    addressees: str = ""
    body: Sequence[TextLine | Sheet] = ()
    attachment_list: Sequence[str] = ()
    signature: Signature | None = None
    annotations: Sequence[str] = ()
    fine_print: Sequence[str] = ()
    sheets: Sequence[Sheet] = ()
    copies: str = ""
    printed_by: str = ""
    printed: str = ""
    has_head: bool = False
    is_letter: bool = False

    @property
    def has_imprint(self) -> bool:
        """Whether there is anything to print between the lines at the foot of the last page."""
        return bool(self.copies or self.printed)


def lay_out(document: Document) -> Layout:
    """The layout of a report or of a lone table, in the language in force."""
    if isinstance(document, ReportTable):
        title = clean_text(document.title)
        return Layout(title=title, author="", sheets=(fit(document),))
    mark, issuer = clean_text(document.mark) or document.issuer_name(), document.issuer_name()
    largest = LETTER_MARK_LARGEST if document.is_letter else MARK_LARGEST
    printed_on = document.printed_on or document.issued_on
    return Layout(
        title=clean_text(document.title).replace("\n", ""),
        author=issuer,
        mark=mark,
        mark_size=min(largest, int(TEXT_PT[0] * _MARK_SHARE / max(width_of(mark), 1.0) * 2) / 2),
        number=clean_text(document.number),
        title_lines=balanced_lines(clean_text(document.title), TEXT_PT[0] / SIZE_2),
        addressees=wording.addressees_line(document.addressees),
        body=_body(document),
        attachment_list=_attachment_list(document),
        signature=_signature(issuer, wording.long_date(document.issued_on)),
        annotations=[wording.bracketed(note) for note in document.notes],
        fine_print=[wording.seal_line(document.seal)] if document.seal else [],
        sheets=_attachments(document),
        copies=wording.copies_line(document.cc),
        printed_by=clean_text(document.printed_by),
        printed=wording.printed_line(printed_on) if document.printed_by else "",
        has_head=True,
        is_letter=document.is_letter,
    )


def fit(table: ReportTable, *, label: str = "", inline: bool = False) -> Sheet:
    """Choose size and direction so that the columns keep their widths; inline tables cannot turn the page."""
    widths = table.widths()
    size, is_landscape = _choose_size(widths, inline=inline)
    available = TEXT_PT[1] if is_landscape else TEXT_PT[0]
    insets = 2 * CELL_INSET_PT
    # Official tables fill the text area; the surplus (or the lack) is shared in proportion.
    factor = (available - insets * len(widths)) / sum(widths)
    contents = table.content_widths()
    alignments = [
        _alignment(Kind(column.kind), content) for column, content in zip(table.columns, contents, strict=True)
    ]
    return Sheet(
        label=label,
        title_lines=_title_lines(table, available / (SIZE_3 if inline else SIZE_2)),
        headings=table.labels(),
        alignments=alignments,
        pads=[
            round(max(0.0, (width * factor - content * size) / 2), 2) if alignment == "right" else 0.0
            for width, content, alignment in zip(widths, contents, alignments, strict=True)
        ],
        widths=[round(width * factor + insets, 2) for width in widths],
        size=size,
        is_landscape=is_landscape,
        table=table,
        notes=wording.numbered(table.notes),
        signatories=[clean_text(name) for name in table.signatories],
    )


def _title_lines(table: ReportTable, per_line: float) -> Sequence[str]:
    """None for a table whose heading says what it is: an empty line would tear it from its heading."""
    title = clean_text(table.title)
    return balanced_lines(title, per_line) if title else ()


def _alignment(kind: Kind, content: float) -> str:
    """Short words (names, grades) are centred on paper, longer text starts at the left."""
    return "center" if kind is Kind.TEXT and content <= _SHORT_TEXT else kind.alignment


def _choose_size(widths: Sequence[float], *, inline: bool) -> tuple[float, bool]:
    directions = (False,) if inline else (False, True)
    for is_landscape in directions:
        available = TEXT_PT[1] if is_landscape else TEXT_PT[0]
        for size in TABLE_SIZES:
            if sum(widths) * size + 2 * CELL_INSET_PT * len(widths) <= available:
                return size, is_landscape
    return SMALLEST, directions[-1]


def _body(report: Report) -> list[TextLine | Sheet]:
    numbering = Numbering()
    blocks: list[TextLine | Sheet] = []
    for block in report.body:
        if isinstance(block, ReportTable):
            blocks.append(fit(block, inline=True))
        elif isinstance(block, Heading):
            text = numbering.next(block.level) + clean_text(block.text)
            blocks.append(TextLine(block.level, text, clean_text(block.run_in)))
        else:
            blocks.extend(TextLine(0, part) for part in clean_text(block).split("\n"))
    return blocks


def _attachments(report: Report) -> list[Sheet]:
    count = len(report.attachments)
    return [fit(table, label=wording.attachment_label(index, count)) for index, table in enumerate(report.attachments)]


def _attachment_list(report: Report) -> list[str]:
    return wording.numbered(clean_text(table.title).replace("\n", "") for table in report.attachments)


def _signature(issuer: str, day: str) -> Signature:
    """The date ends four characters from the edge, the issuer stands centred above it; a long issuer shifts both."""
    overhang = (width_of(issuer) - width_of(day)) / 2
    day_right = max(4.0, overhang)
    return Signature(issuer, day, issuer_right=day_right - overhang, day_right=day_right)
