"""The real Xinjin: complete, and safe to load again."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from villages.choices import UnitKind, VillageKind
from villages.models import Township, Unit, Village
from villages.names import rename_village
from villages.official_list import Loaded, load_official
from xinjin.audit.models import Event

pytestmark = pytest.mark.django_db


def test_load_official_gives_the_published_numbers():
    load_official(by=None)
    assert Village.objects.count() == 81
    assert Village.objects.filter(kind=VillageKind.COMMUNITY).count() == 36
    assert Village.objects.filter(kind=VillageKind.VILLAGE).count() == 45
    assert Township.objects.count() == 8
    assert Unit.objects.filter(kind=UnitKind.STATION).count() == 8
    assert set(UnitKind.values) == set(Unit.objects.values_list("kind", flat=True))


def test_every_village_lies_in_the_township_of_its_code_and_has_its_station():
    load_official(by=None)
    for village in Village.objects.select_related("township", "station"):
        assert village.code.startswith(village.township.code)
        assert village.station.code == f"station-{village.township.code}"
        village.full_clean()


def test_load_official_twice_changes_nothing(capsys):
    call_command("load_xinjin")
    events = Event.objects.count()
    assert load_official(by=None) == Loaded(added=0, changed=0)
    assert Event.objects.count() == events


def test_load_official_restores_facts_and_keeps_what_the_bureau_decided():
    load_official(by=None)
    village = Village.objects.get(code="510118004202")
    other = Unit.objects.get(code="station-510118001")
    Unit.objects.filter(code="station-510118004").update(name="花源中心派出所")
    Village.objects.filter(pk=village.pk).update(name="错名", station=other)
    assert load_official(by=None) == Loaded(added=0, changed=1)
    village.refresh_from_db()
    assert (village.name, village.pinyin, village.station) == ("东华村", "donghuacun", other)
    assert Unit.objects.get(code="station-510118004").name == "花源中心派出所"
    event = Event.objects.filter(action="change").get()
    assert event.detail["changes"]["name"] == ["错名", "东华村"]


def test_load_official_adds_each_row_to_the_trail():
    loaded = load_official(by=None)
    assert Event.objects.filter(action="add").count() == loaded.added


def test_load_official_needs_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        load_official(by=None)


def test_load_official_leaves_a_renamed_village_alone():
    load_official(by=None)
    village = Village.objects.get(code="510118004202")
    today = timezone.localdate()
    rename_village(by=None, village=village, day=today, name="新名村", official_name="", code="510118004999")
    assert load_official(by=None) == Loaded(added=0, changed=0)
    village.refresh_from_db()
    assert village.name == "新名村"
