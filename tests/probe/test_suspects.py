"""Suspects: copies that are confidently read as another class."""

import numpy as np

from augcli.probe.network import Standard
from augcli.probe.suspects import find_misread
from augcli.probe.trials import Clean, Ground, Outcome


def ground(labels: list[int]) -> Ground:
    """What trials share, as far as suspects look at it."""
    return Ground(
        originals=np.zeros((len(labels), 1, 1, 3), np.uint8),
        standard=Standard(0, 1),
        labels=np.array(labels),
        weights=np.ones(len(labels), np.float32),
        groups=np.arange(len(labels)),
        folds=np.zeros((1, len(labels)), np.intp),
        classes=2,
        steps=1,
        seed=0,
    )


def clean(scores: list[list[float]]) -> Clean:
    """What the networks without augmentation make of the originals."""
    outcome = Outcome(np.zeros((1, 1, 1, len(scores)), np.int16), 1.0, None)
    return Clean(outcome, np.array(scores, np.float32))


def test_confident_misreadings_come_first() -> None:
    """Of two sources with a misread copy each, that with the larger margin leads."""
    found = find_misread(
        ground([0, 0, 1]),
        clean([[0.6, 0.4], [0.7, 0.3], [0.2, 0.8]]),
        {4: np.array([[[0.9, 0.1], [0.35, 0.65]], [[0.1, 0.9], [0.9, 0.1]], [[0, 1], [0, 1]]])},
    )
    assert [(one.arm, one.image, one.copy, one.read_as) for one in found] == [
        (4, 1, 0, 1),
        (4, 0, 1, 1),
    ]
    assert [round(one.confidence, 2) for one in found] == [1, 0.33]


def test_sources_that_are_read_wrong_themselves_are_no_evidence() -> None:
    """A source that is misread untouched is passed over: its copy says nothing of the range."""
    found = find_misread(
        ground([0, 0]),
        clean([[0.4, 0.6], [0.4, 0.6]]),
        {0: np.array([[[0, 1.0]], [[1.0, 0]]])},
    )
    assert found == []


def test_no_arm_pushes_out_the_others() -> None:
    """An arm that misreads everything leaves room for one that seldom does."""
    images = 40
    right = [[0.6, 0.4]] * images
    wrong = np.tile(np.array([0, 1.0]), (images, 1, 1))
    seldom = np.tile(np.array([1.0, 0]), (images, 1, 1))
    seldom[7] = [0.3, 0.7]
    found = find_misread(ground([0] * images), clean(right), {0: wrong, 1: seldom})
    assert sum(one.arm == 0 for one in found) == 8
    assert [one.image for one in found if one.arm == 1] == [7]
