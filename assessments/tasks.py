"""Jobs: primitives in, one verb call (R18)."""

from celery import shared_task

from assessments.monthly import open_period
from xinjin import periods


@shared_task(name="assessments.open_period")
def open_period_task(key: str | None = None) -> None:
    """Opens the month `key`, by default the newest that may be opened; again, it brings it up to date."""
    open_period(by=None, month=periods.parse_as(periods.Month, key) if key else None)
