"""A dry run and an import are background jobs; small ones are performed at once, in the request that starts them."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from villages.imports.kinds import KINDS, ImportKind
from villages.imports.limits import ROWS_AT_ONCE
from villages.imports.tables import Table, read_table
from villages.imports.uploads import read_sheets
from xinjin.jobs import runs
from xinjin.jobs.models import JobRun, JobState

CHECK, IMPORT = "villages.import_check", "villages.import"


def start_check(*, by: Any, kind: ImportKind, upload: UploadedFile, rows: int) -> JobRun:
    """A dry run of the file; finished when few rows are in it."""
    title = _("Check before importing: %(kind)s, %(file)s") % {"kind": kind.label, "file": upload.name}
    run = runs.start(by=by, kind=CHECK, title=title, parameters={"kind": kind.slug, "rows": rows}, upload=upload)
    return _at_once(run, rows)


def start_import(*, by: Any, check: JobRun) -> JobRun:
    """Writes what a dry run without mistakes has shown; a second call gives the import that is under way or done."""
    rows = check.parameters["rows"]
    with transaction.atomic():
        JobRun.objects.select_for_update(of=("self",)).get(pk=check.pk)
        run = import_of(check)
        if run is None:
            parameters = {**check.parameters, "check": str(check.pk)}
            label = KINDS[check.parameters["kind"]].label
            title = _("Import: %(kind)s, %(file)s") % {"kind": label, "file": check.upload_name}
            run = runs.start(by=by, kind=IMPORT, title=title, parameters=parameters)
    return _at_once(run, rows)


def import_of(check: JobRun) -> JobRun | None:
    """The import of what this dry run has shown, if it was begun and has not failed."""
    imports = JobRun.objects.filter(kind=IMPORT, owner=check.owner_id, parameters__check=str(check.pk))
    return imports.exclude(state=JobState.FAILED).order_by("started_at", "pk").first()


def table_of(check: JobRun) -> tuple[ImportKind, Table]:
    """The kind and the rows of the file that was sent."""
    kind = KINDS[check.parameters["kind"]]
    with check.upload.open() as file:
        sheets = read_sheets(file.read(), check.upload_name)
    return kind, read_table(kind, sheets)


def _at_once(run: JobRun, rows: int) -> JobRun:
    if rows <= ROWS_AT_ONCE:
        runs.perform(run.pk)
        run.refresh_from_db()
    return run
