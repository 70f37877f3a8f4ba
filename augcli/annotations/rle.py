"""Masks as run lengths, the way of COCO's JSON.

The pixels of a mask are read column by column, from the top left one; the lengths of the runs of
0 and of 1 follow each other, a run of 0 first (it may be empty). Compressed, the lengths are a
text: from the fourth on each is written as the difference to the one two before it, five bits to
a character from the lowest on, the sixth bit telling whether more follow, plus 48. The format is
defined by the source of pycocotools, maskApi.h and maskApi.c (https://github.com/cocodataset/cocoapi).
"""

from collections.abc import Sequence
from typing import TypedDict

_BITS = 5
_LOW_BITS = 0b11111
_SIGN = 0b10000
_MORE = 0b100000
_FIRST_CHARACTER = 48
_LONGEST = 8  # characters of one number: 40 bits, enough for any image


class Rle(TypedDict):
    """A mask as the record of a copy keeps it.

    Attributes:
        size: Height and width.
        counts: The compressed run lengths.
    """

    size: list[int]
    counts: str


def compress(counts: Sequence[int]) -> str:
    """Run lengths as a text."""
    return "".join(
        _characters(count - counts[i - 2] if i > 2 else count) for i, count in enumerate(counts)
    )


def _characters(number: int) -> str:
    characters = []
    more = True
    while more:
        bits = number & _LOW_BITS
        number >>= _BITS
        more = number != (-1 if bits & _SIGN else 0)  # else the sign bit says the rest
        characters.append(chr(bits + (_MORE if more else 0) + _FIRST_CHARACTER))
    return "".join(characters)


def decompress(text: str) -> list[int]:
    """The run lengths in a text.

    Raises:
        ValueError: It holds none.
    """
    counts: list[int] = []
    number = position = 0
    for character in text:
        bits = ord(character) - _FIRST_CHARACTER
        if not 0 <= bits < 2 * _MORE or position == _LONGEST:
            raise ValueError("counts that are no compressed run lengths")
        number |= (bits & _LOW_BITS) << (_BITS * position)
        position += 1
        if bits & _MORE:
            continue
        if bits & _SIGN:
            number -= 1 << (_BITS * position)
        counts.append(number + counts[-2] if len(counts) > 2 else number)
        number = position = 0
    if position:
        raise ValueError("compressed run lengths that end in the middle of a number")
    return counts
