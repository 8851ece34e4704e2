"""The one navigation of the product: apps register their items, the shell shows those a user may open.

Counters put a number beside an item, such as the unread rows of the inbox.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

Counter = Callable[[Any], int]


@dataclass(frozen=True)
class NavItem:
    """An entry of the header. An empty permission means any signed-in user; sections are set apart by a rule."""

    label: "_StrOrPromise"
    url_name: str
    permission: str
    order: int
    section: str = ""


@dataclass(frozen=True)
class VisibleItem:
    """A NavItem as one request sees it."""

    label: "_StrOrPromise"
    url: str
    active: bool
    count: int
    opens_section: bool


_items: dict[str, NavItem] = {}
_counters: dict[str, Counter] = {}


def register(*items: NavItem) -> None:
    """Adds items; a second registration of the same URL name replaces the first."""
    for item in items:
        _items[item.url_name] = item


def register_counter(url_name: str, count: Counter) -> None:
    """The number shown beside the item of `url_name`; zero shows nothing."""
    _counters[url_name] = count


def registered() -> list[NavItem]:
    """All items in the order of the header."""
    return sorted(_items.values(), key=lambda item: (item.order, item.url_name))


def items_for(request: HttpRequest) -> list[VisibleItem]:
    """The items that the user of this request may open, the current one marked."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    allowed = [item for item in registered() if not item.permission or user.has_perm(item.permission)]
    found = [(item, address) for item in allowed if (address := _address(item)) is not None]
    current = _current(request.path, [address for _, address in found])
    visible = []
    previous = None
    for item, address in found:
        counter = _counters.get(item.url_name)
        visible.append(
            VisibleItem(
                label=item.label,
                url=address,
                active=address == current,
                count=counter(user) if counter else 0,
                opens_section=previous is not None and item.section != previous,
            )
        )
        previous = item.section
    return visible


def _address(item: NavItem) -> str | None:
    # A name that leads nowhere would otherwise turn every page, the error pages too, into an error.
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return None


def _current(path: str, addresses: list[str]) -> str | None:
    """The longest address that the path lies below, so that exactly one item is marked."""
    below = [address for address in addresses if path == address or (address != "/" and path.startswith(address))]
    return max(below, key=len, default=None)
