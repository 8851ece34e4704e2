"""An official document (公文) as plain data: what it says, not how it looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from .table import ReportError, ReportTable, Text
from .text import clean_text

DEEPEST_LEVEL = 4


@dataclass(frozen=True)
class Heading:
    """A heading in the body, numbered by level (一、 （一） 1. （1）). `run_in` follows in the same paragraph."""

    text: Text
    level: int = 1
    run_in: Text = ""

    def __post_init__(self) -> None:
        if not 1 <= self.level <= DEEPEST_LEVEL:
            raise ReportError(f"a heading has a level from 1 to {DEEPEST_LEVEL}, not {self.level}")


Block = Text | Heading | ReportTable


@dataclass(frozen=True, kw_only=True)
class Report:
    """An official document after GB/T 9704-2012. Empty parts are left out of the page.

    mark        发文机关标志, the red heading; the issuer when empty
    number      发文字号, e.g. 新公社警〔2026〕3号
    title       标题; a line break in it is kept, otherwise long titles are broken evenly
    addressees  主送机关
    body        paragraphs, headings and inline tables
    attachments tables, each on a new page (附件)
    issuer      署名; the bureau of the settings when empty
    issued_on   成文日期, which also dates the files
    notes       附注, in brackets below the date
    seal        the hash over the frozen data, printed as a last note
    cc          抄送机关;  printed_by, printed_on  印发机关和日期 (the date of issue when not given)
    is_letter   a notice that hangs in the village or is handed over: its small mark stands at the top of the text, so
                that one page usually holds it
    """

    title: Text
    issued_on: date
    body: Sequence[Block] = ()
    attachments: Sequence[ReportTable] = ()
    mark: Text = ""
    number: str = ""
    addressees: Sequence[Text] = ()
    issuer: Text = ""
    notes: Sequence[Text] = ()
    seal: str = ""
    cc: Sequence[Text] = ()
    printed_by: Text = ""
    printed_on: date | None = None
    is_letter: bool = False

    @property
    def tables(self) -> tuple[ReportTable, ...]:
        """All tables, those in the body first."""
        inline = tuple(block for block in self.body if isinstance(block, ReportTable))
        return inline + tuple(self.attachments)

    def issuer_name(self) -> str:
        """Who signs: the issuer given, or the bureau of the settings."""
        return clean_text(self.issuer or getattr(settings, "BUREAU_NAME", ""))


Document = Report | ReportTable


def tables_of(document: Document) -> tuple[ReportTable, ...]:
    """The tables of a report, or the lone table. Raises ReportError when there is none."""
    tables = (document,) if isinstance(document, ReportTable) else document.tables
    if not tables:
        raise ReportError("this report has no table, and the format holds nothing but tables")
    return tables
