"""Each rule holds through every door, with a message that a person understands, in Chinese and in English."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from assessments import bulletins
from assessments.models import Assessment, AssessmentMonth, Bulletin
from patrols.cases import CaseEntry, open_case
from patrols.choices import VisitState
from patrols.models import Case, Visit
from patrols.visits import submit_visit
from tests.contracts.test_admin import place
from tests.contracts.world import World, undone
from tests.factories import SINCE, make_user
from villages.assignments import save_assignment
from villages.choices import Slot
from villages.models import Absence, Assignment, Household
from villages.roster import save_absence, save_household
from xinjin.accounts.models import RoleGrant
from xinjin.accounts.rights import grant_role
from xinjin.accounts.roles import Role
from xinjin.audit.models import Event
from xinjin.audit.trail import record
from xinjin.errors import Conflict

pytestmark = pytest.mark.django_db

LANGUAGES = ("zh-hans", "en")
Door = Callable[[World], Any]


@dataclass(frozen=True)
class Rule:
    """`broken` puts the world into the state in which the rule can be broken; the doors try to break it.

    `says` is the English source of the message, or its part before the first blank to be filled.
    """

    says: str
    constraint: str
    role: str
    verb: Door
    raw: Door
    url: Door
    data: Door
    broken: Door = lambda world: None


# --- a visit below standard needs a reason (R10)
def unexplained(world: World) -> Visit:
    visit = world.own.draft
    visit.shortfall_reason = ""
    visit.save(update_fields=["shortfall_reason"])
    return visit


def visit_form(world: World) -> dict[str, Any]:
    visit = world.own.draft
    return {
        "action": "submit",
        "revision": visit.revision,
        "village": visit.village.code,
        "visited_on": visit.visited_on.isoformat(),
        "started_at": "13:00",
        "ended_at": "14:00",
        "summary": "走访",
        "photo_waiver": "无",
        "calls-TOTAL_FORMS": 1,
        "calls-INITIAL_FORMS": 0,
        "calls-0-household": "9组9号 孙某",
        "base_info-TOTAL_FORMS": 0,
        "base_info-INITIAL_FORMS": 0,
        "deeds-TOTAL_FORMS": 1,
        "deeds-INITIAL_FORMS": 0,
    }


SHORTFALL = Rule(
    says="Below standard",
    constraint="patrols_visit_shortfall",
    role=Role.OFFICER,
    broken=unexplained,
    verb=lambda world: submit_visit(
        by=world.own.officer.user, visit=world.own.draft, revision=world.own.draft.revision
    ),
    raw=lambda world: Visit.objects.filter(pk=world.own.visit.pk).update(shortfall_reason=""),
    url=lambda world: reverse("visit_edit", args=[world.own.draft.pk]),
    data=visit_form,
)


# --- one holder for each place (R1)
def second_holder(world: World) -> Assignment:
    return Assignment(
        village=world.own.village, officer=world.near.officer, slot=Slot.OFFICER, start_on=SINCE + timedelta(days=400)
    )


ONE_HOLDER = Rule(
    says="This place in the village is held by",
    constraint="villages_assignment_one_holder",
    role=Role.STATION_CLERK,
    verb=lambda world: save_assignment(second_holder(world), by=world.users[Role.STATION_CLERK]),
    raw=lambda world: Assignment.objects.bulk_create([second_holder(world)]),
    url=lambda world: place("villages.Assignment", "add"),
    data=lambda world: {
        "village": world.own.village.pk,
        "officer": world.near.officer.pk,
        "start_on": (SINCE + timedelta(days=400)).isoformat(),
    },
)


# --- one absence at a time
def absence(world: World, start: str = "2026-03-04") -> Absence:
    return Absence(officer=world.own.officer, kind="leave", start_on=date.fromisoformat(start), end_on=date(2026, 3, 8))


ONE_ABSENCE = Rule(
    says="Another absence of this person covers some of these days.",
    constraint="villages_absence_once",
    role=Role.STATION_CHIEF,
    broken=lambda world: absence(world, "2026-03-02").save(),
    verb=lambda world: save_absence(absence(world), by=world.users[Role.STATION_CHIEF]),
    raw=lambda world: Absence.objects.bulk_create([absence(world)]),
    url=lambda world: place("villages.Absence", "add"),
    data=lambda world: {
        "officer": world.own.officer.pk,
        "kind": "leave",
        "start_on": "2026-03-04",
        "end_on": "2026-03-08",
    },
)


# --- the three administrators are three people
def second_role(world: World) -> RoleGrant:
    user = world.users[Role.SYSTEM_ADMIN]
    return RoleGrant(user=user, role=Role.AUDIT_ADMIN, granted_at=timezone.now(), granted_reason="x")


SEPARATED = Rule(
    says="Nobody may hold two of the three administrator roles.",
    constraint="accounts_rolegrant_separated",
    role=Role.SECURITY_ADMIN,
    verb=lambda world: grant_role(
        by=world.users[Role.SECURITY_ADMIN],
        user=world.users[Role.SYSTEM_ADMIN],
        role=Role.AUDIT_ADMIN,
        reason="x",
    ),
    raw=lambda world: RoleGrant.objects.bulk_create([second_role(world)]),
    url=lambda world: place("accounts.RoleGrant", "add"),
    data=lambda world: {
        "user": world.users[Role.SYSTEM_ADMIN].pk,
        "role": Role.AUDIT_ADMIN,
        "granted_reason": "x",
    },
)


# --- a household stands once on its village's list
def same_household(world: World) -> Household:
    known = world.own.household
    return Household(village=known.village, address=known.address, head_name=known.head_name)


ONE_HOUSEHOLD = Rule(
    says="This household is on the list already.",
    constraint="villages_household_once",
    role=Role.OFFICER,
    verb=lambda world: save_household(same_household(world), by=world.own.officer.user),
    raw=lambda world: Household.objects.bulk_create([same_household(world)]),
    url=lambda world: reverse("household_add", args=[world.own.village.code]),
    data=lambda world: {"address": world.own.household.address, "head_name": world.own.household.head_name},
)


# --- a category fits the kind of the case (R6)
def misfit(world: World) -> CaseEntry:
    return CaseEntry(kind="concern", category="family", village=world.own.village, title="水渠堵塞")


CATEGORY = Rule(
    says="This category does not fit the kind.",
    constraint="patrols_case_category",
    role=Role.STATION_CLERK,
    verb=lambda world: open_case(by=world.users[Role.STATION_CLERK], entry=misfit(world)),
    raw=lambda world: Case.objects.filter(pk=world.own.case.pk).update(category="procedure"),
    url=lambda world: reverse("case_new"),
    data=lambda world: {
        "kind": "concern",
        "category": "family",
        "village": world.own.village.code,
        "title": "水渠堵塞",
        "scale": "individual",
        "opened_on": timezone.localdate().isoformat(),
        "parties-TOTAL_FORMS": 0,
        "parties-INITIAL_FORMS": 0,
    },
)

RULES = {
    "category": CATEGORY,
    "shortfall": SHORTFALL,
    "one holder": ONE_HOLDER,
    "one absence": ONE_ABSENCE,
    "separated": SEPARATED,
    "one household": ONE_HOUSEHOLD,
}
BY_RULE = pytest.mark.parametrize("name", RULES)
BY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


def is_readable(text: str, language: str) -> bool:
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in text)
    return chinese if language == "zh-hans" else not chinese


def refusal(door: Door, world: World) -> list[str]:
    """The messages with which a verb refuses."""
    with pytest.raises((ValidationError, Conflict)) as caught, transaction.atomic():
        door(world)
    error = caught.value
    return error.messages if isinstance(error, ValidationError) else [error.message]


@BY_RULE
@BY_LANGUAGE
def test_verb_refuses_in_words(world, name, language):
    rule = RULES[name]
    rule.broken(world)
    with translation.override(language):
        messages = refusal(rule.verb, world)
    if language == "en":
        assert any(rule.says in message for message in messages), messages
    else:
        assert [message for message in messages if not is_readable(message, language)] == []


@BY_RULE
def test_database_refuses_what_no_verb_has_seen(world, name):
    rule = RULES[name]
    rule.broken(world)
    with pytest.raises(IntegrityError, match=rule.constraint), transaction.atomic():
        rule.raw(world)


@BY_RULE
@BY_LANGUAGE
def test_form_refuses_beside_its_fields_and_keeps_what_was_typed(world, name, language):
    rule = RULES[name]
    rule.broken(world)
    client = world.client(rule.role)
    client.cookies["django_language"] = language
    before = world.own.village.assignments.count(), RoleGrant.objects.count(), Absence.objects.count()
    response = client.post(rule.url(world), rule.data(world))
    assert response.status_code == 200
    html = response.content.decode()
    with translation.override(language):
        expected = str(translation.gettext(rule.says))
    if language == "en":
        assert rule.says in html
    elif expected != rule.says:  # a message without blanks stands in the catalogue as it is
        assert expected in html
    for value in rule.data(world).values():
        assert str(value) in html or str(value) in ("submit", "0", "1"), value
    assert (world.own.village.assignments.count(), RoleGrant.objects.count(), Absence.objects.count()) == before


def test_api_writes_nothing_but_visits(world):
    client = world.client(Role.OFFICER)
    for path in ("villages", "officers", "reports", "assessments", "bulletins"):
        for method in (client.post, client.put, client.patch, client.delete):
            answer = method(f"/api/v1/{path}/", {}, content_type="application/json")
            assert answer.status_code == 405, path
            assert answer.json()["detail"]


def test_visit_is_not_written_in_the_admin(world):
    client, visit = world.client(Role.STATION_CHIEF), world.own.visit
    url = place("patrols.Visit", "change", visit.pk)
    answer = client.post(url, {"summary": "改写", "shortfall_reason": "", "state": VisitState.DRAFT})
    assert answer.status_code == 403
    visit.refresh_from_db()
    assert (visit.summary, visit.state) == ("走访", VisitState.SUBMITTED)


# --- what is final stays final, also for who writes past the verbs
def final_rows(world: World) -> dict[str, Callable[[], Any]]:
    assessment = Assessment.objects.filter(month=world.locked)
    months, issued = AssessmentMonth.objects.filter(pk=world.locked.pk), Bulletin.objects.filter(pk=world.issued.pk)
    record(None, "save", world.own.visit)
    return {
        "score of a locked month": lambda: assessment.update(score=100),
        "locked month": lambda: months.update(locked_at=None),
        "issued bulletin": lambda: issued.update(number="另一号"),
        "event of the trail": lambda: Event.objects.filter(subject_id=str(world.own.visit.pk)).update(action="x"),
        "deleted event": lambda: Event.objects.filter(subject_id=str(world.own.visit.pk)).delete(),
        "deleted score": lambda: assessment.delete(),
    }


@pytest.mark.parametrize("name", ["score of a locked month", "locked month", "issued bulletin", "event of the trail",
                                  "deleted event", "deleted score"])  # fmt: skip
def test_what_is_final_cannot_be_written_even_past_the_verbs(world, name):
    with pytest.raises(DatabaseError), transaction.atomic():
        final_rows(world)[name]()


def test_locked_month_takes_no_visit(world):
    visit = world.own.draft
    visit.visited_on = world.locked.period.counted.start
    visit.save(update_fields=["visited_on"])
    for language in LANGUAGES:
        with translation.override(language), undone():
            messages = refusal(lambda world: submit_visit(by=None, visit=visit, revision=visit.revision), world)
            assert any(world.locked.key in message for message in messages)
            assert all(is_readable(message, language) or language == "en" for message in messages)


def test_issued_quarter_is_issued_again_only_with_a_reason(world):
    brigade = world.users[Role.BRIGADE]
    for language in LANGUAGES:
        with translation.override(language):
            messages = refusal(lambda world: bulletins.draw_up(by=brigade, quarter=world.issued.period), world)
            assert [message for message in messages if not is_readable(message, language)] == []


def test_nobody_gives_himself_a_role(world):
    security = world.users[Role.SECURITY_ADMIN]
    for by, user in ((security, security), (make_user(Role.SECURITY_ADMIN), world.users[Role.OFFICER])):
        if by == user:
            assert refusal(lambda world, u=user: grant_role(by=u, user=u, role=Role.BRIGADE, reason="x"), world)
        else:
            assert grant_role(by=by, user=user, role=Role.BRIGADE, reason="x").pk
