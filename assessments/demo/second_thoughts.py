"""What the demo people left open or put right: drafts, returned and corrected logs, notes after the lock (R11)."""

from dataclasses import replace
from datetime import date, time, timedelta

from django.utils import timezone

from assessments.demo.roster import Roster
from patrols.choices import NoticeKind, VisitState
from patrols.corrections import add_note
from patrols.drafts import tidy_drafts
from patrols.entries import CallEntry, VisitEntry, entry_of
from patrols.inbox import leave_notice
from patrols.models import CorrectionNote, InboxItem, Visit, VisitTransition, VisitVersion, WorkMonth
from patrols.versions import document, keep_version
from patrols.visits import open_visit, save_draft
from villages.models import Household, Officer
from xinjin.periods import Month, Week, parse_as

CORRECTED = 10
FORGOTTEN_DAYS = 25
REMARKS = ("实事办理结果请写清楚。", "入户内容过于简单，请补充群众反映的问题。", "请核对入户户数和时间。")
NOTES = ("第二户户主姓名应为其子，当日由其子接待。", "离村时间应为十七时，当时误记。")


def think_again(roster: Roster) -> None:
    """Everything at once; the visits themselves are there already and the old months are locked."""
    people = {
        name: Officer.objects.select_related("user").get(user__username=name) for name in ("officer", "community")
    }
    _drafts(roster, people["officer"], people["community"])
    _corrected(roster)
    _returned(roster, people["officer"])
    _notes(roster)


def _drafts(roster: Roster, forgetful: Officer, busy: Officer) -> None:
    """One that its author has forgotten and is told of, and one that was interrupted yesterday."""
    old = _draft(forgetful, roster.today - timedelta(days=FORGOTTEN_DAYS + 1), households=1)
    if old:
        saved_at = timezone.now() - timedelta(days=FORGOTTEN_DAYS)
        Visit.objects.filter(pk=old.pk).update(created_at=saved_at, saved_at=saved_at)
    tidy_drafts()
    _draft(busy, roster.today - timedelta(days=1), households=3)


def _draft(author: Officer, day: date, *, households: int) -> Visit | None:
    held = author.assignments.on(day).select_related("village").order_by("village__code").first()
    if held is None:
        return None
    visit = open_visit(by=author.user, officer=author, village=held.village, visited_on=day)
    doors = Household.objects.filter(village=held.village).order_by("-id")[:households]
    calls = tuple(CallEntry(str(household), "本人", ("safety",)) for household in doors)
    entry = VisitEntry(held.village, day, time(9, 10), calls=calls, summary="上午入户，下午继续。")
    return save_draft(by=author.user, visit=visit, revision=0, entry=entry)


def _recent(roster: Roster, days: int) -> list[Visit]:
    rows = Visit.objects.counting().filter(visited_on__range=(roster.today - timedelta(days=days), roster.today))
    rows = rows.filter(submitted_at__lt=timezone.now() - timedelta(days=2)).select_related(
        "village__station", "officer__user"
    )
    return list(rows.order_by("visited_on", "id"))


def _corrected(roster: Roster) -> None:
    """Handed in, returned with a remark, and handed in again with more in it."""
    visits = _recent(roster, 25)
    for visit in roster.random.sample(visits, min(CORRECTED, len(visits))):
        first = visit.submitted_at or timezone.now()
        returned, again = first + timedelta(hours=20), first + timedelta(hours=26)
        VisitVersion.objects.create(
            visit=visit,
            number=1,
            entry=document(_poorer(entry_of(visit)), [str(pk) for pk in visit.photos.values_list("pk", flat=True)]),
            handed_in_at=first,
            by=visit.officer.user,
        )
        keep_version(visit, by=visit.officer.user, at=again)
        Visit.objects.filter(pk=visit.pk).update(submitted_at=again)
        _move(visit, VisitState.RETURNED, returned, _chief(roster, visit), roster.random.choice(REMARKS))
        _move(visit, VisitState.SUBMITTED, again, visit.officer.user)


def _poorer(entry: VisitEntry) -> VisitEntry:
    """What the log may have said at first."""
    calls = tuple(replace(call, raised="") for call in entry.calls[:-1])
    return replace(
        entry, calls=calls, deeds=tuple(replace(deed, result="办结") for deed in entry.deeds), summary="走访。"
    )


def _returned(roster: Roster, author: Officer) -> None:
    """One of the demo officer's logs waits for its correction."""
    week = Week.of(roster.today)
    mine = [visit for visit in _recent(roster, 21) if visit.officer_id == author.pk and visit.visited_on < week.start]
    mine = [visit for visit in mine if not visit.versions.exists()]
    if not mine:
        return
    visit, at = mine[-1], timezone.now() - timedelta(hours=20)
    keep_version(visit, by=author.user, at=visit.submitted_at)
    visit.state = VisitState.RETURNED
    visit.save(update_fields=["state"])
    _move(visit, VisitState.RETURNED, at, _chief(roster, visit), REMARKS[0])
    item = leave_notice(
        author, NoticeKind.VISIT_RETURNED, name=str(visit), url=visit.get_absolute_url(), reason=REMARKS[0]
    )
    InboxItem.objects.filter(pk=item.pk).update(created_at=at)


def _move(visit: Visit, state: VisitState, at, by, reason: str = "") -> None:  # type: ignore[no-untyped-def]
    VisitTransition.objects.create(visit=visit, state=state, at=at, by=by, reason=reason)


def _chief(roster: Roster, visit: Visit):  # type: ignore[no-untyped-def]
    chief = roster.chiefs.get(visit.village.station_id)
    return chief.user if chief else None


def _notes(roster: Roster) -> None:
    """In the last month that is locked."""
    sealed = WorkMonth.objects.filter(sealed_at__isnull=False).order_by("-key").first()
    if sealed is None:
        return
    span = parse_as(Month, sealed.key).counted
    visits = Visit.objects.counting().during(span).select_related("officer__user").order_by("visited_on", "id")
    for visit, text in zip(roster.random.sample(list(visits), len(NOTES)), NOTES, strict=True):
        note = add_note(by=visit.officer.user, visit=visit, text=text)
        CorrectionNote.objects.filter(pk=note.pk).update(at=timezone.now() - timedelta(days=3))
