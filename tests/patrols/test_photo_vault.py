"""Files of photos: whole or not there, none without a row, and originals for inspection only (R11)."""

import errno
import os
import signal
from datetime import timedelta
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import OperationalError, connections, transaction

from patrols import photos
from patrols.choices import VisitState
from patrols.models import Photo, Visit
from patrols.photos import read_original
from patrols.pictures.files import original_name, sweep_photos
from patrols.pictures.files import vault as opened
from patrols.visits import open_visit
from tests.factories import make_station_side, make_station_world
from tests.patrols.factories import make_visit, yesterday
from tests.patrols.test_photos import add, files_in, media, picture, signed_in, vault  # noqa: F401
from xinjin import sealing
from xinjin.audit.models import Event
from xinjin.errors import Conflict

NOW = timedelta(0)


def new_draft() -> Visit:
    side = make_station_side()
    officer = side.officers[0]
    return open_visit(by=officer.user, officer=officer, village=side.village, visited_on=yesterday())


@pytest.fixture
def draft(db):
    return new_draft()


@pytest.fixture
def inspected(db):
    """(world, photo of a log that has been handed in, what was sent)"""
    world = make_station_world()
    visit = make_visit(world.own.officers[0], world.own.village, state=VisitState.DRAFT)
    sent = picture(size=(300, 200)) + b"trailer"
    add(visit, sent)
    Visit.objects.filter(pk=visit.pk).update(state=VisitState.SUBMITTED, submitted_at=visit.created_at)
    return world, Photo.objects.get(), sent


def test_original_is_read_by_the_inspectorate_with_a_reason_and_a_trace(inspected):
    world, photo, sent = inspected
    client, address = signed_in(world.inspector), f"/photos/{photo.pk}/original/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": " "}).status_code == 200
    assert not Event.objects.filter(action="read original").exists()
    answer = client.post(address, {"reason": "日志存疑，核对拍摄时间"})
    assert answer.content == sent
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]
    event = Event.objects.get(action="read original")
    assert (event.actor_id, event.subject_id) == (world.inspector.pk, str(photo.visit_id))
    assert event.detail["photo"] == str(photo.pk)
    assert event.detail["reason"] == "日志存疑，核对拍摄时间"


def test_original_is_for_nobody_else(inspected):
    world, photo, _sent = inspected
    address = f"/photos/{photo.pk}/original/"
    for user in (world.own.officers[0].user, world.own.chief.user, world.brigade, world.bureau, world.command):
        assert signed_in(user).get(address).status_code == 403
        assert signed_in(user).post(address, {"reason": "x"}).status_code == 403
    for user in (world.foreign.chief.user, world.sysadmin, world.auditor):
        assert signed_in(user).post(address, {"reason": "x"}).status_code == 404
    assert not Event.objects.filter(action="read original").exists()


def test_original_that_was_tampered_with_or_is_gone_is_not_given_out(inspected, vault):  # noqa: F811
    world, photo, _sent = inspected
    (path,) = files_in(vault)
    sealed = path.read_bytes()
    for damaged in (sealed[:-1] + b"X", sealed[5:], b"", None):
        path.unlink() if damaged is None else path.write_bytes(damaged)
        with pytest.raises(Conflict):
            read_original(by=world.inspector, photo=photo, reason="核查")
    assert Event.objects.filter(action="read original").count() == 4


def test_vault_has_no_address_and_lies_apart(inspected, settings, media):  # noqa: F811
    _world, photo, _sent = inspected
    with pytest.raises(ValueError, match="address"):
        opened().url(original_name(photo))
    assert not opened().path("x").startswith(str(media))
    settings.VAULT_ROOT = ""
    assert not opened().path("x").startswith(f"{settings.MEDIA_ROOT}/")


def test_only_what_was_sealed_under_this_name_with_a_key_of_ours_opens(settings):
    plain = b"a\nb" * 100
    settings.FIELD_KEYS = ["first" * 8]
    sealed = sealing.seal(plain, name="n")
    assert plain not in sealed
    assert sealed != sealing.seal(plain, name="n")
    settings.FIELD_KEYS = ["second" * 8, "first" * 8]
    assert sealing.unseal(sealed, name="n") == plain
    assert sealing.unseal(sealing.seal(plain, name="n"), name="n") == plain
    broken = [
        b"",
        plain,
        sealed[:-1],
        sealed + b"x",
        *(sealed[:n] + bytes([sealed[n] ^ 1]) + sealed[n + 1 :] for n in (0, 20, 40, 90, 200)),
    ]
    for other in broken:
        with pytest.raises(sealing.BrokenSeal):
            sealing.unseal(other, name="n")
    with pytest.raises(sealing.BrokenSeal):
        sealing.unseal(sealed, name="m")
    settings.FIELD_KEYS = ["second" * 8]
    with pytest.raises(sealing.BrokenSeal):
        sealing.unseal(sealed, name="n")


@pytest.mark.parametrize("which", range(3), ids=["picture", "thumbnail", "original"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_full_disk_leaves_a_message_and_nothing_half_written(draft, media, vault, monkeypatch, which, code):  # noqa: F811
    calls, really = [], os.fsync

    def fail_at(handle):
        if os.path.isfile(f"/proc/self/fd/{handle}"):
            calls.append(handle)
            if len(calls) == which + 1:
                raise OSError(code, "no")
        really(handle)

    monkeypatch.setattr("xinjin.storage.os.fsync", fail_at)
    with pytest.raises(ValidationError) as caught:
        add(draft, picture())
    assert set(caught.value.message_dict) == {"photos"}
    assert ("空间" in caught.value.messages[0]) is (code == errno.ENOSPC)
    assert files_in(media) == files_in(vault) == []
    assert not Photo.objects.exists()


def test_commit_of_unknown_end_leaves_the_files_to_the_sweep(draft, media, vault, monkeypatch):  # noqa: F811
    """The answer to COMMIT got lost: the row may be there, so its files must be."""

    class LostAnswer(transaction.Atomic):
        def __exit__(self, *args):
            super().__exit__(*args)
            raise OperationalError("server closed the connection")

    monkeypatch.setattr("patrols.photos.transaction.atomic", lambda: LostAnswer(None, True, False))
    with pytest.raises(OperationalError):
        add(draft, picture())
    assert Photo.objects.count() == 1
    assert (len(files_in(media)), len(files_in(vault))) == (2, 1)


def test_sweep_removes_what_no_photo_owns_and_names_what_is_missing(draft, media, vault):  # noqa: F811
    photo = add(draft, picture())
    kept = sorted(files_in(media) + files_in(vault))
    old = 1_700_000_000
    strays = [
        media / "photos/ab" / f"{'ab' * 16}.jpg",
        media / "photos/ab" / f"{photo.pk.hex}.jpg.part",
        media / "photos/ab" / "notes.txt",
        vault / "photos/ab" / ("cd" * 16),
    ]
    for path in strays:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        os.utime(path, (old, old))
    young = media / "photos/ab" / f"{'ef' * 16}.jpg"
    young.write_bytes(b"x")
    assert sweep_photos() == (4, [])
    assert sorted(files_in(media) + files_in(vault)) == sorted([*kept, young])
    kept[0].unlink()
    kept[-1].unlink()
    out = StringIO()
    call_command("sweep_photos", "--hours", "0", stdout=out)
    assert str(photo.pk) in out.getvalue()
    assert not young.exists()


def killed_at(holder, name: str, number: int, act) -> int:
    """The signal that ended a child process which was killed at the nth call of `holder.name` during `act`."""
    connections.close_all()  # nothing is shared with the child
    child = os.fork()
    if child:
        return os.WTERMSIG(os.waitpid(child, 0)[1])
    try:
        really, calls = getattr(holder, name), []

        def die(*args, **options):
            calls.append(1)
            if len(calls) == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return really(*args, **options)

        setattr(holder, name, die)
        act()
    finally:
        os._exit(3)  # not reached: the point was never met


POINTS = [
    ("add", os, "fsync", 1), ("add", Path, "replace", 1), ("add", Path, "replace", 2), ("add", Path, "replace", 3),
    ("add", photos, "_keep", 1), ("add", photos, "record", 1), ("add", transaction.Atomic, "__exit__", 1),
    ("remove", photos, "record", 1), ("remove", photos, "_count", 1), ("remove", os, "remove", 1),
    ("remove", os, "remove", 3),
]  # fmt: skip


@pytest.mark.usefixtures("committed")
def test_killed_at_any_point_no_row_is_without_files_and_the_sweep_clears_the_rest(media, vault):  # noqa: F811
    left = []
    for act, holder, name, number in POINTS:
        visit = new_draft()
        by = visit.officer.user
        if act == "add":
            ended = killed_at(holder, name, number, partial(add, visit, picture(size=(300, 200))))
        else:
            photo = add(visit, picture())
            ended = killed_at(holder, name, number, partial(photos.remove_photo, by=by, photo=photo))
        assert ended == signal.SIGKILL, (act, name, number)
        before = len(files_in(media)) + len(files_in(vault))
        swept = sweep_photos(older_than=NOW)
        assert swept.missing == [], (act, name, number)
        assert len(files_in(media)) + len(files_in(vault)) == 3 * Photo.objects.count()
        assert Visit.objects.get(pk=visit.pk).photo_count == visit.photos.count()
        assert swept.removed == before - 3 * Photo.objects.count()
        left.append(swept.removed)
    assert left.count(0) < len(POINTS) / 2, "most kills leave files behind, or the points are not reached"
