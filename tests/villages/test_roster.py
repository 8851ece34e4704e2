"""Keeping people, villages, posts and absences."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone, translation

from tests.factories import make_assignment, make_household, make_officer, make_township, make_user, make_village
from villages.choices import AbsenceKind, ContactKind, OfficerKind, OfficerState, PostKind
from villages.masking import mask_name, mask_phone
from villages.models import Absence, Household, PartyPost, VillageContact
from villages.pinyin import spell
from villages.roster import (
    save_absence,
    save_contact,
    save_household,
    save_officer,
    save_party_post,
    save_unit,
    save_village,
)
from xinjin.audit.models import Event
from xinjin.races import one_winner


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("曾志强", "zengzhiqiang", "zzq"),
        ("仇军", "qiujun", "qj"),
        ("单晓燕", "shanxiaoyan", "sxy"),
        ("解放", "xiefang", "xf"),
        ("覃超", "qinchao", "qc"),
        ("欧阳娜娜", "ouyangnana", "oynn"),
        ("小䶮", "xiaoyan", "xy"),
        ("Anna", "anna", "a"),
        ("", "", ""),
    ],
)
def test_spell_reads_surnames(name, full, initials):
    assert spell(name, person=True) == (full, initials)


@pytest.mark.parametrize(
    ("name", "masked"), [("张三", "张*"), ("欧阳娜娜", "欧***"), ("王", "*"), ("", ""), ("  李四 ", "李*")]
)
def test_mask_name(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13912342046", "139****2046"),
        ("139 1234 2046", "139****2046"),
        ("82512345", "******45"),
        ("110", "*10"),
        ("12", "**"),
        ("", ""),
        ("无", "****"),
    ],
)
def test_mask_phone(phone, masked):
    assert mask_phone(phone) == masked


@pytest.mark.django_db
def test_save_officer_links_the_account_of_his_number():
    user = make_user(username="118001")
    officer = make_officer(number="118001")
    assert officer.user is None
    save_officer(officer, by=None)
    officer.refresh_from_db()
    assert officer.user == user


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{"state": OfficerState.RETIRED}, {"kind": OfficerKind.AUXILIARY}])
def test_save_officer_does_not_open_a_gap_unseen(values):
    village, officer = make_village(name="东华村"), make_officer()
    held = make_assignment(village, officer)
    for name, value in values.items():
        setattr(officer, name, value)
    with pytest.raises(ValidationError, match="东华村") as caught:
        save_officer(officer, by=None)
    assert next(iter(values)) in caught.value.message_dict
    held.end_on = timezone.localdate() - timedelta(days=1)
    held.save()
    save_officer(officer, by=None)


@pytest.mark.django_db
def test_ended_village_ends_what_belongs_to_it_and_stays_readable():
    village, heir = make_village(), make_village()
    held = make_assignment(village, make_officer())
    contact = VillageContact(village=village, kind=ContactKind.COMMITTEE, name="刘平", start_on=date(2024, 1, 1))
    save_contact(contact, by=None)
    village.valid_to, village.merged_into = date(2025, 12, 31), heir
    save_village(village, by=None)
    held.refresh_from_db()
    contact.refresh_from_db()
    assert held.end_on == contact.end_on == date(2025, 12, 31)
    assert Event.objects.filter(action="end").count() == 2


@pytest.mark.django_db
def test_village_with_something_still_to_begin_cannot_end_before_it():
    village = make_village()
    first = make_assignment(village, make_officer(), end_on=date(2025, 12, 31))
    make_assignment(village, make_officer(), start_on=date(2026, 1, 1))
    village.valid_to = date(2025, 6, 30)
    with pytest.raises(ValidationError, match="begins on"):
        save_village(village, by=None)
    first.refresh_from_db()
    assert first.end_on == date(2025, 12, 31)


@pytest.mark.django_db
def test_village_merges_only_into_another_one_and_with_a_last_day():
    village = make_village()
    village.merged_into = village
    with pytest.raises(ValidationError, match="itself"):
        save_village(village, by=None)
    village.merged_into = make_village()
    with pytest.raises(ValidationError, match="needs its last day"):
        save_village(village, by=None)


@pytest.mark.django_db
def test_absences_of_one_person_do_not_overlap_and_stay_his():
    officer, other = make_officer(), make_officer()
    first = Absence(officer=officer, kind=AbsenceKind.LEAVE, start_on=date(2026, 1, 1), end_on=date(2026, 1, 5))
    save_absence(first, by=None)
    second = Absence(officer=officer, kind=AbsenceKind.ILLNESS, start_on=date(2026, 1, 5))
    with pytest.raises(ValidationError, match="Another absence"):
        save_absence(second, by=None)
    with pytest.raises(ValidationError, match="Nobody stands in for himself"):
        save_absence(Absence(officer=other, kind="leave", start_on=date(2026, 1, 1), stand_in=other), by=None)
    first.officer = other
    with pytest.raises(ValidationError, match="cannot pass"):
        save_absence(first, by=None)
    with pytest.raises(ValidationError) as caught:
        save_absence(
            Absence(officer=officer, kind="leave", start_on=date(2026, 2, 2), end_on=date(2026, 2, 1)), by=None
        )
    assert caught.value.message_dict == {"end_on": ["The last day is before the first day."]}
    with pytest.raises(ValidationError) as caught:
        save_absence(Absence(kind="leave", start_on=date(2026, 2, 2)), by=None)
    assert "officer" in caught.value.message_dict


@pytest.mark.django_db
def test_party_post_needs_the_place_of_its_kind():
    officer, village, township = make_officer(), make_village(), make_township()
    save_party_post(
        PartyPost(officer=officer, kind=PostKind.DEPUTY_SECRETARY, village=village, start_on=date(2024, 1, 1)), by=None
    )
    wrong = PartyPost(officer=officer, kind=PostKind.DEPUTY_SECRETARY, township=township, start_on=date(2024, 1, 1))
    with pytest.raises(ValidationError, match="needs a village"):
        save_party_post(wrong, by=None)


@pytest.mark.django_db
def test_household_is_on_the_list_once_and_spelled():
    village = make_village()
    household = Household(village=village, address="3组12号", head_name="曾伟")
    save_household(household, by=None)
    assert (household.pinyin, household.initials) == ("zengwei", "zw")
    with pytest.raises(ValidationError, match="on the list already"):
        save_household(Household(village=village, address="3组12号", head_name="曾伟"), by=None)


@pytest.mark.django_db
def test_saving_without_a_change_leaves_no_event():
    unit = make_village().station
    save_unit(unit, by=None)
    assert not Event.objects.exists()
    unit.phone = "82512345"
    save_unit(unit, by=None)
    assert Event.objects.get().detail["changes"] == {"phone": ["", "82512345"]}


@pytest.mark.django_db
def test_one_winner_lets_other_database_errors_through():
    with pytest.raises(IntegrityError), one_winner():
        Household.objects.create(village_id=None, address="1", head_name="2")
    assert make_household(make_village()).pk
