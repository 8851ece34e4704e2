"""Made-up photographs for calibrating what is alike: places with sky, houses, trees and people, light, grain and blur.

A place is drawn by its seed; `moment` is another photograph of the same place, from a few steps away, on another day,
with other people: pictures that resemble each other and are yet no copies of one another.
"""

from random import Random
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

Colour = tuple[int, int, int]
SIZE = (800, 600)


class View(NamedTuple):
    """Where the camera stands: shift in pixels and scale."""

    right: float = 0
    down: float = 0
    scale: float = 1

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A point of the place as it lies in this picture."""
        return x * self.scale + self.right, y * self.scale + self.down


def photograph(seed: int, moment: int = 0, size: tuple[int, int] = SIZE) -> Image.Image:
    """The picture of place `seed` at `moment`; the same arguments give the same picture."""
    place, now = Random(f"place {seed}"), Random(f"moment {seed} {moment}")  # noqa: S311
    view = View(now.uniform(-90, 90), now.uniform(-45, 45), now.uniform(0.9, 1.15)) if moment else View()
    image = _indoors(place, view) if place.random() < 0.3 else _outdoors(place, view)
    for _person in range(now.randrange(0, 4)):
        _person_in(ImageDraw.Draw(image), now)
    return _developed(image, now).resize(size)


def _colour(random: Random, low: int = 0, high: int = 255) -> Colour:
    base, spread = random.randint(low, high), 30
    return tuple(max(0, min(255, base + random.randint(-spread, spread))) for _ in range(3))  # type: ignore[return-value]


def _gradient(top: Colour, bottom: Colour) -> Image.Image:
    ramp = Image.linear_gradient("L").resize(SIZE)
    return Image.composite(Image.new("RGB", SIZE, bottom), Image.new("RGB", SIZE, top), ramp)


def _outdoors(place: Random, view: View) -> Image.Image:
    image = _gradient(_colour(place, 120, 235), _colour(place, 170, 250))
    draw = ImageDraw.Draw(image)
    horizon = min(560, view.at(0, place.randint(200, 380))[1])
    draw.rectangle((0, horizon, *SIZE), fill=_colour(place, 60, 170))
    for _house in range(place.randint(1, 7)):
        x, width, height = place.uniform(-80, 760), place.uniform(60, 320), place.uniform(50, 260)
        left, right = view.at(x, 0)[0], view.at(x + width, 0)[0]
        top = horizon - height * view.scale
        draw.rectangle((left, top, right, horizon + 10), fill=_colour(place, 90, 240))
        if place.random() < 0.7:
            roof = [(left - 10, top), ((left + right) / 2, top - place.uniform(10, 80)), (right + 10, top)]
            draw.polygon(roof, fill=_colour(place, 40, 140))
        _openings(draw, place, (left, top, right, horizon))
    for _tree in range(place.randint(0, 6)):
        x, radius = view.at(place.uniform(0, 800), 0)[0], place.uniform(20, 110) * view.scale
        y = horizon - place.uniform(10, 120) * view.scale
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_colour(place, 30, 110))
    if place.random() < 0.6:
        x, near = view.at(place.uniform(150, 650), 0)[0], place.uniform(80, 300)
        draw.polygon(
            [(x - 15, horizon), (x + 15, horizon), (x + near, 600), (x - near, 600)], fill=_colour(place, 110, 190)
        )
    return image


def _openings(draw: ImageDraw.ImageDraw, place: Random, box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = box
    count = place.randint(0, 5)
    for number in range(count):
        x = left + (right - left) * (number + 0.3) / count
        y = top + (bottom - top) * 0.3
        draw.rectangle(
            (x, y, x + (right - left) / count * 0.4, y + (bottom - top) * 0.35), fill=_colour(place, 20, 120)
        )


def _indoors(place: Random, view: View) -> Image.Image:
    image = _gradient(_colour(place, 140, 240), _colour(place, 110, 220))
    draw = ImageDraw.Draw(image)
    floor = min(560, view.at(0, place.randint(380, 520))[1])
    draw.rectangle((0, floor, *SIZE), fill=_colour(place, 70, 180))
    for _thing in range(place.randint(4, 12)):
        x, y = view.at(place.uniform(-60, 760), place.uniform(40, 480))
        width, height = place.uniform(40, 300) * view.scale, place.uniform(30, 220) * view.scale
        shape = draw.ellipse if place.random() < 0.2 else draw.rectangle
        shape((x, y, x + width, y + height), fill=_colour(place, 20, 240))
    return image


def _person_in(draw: ImageDraw.ImageDraw, now: Random) -> None:
    x, foot, height = now.uniform(40, 760), now.uniform(430, 600), now.uniform(110, 330)
    width = height * 0.3
    coat = now.choice([(25, 35, 70), (30, 40, 80), _colour(now, 30, 200)])
    draw.rectangle((x - width / 2, foot - height * 0.75, x + width / 2, foot), fill=coat)
    draw.ellipse((x - width / 3, foot - height, x + width / 3, foot - height * 0.72), fill=(200, 165, 140))


def _developed(image: Image.Image, now: Random) -> Image.Image:
    """Light of the day, uneven; grain and a lens that is never quite sharp."""
    shade = Image.radial_gradient("L").resize(SIZE)
    dark = ImageEnhance.Brightness(image).enhance(now.uniform(0.5, 0.9))
    image = Image.composite(dark, image, shade)
    cloud = _noise(now, (16, 12)).resize(SIZE, Image.Resampling.BICUBIC)
    image = Image.blend(image, cloud, now.uniform(0.05, 0.2))
    image = Image.blend(image, _noise(now, SIZE), now.uniform(0.04, 0.12))
    image = ImageEnhance.Brightness(image).enhance(now.uniform(0.75, 1.25))
    return image.filter(ImageFilter.GaussianBlur(now.uniform(0.3, 1.6)))


def _noise(random: Random, size: tuple[int, int]) -> Image.Image:
    return Image.frombytes("L", size, random.randbytes(size[0] * size[1])).convert("RGB")
