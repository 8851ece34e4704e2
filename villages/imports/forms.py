"""The file that is sent, looked at as far as needs no database: all that is wrong with its form is said at once."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from villages.imports.kinds import ImportKind
from villages.imports.limits import MOST_BYTES, MOST_ROWS
from villages.imports.tables import Table, read_table
from villages.imports.uploads import read_sheets


class UploadForm(forms.Form):
    """One file; `table` is what it says."""

    table: Table

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("XLSX or CSV (UTF-8 or GB18030), at most %(megabytes)s MB and %(rows)s rows.")
        % {"megabytes": MOST_BYTES // 1024**2, "rows": MOST_ROWS},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, kind: ImportKind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kind = kind

    def clean_file(self) -> Any:
        """The file, read; it is read again from its start by whoever keeps it."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            message = _("The file is larger than %(limit)s MB.")
            raise ValidationError(message % {"limit": MOST_BYTES // 1024**2})
        self.table = read_table(self._kind, read_sheets(upload.read(), upload.name))
        upload.seek(0)
        return upload
