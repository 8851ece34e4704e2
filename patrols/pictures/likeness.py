"""What a picture looks like in 128 bits, so that a copy that was cropped, shrunk or saved anew is found again.

A difference hash: is each of 8 × 8 fields brighter than its right neighbour (64 bits), than its lower one (64 more)?
Saving and shrinking change hardly a bit of it, cropping many; so a picture is known by itself and by five crops of 4 %
(decision 5 has the figures). Two pictures look alike when one of them, whole, differs from the other, whole or
cropped, in at most ALIKE bits.
"""

from typing import NamedTuple

from PIL import Image, ImageStat

ALIKE = 16
CROP = 0.04
# Left, top, right, bottom, in parts of CROP: the whole, four corners, the middle.
CUTS = ((0, 0, 0, 0), (1, 1, 0, 0), (1, 0, 0, 1), (0, 1, 1, 0), (0, 0, 1, 1), (1, 1, 1, 1))
# Below this spread of brightness (of 255) there is nothing to compare: a covered lens, a blank page.
LEAST_SPREAD = 4
WORKING_SIZE = (200, 200)


class Print(NamedTuple):
    """One row of PhotoPrint: two signed 64-bit integers."""

    is_whole: bool
    across: int
    down: int


def prints_of(picture: Image.Image) -> list[Print]:
    """The prints of a picture, the whole first; none for one that shows nothing."""
    grey = picture.convert("L").resize(WORKING_SIZE, Image.Resampling.BOX)
    if ImageStat.Stat(grey).stddev[0] < LEAST_SPREAD:
        return []
    return [_print(grey, cut) for cut in CUTS]


def _print(grey: Image.Image, cut: tuple[int, int, int, int]) -> Print:
    left, top, right, bottom = (part * CROP for part in cut)
    box = (grey.width * left, grey.height * top, grey.width * (1 - right), grey.height * (1 - bottom))
    across = grey.resize((9, 8), Image.Resampling.LANCZOS, box).tobytes()
    down = grey.resize((8, 9), Image.Resampling.LANCZOS, box).tobytes()
    return Print(not any(cut), _bits(across, width=9, step=1), _bits(down, width=8, step=8))


def _bits(fields: bytes, *, width: int, step: int) -> int:
    """64 comparisons of each field with the one `step` further on, as the database holds them: signed."""
    bits = 0
    for y in range(8):
        for x in range(8):
            place = y * width + x
            bits = bits << 1 | (fields[place] > fields[place + step])
    return bits - (1 << 64) if bits >> 63 else bits
