"""Many records changed together: a preview of each, one verb a record, all or none, for those who may."""

import pytest
from django.urls import reverse

from tests.factories import make_assignment, make_household, make_officer, make_station_world, make_village
from villages.choices import OfficerKind
from villages.models import Officer, Village
from xinjin.audit.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return make_station_world()


def url(model: str) -> str:
    return reverse(f"admin:villages_{model}_changelist")


def ask(client, model: str, rows, step: str, carry=None, **values):
    """The page's form as a browser would send it: with what the page before gave it."""
    data = {"action": "bulk_edit", "_selected_action": [row.pk for row in rows], "step": step, **values}
    data["bulk_field"] = data.get("bulk_field", [name for name in values if name != "bulk_field"])
    if carry is not None:
        data["previewed"] = carry.context["previewed"]
        data |= {f"stamp-{row.obj.pk}": row.stamp for row in carry.context["rows"]}
    return client.post(url(model), data)


@pytest.fixture
def people(world):
    return [make_officer(kind=OfficerKind.AUXILIARY, unit=world.own.station, post="辅警") for _ in range(3)]


def posts() -> set[str]:
    return set(Officer.objects.values_list("post", flat=True))


def test_preview_shows_old_and_new_and_writes_nothing(client, world, people):
    client.force_login(world.own.clerk.user)
    page = ask(client, "officer", people, "preview", post="辅警组长")
    assert [row.changes for row in page.context["rows"]] == [[("职务", "辅警", "辅警组长")]] * 3
    assert "辅警组长" not in posts()
    assert not Event.objects.filter(subject_type="villages.officer").exists()
    done = ask(client, "officer", people, "confirm", carry=page, post="辅警组长")
    assert done.status_code == 302
    assert {officer.post for officer in Officer.objects.filter(pk__in=[row.pk for row in people])} == {"辅警组长"}
    assert Event.objects.filter(subject_type="villages.officer", action="change").count() == 3


def test_one_refusal_stands_beside_its_record_and_leaves_all_as_they_were(client, world, people):
    village = make_village(station=world.own.station, name="占用村")
    make_assignment(village, people[1])
    client.force_login(world.own.clerk.user)
    page = ask(client, "officer", people, "preview", state="retired")
    assert [bool(row.errors) for row in page.context["rows"]] == [False, True, False]
    assert "占用村" in page.content.decode()
    again = ask(client, "officer", people, "confirm", carry=page, state="retired")
    assert again.status_code == 200
    assert not Officer.objects.filter(state="retired").exists()


def test_what_changed_meanwhile_or_was_not_previewed_is_not_written(client, world, people):
    client.force_login(world.own.clerk.user)
    page = ask(client, "officer", people, "preview", post="甲")
    # Another value than the previewed one: a preview again, nothing written.
    other = ask(client, "officer", people, "confirm", carry=page, post="乙")
    assert other.status_code == 200
    Officer.objects.filter(pk=people[0].pk).update(phone="139")
    late = ask(client, "officer", people, "confirm", carry=page, post="甲")
    assert [bool(row.errors) for row in late.context["rows"]] == [True, False, False]
    assert posts() & {"甲", "乙"} == set()


def test_foreign_records_and_foreign_values_are_out_of_reach(client, world, people):
    stranger = world.foreign.auxiliaries[0]
    client.force_login(world.own.clerk.user)
    page = ask(client, "officer", [*people, stranger], "preview", post="x")
    assert [row.obj.pk for row in page.context["rows"]] == [row.pk for row in people]
    page = ask(client, "officer", people, "preview", unit=world.foreign.station.pk)
    assert all(row.errors for row in page.context["rows"])
    # What is the brigade's alone is not offered to a station, and posting it changes nothing.
    village = world.own.village
    page = ask(client, "village", [village], "preview", kind="community")
    done = ask(client, "village", [village], "confirm", carry=page, kind="community")
    assert done.status_code == 200
    assert Village.objects.get(pk=village.pk).kind == "village"
    client.force_login(world.brigade)
    page = ask(client, "village", [village], "preview", kind="community")
    assert ask(client, "village", [village], "confirm", carry=page, kind="community").status_code == 302
    assert Village.objects.get(pk=village.pk).kind == "community"


def test_tags_of_households_are_set_together_and_read_in_words(client, world):
    homes = [make_household(world.own.village, tags=["rented"]) for _ in range(2)]
    client.force_login(world.own.clerk.user)
    page = ask(client, "household", homes, "preview", tags=["living_alone", "shop"])
    assert page.context["rows"][0].changes == [("标签", "出租房", "独居老人、门店作坊")]
    assert ask(client, "household", homes, "confirm", carry=page, tags=["living_alone", "shop"]).status_code == 302
    homes[0].refresh_from_db()
    assert homes[0].tags == ["living_alone", "shop"]


@pytest.mark.parametrize("values", [{}, {"bulk_field": ["password"]}, {"bulk_field": ["number"], "number": "X"}])
def test_only_declared_fields_can_be_chosen(client, world, people, values):
    client.force_login(world.own.clerk.user)
    page = ask(client, "officer", people, "confirm", **values)
    assert page.status_code == 200
    assert page.context["nothing_chosen"]
