"""A list as a file: exactly the rows, the columns and the order on the page, masked as there, with a trace.

Everything a job needs is a value (who, which list, which query, which columns, which format), so that a long export
can be started from the page and made elsewhere.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from xinjin.audit.trail import record
from xinjin.jobs.progress import Report, silent
from xinjin.lists.definition import ListDefinition, find
from xinjin.lists.listing import Listing, chosen_keys
from xinjin.reporting import TABLE_FORMATS, render
from xinjin.reporting.render import Rendered

# So many rows are made while the person waits, more by a background job (jobs.py); beyond all reason none at all.
AT_ONCE = 2000
MOST_ROWS = 100_000


def parameters_of(definition: ListDefinition, user: Any, query: str, file_format: str) -> dict[str, Any]:
    """What `export_list` needs to make the file that the page now shows, as values."""
    return {
        "user_id": user.pk,
        "name": definition.name,
        "query": definition.canonical(query),
        "columns": [column.key for column in definition.chosen(chosen_keys(definition, user))],
        "file_format": file_format,
    }


def export_list(
    *,
    user_id: int,
    name: str,
    query: str,
    columns: list[str],
    file_format: str,
    most: int = AT_ONCE,
    report: Report = silent,
) -> Rendered:
    """The file, and an event of who took how many rows of what. Rights are asked now, not when it was ordered."""
    definition = find(name)
    user = get_user_model().objects.get(pk=user_id)
    if definition is None or file_format not in TABLE_FORMATS:
        raise ValueError(f"there is no list {name} as {file_format}")
    # The file is a document of the office: in Chinese, whatever the reader's language.
    with translation.override("zh-hans"), transaction.atomic():
        listing = Listing(definition, user, QueryDict(query), columns)
        if (count := listing.rows.count()) > most:
            raise ValidationError(
                _("An export takes at most %(most)s rows at once; these filters give %(count)s. Narrow them.")
                % {"most": most, "count": count}
            )
        table = listing.table(issued_on=timezone.localdate(), report=lambda done: report(done, count))
        rendered = render(table, file_format, stem=f"{definition.title}_{timezone.localdate():%Y-%m-%d}")
        detail = {"list": name, "rows": len(list(table.rows)), "format": file_format, "query": query}
        record(user, "export", user, {**detail, "columns": columns})
    return rendered
