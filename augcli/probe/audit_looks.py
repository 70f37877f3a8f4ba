"""What sources look like, and those that look alike as findings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from augcli.config.traps import Finding
from augcli.datasets.base import Reader
from augcli.datasets.items import Item
from augcli.errors import SourceError
from augcli.images.options import Loading
from augcli.inspection.alike import Alike, find_alike
from augcli.inspection.catalogue import SHOWN
from augcli.inspection.fingerprints import SIDE, Fingerprints, Turn, fingerprint
from augcli.inspection.known import count, listed, shown

_KEPT_TOGETHER = 0.9  # share of pairs that a pattern has to keep together to be named
_LARGEST_GROUP = 0.1  # share of the images that it may have in one group ...
_SMALL_GROUP = 5  # ... or this many of them
_PATTERNS = ("^(.+)[-_ ]", "^(.+?)[-_. ]", "^(.+)/")
"""For `group_by`: what is in a path before the last mark, or before the first, or its folder."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What one source looks like.

    Attributes:
        item: The source.
        sha256: Digest of what it was read from.
        fingerprint: See `augcli.inspection.fingerprints`.
    """

    item: Item
    sha256: str
    fingerprint: Fingerprints


@dataclass(frozen=True, slots=True)
class Looking:
    """How sources are looked at.

    Attributes:
        reader: Reads them.
        max_pixels: Larger ones are left out.
    """

    reader: Reader
    max_pixels: int


def look_at(looking: Looking, items: Sequence[Item]) -> list[Look]:
    """What the sources look like that can be used."""
    loading = Loading(
        target_size=[SIDE, SIDE],
        interpolation="box",
        color_mode="grayscale",
        depth=8,
        max_pixels=looking.max_pixels,
    )
    looks = (_look(looking.reader, item, loading) for item in items)
    return [look for look in looks if look is not None]


def _look(reader: Reader, item: Item, loading: Loading) -> Look | None:
    try:
        loaded = reader.load(item, loading)
    except SourceError:
        return None
    gray = loaded.picture.pixels[..., 0]
    is_integer = np.issubdtype(gray.dtype, np.unsignedinteger)
    full_scale = float(np.iinfo(gray.dtype).max) if is_integer else float(np.ptp(gray)) or 1.0
    return Look(item, loaded.sha256, fingerprint(gray, full_scale))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sources that look alike and are not the same file.

    Attributes:
        first: The one that comes first in the data set.
        other: The other one.
        turn: What makes the first of the other one.
    """

    first: Item
    other: Item
    turn: Turn

    def __str__(self) -> str:
        how = "" if self.turn is Turn.NONE else f" {self.turn.value}"
        return f"{shown(self.first.path)} = {shown(self.other.path)}{how}"


def alike_pairs(looks: Sequence[Look]) -> list[Pair]:
    """Each source that looks like an earlier one, with it; of the same content, one stands for all.

    What is the same file is `check`'s to find.
    """
    by_content: dict[str, Look] = {}
    for look in looks:
        by_content.setdefault(look.sha256, look)
    once = list(by_content.values())
    if not once:
        return []
    groups = find_alike(np.stack([look.fingerprint for look in once]))
    return [pair for group in groups for pair in _pairs(once, group)]


def _pairs(looks: Sequence[Look], group: Alike) -> Iterator[Pair]:
    first = looks[group.members[0]].item
    for member, turn in zip(group.members[1:], group.turns[1:], strict=True):
        yield Pair(first, looks[member].item, turn)


def find_among_alike(looks: Sequence[Look]) -> Iterator[Finding]:
    """What is to be said of the sources that look alike; what is worse is not said twice."""
    pairs = alike_pairs(looks)
    if not pairs:
        return
    among = f"among {count(len(looks), 'image')}"
    together = f"group_by{_pattern([look.item.path for look in looks], pairs)}"
    leaking = [pair for pair in pairs if pair.first.split != pair.other.split]
    contrary = [pair for pair in pairs if pair.first.label != pair.other.label]
    others = [
        pair
        for pair in pairs
        if pair.first.split == pair.other.split and pair.first.label == pair.other.label
    ]
    if leaking:
        yield Finding(
            "near-leakage",
            "validation_split",
            f"{_pairs_of(leaking)} {among} with one on each side of the split, so validation sees "
            f"what was trained on: {_listed(leaking)}",
            f"bring them to one side with {together}, or keep one of each",
        )
    yield from _with_other_labels(contrary, among)
    if turned := _turned(others):
        yield Finding(
            "turned-copies",
            "source",
            f"{_pairs_of(turned)} {among} with one the other mirrored or turned, so the source may "
            f"be augmented already: {_listed(turned)}",
            f"expand the originals alone, or keep both on one side of a split with {together}",
        )
    if upright := _upright(others):
        yield Finding(
            "near-duplicates",
            "source",
            f"{_pairs_of(upright)} {among}, which so count twice: {_listed(upright)}",
            f"keep one of each, or both on one side of a split with {together}",
        )


def _with_other_labels(contrary: Sequence[Pair], among: str) -> Iterator[Finding]:
    """Pairs of different labels: one of them is wrong, or a mirror makes one class of another."""
    if upright := _upright(contrary):
        yield Finding(
            "near-label-conflict",
            "source",
            f"{_pairs_of(upright)} {among} with different labels: {_listed(upright)}",
            "look at both, and keep the one that is labelled right",
        )
    if turned := _turned(contrary):
        yield Finding(
            "turned-other-label",
            "source",
            f"{_pairs_of(turned)} {among} with different labels, one the other mirrored or turned: "
            f"{_listed(turned)}",
            "leave out the flips and turns that make one class of another, or correct the labels",
        )


def _upright(pairs: Sequence[Pair]) -> list[Pair]:
    return [pair for pair in pairs if pair.turn is Turn.NONE]


def _turned(pairs: Sequence[Pair]) -> list[Pair]:
    return [pair for pair in pairs if pair.turn is not Turn.NONE]


def _pairs_of(pairs: Sequence[Pair]) -> str:
    return f"{count(len(pairs), 'pair')} of look-alikes"


def _listed(pairs: Sequence[Pair]) -> str:
    return listed([str(pair) for pair in pairs[:SHOWN]], len(pairs))


def _pattern(paths: Sequence[str], pairs: Sequence[Pair]) -> str:
    """A pattern that keeps most of the pairs together and splits the rest, as it is written.

    Returns:
        ": '^(.+)[-_ ]'", or "" where none of those that are tried does it.
    """
    for pattern in _PATTERNS:
        found = {path: re.search(pattern, path) for path in paths}
        groups = {path: match[1] for path, match in found.items() if match is not None}
        if len(groups) < len(found):
            continue
        sizes = np.unique(list(groups.values()), return_counts=True)[1]
        together = sum(groups[pair.first.path] == groups[pair.other.path] for pair in pairs)
        is_fine = sizes.max() <= max(_SMALL_GROUP, _LARGEST_GROUP * len(paths))
        if is_fine and together >= _KEPT_TOGETHER * len(pairs):
            return f": {pattern!r}"
    return ""
