"""Hints about photos: copies are found, other pictures are not, hours are compared, inspectors decide (R11, R17)."""

import io
from datetime import datetime, time, timedelta
from itertools import combinations

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from PIL import Image

from assessments.bench.pictures import photograph
from patrols.choices import HintKind, HintOutcome, VisitState
from patrols.models import PhotoHint, PhotoPrint, Visit
from patrols.photos import add_photo, remove_photo
from patrols.pictures.hints import judge_hint, time_hint
from patrols.pictures.likeness import ALIKE, Print, prints_of
from patrols.visits import return_visit, submit_visit
from tests.factories import make_station_world
from tests.patrols.factories import full_entry, make_visit, yesterday
from tests.patrols.test_photos import media, picture, signed_in, upload  # noqa: F401
from xinjin.audit.models import Event
from xinjin.errors import Conflict

SAMPLE = 60


def jpeg(image: Image.Image, quality: int = 90, taken: str = "") -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    image.save(out, "JPEG", quality=quality, exif=exif.tobytes())
    return out.getvalue()


def reopened(sent: bytes) -> Image.Image:
    return Image.open(io.BytesIO(sent)).convert("RGB")


def cut(image: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    width, height = image.size
    return image.crop((int(width * left), int(height * top), int(width * (1 - right)), int(height * (1 - bottom))))


ALTERED = {
    "cropped 5 % all round": lambda image: cut(image, 0.05, 0.05, 0.05, 0.05),
    "cropped 5 % at a corner": lambda image: cut(image, 0.05, 0, 0, 0.05),
    "cropped 5 % at the left": lambda image: cut(image, 0.05, 0, 0, 0),
    "cropped 5 % below": lambda image: cut(image, 0, 0, 0, 0.05),
    "half the size": lambda image: image.resize((image.width // 2, image.height // 2)),
    "saved at quality 60": lambda image: reopened(jpeg(image, quality=60)),
    "cropped, shrunk and saved": lambda image: reopened(
        jpeg(cut(image, 0.04, 0.02, 0.01, 0.03).resize((500, 375)), quality=60)
    ),
}


def bits(one: Print, other: Print) -> int:
    """How many of 128 bits differ."""
    wide = (1 << 64) - 1
    return ((one.across ^ other.across) & wide).bit_count() + ((one.down ^ other.down) & wide).bit_count()


def difference(new: list[Print], old: list[Print]) -> int:
    """As the database compares an arriving picture with one that is there."""
    return min([bits(new[0], row) for row in old] + [bits(row, old[0]) for row in new])


@pytest.fixture(scope="module")
def photographs():
    return [photograph(seed) for seed in range(SAMPLE)]


@pytest.fixture(scope="module")
def known(photographs):
    return [prints_of(image) for image in photographs]


@pytest.mark.parametrize("alteration", ALTERED)
def test_altered_copy_is_found_again(photographs, known, alteration):
    found = [
        difference(prints_of(ALTERED[alteration](image)), prints) <= ALIKE
        for image, prints in zip(photographs, known, strict=True)
    ]
    assert sum(found) / len(found) >= 0.95


def test_pictures_of_other_places_and_other_moments_are_not_taken_for_copies(known):
    pairs = [difference(new, old) for new, old in combinations(known, 2)]
    assert sum(bits <= ALIKE for bits in pairs) / len(pairs) <= 0.001  # the demand is one in a hundred
    again = [prints_of(photograph(seed, moment=1)) for seed in range(SAMPLE // 2)]
    alike = sum(difference(new, old) <= ALIKE for new, old in zip(again, known, strict=False))
    assert alike / len(again) <= 0.1  # the same place, a few steps away, on another day


def test_without_crops_cropped_copies_are_lost_control(photographs, known):
    altered = ALTERED["cropped 5 % at a corner"]
    found = [bits(prints_of(altered(i))[0], k[0]) <= ALIKE for i, k in zip(photographs, known, strict=True)]
    assert sum(found) / len(found) < 0.9


def test_picture_that_shows_nothing_has_no_print():
    assert prints_of(Image.new("RGB", (640, 480), "grey")) == []


@pytest.fixture
def world(db):
    return make_station_world()


def handed_in(officer, village, *sent: bytes, **fields) -> Visit:
    visit = make_visit(officer, village, state=VisitState.DRAFT, **fields)
    for number, file in enumerate(sent):
        add_photo(by=officer.user, visit=visit, upload=upload(file, f"{number}.jpg"))
    Visit.objects.filter(pk=visit.pk).update(state=VisitState.SUBMITTED, submitted_at=timezone.now())
    return visit


def hints() -> list[tuple]:
    rows = PhotoHint.objects.order_by("photo__uploaded_at", "other__uploaded_at", "id")
    return [(hint.kind, hint.photo.visit_id, hint.other and hint.other.visit_id) for hint in rows]


@pytest.mark.usefixtures("media")
class TestCopies:
    def test_same_file_and_look_alike_are_noticed_across_the_bureau(self, world):
        image = photograph(1)
        first = handed_in(world.own.officers[0], world.own.village, jpeg(image), jpeg(photograph(2)))
        second = handed_in(world.foreign.officers[0], world.foreign.village, jpeg(image))
        third = handed_in(world.own.officers[1], world.own.villages[1], jpeg(cut(image, 0.03, 0.05, 0, 0), 60))
        assert hints() == [
            (HintKind.COPY, second.pk, first.pk),
            (HintKind.ALIKE, third.pk, first.pk),
            (HintKind.ALIKE, third.pk, second.pk),
        ]

    def test_shots_of_one_visit_and_blank_pictures_are_no_news(self, world):
        image = photograph(1)
        officer, village = world.own.officers[0], world.own.village
        handed_in(officer, village, jpeg(image), jpeg(image, 60), jpeg(cut(image, 0.02, 0, 0, 0)), picture())
        handed_in(officer, village, picture(colour="blue"))
        assert hints() == []

    def test_photo_taken_out_takes_its_hints_and_prints_along(self, world):
        officer, village = world.own.officers[0], world.own.village
        draft = make_visit(officer, village, state=VisitState.DRAFT)
        wrong = add_photo(by=officer.user, visit=draft, upload=upload(jpeg(photograph(1))))
        handed_in(officer, village, jpeg(photograph(1)))
        assert PhotoHint.objects.count() == 1
        remove_photo(by=officer.user, photo=wrong)
        assert (PhotoHint.objects.count(), PhotoPrint.objects.filter(photo=wrong.pk).count()) == (0, 0)

    def test_hint_on_a_draft_is_shown_to_nobody(self, world):
        officer, village = world.own.officers[0], world.own.village
        draft = make_visit(officer, village, state=VisitState.DRAFT)
        add_photo(by=officer.user, visit=draft, upload=upload(jpeg(photograph(1))))
        handed_in(officer, village, jpeg(photograph(1)))
        assert PhotoHint.objects.count() == 1
        assert not PhotoHint.objects.allowed(world.inspector).exists()


TAKEN = [
    (timedelta(hours=1), None), (timedelta(hours=-1), None), (timedelta(hours=4), None),
    (timedelta(hours=-2), HintKind.OTHER_TIME), (timedelta(hours=5), HintKind.OTHER_TIME),
    (timedelta(days=30), HintKind.OTHER_TIME), (timedelta(days=-6), HintKind.OTHER_TIME),
    (timedelta(days=-8), HintKind.LONG_BEFORE), (timedelta(days=-400), HintKind.LONG_BEFORE),
]  # fmt: skip


@pytest.mark.parametrize(("after_nine", "kind"), TAKEN)
def test_hour_of_the_camera_against_a_visit_from_nine_to_twelve(after_nine, kind):
    day = yesterday()
    visit = Visit(visited_on=day, started_at=time(9), ended_at=time(12))
    assert time_hint(visit, timezone.make_aware(datetime.combine(day, time(9))) + after_nine) == kind


@pytest.mark.usefixtures("media")
def test_hours_are_compared_when_a_log_is_handed_in_and_again_when_it_was_corrected(world):
    from patrols.visits import open_visit, save_draft

    officer, village, day = world.own.officers[0], world.own.village, yesterday()
    visit = open_visit(by=officer.user, officer=officer, village=village, visited_on=day)
    photo = add_photo(
        by=officer.user, visit=visit, upload=upload(jpeg(photograph(3), taken=f"{day:%Y:%m:%d} 15:10:00"))
    )
    assert timezone.localtime(photo.taken_at).hour == 15
    visit = save_draft(by=officer.user, visit=visit, revision=0, entry=full_entry(village))
    assert hints() == []
    visit = submit_visit(by=officer.user, visit=visit, revision=visit.revision)
    assert hints() == [(HintKind.OTHER_TIME, visit.pk, None)]
    visit = return_visit(by=world.own.chief.user, visit=visit, reason="时间有误")
    entry = full_entry(village, started_at=time(14), ended_at=time(17))
    visit = save_draft(by=officer.user, visit=visit, revision=visit.revision, entry=entry)
    submit_visit(by=officer.user, visit=visit, revision=visit.revision)
    assert hints() == []


@pytest.mark.usefixtures("media")
@pytest.mark.parametrize("text", ["", "0000:00:00 00:00:00", "2026-11-20", "2026:02:30 10:00:00", "\0" * 20, "9" * 500])
def test_nonsense_of_a_camera_is_no_hour(world, text):
    visit = handed_in(world.own.officers[0], world.own.village, jpeg(photograph(4), taken=text))
    assert visit.photos.get().taken_at is None


@pytest.fixture
def hint(world, media):  # noqa: F811
    handed_in(world.foreign.officers[0], world.foreign.village, jpeg(photograph(1)))
    handed_in(world.own.officers[0], world.own.village, jpeg(photograph(1)))
    return PhotoHint.objects.get()


def test_inspector_says_once_what_came_of_looking_and_the_trail_keeps_it(world, hint):
    judge_hint(by=world.inspector, hint=hint, outcome="harmless", reason="两村同日联合活动")
    with pytest.raises(Conflict):
        judge_hint(by=world.inspector, hint=hint, outcome="to_ask", reason="再看")
    event = Event.objects.get(action="judge hint")
    assert (event.detail["outcome"], event.detail["reason"]) == ("harmless", "两村同日联合活动")
    hint.refresh_from_db()
    assert hint.looked_by == world.inspector


@pytest.mark.parametrize(("outcome", "reason"), [("new", "x"), ("bad", "x"), ("harmless", "  "), ("to_ask", "")])
def test_outcome_needs_a_word_and_a_reason(world, hint, outcome, reason):
    with pytest.raises(ValidationError):
        judge_hint(by=world.inspector, hint=hint, outcome=outcome, reason=reason)
    answer = signed_in(world.inspector).post("/photos/hints/", {"hint": hint.pk, "outcome": outcome, "reason": reason})
    assert answer.status_code == 200
    assert "field__errors" in answer.content.decode()
    hint.refresh_from_db()
    assert hint.outcome == HintOutcome.NEW


def test_list_keeps_its_filters_after_an_outcome(world, hint):
    client = signed_in(world.inspector)
    address = "/photos/hints/?kind=copy&outcome=new"
    page = client.get(address).content.decode()
    assert page.count(f'id="hint-{hint.pk}"') == 1
    answer = client.post(address, {"hint": hint.pk, "outcome": "to_ask", "reason": "请说明"})
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    assert f'id="hint-{hint.pk}"' not in client.get(address).content.decode()
    for number in ("", "x", "9" * 40, "²"):
        assert client.post(address, {"hint": number, "outcome": "to_ask", "reason": "x"}).status_code == 404


def test_station_sees_hints_on_its_own_logs_and_not_the_log_of_another(world, hint):
    page = signed_in(world.own.chief.user).get("/photos/hints/").content.decode()
    assert f'id="hint-{hint.pk}"' in page
    assert str(hint.photo.visit_id) in page
    assert str(hint.other.visit_id) not in page
    assert f'id="hint-{hint.pk}"' not in signed_in(world.foreign.chief.user).get("/photos/hints/").content.decode()


def test_log_sheet_tells_hints_to_those_who_inspect_and_to_no_officer(world, hint):
    address = f"/visits/{hint.photo.visit_id}/"
    told = {
        user: "同一文件" in signed_in(user).get(address).content.decode()
        for user in (world.inspector, world.brigade, world.own.chief.user, world.own.officers[0].user, world.bureau)
    }
    assert list(told.values()) == [True, True, True, False, False]
