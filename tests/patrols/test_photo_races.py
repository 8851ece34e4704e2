"""Two who change the photos of one log at once. Each race has a control run without its guard."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from assessments.bench.pictures import photograph
from patrols import photos
from patrols.choices import VisitState
from patrols.models import Photo, PhotoHint, Visit
from patrols.photos import remove_photo
from patrols.pictures import hints
from patrols.pictures.files import sweep_photos
from patrols.visits import open_visit, save_draft, submit_visit
from tests.factories import make_station_side
from tests.patrols.factories import full_entry, yesterday
from tests.patrols.test_photo_hints import jpeg
from tests.patrols.test_photo_vault import NOW
from tests.patrols.test_photos import add, files_in, media, picture, vault  # noqa: F401
from xinjin.errors import Conflict

pytestmark = pytest.mark.usefixtures("committed")


def draft(**changes) -> Visit:
    side = make_station_side()
    officer = side.officers[0]
    visit = open_visit(by=officer.user, officer=officer, village=side.village, visited_on=yesterday())
    return save_draft(by=officer.user, visit=visit, revision=0, entry=full_entry(side.village, **changes))


def at_once(*acts) -> list:
    """What the acts answer, or the kind of error, when they start together."""
    together = threading.Barrier(len(acts))

    def run(act):
        try:
            together.wait()
            return act()
        except (Conflict, ValidationError) as error:
            return type(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [job.result() for job in [pool.submit(run, act) for act in acts]]


def assert_whole(visit: Visit, *folders) -> None:
    """Count and files are those of the rows."""
    visit.refresh_from_db()
    assert visit.photo_count == visit.photos.count()
    assert sum(len(files_in(folder)) for folder in folders) == 3 * Photo.objects.count()
    assert sweep_photos(older_than=NOW) == (0, [])


def race_for_the_sixth() -> tuple[Visit, list]:
    visit = draft()
    for number in range(5):
        add(visit, picture(colour=(number * 40, 0, 0)))
    sent = [picture(colour=colour) for colour in ("blue", "green", "white", "yellow")]
    return visit, at_once(*(lambda file=file: add(visit, file) for file in sent))


def test_of_four_uploads_of_the_sixth_photo_one_is_taken(media, vault):  # noqa: F811
    visit, answers = race_for_the_sixth()
    assert [isinstance(answer, Photo) for answer in answers].count(True) == 1
    assert answers.count(ValidationError) == 3
    assert visit.photos.count() == 6
    assert sorted(visit.photos.values_list("position", flat=True)) == list(range(6))
    assert_whole(visit, media, vault)


def test_without_the_lock_more_than_six_are_taken_control(media, monkeypatch):  # noqa: F811
    arrived = threading.Barrier(4)

    def look_only(pk):
        found = Visit.objects.get(pk=pk)
        found.photos.count()
        return found

    really = photos.notice_copies
    monkeypatch.setattr(photos, "_open_visit", look_only)
    monkeypatch.setattr(photos, "notice_copies", lambda *args: (arrived.wait(timeout=10), really(*args)))
    visit = draft()
    for number in range(5):
        Photo.objects.create(visit=visit, file=f"photos/{number}.jpg", sha256=f"{number:064}", width=1, height=1,
                             uploaded_by=visit.officer.user)  # fmt: skip
    sent = [picture(colour=colour) for colour in ("blue", "green", "white", "yellow")]
    at_once(*(lambda file=file: add(visit, file) for file in sent))
    assert visit.photos.count() > 6


def test_same_file_twice_at_once_is_one_photo(media, vault):  # noqa: F811
    visit = draft()
    first, second = at_once(*[lambda: add(visit, picture())] * 2)
    assert first.pk == second.pk
    assert_whole(visit, media, vault)


def test_upload_to_a_log_being_handed_in_is_in_it_or_refused(media, vault):  # noqa: F811
    for _run in range(4):
        visit = draft()
        uploaded, submitted = at_once(
            lambda visit=visit: add(visit, picture()),
            lambda visit=visit: submit_visit(by=None, visit=visit, revision=1),
        )
        assert submitted.state == VisitState.SUBMITTED
        assert (uploaded is Conflict) is (visit.photos.count() == 0)
        assert_whole(visit, media, vault)


def test_last_photo_removed_while_handing_in_is_never_handed_in_without_photo_and_reason(media, vault):  # noqa: F811
    for _run in range(4):
        visit = draft(photo_waiver="")
        photo = add(visit, picture())
        removed, submitted = at_once(
            lambda photo=photo: remove_photo(by=None, photo=photo),
            lambda visit=visit: submit_visit(by=None, visit=visit, revision=1),
        )
        assert (removed, submitted) in [(Conflict, submitted), (None, ValidationError)]
        visit.refresh_from_db()
        assert visit.photo_count == visit.photos.count() == (1 if visit.state == VisitState.SUBMITTED else 0)
        assert_whole(visit, media, vault)


def one_picture_to_two_logs() -> int:
    sent = jpeg(photograph(1).resize((400, 300)))
    at_once(*(lambda visit=visit: add(visit, sent) for visit in (draft(), draft())))
    return PhotoHint.objects.count()


@pytest.mark.usefixtures("media")
def test_one_picture_sent_to_two_logs_at_once_is_noticed():
    assert one_picture_to_two_logs() == 1


@pytest.mark.usefixtures("media")
def test_without_turns_neither_sees_the_other_control(monkeypatch):
    arrived, really = threading.Barrier(2), hints.look_alikes

    def wait_for_each_other(*args):
        arrived.wait(timeout=10)
        return really(*args)

    monkeypatch.setattr(hints, "TAKE_TURNS", "SELECT 1")
    monkeypatch.setattr(hints, "look_alikes", wait_for_each_other)
    assert one_picture_to_two_logs() == 0
