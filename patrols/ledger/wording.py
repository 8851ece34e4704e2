"""Cases in words: why a day is the day, and people as a reader may see them."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from patrols.choices import CaseState, EscalationStep, LimitUnit
from patrols.ledger.deadlines import Days, Deadline, Line, LineKind
from patrols.models import Case, CaseEscalation, CaseParty
from villages.households import label as household_label
from villages.masking import mask_name, mask_phone


def weekday_date(day: date) -> str:
    """A day with its weekday: 2026-05-13 周三."""
    return f"{day:%Y-%m-%d} {date_format(day, 'D')}"


def _run(days: Days) -> str:
    if days.start == days.end:
        return f"{days.start:%m-%d}"
    return f"{days.start:%m-%d} – {days.end:%m-%d}"


def line_text(line: Line) -> str:
    """One line of the explanation."""
    if line.kind == LineKind.LIMIT:
        words = _("+ %(count)s working days") if line.unit == LimitUnit.WORKDAYS else _("+ %(count)s days")
        return words % {"count": line.count}
    words = {
        LineKind.START: _("the clock starts on %(day)s"),
        LineKind.HOLIDAY: _("%(run)s days off, not counted"),
        LineKind.MAKE_UP: _("%(run)s make-up workday, counted"),
        LineKind.PAUSE: _("%(run)s paused, not counted"),
        LineKind.MOVED: _("%(from)s is a day off: moved to the next working day"),
        LineKind.UNKNOWN_YEAR: _("the holidays of %(year)s are not published yet: Monday to Friday is counted"),
        LineKind.END: _("→ last day %(day)s"),
    }[line.kind]
    day = line.days.end if line.kind == LineKind.END else line.days.start
    return words % {
        "day": weekday_date(day), "run": _run(line.days), "from": f"{line.days.start:%m-%d}", "year": line.count,
    }  # fmt: skip


def deadline_lines(deadline: Deadline) -> list[dict[str, Any]]:
    """The explanation line by line; warnings are marked."""
    return [
        {"text": line_text(line), "is_warning": line.kind == LineKind.UNKNOWN_YEAR, "is_end": line.kind == LineKind.END}
        for line in deadline.lines
    ]


def party(row: CaseParty, *, in_full: bool) -> dict[str, str]:
    """A party as the reader may see him."""
    return {
        "role": row.get_role_display(),
        "name": row.name if in_full else mask_name(row.name),
        "phone": row.phone if in_full else mask_phone(row.phone),
    }


def household(case: Case, *, in_full: bool) -> str:
    """The household of a case."""
    return household_label(case.household, in_full=in_full) if case.household else ""


def told_of(row: CaseEscalation) -> str:
    """What somebody was told of."""
    day = row.for_day or row.term.due_on
    words = {
        EscalationStep.COMMITTEES: _("Red since %(day)s, and both committees do not know."),
        EscalationStep.LEADER: _("Red since %(day)s, and nobody leads it."),
        EscalationStep.WEEKLY: _("No step by %(day)s."),
    }.get(EscalationStep(row.step), _("Not resolved by %(day)s."))
    return words % {"day": f"{day:%Y-%m-%d}" if day else ""}


def _waiting_words(case: Case, day: date) -> tuple[str, str]:
    """The same of a case that waits for others, until the day on which it comes back."""
    if case.waits_until is None:
        return "", ""
    left, is_referred = (case.waits_until - day).days, case.state == CaseState.REFERRED
    if left < 0:
        words = _("answer %(days)s days over") if is_referred else _("pause %(days)s days over")
        return words % {"days": -left}, "bad"
    if left == 0:
        return _("answer due today") if is_referred else _("pause ends today"), "warn"
    words = _("answer in %(days)s days") if is_referred else _("paused for %(days)s days yet")
    return words % {"days": left}, ""


def due_words(case: Case, day: date) -> tuple[str, str]:
    """(how the day stands in words, tone) for lists."""
    if case.due_on is None:
        return _waiting_words(case, day)
    left = (case.due_on - day).days
    if left < 0:
        return _("%(days)s days over") % {"days": -left}, "bad"
    if left == 0:
        return _("due today"), "warn"
    return _("%(days)s days left") % {"days": left}, "warn" if left <= 2 else ""
