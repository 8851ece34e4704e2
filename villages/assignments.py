"""Who holds which place in which village (村村有警, R1): given, handed over, ended, corrected; never two holders.

Whoever writes holds the village's row first and then the person's, so writers of one place come one after the other
and two hand-overs crosswise never wait for each other. A place handed over leaves a note (villages/hand_over_notes.py).
"""

from dataclasses import asdict
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from villages.changing_hands import Moment, pass_on, tell
from villages.choices import OfficerState, PostKind
from villages.models import Assignment, HandOverNote, Officer, PartyPost, Village
from villages.models.dated import day_before
from villages.roster import hold_officer, hold_village
from xinjin.accounts.models import User
from xinjin.audit.trail import save_recorded
from xinjin.errors import Conflict
from xinjin.races import one_winner

Days = tuple[date, date | None]


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
    *,
    by: User | None,
    village: Village,
    officer: Officer,
    start_on: date,
    end_on: date | None = None,
    note: str = "",
) -> Assignment:
    """As `assign`, after ending the holder of that place on the day before, and with it his post in the branch (R2).

    What is open passes to the successor as the apps above say (villages/changing_hands.py), and a note with `note`
    as its text waits for him to confirm it.
    """
    with one_winner():
        hold_village(village.pk)
        last_day = day_before(start_on)
        # Who ends on the day before anyway hands over just as well.
        holders = village.assignments.filter(Q(end_on=None) | Q(end_on__gte=last_day), start_on__lte=start_on)
        holder = holders.filter(slot=officer.slot or "").select_related("officer").order_by("-start_on").first()
        if holder is None:
            return assign(by=by, village=village, officer=officer, start_on=start_on, end_on=end_on)
        if holder.officer_id == officer.pk:
            raise ValidationError({"officer": _("This person holds the place already.")})
        if holder.start_on >= start_on:
            raise ValidationError({"start_on": _("The present holder began on this day only.")})
        ended = end_assignment(by=by, assignment=holder, end_on=last_day, reason=_("Handed over"))
        begun = assign(by=by, village=village, officer=officer, start_on=start_on, end_on=end_on)
        _leave_note(by, ended, begun, note.strip())
        return begun


def _leave_note(by: User | None, ended: Assignment, begun: Assignment, text: str) -> None:
    matters = [asdict(matter) for matter in pass_on(by, ended, begun)]
    note = HandOverNote(ended=ended, begun=begun, text=text, matters=matters, written_by=by if text else None)
    tell(save_recorded(note, by=by, action="hand_over"), Moment.LEFT)


def end_assignment(*, by: User | None, assignment: Assignment, end_on: date, reason: str = "") -> Assignment:
    """Sets the last day; the holder's post in the branch of this village ends with it (R2).

    Raises Conflict when the assignment has ended earlier already, ValidationError when it begins later than `end_on`.
    """
    with one_winner():
        hold_village(assignment.village_id)
        stored = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
        if stored.end_on is not None and stored.end_on < end_on:
            raise Conflict(_("This assignment has ended already."))
        stored.end_on = end_on
        stored = save_recorded(stored, by=by, action="end", detail={"reason": reason} if reason else None)
        _end_branch_post(stored, end_on, by)
    return stored


def correct_assignment(
    *,
    by: User | None,
    assignment: Assignment,
    start_on: date,
    end_on: date | None,
    reason: str,
    seen: Days | None = None,
) -> Assignment:
    """Changes the days of an assignment, for a reason that the trail keeps; a day earlier ends the branch post too.

    Raises Conflict when the days are no longer the ones that the writer saw.
    """
    with one_winner():
        hold_village(assignment.village_id)
        hold_officer(assignment.officer_id)
        stored = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
        now = (stored.start_on, stored.end_on)
        if seen is not None and now != seen:
            raise Conflict(
                _("Somebody else has changed the days of this assignment meanwhile: now %(days)s.")
                % {"days": _words(now)}
            )
        if now == (start_on, end_on):
            return stored
        if not reason.strip():
            raise ValidationError({"reason": _("Say why the days change.")})
        stored.start_on, stored.end_on = start_on, end_on
        stored = save_recorded(stored, by=by, action="correct", detail={"reason": reason.strip()})
        if end_on is not None:
            _end_branch_post(stored, end_on, by)
    return stored


def _words(days: Days) -> str:
    start, end = days
    return f"{start:%Y-%m-%d} – {end:%Y-%m-%d}" if end else f"{start:%Y-%m-%d} –"


def _end_branch_post(assignment: Assignment, end_on: date, by: User | None) -> None:
    posts = PartyPost.objects.filter(
        officer=assignment.officer_id, village=assignment.village_id, kind=PostKind.DEPUTY_SECRETARY
    )
    for post in posts.on(end_on).exclude(end_on=end_on).select_for_update(of=("self",)).order_by("pk"):
        post.end_on = end_on
        save_recorded(post, by=by, action="end")


def save_assignment(assignment: Assignment, *, by: User | None) -> Assignment:
    """Adds an assignment; the days of a stored one are changed by `correct_assignment`, the rest never changes.

    Writers of one village wait for each other, so the later one is told who holds the place.
    """
    with one_winner():
        if assignment.village_id is None or assignment.officer_id is None:
            assignment.full_clean()  # says which fields are missing
        hold_village(assignment.village_id)
        officer = hold_officer(assignment.officer_id)
        if not assignment._state.adding:
            raise ValidationError(_("Only the days of an assignment can change: end it and add another one."))
        _check_new(assignment, officer)
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
