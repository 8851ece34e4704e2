"""Who holds which place in which village (村村有警, R1): given, handed over, ended; never two holders."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from villages.choices import OfficerState, PostKind
from villages.models import Assignment, Officer, PartyPost, Village
from villages.roster import hold_officer, hold_village
from xinjin.accounts.models import User
from xinjin.audit.trail import save_recorded
from xinjin.errors import Conflict
from xinjin.races import one_winner


def assign(
    *, by: User | None, village: Village, officer: Officer, start_on: date, end_on: date | None = None
) -> Assignment:
    """Gives `officer` the place in `village` that a person of his kind holds, from `start_on` to `end_on` (None: open).

    Raises ValidationError when the place is taken on any of these days, the person is not active or holds no place by
    his kind, or the village does not exist on them; Conflict when another writer came first.
    """
    assignment = Assignment(village=village, officer=officer, slot=officer.slot or "", start_on=start_on, end_on=end_on)
    return save_assignment(assignment, by=by)


def hand_over(
    *, by: User | None, village: Village, officer: Officer, start_on: date, end_on: date | None = None
) -> Assignment:
    """As `assign`, after ending the holder of that place on the day before, and with it his post in the branch (R2)."""
    with one_winner():
        hold_village(village.pk)
        holder = village.assignments.on(start_on).filter(slot=officer.slot or "").first()
        if holder is not None:
            if holder.start_on >= start_on:
                raise ValidationError({"start_on": _("The present holder began on this day only.")})
            end_assignment(by=by, assignment=holder, end_on=start_on - timedelta(days=1))
        return assign(by=by, village=village, officer=officer, start_on=start_on, end_on=end_on)


def end_assignment(*, by: User | None, assignment: Assignment, end_on: date) -> Assignment:
    """Sets the last day; the holder's post in the branch of this village ends with it (R2).

    Raises Conflict when the assignment has ended earlier already, ValidationError when it begins later than `end_on`.
    """
    with one_winner():
        hold_village(assignment.village_id)
        stored = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
        if stored.end_on is not None and stored.end_on < end_on:
            raise Conflict(_("This assignment has ended already."))
        stored.end_on = end_on
        stored = save_recorded(stored, by=by, action="end")
        _end_branch_post(stored, end_on, by)
    return stored


def _end_branch_post(assignment: Assignment, end_on: date, by: User | None) -> None:
    posts = PartyPost.objects.filter(
        officer=assignment.officer_id, village=assignment.village_id, kind=PostKind.DEPUTY_SECRETARY
    )
    for post in posts.on(end_on).exclude(end_on=end_on).select_for_update(of=("self",)).order_by("pk"):
        post.end_on = end_on
        save_recorded(post, by=by, action="end")


def save_assignment(assignment: Assignment, *, by: User | None) -> Assignment:
    """Adds an assignment, or changes the days of one. Village, person and place of a stored one never change.

    Writers of one village wait for each other, so the later one is told who holds the place.
    """
    with one_winner():
        if assignment.village_id is None or assignment.officer_id is None:
            assignment.full_clean()  # says which fields are missing
        hold_village(assignment.village_id)
        officer = hold_officer(assignment.officer_id)
        stored = Assignment.objects.filter(pk=assignment.pk).first() if assignment.pk else None
        if stored is None:
            _check_new(assignment, officer)
        elif any(getattr(stored, name) != getattr(assignment, name) for name in ("village_id", "officer_id", "slot")):
            raise ValidationError(_("Only the days of an assignment can change: end it and add another one."))
        saved = save_recorded(assignment, by=by)
        if assignment.end_on is not None:
            _end_branch_post(assignment, assignment.end_on, by)
    return saved


def _check_new(assignment: Assignment, officer: Officer) -> None:
    if officer.state != OfficerState.ACTIVE:
        raise ValidationError({"officer": _("This person no longer serves.")})
    if officer.slot is None:
        raise ValidationError({"officer": _("A person of this kind cannot hold a place in a village.")})
    if assignment.slot == "":
        assignment.slot = officer.slot
