"""What changes hands in the demo: places handed over with their notes, leave with and without stand-in, a new name.

One note waits for the demo community officer, who took over a second village; its former holder has no village now.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from assessments.demo import phrases
from assessments.demo.roster import DEMO_COMMUNITY, DEMO_TOWNSHIP, DEMO_VILLAGE, Roster
from patrols.choices import NoticeKind
from patrols.models import InboxItem
from villages.choices import AbsenceKind, OfficerKind, OfficerState, PostKind, Slot, VillageKind
from villages.models import Absence, Assignment, FormerName, HandOverNote, Officer, PartyPost, Village
from villages.pinyin import spell

DAY = timedelta(days=1)
TAKEN_OVER_DAYS_AGO = 12


def make_turnover(roster: Roster) -> None:
    """Everything of this module; after the people, before their visits."""
    _confirmed_notes(roster)
    _waiting_note(roster)
    _leaves(roster)
    _former_name(roster)


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9, 30)))


def _confirmed_notes(roster: Roster) -> None:
    """Of the places that changed hands in mid-year."""
    held = Assignment.objects.select_related("officer__user").order_by("pk")
    ended = [row for row in held if row.officer.state == OfficerState.TRANSFERRED]
    begun = {(row.village_id, row.slot, row.start_on): row for row in held}
    notes = []
    for row in ended:
        if row.end_on is None:
            continue
        follower = begun[row.village_id, row.slot, row.end_on + DAY]
        text = roster.random.choice(phrases()["hand_over_notes"])
        note = HandOverNote(ended=row, begun=follower, text=text, written_by=row.officer.user)
        note.confirmed_at = _at(follower.start_on + DAY)
        notes.append(note)
    HandOverNote.objects.bulk_create(notes)
    for note in notes:
        HandOverNote.objects.filter(pk=note.pk).update(created_at=_at(note.begun.start_on - DAY))


def _waiting_note(roster: Roster) -> None:
    taker = Officer.objects.get(user__username="community")
    day = roster.today - TAKEN_OVER_DAYS_AGO * DAY
    held = Assignment.objects.filter(
        village__station=taker.unit, slot=Slot.OFFICER, officer__kind=OfficerKind.COMMUNITY, end_on=None
    )
    ended = held.exclude(officer=taker).select_related("officer__user", "village").order_by("village__code").first()
    if ended is None:
        return
    ended.end_on = day - DAY
    ended.save(update_fields=["end_on"])
    PartyPost.objects.filter(officer=ended.officer, village=ended.village).update(end_on=day - DAY)
    PartyPost.objects.create(officer=taker, kind=PostKind.DEPUTY_SECRETARY, village=ended.village, start_on=day)
    begun = Assignment.objects.create(officer=taker, village=ended.village, slot=Slot.OFFICER, start_on=day)
    note = HandOverNote.objects.create(
        ended=ended, begun=begun, text=phrases()["hand_over_notes"][0], written_by=ended.officer.user
    )
    HandOverNote.objects.filter(pk=note.pk).update(created_at=_at(day - DAY))
    context = {"name": ended.village.name, "url": note.get_absolute_url()}
    InboxItem.objects.create(recipient=taker, kind=NoticeKind.HAND_OVER, context=context)


def _leaves(roster: Roster) -> None:
    """Two of the demo station, one with a stand-in and one without; both reach beyond today."""
    held = Assignment.objects.filter(village__township__code=DEMO_TOWNSHIP, slot=Slot.OFFICER, end_on=None)
    known = ("officer", "community")
    rows = (
        held.exclude(officer__user__username__in=known).exclude(village__code=DEMO_VILLAGE).order_by("-village__code")
    )
    first, second, third = (row.officer for row in rows.select_related("officer")[:3])
    today = roster.today
    leave = Absence(
        officer=first, kind=AbsenceKind.LEAVE, start_on=today - DAY, end_on=today + 3 * DAY, stand_in=second
    )
    training = Absence(officer=third, kind=AbsenceKind.TRAINING, start_on=today + 4 * DAY, end_on=today + 9 * DAY)
    leave.from_noon, training.until_noon = True, True
    Absence.objects.bulk_create([leave, training])


def _former_name(roster: Roster) -> None:
    """A community that was a village until a third of the demo's year was over, under the code of the county."""
    places = Village.objects.filter(township__code=DEMO_TOWNSHIP, kind=VillageKind.COMMUNITY)
    village = places.exclude(code=DEMO_COMMUNITY).order_by("code").first()
    if village is None:
        return
    name = f"{village.name.removesuffix('社区')}村"
    pinyin, initials = spell(name)
    FormerName.objects.create(
        village=village, name=name, pinyin=pinyin, initials=initials, code=f"510132{village.code[6:]}",
        start_on=village.valid_from, end_on=roster.since + 100 * DAY,
    )  # fmt: skip
