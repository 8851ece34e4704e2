"""One tuple of requirements through every door: words, form, verb, admin, API, database (R10)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from patrols import standards
from patrols.choices import VisitState
from patrols.models import Visit, VisitStandard
from patrols.norms import preview, save_standard
from patrols.visit_checks import completeness_mistakes
from patrols.visits import open_visit, save_draft, submit_visit
from tests.factories import make_station_world
from tests.patrols.factories import full_entry, make_visit, yesterday
from xinjin.periods import Month

pytestmark = pytest.mark.django_db
COUNTS = [requirement.count for requirement in standards.REQUIREMENTS]


@pytest.fixture
def world():
    return make_station_world()


@pytest.fixture
def author(world):
    return world.own.officers[0]


@pytest.fixture
def draft(author, world):
    return open_visit(by=author.user, officer=author, village=world.own.village, visited_on=yesterday())


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def met(**changes) -> dict:
    return {
        name: 5 for requirement in standards.REQUIREMENTS for name in (requirement.count, requirement.minimum)
    } | changes


@pytest.mark.parametrize("count", COUNTS)
def test_words_name_exactly_what_is_missing(count):
    assert standards.shortfalls(met()) == []
    (missing,) = standards.shortfalls(met(**{count: 4}))
    assert "4" in missing
    assert "5" in missing


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("state", [VisitState.SUBMITTED, "nonsense"])
def test_row_below_standard_without_reason_is_refused_by_the_database(author, world, count, state):
    values = met(**{count: 4})
    with pytest.raises(IntegrityError, match="patrols_visit_shortfall"), transaction.atomic():
        make_visit(author, world.own.village, shortfall_reason="", state=state, **values)
    make_visit(author, world.own.village, shortfall_reason="下雨", **values)
    visit = Visit.objects.get()
    assert not visit.is_up_to_standard
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE patrols_visit SET shortfall_reason = ''")


@pytest.mark.parametrize("count", COUNTS)
def test_model_says_it_in_words_before_the_database_does(author, world, count):
    visit = make_visit(author, world.own.village, **met(**{count: 4}))
    visit.shortfall_reason = ""
    with pytest.raises(ValidationError) as caught:
        visit.full_clean()
    assert caught.value.error_dict["__all__"][0].code == "shortfall"


def test_verb_wants_a_reason_and_names_both_shortfalls(draft, author):
    entry = full_entry(draft.village, calls=(), deeds=())
    saved = save_draft(by=author.user, visit=draft, revision=0, entry=entry)
    with pytest.raises(ValidationError) as caught:
        submit_visit(by=author.user, visit=saved, revision=1)
    (message,) = caught.value.message_dict["shortfall_reason"]
    for words in saved.shortfalls:
        assert words in message
    saved = save_draft(by=author.user, visit=saved, revision=1, entry=replace(entry, shortfall_reason="下雨"))
    assert not submit_visit(by=author.user, visit=saved, revision=2).is_up_to_standard


def test_page_carries_minimums_and_words_from_the_same_tuple(draft, author):
    html = signed_in(author.user).get(f"/visits/{draft.pk}/edit/").content.decode()
    for requirement in standards.REQUIREMENTS:
        minimum = getattr(draft, requirement.minimum)
        assert f'data-line="{requirement.count}" data-minimum="{minimum}"' in html


def test_norm_of_the_day_is_stamped_and_old_visits_keep_theirs(draft, author, world):
    old = make_visit(author, world.own.village, households=5, deeds=1, visited_on=yesterday() - timedelta(days=9))
    VisitStandard.objects.create(slot="officer", start_on=yesterday(), min_households=7, min_deeds=2)
    VisitStandard.objects.create(slot="auxiliary", start_on=yesterday(), min_households=1, min_deeds=0)
    saved = save_draft(
        by=author.user, visit=draft, revision=0, entry=full_entry(draft.village, shortfall_reason="下雨")
    )
    visit = submit_visit(by=author.user, visit=saved, revision=1)
    assert (visit.min_households, visit.min_deeds, visit.is_up_to_standard) == (7, 2, False)
    auxiliary = world.own.auxiliaries[0]
    other = open_visit(by=auxiliary.user, officer=auxiliary, village=world.own.village, visited_on=yesterday())
    assert (other.min_households, other.min_deeds) == (1, 0)
    before = open_visit(
        by=author.user, officer=author, village=world.own.village, visited_on=yesterday() - timedelta(days=1)
    )
    assert before.min_households == standards.DEFAULT_MINIMUMS["min_households"]
    old.refresh_from_db()
    assert old.is_up_to_standard


def test_brigade_alone_changes_the_standard_in_the_admin(world):
    address = "/admin/patrols/visitstandard/add/"
    values = {"slot": "officer", "start_on": "2026-12-01", "min_households": 6, "min_deeds": 1, "min_photos": 1}
    assert signed_in(world.own.chief.user).post(address, values).status_code == 403
    brigade = signed_in(world.brigade)
    assert brigade.post(address, values).status_code == 302
    assert VisitStandard.objects.get().min_households == 6
    again = brigade.post(address, values)
    assert again.status_code == 200
    assert "errorlist" in again.content.decode() or "field__errors" in again.content.decode()


def test_admin_shows_visits_and_writes_none(author, world):
    visit = make_visit(author, world.own.village, households=2, deeds=1)
    chief = signed_in(world.own.chief.user)
    assert str(visit.pk) in chief.get("/admin/patrols/visit/").content.decode()
    page = chief.get(f"/admin/patrols/visit/{visit.pk}/change/")
    assert page.status_code == 200
    assert "反映1" in page.content.decode()
    assert chief.post(f"/admin/patrols/visit/{visit.pk}/change/", {"shortfall_reason": ""}).status_code == 403
    assert chief.get("/admin/patrols/visit/add/").status_code == 403
    foreign = signed_in(world.foreign.chief.user)
    assert str(visit.pk) not in foreign.get("/admin/patrols/visit/").content.decode()
    assert foreign.get(f"/admin/patrols/visit/{visit.pk}/change/").status_code in (302, 404)


def test_admin_returns_chosen_logs_with_a_remark(author, world):
    visit = make_visit(author, world.own.village, households=1)
    chief, address = signed_in(world.own.chief.user), "/admin/patrols/visit/"
    chosen = {"action": "return_with_remark", "_selected_action": [str(visit.pk)]}
    assert 'name="reason"' in chief.post(address, chosen).content.decode()
    assert chief.post(address, {**chosen, "confirmed": "1", "reason": ""}).status_code == 200
    assert chief.post(address, {**chosen, "confirmed": "1", "reason": "补充"}).status_code == 302
    visit.refresh_from_db()
    assert visit.state == VisitState.RETURNED
    brigade = signed_in(world.brigade)
    assert "return_with_remark" not in brigade.get(address).content.decode()


def test_names_are_masked_for_those_who_are_not_the_villages_own(author, world):
    visit = make_visit(author, world.own.village, households=1, deeds=1)
    name = visit.calls.get().household.head_name
    for user, seen in (
        (author.user, True),
        (world.own.chief.user, True),
        (world.inspector, False),
        (world.brigade, False),
    ):
        assert (name in signed_in(user).get(f"/visits/{visit.pk}/").content.decode()) is seen
    for user, seen in ((world.own.chief.user, True), (world.brigade, False)):
        html = signed_in(user).get(f"/admin/patrols/visit/{visit.pk}/change/").content.decode()
        assert (name in html) is seen


# --- a standard has its dates (R10)


def standard(start_on, households=6, slot="officer", **fields) -> VisitStandard:
    values = {"min_deeds": 1, "min_photos": 1, **fields}
    return VisitStandard(slot=slot, start_on=start_on, min_households=households, **values)


def test_standard_cannot_reach_back_to_visits_that_were_handed_in(author, world):
    make_visit(author, world.own.village, households=5, deeds=1)
    with pytest.raises(ValidationError, match="1"):
        save_standard(standard(yesterday()), by=world.brigade)
    kept = save_standard(standard(yesterday() + timedelta(days=1)), by=world.brigade)
    kept.min_households = 7
    save_standard(kept, by=world.brigade)  # nobody was judged by it yet
    kept.start_on = yesterday()
    with pytest.raises(ValidationError):
        save_standard(kept, by=world.brigade)
    save_standard(standard(yesterday(), slot="auxiliary"), by=world.brigade)


def test_standard_in_use_is_followed_not_changed(author, world):
    old = standard(yesterday() - timedelta(days=30), households=5)
    old.save()
    make_visit(author, world.own.village, households=5, deeds=1)
    changed = VisitStandard.objects.get(pk=old.pk)
    for name, value in (("min_households", 3), ("min_photos", 0), ("start_on", yesterday() + timedelta(days=5))):
        changed.refresh_from_db()
        setattr(changed, name, value)
        with pytest.raises(ValidationError):
            save_standard(changed, by=world.brigade)
    save_standard(standard(yesterday() + timedelta(days=2)), by=world.brigade)
    changed.refresh_from_db()
    assert save_standard(changed, by=world.brigade).min_households == 5, "unchanged is no change"


def test_preview_counts_before_and_after(author, world):
    month = Month.of(timezone.localdate()).previous()
    day = month.counted.start
    for households in (3, 5, 6):
        make_visit(author, world.own.village, visited_on=day, households=households, deeds=1)
    make_visit(author, world.own.village, visited_on=day, households=9, deeds=9, state=VisitState.DRAFT)
    found = preview("officer", {"min_households": 6, "min_deeds": 1}, month.counted)
    assert (found.total, found.before, found.after) == (3, 2, 1)
    query = {"slot": "officer", "min_households": 6, "min_deeds": 1}
    assert signed_in(world.brigade).get("/standards/", query).context["preview"] == found
    assert signed_in(world.own.chief.user).get("/standards/", query).context["preview"] is None
    assert signed_in(world.brigade).get("/standards/", {"slot": "x", "min_deeds": "-1"}).status_code == 200


@pytest.mark.parametrize(("photos", "waiver", "is_missing"), [(2, "", False), (1, "", True), (0, "相机没电", False)])
def test_photos_asked_for_may_be_waived_and_never_lower_the_standard(author, world, photos, waiver, is_missing):
    visit = make_visit(author, world.own.village, households=5, deeds=1, shortfall_reason="")
    visit.min_photos, visit.photo_count, visit.photo_waiver = 2, photos, waiver
    assert ("photo_waiver" in completeness_mistakes(visit, month_is_open=True)) is is_missing
    if is_missing:
        with pytest.raises(IntegrityError, match="patrols_visit_photo"), transaction.atomic():
            visit.save()
        return
    visit.save()
    visit.refresh_from_db()
    assert visit.is_up_to_standard
