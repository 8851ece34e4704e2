"""The background job of lists: an export that takes longer than a person should wait for."""

from django.utils.translation import gettext as _

from xinjin.jobs.models import JobRun
from xinjin.jobs.progress import Progress
from xinjin.jobs.registry import Result, job
from xinjin.lists.exports import MOST_ROWS, export_list

EXPORT = "lists.export"


@job(EXPORT)
def export(run: JobRun, progress: Progress) -> Result:
    """The rows of a list as a file, by the rights that its owner has now."""
    made = export_list(**{**run.parameters, "user_id": run.owner_id}, most=MOST_ROWS, report=progress)
    run.message = _("The file is ready.")
    return made.filename, made.content
