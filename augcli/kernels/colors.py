"""Colour of packed 8-bit images, pixel by pixel.

All of it is computed in integers, so every CPU gives the same bytes. Casts keep the loops at 32
bits, which is what makes them fast: numba widens every sum of integers to 64.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from augcli.kernels import packed
from augcli.kernels.lines import ONE, line_of, scale_words

_jit = njit(nogil=True, cache=True, error_model="numpy")

LUMA_WEIGHTS = (19595, 38470, 7471)
"""Red, green and blue in luma, of `ONE`: ITU-R BT.601's 0.299, 0.587, 0.114, as Pillow has them."""

_RED, _GREEN, _BLUE = LUMA_WEIGHTS


def _check_rgb(image: NDArray[np.uint8]) -> None:
    packed.check_image(image)
    if image.shape[2] < 3:
        raise ValueError(f"expected 3 or 4 channels, got {image.shape[2]}")


@_jit
def _map_columns(
    words: NDArray[np.uint32], shifted: NDArray[np.uint32], out: NDArray[np.uint32]
) -> None:
    red, green, blue = shifted[0], shifted[1], shifted[2]
    for j in range(words.size):
        word = words[j]
        out[j] = (
            red[word & 255]
            | green[(word >> 8) & 255]
            | blue[(word >> 16) & 255]
            | word & np.uint32(0xFF000000)
        )


def apply_tables(image: NDArray[np.uint8], tables: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Red, green and blue, each through a table of its own; alpha is copied.

    Args:
        image: uint8 (height, width, 3 or 4).
        tables: uint8 (256, 3).

    Returns:
        A new packed image.

    Raises:
        ValueError: An array has another dtype or shape.
    """
    _check_rgb(image)
    if tables.dtype != np.uint8 or tables.shape != (256, 3):
        raise ValueError(f"expected a uint8[256, 3] table, got {tables.dtype}{list(tables.shape)}")
    out = packed.empty(*image.shape)
    words, out_words = packed.as_words(image).reshape(-1), packed.as_words(out).reshape(-1)
    columns = np.ascontiguousarray(tables.T)
    lines = [line for line in map(line_of, columns) if line is not None]
    if len(lines) == 3:
        slopes, offsets = np.array(lines, np.int32).T.copy()
        scale_words(words, slopes, offsets, out_words)
    else:
        shifted = columns.astype(np.uint32)
        shifted <<= np.array([[0], [8], [16]], np.uint32)  # to their places in a word
        _map_columns(words, shifted, out_words)
    return out


@_jit
def _word(red: np.int32, green: np.int32, blue: np.int32, word: np.uint32) -> np.uint32:
    """The word of three levels, 0 to 255, with the fourth byte of `word`."""
    return np.uint32(
        np.uint32(red)
        | np.uint32(np.uint32(green) << 8)
        | np.uint32(np.uint32(blue) << 16)
        | word & np.uint32(0xFF000000)
    )


@_jit
def _level(value: np.int32) -> np.int32:
    """A level cut to 0..255."""
    return min(max(value, np.int32(0)), np.int32(255))


@_jit
def _mix(words: NDArray[np.uint32], matrix: NDArray[np.int32], out: NDArray[np.uint32]) -> None:
    rr, rg, rb = matrix[0, 0], matrix[0, 1], matrix[0, 2]
    gr, gg, gb = matrix[1, 0], matrix[1, 1], matrix[1, 2]
    br, bg, bb = matrix[2, 0], matrix[2, 1], matrix[2, 2]
    half = np.int32(32768)
    for j in range(words.size):
        word = words[j]
        red = np.int32(word & 255)
        green = np.int32((word >> 8) & 255)
        blue = np.int32((word >> 16) & 255)
        out[j] = _word(
            _level(np.int32(np.int32(rr * red + rg * green + rb * blue + half) >> 16)),
            _level(np.int32(np.int32(gr * red + gg * green + gb * blue + half) >> 16)),
            _level(np.int32(np.int32(br * red + bg * green + bb * blue + half) >> 16)),
            word,
        )


def mix_channels(image: NDArray[np.uint8], matrix: NDArray[np.int32]) -> NDArray[np.uint8]:
    """`matrix` times every colour, rounded half up and cut to 0..255; alpha is copied.

    Args:
        image: uint8 (height, width, 3 or 4).
        matrix: int32 (3, 3), from red, green and blue to red, green and blue, 1 as `ONE`.

    Returns:
        A new packed image.

    Raises:
        ValueError: An array has another dtype or shape, or the matrix is beyond 32 bits.
    """
    _check_rgb(image)
    if matrix.dtype != np.int32 or matrix.shape != (3, 3):
        raise ValueError(f"expected an int32[3, 3] matrix, got {matrix.dtype}{list(matrix.shape)}")
    if np.abs(matrix.astype(np.int64)).sum(axis=1).max() > 128 * ONE:
        raise ValueError("expected a matrix whose rows sum up to at most 128")
    out = packed.empty(*image.shape)
    _mix(
        packed.as_words(image).reshape(-1),
        np.ascontiguousarray(matrix),
        packed.as_words(out).reshape(-1),
    )
    return out


@_jit
def _turn_hue(words: NDArray[np.uint32], turn: np.int32, out: NDArray[np.uint32]) -> None:
    """Turns hues by `turn` / 65536 sixths of a circle, which lies between -3 and 3.

    A colour's hue is its place on the way red, yellow, green, cyan, blue, magenta. Six times its
    chroma (highest less lowest channel) is how long that way is, when it is counted in levels; so
    there is nothing to divide.
    """
    none = np.int32(0)
    half = np.int32(32768)
    for j in range(words.size):
        word = words[j]
        red = np.int32(word & 255)
        green = np.int32((word >> 8) & 255)
        blue = np.int32((word >> 16) & 255)
        highest = max(red, max(green, blue))  # noqa: PLW3301  of two, so that it vectorises
        lowest = min(red, min(green, blue))  # noqa: PLW3301  as above
        chroma = np.int32(highest - lowest)
        if highest == red:
            hue = np.int32(green - blue)
        elif highest == green:
            hue = np.int32(2 * chroma + blue - red)
        else:
            hue = np.int32(4 * chroma + red - green)
        whole = np.int32(chroma << 16)
        circle = np.int32(6 * whole)
        place = np.int32((hue << 16) + turn * chroma)
        place = np.int32(place + circle) if place < 0 else place
        place = np.int32(place - circle) if place >= circle else place
        # Each channel is highest for a third of the circle, and lowest for a third.
        turned_red = min(max(np.int32(abs(np.int32(place - 3 * whole)) - whole), none), whole)
        turned_green = min(max(np.int32(2 * whole - abs(np.int32(place - 2 * whole))), none), whole)
        turned_blue = min(max(np.int32(2 * whole - abs(np.int32(place - 4 * whole))), none), whole)
        out[j] = _word(
            np.int32(lowest + np.int32(np.int32(turned_red + half) >> 16)),
            np.int32(lowest + np.int32(np.int32(turned_green + half) >> 16)),
            np.int32(lowest + np.int32(np.int32(turned_blue + half) >> 16)),
            word,
        )


def turn_hue(image: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    """Every colour with its hue turned, its highest and lowest level kept; alpha is copied.

    The hue is that of HSV and HSL. What HSV has between 8-bit hues is not lost on the way: the
    only rounding is that of the result, half up.

    Args:
        image: uint8 (height, width, 3 or 4).
        degrees: From -180 to 180; 120 takes red to green.

    Returns:
        A new packed image.

    Raises:
        ValueError: `image` has another dtype or shape, or the angle is beyond half a turn.
    """
    _check_rgb(image)
    if not -180 <= degrees <= 180:
        raise ValueError(f"degrees is {degrees}: expected -180 to 180")
    out = packed.empty(*image.shape)
    _turn_hue(
        packed.as_words(image).reshape(-1),
        np.int32(round(degrees / 60 * ONE)),
        packed.as_words(out).reshape(-1),
    )
    return out


@_jit
def _luma_of(word: np.uint32) -> np.uint32:
    return np.uint32(
        np.uint32(
            _RED * (word & 255)
            + _GREEN * ((word >> 8) & 255)
            + _BLUE * ((word >> 16) & 255)
            + 32768
        )
        >> 16
    )


@_jit
def _luma(words: NDArray[np.uint32], out: NDArray[np.uint8]) -> None:
    for j in range(words.size):
        out[j] = _luma_of(words[j])


def luma(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How light the pixels are: ITU-R BT.601 luma, rounded, as Pillow's mode L; grey as it is.

    Args:
        image: uint8 (height, width, 1 to 4).

    Returns:
        uint8 (height, width), new and contiguous.

    Raises:
        ValueError: `image` has another dtype or shape.
    """
    packed.check_image(image)
    if image.shape[2] < 3:
        return np.array(image[..., 0], order="C")
    out = np.empty(image.shape[:2], np.uint8)
    _luma(packed.as_words(image).reshape(-1), out.reshape(-1))
    return out


_LUMA_BLOCK = 65536  # pixels whose sum 32 bits hold: with them, the loop is vectorised


@_jit
def _sum_of_luma(words: NDArray[np.uint32]) -> int:
    total = 0
    for start in range(0, words.size, _LUMA_BLOCK):
        of_block = np.uint32(0)
        block = words[start : start + _LUMA_BLOCK]
        for j in range(block.size):
            of_block = np.uint32(of_block + _luma_of(block[j]))
        total += int(of_block)
    return total


def mean_luma(image: NDArray[np.uint8]) -> float:
    """The mean of `luma`: of whole levels, and so the same on every processor.

    Args:
        image: uint8 (height, width, 1 to 4), of at least one pixel.

    Returns:
        Levels, 0 to 255.

    Raises:
        ValueError: `image` has another dtype or shape.
    """
    packed.check_image(image)
    if image.shape[2] < 3:
        return float(image[..., 0].mean(dtype=np.float64))
    words = packed.as_words(image).reshape(-1)
    return float(_sum_of_luma(words) / words.size)


@_jit
def _change_luma(
    words: NDArray[np.uint32], luma: NDArray[np.uint8], out: NDArray[np.uint32]
) -> None:
    for j in range(words.size):
        word = words[j]
        change = np.int32(np.int32(luma[j]) - np.int32(_luma_of(word)))
        out[j] = _word(
            _level(np.int32(np.int32(word & 255) + change)),
            _level(np.int32(np.int32((word >> 8) & 255) + change)),
            _level(np.int32(np.int32((word >> 16) & 255) + change)),
            word,
        )


def change_luma(image: NDArray[np.uint8], to: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The image with another luma; chroma (Cb, Cr) stays but for what 0..255 cuts off.

    Args:
        image: uint8 (height, width, 1 to 4); alpha is copied.
        to: The luma it gets, uint8 (height, width).

    Returns:
        A new packed image.

    Raises:
        ValueError: An array has another dtype or shape.
    """
    packed.check_image(image)
    if to.dtype != np.uint8 or to.shape != image.shape[:2]:
        raise ValueError(f"expected a uint8{list(image.shape[:2])} luma")
    out = packed.empty(*image.shape)
    if image.shape[2] < 3:
        out[..., 0] = to
        out[..., 1:] = image[..., 1:]
        return out
    _change_luma(
        packed.as_words(image).reshape(-1),
        np.ascontiguousarray(to).reshape(-1),
        packed.as_words(out).reshape(-1),
    )
    return out


_BRIGHTNESS, _CONTRAST, _SATURATION, _HUE = (ord(letter) for letter in "bcsh")


@_jit
def _jitter(
    words: NDArray[np.uint32],
    order: NDArray[np.uint8],
    brightness: np.int32,
    contrast: np.int32,
    saturation: NDArray[np.int32],
    turn: np.int32,
    out: NDArray[np.uint32],
) -> None:
    slopes, offsets = np.empty(3, np.int32), np.empty(3, np.int32)
    # From one array to another, since loops within one array are not vectorised.
    source, target, other = words, out, np.empty_like(out)
    if len(order) % 2 == 0:
        target, other = other, target
    for step in order:
        if step == _BRIGHTNESS:
            slopes[:] = brightness
            offsets[:] = ONE // 2
            scale_words(source, slopes, offsets, target)
        elif step == _CONTRAST:
            pixels = source.size
            mean = (2 * _sum_of_luma(source) + pixels) // (2 * pixels)  # rounded half up
            slopes[:] = contrast
            offsets[:] = (ONE - contrast) * mean + ONE // 2
            scale_words(source, slopes, offsets, target)
        elif step == _SATURATION:
            _mix(source, saturation, target)
        else:
            _turn_hue(source, turn, target)
        source, target, other = target, other, target


def jitter(
    image: NDArray[np.uint8],
    order: str,
    *,
    brightness: float,
    contrast: float,
    saturation: NDArray[np.int32],
    degrees: float,
) -> NDArray[np.uint8]:
    """Brightness, contrast, saturation and hue in one call, each rounded half up; alpha is copied.

    Most of the time of four transforms of a photo is what is around their loops. Factors are
    taken as the nearest of `ONE`; so a level may differ from a table's where it is within a 250th
    of the middle between two.

    Args:
        image: uint8 (height, width, 3 or 4), of at least one pixel.
        order: The letters b, c, s and h, or some of them, in the order of what is done.
        brightness: Factor of the levels, 0 to 10.
        contrast: Factor about the mean luma, rounded to a level, 0 to 10.
        saturation: Matrix, as of `mix_channels`.
        degrees: As of `turn_hue`.

    Returns:
        A new packed image.

    Raises:
        ValueError: `image` has another dtype or shape.
    """
    _check_rgb(image)
    out = packed.empty(*image.shape)
    _jitter(
        packed.as_words(image).reshape(-1),
        np.frombuffer(order.encode(), np.uint8),
        np.int32(round(brightness * ONE)),
        np.int32(round(contrast * ONE)),
        saturation,
        np.int32(round(degrees / 60 * ONE)),
        packed.as_words(out).reshape(-1),
    )
    return out
