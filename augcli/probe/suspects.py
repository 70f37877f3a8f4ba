"""Copies that networks which never saw a copy confidently read as another class."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from augcli.probe.network import Floats, Indices
from augcli.probe.trials import Clean, Ground

SHOWN = 24
"""How many are shown."""

LEAST_CONFIDENCE = 0.25
"""Of a reading to be worth a look: above this share of the right readings of originals."""

_OF_A_SOURCE = 1  # no source is shown more often in one arm
_OF_AN_ARM = 8  # so that one arm does not push out all others


@dataclass(frozen=True, slots=True)
class Misread:
    """A copy that is read as another class.

    Attributes:
        arm: Number of the arm that made it.
        image: Number of its source in the sample.
        copy: Its own number.
        read_as: The class it is read as, by its number.
        confidence: Share of the rightly read originals that are read with less confidence.
    """

    arm: int
    image: int
    copy: int
    read_as: int
    confidence: float


def find_misread(ground: Ground, clean: Clean, read: Mapping[int, Floats]) -> list[Misread]:
    """The most confidently misread copies, the most confident first.

    How confident a reading is, is the distance of its score from the next. Sources that are read
    wrong themselves are passed over.

    Args:
        ground: The sample.
        clean: What the networks that never saw a copy make of the originals.
        read: By the number of the arm, what they make of its copies, the scores of
            `Outcome.copies`: (images, copies, classes).
    """
    is_right = clean.scores.argmax(axis=1) == ground.labels
    margins = np.sort(_margins(clean.scores)[is_right])
    found = [
        misread
        for arm, scores in read.items()
        for misread in _misread(arm, scores, ground.labels, is_right, margins)
    ]
    found.sort(key=lambda misread: -misread.confidence)  # stable: the order of arms breaks ties
    return list(_varied(found))


def _misread(
    arm: int, scores: Floats, labels: Indices, is_right: NDArray[np.bool_], margins: Floats
) -> Iterator[Misread]:
    predicted = scores.argmax(axis=2)
    ranks = np.searchsorted(margins, _margins(scores)) / max(1, len(margins))
    for image, copy in np.argwhere((predicted != labels[:, None]) & is_right[:, None]).tolist():
        confidence = float(ranks[image, copy])
        if confidence >= LEAST_CONFIDENCE:
            yield Misread(arm, image, copy, int(predicted[image, copy]), confidence)


def _margins(scores: Floats) -> Floats:
    """The highest score less the next, along the last axis."""
    ordered = np.sort(scores, axis=-1)
    margins: Floats = ordered[..., -1] - ordered[..., -2]
    return margins


def _varied(found: Sequence[Misread]) -> Iterator[Misread]:
    """The first of them, not too many of one kind."""
    of_source: Counter[tuple[int, int]] = Counter()
    of_arm: Counter[int] = Counter()
    shown = 0
    for misread in found:
        arm = misread.arm
        if of_arm[arm] >= _OF_AN_ARM or of_source[arm, misread.image] >= _OF_A_SOURCE:
            continue
        of_arm[arm] += 1
        of_source[arm, misread.image] += 1
        shown += 1
        yield misread
        if shown == SHOWN:
            return
