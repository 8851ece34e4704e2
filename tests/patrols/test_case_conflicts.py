"""Whoever comes too late with an act on a case gets back all that he typed, in words, by page and by API (R6, R7)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from patrols.choices import CaseAct, CaseState
from patrols.models import Case
from patrols.views.case_acts import ACTS
from tests.factories import make_household, make_officer, make_station_side
from tests.patrols.test_attachments import PLAIN
from tests.patrols.test_cases import dispute

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=9)
RESOLVED = {
    "resolved_on": TODAY,
    "outcome": "settled",
    "method": "explanation",
    "resolver": "officer",
    "result": "已了",
}
# Beside its own words, each act is done in a state that permits it.
RIGHT_STATE = {
    CaseAct.RESUME: {"state": "paused", "due_on": None},
    CaseAct.REFERRAL_ANSWER: {"state": "referred", "due_on": None},
    **dict.fromkeys(
        (CaseAct.ANSWER, CaseAct.FOLLOW_UP, CaseAct.CLOSE, CaseAct.REOPEN),
        {"state": "resolved", "due_on": None, **RESOLVED},
    ),
}


def typed(act: CaseAct, side, case: Case, other: Case) -> dict[str, tuple]:
    """{field: (what the form sends, the words by which a person knows it)}: every field of the act."""
    day, soon, helper = (f"{TODAY}", f"{TODAY}"), (f"{SOON}", f"{SOON}"), side.auxiliaries[0]
    owner, party = side.officers[0], case.parties.order_by("id")[0]
    satisfied, why = ("fairly", "基本满意"), ("理由如此这般", "理由如此这般")
    named = (other.pk, other.number)
    return {
        CaseAct.STEP: {
            "kind": ("mediation", "调解"), "happened_on": day, "note": ("丈量了\n两遍", "丈量了<br>两遍"),
            "files": (SimpleUploadedFile("界桩.pdf", PLAIN), "界桩.pdf"),
        },
        CaseAct.CORRECT: {
            "kind": ("dispute", "矛盾纠纷"), "category": ("tort", "侵权赔偿"), "title": ("争水渠", "争水渠"),
            "detail": ("吵了\n两回", "吵了<br>两回"), "place": ("渠首", "渠首"), "occurred_on": day,
            "scale": ("group", "群体性"), "promised_on": soon, "household": ("9组9号 赵某", "9组9号 赵某"),
            "parties-0-name": ("钱某", "钱某"), "parties-0-role": ("concerned", "相关"),
            "parties-0-phone": ("13800000009", "13800000009"),
        },
        CaseAct.LEVEL: {"level": ("orange", "橙色"), "reason": why},
        CaseAct.PAUSE: {"reason": why, "expected_on": soon},
        CaseAct.RESUME: {"reason": why},
        CaseAct.REFER: {
            "target": ("judicial_office", "司法所"), "target_name": ("东乡所", "东乡所"), "reason": why,
            "answer_due_on": soon,
        },
        CaseAct.REFERRAL_ANSWER: {"answered_on": day, "answer": ("愿意协商", "愿意协商")},
        CaseAct.RESOLVE: {
            "resolved_on": day, "outcome": ("in_court", "未化解"), "method": ("joint_mediation", "联合调解"),
            "resolver": ("township", "镇"), "result": ("恢复界桩", "恢复界桩"),
        },
        CaseAct.ANSWER: {"answered_on": day, "answer": ("当面说过", "当面说过"), "satisfaction": satisfied},
        CaseAct.FOLLOW_UP: {
            "done_on": day, "satisfaction": satisfied, "note": ("又吵了", "又吵了"), "broken": ("on", "是"),
        },
        CaseAct.CLOSE: {"reason": why},
        CaseAct.REOPEN: {"reason": why},
        CaseAct.ASSIGN: {
            "owner": (owner.number, owner.name), "co_handlers": ([helper.number], helper.name), "reason": why,
        },
        CaseAct.LEAD: {"leader": (side.chief.number, side.chief.name)},
        CaseAct.INFORM: {"informed_on": day, "received_by": ("张支书", "张支书")},
        CaseAct.MERGE: {"into": named, "reason": why},
        CaseAct.LINK: {"other": named},
        CaseAct.SPLIT: {
            "title": ("拖欠工钱", "拖欠工钱"), "category": ("labour", "劳动"), "level": ("red", "红色"),
            "parties": ([party.pk], party.name), "detail": ("另有欠条", "另有欠条"), "reason": why,
        },
    }[act]  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_every_word_typed_stands_on_the_page_of_the_loser(client, act):
    side = make_station_side()
    make_officer(unit=side.station)
    case, other = dispute(side, level="red" if act in (CaseAct.LEAD, CaseAct.INFORM) else "yellow"), dispute(side)
    make_household(side.village, address="9组9号", head_name="赵某")
    words = typed(act, side, case, other)
    form = ACTS[act].form(case=case, user=side.chief.user, act=act.value)
    rows = {name for name in words if name.startswith("parties-")}
    assert set(words) - rows == {field.name for field in form.visible_fields()}
    # Somebody else was faster. Steps and links ask for no revision: to them the case itself is gone.
    gone = {"state": CaseState.MERGED, "merged_into": other, "due_on": None}
    later = gone if act in (CaseAct.STEP, CaseAct.LINK) else {**RIGHT_STATE.get(act, {}), "revision": 7}
    Case.objects.filter(pk=case.pk).update(**later)
    client.force_login(side.chief.user)
    sent = {name: value for name, (value, _said) in words.items()} | {"revision": 0}
    sent |= {"parties-TOTAL_FORMS": 1, "parties-INITIAL_FORMS": 0} if rows else {}
    answer = client.post(reverse("case_act", args=[case.pk, act]), sent)
    assert answer.status_code == 409
    mine = answer.content.decode().split("<table")[1].split("</table>")[0]
    for name, (_value, said) in words.items():
        assert name in rows or str(form[name].label) in mine
        assert str(said) in mine, name


def test_api_gives_back_the_same_words(client):
    side = make_station_side()
    case = dispute(side)
    Case.objects.filter(pk=case.pk).update(revision=3)
    client.force_login(side.officers[0].user)
    sent = {"target": "court", "reason": "起诉", "answer_due_on": f"{SOON}", "revision": 0}
    answer = client.post(f"/api/v1/cases/{case.pk}/refer/", sent, content_type="application/json")
    assert (answer.status_code, set(answer.json()["mine"].values())) == (409, {"法院", "起诉", f"{SOON}"})
