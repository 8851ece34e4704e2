"""Filters of which the less used ones are folded away."""

from typing import Any

import django_filters


class FoldedFilterSet(django_filters.FilterSet):
    """The filters named in `folded` stand behind a “More filters”, which is open as soon as one of them is used."""

    folded: tuple[str, ...] = ()

    @property
    def shown_fields(self) -> list[Any]:
        """The fields that are always there."""
        return [field for field in self.form.visible_fields() if field.name not in self.folded]

    @property
    def folded_fields(self) -> list[Any]:
        """The fields behind the fold."""
        return [field for field in self.form.visible_fields() if field.name in self.folded]

    @property
    def is_unfolded(self) -> bool:
        """Whether a folded field holds something: what narrows the rows is never hidden."""
        return any(field.data for field in self.folded_fields)
