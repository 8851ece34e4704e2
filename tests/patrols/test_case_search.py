"""Finding cases by a text: any part of what is written, and no resident's name for those who read it masked."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from patrols import cases
from patrols.cases import CaseEntry, PartyEntry, Resolution
from patrols.ledger.search import PARTS, WRITTEN
from patrols.lists import CASES
from patrols.models import Case, CaseParty, CaseStep
from tests.factories import make_household, make_officer, make_station_world
from xinjin.accounts.roles import Role
from xinjin.lists.listing import Listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_station_world()


def opened(side, **changes) -> Case:
    entry = {
        "kind": "dispute", "village": side.village, "title": "排水沟堵塞", "category": "neighbours",
        "detail": "𠮷家与䶮家相邻，100%受损_东侧", "place": "晒坝北头",
        "parties": (PartyEntry("claimant", "王建国", "13912342046"),),
    }  # fmt: skip
    return cases.open_case(by=side.officers[0].user, entry=CaseEntry(**{**entry, **changes}))


def found(user, text: str) -> set[str]:
    data = QueryDict(mutable=True)
    data["text"] = text
    return set(Listing(CASES, user, data, ["number"]).rows.values_list("number", flat=True))


def test_any_part_of_what_is_written_is_found_as_it_is(world):
    case, other = (
        opened(world.own),
        opened(world.own, title="别的", detail="", place="", parties=(PartyEntry("claimant", "赵某"),)),
    )
    CaseStep.objects.create(case=case, kind="note", happened_on=timezone.localdate(), note="约双方到村委会调解 Abc")
    Case.objects.filter(pk=case.pk).update(result="各让一尺")
    for text in (
        "沟堵",
        "排水沟堵塞",
        "𠮷",
        "䶮家",
        "100%",
        "_东",
        "坝北",
        "让一",
        "委会调",
        "aBC",
        case.number,
        f"{case.serial}号",
        " 沟堵 ",
    ):
        assert found(world.brigade, text) == {case.number}, text
    for text in ("沟水", "1%0", "东_", "家_邻", "不在"):
        assert found(world.brigade, text) == set(), text
    assert found(world.brigade, world.own.village.name) == {case.number, other.number}
    assert found(world.brigade, world.own.officers[0].name) == {case.number, other.number}


def lived(case: Case, by) -> Case:
    """The case with a pause, a referral with its answer, a result, an answer and a call, each with words of its own."""
    today = timezone.localdate()
    case = cases.pause_case(by=by, case=case, revision=case.revision, reason="等待测绘，王建国催问")
    case = cases.resume_case(by=by, case=case, revision=case.revision, reason="测绘已毕")
    case = cases.refer_case(by=by, case=case, revision=case.revision, target="court", reason="须评估鉴定")
    given = {"answered_on": today, "answer": "法庭不予受理"}
    case = cases.record_referral_answer(by=by, case=case, revision=case.revision, **given)
    resolution = Resolution(today, "settled", "explanation", "committee", "各让一尺")
    case = cases.resolve_case(by=by, case=case, revision=case.revision, resolution=resolution)
    told = {"answered_on": today, "answer": "入户告知王建国", "satisfaction": "satisfied"}
    case = cases.give_answer(by=by, case=case, revision=case.revision, **told)
    case.follow_ups.filter(number=1).update(done_on=today, note="沟渠通畅")
    return case


def test_what_is_written_in_its_parts_is_found_and_names_there_are_masked_too(world):
    case, _other = lived(opened(world.own), world.own.chief.user), opened(world.own, title="别的", detail="")
    for text in ("等待测绘", "测绘已毕", "评估鉴定", "不予受理", "各让一尺", "入户告知", "沟渠通畅"):
        assert found(world.brigade, text) == {case.number}, text
    assert found(world.brigade, "王建国催问") == set()
    # The moves repeat what the parts say; a part alone is found as well, and its name is masked.
    case.transitions.update(reason="")
    for text in ("等待测绘", "评估鉴定", "不予受理", "各让一尺", "入户告知", "沟渠通畅"):
        assert found(world.brigade, text) == {case.number}, text
    for text in ("王建国催问", "告知王建国"):
        assert found(world.brigade, text) == set(), text
        assert found(world.own.chief.user, text) == {case.number}, text


def readers(world, case):
    """(who, whether he reads the residents of the case in full)."""
    helper = make_officer(kind="liaison", unit=world.foreign.business_unit, roles=(Role.OFFICER,))
    case.co_handlers.add(helper)
    return [
        (world.own.officers[0].user, True), (world.own.auxiliaries[0].user, True), (world.own.chief.user, True),
        (helper.user, True), (world.own.unit_leader.user, False), (world.brigade, False),
    ]  # fmt: skip


def test_masked_readers_find_no_case_by_a_residents_name(world):
    household = make_household(world.own.village, head_name="欧阳修文", address="本甲村3组7号")
    case = opened(world.own, household=household, detail="王建国与欧阳修文因排水起争执")
    CaseStep.objects.create(case=case, kind="note", happened_on=timezone.localdate(), note="走访王建国家")
    for user, in_full in readers(world, case):
        for text in ("王建国", "建国", "欧阳修文", "阳修", "王建国与", "访王建国家"):
            assert (case.number in found(user, text)) == in_full, (user, text)
    # What is not a name is found by all who may see the case; a surname alone is what the mask shows too.
    for text in ("排水起争执", "3组7号", "争执", "王"):
        assert found(world.brigade, text) == {case.number}, text


def test_another_case_keeps_its_words_though_somebody_elsewhere_bears_them_as_a_name(world):
    opened(world.own, detail="", parties=(PartyEntry("claimant", "沟堵"),))
    other = opened(world.foreign)
    assert found(world.brigade, "沟堵") == {other.number}


def test_each_table_is_looked_up_by_an_index_of_its_own(world):
    """Of a few rows the database reads all; forbidden to, it must find the index that `icontains` asks for."""
    parts = [(part, fields) for part, _case, fields in PARTS]
    for model, fields in ((Case, WRITTEN), (CaseParty, ("name",)), *parts):
        for field in fields:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")
            plan = model.objects.filter(**{f"{field}__icontains": "排水沟"}).order_by().explain()
            (name,) = [index.name for index in model._meta.indexes if index.name.endswith(f"_{field}_text")]
            assert name in plan, plan
