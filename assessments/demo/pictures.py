"""The photos of the demo: one for each recent visit, and two about which an inspector may want to ask (R11, R17)."""

import hashlib
from datetime import datetime, timedelta
from io import BytesIO
from random import Random

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db.models import F
from django.utils import timezone
from PIL import Image, ImageDraw

from patrols.models import Photo, PhotoPrint, Visit
from patrols.models.photo import photo_path
from patrols.pictures.files import write_files
from patrols.pictures.hints import notice_copies, notice_times
from patrols.pictures.likeness import prints_of
from patrols.pictures.making import Picture

LONG_AGO = timedelta(days=40)


def make_photos(visits: list[Visit]) -> None:
    """Fields, a road and houses under a sky of that day; of one officer the same picture again, cut a little."""
    again = _two_of_one_author(visits)
    photos, prints = [], []
    disk = (
        FileSystemStorage()
    )  # a power cut may cost the demo its pictures; hundreds of them need not wait for the disk
    for visit in visits:
        if visit in again:
            continue
        photo, image = _photo(visit), _picture(Random(str(visit.pk)))  # noqa: S311
        sent = _encoded(image)
        photo.sha256 = hashlib.sha256(sent).hexdigest()
        photo.file.name = disk.save(photo_path(photo, ""), ContentFile(sent))
        photos.append(photo)
        prints += [PhotoPrint(photo=photo, **row._asdict()) for row in prints_of(image)]
    Photo.objects.bulk_create(photos)
    PhotoPrint.objects.bulk_create(prints)
    for place, visit in enumerate(again):
        image = _picture(Random(str(again[0].pk)))  # noqa: S311
        image = image.crop((30 * place, 10 * place, 800 - 10 * place, 600 - 20 * place))
        _arrive(visit, image, "村民院坝走访" if place else "")
    if photos:
        old = photos[len(photos) // 2]
        Photo.objects.filter(pk=old.pk).update(taken_at=F("taken_at") - LONG_AGO)
        notice_times(old.visit)


def _two_of_one_author(visits: list[Visit]) -> list[Visit]:
    seen: dict[int, Visit] = {}
    for visit in visits:
        earlier = seen.setdefault(visit.officer_id, visit)
        if earlier is not visit:
            return [earlier, visit]
    return []


def _photo(visit: Visit) -> Photo:
    arrived = timezone.make_aware(datetime.combine(visit.visited_on, visit.started_at))  # type: ignore[arg-type]
    taken_at = arrived + timedelta(minutes=40)
    return Photo(visit=visit, width=800, height=600, taken_at=taken_at, uploaded_by=visit.officer.user)


def _arrive(visit: Visit, image: Image.Image, caption: str) -> None:
    """As a photo comes in by its verb, with its original and what is noticed about it; but the log is handed in."""
    photo, sent = _photo(visit), _encoded(image)
    photo.width, photo.height = image.size
    photo.sha256, photo.original_size, photo.caption = hashlib.sha256(sent).hexdigest(), len(sent), caption
    write_files(photo, Picture(image, photo.taken_at), sent)
    photo.save(force_insert=True)
    prints = prints_of(image)
    notice_copies(photo, prints)
    PhotoPrint.objects.bulk_create([PhotoPrint(photo=photo, **row._asdict()) for row in prints])


def _encoded(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def _picture(random: Random) -> Image.Image:
    sky = (150 + random.randrange(60), 180 + random.randrange(50), 220 + random.randrange(30))
    image = Image.new("RGB", (800, 600), sky)
    draw = ImageDraw.Draw(image)
    horizon = 250 + random.randrange(80)
    draw.rectangle((0, horizon, 800, 600), fill=(90 + random.randrange(60), 130 + random.randrange(60), 70))
    for _ in range(random.randrange(2, 6)):
        left, width, height = random.randrange(700), random.randrange(60, 160), random.randrange(50, 120)
        wall = (200 + random.randrange(40), 195 + random.randrange(40), 180 + random.randrange(40))
        draw.rectangle((left, horizon - height, left + width, horizon + 10), fill=wall)
        roof = [
            (left - 12, horizon - height),
            (left + width // 2, horizon - height - 45),
            (left + width + 12, horizon - height),
        ]
        draw.polygon(roof, fill=(110 + random.randrange(50), 60, 50))
    middle = random.randrange(250, 550)
    draw.polygon(
        [(middle - 20, horizon), (middle + 20, horizon), (middle + 220, 600), (middle - 180, 600)], fill=(160, 155, 145)
    )
    return image
