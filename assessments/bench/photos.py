"""How long the search for copies takes among 50,000 photos, and how often it is wrong (decision 5)."""

import random
from collections.abc import Callable, Mapping
from io import BytesIO
from itertools import combinations
from time import perf_counter
from typing import Any, NamedTuple

from django.db import connection
from PIL import Image

from assessments.bench.data import make_places
from assessments.bench.pictures import photograph
from assessments.bench.spine import settle
from patrols.models import Photo, PhotoPrint
from patrols.pictures.hints import look_alikes
from patrols.pictures.likeness import ALIKE, CUTS, Print, prints_of
from patrols.pictures.making import read_picture


class Size(NamedTuple):
    """Photos that are stored, pictures whose copies are looked for by likeness, searches that are timed."""

    photos: int
    sample: int
    probes: int


FULL, SMALL = Size(50_000, 400, 25), Size(200, 3, 2)

# Visits with two photos each; prints are random, which is the hardest for an index and the same to a scan.
ROWS = """
INSERT INTO accounts_user (password, username, display_name, is_active, is_demo, created_at)
    SELECT '', 'bench', 'bench', true, false, now();
INSERT INTO patrols_visit (id, visited_on, started_at, ended_at, summary, photo_waiver, shortfall_reason, state,
        submitted_at, is_late, min_households, min_deeds, min_photos, household_count, deed_count, photo_count,
        revision, created_at, saved_at, saved_by_step, officer_id, village_id)
    SELECT gen_random_uuid(), '2026-01-01'::date + (n %% 300), '09:00', '12:00', 'x', '', '', 'submitted', now(), false,
        0, 0, 0, 0, 0, 2, 1, now(), now(), 0, 1 + (SELECT min(id) FROM villages_officer) + n %% 80,
        1 + (SELECT min(id) FROM villages_village) + n %% 80
    FROM generate_series(1, %(photos)s / 2) n;
INSERT INTO patrols_photo (id, visit_id, file, sha256, width, height, caption, position, uploaded_at, uploaded_by_id)
    SELECT gen_random_uuid(), visit.id, 'x', md5(visit.id::text || n) || md5(n || visit.id::text), 1, 1, '', n, now(),
        (SELECT min(id) FROM accounts_user)
    FROM patrols_visit visit, generate_series(0, 1) n;
INSERT INTO patrols_photoprint (photo_id, is_whole, across, down)
    SELECT photo.id, n = 1, (random() * 9e18)::bigint * (1 - 2 * (random() < 0.5)::int),
        (random() * 9e18)::bigint * (1 - 2 * (random() < 0.5)::int)
    FROM patrols_photo photo, generate_series(1, %(cuts)s) n;
"""


def run(say: Callable[[str], None], options: Mapping[str, Any]) -> None:
    """The bench "photos": seconds of the search and of an upload's work on a picture, recall and false pairs."""
    size = SMALL if options["small"] else FULL
    with connection.cursor() as cursor:
        make_places(cursor, [(f"{510000000000 + number}", f"V{number}") for number in range(100)])
        cursor.execute(ROWS, {"photos": size.photos, "cuts": len(CUTS)})
    settle()
    say(f"{Photo.objects.count()} photos, {PhotoPrint.objects.count()} prints")
    photo = Photo.objects.first()
    pictures = [photograph(seed) for seed in range(size.probes)]
    say(f"search for look-alikes: {_spread([_timed(look_alikes, photo, prints_of(image)) for image in pictures])}")
    sent = _encoded(photograph(1, size=(4000, 3000)), 92)
    say(f"a 12-megapixel JPEG decoded, made anew and printed: {_spread([_timed(_take_in, sent) for _ in range(5)])}")
    quality(say, size.sample)


def quality(say: Callable[[str], None], sample: int) -> None:
    """Recall for each alteration and false pairs of made-up photographs."""
    images = [photograph(seed) for seed in range(sample)]
    known = [prints_of(image) for image in images]
    for name, alter in ALTERATIONS.items():
        differences = sorted(
            _difference(prints_of(alter(image)), old) for image, old in zip(images, known, strict=True)
        )
        found = sum(bits <= ALIKE for bits in differences) / sample
        say(f"{name}: found {found:.1%}, 95 % differ in at most {differences[int(sample * 0.95)]} bits")
    pairs = sorted(_difference(new, old) for new, old in combinations(known, 2))
    false = sum(bits <= ALIKE for bits in pairs)
    say(f"other places: {false} of {len(pairs)} pairs taken for copies, nearest {pairs[:3]}")
    moments = [prints_of(photograph(seed, moment=1)) for seed in range(sample)]
    alike = sorted(_difference(new, old) for new, old in zip(moments, known, strict=True))
    say(f"same place, other moment: {sum(bits <= ALIKE for bits in alike)} of {sample}, nearest {alike[:3]}")


def _timed(act: Callable[..., Any], *args: Any) -> float:
    started = perf_counter()
    act(*args)
    return perf_counter() - started


def _spread(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    return f"median {ordered[len(ordered) // 2]:.3f} s, longest {ordered[-1]:.3f} s"


def _take_in(sent: bytes) -> None:
    picture = read_picture(sent)
    _ = picture.shown, picture.small, prints_of(picture.image)


def _encoded(image: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _cut(image: Image.Image, *parts: float) -> Image.Image:
    left, top, right, bottom = parts
    width, height = image.size
    return image.crop((int(width * left), int(height * top), int(width * (1 - right)), int(height * (1 - bottom))))


def _somewhere(image: Image.Image) -> Image.Image:
    """Cropped by 5 % of each side wherever the knife falls, shrunk and saved at quality 60."""
    knife = random.Random(image.tobytes()[:64])  # noqa: S311
    left, top = knife.uniform(0, 0.05), knife.uniform(0, 0.05)
    small = _cut(image, left, top, 0.05 - left, 0.05 - top).resize((500, 375))
    return Image.open(BytesIO(_encoded(small, 60)))


ALTERATIONS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "cropped 5 % on every side": lambda image: _cut(image, 0.05, 0.05, 0.05, 0.05),
    "cropped 5 % at two sides": lambda image: _cut(image, 0.05, 0, 0, 0.05),
    "cropped 5 % at one side": lambda image: _cut(image, 0.05, 0, 0, 0),
    "cropped 5 % somewhere, shrunk, quality 60": _somewhere,
    "resized to a third": lambda image: image.resize((266, 200)),
    "saved at quality 60": lambda image: Image.open(BytesIO(_encoded(image, 60))),
}


def _difference(new: list[Print], old: list[Print]) -> int:
    wide = (1 << 64) - 1

    def bits(one: Print, other: Print) -> int:
        return ((one.across ^ other.across) & wide).bit_count() + ((one.down ^ other.down) & wide).bit_count()

    return min([bits(new[0], row) for row in old] + [bits(row, old[0]) for row in new])
