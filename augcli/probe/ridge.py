"""A ridge classifier in closed form, and what each of many cross-validations says of it.

One matrix is inverted for all images. A part of them is then taken out by a small system of its
own size: for P = inv(K + penalty) and the block b of images that are held out, their targets are
predicted, by the model that never saw them, as

    y_b - inv(P_bb) (P y)_b

which is exact (for one image at a time: Rasmussen & Williams, "Gaussian Processes for Machine
Learning", 2006, section 5.4.2). So the number of folds and of repeats hardly matters for the time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, lapack

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]

PENALTY = 3e-4
"""Of squared weights, in shares of the images' total squared length."""

_CONSTANT = 10.0  # a feature that all images share; so large that its weight is hardly penalised


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """What makes features comparable: mean and standard deviation of those of the originals."""

    mean: Floats
    deviation: Floats

    @classmethod
    def of(cls, features: Floats, weights: Floats) -> "Scale":
        """That of `features`, (n, d), weighted by (n,)."""
        shares = weights / weights.sum()
        mean = shares @ features
        return cls(mean, np.sqrt(shares @ (features - mean) ** 2) + np.float32(1e-6))

    def apply(self, features: Floats) -> Floats:
        """(n, d + 1): the features with mean 0 and deviation 1, and a constant."""
        scaled = np.empty((features.shape[0], features.shape[1] + 1), np.float32)
        np.subtract(features, self.mean, out=scaled[:, :-1])
        scaled[:, :-1] /= self.deviation
        scaled[:, -1] = _CONSTANT
        return scaled


def balanced_weights(labels: Indices, classes: int) -> Floats:
    """A weight for each image, with a mean of 1: every class has the same total."""
    counts = np.bincount(labels, minlength=classes)
    weights: Floats = (len(labels) / classes / counts[labels]).astype(np.float32)
    return weights


def targets_of(labels: Indices, classes: int) -> Floats:
    """(n, classes): what each image's scores should be; they add up to 0."""
    targets: Floats = (np.eye(classes)[labels] - 1 / classes).astype(np.float32)
    return targets


class Ridge:
    """A classifier that is fitted to all rows, and can tell what it would be without some.

    Args:
        rows: (n, d), as `Scale.apply` gives them.
        targets: (n, classes).
        weights: (n,), what each row counts for.
    """

    def __init__(self, rows: Floats, targets: Floats, weights: Floats) -> None:
        penalty = np.float32(PENALTY * weights.sum() * (rows.shape[1] - 1))
        kernel = rows @ rows.T
        kernel.flat[:: len(rows) + 1] += penalty / weights
        self._rows = rows
        self._targets = targets
        self._weights = weights
        self._penalty = penalty
        self._inverse = _inverse(kernel)
        self._dual = self._inverse @ targets

    @property
    def loss(self) -> float:
        """Weighted mean of the squared errors on the rows it is fitted to."""
        errors = self._dual * (self._penalty / self._weights)[:, None]
        squares = np.einsum("ij,ij->i", errors, errors)
        return float(self._weights @ squares / self._weights.sum())

    def without(self, block: Indices) -> Floats:
        """Scores of the rows of `block`, by a model fitted to all others: (block, classes)."""
        return self._targets[block] - self._shift(block)

    def weights_without(self, block: Indices) -> Floats:
        """That model itself: (d, classes), to be multiplied by rows."""
        dual = self._dual - self._inverse[:, block] @ self._shift(block)
        dual[block] = 0  # up to rounding, it is
        return self._rows.T @ dual

    def _shift(self, block: Indices) -> Floats:
        inner = self._inverse[np.ix_(block, block)]
        shift: Floats = cho_solve(cho_factor(inner, check_finite=False), self._dual[block])
        return shift


def _inverse(matrix: Floats) -> Floats:
    """The inverse of a symmetric positive matrix, which is overwritten."""
    factor, _ = lapack.spotrf(matrix, lower=True, overwrite_a=True)
    inverse, _ = lapack.spotri(factor, lower=True, overwrite_c=True)
    lower = np.tril(inverse)
    full: Floats = lower + np.tril(inverse, -1).T
    return full


def rows_of(sources: Indices, originals: int, copies: int) -> Indices:
    """The rows of some sources: their originals, and after those their copies.

    The originals come first of all rows, then the copies, those of one source together.
    """
    own = originals + sources[:, None] * copies + np.arange(copies)
    return np.concatenate([sources, own.ravel()])


def held_out(folds: Indices) -> Iterator[Indices]:
    """The sources of each fold."""
    for fold in range(int(folds.max()) + 1):
        yield np.flatnonzero(folds == fold)


def cross_validated(ridge: Ridge, folds: Indices, copies: int) -> Floats:
    """Scores of every original by a model that saw neither it, its fold, nor copies of them.

    Args:
        ridge: Fitted to rows in the order of `rows_of`.
        folds: (originals,).
        copies: Of each source.

    Returns:
        (originals, classes).
    """
    parts = [
        (sources, ridge.without(rows_of(sources, len(folds), copies))[: len(sources)])
        for sources in held_out(folds)
    ]
    scores = np.empty((len(folds), parts[0][1].shape[1]), np.float32)
    for sources, part in parts:
        scores[sources] = part
    return scores


def doubly_held_out(ridge: Ridge, folds: Indices, copies: int) -> Floats:
    """Scores of every original, by models that each lack one more fold.

    Returns:
        (folds, originals, classes): at [k, i] by a model that saw neither fold k nor the fold of
        i. Where that is k itself it is NaN.
    """
    parts = list(held_out(folds))
    scores: Floats | None = None
    for first, second in _pairs(len(parts)):
        both = np.concatenate([parts[first], parts[second]])
        found = ridge.without(rows_of(both, len(folds), copies))[: len(both)]
        if scores is None:
            scores = np.full((len(parts), len(folds), found.shape[1]), np.nan, np.float32)
        scores[second, parts[first]] = found[: len(parts[first])]
        scores[first, parts[second]] = found[len(parts[first]) :]
    if scores is None:
        raise ValueError("there is but one fold")
    return scores


def _pairs(number: int) -> Sequence[tuple[int, int]]:
    return [(i, j) for i in range(number) for j in range(i)]
