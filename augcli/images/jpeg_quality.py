"""At what quality a JPEG was saved, as far as its quantization tables tell."""

from bisect import bisect_left
from collections.abc import Iterator

_SOI, _DQT, _SOS = b"\xff\xd8", 0xDB, 0xDA
_STAND_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
_ENTRIES = 64

# The example table for luminance: ITU-T T.81, table K.1, row by row.
_LUMINANCE = (
    *(16, 11, 10, 16, 24, 40, 51, 61),
    *(12, 12, 14, 19, 26, 58, 60, 55),
    *(14, 13, 16, 24, 40, 57, 69, 56),
    *(14, 17, 22, 29, 51, 87, 80, 62),
    *(18, 22, 37, 56, 68, 109, 103, 77),
    *(24, 35, 55, 64, 81, 104, 113, 92),
    *(49, 64, 78, 87, 103, 121, 120, 101),
    *(72, 92, 95, 98, 112, 100, 103, 99),
)


def _sum_at(quality: int) -> int:
    """Sum of the luminance table at a quality, as the IJG's library scales and clips it."""
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    return sum(min(max((entry * percent + 50) // 100, 1), 255) for entry in _LUMINANCE)


# Sums fall as quality rises, so the negative ones are sorted.
_NEGATIVE_SUMS = [-_sum_at(quality) for quality in range(1, 101)]


def estimate_quality(data: bytes) -> int | None:
    """The quality from 1 to 100 whose luminance table is nearest to a JPEG's.

    Exact for files of libjpeg and its kin, Pillow among them; an estimate for cameras and programs
    with tables of their own.

    Args:
        data: A file, or its start up to the pixels.

    Returns:
        None for what is no JPEG, and for one whose table is not found.
    """
    total = next((total for number, total in _tables(data) if number == 0), None)
    if total is None:
        return None
    above = min(bisect_left(_NEGATIVE_SUMS, -total), len(_NEGATIVE_SUMS) - 1)
    candidates = (max(above - 1, 0), above)
    nearest = min(candidates, key=lambda index: abs(_NEGATIVE_SUMS[index] + total))
    return nearest + 1


def _tables(data: bytes) -> Iterator[tuple[int, int]]:
    """Number and sum of each quantization table. The layout is that of ITU-T T.81, B.2.4.1."""
    for segment in _table_segments(data):
        at = 0
        while at < len(segment):
            bytes_per_entry = 2 if segment[at] >> 4 else 1
            entries = segment[at + 1 : at + 1 + bytes_per_entry * _ENTRIES]
            if len(entries) < bytes_per_entry * _ENTRIES:
                return
            is_wide = bytes_per_entry == 2
            total = 256 * sum(entries[0::2]) + sum(entries[1::2]) if is_wide else sum(entries)
            yield segment[at] & 0x0F, total
            at += 1 + len(entries)


def _table_segments(data: bytes) -> Iterator[bytes]:
    """What stands in the DQT segments before the pixels."""
    at = len(_SOI) if data.startswith(_SOI) else len(data)
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == _SOS:
            return
        if marker == 0xFF or marker in _STAND_ALONE:  # 0xFF: a fill byte
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4])
        if marker == _DQT:
            yield data[at + 4 : at + 2 + length]
        at += 2 + max(length, 2)
