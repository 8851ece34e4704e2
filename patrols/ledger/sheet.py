"""What the page of a case and its prints show."""

from operator import itemgetter
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.cases.clock import explained, working_calendar
from patrols.cases.proposing import earlier_disputes, level_after
from patrols.choices import CaseAct, CaseCategory, CaseKind, PartyRole
from patrols.ledger import wording
from patrols.ledger.deadlines import is_higher
from patrols.ledger.notice_report import committees_of
from patrols.ledger.reading import hidden_in, read_by, residents_of, told_of, with_residents
from patrols.models import Case, CaseEscalation, CaseFile, CaseParty, CaseTerm
from villages.choices import ContactKind, VillageKind
from villages.masking import hide_names

TONES = {
    CaseAct.RESOLVE: "ok", CaseAct.CLOSE: "ok", CaseAct.REOPEN: "warn", CaseAct.PAUSE: "warn", CaseAct.LEVEL: "warn",
}  # fmt: skip


def case_sheet(user: Any, case: Case) -> dict[str, Any]:
    """Everything about the case, as this reader may see it."""
    read = read_by(Case.objects.filter(pk=case.pk), user).get()
    in_full, hidden = read.in_full, hidden_in(read)
    day = timezone.localdate()
    words, tone = wording.due_words(case, day)
    parties = list(case.parties.order_by("role", "id"))
    return {
        "case": case,
        "day": day,
        "in_full": in_full,
        "hidden": hidden,
        "is_promise_past": case.is_promise_past(day),
        "due_words": words,
        "due_tone": tone,
        "household": wording.household(case, in_full=in_full),
        "parties": [wording.party(row, in_full=in_full) for row in parties],
        "lacking": _lacking(case, parties) if in_full else [],
        "co_handlers": case.co_handlers.order_by("pinyin", "number"),
        "earlier_results": case.earlier_resolutions.order_by("-round"),
        "terms": _terms(case),
        "follow_ups": case.follow_ups.filter(is_void=False).order_by("round", "number"),
        "referrals": case.referrals.order_by("referred_on", "id"),
        "related": _related(user, case),
        **_proposal(user, case, parties),
        "leader_stays": _leader_stays(case),
        "events": events(case),
    }


def _leader_stays(case: Case) -> bool:
    """Whether the leader of a red case was named before it became red anew."""
    if not case.is_red or case.leader is None:
        return False
    turns = case.transitions.filter(act__in=(CaseAct.LEAD, CaseAct.LEVEL, CaseAct.REOPEN)).order_by("-at", "-id")
    last = turns.values_list("act", flat=True).first()
    return last is not None and last != CaseAct.LEAD


def _terms(case: Case) -> list[dict[str, Any]]:
    """The runs of the clock, the newest first, each day explained line by line."""
    calendar = working_calendar()
    rows = case.terms.prefetch_related("pauses").order_by("-number")
    return [
        {
            "term": term,
            "lines": wording.deadline_lines(explained(term, calendar)) if term.due_on or not term.ended_on else [],
            "is_paused": term.ended_on is None and term.due_on is None,
            "verdict": _verdict(term),
        }
        for term in rows
    ]


def _verdict(term: CaseTerm) -> tuple[str, str] | None:
    """How an ended run stands, with its tone."""
    if term.ended_on is None:
        return None
    if term.is_in_time:
        return _("ended in time"), "ok"
    return _("ended late"), "bad"


def _lacking(case: Case, parties: list[CaseParty]) -> list[str]:
    """What one tick of a visit log could not know of a dispute; nothing is asked of what is over."""
    if case.kind != CaseKind.DISPUTE or not case.is_unresolved:
        return []
    other_side = [] if len(parties) > 1 else [str(PartyRole.RESPONDENT.label)]
    return other_side + ([_("category")] if case.category == CaseCategory.OTHER else [])


def _related(user: Any, case: Case) -> list[dict[str, Any]]:
    """Cases that belong together with it, and how."""
    rows = Q(split_from=case) | Q(merged_into=case) | Q(pk__in=case.linked.order_by().values("pk"))
    rows |= Q(pk=case.split_from_id) if case.split_from_id else Q()
    found = told_of(Case.objects.filter(rows), user, most=100)
    for item in found:
        other = item["case"]
        if other.pk == case.split_from_id:
            item["how"] = _("this one was split off from it")
        elif other.split_from_id == case.pk:
            item["how"] = _("split off from this one")
        elif other.merged_into_id == case.pk:
            item["how"] = _("merged into this one")
    return found


def _proposal(user: Any, case: Case, parties: list[CaseParty]) -> dict[str, Any]:
    """The disputes of the same party before, and the level that is proposed while the case has a lower one."""
    rows = Case.objects.none()
    if case.kind == CaseKind.DISPUTE:
        rows = earlier_disputes(case.village, case.household, parties, case.opened_on, than=case)
    earlier = told_of(rows, user)
    level = level_after(case.kind, case.scale, len(earlier))
    is_proposed = case.is_unresolved and is_higher(level, case.level)
    return {"earlier": earlier, "proposed": level.label if is_proposed else ""}


def events(case: Case) -> list[dict[str, Any]]:
    """Acts, steps, and who was told of what was late, in the order in which they were entered, the newest first."""
    acts = [
        {
            "at": row.at,
            "actor": row.by.display_name if row.by else "",
            "label": row.get_act_display(),
            "note": row.reason,
            "tone": TONES.get(CaseAct(row.act), ""),
        }
        for row in case.transitions.select_related("by").exclude(act=CaseAct.STEP)
    ]
    by_arrival = Prefetch("files", CaseFile.objects.order_by("uploaded_at", "id"))
    steps = [
        {
            "at": row.at,
            "actor": row.by.display_name if row.by else "",
            "label": f"{row.get_kind_display()} {row.happened_on:%Y-%m-%d}",
            "note": row.note,
            "tone": "",
            "files": row.files.all(),
        }
        for row in case.steps.select_related("by").prefetch_related(by_arrival)
    ]
    told = [
        {
            "at": row.at,
            "actor": row.told_to or _("nobody to be told"),
            "label": _("Told of what is late"),
            "note": wording.told_of(row),
            "tone": "bad",
        }
        for row in CaseEscalation.objects.filter(term__case=case).select_related("term").order_by("at", "id")
    ]
    return sorted(acts + steps + told, key=itemgetter("at"), reverse=True)


def notice_sheet(case: Case) -> dict[str, Any]:
    """The notice of a red case to both committees: what happened and what is asked; no resident's name."""
    read = with_residents(Case.objects.filter(pk=case.pk)).get()
    contacts = case.village.contacts.on(timezone.localdate()).filter(kind=ContactKind.COMMITTEE)
    return {
        "case": case,
        "title": hide_names(case.title, residents_of(read)),
        "day": timezone.localdate(),
        "committees": committees_of(case.village.name, is_community=case.village.kind == VillageKind.COMMUNITY),
        "contacts": contacts.order_by("start_on", "pk"),
        "parties": [wording.party(row, in_full=False) for row in case.parties.order_by("role", "id")],
    }
