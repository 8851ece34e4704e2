"""What every address answers to every role: written from the rights of the design, not from what the code does.

Out of scope is not found (404); in scope, an act that is not the role's is refused (403). A page that knows no object
is refused (403) to roles without any right on its rows. An address with several methods has a Route for each.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from tests.contracts.world import Side, World
from xinjin.accounts.roles import ADMIN_USERS, BUREAU_WIDE, SEPARATED, STATION, SUPERVISORS, Role
from xinjin.periods import Month, Week

Answers = Mapping[str, int]
Make = Callable[[World, Side], dict[str, Any]]

OFFICER, CHIEF, LEADER, BRIGADE = Role.OFFICER, Role.STATION_CHIEF, Role.UNIT_LEADER, Role.BRIGADE
# Everybody who works with the programme's records; the three administrators see none of them.
SEATS = (OFFICER, *SUPERVISORS)


def nothing(world: World, side: Side) -> dict[str, Any]:
    return {}


def answers(rest: int, *groups: tuple[int, tuple[str, ...]]) -> Answers:
    """{role: status}: `rest` unless a group names the role; a later group wins."""
    found = {str(role): rest for role in Role}
    for status, roles in groups:
        found |= {str(role): status for role in roles}
    return found


@dataclass(frozen=True)
class Route:
    """One method of one address.

    `own` is the answer for the village of the officer, his station and his unit, `foreign` for another station; None
    when the address knows no object. For another village of the own station (`near`) the station roles see what is
    theirs, and the officer and the unit leader what they see of foreign ones. `stranger` answers who is not signed in.
    `sent` is what else the client sends: `content_type`, `headers`.
    """

    own: Answers
    foreign: Answers | None = None
    method: str = "get"
    kwargs: Make = nothing
    data: Make = nothing
    sent: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""
    stranger: int = 302
    by_village: bool = True

    @property
    def near(self) -> Answers | None:
        if self.foreign is None or not self.by_village:
            return None
        return {role: self.own[role] if role in STATION else self.foreign[role] for role in self.own}

    def sides(self) -> dict[str, Answers]:
        """{side of the world: what each role is answered there}."""
        found = {"own": self.own, "near": self.near, "foreign": self.foreign}
        return {name: expected for name, expected in found.items() if expected is not None}


# --- recurring answers
FOR_SEATS = answers(403, (200, SEATS))
FOR_SUPERVISORS = answers(403, (200, SUPERVISORS))
FOR_ALL = answers(200)
SENT_ON = answers(302)
SEEN = answers(404, (200, SEATS))
SEEN_FROM_AFAR = answers(404, (200, BUREAU_WIDE))
NOT_FOUND = answers(404)
READ_ONLY_FROM_AFAR = answers(404, (403, BUREAU_WIDE))


def page(own: Answers, **options: Any) -> tuple[Route, ...]:
    """An address that is only read."""
    return (Route(own, **options),)


def seen(kwargs: Make, **options: Any) -> tuple[Route, ...]:
    """A page of an object that everybody in whose scope it lies may read."""
    return (Route(SEEN, SEEN_FROM_AFAR, kwargs=kwargs, **options),)


def act(*who: str, done: int = 302, in_scope: tuple[str, ...] = SEATS, **options: Any) -> Route:
    """A POST on an object: `who` may, others in scope are refused, and nobody from afar."""
    return Route(answers(404, (403, in_scope), (done, who)), READ_ONLY_FROM_AFAR, method="post", **options)


def bureau_act(*who: str, **options: Any) -> Route:
    """A POST that knows no object in anybody's scope."""
    return Route(answers(403, (302, who)), method="post", **options)


def village(world: World, side: Side) -> dict[str, Any]:
    return {"code": side.village.code}


def household(world: World, side: Side) -> dict[str, Any]:
    return {"code": side.village.code, "pk": side.household.pk}


def hand_over(world: World, side: Side) -> dict[str, Any]:
    return {"pk": side.hand_over.pk}


def visit(world: World, side: Side) -> dict[str, Any]:
    return {"pk": side.visit.pk}


def draft(world: World, side: Side) -> dict[str, Any]:
    return {"pk": side.draft.pk}


def weekly(world: World, side: Side) -> dict[str, Any]:
    return {"pk": side.weekly.pk}


def monthly(world: World, side: Side) -> dict[str, Any]:
    return {"pk": side.monthly.pk}


def draft_report(world: World, side: Side) -> dict[str, Any]:
    return {"pk": side.draft_report.pk}


def job(world: World, side: Side) -> dict[str, Any]:
    return {"pk": side.job.pk}


def month(world: World, side: Side) -> dict[str, Any]:
    return {"key": world.month.key}


def month_file(world: World, side: Side) -> dict[str, Any]:
    return {"key": world.month.key, "file_format": "csv"}


def card(world: World, side: Side) -> dict[str, Any]:
    return {"key": world.month.key, "number": side.officer.number}


def line(world: World, side: Side) -> dict[str, Any]:
    return {**card(world, side), "code": side.assessment.lines[0][0]}


def issued(world: World, side: Side) -> dict[str, Any]:
    return {"key": world.issued.quarter}


def unissued(world: World, side: Side) -> dict[str, Any]:
    return {"key": world.draft_bulletin.quarter}


def file_of(kwargs: Make, file_format: str) -> Make:
    return lambda world, side: {**kwargs(world, side), "file_format": file_format}


# --- who reads reports: the weekly one goes to the station, the monthly one to the leader of the officer's unit
WEEKLY_READERS = (OFFICER, *STATION, *BUREAU_WIDE)
MONTHLY_READERS = (OFFICER, LEADER, *BUREAU_WIDE)
WEEKLY_SEEN = {"own": answers(404, (200, WEEKLY_READERS)), "foreign": SEEN_FROM_AFAR}
# The near officer's unit is the station: his monthly report is none of the unit leader's, but the station's.
MONTHLY_SEEN = {"own": answers(404, (200, MONTHLY_READERS)), "foreign": SEEN_FROM_AFAR, "by_village": False}
ONLY_AUTHOR = {"own": answers(404, (200, (OFFICER,))), "foreign": NOT_FOUND}
# Scores: persons whose rows the role sees; the administrators have no business with scores at all.
SCORE_SEEN = {
    "own": FOR_SEATS,
    "foreign": answers(404, (200, BUREAU_WIDE), (403, SEPARATED)),
}
HOUSEHOLD_WRITERS = (OFFICER, *STATION)
HOUSEHOLD_EDIT = answers(404, (403, SEATS), (200, HOUSEHOLD_WRITERS))
WRONG_HOUSEHOLD: Make = lambda world, side: {"address": "", "head_name": ""}  # noqa: E731
REASON: Make = lambda world, side: {"reason": "请补充"}  # noqa: E731
COMMENT: Make = lambda world, side: {"comment": "已阅"}  # noqa: E731
CAPTION: Make = lambda world, side: {"caption": "院坝会"}  # noqa: E731
LATER: Make = lambda world, side: {"places": 1}  # noqa: E731
# Hints are for those who inspect; the inspectorate says what came of looking.
INSPECTED_BY = (*STATION, BRIGADE, Role.INSPECTORATE)
HARMLESS: Make = lambda world, side: {"hint": world.hint.pk, "outcome": "harmless", "reason": "同日两村"}  # noqa: E731
NEW_VISIT: Make = lambda world, side: {"village": side.village.code}  # noqa: E731
NOTE: Make = lambda world, side: {"text": "应为三组"}  # noqa: E731
ROWS = {f"{name}-{number}_FORMS": 0 for name in ("calls", "deeds", "base_info") for number in ("TOTAL", "INITIAL")}
TYPED: Make = lambda world, side: {"revision": 0, "summary": "写到一半", **ROWS}  # noqa: E731
NEW_REPORT: Make = lambda world, side: {"kind": "weekly", "period": side.draft_report.period}  # noqa: E731
GOOD: Make = lambda world, side: {"remark": "good"}  # noqa: E731
NUMBER: Make = lambda world, side: {"number": "新公社警〔2022〕2号"}  # noqa: E731
AGAIN: Make = lambda world, side: {"reason": "更正"}  # noqa: E731


PLATFORM = {
    "home": page(SENT_ON),
    "sign_in": page(SENT_ON, stranger=200),
    "sign_out": (Route(SENT_ON, method="post"),),
    "set_theme": (Route(SENT_ON, method="post", data=lambda world, side: {"theme": "dark"}),),
    "set_language": (Route(SENT_ON, method="post", data=lambda world, side: {"language": "en"}),),
    "session_state": page(FOR_ALL, stranger=200),
    "gallery": (Route(answers(404, (200, ADMIN_USERS))), Route(answers(404, (200, ADMIN_USERS)), method="post")),
    "healthz": page(FOR_ALL, stranger=200),
    "readyz": page(FOR_ALL, stranger=200),
    "schema": page(FOR_ALL, stranger=403),
}

NOTED: Make = lambda world, side: {"text": "新的说明", "revision": "0"}  # noqa: E731


def entry(world: World, side: Side) -> dict[str, Any]:
    return {"code": side.village.code, "pk": side.entry.pk}


def officer(world: World, side: Side) -> dict[str, Any]:
    return {"number": side.officer.number}


WHY: Make = lambda world, side: {"reason": "核实信访件"}  # noqa: E731
WRITTEN: Make = lambda world, side: {"text": "今晚停电", "kind": "notice"}  # noqa: E731
CORRECTED: Make = lambda world, side: {  # noqa: E731
    "text": "明晚停电",
    "kind": "notice",
    "seen": side.entry.stands_since.isoformat(),
}
# Whoever works for a village writes in its journal and reads it; the others look on.
OWN_PEOPLE = (OFFICER, *STATION)
# Whoever started a job sees it, and nobody else.
JOBS = {
    "job_list": page(FOR_ALL),
    "job_detail": (Route(**ONLY_AUTHOR, kwargs=job),),
    "job_result": (Route(**ONLY_AUTHOR, kwargs=job),),
}

VILLAGES = {
    "gap_list": page(FOR_SUPERVISORS),
    "hand_over_list": page(FOR_SEATS),
    "hand_over": seen(hand_over),
    "hand_over_write": (act(*STATION, kwargs=hand_over, data=NOTED),),
    "hand_over_confirm": (act(OFFICER, kwargs=hand_over),),
    "village_list": page(FOR_SEATS),
    "village_detail": seen(village),
    "village_phones": seen(village),
    # Names in full for those who work for the whole bureau, with a reason; the village's own people see them anyway.
    "household_reveal": (
        Route(
            answers(404, (403, SEATS), (200, BUREAU_WIDE)),
            SEEN_FROM_AFAR,
            kwargs=village,
            method="post",
            data=WHY,
        ),
    ),
    "village_journal": (*seen(village), act(*OWN_PEOPLE, kwargs=village, data=WRITTEN)),
    "journal_read_all": (act(*OWN_PEOPLE, kwargs=village),),
    # Each side's entry was written by the officer whom the role of an officer stands for.
    "journal_entry": (*seen(entry), act(OFFICER, kwargs=entry, data=CORRECTED)),
    "journal_read": (act(*OWN_PEOPLE, kwargs=entry),),
    "journal_pin": (act(*OWN_PEOPLE, kwargs=entry, data=lambda world, side: {"pinned": "1"}),),
    "officer_list": page(FOR_SEATS),
    # The near officer serves at the station, as does the chief; the unit leader leads another unit.
    "officer_detail": seen(officer),
    "household_search": seen(village, query="q=1"),
    "household_add": (
        Route(HOUSEHOLD_EDIT, READ_ONLY_FROM_AFAR, kwargs=village),
        Route(HOUSEHOLD_EDIT, READ_ONLY_FROM_AFAR, kwargs=village, method="post", data=WRONG_HOUSEHOLD),
    ),
    "household_edit": (
        Route(HOUSEHOLD_EDIT, READ_ONLY_FROM_AFAR, kwargs=household),
        Route(HOUSEHOLD_EDIT, READ_ONLY_FROM_AFAR, kwargs=household, method="post", data=WRONG_HOUSEHOLD),
    ),
}

NAMED: Make = lambda world, side: {"name": "visits"}  # noqa: E731
KEEP: Make = lambda world, side: {"name": "未达标", "query": "standard=below", "sharing": "private"}  # noqa: E731
RENAME: Make = lambda world, side: {"name": "改名", "sharing": "all"}  # noqa: E731


def kept(world: World, side: Side) -> dict[str, Any]:
    return {"name": "visits", "pk": side.kept.pk}


LISTS = {
    "list_export": (
        *(
            Route(FOR_SEATS, kwargs=lambda world, side, f=f, name=name: {"name": name, "file_format": f})
            for name in (
                *("visits", "villages", "reports", "plans", "cases", "base_info"),
                *("briefings", "incidents", "councils", "measures"),
            )
            for f in ("xlsx", "csv")
        ),
        Route(NOT_FOUND, kwargs=lambda world, side: {"name": "unknown", "file_format": "csv"}),
        # Many rows are made in the background.
        Route(
            answers(403, (302, SEATS)),
            method="post",
            kwargs=lambda world, side: {"name": "visits", "file_format": "csv"},
        ),
    ),
    "list_columns": (Route(answers(403, (302, SEATS)), method="post", kwargs=NAMED),),
    "list_filters": (
        Route(FOR_SEATS, kwargs=NAMED),
        Route(answers(403, (302, SEATS)), method="post", kwargs=NAMED, data=KEEP),
        Route(FOR_SEATS, method="post", kwargs=NAMED),  # nothing typed: the page again
    ),
    # The own side's filter belongs to the officer alone; the near one is shared with everybody, and still not theirs.
    "list_filter": (
        Route(
            answers(404, (403, SEPARATED), (302, (OFFICER,))),
            answers(403),
            method="post",
            kwargs=kept,
            data=RENAME,
            by_village=False,
        ),
    ),
}

VISITS = {
    "visit_list": (Route(FOR_SEATS), Route(FOR_SEATS, query="sort=-households&text=x&late=yes&page=x")),
    "visit_print": (
        Route(FOR_SEATS),
        Route(FOR_SEATS, query="standard=below"),
    ),
    "standard_list": (Route(FOR_SEATS), Route(FOR_SEATS, query="slot=officer&min_households=6&min_deeds=1")),
    # The village comes with the form: an officer finds his own only, others write no logs.
    "visit_new": (
        Route(answers(403, (302, (OFFICER,))), answers(403, (404, (OFFICER,))), method="post", data=NEW_VISIT),
    ),
    "visit_detail": (*seen(visit), Route(**ONLY_AUTHOR, kwargs=draft)),
    "visit_edit": (
        Route(**ONLY_AUTHOR, kwargs=draft),
        Route(**ONLY_AUTHOR, kwargs=draft, method="post"),
        # Handed in, it opens as a sheet for its author.
        Route(answers(404, (403, SEATS), (302, (OFFICER,))), READ_ONLY_FROM_AFAR, kwargs=visit),
    ),
    "visit_autosave": (
        Route(**ONLY_AUTHOR, kwargs=draft),
        Route(**ONLY_AUTHOR, kwargs=draft, method="post", data=TYPED),
        Route(
            answers(404, (403, SEATS), (409, (OFFICER,))), READ_ONLY_FROM_AFAR, kwargs=visit, method="post", data=TYPED
        ),
    ),
    "visit_households": (
        Route(**ONLY_AUTHOR, kwargs=draft),
        Route(answers(404, (403, SEATS), (200, (OFFICER,))), READ_ONLY_FROM_AFAR, kwargs=visit),
    ),
    "visit_versions": (*seen(visit), Route(**ONLY_AUTHOR, kwargs=draft)),
    "visit_note": (
        # In a locked month; in an open one the log is returned instead.
        Route(
            answers(404, (403, SEATS), (302, (OFFICER, *STATION))),
            READ_ONLY_FROM_AFAR,
            kwargs=lambda world, side: {"pk": side.locked_visit.pk},
            method="post",
            data=NOTE,
        ),
        act(OFFICER, *STATION, done=409, kwargs=visit, data=NOTE),
        Route(answers(404, (403, (OFFICER,))), NOT_FOUND, method="post", kwargs=draft, data=NOTE),
    ),
    "visit_photos": (
        Route(answers(404, (302, (OFFICER,))), NOT_FOUND, method="post", kwargs=draft),
        act(OFFICER, kwargs=visit),
    ),
    "visit_return": (
        act(*STATION, kwargs=visit, data=REASON),
        Route(answers(404, (403, (OFFICER,))), NOT_FOUND, method="post", kwargs=draft, data=REASON),
    ),
    "visit_discard": (
        Route(**ONLY_AUTHOR, kwargs=draft),
        Route(answers(404, (302, (OFFICER,))), NOT_FOUND, method="post", kwargs=draft),
        act(OFFICER, done=409, kwargs=visit),
    ),
    "photo_file": (
        *seen(lambda world, side: {"pk": side.photo.pk}),
        Route(**ONLY_AUTHOR, kwargs=lambda world, side: {"pk": side.draft_photo.pk}),
    ),
    "photo_small": (
        *seen(lambda world, side: {"pk": side.photo.pk}),
        Route(**ONLY_AUTHOR, kwargs=lambda world, side: {"pk": side.draft_photo.pk}),
    ),
    # What was sent: the inspectorate alone, and never of a draft.
    "photo_original": (
        Route(
            answers(404, (403, SEATS), (200, (Role.INSPECTORATE,))),
            answers(404, (403, BUREAU_WIDE), (200, (Role.INSPECTORATE,))),
            kwargs=lambda world, side: {"pk": side.photo.pk},
        ),
        Route(
            answers(404, (403, SEATS), (200, (Role.INSPECTORATE,))),
            answers(404, (403, BUREAU_WIDE), (200, (Role.INSPECTORATE,))),
            kwargs=lambda world, side: {"pk": side.photo.pk},
            method="post",
        ),
        Route(answers(404, (403, (OFFICER,))), NOT_FOUND, kwargs=lambda world, side: {"pk": side.draft_photo.pk}),
    ),
    "photo_caption": (
        act(OFFICER, done=409, kwargs=lambda world, side: {"pk": side.photo.pk}, data=CAPTION),
        Route(
            answers(404, (302, (OFFICER,))),
            NOT_FOUND,
            method="post",
            kwargs=lambda world, side: {"pk": side.draft_photo.pk},
            data=CAPTION,
        ),
    ),
    "photo_move": (
        act(OFFICER, done=409, kwargs=lambda world, side: {"pk": side.photo.pk}, data=LATER),
        Route(
            answers(404, (302, (OFFICER,))),
            NOT_FOUND,
            method="post",
            kwargs=lambda world, side: {"pk": side.draft_photo.pk},
            data=LATER,
        ),
    ),
    "hint_list": (
        Route(answers(403, (200, INSPECTED_BY))),
        Route(answers(403, (302, (Role.INSPECTORATE,))), method="post", data=HARMLESS),
    ),
    "photo_remove": (
        act(OFFICER, done=409, kwargs=lambda world, side: {"pk": side.photo.pk}),
        Route(
            answers(404, (302, (OFFICER,))),
            NOT_FOUND,
            method="post",
            kwargs=lambda world, side: {"pk": side.draft_photo.pk},
        ),
    ),
}

DUTIES = {
    "waiting_list": page(answers(403, (200, (OFFICER, *STATION)))),
    "today": page(answers(403, (200, (OFFICER,)))),
    # The village comes with the form: an officer plans for his own only, others plan nothing.
    "plan_new": (
        Route(
            answers(403, (302, (OFFICER,))),
            answers(403, (404, (OFFICER,))),
            method="post",
            data=lambda world, side: {"pick": f"{side.village.code}:{timezone.localdate():%Y-%m-%d}"},
        ),
    ),
    "plan_change": (
        Route(
            answers(403, (302, (OFFICER,))),
            answers(403, (404, (OFFICER,))),
            method="post",
            kwargs=lambda world, side: {"pk": side.plan.pk},
            data=lambda world, side: {"note": "走访"},
        ),
    ),
    "plan_list": page(FOR_SEATS),
    "overview": page(FOR_SUPERVISORS),
    "overview_chart": page(FOR_SUPERVISORS),
    "coverage": (
        Route(FOR_SEATS),
        Route(FOR_SEATS, query="show=plan"),
        Route(FOR_SEATS, query="format=csv"),
        Route(FOR_SEATS, query="format=xlsx"),
    ),
    "coverage_cell": seen(lambda world, side: {"code": side.village.code, "week": Week.of(side.visit.visited_on).key}),
    "inbox": page(FOR_SEATS),
    "inbox_read_all": (bureau_act(*SEATS),),
    "inbox_read": (
        Route(
            answers(404, (302, (OFFICER,))),
            NOT_FOUND,
            method="post",
            kwargs=lambda world, side: {"pk": side.inbox_item.pk},
        ),
    ),
}

REPORTS = {
    "report_list": page(FOR_SEATS),
    "report_new": (bureau_act(OFFICER, data=NEW_REPORT),),
    "report_overdue": page(FOR_SUPERVISORS),
    "report_detail": (
        Route(**WEEKLY_SEEN, kwargs=weekly),
        Route(**MONTHLY_SEEN, kwargs=monthly),
        Route(**ONLY_AUTHOR, kwargs=draft_report),
        Route(
            answers(404, (403, WEEKLY_READERS), (200, (OFFICER,))), READ_ONLY_FROM_AFAR, method="post", kwargs=weekly
        ),
        Route(**ONLY_AUTHOR, method="post", kwargs=draft_report),
    ),
    "report_records": (
        Route(**WEEKLY_SEEN, kwargs=lambda world, side: {"pk": side.weekly.pk, "key": "visits"}),
        Route(**ONLY_AUTHOR, kwargs=lambda world, side: {"pk": side.draft_report.pk, "key": "visits"}),
    ),
    "report_review": (
        act(CHIEF, in_scope=WEEKLY_READERS, kwargs=weekly, data=COMMENT),
        act(LEADER, in_scope=MONTHLY_READERS, kwargs=monthly, data=COMMENT, by_village=False),
    ),
    "report_return": (
        act(CHIEF, in_scope=WEEKLY_READERS, kwargs=weekly, data=REASON),
        act(LEADER, in_scope=MONTHLY_READERS, kwargs=monthly, data=REASON, by_village=False),
    ),
}

CASE_KEEPERS = (OFFICER, *STATION)


def case(world: World, side: Side) -> dict[str, Any]:
    return {"pk": side.case.pk}


def case_file(world: World, side: Side) -> dict[str, Any]:
    return {"pk": side.case_file.pk}


def change(world: World, side: Side) -> dict[str, Any]:
    return {"pk": side.change.pk}


def case_act(name: str, *who: str, done: int = 302, **data: Any) -> Route:
    """An act on the red, open case of a side: `who` do it, the others in scope are refused."""

    def given(world: World, side: Side) -> dict[str, Any]:
        real = {"OWNER": side.officer.number, "CHIEF": side.people.chief.number, "TODAY": f"{timezone.localdate()}"}
        real["PARTY"] = side.case.parties.order_by("id").values_list("pk", flat=True)[0]
        return {"revision": side.case.revision, **{key: real.get(value, value) for key, value in data.items()}}

    return act(*who, done=done, kwargs=lambda world, side: {"pk": side.case.pk, "act": name}, data=given)


def dispute_week(world: World, side: Side) -> dict[str, Any]:
    return {"code": side.village.code, "week": Week.of(timezone.localdate()).key}


CASE_FILE = page(answers(404, (403, SEATS), (200, CASE_KEEPERS)), foreign=READ_ONLY_FROM_AFAR, kwargs=case_file)
RESULT = {
    "resolved_on": "TODAY", "outcome": "settled", "method": "explanation", "resolver": "officer", "result": "已和解",
}  # fmt: skip
LEDGER = {
    "ledger": (
        Route(FOR_SEATS),
        Route(FOR_SEATS, query="when=overdue&sort=due"),
        Route(FOR_SEATS, query="resolved=2026-03&resolver=village&reopened=2026&limit=2026-Q1&late=2026-H1&owner=none"),
        Route(FOR_SEATS, query="open_on=2026-03-31&resolver=court&limit=x&late=%00"),
    ),
    "ledger_stations": (
        *(Route(FOR_SUPERVISORS, query=f"by={by}") for by in ("station", "village", "owner", "category", "level")),
        Route(FOR_SUPERVISORS, query="by=village&format=csv"),
    ),
    "ledger_trend": page(FOR_SUPERVISORS),
    "case_new": (
        Route(answers(403, (200, CASE_KEEPERS))),
        # Without a title the form comes back.
        Route(answers(403, (200, CASE_KEEPERS)), method="post"),
    ),
    "case_detail": seen(case),
    "case_notice": seen(case),
    # Others see that there are files, and not what is in them.
    "case_file": CASE_FILE,
    "case_file_small": CASE_FILE,
    "case_correct": (
        Route(answers(404, (403, SEATS), (200, CASE_KEEPERS)), READ_ONLY_FROM_AFAR, kwargs=case),
        # Without a title the form comes back.
        Route(
            answers(404, (403, SEATS), (200, CASE_KEEPERS)),
            READ_ONLY_FROM_AFAR,
            kwargs=case,
            method="post",
            data=lambda world, side: {"title": ""},
        ),
    ),
    "case_act": (
        case_act("step", *CASE_KEEPERS, kind="note", happened_on="TODAY", note="上门"),
        case_act("inform", *CASE_KEEPERS, informed_on="TODAY", received_by="村支书"),
        case_act("refer", *CASE_KEEPERS, target="court", reason="起诉"),
        case_act("pause", *CASE_KEEPERS, reason="等待法院"),
        case_act("resolve", *CASE_KEEPERS, **RESULT),
        case_act(
            "split", *CASE_KEEPERS, title="另一事项", category="labour", level="yellow", reason="无关", parties="PARTY"
        ),
        # What the station alone does.
        case_act("lead", *STATION, leader="CHIEF"),
        case_act("assign", *STATION, owner="OWNER"),
        # Red is the highest: an officer lowers no level, the form offers him none.
        Route(
            answers(404, (403, SEATS), (302, STATION), (200, (OFFICER,))),
            READ_ONLY_FROM_AFAR,
            method="post",
            kwargs=lambda world, side: {"pk": side.case.pk, "act": "level"},
            data=lambda world, side: {"revision": side.case.revision, "level": "orange", "reason": "缓和"},
        ),
        # The address of a form that came back leads to the case.
        Route(
            answers(404, (302, SEATS)),
            answers(404, (302, BUREAU_WIDE)),
            kwargs=lambda world, side: {"pk": side.case.pk, "act": "step"},
        ),
        # Not in this state, whoever asks.
        case_act("close", *STATION, done=409),
        case_act("reopen", *CASE_KEEPERS, done=409, reason="反复"),
        case_act("resume", *CASE_KEEPERS, done=409),
        case_act("answer", *CASE_KEEPERS, done=409, answered_on="TODAY", answer="x", satisfaction="satisfied"),
    ),
    "dispute_notices": page(FOR_SEATS),
    "dispute_notice": seen(dispute_week),
    "dispute_notice_pdf": seen(dispute_week),
    "dispute_notice_deliver": (
        act(*CASE_KEEPERS, kwargs=dispute_week, data=lambda world, side: {"recipient": "committees"}),
        act(*CASE_KEEPERS, kwargs=dispute_week, data=lambda world, side: {"recipient": "station"}),
    ),
    "base_info_list": (Route(FOR_SEATS), Route(FOR_SEATS, query="timely=owed&check=judged")),
    "base_info_work": page(answers(403, (200, CASE_KEEPERS))),
    "base_info_figures": page(FOR_SEATS),
    "base_info_checks": (
        Route(FOR_SEATS),
        # Nothing of that month is forwarded: the form comes back.
        Route(
            answers(403, (200, (*STATION, BRIGADE))),
            method="post",
            data=lambda world, side: {"period": "2020-01", "count": 1},
        ),
    ),
    "base_info_judge": (
        Route(
            answers(404, (403, SEATS), (302, (*STATION, BRIGADE))),
            answers(404, (403, BUREAU_WIDE), (302, (BRIGADE,))),
            method="post",
            kwargs=lambda world, side: {"pk": side.check.pk},
            data=lambda world, side: {"outcome": "accurate"},
        ),
    ),
    "base_info_transfers": (
        Route(answers(403, (200, (BRIGADE,)))),
        Route(answers(403, (302, (BRIGADE,))), method="post"),
    ),
    "base_info_transfer": page(
        answers(404, (200, (BRIGADE,))), kwargs=lambda world, side: {"pk": world.transfer.pk}, by_village=False
    ),
    "base_info_new": (
        Route(answers(403, (200, (OFFICER,)))),
        Route(answers(403, (200, (OFFICER,))), method="post"),
    ),
    # The officer here is a liaison officer: the community officers of the station verify what he finds.
    "base_info_check": (act(*STATION, kwargs=change, data=lambda world, side: {"is_so": "yes"}),),
    "base_info_forward": (Route(answers(403, (200, (OFFICER, *STATION))), method="post"),),  # nothing is ticked
}


def briefing(world: World, side: Side) -> dict[str, Any]:
    return {"code": side.village.code, "week": side.briefing.week.key}


def last_week(world: World, side: Side) -> dict[str, Any]:
    return {"code": side.village.code, "week": side.briefing.week.previous().key}


TEXT: Make = lambda world, side: {"text": "请关好门窗。", "revision": 0, "save": "1"}  # noqa: E731
BRIEFINGS = {
    "briefing_list": (Route(FOR_SEATS), Route(FOR_SEATS, query="period=2026-W07&state=given&way=meeting&text=x")),
    "briefing_detail": (
        *seen(briefing),
        *seen(last_week),
        act(OFFICER, kwargs=last_week, data=TEXT),
        # Given already: another text comes too late.
        act(OFFICER, done=409, kwargs=briefing, data=lambda world, side: {"text": "改写", "revision": 1, "save": "1"}),
    ),
    "briefing_take_back": (act(OFFICER, kwargs=briefing, data=REASON),),
    "briefing_notice": seen(briefing),
    "briefing_notice_pdf": seen(briefing),
    "briefing_poster": seen(lambda world, side: {**briefing(world, side), "paper": "a4"}),
    "incidents": (Route(FOR_SEATS), Route(FOR_SEATS, query="by=village"), Route(FOR_SEATS, query="format=csv")),
    "incident_chart": page(FOR_SEATS),
    "incident_rows": (Route(FOR_SEATS), Route(FOR_SEATS, query="category=theft&period=2026-W07")),
}


def council(world: World, side: Side) -> dict[str, Any]:
    return {"pk": side.council.pk}


def council_draft(world: World, side: Side) -> dict[str, Any]:
    return {"pk": side.council_draft.pk}


def measure(world: World, side: Side) -> dict[str, Any]:
    return {"pk": side.measure.pk}


def month_of(world: World, side: Side) -> dict[str, Any]:
    return {"key": Month.counting(timezone.localdate()).key}


def chart_of(kwargs: Make) -> Make:
    return lambda world, side: {**kwargs(world, side), "chart": "disputes"}


ENDED: Make = lambda world, side: {"state": "done", "ended_on": f"{timezone.localdate()}", "result": "已办"}  # noqa: E731
HEARD: Make = lambda world, side: {  # noqa: E731
    "revision": side.council.revision,
    "held_on": f"{timezone.localdate()}",
    "started_at": "09:00",
    "ended_at": "10:00",
    "place": "村委会",
    "chair": "村支书",
    "expected_count": 30,
    "present_count": 25,
    "officers": [side.officer.pk],
    "situation_month": side.council.situation_month,
    "agenda": "通报治安",
}
COUNCILS = {
    "council_list": (Route(FOR_SEATS), Route(FOR_SEATS, query="state=held&period=2026&analysis=no&sort=village")),
    # The village comes with the form: an officer finds his own only, others write no councils.
    "council_new": (
        Route(answers(403, (302, (OFFICER,))), answers(403, (404, (OFFICER,))), method="post", data=NEW_VISIT),
    ),
    "council_missing": (Route(FOR_SEATS), Route(FOR_SEATS, query="month=2026-01")),
    # A draft leads on to where it is written, and is its village's alone.
    "council_detail": (
        *seen(council),
        Route(answers(404, (302, (OFFICER,))), NOT_FOUND, kwargs=council_draft),
    ),
    "council_edit": (
        Route(**ONLY_AUTHOR, kwargs=council_draft),
        # Without a day the form comes back.
        Route(**ONLY_AUTHOR, kwargs=council_draft, method="post"),
        Route(answers(404, (403, SEATS), (200, (OFFICER,))), READ_ONLY_FROM_AFAR, kwargs=council),
        act(OFFICER, kwargs=council, data=HEARD),
    ),
    "council_discard": (
        Route(answers(404, (302, (OFFICER,))), NOT_FOUND, kwargs=council_draft, method="post"),
        act(OFFICER, done=409, kwargs=council),
    ),
    "council_comment": (act(*STATION, kwargs=council, data=COMMENT),),
    "council_chart": (
        *seen(chart_of(council)),
        Route(**ONLY_AUTHOR, kwargs=chart_of(council_draft)),
    ),
    "measure_list": (Route(FOR_SEATS), Route(FOR_SEATS, query="when=overdue&period=2026-01&text=x")),
    "measure": (*seen(measure), act(OFFICER, *STATION, kwargs=measure, data=ENDED)),
    "situation": (
        Route(FOR_SEATS),
        Route(FOR_SEATS, query="month=2026-01"),
        *(Route(FOR_SEATS, query=f"format={name}") for name in ("xlsx", "docx", "csv")),
    ),
    "situation_chart": page(FOR_SEATS, kwargs=lambda world, side: {"chart": "incidents"}),
    "situation_incidents": page(FOR_SEATS, kwargs=month_of),
}

MONTHS = {
    "month_list": page(FOR_SEATS),
    "month_download": (
        Route(FOR_SEATS, kwargs=month_file),
        Route(FOR_SEATS, kwargs=file_of(month, "xlsx")),
    ),
    # Officers are sent on to their own card.
    "month_detail": page(answers(403, (200, SUPERVISORS), (302, (OFFICER,))), kwargs=month),
    "month_open": (bureau_act(BRIGADE, kwargs=month),),
    "month_comments": (bureau_act(CHIEF, kwargs=month),),
    "month_comment_rest": (bureau_act(CHIEF, kwargs=month, data=GOOD),),
    # The month itself lies in everybody's scope but the administrators'.
    "month_sign": (
        Route(answers(404, (403, SEATS), (200, (CHIEF,))), kwargs=month),
        Route(answers(404, (403, SEATS), (200, (CHIEF,))), kwargs=month, method="post"),
    ),
    "month_lock": (
        Route(answers(404, (403, SEATS), (200, (BRIGADE,))), kwargs=month),
        Route(answers(404, (403, SEATS), (200, (BRIGADE,))), kwargs=month, method="post"),
        Route(answers(404, (403, SEATS)), kwargs=lambda world, side: {"key": world.locked.key}, method="post"),
    ),
    "month_return": (bureau_act(BRIGADE, kwargs=month),),
    "scorecard": (Route(**SCORE_SEEN, kwargs=card),),
    "score_trend": (Route(**SCORE_SEEN, kwargs=card),),
    "evidence": (Route(**SCORE_SEEN, kwargs=line),),
}

DRAFT_SEEN = answers(404, (200, (BRIGADE,)), (403, SEPARATED))
BULLETINS = {
    "bulletin_list": page(FOR_SEATS),
    "bulletin_detail": (Route(FOR_SEATS, kwargs=issued), Route(DRAFT_SEEN, kwargs=unissued)),
    "bulletin_download": (
        *(Route(FOR_SEATS, kwargs=file_of(issued, file_format)) for file_format in ("csv", "xlsx", "docx")),
        Route(DRAFT_SEEN, kwargs=file_of(unissued, "csv")),
    ),
    "bulletin_draw_up": (bureau_act(BRIGADE, kwargs=issued, data=AGAIN),),
    "bulletin_issue": (
        Route(answers(404, (302, (BRIGADE,))), method="post", kwargs=unissued, data=NUMBER),
        Route(answers(404, (403, SEATS)), method="post", kwargs=issued, data=NUMBER),
    ),
}

API_LIST = page(FOR_SEATS, stranger=403)


def api(kwargs: Make, own: Answers = SEEN, foreign: Answers = SEEN_FROM_AFAR, **options: Any) -> tuple[Route, ...]:
    """A row of the API: the administrators are refused before any row is looked for."""
    refused = {str(role): 403 for role in SEPARATED}
    return (Route({**own, **refused}, {**foreign, **refused}, kwargs=kwargs, stranger=403, **options),)


def json(**headers: str) -> dict[str, Any]:
    """How a program of another system sends a body."""
    return {"content_type": "application/json", "headers": {key.replace("_", "-"): v for key, v in headers.items()}}


def api_act(*who: str, done: int = 200, in_scope: tuple[str, ...] = SEATS, **options: Any) -> tuple[Route, ...]:
    """An act on a row by API: `who` may, others in scope are refused, and nobody from afar."""
    return api(own=answers(404, (403, in_scope), (done, who)), foreign=READ_ONLY_FROM_AFAR, **options)


def api_own(done: int, **options: Any) -> tuple[Route, ...]:
    """An act on a draft, which only its author knows of."""
    return api(own=answers(404, (done, (OFFICER,))), foreign=NOT_FOUND, **options)


def picture(world: World, side: Side) -> dict[str, Any]:
    out = BytesIO()
    Image.new("RGB", (8, 8), "green").save(out, "PNG")
    return {"photo": SimpleUploadedFile("any.png", out.getvalue())}


def new_by_api(world: World, side: Side) -> dict[str, Any]:
    return {"village": side.village.code, "visited_on": side.visit.visited_on.isoformat(), "started_at": "13:00"}


FIRST: Make = lambda world, side: {"revision": 0}  # noqa: E731
WORDS: Make = lambda world, side: {"summary": "改写"}  # noqa: E731
photo_of_visit: Make = lambda world, side: {"pk": side.photo.pk}  # noqa: E731
photo_of_draft: Make = lambda world, side: {"pk": side.draft_photo.pk}  # noqa: E731

API_VISITS = {
    "visit-list": (
        *API_LIST,
        # An officer names his own villages only; others write no logs.
        Route(
            answers(403, (201, (OFFICER,))), answers(403, (400, (OFFICER,))), method="post", data=new_by_api,
            sent=json(Idempotency_Key="matrix"), stranger=403,
        ),
    ),
    "visit-detail": (
        *api(visit),
        *api_own(200, kwargs=draft),
        *api_own(200, kwargs=draft, method="patch", data=WORDS, sent=json(If_Match='"0"')),
        *api_act(OFFICER, done=409, kwargs=visit, method="patch", data=WORDS, sent=json(If_Match='"0"')),
        *api_own(204, kwargs=draft, method="delete"),
        *api_act(OFFICER, done=409, kwargs=visit, method="delete"),
    ),
    "visit-submit": (
        # Its hours are those of another visit.
        *api_own(400, kwargs=draft, method="post", data=FIRST, sent=json()),
        *api_act(OFFICER, kwargs=visit, method="post", data=FIRST, sent=json()),
    ),
    "visit-return": (
        *api_act(*STATION, kwargs=visit, method="post", data=REASON, sent=json()),
        *api_own(403, kwargs=draft, method="post", data=REASON, sent=json()),
    ),
    "visit-photos": (
        *api(visit),
        *api_own(200, kwargs=draft),
        *api_own(201, kwargs=draft, method="post", data=picture),
        *api_act(OFFICER, done=409, kwargs=visit, method="post", data=picture),
    ),
    "photo-detail": (
        *api(photo_of_visit),
        *api_own(200, kwargs=photo_of_draft),
        *api_own(204, kwargs=photo_of_draft, method="delete"),
        *api_act(OFFICER, done=409, kwargs=photo_of_visit, method="delete"),
    ),
    "photo-file": (*api(photo_of_visit), *api_own(200, kwargs=photo_of_draft)),
}  # fmt: skip


def new_case_by_api(world: World, side: Side) -> dict[str, Any]:
    return {
        "kind": "dispute", "village": side.village.code, "category": "neighbours", "title": "界址争执",
        "parties": [{"role": "claimant", "name": "赵某"}],
    }  # fmt: skip


def case_by_api(*who: str, done: int = 200, **data: Any) -> tuple[Route, ...]:
    """An act on the red, open case of a side by API."""

    def given(world: World, side: Side) -> dict[str, Any]:
        today = timezone.localdate().isoformat()
        seen = {} if "kind" in data else {"revision": side.case.revision}  # a step asks for none
        return {**seen, **{name: today if value == "TODAY" else value for name, value in data.items()}}

    sent = json(Idempotency_Key="matrix")
    return api_act(*who, done=done, kwargs=case, method="post", data=given, sent=sent)


ANSWER = {"answered_on": "TODAY", "answer": "已告知"}
API_CASES = {
    "case-list": (
        *API_LIST,
        Route(
            answers(403, (201, CASE_KEEPERS)), answers(403, (400, CASE_KEEPERS)), method="post", data=new_case_by_api,
            sent=json(Idempotency_Key="matrix"), stranger=403,
        ),
    ),
    "case-detail": api(case),
    "case-step": case_by_api(*CASE_KEEPERS, kind="note", happened_on="TODAY", note="上门"),
    "case-refer": case_by_api(*CASE_KEEPERS, target="court", reason="起诉"),
    "case-pause": case_by_api(*CASE_KEEPERS, reason="等待法院"),
    "case-resolve": case_by_api(*CASE_KEEPERS, **RESULT),
    "case-correct": case_by_api(*CASE_KEEPERS, title="界址争执"),
    # Red is the highest: an officer lowers no level.
    "case-level": (
        *api(
            case, answers(404, (403, SEATS), (200, STATION), (400, (OFFICER,))), READ_ONLY_FROM_AFAR,
            method="post", sent=json(),
            data=lambda world, side: {"revision": side.case.revision, "level": "orange", "reason": "缓和"},
        ),
    ),
    # Not in this state, whoever asks.
    "case-resume": case_by_api(*CASE_KEEPERS, done=409),
    "case-referral_answer": case_by_api(*CASE_KEEPERS, done=409, **ANSWER),
    "case-answer": case_by_api(*CASE_KEEPERS, done=409, **ANSWER, satisfaction="satisfied"),
    "case-follow_up": case_by_api(*CASE_KEEPERS, done=409, done_on="TODAY", note="未反复", satisfaction="satisfied"),
    "case-close": case_by_api(*STATION, done=409),
    "case-reopen": case_by_api(*CASE_KEEPERS, done=409, reason="反复"),
}  # fmt: skip

API = {
    "village-list": API_LIST,
    "village-detail": api(village),
    "officer-list": API_LIST,
    "officer-detail": api(lambda world, side: {"number": side.officer.number}),
    "workreport-list": API_LIST,
    "workreport-detail": (
        *api(weekly, answers(404, (200, WEEKLY_READERS))),
        *api(monthly, answers(404, (200, MONTHLY_READERS)), by_village=False),
        *api(draft_report, answers(404, (200, (OFFICER,))), NOT_FOUND),
    ),
    "assessment-list": API_LIST,
    "assessment-detail": api(lambda world, side: {"pk": side.assessment.pk}),
    "bulletin-list": API_LIST,
    "bulletin-detail": (
        Route(FOR_SEATS, kwargs=lambda world, side: {"pk": world.issued.pk}, stranger=403),
        Route(DRAFT_SEEN, kwargs=lambda world, side: {"pk": world.draft_bulletin.pk}, stranger=403),
    ),
}

ROUTES: dict[str, tuple[Route, ...]] = {
    **PLATFORM,
    **JOBS,
    **VILLAGES,
    **LISTS,
    **VISITS,
    **DUTIES,
    **REPORTS,
    **LEDGER,
    **BRIEFINGS,
    **COUNCILS,
    **MONTHS,
    **BULLETINS,
    **API,
    **API_VISITS,
    **API_CASES,
}
