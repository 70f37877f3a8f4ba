"""From predictions to verdicts: changes in accuracy, and what can be said of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from augcli.probe.results import Interval, Verdict

LEVEL = 0.05
"""Adjusted p-values below this are evidence."""

Floats = NDArray[np.floating]
Indices = NDArray[np.intp]

_NOTHING = 1e-9  # points


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """The images that accuracies are taken over.

    Attributes:
        weights: (images,), what each counts for.
        groups: (images,), from 0; images of one group are no independent evidence.
        folds: How many parts they were cut into; two at a time are held out.
    """

    weights: Floats
    groups: Indices
    folds: int

    def of(self, images: Indices) -> "Panel":
        """Some of the images."""
        groups = np.unique(self.groups[images], return_inverse=True)[1]
        return Panel(self.weights[images], groups, self.folds)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over images, and how far it may be off.

    Attributes:
        mean: The mean.
        error: Its standard error.
        freedom: Degrees of freedom of that.
    """

    mean: float
    error: float
    freedom: int

    @property
    def interval(self) -> Interval:
        """The 95 % interval, by Student's t."""
        reach = self.error * float(stdtrit(self.freedom, 1 - LEVEL / 2))
        return Interval(self.mean - reach, self.mean + reach)

    @property
    def p_value(self) -> float:
        """Two-sided, of a mean of 0."""
        if self.error < _NOTHING:  # all images say the same
            return 1.0 if abs(self.mean) < _NOTHING else 0.0
        return 2 * float(stdtr(self.freedom, -abs(self.mean) / self.error))


def estimate(values: Floats, panel: Panel) -> Estimate:
    """The mean of what cross-validation says of each image.

    Images are held out by models whose training sets overlap, so their values are not independent.
    Nadeau & Bengio, "Inference for the Generalization Error" (Machine Learning 52, 2003), take
    the variance of a mean over J splits as (1/J + tested/trained) times that between splits,
    rather than 1/J times. Here the values are of images, of which every one is tested, and of k
    folds k - 2 are trained on; so the variance of the mean is

        (1 + k / (k - 2)) * (variance between images) / n.

    Over their test on the folds of repeated cross-validation this has an advantage: what varies
    from repeat to repeat is averaged first, image by image, and is not counted as noise.

    Args:
        values: (images,), the mean over all repeats, such as the change of an image's accuracy.
        panel: The images.
    """
    total = panel.weights.sum()
    mean = float(panel.weights @ values / total)
    of_groups = np.bincount(panel.groups, panel.weights * (values - mean))
    number = len(of_groups)
    independent = number / (number - 1) * float(of_groups @ of_groups) / float(total) ** 2
    overlap = 1 + panel.folds / (panel.folds - 2)
    return Estimate(mean, math.sqrt(overlap * independent), number - 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values adjusted for their number, by Holm's step-down method (1979)."""
    adjusted = [1.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def verdict(change: float, p_adjusted: float) -> Verdict:
    """The verdict in words."""
    if p_adjusted >= LEVEL or change == 0:
        return "no evidence"
    return "helps" if change > 0 else "hurts"
