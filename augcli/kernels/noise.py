"""Noise on packed 8-bit images, pixel by pixel, from the random numbers of `kernels.philox`.

A random number of 16 bits is made one of another distribution by a table of that distribution's
quantiles. Lookups and arithmetic are loops of their own over plain arrays, a block of pixels at a
time, because the latter then vectorise. Pixels of one and two channels are widened to words of 32
bits, so that each kernel is compiled once.
"""

import math
from functools import cache
from statistics import NormalDist

import numpy as np
from numba import njit
from numpy.typing import NDArray

from augcli.kernels import packed
from augcli.kernels.philox import BLOCK, fill_block, new_block, planes, random_numbers

_jit = njit(nogil=True, cache=True, error_model="numpy")

NORMAL_ONE = 4096
"""One standard deviation in `normal_quantiles`."""
COUNT_QUANTILES = 4096
"""How many quantiles tell of a Poisson distribution: a random number's upper 12 bits choose one."""
EXACT_MEAN = 64.0
"""Up to this mean, Poisson counts are exact quantiles; beyond, they are those of a normal
distribution with the first correction for skewness (Cornish and Fisher, 1938): one off at most, at
means up to 5000."""

_HALF = np.float32(0.5)
_BLACK, _WHITE = np.float32(0.0), np.float32(255.0)
_SERIES = 20  # terms of exp(-x) for x below 1: the rest is less than 1e-18
_EXP_MINUS_1 = 0.36787944117144233


@cache
def normal_quantiles() -> NDArray[np.int16]:
    """The normal distribution as 65536 numbers, all as likely, in ascending order.

    int16 (65536,), `NORMAL_ONE` for a standard deviation. They are the quantiles in the middle of
    65536 equal shares, scaled so that their variance is 1. So the distribution is met to 1/131072
    everywhere, and ends at 4.3 standard deviations: beyond, there are 2 in 100,000.
    """
    distribution = NormalDist()
    upper = np.array([distribution.inv_cdf((i + 0.5) / 65536) for i in range(32768, 65536)])
    upper /= math.sqrt(math.fsum(upper**2) / upper.size)
    rounded = np.floor(upper * NORMAL_ONE + 0.5).astype(np.int16)
    return np.concatenate([-rounded[::-1], rounded])


def normal_numbers(seed: int, count: int) -> NDArray[np.float32]:
    """Four standard normal numbers a pixel, float32 (count, 4): those that the kernels add."""
    quantiles = (normal_quantiles() / NORMAL_ONE).astype(np.float32)
    return quantiles[random_numbers(seed, count)]


@_jit
def _level(value: np.float32) -> np.uint32:
    """A value rounded half up and cut to 0..255."""
    return np.uint32(np.int32(min(max(value + _HALF, _BLACK), _WHITE)))


@_jit
def _channels(word: np.uint32) -> tuple[np.float32, np.float32, np.float32]:
    return (
        np.float32(np.int32(word & 255)),
        np.float32(np.int32((word >> 8) & 255)),
        np.float32(np.int32((word >> 16) & 255)),
    )


@_jit
def _word(red: np.uint32, green: np.uint32, blue: np.uint32) -> np.uint32:
    return np.uint32(red | np.uint32(green << 8) | np.uint32(blue << 16))


@_jit
def _look_up(
    table: NDArray[np.int16], places: NDArray[np.uint16], values: NDArray[np.int16]
) -> None:
    for j in range(places.size):
        values[j] = table[places[j]]


@_jit
def _fill_normal(
    seed: np.uint64,
    block: int,
    quantiles: NDArray[np.int16],
    drawn: NDArray[np.uint32],
    normal: NDArray[np.int16],
) -> None:
    """A block's first normal numbers, as many as there are rows in `normal`, (1 to 3, BLOCK)."""
    fill_block(seed, block, drawn)
    numbers = planes(drawn)
    for channel in range(len(normal)):
        _look_up(quantiles, numbers[channel], normal[channel])


@_jit
def _add(
    words: NDArray[np.uint32],
    normal: tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.int16]],
    base: np.float32,
    slope: np.float32,
    color: np.uint32,
    out: NDArray[np.uint32],
) -> None:
    first, second, third = normal
    for j in range(words.size):
        word = words[j]
        red, green, blue = _channels(word)
        noised = _word(
            _level(red + np.float32(first[j]) * (base + slope * red)),
            _level(green + np.float32(second[j]) * (base + slope * green)),
            _level(blue + np.float32(third[j]) * (base + slope * blue)),
        )
        out[j] = noised & color | word & ~color


@_jit
def _add_normal(
    words: NDArray[np.uint32],
    quantiles: NDArray[np.int16],
    seed: np.uint64,
    count: int,
    base: np.float32,
    slope: np.float32,
    color: np.uint32,
    out: NDArray[np.uint32],
) -> None:
    drawn, normal = new_block(), np.empty((count, BLOCK), np.int16)
    # Where there is one number a pixel, it serves all three channels.
    of_channels = normal[0], normal[count // 2], normal[count - 1]
    for start in range(0, words.size, BLOCK):
        stop = min(start + BLOCK, words.size)
        _fill_normal(seed, start // BLOCK, quantiles, drawn, normal)
        _add(words[start:stop], of_channels, base, slope, color, out[start:stop])


def add_normal(
    image: NDArray[np.uint8], base: float, slope: float, seed: int, *, per_channel: bool = True
) -> NDArray[np.uint8]:
    """Normal noise of a standard deviation that may grow with the level; alpha is copied.

    Args:
        image: uint8 (height, width, 1 to 4).
        base: Standard deviation at level 0, in levels.
        slope: By how much it is greater at the next level.
        seed: Of the random numbers.
        per_channel: Red, green and blue of a pixel each get a number of their own, rather than
            all the same.

    Returns:
        A new packed image, rounded half up and cut to 0..255.

    Raises:
        ValueError: `image` has another dtype or shape.
    """
    words = _words_of_32_bits(image)
    out = np.empty_like(words)
    _add_normal(
        words,
        normal_quantiles(),
        np.uint64(seed),
        3 if per_channel and image.shape[2] >= 3 else 1,
        np.float32(base / NORMAL_ONE),
        np.float32(slope / NORMAL_ONE),
        _color_bits(image),
        out,
    )
    return _image_of(out, image)


@_jit
def _add_mixed(
    words: NDArray[np.uint32],
    normal: tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.int16]],
    matrix: NDArray[np.float32],
    out: NDArray[np.uint32],
) -> None:
    rr, rg, rb = matrix[0, 0], matrix[0, 1], matrix[0, 2]
    gr, gg, gb = matrix[1, 0], matrix[1, 1], matrix[1, 2]
    br, bg, bb = matrix[2, 0], matrix[2, 1], matrix[2, 2]
    first, second, third = normal
    for j in range(words.size):
        word = words[j]
        red, green, blue = _channels(word)
        a, b, c = np.float32(first[j]), np.float32(second[j]), np.float32(third[j])
        noised = _word(
            _level(red + (rr * a + rg * b + rb * c)),
            _level(green + (gr * a + gg * b + gb * c)),
            _level(blue + (br * a + bg * b + bb * c)),
        )
        out[j] = noised | word & np.uint32(0xFF000000)


@_jit
def _add_mixed_normal(
    words: NDArray[np.uint32],
    quantiles: NDArray[np.int16],
    seed: np.uint64,
    matrix: NDArray[np.float32],
    out: NDArray[np.uint32],
) -> None:
    drawn, normal = new_block(), np.empty((3, BLOCK), np.int16)
    of_channels = normal[0], normal[1], normal[2]
    for start in range(0, words.size, BLOCK):
        stop = min(start + BLOCK, words.size)
        _fill_normal(seed, start // BLOCK, quantiles, drawn, normal)
        _add_mixed(words[start:stop], of_channels, matrix, out[start:stop])


def add_mixed_normal(
    image: NDArray[np.uint8], matrix: NDArray[np.float64], seed: int
) -> NDArray[np.uint8]:
    """Normal noise of which red, green and blue of a pixel have something in common.

    Args:
        image: uint8 (height, width, 3 or 4); alpha is copied.
        matrix: (3, 3), from three standard normal numbers to what is added to red, green and blue,
            in levels.
        seed: Of the random numbers.

    Returns:
        A new packed image, rounded half up and cut to 0..255.

    Raises:
        ValueError: An array has another dtype or shape.
    """
    if image.shape[2] < 3 or matrix.shape != (3, 3):
        raise ValueError("expected an image of 3 or 4 channels, and a matrix (3, 3)")
    words = _words_of_32_bits(image)
    out = np.empty_like(words)
    scaled = (matrix / NORMAL_ONE).astype(np.float32)
    _add_mixed_normal(words, normal_quantiles(), np.uint64(seed), scaled, out)
    return _image_of(out, image)


@_jit
def _exp_minus(x: float) -> float:
    """exp(-x) for x from 0 to `EXACT_MEAN`, of plain sums and products.

    The C library's differs between platforms in the last bit.
    """
    whole = int(x)
    fraction = x - whole
    value = 1.0
    for term in range(_SERIES, 0, -1):
        value = 1.0 - fraction * value / term
    for _ in range(whole):
        value *= _EXP_MINUS_1
    return value


@_jit
def _large_count(mean: float, normal: float) -> float:
    """The Poisson count at a quantile of the standard normal distribution, for large means."""
    count: float = np.floor(mean + math.sqrt(mean) * normal + (normal * normal - 1.0) / 6.0 + 0.5)
    return count


@_jit
def _fill_levels(
    mean: float, gain: float, normal: NDArray[np.float64], levels: NDArray[np.uint8]
) -> None:
    """Levels at all quantiles of a Poisson distribution, `gain` for a count, in ascending order.

    `normal` has the quantiles of the standard normal distribution.
    """
    size = levels.size
    if mean > EXACT_MEAN:
        for i in range(size):
            count = _large_count(mean, normal[i])
            levels[i] = np.uint8(np.int32(min(count * gain + 0.5, 255.0)))
        return
    share = _exp_minus(mean)
    reached = share
    count, start = 0, 0
    while start < size:
        # The quantiles (i + 0.5) / size that are not beyond what this count has reached.
        stop = min(int(np.floor(reached * size - 0.5)) + 1, size)
        level = np.uint8(np.int32(min(count * gain + 0.5, 255.0)))
        for i in range(start, stop):
            levels[i] = level
        start = max(start, stop)
        count += 1
        share *= mean / count
        reached += share


@_jit
def _fill_all_levels(
    photons: float, normal: NDArray[np.float64], levels: NDArray[np.uint8]
) -> None:
    for level in range(256):
        _fill_levels(level / 255.0 * photons, 255.0 / photons, normal, levels[level])


@_jit
def _count_each(
    means: NDArray[np.float64],
    chosen: NDArray[np.uint16],
    normal: NDArray[np.float64],
    counts: NDArray[np.float64],
) -> None:
    for j in range(means.size):
        mean, i = means[j], chosen[j]
        if mean > EXACT_MEAN:
            counts[j] = _large_count(mean, normal[i])
            continue
        quantile = i + 0.5
        share = _exp_minus(mean)
        reached = share
        count = 0
        while reached * normal.size < quantile:
            count += 1
            share *= mean / count
            reached += share
        counts[j] = count


@cache
def _coarse_normal() -> NDArray[np.float64]:
    """Standard normal quantiles, as many as there are of counts, float64 (COUNT_QUANTILES,)."""
    several = normal_quantiles().reshape(COUNT_QUANTILES, 16)
    middles: NDArray[np.float64] = several[:, 7:9].mean(axis=1) / NORMAL_ONE
    return middles


def poisson_numbers(means: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Poisson counts, of the same random numbers as `count_photons`.

    Args:
        means: Means of the counts, (height, width, 1 to 4), 0 or more.
        seed: Of the random numbers.
    """
    height, width, channels = means.shape
    numbers = random_numbers(seed, height * width)[:, :channels]
    counts = np.empty(means.size)
    _count_each(means.ravel(), numbers.ravel() >> np.uint16(4), _coarse_normal(), counts)
    return counts.reshape(means.shape)


@_jit
def _replace_channel(
    levels: NDArray[np.uint8],
    numbers: NDArray[np.uint16],
    channel: int,
    words: NDArray[np.uint32],
) -> None:
    shift = np.uint32(8 * channel)
    kept = ~np.uint32(np.uint32(255) << shift)
    for j in range(words.size):
        row = np.uint32((words[j] >> shift) & np.uint32(255))
        level = np.uint32(levels[np.uint32(row << 12) | np.uint32(numbers[j] >> 4)])
        words[j] = words[j] & kept | np.uint32(level << shift)


@_jit
def _count_photons(
    words: NDArray[np.uint32],
    levels: NDArray[np.uint8],
    seed: np.uint64,
    color_channels: int,
) -> None:
    """Replaces the first channels; `levels` has `COUNT_QUANTILES` for every level, (n,)."""
    drawn = new_block()
    numbers = planes(drawn)
    for start in range(0, words.size, BLOCK):
        block = words[start : min(start + BLOCK, words.size)]
        fill_block(seed, start // BLOCK, drawn)
        for channel in range(color_channels):
            _replace_channel(levels, numbers[channel], channel, block)


def count_photons(image: NDArray[np.uint8], photons: float, seed: int) -> NDArray[np.uint8]:
    """Every level as a Poisson count of the photons that it stands for; alpha is copied.

    Args:
        image: uint8 (height, width, 1 to 4).
        photons: The mean count at level 255, above 0.
        seed: Of the random numbers.

    Returns:
        A new packed image, rounded half up and cut to 255.

    Raises:
        ValueError: `image` has another dtype or shape.
    """
    words = _words_of_32_bits(image).copy()
    levels = np.empty((256, COUNT_QUANTILES), np.uint8)
    _fill_all_levels(photons, _coarse_normal(), levels)
    color_channels = 3 if image.shape[2] >= 3 else 1
    _count_photons(words, levels.reshape(-1), np.uint64(seed), color_channels)
    return _image_of(words, image)


@_jit
def _scatter(
    words: NDArray[np.uint32],
    black: np.uint64,
    changed: np.uint64,
    seed: np.uint64,
    color: np.uint32,
    out: NDArray[np.uint32],
) -> None:
    drawn = new_block()
    numbers = planes(drawn)
    lower, upper = numbers[0], numbers[1]
    for start in range(0, words.size, BLOCK):
        fill_block(seed, start // BLOCK, drawn)
        for j in range(min(BLOCK, words.size - start)):
            chance = np.uint64(upper[j]) << np.uint64(16) | np.uint64(lower[j])
            word = words[start + j]
            word = word | color if chance < changed else word
            out[start + j] = word & ~color if chance < black else word


def scatter(image: NDArray[np.uint8], black: float, white: float, seed: int) -> NDArray[np.uint8]:
    """Some pixels turned black and some white, in all colour channels; alpha is copied.

    Args:
        image: uint8 (height, width, 1 to 4).
        black: Each pixel's chance to turn black, from 0 to 1.
        white: Its chance to turn white; the two are 1 together at most.
        seed: Of the random numbers.

    Returns:
        A new packed image.

    Raises:
        ValueError: `image` has another dtype or shape.
    """
    words = _words_of_32_bits(image)
    out = np.empty_like(words)
    thresholds = _thresholds(black, white)
    _scatter(words, *thresholds, np.uint64(seed), _color_bits(image), out)
    return _image_of(out, image)


def scattered(
    black: float, white: float, seed: int, count: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which of the first `count` pixels `scatter` turns black, and which white; both (count,)."""
    numbers = random_numbers(seed, count)
    drawn = numbers[:, 1].astype(np.uint64) << np.uint64(16) | numbers[:, 0]
    below_black, below_changed = _thresholds(black, white)
    turns_black = drawn < below_black
    return turns_black, (drawn < below_changed) & ~turns_black


def _thresholds(black: float, white: float) -> tuple[np.uint64, np.uint64]:
    """Below which number of 32 bits a pixel turns black, and below which it turns at all."""
    return np.uint64(round(black * 2**32)), np.uint64(round((black + white) * 2**32))


def _color_bits(image: NDArray[np.uint8]) -> np.uint32:
    """The bits of a pixel's word that are colour."""
    return np.uint32(0xFFFFFF if image.shape[2] >= 3 else 0xFF)


def _words_of_32_bits(image: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """The words of all pixels, (pixels,); a view where they have 32 bits."""
    return packed.as_words(image).reshape(-1).astype(np.uint32, copy=False)


def _image_of(words: NDArray[np.uint32], like: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The packed image of such words, in the shape of another."""
    out = packed.empty(*like.shape)
    of_image = packed.as_words(out)
    of_image[...] = words.reshape(of_image.shape)
    return out
