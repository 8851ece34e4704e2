"""The roster in the admin: the station staff's place of work."""

from villages.admin import belonging, people, places  # noqa: F401
