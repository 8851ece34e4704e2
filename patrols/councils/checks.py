"""What is wrong with a council as written, all of it at once, by field. Measures are named `measures-1-owner`."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.councils.entries import CouncilEntry
from patrols.models import CouncilMeeting
from villages.models import Officer, Village, VillageContact
from villages.models.dated import holds_on
from xinjin.periods import Month

Mistakes = dict[str, str]
NEEDED = {
    "started_at": lambda: _("When did it begin?"),
    "ended_at": lambda: _("When did it end?"),
    "place": lambda: _("Where was it held?"),
    "chair": lambda: _("Who was in the chair?"),
    "agenda": lambda: _("What was on the agenda?"),
    "expected_count": lambda: _("How many were expected?"),
    "present_count": lambda: _("How many came?"),
}


def officers_of(village: Village, day: date) -> QuerySet:
    """The people of the police who hold a place in the village on the day."""
    held = Q(assignments__village=village) & holds_on(day, "assignments__")
    return Officer.objects.filter(pk__in=Officer.objects.filter(held).values("pk")).order_by("kind", "pk")


def able_to_own(village: Village) -> tuple[QuerySet, QuerySet]:
    """Who may have a measure today: the village's officers and the people of its station; its contacts."""
    today = timezone.localdate()
    here = Q(assignments__village=village) & holds_on(today, "assignments__")
    people = Officer.objects.active().filter(here | Q(unit=village.station_id)).values("pk")
    contacts = VillageContact.objects.on(today).filter(village=village)
    return Officer.objects.filter(pk__in=people).order_by("pinyin", "number"), contacts.order_by("pinyin", "pk")


def month_choices(meeting_day: date) -> list[Month]:
    """The months whose situation a meeting may hear: its own, and the one before."""
    month = Month.counting(meeting_day)
    return [month, month.previous()]


def usual_month(meeting_day: date) -> Month:
    """Early in a month the council looks back at the last one."""
    own, before = month_choices(meeting_day)
    return before if meeting_day < own.weeks()[1].start else own


def mistakes_of(meeting: CouncilMeeting, entry: CouncilEntry, *, complete: bool) -> Mistakes:
    """What no council may say; with `complete` also what a council that was held must say."""
    found: Mistakes = {}
    if entry.situation_month not in [month.key for month in month_choices(entry.held_on)]:
        found["situation_month"] = _("Choose the month of the meeting or the one before.")
    village = meeting.village
    if village.valid_from > entry.held_on or (village.valid_to and village.valid_to < entry.held_on):
        found["held_on"] = _("The village does not exist on this day.")
    if complete and entry.held_on > timezone.localdate():
        found["held_on"] = _("A council is handed in when it has been held.")
    if complete:
        found |= {name: words() for name, words in NEEDED.items() if getattr(entry, name) in (None, "")}
        if not entry.officers:
            found["officers"] = _("Tick who of the police was there.")
    return found | _order_mistakes(entry) | _measure_mistakes(entry)


def _order_mistakes(entry: CouncilEntry) -> Mistakes:
    """What the constraints of the table refuse, said with everything else."""
    found: Mistakes = {}
    if entry.started_at is not None and entry.ended_at is not None and entry.ended_at <= entry.started_at:
        found["ended_at"] = _("The meeting ends before it begins.")
    expected, present = entry.expected_count, entry.present_count
    if expected is not None and present is not None and present > expected:
        found["present_count"] = _("More are present than were expected.")
    return found


def _measure_mistakes(entry: CouncilEntry) -> Mistakes:
    found: Mistakes = {}
    for number, measure in enumerate(entry.measures):
        if not measure.what:
            found[f"measures-{number}-what"] = _("Say what is to be done.")
        if measure.owner is None:
            found[f"measures-{number}-owner"] = _("Say who does it.")
        if measure.due_on is None:
            found[f"measures-{number}-due_on"] = _("Say by when.")
        elif measure.due_on < entry.held_on:
            found[f"measures-{number}-due_on"] = _("The day lies before the meeting.")
    return found


def require(mistakes: Mistakes) -> None:
    """One ValidationError with everything that is wrong."""
    if mistakes:
        raise ValidationError(mistakes)
