"""Notes in the audit trail who took figures out of the system."""

from typing import Any

from django.db import transaction

from assessments.models import AssessmentMonth, Bulletin
from xinjin.audit.trail import record


@transaction.atomic
def record_month_download(*, by: Any, month: AssessmentMonth, file_format: str, rows: int) -> None:
    """A month's table was taken as a file."""
    record(by, "download", month, {"format": file_format, "rows": rows})


@transaction.atomic
def record_bulletin_download(*, by: Any, bulletin: Bulletin, file_format: str) -> None:
    """A bulletin was taken as a file."""
    record(by, "download", bulletin, {"format": file_format, "version": bulletin.version, "state": bulletin.state})
