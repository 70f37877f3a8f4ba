"""Trials: what is held out has no part in what is learned, and arms differ in the copies alone."""

from dataclasses import replace

import numpy as np
import pytest
from drawn import bars

from augcli.probe.network import Standard
from augcli.probe.trials import (
    SIDE_BY_SIDE,
    Ground,
    Outcome,
    Split,
    Start,
    Trial,
    run_clean,
    run_trial,
    start,
)

IMAGES, FOLDS, COPIES = 24, 3, 2
RNG = np.random.default_rng(0)
FOLD = np.arange(IMAGES) // 2 % FOLDS


@pytest.fixture(name="ground", scope="module")
def _ground() -> Ground:
    """Bars that lie and stand, in three folds, twice."""
    pictures, labels = bars(IMAGES, 0)
    return Ground(
        originals=pictures,
        standard=Standard.of(pictures),
        labels=labels,
        weights=np.ones(IMAGES, np.float32),
        groups=np.arange(IMAGES),
        folds=np.stack([FOLD, FOLD[::-1]]),
        classes=2,
        steps=12,
        seed=3,
    )


@pytest.fixture(name="starts", scope="module")
def _starts(ground: Ground) -> list[Start]:
    return [start(ground, split) for split in ground.splits()]


@pytest.fixture(name="copies", scope="module")
def _copies() -> np.ndarray:
    """Copies that have nothing to do with the images."""
    return RNG.integers(0, 256, (IMAGES, COPIES, 24, 24, 3)).astype(np.uint8)


@pytest.fixture(name="outcome", scope="module")
def _outcome(ground: Ground, starts: list[Start], copies: np.ndarray) -> Outcome:
    return run_trial(ground, Trial(copies, starts, is_read=True))


def test_every_pair_of_folds_is_held_out(ground: Ground) -> None:
    """Once in every repeat; two of three folds are two thirds of the images."""
    pairs = [(0, 1), (0, 2), (1, 2)]
    assert list(ground.splits()) == [Split(repeat, pair) for repeat in (0, 1) for pair in pairs]
    assert all(ground.held_out(split).sum() == IMAGES * 2 / 3 for split in ground.splits())


def test_held_out_images_teach_nothing(ground: Ground, starts: list[Start]) -> None:
    """With other pictures in the two folds that a split holds out, its networks are the same."""
    split = Split(0, (0, 2))
    scrambled = ground.originals.copy()
    held = ground.held_out(split)
    scrambled[held] = RNG.integers(0, 256, scrambled[held].shape)
    again = start(replace(ground, originals=scrambled), split)
    before = starts[list(ground.splits()).index(split)]
    for state, other in ((again.state, before.state), (again.clean, before.clean)):
        np.testing.assert_array_equal(state.values, other.values)
        np.testing.assert_array_equal(state.running, other.running)
    scrambled[~held] = 255 - scrambled[~held]
    other = start(replace(ground, originals=scrambled), split)
    assert not np.array_equal(other.state.values, before.state.values)


def test_copies_of_held_out_images_teach_nothing(
    ground: Ground, starts: list[Start], copies: np.ndarray, outcome: Outcome
) -> None:
    """With other copies of one fold, what networks that lack it read is the same."""
    ground = replace(ground, folds=ground.folds[:1])
    others = copies.copy()
    others[FOLD == 1] = 255 - others[FOLD == 1]
    first = starts[: len(starts) // 2]
    again = run_trial(ground, Trial(others, first, is_read=False))
    np.testing.assert_array_equal(again.read[0, :, 1], outcome.read[0, :, 1])
    np.testing.assert_array_equal(again.read[0][..., FOLD == 1], outcome.read[0][..., FOLD == 1])
    assert again.loss != outcome.loss


def test_what_is_read_by_whom(ground: Ground, outcome: Outcome) -> None:
    """Each image by networks that lack its fold and another; nothing where these are one."""
    assert outcome.read.shape == (2, SIDE_BY_SIDE, FOLDS, IMAGES)
    for repeat, folds in enumerate(ground.folds):
        is_own = folds == np.arange(FOLDS)[:, None]
        for readings in outcome.read[repeat]:
            np.testing.assert_array_equal(readings == -1, is_own)
            assert set(readings[~is_own]) <= {0, 1}


def test_copies_are_read_by_networks_that_saw_none(
    ground: Ground, starts: list[Start], outcome: Outcome
) -> None:
    """If the copies are the images themselves, they are read as the images are."""
    clean = run_clean(ground, starts)
    shown = np.repeat(np.zeros_like(ground.originals)[:, None], COPIES, axis=1)
    shown[:] = ground.originals[:, None]
    read = run_trial(ground, Trial(shown, starts, is_read=True)).copies
    assert read is not None
    for copy in range(COPIES):
        np.testing.assert_allclose(read[:, copy], clean.scores, atol=1e-4)
    assert outcome.copies is not None
    assert outcome.copies.shape == (IMAGES, COPIES, 2)
    assert run_trial(ground, Trial(shown, starts, is_read=False)).copies is None


def test_the_same_again(
    ground: Ground, starts: list[Start], copies: np.ndarray, outcome: Outcome
) -> None:
    """A trial comes to the same whenever it is made."""
    again = run_trial(ground, Trial(copies, starts, is_read=True))
    np.testing.assert_array_equal(again.read, outcome.read)
    assert again.loss == outcome.loss
