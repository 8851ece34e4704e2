"""The key of a page that makes something."""

from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from xinjin.idempotency.pages import FIELD

register = template.Library()


@register.simple_tag
def page_key() -> SafeString:
    """A hidden field with a key made now: what is posted twice with it is done once (pages.once_a_page)."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid4())
