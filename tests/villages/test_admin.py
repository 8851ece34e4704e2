"""The roster in the admin: rows and choices by right, every write a verb, a refusal back on the page."""

from datetime import date

import pytest
from django.contrib import admin
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    SINCE,
    make_assignment,
    make_household,
    make_officer,
    make_unit,
    make_village,
)
from villages.admin.people import PartyPostInline
from villages.choices import OfficerKind, OfficerState, PostKind, Slot
from villages.models import Absence, Assignment, Household, Officer, PartyPost, Unit, Village, VillageContact
from xinjin.access.admin import ScopedModelAdmin
from xinjin.accounts.roles import Role
from xinjin.audit.models import Event
from xinjin.errors import Conflict

pytestmark = pytest.mark.django_db
ROSTER = ["village", "officer", "assignment", "absence", "partypost", "villagecontact", "household", "unit", "township"]


def list_url(model: str) -> str:
    return reverse(f"admin:villages_{model}_changelist")


def add_url(model: str) -> str:
    return reverse(f"admin:villages_{model}_add")


def change_url(obj) -> str:
    return reverse(f"admin:villages_{obj._meta.model_name}_change", args=[obj.pk])


def rows(response) -> list:
    return list(response.context["cl"].result_list)


def autocomplete(client, model: str, field: str, term: str = "") -> list[str]:
    query = {"app_label": "villages", "model_name": model, "field_name": field, "term": term}
    response = client.get(reverse("admin:autocomplete"), query)
    assert response.status_code == 200, response
    return [row["text"] for row in response.json()["results"]]


def inline_data(**formsets: int) -> dict[str, int]:
    """Management forms of inlines: the number of forms of each."""
    data = {}
    for prefix, total in formsets.items():
        data |= {f"{prefix}-TOTAL_FORMS": total, f"{prefix}-INITIAL_FORMS": 0}
    return data


@pytest.mark.parametrize("model", ROSTER)
def test_admin_lists_by_role(client, world, model):
    make_household(world.own.village)
    for role, user in world.users().items():
        client.force_login(user)
        status = client.get(list_url(model)).status_code
        if not user.is_staff:
            assert status in (302, 403), role
        elif role in (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
            assert status == 403, role
        elif role == Role.SYSTEM_ADMIN:
            assert status == (200 if model in ("unit", "township") else 403), role
        elif role == Role.BRIGADE:
            assert status == (403 if model == "household" else 200), role
        else:
            assert status == 200, role


def test_station_sees_and_opens_its_own_rows_only(client, world):
    make_household(world.own.village)
    foreign_household = make_household(world.foreign.village)
    client.force_login(world.own.clerk.user)
    assert {v.pk for v in rows(client.get(list_url("village")))} == {v.pk for v in world.own.villages}
    people = {o.pk for o in rows(client.get(list_url("officer")))}
    assert world.own.officers[1].pk in people  # a liaison officer of another unit who holds one of its villages
    assert world.foreign.officers[0].pk not in people
    foreign = (
        world.foreign.village,
        world.foreign.officers[0],
        world.foreign.village.assignments.first(),
        foreign_household,
    )
    for obj in foreign:
        assert client.get(change_url(obj)).status_code == 302  # "does not exist" and back to the start
        assert client.post(change_url(obj), {"name": "x"}).status_code in (302, 403)


def test_choices_are_narrowed_by_right(client, world):
    unassigned = make_officer(kind=OfficerKind.LIAISON, unit=world.foreign.business_unit, name="刘联络")
    gone = make_officer(kind=OfficerKind.LIAISON, unit=world.own.business_unit, state=OfficerState.RETIRED)
    client.force_login(world.own.clerk.user)
    villages = autocomplete(client, "assignment", "village")
    assert sorted(villages) == sorted(str(v) for v in world.own.villages)
    people = autocomplete(client, "assignment", "officer")
    assert str(unassigned) in people
    assert str(world.own.auxiliaries[0]) in people
    assert str(gone) not in people
    assert str(world.foreign.auxiliaries[0]) not in people
    assert str(world.own.clerk) not in people
    assert autocomplete(client, "assignment", "officer", "llluo\x00") == []
    assert str(unassigned) in autocomplete(client, "assignment", "officer", "llL")
    assert str(unassigned) not in autocomplete(client, "absence", "officer")
    units = client.get(add_url("officer")).context["adminform"].form.fields["unit"].queryset
    assert list(units) == [world.own.station]


def test_assignment_form_with_a_foreign_village_or_person_stores_nothing(client, world):
    client.force_login(world.own.clerk.user)
    free = make_village(station=world.foreign.station, township=world.foreign.township)
    data = {"village": free.pk, "officer": world.own.officers[0].pk, "start_on": "2026-01-01"}
    response = client.post(add_url("assignment"), data)
    assert response.status_code == 200
    assert "village" in response.context["adminform"].form.errors
    data = {"village": world.own.village.pk, "officer": world.foreign.auxiliaries[0].pk, "start_on": "2026-01-01"}
    assert "officer" in client.post(add_url("assignment"), data).context["adminform"].form.errors
    assert not Assignment.objects.filter(start_on=date(2026, 1, 1)).exists()


def test_taken_place_comes_back_on_the_page_with_the_values(client, world):
    client.force_login(world.own.clerk.user)
    newcomer = make_officer(unit=world.own.station)
    data = {"village": world.own.village.pk, "officer": newcomer.pk, "start_on": "2026-01-01", "end_on": "2026-12-31"}
    response = client.post(add_url("assignment"), data)
    assert response.status_code == 200
    form = response.context["adminform"].form
    assert len(form.non_field_errors()) == 1
    assert 'value="2026-12-31"' in response.content.decode()
    data["hands_over"] = "on"
    assert client.post(add_url("assignment"), data).status_code == 302
    held = Assignment.objects.get(officer=newcomer)
    assert (held.slot, held.start_on) == (Slot.OFFICER, date(2026, 1, 1))
    assert Assignment.objects.get(officer=world.own.officers[0]).end_on == date(2025, 12, 31)
    assert set(Event.objects.values_list("action", flat=True)) == {"add", "end", "hand_over"}


def test_hand_over_refused_by_the_verb_comes_back_at_its_field(client, world):
    client.force_login(world.own.clerk.user)
    newcomer = make_officer(unit=world.own.station)
    data = {"village": world.own.village.pk, "officer": newcomer.pk, "start_on": f"{SINCE}", "hands_over": "on"}
    response = client.post(add_url("assignment"), data)
    assert response.status_code == 200
    assert "start_on" in response.context["adminform"].form.errors
    assert not Assignment.objects.filter(officer=newcomer).exists()


def test_reversed_days_are_a_message_everywhere(client, world):
    client.force_login(world.own.clerk.user)
    held = world.own.village.assignments.get(slot=Slot.OFFICER)
    response = client.post(change_url(held), {"start_on": "2026-01-02", "end_on": "2026-01-01"})
    assert list(response.context["adminform"].form.errors) == ["end_on"]
    data = {"officer": world.own.officers[0].pk, "kind": "leave", "start_on": "2026-01-02", "end_on": "2026-01-01"}
    response = client.post(add_url("absence"), data)
    assert list(response.context["adminform"].form.errors) == ["end_on"]


def test_lost_race_in_the_database_comes_back_on_the_page(client, world, monkeypatch):
    """What the check did not see and the database refused is a message, not a failure."""
    client.force_login(world.own.clerk.user)
    monkeypatch.setattr(Assignment, "validate_constraints", lambda self, exclude=None: None)
    newcomer = make_officer(unit=world.own.station)
    data = {"village": world.own.village.pk, "officer": newcomer.pk, "start_on": "2026-01-01"}
    response = client.post(add_url("assignment"), data)
    assert response.status_code == 200
    assert response.context["adminform"].form.non_field_errors()
    assert 'value="2026-01-01"' in response.content.decode()
    assert not Assignment.objects.filter(officer=newcomer).exists()


def test_raw_insert_past_every_check_is_refused(world):
    with pytest.raises(IntegrityError, match="villages_absence_once"):
        Absence.objects.bulk_create(
            Absence(officer=world.own.officers[0], kind="leave", start_on=SINCE) for _ in range(2)
        )


def test_officer_cannot_be_pushed_out_of_ones_own_station(client, world):
    client.force_login(world.own.clerk.user)
    officer = make_officer(kind=OfficerKind.STAFF, unit=world.own.station)
    data = {"name": "新名", "number": officer.number, "kind": officer.kind, "state": "active", "phone": "110"}
    data |= inline_data(assignments=0, party_posts=0, absences=0)
    response = client.post(change_url(officer), data | {"unit": world.foreign.station.pk})
    assert "unit" in response.context["adminform"].form.errors
    assert client.post(change_url(officer), data | {"unit": world.own.station.pk}).status_code == 302
    officer.refresh_from_db()
    assert (officer.name, officer.pinyin) == ("新名", "xinming")
    event = Event.objects.filter(subject_type="villages.officer", subject_id=str(officer.pk)).get()
    assert event.actor_id == world.own.clerk.user.pk


def test_leaving_officer_with_a_village_is_refused_on_the_page(client, world):
    client.force_login(world.own.clerk.user)
    officer = world.own.officers[0]
    data = {
        "name": officer.name, "number": officer.number, "kind": officer.kind, "unit": officer.unit_id,
        "state": "retired", **inline_data(assignments=0, party_posts=0, absences=0),
    }  # fmt: skip
    response = client.post(change_url(officer), data)
    assert response.status_code == 200
    assert world.own.village.name in str(response.context["adminform"].form.errors["state"])


def test_inlines_write_through_verbs_and_show_what_they_refuse(client, world):
    client.force_login(world.own.clerk.user)
    officer = world.own.officers[0]
    data = {
        "name": officer.name, "number": officer.number, "kind": officer.kind, "unit": officer.unit_id,
        "state": "active", **inline_data(assignments=0, party_posts=1, absences=0),
        "party_posts-0-kind": PostKind.DEPUTY_SECRETARY, "party_posts-0-village": world.own.village.pk,
        "party_posts-0-start_on": "2024-02-01", "party_posts-0-officer": officer.pk,
    }  # fmt: skip
    assert client.post(change_url(officer), data).status_code == 302
    assert PartyPost.objects.get().village == world.own.village
    assert set(Event.objects.values_list("subject_type", flat=True)) == {"villages.partypost"}
    data |= {"party_posts-0-village": "", "party_posts-0-start_on": "2026-02-09"}
    response = client.post(change_url(officer), data)
    assert response.status_code == 200
    assert PartyPost.objects.count() == 1
    assert 'value="2026-02-09"' in response.content.decode()


def test_inline_row_refused_by_its_verb_undoes_the_page(client, world, monkeypatch):
    client.force_login(world.own.clerk.user)

    def refuse(post, *, by):
        raise Conflict("taken")

    monkeypatch.setattr(PartyPostInline, "verb", staticmethod(refuse))
    officer = world.own.officers[0]
    data = {
        "name": "改名", "number": officer.number, "kind": officer.kind, "unit": officer.unit_id, "state": "active",
        **inline_data(assignments=0, party_posts=1, absences=0), "party_posts-0-kind": PostKind.DEPUTY_SECRETARY,
        "party_posts-0-start_on": "2026-02-01", "party_posts-0-village": world.own.village.pk,
        "party_posts-0-officer": officer.pk,
    }  # fmt: skip
    response = client.post(change_url(officer), data)
    assert response.status_code == 200
    formset = response.context["inline_admin_formsets"][1].formset
    assert formset.forms[0].non_field_errors()
    officer.refresh_from_db()
    assert officer.name != "改名"
    assert not Event.objects.exists()


def test_contacts_of_a_village_are_kept_on_its_page(client, world):
    client.force_login(world.own.clerk.user)
    village = world.own.village
    data = {
        "name": village.name, "official_name": "", "address": "村委会", "household_total": "300", "population": "",
        **inline_data(assignments=0, former_names=0, contacts=1),
        "contacts-0-kind": "committee", "contacts-0-name": "刘平",
        "contacts-0-phone": "13800000000", "contacts-0-start_on": "2024-01-01", "contacts-0-village": village.pk,
        "valid_from": "1999-01-01", "station": world.foreign.station.pk, "code": "000000000000",
    }  # fmt: skip
    assert client.post(change_url(village), data).status_code == 302
    village.refresh_from_db()
    assert VillageContact.objects.get().name == "刘平"
    assert (village.household_total, village.valid_from) == (300, date(2020, 6, 1))
    assert village.station == world.own.station  # the brigade's to change


GARBAGE = [
    {"q": "\x00"},
    {"q": "曾" * 3000},
    {"p": "999"},
    {"p": "x"},
    {"o": "99.x"},
    {"kind__exact": "\x00"},
    {"gap": "yes"},
    {"life": "x"},
    {"start_on__year": "99999"},
    {"start_on__month": "13", "start_on__year": "2026"},
    {"village__id__exact": "99999999999999999999"},
    {"village__id__exact": "x"},
    {"no_such_field": "1"},
]


@pytest.mark.parametrize("model", ROSTER)
def test_garbage_in_admin_lists_is_no_failure(client, world, model):
    client.force_login(world.sysadmin if model in ("unit", "township") else world.own.clerk.user)
    for query in GARBAGE:
        assert client.get(list_url(model), query).status_code in (200, 302, 400), query


@pytest.mark.parametrize(
    ("model", "query", "count"),
    [
        ("village", {"gap": "yes"}, 1),
        ("village", {"life": "present"}, 2),
        ("village", {"life": "ended"}, 1),
        ("village", {"kind__exact": "community"}, 0),
        ("officer", {"place": "yes"}, 3),
        ("officer", {"kind__exact": "auxiliary"}, 2),
        ("officer", {"state__exact": "retired"}, 0),
        ("assignment", {"life": "present"}, 3),
        ("assignment", {"life": "ended"}, 1),
        ("assignment", {"slot__exact": "officer"}, 2),
        ("assignment", {"start_on__year": "2024"}, 4),
    ],
)
def test_filters_find_their_rows(client, world, model, query, count):
    world.own.villages[1].assignments.filter(slot=Slot.AUXILIARY).update(end_on=date(2025, 1, 1))
    ended = make_village(station=world.own.station)
    Village.objects.filter(pk=ended.pk).update(valid_to=date(2025, 1, 1))
    client.force_login(world.own.clerk.user)
    response = client.get(list_url(model), query)
    assert response.status_code == 200
    assert len(rows(response)) == count


@pytest.mark.parametrize("model", ["village", "officer", "assignment", "absence", "unit"])
def test_garbage_in_admin_forms_is_a_message(client, world, model):
    client.force_login(world.sysadmin if model == "unit" else world.brigade)
    values = {name: "\x00" for name in ("name", "number", "code", "note", "kind", "village", "officer", "start_on")}
    assert client.post(add_url(model), values).status_code == 200
    values = {name: "9" * 5000 for name in values}
    assert client.post(add_url(model), values).status_code == 200


@pytest.mark.parametrize("model", ROSTER)
def test_admin_lists_need_the_same_queries_for_few_rows_and_for_thirty(client, world, model):
    station = world.own.station
    client.force_login(world.sysadmin if model in ("unit", "township") else world.own.clerk.user)

    def grow(count: int) -> None:
        for _ in range(count):
            village = make_village(station=station)
            officer = make_officer(unit=station)
            make_assignment(village, officer)
            make_household(village)
            make_unit()
            Absence.objects.create(officer=officer, kind="leave", start_on=date(2026, 1, 1), stand_in=world.own.chief)
            PartyPost.objects.create(
                officer=officer, kind=PostKind.DEPUTY_SECRETARY, village=village, start_on=date(2026, 1, 1)
            )
            VillageContact.objects.create(village=village, kind="committee", name="甲", start_on=date(2024, 1, 1))

    counts = []
    for more in (2, 30):
        grow(more)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(list_url(model)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 25


@pytest.mark.parametrize("model", [Village, Officer, Assignment, Household, Unit])
def test_search_by_pinyin_initials_number_and_code(client, world, model):
    client.force_login(world.sysadmin if model is Unit else world.own.clerk.user)
    village = make_village(station=world.own.station, name="东华村", code="510118004202")
    officer = make_officer(unit=world.own.station, name="曾志强", number="118107")
    make_assignment(village, officer)
    make_household(village, head_name="曾志强")
    terms = {
        Village: ["东华", "donghua", "dhc", "5101180042"],
        Officer: ["志强", "zengzhi", "zzq", "1181"],
        Assignment: ["东华", "dhc", "zzq", "118107", "5101180042"],
        Household: ["志强", "zengzhi", "zzq"],
        Unit: [world.own.station.code],
    }[model]
    for term in terms:
        assert len(rows(client.get(list_url(model._meta.model_name), {"q": term}))) == 1, term


def test_history_tells_the_trail_in_words(client, world):
    client.force_login(world.brigade)
    village = world.own.village
    data = {
        "name": village.name, "code": village.code, "kind": village.kind, "township": village.township_id,
        "station": world.foreign.station.pk, "valid_from": "2020-06-01",
        **inline_data(assignments=0, former_names=0, contacts=0),
    }  # fmt: skip
    assert client.post(change_url(village), data).status_code == 302
    text = client.get(reverse("admin:villages_village_history", args=[village.pk])).content.decode()
    assert world.own.station.name in text
    assert world.foreign.station.name in text
    assert str(world.brigade) in text


def test_every_admin_of_ours_has_no_delete_and_writes_by_a_verb():
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label in ("villages", "accounts", "audit", "workdays"):
            assert isinstance(model_admin, ScopedModelAdmin), model
