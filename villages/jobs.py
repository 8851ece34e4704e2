"""The background jobs of this app."""

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from villages.imports.applying import carry_out
from villages.imports.kinds import KINDS
from villages.imports.outcome import Outcome
from villages.imports.papers import error_file
from villages.imports.running import CHECK, IMPORT, table_of
from xinjin.errors import Conflict
from xinjin.jobs.models import JobRun, JobState
from xinjin.jobs.progress import Progress
from xinjin.jobs.registry import Result, job


def page_of_check(run: JobRun) -> str:
    """Where the dry run is looked at."""
    meta = KINDS[run.parameters["kind"]].model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_import_check", args=[run.pk])


def page_of_import(run: JobRun) -> str:
    """The page of its dry run, which tells that it is done."""
    return page_of_check(JobRun(pk=run.parameters["check"], parameters=run.parameters))


@job(CHECK, page=page_of_check)
def check_import(run: JobRun, progress: Progress) -> Result:
    """The dry run; its file, when something is wrong, is the table to be corrected."""
    progress(0, 2 * run.parameters["rows"])
    kind, table = table_of(run)
    outcome = carry_out(kind, table, by=run.owner, report=progress, for_good=False)
    run.report = outcome.as_json()
    if outcome.is_right:
        run.message = outcome.sentence
        return None
    run.message = _("%(count)s mistakes; nothing was imported.") % {"count": len(outcome.mistakes)}
    stem = run.upload_name.rsplit(".", 1)[0] or kind.label
    return _("%(name)s (to be corrected).xlsx") % {"name": stem[:100]}, error_file(kind, table, outcome.mistakes)


@job(IMPORT, page=page_of_import)
def import_table(run: JobRun, progress: Progress) -> Result:
    """Writes exactly what the dry run has shown, or nothing."""
    check = JobRun.objects.filter(pk=run.parameters["check"], owner=run.owner, state=JobState.DONE).first()
    if check is None or not (shown := Outcome.from_json(check.report)).is_right:
        raise ValidationError(_("The file has not been checked, or has mistakes."))
    progress(0, 2 * check.parameters["rows"])
    kind, table = table_of(check)
    with progress.last_step():
        outcome = carry_out(kind, table, by=run.owner, report=progress, for_good=True)
        if not outcome.is_right or outcome.digest != shown.digest:
            raise Conflict(_("Records have changed since the file was checked. Check it again."))
        run.message = _("Imported: %(counts)s") % {"counts": outcome.sentence}
    return None
