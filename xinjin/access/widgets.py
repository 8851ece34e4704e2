"""Widgets of the admin that survive anything a browser may send."""

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import models

BIGGEST = models.BigIntegerField.MAX_BIGINT


class ForgivingAutocompleteSelect(AutocompleteSelect):
    """Django's widget asks the database for whatever was posted and fails on what is no key; this one drops it."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, [key for key in value if self._is_key(key)], attr)

    def _is_key(self, key: Any) -> bool:
        try:
            parsed = self.field.target_field.to_python(key)
        except (ValidationError, ValueError):
            return False
        return not isinstance(parsed, int) or abs(parsed) <= BIGGEST
