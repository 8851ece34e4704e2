"""The compiler of the PDFs: a template of ours and data in, bytes out. Nothing that people wrote is read as markup."""

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import typst

from .fonts import compiler_fonts
from .table import ReportError


def typeset(template: Path, data: dict[str, Any], issued_on: date, *, is_tagged: bool) -> bytes:
    """The PDF/A-2b; the same data and day always give the same bytes. Raises ReportError when typst cannot set it."""
    try:
        return typst.compile(
            template,
            root=template.parent,
            font_paths=compiler_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            format="pdf",
            pdf_standards="a-2b",
            timestamp=int(datetime.combine(issued_on, time(), UTC).timestamp()),
            pdf_tags=is_tagged,
        )
    except typst.TypstError as error:
        raise ReportError(f"the PDF could not be set: {error.message}") from error
    except BaseException as error:
        # A panic of the compiler is no Exception and would take the whole worker down.
        if type(error).__name__ != "PanicException":
            raise
        raise ReportError("the PDF could not be set: the compiler failed") from error
