"""Whatever somebody sends as a photo: taken as a picture or refused with a message, and cheap in memory (R11)."""

import io
import json
import os
import subprocess
import sys
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from patrols.models import Photo
from patrols.photos import add_photo
from patrols.pictures.making import read_picture
from patrols.visits import open_visit
from tests.factories import make_station_side
from tests.patrols.factories import yesterday
from tests.patrols.test_photos import bomb, files_in, media, picture, signed_in, vault  # noqa: F401
from xinjin.sealing import unseal

pytestmark = pytest.mark.django_db

TRACES = (b"<script", b"<html", b"Exif", b"GPS", b"secret-trailer", b"30.4142")


@pytest.fixture
def draft():
    side = make_station_side()
    officer = side.officers[0]
    return open_visit(by=officer.user, officer=officer, village=side.village, visited_on=yesterday())


def with_place() -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (30.0, 24.0, 51.12)
    exif.get_ifd(0x8825)[29] = "2026:11:20"
    exif.get_ifd(0x8769)[0x9003] = "2026:11:20 09:30:00"
    return picture(size=(900, 700), exif=exif.tobytes(), comment=b"secret-trailer 30.4142")


def sixteen_bit() -> bytes:
    out = io.BytesIO()
    Image.new("I;16", (300, 200), 40_000).save(out, "PNG")
    return out.getvalue()


def palette_with_a_hole() -> bytes:
    image, out = Image.new("P", (300, 200), 3), io.BytesIO()
    image.putpalette(bytes(range(256)) * 3)
    image.save(out, "PNG", transparency=3)
    return out.getvalue()


def moving(form: str) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (200, 100), colour) for colour in ("red", "green", "blue")]
    frames[0].save(out, form, save_all=True, append_images=frames[1:])
    return out.getvalue()


def many_scans() -> bytes:
    """A progressive JPEG whose scans come a thousand times over: minutes of work in ten thousand bytes."""
    sent = picture(size=(1200, 900), progressive=True)
    last = sent.rindex(b"\xff\xda")
    return sent[:last] + sent[last:-2] * 1000 + sent[-2:]


def text_bomb() -> bytes:
    """A PNG with a compressed text of a hundred megabytes."""
    sent, text = picture("PNG"), b"Comment\0\0" + zlib.compress(b"\0" * 100_000_000, 9)
    chunk = len(text).to_bytes(4, "big") + b"zTXt" + text + zlib.crc32(b"zTXt" + text).to_bytes(4, "big")
    return sent[:33] + chunk + sent[33:]


POLYGLOT = picture() + b"<html><script>alert(1)</script>secret-trailer"
TAKEN = {
    "exif with place": with_place(),
    "jpeg and html": POLYGLOT,
    "cmyk": picture(mode="CMYK", colour=(0, 200, 200, 0)),
    "grey": picture(mode="L", colour=90),
    "16-bit png": sixteen_bit(),
    "palette with a hole": palette_with_a_hole(),
    "moving webp": moving("WEBP"),
    "moving png": moving("PNG"),
    "mpo": moving("MPO"),
    "one pixel": picture("PNG", size=(1, 1)),
    "a line": picture("PNG", size=(20_000, 1)),
}
REFUSED = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html named jpg": b"<html><script>alert(1)</script>",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\n",
    "fits": b"SIMPLE  =                    T".ljust(80) + b"END".ljust(2800),
    "avif": b"\0\0\0\x20ftypavif" + b"\0" * 64,
    "nothing": b"",
    "truncated": TAKEN["exif with place"][:2000],
    "bomb": bomb(),
    "text bomb": text_bomb(),
    "many scans": many_scans(),
    "moving gif": moving("GIF"),
}
NAMES = [
    "照片.jpg",
    "../../../etc/passwd",
    "a\x00b.jpg",
    "\u202egpj.exe",
    "长" * 255 + ".jpg",
    "index.html",
    "CON",
]


def send(draft, sent: bytes, name: str):
    client = signed_in(draft.officer.user)
    upload = SimpleUploadedFile("x.jpg", sent, content_type="image/jpeg")
    upload._name = name  # as a client may write it, not as Django's class would
    return client.post(f"/visits/{draft.pk}/photos/", {"photos": upload}, headers={"Accept": "application/json"})


@pytest.mark.parametrize("kind", TAKEN)
def test_picture_is_taken_and_only_its_pixels_are_shown(draft, media, vault, kind):  # noqa: F811
    sent = TAKEN[kind]
    answer = send(draft, sent, "../x.html")
    assert answer.status_code == 200, answer.content[:300]
    shown = files_in(media)
    assert len(shown) == 2
    for path in shown:
        stored = path.read_bytes()
        assert stored[:2] == b"\xff\xd8"
        assert [trace for trace in TRACES if trace in stored] == []
    (kept,) = files_in(vault)
    assert unseal(kept.read_bytes(), name=kept.relative_to(vault).as_posix()) == sent
    assert kept.suffix == ""


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_picture_leaves_a_message_and_no_file(draft, media, vault, kind):  # noqa: F811
    answer = send(draft, REFUSED[kind], "照片.jpg")
    assert answer.status_code == 400
    assert "照片.jpg" in json.loads(answer.content)["errors"][0]
    assert files_in(media) == files_in(vault) == []
    assert not Photo.objects.exists()


@pytest.mark.parametrize("name", NAMES)
def test_name_of_the_file_has_no_power(draft, media, vault, name):  # noqa: F811
    assert send(draft, TAKEN["cmyk"], name).status_code == 200
    assert {path.parent.parent.name for path in files_in(media) + files_in(vault)} == {"photos"}
    assert all(path.name.removesuffix(".jpg").removesuffix("-s").isalnum() for path in files_in(media))


def test_light_and_colour_survive():
    """Deep greys are not blown out, ink is not negated, a hole is white."""
    assert 150 <= read_picture(TAKEN["16-bit png"]).image.getpixel((5, 5))[0] <= 162
    red, green, blue = read_picture(TAKEN["cmyk"]).image.getpixel((5, 5))
    assert red > 200 > 120 > max(green, blue)
    assert read_picture(TAKEN["palette with a hole"]).image.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("name", [".", ".."])
def test_file_without_a_name_is_not_said_to_have_arrived(draft, name):
    """The web framework drops it before we see it."""
    answer = send(draft, TAKEN["cmyk"], name)
    assert answer.status_code == 400
    assert json.loads(answer.content)["errors"]


# The dearest file of each kind that the limits let through, and one beyond them.
DEAREST = """
import io, json, sys
from PIL import Image
import django
django.setup()
from django.core.exceptions import ValidationError
from patrols.pictures.making import read_picture

def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) // 1024

path = sys.argv[1]
with open(path, "rb") as file:
    sent = file.read()
try:
    picture = read_picture(sent)
    made = len(picture.shown) + len(picture.small)
except ValidationError:
    made = 0
print(json.dumps([peak(), made]))
"""
LARGE = {
    "png rgb": ("PNG", "RGB", (6000, 4070), {"compress_level": 1}),
    "png with holes": ("PNG", "RGBA", (3880, 3140), {"compress_level": 1}),
    "progressive": ("JPEG", "RGB", (5740, 4250), {"progressive": True, "quality": 30}),
    "webp": ("WEBP", "RGB", (2680, 2130), {"method": 0, "quality": 20}),
    "too large webp": ("WEBP", "RGB", (4000, 3500), {"method": 0, "quality": 20}),
}


@pytest.mark.parametrize("kind", LARGE)
def test_largest_picture_of_each_kind_stays_under_300_megabytes(tmp_path, kind):
    form, mode, size, options = LARGE[kind]
    path = tmp_path / "sent"
    Image.new(mode, size, (200, 100, 50, 128)[: len(mode)]).save(path, form, **options)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "xinjin.settings"}
    done = subprocess.run(
        [sys.executable, "-c", DEAREST, str(path)], capture_output=True, text=True, env=environment, check=True
    )
    peak, made = json.loads(done.stdout)
    assert bool(made) is not kind.startswith("too large")
    assert peak < 300, f"{kind}: {peak} MB"


def test_limit_of_pixels_is_told_for_the_kind_of_picture(draft, settings):
    settings.PHOTO_DECODE_BYTES = 8_000_000
    upload = SimpleUploadedFile("x.png", picture("PNG", size=(2000, 1500)))
    with pytest.raises(ValidationError, match="2"):
        add_photo(by=draft.officer.user, visit=draft, upload=upload)
