"""The roster in the admin: the station staff's place of work."""

from villages.admin import belonging, handing_over, people, places  # noqa: F401
