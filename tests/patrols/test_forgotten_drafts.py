"""Drafts in which nobody writes: told of in time, then deleted with their files; nothing else ever is."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from patrols.choices import NoticeKind, VisitState
from patrols.drafts import tidy_drafts
from patrols.inbox import sentence
from patrols.models import InboxItem, Photo, Visit
from patrols.visits import discard_draft, open_visit, save_draft
from tests.factories import make_station_side
from tests.patrols.factories import full_entry, make_visit, yesterday
from tests.patrols.test_visit_pages import signed_in
from xinjin.audit.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def side():
    return make_station_side()


@pytest.fixture
def draft(side):
    officer = side.officers[0]
    return open_visit(by=officer.user, officer=officer, village=side.village, visited_on=yesterday())


def age(visit: Visit, days: float) -> None:
    Visit.objects.filter(pk=visit.pk).update(saved_at=timezone.now() - timedelta(days=days))
    visit.refresh_from_db()


def after(days: float):
    return timezone.now() + timedelta(days=days)


def notices(kind: NoticeKind):
    return InboxItem.objects.filter(kind=kind)


def test_draft_is_told_of_once_and_deleted_a_week_later(draft):
    assert tidy_drafts() == tidy_drafts(at=after(22.9))
    assert [tidy_drafts(at=after(23.1)).told for _ in range(3)] == [1, 0, 0]
    item = notices(NoticeKind.DRAFT_EXPIRING).get()
    assert item.context["url"] == f"/visits/{draft.pk}/edit/"
    draft.refresh_from_db()
    assert f"{draft.expires_on}" in sentence(item)
    assert tidy_drafts(at=after(30.05)).deleted == 0
    assert [tidy_drafts(at=after(30.2)).deleted for _ in range(2)] == [1, 0]
    assert not Visit.objects.exists()
    assert Event.objects.filter(action="expire", actor_id=None).count() == 1
    item.refresh_from_db()
    assert item.done_at is not None
    assert draft.village.name in sentence(notices(NoticeKind.DRAFT_EXPIRED).get())


def test_nobody_loses_a_draft_without_having_been_told(draft):
    """The system stood still for two months."""
    age(draft, 60)
    assert draft.expires_on == timezone.localdate() + timedelta(days=7)
    assert (tidy_drafts().told, tidy_drafts().deleted) == (1, 0)
    assert tidy_drafts(at=after(6)).deleted == 0
    assert tidy_drafts(at=after(7.1)).deleted == 1


@pytest.mark.parametrize("act", ["save", "photo"])
def test_work_on_a_draft_gives_it_its_time_again(side, draft, act):
    age(draft, 25)
    assert tidy_drafts().told == 1
    draft.refresh_from_db()
    assert draft.is_expiring
    if act == "save":
        save_draft(by=draft.officer.user, visit=draft, revision=0, entry=full_entry(side.village))
        assert notices(NoticeKind.DRAFT_EXPIRING).get().done_at is not None
    else:
        draft.save(update_fields=["photo_count", "saved_at"])
    draft.refresh_from_db()
    assert not draft.is_expiring
    assert tidy_drafts(at=after(22)) == tidy_drafts(at=after(22))
    assert tidy_drafts(at=after(24)).told == 1
    assert tidy_drafts(at=after(29)).deleted == 0


@pytest.mark.parametrize("state", [VisitState.RETURNED, VisitState.SUBMITTED])
def test_what_was_handed_in_once_never_expires(side, state):
    visit = make_visit(side.officers[0], side.village, state=state, households=1)
    age(visit, 400)
    assert visit.expires_on is None
    assert (tidy_drafts().told, tidy_drafts(at=after(90)).deleted) == (0, 0)
    assert Visit.objects.count() == 1


def test_files_go_with_the_draft(draft, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = str(tmp_path)
    photo = Photo(visit=draft, sha256="0" * 64, width=1, height=1, uploaded_by=draft.officer.user)
    photo.file.save("x.jpg", ContentFile(b"x"))
    stored = photo.file.path
    age(draft, 31)
    tidy_drafts()
    with django_capture_on_commit_callbacks(execute=True):
        assert tidy_drafts(at=after(7.1)).deleted == 1
    assert not (tmp_path / stored).exists()
    assert not Photo.objects.exists()


def test_warning_stands_on_the_officers_pages_until_the_draft_is_gone(draft):
    client = signed_in(draft.officer.user)
    pages = ("/today/", "/visits/", "/inbox/")
    word = f"{draft.expires_on:%m-%d}"
    assert word not in client.get("/visits/").content.decode()
    age(draft, 26)
    tidy_drafts()
    draft.refresh_from_db()
    for address in pages:
        assert f"{draft.expires_on:%m-%d}" in client.get(address).content.decode(), address
    discard_draft(by=draft.officer.user, visit=draft)
    assert notices(NoticeKind.DRAFT_EXPIRING).get().done_at is not None
