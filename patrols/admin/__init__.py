"""Visits, standards, reports and reminders in the admin: the station staff's place of work."""

from patrols.admin import briefings, ledger, reports, standards, visits  # noqa: F401
