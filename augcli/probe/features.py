"""What a small model sees of a picture: responses to random patches of the data itself.

After Coates & Ng, "The Importance of Encoding Versus Training with Sparse Coding and Vector
Quantization" (ICML 2011): whitened patches, drawn at random, are good filters when the responses
pass a two-sided soft threshold and are pooled over the quadrants of the picture.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIDE = 32
"""Height and width of the pictures that features are made of."""

PATCH = 6
"""Height and width of a patch."""

_VALUES = PATCH * PATCH * 3
_POSITIONS = SIDE - PATCH + 1  # of a patch, along each axis
_PARTS = 2  # along each axis: the quadrants
_CONTRAST_FLOOR = 10.0  # levels squared, added to a patch's variance: flat patches stay flat
_WHITENING_FLOOR = 0.1  # added to the eigenvalues of normalised patches, whose mean is near 1
_THRESHOLD = 0.5  # in standard deviations of a response
_MOST_PATCHES = 20_000  # that the whitening is measured on,
_PATCHES_OF_A_PICTURE = 100  # and of each picture
_BATCH = 2  # pictures at once, so that their responses stay in the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class Filters:
    """What `describe` looks for.

    Attributes:
        weights: (patch values, filters), float32: whitening and filters in one matrix.
        offsets: (filters,), float32: the responses to the mean patch.
    """

    weights: NDArray[np.float32]
    offsets: NDArray[np.float32]

    @property
    def number(self) -> int:
        """How many there are."""
        return int(self.weights.shape[1])


def feature_count(filters: int) -> int:
    """How many features so many filters give."""
    return filters * 2 * _PARTS * _PARTS


def draw_filters(pictures: NDArray[np.uint8], number: int, rng: np.random.Generator) -> Filters:
    """Filters from random patches of the pictures, whitened by ZCA.

    Args:
        pictures: (n, SIDE, SIDE, 3).
        number: Of filters.
        rng: Draws the patches.
    """
    sampled = min(_MOST_PATCHES, _PATCHES_OF_A_PICTURE * len(pictures))
    patches = _normalised(_random_patches(pictures, sampled, rng))
    mean = patches.mean(axis=0)
    centred = (patches - mean).astype(np.float64)
    values, vectors = np.linalg.eigh(centred.T @ centred / len(centred))
    whitening = (vectors / np.sqrt(values + _WHITENING_FLOOR)) @ vectors.T
    chosen = centred[rng.choice(len(centred), number, replace=len(centred) < number)] @ whitening
    lengths = np.linalg.norm(chosen, axis=1, keepdims=True)
    weights = whitening @ (chosen / np.maximum(lengths, 1e-6)).T
    return Filters(weights.astype(np.float32), (mean @ weights).astype(np.float32))


def describe(filters: Filters, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The features of pictures.

    Args:
        filters: What to look for.
        pictures: (n, SIDE, SIDE, 3).

    Returns:
        (n, `feature_count`), float32: for each quadrant, the mean of what the responses have
        above the threshold, and of what they have below its negative.
    """
    out = np.empty((len(pictures), feature_count(filters.number)), np.float32)
    for start in range(0, len(pictures), _BATCH):
        batch = pictures[start : start + _BATCH]
        out[start : start + _BATCH] = _described(batch, filters)
    return out


def _described(pictures: NDArray[np.uint8], filters: Filters) -> NDArray[np.float32]:
    number = len(pictures)
    responses = _normalised(_all_patches(pictures)) @ filters.weights
    responses -= filters.offsets
    by_picture = responses.reshape(number, -1, filters.number)
    above = by_picture - np.float32(_THRESHOLD)
    np.maximum(above, 0, out=above)
    below = np.negative(by_picture, out=by_picture)
    below -= np.float32(_THRESHOLD)
    np.maximum(below, 0, out=below)
    pooled = [(_POOLING @ half).reshape(number, -1) for half in (above, below)]
    return np.concatenate(pooled, axis=1)


def _pooling() -> NDArray[np.float32]:
    """What takes responses to their means: (quadrants, positions), rows add to 1."""
    parts = np.arange(_POSITIONS) * _PARTS // _POSITIONS
    quadrants = (parts[:, None] * _PARTS + parts).ravel()
    is_in = quadrants == np.arange(_PARTS * _PARTS)[:, None]
    means: NDArray[np.float32] = (is_in / is_in.sum(axis=1, keepdims=True)).astype(np.float32)
    return means


_POOLING = _pooling()


def _all_patches(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Every patch: (n * positions, values)."""
    windows = np.lib.stride_tricks.sliding_window_view(pictures, (PATCH, PATCH), axis=(1, 2))
    return windows.reshape(-1, _VALUES).astype(np.float32)


def _random_patches(
    pictures: NDArray[np.uint8], number: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Some patches, in the order of values that `_all_patches` has: (number, values)."""
    which = rng.integers(len(pictures), size=number)
    tops, lefts = rng.integers(SIDE - PATCH + 1, size=(2, number))
    windows = np.lib.stride_tricks.sliding_window_view(pictures, (PATCH, PATCH), axis=(1, 2))
    patches: NDArray[np.float32] = windows[which, tops, lefts].reshape(-1, _VALUES).astype("f4")
    return patches


def _normalised(patches: NDArray[np.float32]) -> NDArray[np.float32]:
    """Patches with mean 0 and, unless they are flat, standard deviation 1; in place."""
    patches -= patches.mean(axis=1, keepdims=True)
    deviations = np.sqrt(np.einsum("ij,ij->i", patches, patches) / _VALUES + _CONTRAST_FLOOR)
    patches /= deviations[:, None]
    return patches
