"""Masking in templates, and the value that a mapping has for a row."""

from collections.abc import Mapping
from typing import Any

from django import template

from villages import masking

register = template.Library()
register.filter("mask_name", masking.mask_name)
register.filter("mask_phone", masking.mask_phone)
register.filter("hide_names", masking.hide_names)


@register.filter
def of_key(values: Mapping, key: Any) -> Any:
    """What `values` holds for `key`; None when it holds nothing."""
    return values.get(key)
