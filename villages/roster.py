"""Keeping the roster (村村有警, R1–R4): units, villages, people, posts, contacts, households.

Who holds which place in which village is in assignments.py.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from villages.choices import HOLDERS, OfficerState, Slot
from villages.models import (
    Absence,
    Assignment,
    GapNorm,
    Household,
    Officer,
    PartyPost,
    Township,
    Unit,
    Village,
    VillageContact,
)
from xinjin.accounts.models import User
from xinjin.audit.trail import save_recorded
from xinjin.periods import Span
from xinjin.races import one_winner

Plain = TypeVar("Plain", Unit, Township, Household, VillageContact, GapNorm)


def _save_plain(obj: Plain, by: User | None) -> Plain:
    with one_winner():
        return save_recorded(obj, by=by)


def save_gap_norm(norm: GapNorm, *, by: User | None) -> GapNorm:
    """Adds or changes how early and how strictly gaps are shown from a day on."""
    return _save_plain(norm, by)


def save_unit(unit: Unit, *, by: User | None) -> Unit:
    """Adds or changes a unit of the bureau."""
    return _save_plain(unit, by)


def save_township(township: Township, *, by: User | None) -> Township:
    """Adds or changes a township or street office."""
    return _save_plain(township, by)


def save_contact(contact: VillageContact, *, by: User | None) -> VillageContact:
    """Adds or changes a cadre, grid member or volunteer of a village (R3)."""
    return _save_plain(contact, by)


def save_household(household: Household, *, by: User | None) -> Household:
    """Adds or changes a household of a village."""
    return _save_plain(household, by)


def save_village(village: Village, *, by: User | None) -> Village:
    """Adds or changes a village. Its last day ends what would outlive it: assignments, posts and contacts.

    Raises ValidationError when something of the village begins only after its last day, or it is merged into itself.
    """
    with one_winner():
        if village.pk is not None:
            hold_village(village.pk)
            if village.merged_into_id == village.pk:
                raise ValidationError({"merged_into": _("A village cannot be merged into itself.")})
        village.full_clean()
        if village.pk is not None and village.valid_to is not None:
            # Before the village itself, so that the database never sees one of them outlive it.
            _end_with(village, village.valid_to, by)
        save_recorded(village, by=by)
    return village


def _end_with(village: Village, last_day: date, by: User | None) -> None:
    for rows in (village.assignments, village.party_posts, village.contacts):
        # Descending, so that nothing is stored when one of them is still to begin.
        for row in rows.exclude(end_on__lte=last_day).select_for_update(of=("self",)).order_by("-start_on", "-pk"):
            if row.start_on > last_day:
                day = date_format(row.start_on)
                raise ValidationError(
                    {"valid_to": _("%(record)s begins on %(day)s, after this.") % {"record": row, "day": day}}
                )
            row.end_on = last_day
            save_recorded(row, by=by, action="end")


def hold_village(pk: int) -> None:
    """Until the commit nobody else changes the village or who holds its places; logs and households go on."""
    Village.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def hold_officer(pk: int) -> Officer:
    """Until the commit nobody else changes this person, his absences or his posts."""
    return Officer.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def save_officer(officer: Officer, *, by: User | None) -> Officer:
    """Adds or changes a person; links the account whose user name is his number.

    Raises ValidationError when he would leave, or become of another kind, while he holds a place in a village: that
    place has to be handed over first, so that no gap comes about unseen (R1).
    """
    with one_winner():
        if officer.pk is not None:
            hold_officer(officer.pk)
            check_places(officer, lasting_places([officer]).get(officer.pk, []))
        if officer.user_id is None:
            officer.user = accounts_to_link([officer]).get(officer.number)
        return save_recorded(officer, by=by)


def accounts_to_link(officers: Iterable[Officer]) -> dict[str, User]:
    """{number: the account of that user name which belongs to nobody yet}."""
    numbers = [officer.number for officer in officers]
    return {user.username: user for user in User.objects.filter(username__in=numbers, officer=None)}


def lasting_places(officers: Iterable[Officer]) -> dict[int, list[Assignment]]:
    """{officer: the places that he holds today or later}."""
    lasting = Q(end_on=None) | Q(end_on__gte=timezone.localdate())
    rows = Assignment.objects.filter(lasting, officer__in=[officer.pk for officer in officers])
    found: dict[int, list[Assignment]] = {}
    for row in rows.select_related("village").order_by("village__code", "pk"):
        found.setdefault(row.officer_id, []).append(row)
    return found


def check_places(officer: Officer, held: Iterable[Assignment]) -> None:
    """Raises ValidationError when the person, as he would become, cannot go on holding the places of `held` (R1)."""
    held = list(held)
    errors: dict[str, str] = {}
    if officer.state != OfficerState.ACTIVE and held:
        names = ", ".join(assignment.village.name for assignment in held)
        errors["state"] = _("Still holds a place in: %(villages)s. Hand it over or end it first.") % {"villages": names}
    unfit = [a.village.name for a in held if officer.kind not in HOLDERS[Slot(a.slot)]]
    if unfit:
        errors["kind"] = _("A person of this kind cannot hold the present place in: %(villages)s.") % {
            "villages": ", ".join(unfit)
        }
    if errors:
        raise ValidationError(errors)


def save_party_post(post: PartyPost, *, by: User | None) -> PartyPost:
    """Adds or changes a post in a village branch or on a town committee (R2)."""
    with one_winner():
        _check_owner(post, _("A post cannot pass to somebody else: end it and add another one."))
        hold_officer(post.officer_id)
        return save_recorded(post, by=by)


def save_absence(absence: Absence, *, by: User | None) -> Absence:
    """Adds or changes half days on which a person owes nothing.

    Raises ValidationError when they overlap another absence, or the stand-in does not serve or is away himself.
    """
    with one_winner():
        _check_owner(absence, _("An absence cannot pass to somebody else: end it and add another one."))
        hold_officer(absence.officer_id)
        absence.full_clean()
        _check_stand_in(absence)
        return save_recorded(absence, by=by)


def _check_stand_in(absence: Absence) -> None:
    if absence.stand_in is None:
        return
    if absence.stand_in.state != OfficerState.ACTIVE:
        raise ValidationError({"stand_in": _("This person no longer serves.")})
    last = absence.end_on or date.max
    first_half, last_half = absence.halves
    for other in absence.stand_in.absences.during(Span(absence.start_on, last)):
        away_from, away_until = other.halves
        if away_from <= first_half and last_half <= away_until:
            raise ValidationError({"stand_in": _("This person is away all that time.")})


def _check_owner(row: PartyPost | Absence, message: str) -> None:
    if row.officer_id is None:
        row.full_clean()  # says which fields are missing
    stored: Any = type(row)._default_manager.filter(pk=row.pk).first()
    if stored is not None and stored.officer_id != row.officer_id:
        raise ValidationError({"officer": message})
