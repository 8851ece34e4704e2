"""Background jobs: primitive arguments, one verb call each."""

from datetime import date

from celery import shared_task

from patrols import drafts, reminders
from patrols.attachments.files import sweep_attachments
from patrols.pictures import files


@shared_task(name="patrols.sweep")
def sweep(day: str | None = None) -> None:
    """Reminders that have become due (R22); `day` (2026-11-23) replays a missed one."""
    reminders.sweep(day=date.fromisoformat(day) if day else None)


@shared_task(name="patrols.sweep_photos")
def sweep_photos() -> None:
    """Removes what killed uploads have left."""
    files.sweep_photos()
    sweep_attachments()


@shared_task(name="patrols.tidy_drafts")
def tidy_drafts() -> None:
    """Forgotten drafts are told of, then deleted."""
    drafts.tidy_drafts()
