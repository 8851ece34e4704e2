"""What a list is: its rows, filters, columns and order; and the register in which pages and exports find it."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise

from xinjin.lists.models import LONGEST_QUERY
from xinjin.reporting import Column

SORT = "sort"


@dataclass(frozen=True)
class ListColumn:
    """A column on the page and in the file alike.

    `value` gives the cell of a row (by default the attribute of the column's key). `order` are the fields to sort by,
    none when it cannot be sorted. `badge` gives (tone, shape) of a cell shown as a badge. `prepare` reads what only
    this column needs. `shown` is whether those see it who have chosen nothing; `names_row` marks the row's heading.
    """

    column: Column
    value: Callable[[Any], Any] | None = None
    order: tuple[str, ...] = ()
    badge: Callable[[Any], tuple[str, str]] | None = None
    prepare: Callable[[QuerySet], QuerySet] | None = None
    shown: bool = True
    names_row: bool = False
    is_long: bool = False

    @property
    def key(self) -> str:
        return self.column.key

    @property
    def label(self) -> str:
        return str(self.column.label)

    def cell(self, row: Any) -> Any:
        """The value of the cell, as the table of a report wants it."""
        return self.value(row) if self.value else attrgetter(self.key)(row)


@dataclass(frozen=True)
class ListDefinition:
    """A list of an app. `rows` are those that the user may see, with everything that a row shows.

    `tie` ends every order and must end with a unique field. `first` are expressions put before the default order.
    `adapt` turns a model into what the columns read.
    """

    name: str
    title: Promise
    url_name: str
    model: type[Model]
    filterset: Any
    rows: Callable[[Any], QuerySet]
    columns: tuple[ListColumn, ...]
    default_sort: str
    tie: tuple[str, ...]
    first: Callable[[Any], tuple[Any, ...]] = lambda user: ()
    adapt: Callable[[Any], Any] = lambda row: row
    row_class: Callable[[Any], str] = lambda row: ""

    def column(self, key: str) -> ListColumn | None:
        """The column of this key."""
        return next((column for column in self.columns if column.key == key), None)

    def sort_of(self, text: str) -> str:
        """A sort as the address names it ("date", "-date"); the default one for anything else."""
        column = self.column(text.removeprefix("-"))
        return text if column is not None and column.order else self.default_sort

    def order_by(self, sort: str, user: Any) -> list[Any]:
        """The fields to order by."""
        column = self.column(sort.removeprefix("-"))
        fields = column.order if column else ()
        first = self.first(user) if column is self.column(self.default_sort.removeprefix("-")) else ()
        return [*first, *(map(_reversed, fields) if sort.startswith("-") else fields), *self.tie]

    def chosen(self, keys: list[str] | None) -> list[ListColumn]:
        """The columns of these keys in the order of the list; its own choice when there are none left."""
        wanted = [column for column in self.columns if column.key in (keys or ())]
        return wanted or [column for column in self.columns if column.shown]

    def canonical(self, query: str) -> str:
        """The part of an address's query that is a question to this list, always written in the same way."""
        try:
            data = QueryDict(query[: 4 * LONGEST_QUERY])
        except ValueError:
            return ""
        names = [*self.filterset.base_filters, SORT]
        pairs = [(name, value) for name in names for value in data.getlist(name)[-1:] if value]
        return urlencode([(n, v) for n, v in pairs if n != SORT or self.sort_of(v) != self.default_sort])


def _reversed(field: str) -> str:
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"


_lists: dict[str, ListDefinition] = {}


def register(definition: ListDefinition) -> ListDefinition:
    """Adds a list; registering it again replaces it."""
    _lists[definition.name] = definition
    return definition


def find(name: str) -> ListDefinition | None:
    """The list of this name."""
    return _lists.get(name)
