"""Pictures that look alike, told by their fingerprints."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from augcli.inspection.fingerprints import TURNS, Fingerprints, Turn, hashes, is_plain, turned

# Chosen by what a few hundred photos and hand signs show. The likeness of two pictures is the
# cosine of their fingerprints. A picture saved once more, at half the size or as a poor JPEG, has
# 0.97 to 1 with what it was, and rarely differs in more than 8 bits; without 2 % of its edges it
# has about 0.9. The nearest of 120 photos of pets have 0.3 at most, and 16 bits or more. Hand signs
# before one wall come as near as 5 bits, so bits do not decide: the nearest have 0.6 as a rule, and
# 0.86 at most.
_MOST_BITS = 14  # of 63
_ALIKE = 0.9
_ALIKE_AMONG_SIMILAR = 0.98
_NEARLY = 0.8
_MOST_NEARLY = 0.1  # share of pictures that may nearly be alike before all are called similar


@dataclass(frozen=True, slots=True)
class Alike:
    """Pictures that look like the first of them.

    Attributes:
        members: Their positions, ascending.
        turns: What makes the first one of each; `Turn.NONE` of that one itself.
    """

    members: tuple[int, ...]
    turns: tuple[Turn, ...]

    @property
    def is_turned(self) -> bool:
        """Whether one is the mirror image of another, or turned."""
        return len(set(self.turns)) > 1


def find_alike(fingerprints: Fingerprints) -> list[Alike]:
    """Groups of pictures that look like the first of their group; a picture is in one at most.

    Hashes that differ in few bits make a candidate, and the fingerprints themselves decide: 63
    bits alone are alike by chance, or by a common background, too often. Pictures too plain to be
    told apart are in no group. Where many pictures are nearly alike, as handwritten digits are,
    that is how the data is, and only what is next to identical counts.

    Memory grows with the number of pictures, by 3 KiB each, and time with its square: about 1 s
    for 5,000 of them.

    Args:
        fingerprints: (n, KEPT, KEPT).
    """
    comparison = _Comparison(fingerprints)
    groups = comparison.groups(_ALIKE)
    if comparison.nearly_alike() > _MOST_NEARLY * len(fingerprints):
        groups = comparison.groups(_ALIKE_AMONG_SIMILAR)
    return groups


class _Comparison:
    """Pictures that are compared with one another, each in all its turns.

    Args:
        fingerprints: (n, KEPT, KEPT).
    """

    def __init__(self, fingerprints: Fingerprints) -> None:
        self._upright = fingerprints
        self._hashes = np.stack([hashes(turned(fingerprints, turn)) for turn in TURNS])
        self._nearest = np.zeros(len(fingerprints))

    def groups(self, least: float) -> list[Alike]:
        """The groups whose members have at least a likeness of `least` with the first."""
        is_free = ~is_plain(self._upright)
        self._nearest[:] = 0
        groups = []
        for first in np.flatnonzero(is_free).tolist():
            if not is_free[first]:
                continue
            found = self._like(first, is_free, least)
            if found:
                members = sorted(found)
                is_free[members] = False
                turns = (found[member] for member in members)
                groups.append(Alike((first, *members), (Turn.NONE, *turns)))
        return groups

    def nearly_alike(self) -> int:
        """How many pictures are like another one, but not quite enough, in the last `groups`."""
        return int((self._nearest >= _NEARLY).sum())

    def _like(self, first: int, is_free: NDArray[np.bool_], least: float) -> dict[int, Turn]:
        """The later free pictures that are like `first`, each by the turn that is best.

        Of a picture with a symmetry several turns are as good, within rounding: the first counts.
        """
        start = first + 1
        bits = np.bitwise_count(self._hashes[:, start:] ^ self._hashes[0, first])
        turns, others = np.nonzero((bits <= _MOST_BITS) & is_free[start:])
        others += start
        likeness = np.empty(len(others))
        for number in np.unique(turns):
            own = turns == number
            of_turn = turned(self._upright[others[own]], TURNS[number])
            likeness[own] = np.einsum("nij,ij->n", of_turn, self._upright[first]).round(3)
        found: dict[int, Turn] = {}
        for index in np.lexsort((turns, -likeness)):
            other = int(others[index])
            if likeness[index] >= least:
                found.setdefault(other, TURNS[turns[index]])
            elif other not in found:
                for nearly in (first, other):
                    self._nearest[nearly] = max(self._nearest[nearly], likeness[index])
        return found
