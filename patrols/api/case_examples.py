"""Examples of the OpenAPI schema: a quarrel about a boundary, from its opening to its close."""

from drf_spectacular.utils import OpenApiExample

from patrols.api.examples import VISIT
from patrols.choices import CaseAct

CASE = "0b9f6f5e-3f57-4b6e-8f0e-5a1f0c2d7e41"
ENTRY = {
    "kind": "dispute",
    "village": "510118101201",
    "category": "neighbours",
    "title": "宅基地边界争执",
    "detail": "翻建围墙时对边界有争议。",
    "household": "3组12号 王建国",
    "parties": [
        {"role": "claimant", "name": "王建国", "phone": "13912342046"},
        {"role": "respondent", "name": "李秀英", "phone": ""},
    ],
}
CASE_ROW = {
    "id": CASE,
    "number": "花源〔2026〕12号",
    "kind": "dispute",
    "category": "neighbours",
    "level": "yellow",
    "state": "handling",
    "village": "510118101201",
    "village_name": "希望村",
    "station": "花源派出所",
    "title": "宅基地边界争执",
    "owner": "018201",
    "owner_name": "陈立",
    "opened_on": "2026-03-03",
    "due_on": "2026-03-12",
    "next_step_on": None,
    "waits_until": None,
    "resolved_on": None,
    "closed_on": None,
    "reopened_count": 0,
    "revision": 1,
}
PARTIES: list[dict] = [
    {"id": 4711, "role": "claimant", "name": "王建国", "phone": "13912342046"},
    {"id": 4712, "role": "respondent", "name": "李秀英", "phone": ""},
]
DETAIL: dict = {
    **CASE_ROW,
    "scale": "individual",
    "household": "3组12号 王建国",
    "detail": "翻建围墙时对边界有争议。",
    "place": "",
    "occurred_on": None,
    "promised_on": None,
    "source": "call",
    "source_visit": VISIT,
    "co_handlers": ["A00012"],
    "leader": "",
    "red_on": None,
    "committees_informed_on": None,
    "outcome": "",
    "method": "",
    "resolver": "",
    "result": "",
    "answered_on": None,
    "answer": "",
    "satisfaction": "",
    "merged_into": None,
    "linked": [],
    "parties": PARTIES,
    "steps": [
        {
            "kind": "mediation",
            "happened_on": "2026-03-04",
            "note": "组织双方现场丈量。",
            "at": "2026-03-04T17:20:00+08:00",
            "by": "陈立",
        }
    ],
    "terms": [
        {
            "number": 1,
            "level": "yellow",
            "started_on": "2026-03-03",
            "days": 7,
            "unit": "workdays",
            "due_on": "2026-03-12",
            "ended_on": None,
            "ending": "",
            "pauses": [],
        }
    ],
    "referrals": [],
    "follow_ups": [],
    "earlier_results": [],
    "history": [
        {"act": "open", "state": "open", "at": "2026-03-03T12:05:00+08:00", "by": "陈立", "reason": ""},
        {"act": "step", "state": "handling", "at": "2026-03-04T17:20:00+08:00", "by": "陈立", "reason": ""},
    ],
    "escalations": [],
    "may": ["step", "resolve", "correct", "refer", "pause", "level"],
    "names_in_full": True,
}
MASKED = {
    **DETAIL,
    "household": "3组12号 王**",
    "parties": [
        PARTIES[0] | {"name": "王**", "phone": "139****2046"},
        PARTIES[1] | {"name": "李**"},
    ],
    "may": [],
    "names_in_full": False,
}

SENT = {
    CaseAct.STEP: {"kind": "mediation", "happened_on": "2026-03-04", "note": "组织双方现场丈量。"},
    CaseAct.CORRECT: {
        "category": "land", "promised_on": "2026-03-15", "revision": 1,
        "parties": [{"id": 4711, "role": "claimant", "name": "王建国"}, {"role": "respondent", "name": "李秀瑛"}],
    },
    CaseAct.LEVEL: {"level": "orange", "reason": "双方亲属介入，有升级苗头。", "revision": 1},
    CaseAct.PAUSE: {"reason": "等待不动产登记中心测绘结果", "expected_on": "2026-03-31", "revision": 1},
    CaseAct.RESUME: {"reason": "测绘结果已出", "revision": 2},
    CaseAct.REFER: {
        "target": "judicial_office", "target_name": "花源司法所", "reason": "需专业调解", "answer_due_on": "2026-03-20",
        "revision": 1,
    },
    CaseAct.REFERRAL_ANSWER: {"answered_on": "2026-03-18", "answer": "已组织调解，双方愿意协商。", "revision": 2},
    CaseAct.RESOLVE: {
        "resolved_on": "2026-03-10", "outcome": "settled", "method": "peoples_mediation", "resolver": "committee",
        "result": "按测绘结果恢复界桩，双方签字认可。", "revision": 1,
    },
    CaseAct.ANSWER: {
        "answered_on": "2026-03-10", "answer": "已当面告知处理结果。", "satisfaction": "satisfied", "revision": 2,
    },
    CaseAct.FOLLOW_UP: {
        "done_on": "2026-03-17", "satisfaction": "satisfied", "note": "双方未再争执。", "broken": False, "revision": 3,
    },
    CaseAct.CLOSE: {"reason": "已回访两次，同意办结。", "revision": 5},
    CaseAct.REOPEN: {"reason": "界桩被移动，再次争执。", "revision": 6},
}  # fmt: skip

ACTS = {act: OpenApiExample(f"{act.name.capitalize()}", value=sent, request_only=True) for act, sent in SENT.items()}
NEW_CASE = OpenApiExample("A dispute", value=ENTRY, request_only=True)
ROW = OpenApiExample("A row", value=CASE_ROW, response_only=True, status_codes=["200"])
OWN_CASE = OpenApiExample("As its owner reads it", value=DETAIL, response_only=True, status_codes=["200", "201"])
MASKED_CASE = OpenApiExample("As the brigade reads it", value=MASKED, response_only=True, status_codes=["200"])
INVALID = OpenApiExample(
    "All mistakes at once",
    value={
        "code": "invalid",
        "detail": "请更正标出的各项。",
        "errors": {"household": ["该村名册上没有这一户。"], "parties.0.name": ["该字段不能为空。"]},
    },
    response_only=True,
    status_codes=["400"],
)
STATE = OpenApiExample(
    "Not in this state",
    value={
        "code": "conflict",
        "detail": "该事项现为“已办结”，不能这样处理。",
        "errors": {},
        "mine": {"理由": "等待测绘结果"},
        "theirs": {"办结": "张敏 · 2026-04-12 09:30 · 已回访两次，同意办结。"},
        "state": "closed",
    },
    response_only=True,
    status_codes=["409"],
)
