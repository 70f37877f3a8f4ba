"""Suspects: copies that are confidently read as another class."""

import numpy as np

from augcli.probe.features import Filters
from augcli.probe.ridge import Scale
from augcli.probe.suspects import find_misread
from augcli.probe.trials import Clean, Ground, Outcome

NOTHING = np.zeros((1, 1), np.float32)


def ground(labels: list[int]) -> Ground:
    """What trials share, as far as suspects look at it."""
    return Ground(
        rows=NOTHING,
        labels=np.array(labels),
        weights=np.ones(len(labels), np.float32),
        groups=np.arange(len(labels)),
        folds=np.zeros((1, len(labels)), np.intp),
        nested=0,
        classes=2,
        filters=Filters(NOTHING, NOTHING[0]),
        scale=Scale(NOTHING[0], NOTHING[0]),
    )


def clean(predicted: list[list[int]], scores: list[list[float]]) -> Clean:
    """What the model without augmentation reads in each repeat, and its scores in the first."""
    outcome = Outcome(np.array(predicted, np.int16), np.zeros((0, 0, 0), np.int16), 1.0, None)
    return Clean(outcome, np.array(scores, np.float32), NOTHING)


def test_confident_misreadings_come_first() -> None:
    """Of two sources with a misread copy each, that with the larger margin leads."""
    found = find_misread(
        ground([0, 0, 1]),
        clean([[0, 0, 1]], [[0.6, 0.4], [0.7, 0.3], [0.2, 0.8]]),
        {4: np.array([[[0.9, 0.1], [0.35, 0.65]], [[0.1, 0.9], [0.9, 0.1]], [[0, 1], [0, 1]]])},
    )
    assert [(one.arm, one.image, one.copy, one.read_as) for one in found] == [
        (4, 1, 0, 1),
        (4, 0, 1, 1),
    ]
    assert [round(one.confidence, 2) for one in found] == [1, 0.33]


def test_sources_that_are_read_wrong_themselves_are_no_evidence() -> None:
    """A source that any repeat misreads is passed over: its copy says nothing of the range."""
    found = find_misread(
        ground([0, 0]),
        clean([[0, 0], [1, 0]], [[0.6, 0.4], [0.6, 0.4]]),
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
    found = find_misread(ground([0] * images), clean([[0] * images], right), {0: wrong, 1: seldom})
    assert sum(one.arm == 0 for one in found) == 8
    assert [one.image for one in found if one.arm == 1] == [7]
