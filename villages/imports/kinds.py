"""The tables that can be imported. Template, explanations, reading, dry run and error file follow from this alone.

Apps above add theirs with `register`.

A column's label, length and whether it is needed are those of the model's field; here stands only how its cells are
read and what has to be explained.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from villages import bulk
from villages.access import OF_THE_BRIGADE
from villages.choices import (
    ContactKind,
    HouseholdTag,
    OfficerKind,
    OfficerState,
    VillageKind,
)
from villages.imports import cells
from villages.models import Household, Officer, Township, Unit, Village, VillageContact


@dataclass(frozen=True)
class Reference:
    """A row of another table named in a cell: by its code, or by a name if only one is called so.

    `action` is what the user must be allowed to do with a row to name it: what the admin offers him to choose.
    """

    model: type[models.Model]
    names: tuple[str, ...]
    action: str = "view"


@dataclass(frozen=True)
class Column:
    """A column of a table: a field of the model, how a cell is read, and a word of explanation."""

    field: models.Field
    read: cells.Reader
    hint: Any
    example: str
    choices: Any = None
    reference: Reference | None = None
    # The heading must be there although a cell may stay empty: then emptiness says something, such as none.
    is_expected: bool = False

    @property
    def name(self) -> str:
        """The name of the field."""
        return self.field.name

    @property
    def label(self) -> str:
        """The heading, in the language of the moment."""
        return str(self.field.verbose_name)

    @property
    def is_required(self) -> bool:
        """Whether a new row must have it."""
        return not self.field.blank and not self.field.has_default()

    @property
    def keeps(self) -> bool:
        """Whether an empty cell means "as it is": the field cannot be empty, but has a default."""
        return not self.field.blank or isinstance(self.field, models.BooleanField)


@dataclass(frozen=True)
class Part:
    """A record that a row says: its values by field, and the column in which they stand, if it is one of several."""

    values: dict[str, Any]
    column: str = ""


def one_record(values: dict[str, Any]) -> Iterable[Part]:
    """A row is a record."""
    return (Part(values),)


@dataclass(frozen=True)
class ImportKind:
    """A kind of table.

    `key` are the fields by which a record is found again, `marked` the column at which it is said that something is
    wrong with that; `fixed` are those that only he may change who may add; `save` writes many records at once.
    `unfold` makes the records of a row out of its values; it raises ValidationError by column for what does not fit.
    """

    slug: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    marked: str
    save: Callable[..., None]
    fixed: tuple[str, ...] = ()
    unfold: Callable[[dict[str, Any]], Iterable[Part]] = one_record

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by the name of their field."""
        return {column.name: column for column in self.columns}

    @property
    def label(self) -> str:
        """What the rows are called, in the language of the moment."""
        return str(self.model._meta.verbose_name_plural)


def column(model: type[models.Model], name: str, read: cells.Reader, hint: Any, example: str, **more: Any) -> Column:
    """The column of a field of `model`."""
    field: Any = model._meta.get_field(name)
    return Column(field, read, hint, example, **more)


def chosen(model: type[models.Model], name: str, choices: Any, hint: Any = "") -> Column:
    """A column whose cells are one of `choices`."""
    return column(model, name, cells.choice(choices), hint, "", choices=choices)


VILLAGE = Reference(Village, ("name", "official_name"))
A_DAY = _("A day such as 2024-03-01 or 2024年3月1日.")
A_VILLAGE = _("Twelve-digit code, or the name if only one village is called so.")

OFFICERS = ImportKind(
    "officers",
    Officer,
    (
        column(Officer, "number", cells.code, _("Police or auxiliary number; a person is found by it."), "051234"),
        column(Officer, "name", cells.name, "", "李伟"),
        chosen(Officer, "kind", OfficerKind),
        column(
            Officer, "unit", cells.text, _("Name or code of the unit."), "",
            reference=Reference(Unit, ("name",), action="staff"),
        ),
        column(Officer, "post", cells.text, "", "社区民警"),
        column(Officer, "phone", cells.code, "", "13800000000"),
        column(Officer, "is_party_member", cells.flag, _("Yes or no; empty: as it is, for a new person no."), ""),
        chosen(Officer, "state", OfficerState, _("Empty: as it is, for a new person active.")),
    ),
    key=("number",),
    marked="number",
    save=bulk.save_officers,
)  # fmt: skip

VILLAGES = ImportKind(
    "villages",
    Village,
    (
        column(Village, "code", cells.code, _("Twelve digits; a village is found by it."), "510132001201"),
        column(Village, "name", cells.name, "", "岳店村"),
        column(Village, "official_name", cells.name, "", "岳店村村民委员会"),
        chosen(Village, "kind", VillageKind),
        column(
            Village, "township", cells.text, _("Name or nine-digit code."), "", reference=Reference(Township, ("name",))
        ),
        column(
            Village, "station", cells.text, _("Name or code of the station."), "",
            reference=Reference(Unit, ("name",), action="staff"),
        ),
        column(Village, "address", cells.text, "", "岳店村1组"),
        column(Village, "household_total", cells.whole, _("A whole number."), "800"),
        column(Village, "population", cells.whole, _("A whole number."), "2400"),
        column(Village, "valid_from", cells.day, A_DAY, "2020-06-01"),
        column(Village, "valid_to", cells.day, _("The last day; empty: until further notice."), ""),
    ),
    key=("code",),
    marked="code",
    save=bulk.save_villages,
    fixed=OF_THE_BRIGADE,
)  # fmt: skip

CONTACTS = ImportKind(
    "contacts",
    VillageContact,
    (
        column(VillageContact, "village", cells.text, A_VILLAGE, "", reference=VILLAGE),
        chosen(VillageContact, "kind", ContactKind),
        column(VillageContact, "name", cells.name, "", "王芳"),
        column(VillageContact, "post", cells.text, "", "村委会主任"),
        column(VillageContact, "phone", cells.code, "", "13800000000"),
        column(VillageContact, "start_on", cells.day, A_DAY, "2024-01-01"),
        column(VillageContact, "end_on", cells.day, _("The last day; empty: until further notice."), ""),
    ),
    key=("village", "kind", "name", "start_on"),
    marked="name",
    save=bulk.save_contacts,
)

HOUSEHOLDS = ImportKind(
    "households",
    Household,
    (
        column(Household, "village", cells.text, A_VILLAGE, "", reference=VILLAGE),
        column(Household, "address", cells.text, _("Within the village, such as 3组12号."), "3组12号"),
        column(Household, "head_name", cells.name, "", "陈国强"),
        column(Household, "phone", cells.code, "", "13800000000"),
        column(
            Household, "tags", cells.several(HouseholdTag), _("Several with 、 between them."), "", choices=HouseholdTag
        ),
    ),
    key=("village", "address", "head_name"),
    marked="address",
    save=bulk.save_households,
)

KINDS: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> ImportKind:
    """Adds a kind of table; a name given twice is a mistake."""
    if KINDS.get(kind.slug, kind) is not kind:
        raise ValueError(f"the kind of table {kind.slug} is declared twice")
    KINDS[kind.slug] = kind
    return kind


for _kind in (OFFICERS, VILLAGES, CONTACTS, HOUSEHOLDS):
    register(_kind)
