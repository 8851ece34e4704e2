"""Keeping filters and columns: a person's own, changed by their owner alone."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from xinjin.audit.trail import record, save_recorded
from xinjin.lists.definition import ListDefinition
from xinjin.lists.models import LONGEST_QUERY, ColumnChoice, SavedFilter, Sharing
from xinjin.races import one_winner

MOST_FILTERS = 50


def save_filter(
    *,
    by: Any,
    definition: ListDefinition,
    name: str,
    query: str,
    sharing: str = Sharing.PRIVATE,
    is_default: bool = False,
) -> SavedFilter:
    """Keeps a question to the list under a name; what is no part of the question is dropped."""
    question = definition.canonical(query)
    if not question:
        raise ValidationError({"query": _("Set a filter first, then keep it.")})
    if len(question) > LONGEST_QUERY:
        raise ValidationError({"query": _("These filters are too long to be kept.")})
    with one_winner():
        _hold(by)
        if SavedFilter.objects.filter(owner=by.pk, list_name=definition.name).count() >= MOST_FILTERS:
            raise ValidationError({"name": _("You keep %(count)s filters already.") % {"count": MOST_FILTERS}})
        if is_default:
            _no_default(by, definition.name)
        kept = SavedFilter(
            owner=by,
            list_name=definition.name,
            name=name.strip(),
            query=question,
            sharing=sharing,
            is_default=is_default,
        )
        return save_recorded(kept, by=by)


def change_filter(*, by: Any, kept: SavedFilter, name: str, sharing: str, is_default: bool) -> SavedFilter:
    """Another name, other readers, or the filter with which the list opens."""
    with one_winner():
        _hold(by)
        if is_default and not kept.is_default:
            _no_default(by, kept.list_name)
        kept.name, kept.sharing, kept.is_default = name.strip(), sharing, is_default
        return save_recorded(kept, by=by)


@transaction.atomic
def delete_filter(*, by: Any, kept: SavedFilter) -> None:
    """Forgets the filter; for those with whom it was shared too."""
    record(by, "delete", kept, {"query": kept.query, "sharing": kept.sharing})
    kept.delete()


def choose_columns(*, by: Any, definition: ListDefinition, keys: list[str]) -> None:
    """The columns that the person wants to see; the list's own choice again when it is the same or nothing is left.

    How somebody likes his list is no event of the programme: it leaves no trace.
    """
    chosen = [column.key for column in definition.columns if column.key in keys]
    mine = {"owner": by, "list_name": definition.name}
    if not chosen or chosen == [column.key for column in definition.columns if column.shown]:
        ColumnChoice.objects.filter(**mine).delete()
    else:
        ColumnChoice.objects.update_or_create(**mine, defaults={"columns": chosen})


def _hold(by: Any) -> None:
    """One writer at a time for each owner, so that neither the number nor the one default can be passed by."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)


def _no_default(by: Any, list_name: str) -> None:
    SavedFilter.objects.filter(owner=by.pk, list_name=list_name, is_default=True).update(is_default=False)
