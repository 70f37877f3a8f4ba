"""Pixels of packed 8-bit colour images, blended with a colour: fog, rain, light and shade.

All of it is computed in integers, so every CPU gives the same bytes.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from augcli.kernels import packed

_jit = njit(nogil=True, cache=True, error_model="numpy")

ONE = 32768
"""1 in the whole numbers that weights are given in."""

_SHIFT = 15
_HALF = np.int32(ONE // 2)


def weights_of(shares: NDArray[np.floating]) -> NDArray[np.uint16]:
    """Shares of a colour, cut to 0..1, as weights, rounded half up."""
    weights: NDArray[np.uint16] = np.floor(np.clip(shares, 0.0, 1.0) * ONE + 0.5).astype(np.uint16)
    return weights


@_jit
def _blended(level: np.int32, target: np.int32, weight: np.int32) -> np.int32:
    return np.int32(level + np.int32(np.int32((target - level) * weight + _HALF) >> _SHIFT))


@_jit
def _blend(
    words: NDArray[np.uint32],
    weights: NDArray[np.uint16],
    color: NDArray[np.int32],
    out: NDArray[np.uint32],
) -> None:
    red, green, blue = color[0], color[1], color[2]
    for j in range(words.size):
        word = words[j]
        weight = np.int32(weights[j])
        out[j] = (
            np.uint32(_blended(np.int32(word & 255), red, weight))
            | np.uint32(np.uint32(_blended(np.int32((word >> 8) & 255), green, weight)) << 8)
            | np.uint32(np.uint32(_blended(np.int32((word >> 16) & 255), blue, weight)) << 16)
            | word & np.uint32(0xFF000000)
        )


def blend_with_color(
    image: NDArray[np.uint8], weights: NDArray[np.uint16], color: tuple[int, int, int]
) -> NDArray[np.uint8]:
    """`value + (color - value) * weight` for every pixel, rounded half up; alpha is copied.

    Args:
        image: uint8 (height, width, 3 or 4).
        weights: uint16 (height, width), 0 to `ONE`: how much of a pixel is the colour.
        color: Red, green and blue, 0 to 255.

    Returns:
        A new packed image.

    Raises:
        ValueError: An array has another dtype or shape.
    """
    packed.check_image(image)
    if image.shape[2] < 3:
        raise ValueError(f"expected 3 or 4 channels, got {image.shape[2]}")
    if weights.dtype != np.uint16 or weights.shape != image.shape[:2]:
        raise ValueError(
            f"expected uint16{list(image.shape[:2])} weights, "
            f"got {weights.dtype}{list(weights.shape)}"
        )
    out = packed.empty(*image.shape)
    _blend(
        packed.as_words(image).reshape(-1),
        np.ascontiguousarray(weights).reshape(-1),
        np.array(color, np.int32),
        packed.as_words(out).reshape(-1),
    )
    return out
