"""The village's journal: reading a month of it, writing, correcting, pinning, and marking as read."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from villages.journal import (
    Happened,
    correct_entry,
    entries_of,
    happened,
    mark_read,
    pin_entry,
    unread_of,
    write_entry,
)
from villages.journal_forms import CorrectionForm, JournalForm
from villages.models import JournalEntry, JournalRead, Officer, Village
from xinjin.access.engine import get_allowed
from xinjin.forms import add_errors
from xinjin.idempotency.pages import once_a_page
from xinjin.periods import Month, PeriodError, parse_as

LONGEST = 300


@dataclass(frozen=True)
class Line:
    """A line of the journal: an entry with what the user may do about it, or what happened by itself."""

    at: datetime
    entry: JournalEntry | None = None
    happened: Happened | None = None
    is_unread: bool = False
    may: frozenset[str] = frozenset()
    read_by: list[JournalRead] = field(default_factory=list)
    not_yet: list[str] = field(default_factory=list)


def _village(request: HttpRequest, code: str, action: str = "view") -> Village:
    return get_allowed(request.user, Village.objects.select_related("station", "township"), action, code=code)


def _reader(request: HttpRequest) -> Officer:
    """The signed-in person; a right on a village's journal is held through the roster."""
    user: Any = request.user
    return Officer.objects.get(user=user)


def _month(text: str | None, today: date) -> Month:
    """The month asked for; this month when the text is none or still to come."""
    try:
        month = parse_as(Month, text) if text else Month.of(today)
    except PeriodError:
        return Month.of(today)
    return min(month, Month.of(today))


@require_http_methods(["GET", "HEAD", "POST"])
@once_a_page
def journal(request: HttpRequest, code: str) -> HttpResponse:
    """A month of entries and of what happened, in one order of time; above it what is pinned or still unread."""
    village = _village(request, code, "view" if request.method != "POST" else "inform")
    form = JournalForm(request.POST or None, instance=JournalEntry(village=village))
    if request.method == "POST" and form.is_valid() and _written(request, village, form):
        return redirect("village_journal", code=code)
    return render(request, "villages/journal.html", {**_context(request, village), "form": form})


def _context(request: HttpRequest, village: Village) -> dict[str, Any]:
    user, today = request.user, timezone.localdate()
    month = _month(request.GET.get("period"), today)
    marks = Prefetch("reads", JournalRead.objects.select_related("officer").order_by("read_at", "pk"))
    entries = entries_of(user).filter(village=village).prefetch_related(marks)
    unread = list(unread_of(user).filter(village=village).prefetch_related(marks)[:LONGEST])
    of_month = list(entries.filter(written_at__date__range=(month.start, month.end))[:LONGEST])
    pinned = list(entries.filter(is_pinned=True)[:LONGEST])
    build = _builder(user, village, [*unread, *of_month, *pinned], {entry.pk for entry in unread})
    on_top = {entry.pk: entry for entry in [*pinned, *unread]}
    lines = [build(entry) for entry in of_month if entry.pk not in on_top]
    lines += [Line(at=line.at, happened=line) for line in happened(user, village, month)]
    return {
        "village": village,
        "month": month,
        "previous": month.previous() if month.start > village.valid_from else None,
        "next": month.next() if month.end < today else None,
        "on_top": [build(entry) for entry in on_top.values()],
        "unread_count": len(unread),
        "lines": sorted(lines, key=lambda line: line.at, reverse=True),
        "may_inform": Village.objects.allowed(user, "inform").filter(pk=village.pk).exists(),
        "here": request.get_full_path() if request.method != "POST" else request.path,
    }


def _builder(user: Any, village: Village, entries: list[JournalEntry], unread: set[int]) -> Any:
    """A function that makes the line of an entry; what it needs is asked once for all of them."""
    keys = [entry.pk for entry in entries]
    rows = JournalEntry.objects.filter(pk__in=keys)
    able = {
        action: set(rows.allowed(user, action).values_list("pk", flat=True)) for action in ("correct", "pin", "follow")
    }
    held = village.assignments.on(timezone.localdate()).select_related("officer").order_by("slot")  # type: ignore[attr-defined]
    holders = [assignment.officer for assignment in held]

    def build(entry: JournalEntry) -> Line:
        may = frozenset(action for action, found in able.items() if entry.pk in found)
        marks = [mark for mark in entry.reads.all() if mark.read_at >= entry.stands_since] if "follow" in may else []
        done = {mark.officer_id for mark in marks} | {entry.author_id}
        not_yet = [person.name for person in holders if person.pk not in done] if "follow" in may else []
        return Line(
            at=entry.written_at,
            entry=entry,
            is_unread=entry.pk in unread,
            may=may,
            read_by=marks,
            not_yet=not_yet,
        )

    return build


def _written(request: HttpRequest, village: Village, form: JournalForm) -> bool:
    data = form.cleaned_data
    try:
        write_entry(
            by=request.user,  # type: ignore[arg-type]
            village=village,
            author=_reader(request),
            text=data["text"],
            kind=data["kind"],
            pinned=data["is_pinned"],
        )
    except ValidationError as error:
        add_errors(form, error)
    return not form.errors


@require_http_methods(["GET", "HEAD", "POST"])
def journal_entry(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One entry with what it said before; its author may correct it for a day."""
    village = _village(request, code)
    action = "view" if request.method != "POST" else "correct"
    entry = get_allowed(request.user, entries_of(request.user).filter(village=village), action, pk=pk)
    said_before = list(entry.corrections.order_by("-corrected_at", "-pk"))
    may_correct = JournalEntry.objects.allowed(request.user, "correct").filter(pk=pk).exists()
    initial = {"seen": entry.stands_since.isoformat()}
    copy = JournalEntry.objects.select_related("village").get(pk=pk) if may_correct else None
    form = CorrectionForm(request.POST or None, instance=copy, initial=initial) if may_correct else None
    if request.method == "POST" and form is not None and form.is_valid() and _corrected(request, entry, form):
        return redirect("village_journal", code=code)
    unread = set(unread_of(request.user).filter(pk=pk).values_list("pk", flat=True))
    context = {
        "village": village,
        "line": _builder(request.user, village, [entry], unread)(entry),
        "said_before": said_before,
        "form": form,
        "here": request.path,
    }
    return render(request, "villages/journal_entry.html", context)


def _corrected(request: HttpRequest, entry: JournalEntry, form: CorrectionForm) -> bool:
    data = form.cleaned_data
    try:
        correct_entry(
            by=request.user,  # type: ignore[arg-type]
            entry=entry,
            text=data["text"],
            kind=data["kind"],
            seen=data["seen"],
        )
    except ValidationError as error:
        add_errors(form, error)
    return not form.errors


def _way_back(request: HttpRequest, code: str) -> str:
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if safe else reverse("village_journal", args=[code])


@require_POST
def journal_read(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The user says that he has read one entry."""
    entry = get_allowed(request.user, JournalEntry.objects.filter(village__code=code), "read", pk=pk)
    mark_read(by=request.user, reader=_reader(request), entries=[entry])  # type: ignore[arg-type]
    return redirect(_way_back(request, code))


@require_POST
def journal_read_all(request: HttpRequest, code: str) -> HttpResponse:
    """The user says that he has read everything that was unread in this village."""
    village = _village(request, code, "inform")
    entries = list(unread_of(request.user).filter(village=village))
    mark_read(by=request.user, reader=_reader(request), entries=entries)  # type: ignore[arg-type]
    return redirect(_way_back(request, code))


@require_POST
def journal_pin(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Keeps an entry on top, or lets it go."""
    entry = get_allowed(request.user, JournalEntry.objects.filter(village__code=code), "pin", pk=pk)
    pin_entry(by=request.user, entry=entry, pinned=request.POST.get("pinned") == "1")  # type: ignore[arg-type]
    return redirect(_way_back(request, code))
