"""What a picture looks like, in a few numbers that survive another size or another compression.

They are the lowest frequencies of a small grey picture, by the discrete cosine transform, as in
perceptual hashes of the pHash family: the 63 signs of the lowest ones are the hash. Mirroring a
picture changes the signs of every other coefficient, and transposing it transposes them, so that
one transform tells of all eight ways to mirror and turn it.

Natural pictures have most in their lowest frequencies, which say little of what is in them. Each
is weighed by how high it is, so that those that tell pictures apart count as much.
"""

from enum import Enum

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dctn

SIDE = 32
"""Height and width of the grey picture that a fingerprint is made of."""

KEPT = 16
"""Frequencies along each axis that a fingerprint has."""

_HASHED = 8  # frequencies along each axis whose signs are in the hash
_LEAST_CONTRAST = 0.015  # standard deviation, in shares of full scale
_LEAST_DETAIL = 8.0  # coefficients that share a picture's detail; a gradient has 1 or 2

Fingerprints = NDArray[np.float32]
"""Shape (..., KEPT, KEPT), each of length 1; of pictures too plain to be told apart, 0."""


class Turn(Enum):
    """A way to mirror and turn a picture; the value says it in words."""

    NONE = "as it is"
    MIRRORED = "mirrored"
    UPSIDE_DOWN = "upside down"
    HALF = "turned by 180 degrees"
    TRANSPOSED = "mirrored and turned"
    LEFT = "turned by 90 degrees"
    RIGHT = "turned by 270 degrees"
    ANTI_TRANSPOSED = "mirrored and turned the other way"


TURNS = tuple(Turn)

_TRANSPOSING = {Turn.TRANSPOSED, Turn.LEFT, Turn.RIGHT, Turn.ANTI_TRANSPOSED}
_REVERSING_ROWS = {Turn.UPSIDE_DOWN, Turn.HALF, Turn.LEFT, Turn.ANTI_TRANSPOSED}
_REVERSING_COLUMNS = {Turn.MIRRORED, Turn.HALF, Turn.RIGHT, Turn.ANTI_TRANSPOSED}

_ALTERNATING = np.where(np.arange(KEPT) % 2, -1, 1).astype(np.float32)
_WEIGHTS = np.hypot(*np.ogrid[:KEPT, :KEPT])


def fingerprint(gray: NDArray[np.generic], full_scale: float) -> Fingerprints:
    """The fingerprint of one picture.

    Args:
        gray: (SIDE, SIDE) levels of any dtype.
        full_scale: What is between black and white.

    Returns:
        All 0 for a flat picture, for a mere gradient, and for levels that are not finite.
    """
    levels = gray.astype(np.float64)
    plain = np.zeros((KEPT, KEPT), np.float32)
    if not np.isfinite(levels).all() or levels.std() < _LEAST_CONTRAST * full_scale:
        return plain
    weighed = dctn(levels, norm="ortho")[:KEPT, :KEPT] * _WEIGHTS
    weighed /= np.sqrt((weighed**2).sum())
    detail = 1 / (weighed**4).sum()  # how many coefficients, were they all alike
    return weighed.astype(np.float32) if detail >= _LEAST_DETAIL else plain


def turned(fingerprints: Fingerprints, turn: Turn) -> Fingerprints:
    """The fingerprints of the same pictures after `turn`: transposed, and then reversed."""
    if turn in _TRANSPOSING:
        fingerprints = fingerprints.swapaxes(-1, -2)
    if turn in _REVERSING_ROWS:
        fingerprints = fingerprints * _ALTERNATING[:, None]
    if turn in _REVERSING_COLUMNS:
        fingerprints = fingerprints * _ALTERNATING
    return fingerprints


def hashes(fingerprints: Fingerprints) -> NDArray[np.uint64]:
    """64 bits for each: the signs of the lowest frequencies; that of the mean is always 0."""
    signs = fingerprints[..., :_HASHED, :_HASHED] > 0
    bits = np.packbits(signs.reshape(*signs.shape[:-2], -1), axis=-1)
    return np.ascontiguousarray(bits).view(np.uint64)[..., 0]


def is_plain(fingerprints: Fingerprints) -> NDArray[np.bool_]:
    """Which pictures are too plain to be told apart."""
    has_any: NDArray[np.bool_] = np.any(fingerprints, axis=(-1, -2))
    return ~has_any
