"""Examples of the OpenAPI schema: one morning in a village, written down and handed in."""

from drf_spectacular.utils import OpenApiExample

VISIT = "5b2f0a52-7f0e-4a3c-9a57-0d8c1f7f3a10"
PHOTO = "c7a4d2de-12c8-4bb3-8a0f-6c2d9f0a1b77"
ENTRY = {
    "village": "510118101201",
    "visited_on": "2026-03-03",
    "started_at": "09:00:00",
    "ended_at": "11:30:00",
    "companions": ["A00012"],
    "summary": "入户五户，宣传反诈，排查矛盾纠纷。",
    "photo_waiver": "",
    "shortfall_reason": "",
    "calls": [
        {
            "household": "3组12号 王建国",
            "spoke_with": "本人",
            "topics": ["safety"],
            "raised": "路灯不亮",
            "case_kind": "concern",
        }
    ],
    "deeds": [{"beneficiary": "张大爷", "matter": "代办社保卡", "outcome": "done", "result": "已送到家"}],
    "activities": [
        {
            "kind": "screening",
            "people_count": None,
            "nothing_found": True,
            "note": "",
            "opens_case": False,
            "case_kind": "dispute",
        }
    ],
    "base_info": [
        {"subject": "person", "action": "new", "address": "3组12号", "what": "新租户一家三口", "change": None},
    ],
}
ROW = {
    "id": VISIT,
    "village": "510118101201",
    "village_name": "希望村",
    "station": "花源派出所",
    "officer": "018201",
    "officer_name": "陈立",
    "visited_on": "2026-03-03",
    "started_at": "09:00:00",
    "ended_at": "11:30:00",
    "household_count": 1,
    "min_households": 5,
    "deed_count": 1,
    "min_deeds": 1,
    "photo_count": 1,
    "is_up_to_standard": False,
    "is_late": False,
    "state": "draft",
    "submitted_at": None,
    "revision": 1,
}
PICTURE = {
    "id": PHOTO,
    "visit": VISIT,
    "width": 1600,
    "height": 1200,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "uploaded_at": "2026-03-03T11:42:05+08:00",
    "file": f"/api/v1/photos/{PHOTO}/file/",
}
DETAIL = {**ROW, **{name: value for name, value in ENTRY.items() if name not in ROW}, "photos": [PICTURE]}
MASKED = {
    **DETAIL,
    "state": "submitted",
    "submitted_at": "2026-03-03T12:05:00+08:00",
    "shortfall_reason": "下午抽调安保",
    "revision": 2,
    "calls": [
        {
            "household": "3组12号 王**",
            "spoke_with": "本*",
            "topics": ["safety"],
            "raised": "路灯不亮",
            "case_kind": "concern",
        }
    ],
    "deeds": [{"beneficiary": "张**", "matter": "代办社保卡", "outcome": "done", "result": "已送到家"}],
    "names_in_full": False,
}
OWN = {**DETAIL, "names_in_full": True}

NEW_VISIT = OpenApiExample("A draft", value={**ENTRY, "submit": False}, request_only=True)
CHANGES = OpenApiExample("Later departure", value={"ended_at": "12:00:00"}, request_only=True)
OWN_VISIT = OpenApiExample("As its author reads it", value=OWN, response_only=True, status_codes=["200", "201"])
MASKED_VISIT = OpenApiExample("As the brigade reads it", value=MASKED, response_only=True, status_codes=["200"])
A_PHOTO = OpenApiExample("A photo", value=PICTURE, response_only=True, status_codes=["200", "201"])
REASON = OpenApiExample("A remark", value={"reason": "请补充群防巡逻人数。"}, request_only=True)
HAND_IN = OpenApiExample("The revision seen", value={"revision": 1}, request_only=True)
INVALID = OpenApiExample(
    "All mistakes at once",
    value={
        "code": "invalid",
        "detail": "请更正标出的各项。",
        "errors": {"visited_on": ["日期在未来。"], "calls.0.household": ["请填写地址、空格和户主姓名。"]},
    },
    response_only=True,
    status_codes=["400"],
)
STALE = OpenApiExample(
    "Both texts",
    value={
        "code": "stale",
        "detail": "日志此间已在别处保存。",
        "errors": {},
        "mine": {"离开时间": "12:00"},
        "theirs": {"离开时间": "11:45"},
    },
    response_only=True,
    status_codes=["412"],
)
