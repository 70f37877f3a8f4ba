"""Effects: the corrected t-test, the correction for many comparisons, the verdict."""

import math

import numpy as np
import pytest
from scipy import stats

from augcli.probe.effects import Panel, estimate, holm, verdict
from augcli.probe.results import Interval


def panel(images: int, folds: int = 5) -> Panel:
    """Images that count the same, each in a group of its own."""
    return Panel(np.ones(images), np.arange(images), folds)


def test_the_estimate_by_its_formula() -> None:
    """Nadeau & Bengio: the variance of the mean is (1 + k / (k - 2)) times s^2 / n."""
    found = estimate(np.array([1.0, 3.0, 2.0, 4.0]), panel(4, folds=3))
    assert found.mean == 2.5
    assert found.error == pytest.approx(math.sqrt((1 + 3 / 1) * (5 / 3) / 4))
    reach = 3.182446305 * found.error  # of Student's t, 3 degrees of freedom, 97.5 %
    assert found.interval.low == pytest.approx(2.5 - reach)
    assert found.interval.high == pytest.approx(2.5 + reach)
    assert found.p_value == pytest.approx(2 * stats.t.sf(2.5 / found.error, 3))


def test_it_is_less_certain_than_what_takes_images_for_independent() -> None:
    """The plain paired t-test is more certain than overlapping training sets allow."""
    differences = np.random.default_rng(0).normal(1, 2, 50)
    assert estimate(differences, panel(50)).p_value > stats.ttest_1samp(differences, 0).pvalue


def test_images_of_one_group_are_one_piece_of_evidence() -> None:
    """Three frames of each of ten videos say no more than the ten videos."""
    values = np.random.default_rng(0).normal(1, 2, 10)
    frames = Panel(np.ones(30), np.repeat(np.arange(10), 3), 5)
    of_frames, of_videos = estimate(np.repeat(values, 3), frames), estimate(values, panel(10))
    assert of_frames.error == pytest.approx(of_videos.error)
    assert of_frames.freedom == of_videos.freedom == 9


def test_images_count_by_their_weight() -> None:
    """An image of a small class moves the mean more."""
    heavy = Panel(np.array([1.0, 3.0]), np.arange(2), 5)
    assert estimate(np.array([0.0, 100.0]), heavy).mean == 75


def test_some_of_the_images_keep_their_weights_and_groups() -> None:
    """A panel of a part is as if there were no other images."""
    some = Panel(np.array([1.0, 2, 3]), np.array([0, 1, 1]), 5).of(np.array([1, 2]))
    assert (some.weights.tolist(), some.groups.tolist(), some.folds) == ([2, 3], [0, 0], 5)


def test_differences_that_are_all_zero_are_no_evidence() -> None:
    """Nothing changed, and the interval has no width."""
    found = estimate(np.zeros(10), panel(10))
    assert (found.interval, found.p_value) == (Interval(0, 0), 1.0)


def test_holm_by_hand() -> None:
    """Three p-values: the smallest times 3, the next times 2, never below an earlier one."""
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


@pytest.mark.parametrize(
    ("change", "p_adjusted", "expected"),
    [(2, 0.04, "helps"), (-2, 0.04, "hurts"), (-2, 0.06, "no evidence"), (0, 0, "no evidence")],
)
def test_verdicts(change: float, p_adjusted: float, expected: str) -> None:
    """A verdict needs an adjusted p-value below 0.05; the sign says which."""
    assert verdict(change, p_adjusted) == expected
