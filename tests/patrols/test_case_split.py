"""Several matters in one case become two: chosen parties, a clock of its own, both histories (R6, R7)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from patrols import cases
from patrols.cases import PartyEntry, SplitOff
from patrols.ledger.sheet import case_sheet
from patrols.models import Case
from tests.factories import make_officer, make_station_side
from tests.patrols.test_cases import dispute, resolved
from xinjin.audit.models import Event
from xinjin.errors import Conflict

pytestmark = pytest.mark.django_db
PEOPLE = (
    PartyEntry("claimant", "王建国", "13912342046"), PartyEntry("respondent", "刘䶮"), PartyEntry("concerned", "陈𠮷"),
)  # fmt: skip


def split(case: Case, by, names=("王建国", "陈𠮷"), **changes) -> Case:
    parties = tuple(case.parties.filter(name__in=names).values_list("pk", flat=True))
    values = {"title": "拖欠工钱", "category": "labour", "reason": "与地界无关", "parties": parties, **changes}
    return cases.split_case(by=by, case=case, revision=case.revision, part=SplitOff(**values))


def test_second_case_has_the_chosen_parties_and_days_of_its_own_and_both_keep_their_history():
    side = make_station_side("花源")
    by, helper = side.officers[0].user, make_officer(unit=side.station)
    with time_machine.travel("2026-04-20 10:00+08:00", tick=False):
        case = dispute(side, parties=PEOPLE)
        cases.add_step(by=by, case=case, kind="call", happened_on=date(2026, 4, 20), note="通话")
        case.refresh_from_db()
        case = cases.assign_case(
            by=side.chief.user, case=case, revision=case.revision, owner=side.officers[0], co_handlers=[helper]
        )
    with time_machine.travel("2026-04-30 10:00+08:00", tick=False):
        made = split(case, by)
    case.refresh_from_db()
    assert (case.due_on, made.due_on) == (date(2026, 4, 29), date(2026, 5, 13))
    assert (made.opened_on, made.split_from, made.source, made.number) == (
        date(2026, 4, 30), case, "split", "花源〔2026〕2号",
    )  # fmt: skip
    assert (made.owner, made.level, made.kind, list(made.co_handlers.all())) == (
        case.owner, case.level, case.kind, [helper],
    )  # fmt: skip
    assert set(made.parties.values_list("name", "role")) == {("王建国", "claimant"), ("陈𠮷", "concerned")}
    assert case.parties.count() == 3
    assert case.steps.count() == 1
    assert list(case.transitions.order_by("id").values_list("act", flat=True)) == ["open", "step", "assign", "split"]
    assert list(made.transitions.order_by("id").values_list("act", flat=True)) == ["open", "split"]
    assert made.number in case.transitions.latest("id").reason
    assert case.number in made.transitions.latest("id").reason
    assert Event.objects.about(Case, case.pk).filter(action="split").exists()


def test_what_is_wrong_is_refused_and_takes_no_number():
    side = make_station_side()
    case, other = dispute(side, parties=PEOPLE), dispute(side, parties=PEOPLE[:1])
    by = side.chief.user
    stranger = tuple(other.parties.values_list("pk", flat=True))
    for wrong, field in (
        ({"reason": " "}, "reason"), ({"parties": ()}, "parties"), ({"parties": stranger}, "parties"),
        ({"title": ""}, "title"), ({"category": "procedure"}, "category"),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as caught:
            split(case, by, **wrong)
        assert field in caught.value.message_dict or field == "category"
        case.refresh_from_db()
    assert Case.objects.count() == 2
    assert case.transitions.count() == 1
    case = resolved(case, by)
    with pytest.raises(Conflict):
        split(case, by)


def test_split_off_red_tells_the_station_and_a_stale_page_sees_both(client):
    side = make_station_side()
    case = dispute(side, parties=PEOPLE)
    made = split(case, side.officers[0].user, level="red")
    assert made.red_on == made.opened_on
    client.force_login(side.officers[0].user)
    data = {"revision": 0, "title": "另一件", "category": "land", "level": "yellow", "reason": "另一件",
            "parties": list(case.parties.values_list("pk", flat=True)[:1])}  # fmt: skip
    answer = client.post(reverse("case_act", args=[case.pk, "split"]), data)
    assert answer.status_code == 409
    assert made.number in answer.content.decode()
    answer = client.post(reverse("case_act", args=[case.pk, "split"]), data | {"revision": 1})
    newest = Case.objects.latest("serial")
    assert (answer.status_code, answer.headers["Location"]) == (302, newest.get_absolute_url())
    page = client.get(newest.get_absolute_url()).content.decode()
    assert case.number in page
    assert "自拆分当日起算" in page


def test_a_matter_split_off_is_no_repetition_but_a_third_dispute_is():
    side = make_station_side()
    case = dispute(side, parties=PEOPLE)
    made = split(case, side.chief.user)
    assert (case.level, made.level) == ("yellow", "yellow")
    assert case_sheet(side.chief.user, made)["earlier"] == []
    assert case_sheet(side.chief.user, case)["earlier"] == []
    with time_machine.travel(timezone.now() + timedelta(days=5)):
        assert dispute(side, parties=PEOPLE[:1]).level == "orange"
