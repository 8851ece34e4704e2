"""Photos: taken in by content, stripped of everything but pixels, given out by right only (R11)."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from patrols.choices import VisitState
from patrols.models import Photo
from patrols.photos import add_photo, caption_photo, move_photo, remove_photo
from patrols.pictures.files import original_name
from patrols.visits import discard_draft, open_visit
from tests.factories import make_station_world
from tests.patrols.factories import make_visit, yesterday
from xinjin.errors import Conflict
from xinjin.sealing import unseal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """The folder of what is shown; what was sent lies in `vault` beside it."""
    settings.MEDIA_ROOT, settings.VAULT_ROOT = str(tmp_path / "media"), str(tmp_path / "vault")
    return tmp_path / "media"


@pytest.fixture
def vault(media):
    return media.with_name("vault")


@pytest.fixture
def world():
    return make_station_world()


@pytest.fixture
def author(world):
    return world.own.officers[0]


@pytest.fixture
def draft(author, world):
    return open_visit(by=author.user, officer=author, village=world.own.village, visited_on=yesterday())


def picture(form="JPEG", size=(640, 480), colour="red", **options) -> bytes:
    out = io.BytesIO()
    Image.new(options.pop("mode", "RGB"), size, colour).save(out, form, **options)
    return out.getvalue()


def upload(sent: bytes, name="photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, sent, content_type="image/jpeg")


def add(visit, sent: bytes, name="photo.jpg") -> Photo:
    return add_photo(by=visit.officer.user, visit=visit, upload=upload(sent, name))


def stored_bytes(photo: Photo) -> bytes:
    with photo.file.open() as file:
        return file.read()


def files_in(folder) -> list:
    return [path for path in folder.rglob("*") if path.is_file()]


def bomb() -> bytes:
    """A PNG whose header promises 50,000 by 50,000 pixels in a hundred bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 9)) + chunk(b"IEND", b"")
    )


def wide_png() -> bytes:
    return picture("PNG", size=(8000, 5001), mode="1", colour=0)


REFUSED = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "empty": b"",
    "truncated jpeg": picture(size=(2000, 2000))[:900],
    "truncated png": picture("PNG", size=(900, 900))[:60],
    "jpeg header only": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "gif": picture("GIF"),
    "bmp": picture("BMP"),
    "tiff": picture("TIFF"),
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "pdf": b"%PDF-1.4\n",
    "zip": b"PK\x03\x04" + b"\0" * 40,
    "bomb by header": bomb(),
    "too many pixels": wide_png(),
    "noise": bytes(range(256)) * 40,
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_picture_is_refused_by_content(draft, media, vault, kind):
    with pytest.raises(ValidationError) as caught:
        add(draft, REFUSED[kind])
    assert set(caught.value.message_dict) == {"photos"}
    assert not Photo.objects.exists()
    assert files_in(media) == files_in(vault) == []


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_picture_is_stored_as_jpeg_whatever_its_name(draft, media, vault, form):
    sent = picture(form)
    photo = add(draft, sent, name="../../etc/passwd.html")
    names = sorted(path.relative_to(media).as_posix() for path in files_in(media))
    folder = f"photos/{photo.pk.hex[:2]}"
    assert names == [f"{folder}/{photo.pk.hex}-s.jpg", f"{folder}/{photo.pk.hex}.jpg"]
    assert {Image.open(io.BytesIO(path.read_bytes())).format for path in files_in(media)} == {"JPEG"}
    (original,) = files_in(vault)
    assert original.relative_to(vault).as_posix() == f"{folder}/{photo.pk.hex}"
    assert original.stat().st_mode & 0o077 == 0
    assert sent not in original.read_bytes()
    assert unseal(original.read_bytes(), name=original_name(photo)) == sent
    draft.refresh_from_db()
    assert draft.photo_count == 1


@pytest.mark.parametrize(
    "name", ["..", "", "a" * 255 + ".jpg", "\u202egpj.exe", "a\x00b.jpg", "中文 名.jpg", "C:\\a.jpg"]
)
def test_names_of_files_do_not_matter(draft, media, vault, name):
    sent = upload(picture())
    sent._name = name
    add_photo(by=draft.officer.user, visit=draft, upload=sent)
    assert (len(files_in(media)), len(files_in(vault))) == (2, 1)


def test_place_and_camera_data_are_gone_and_the_picture_is_upright(draft):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8825)[2] = (30.0, 25.0, 0.0)
    sent = picture(size=(400, 200), exif=exif.tobytes(), comment=b"secret")
    photo = add(draft, sent)
    stored = stored_bytes(photo)
    assert (photo.width, photo.height) == (200, 400)
    assert not dict(Image.open(io.BytesIO(stored)).getexif())
    for trace in (b"Exif", b"Camera", b"secret", b"GPS"):
        assert trace not in stored


def test_large_picture_is_shrunk_and_transparency_becomes_white(draft):
    photo = add(draft, picture("PNG", size=(3000, 1500), mode="RGBA", colour=(0, 0, 0, 0)))
    assert (photo.width, photo.height) == (1600, 800)
    assert Image.open(io.BytesIO(stored_bytes(photo))).getpixel((5, 5)) == (255, 255, 255)


def test_script_behind_a_picture_is_not_stored(draft):
    photo = add(draft, picture() + b"<script>alert(1)</script>")
    assert b"<script>" not in stored_bytes(photo)


def test_same_file_again_is_the_same_photo(draft, media, vault):
    first, second = add(draft, picture()), add(draft, picture())
    assert first.pk == second.pk
    assert (len(files_in(media)), len(files_in(vault))) == (2, 1)


def test_seventh_photo_and_oversized_file_are_refused(draft, settings):
    for number in range(6):
        add(draft, picture(colour=(number * 40, 0, 0)))
    with pytest.raises(ValidationError, match="6"):
        add(draft, picture(colour="blue"))
    settings.PHOTO_MAX_BYTES = 1024**2
    with pytest.raises(ValidationError, match="1 MB"):
        add(draft, b"\xff\xd8" + b"\0" * 1024**2)


def test_size_is_checked_before_a_byte_is_read(draft, settings):
    class Unreadable(SimpleUploadedFile):
        def read(self, *args):
            raise AssertionError("was read")

    sent = Unreadable("big.jpg", b"x")
    sent.size = settings.PHOTO_MAX_BYTES + 1
    with pytest.raises(ValidationError):
        add_photo(by=draft.officer.user, visit=draft, upload=sent)


def test_failed_row_leaves_no_file(draft, media, vault, monkeypatch):
    monkeypatch.setattr("patrols.photos.record", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        add(draft, picture())
    assert files_in(media) == files_in(vault) == []
    assert not Photo.objects.exists()


def test_removed_photo_and_discarded_draft_leave_no_file(draft, media, vault, django_capture_on_commit_callbacks):
    by = draft.officer.user
    with django_capture_on_commit_callbacks(execute=True):
        remove_photo(by=by, photo=add(draft, picture()))
    assert files_in(media) == files_in(vault) == []
    draft.refresh_from_db()
    assert draft.photo_count == 0
    add(draft, picture())
    with django_capture_on_commit_callbacks(execute=True):
        discard_draft(by=by, visit=draft)
    assert files_in(media) == files_in(vault) == []


def test_photos_of_a_submitted_log_stay_as_they_are(author, world):
    visit = make_visit(author, world.own.village, state=VisitState.DRAFT)
    photo = add(visit, picture())
    visit.state = VisitState.SUBMITTED
    visit.submitted_at = visit.created_at
    visit.save()
    with pytest.raises(Conflict):
        add(visit, picture(colour="blue"))
    with pytest.raises(Conflict):
        remove_photo(by=author.user, photo=photo)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_photo_is_served_to_those_who_see_the_visit_only(world, author, draft):
    photo = add(draft, picture())
    address = f"/photos/{photo.pk}/"
    answer = signed_in(author.user).get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private")
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"
    for user in (world.own.chief.user, world.foreign.officers[0].user, world.own.auxiliaries[0].user, world.sysadmin):
        assert signed_in(user).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_photo_goes_out_through_the_web_server_where_there_is_one(author, draft, settings):
    photo = add(draft, picture())
    settings.PHOTO_ACCEL_PREFIX = "/pictures/"
    client = signed_in(author.user)
    for address, name in ((f"/photos/{photo.pk}/", photo.file.name), (f"/photos/{photo.pk}/small/", photo.small_name)):
        answer = client.get(address)
        assert answer.headers["X-Accel-Redirect"] == f"/pictures/{name}"
        assert answer.content == b""


def test_photo_whose_file_is_gone_is_not_found(author, draft, media):
    photo = add(draft, picture())
    for path in files_in(media):
        path.unlink()
    for address in (f"/photos/{photo.pk}/", f"/photos/{photo.pk}/small/"):
        assert signed_in(author.user).get(address).status_code == 404


def test_upload_by_page_says_which_file_was_refused_and_why(author, draft):
    client = signed_in(author.user)
    sent = [upload(picture()), upload(b"<html>", "登记表.jpg")]
    answer = client.post(f"/visits/{draft.pk}/photos/", {"photos": sent}, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "登记表.jpg" in html
    assert 'data-photo-count="1"' in html
    photo = Photo.objects.get()
    gone = client.post(f"/photos/{photo.pk}/remove/", headers={"HX-Request": "true"})
    assert 'data-photo-count="0"' in gone.content.decode()


def test_upload_to_a_foreign_log_is_not_found(world, draft):
    for user in (world.foreign.officers[0].user, world.own.chief.user):
        answer = signed_in(user).post(f"/visits/{draft.pk}/photos/", {"photos": [upload(picture())]})
        assert answer.status_code == 404
    assert not Photo.objects.exists()


# --- captions and order


def test_order_is_the_authors_and_a_move_beyond_the_end_changes_nothing(draft):
    by = draft.officer.user
    photos = [add(draft, picture(colour=colour)) for colour in ("red", "green", "blue")]
    move_photo(by=by, photo=photos[0], places=1)
    move_photo(by=by, photo=photos[2], places=1)
    assert list(draft.photos.in_order()) == [photos[1], photos[0], photos[2]]
    remove_photo(by=by, photo=photos[1])
    assert list(draft.photos.in_order()) == [photos[0], photos[2]]
    assert add(draft, picture(colour="white")) == draft.photos.in_order().last()


def test_second_removal_is_no_mistake(draft):
    photo = add(draft, picture())
    remove_photo(by=draft.officer.user, photo=photo)
    remove_photo(by=draft.officer.user, photo=photo)
    draft.refresh_from_db()
    assert draft.photo_count == 0


def test_caption_of_another_page_is_not_overwritten_unseen(draft):
    by, photo = draft.officer.user, add(draft, picture())
    caption_photo(by=by, photo=photo, caption=" 院坝会 ", seen="")
    with pytest.raises(Conflict) as caught:
        caption_photo(by=by, photo=photo, caption="入户", seen="")
    assert [*caught.value.mine.values(), *caught.value.theirs.values()] == ["入户", "院坝会"]
    caption_photo(by=by, photo=photo, caption="院坝会", seen="")  # the same words are no conflict
    with pytest.raises(ValidationError):
        caption_photo(by=by, photo=photo, caption="长" * 61, seen="院坝会")
    photo.refresh_from_db()
    assert photo.caption == "院坝会"


def test_form_without_script_saves_captions_and_order(author, draft):
    first, second = add(draft, picture()), add(draft, picture(colour="blue"))
    client = signed_in(author.user)
    sent = {
        f"caption-{first.pk}": "𠮷祥村院坝",
        f"seen-{first.pk}": "",
        "move_photo": f"{first.pk}:1",
        "photos": upload(picture(colour="green")),
    }
    client.post(f"/visits/{draft.pk}/photos/", sent)
    assert [photo.caption for photo in draft.photos.in_order()] == ["", "𠮷祥村院坝", ""]
    sent = {f"caption-{second.pk}": "x" * 61, "move_photo": "x:1", "photos": upload(b"<html>", "登记表.jpg")}
    page = client.post(f"/visits/{draft.pk}/photos/", sent, follow=True).content.decode()
    assert "登记表.jpg" in page
    assert "x" * 61 in page


def test_script_is_answered_in_json(author, draft):
    photo, client = add(draft, picture()), signed_in(author.user)
    headers, address = {"Accept": "application/json"}, f"/photos/{photo.pk}/caption/"
    stored = client.post(address, {"caption": "甲", "seen": ""}, headers=headers)
    assert stored.json()["errors"] == []
    stale = client.post(address, {"caption": "乙", "seen": ""}, headers=headers)
    assert stale.status_code == 409
    assert stale.json()["stored"] == "甲"
    assert client.post(address, {"caption": "x" * 61}, headers=headers).status_code == 400
    type(draft).objects.filter(pk=draft.pk).update(
        state="submitted", submitted_at=draft.created_at, started_at="09:00", ended_at="10:00", summary="x",
        shortfall_reason="x",
    )  # fmt: skip
    late = client.post(f"/visits/{draft.pk}/photos/", {"photos": upload(picture(colour="blue"))}, headers=headers)
    assert late.status_code == 409
    assert late.json()["errors"]
