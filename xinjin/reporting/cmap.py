"""Reads which characters a font file holds (its `cmap` table), because the PDF compiler does not say.

Only what current fonts use: Unicode subtables of format 4 (to U+FFFF) and 12 (beyond), in single fonts and collections.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

_UNICODE = {(0, platform) for platform in (0, 1, 2, 3, 4, 6)} | {(3, 1), (3, 10)}
_LAST = 0x10FFFF


def characters_of(path: Path) -> set[str]:
    """The characters with a glyph in any font of the file; an unreadable file has none."""
    data = path.read_bytes()
    found: set[str] = set()
    try:
        for table in _cmap_offsets(data):
            for offset in _subtables(data, table):
                found.update(map(chr, _characters(data, offset)))
    except (struct.error, IndexError, ValueError):
        return set()  # the compiler skips such a file as well
    return found


def _cmap_offsets(data: bytes) -> Iterator[int]:
    starts = [0]
    if data[:4] == b"ttcf":
        starts = list(struct.unpack_from(f">{struct.unpack_from('>I', data, 8)[0]}I", data, 12))
    for start in starts:
        for index in range(struct.unpack_from(">H", data, start + 4)[0]):
            tag, _, offset, _ = struct.unpack_from(">4sIII", data, start + 12 + 16 * index)
            if tag == b"cmap":
                yield offset


def _subtables(data: bytes, table: int) -> set[int]:
    count = struct.unpack_from(">H", data, table + 2)[0]
    records = (struct.unpack_from(">HHI", data, table + 4 + 8 * index) for index in range(count))
    return {table + offset for platform, encoding, offset in records if (platform, encoding) in _UNICODE}


def _characters(data: bytes, offset: int) -> Iterator[int]:
    form = struct.unpack_from(">H", data, offset)[0]
    if form == 4:
        yield from _format_4(data, offset)
    elif form == 12:
        groups = struct.unpack_from(">I", data, offset + 12)[0]
        for first, last, glyph in struct.iter_unpack(">III", data[offset + 16 : offset + 16 + 12 * groups]):
            yield from (code for code in range(first, min(last, _LAST) + 1) if glyph + code - first)


def _format_4(data: bytes, offset: int) -> Iterator[int]:
    count = struct.unpack_from(">H", data, offset + 6)[0] // 2
    ends, starts, deltas, ranges = (
        struct.unpack_from(f">{count}H", data, offset + 14 + block * 2 * count + (2 if block else 0))
        for block in range(4)
    )
    base = offset + 16 + 6 * count
    for at, (end, start, delta, shift) in enumerate(zip(ends, starts, deltas, ranges, strict=True)):
        for code in range(start, end + 1):
            glyph = code
            if shift:
                glyph = struct.unpack_from(">H", data, base + 2 * at + shift + 2 * (code - start))[0]
            # A zero in the glyph array means "no glyph" even when a delta follows.
            if code != 0xFFFF and (glyph or not shift) and (glyph + delta) & 0xFFFF:
                yield code
