"""Affine warps: the geometry of a copy, in one pass over its pixels.

Coordinates are those of `scipy.ndimage.affine_transform`: float64, summed in the same order, so
that both agree on which pixels are inside. Bilinear interpolation does a row in three loops over
plain arrays (where to read, read, blend), because the first and the last of them then vectorise;
the one between takes two loads a pixel whatever its channels, since a pixel is one word, and two
neighbours in a row are one of twice its width.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from augcli.kernels import packed
from augcli.kernels.edges import (
    CONSTANT,
    MODES,
    NEAREST,
    REFLECT,
    WRAP,
    FillMode,
    fold,
    nearest_index,
    neighbours,
)
from augcli.kernels.tables import check_color_channels, check_table, map_words

_NO_TABLE = np.zeros(256, np.uint8)  # stands where a table is asked for and none is used
_BLOCK = 256  # columns done at a time: scratch rows stay in the cache, coordinates small
_SHORT_STEP = 4.0  # pixels from column to column, up to which float32 coordinates will do

Words = NDArray[np.unsignedinteger]
Columns = tuple[int, int, int]
"""Columns first..last of an output row, and the one that the scratch rows begin with:
(origin, first, last)."""
Two = tuple[Words, Words]
"""Scratch rows: the upper and the lower pair of pixels that each column reads."""
Four = tuple[Words, Words]
"""The same memory, pixel by pixel: the left and the right of each column by turns."""
Corners = tuple[np.int32, np.int32, np.int32, np.int32]
"""The upper left, upper right, lower left and lower right pixel that a column reads."""
Line = tuple[float, float, float, float]
"""An output row in the input: row and column it starts at, their steps from column to column."""
Affine = tuple[float, float, float, float, float, float]
"""m00, m01, m10, m11, offset0, offset1."""

_jit = njit(nogil=True, cache=True, error_model="numpy")


@_jit
def _line(affine: Affine, row: int) -> Line:
    m00, m01, m10, m11, offset0, offset1 = affine
    return offset0 + m00 * np.float64(row), m01, offset1 + m10 * np.float64(row), m11


@_jit
def _at(line: Line, column: int) -> tuple[float, float]:
    y, dy, x, dx = line
    return y + dy * np.float64(column), x + dx * np.float64(column)


@_jit
def _inside_span(line: Line, start: int, stop: int, height: int, width: int) -> tuple[int, int]:
    """The columns first..last of start..stop whose coordinates are in the image.

    It is one run, since coordinates are monotone along a row, rounded or not.
    """
    y_max, x_max = np.float64(height - 1), np.float64(width - 1)
    first, last = start, stop
    while first < last:
        y, x = _at(line, first)
        if 0.0 <= y <= y_max and 0.0 <= x <= x_max:
            break
        first += 1
    while first < last:
        y, x = _at(line, last - 1)
        if 0.0 <= y <= y_max and 0.0 <= x <= x_max:
            break
        last -= 1
    return first, last


@_jit
def _locate(
    line: Line,
    columns: Columns,
    height: int,
    width: int,
    reflect: bool,
    corner: NDArray[np.uint32],
    fy: NDArray[np.float32],
    fx: NDArray[np.float32],
) -> None:
    """Upper left of the four pixels each column reads, and how far below and right of it.

    The last row and column read (length - 2, + 1.0), so that the four are always there.
    """
    origin, first, last = columns
    y_max, x_max = np.float64(height - 1), np.float64(width - 1)
    last_row, last_column = np.int32(max(height - 2, 0)), np.int32(max(width - 2, 0))
    for j in range(first, last):
        y, x = _at(line, j)
        if reflect:
            y, x = fold(y, height, REFLECT), fold(x, width, REFLECT)
        y = min(max(y, 0.0), y_max)
        x = min(max(x, 0.0), x_max)
        row = min(np.int32(y), last_row)
        column = min(np.int32(x), last_column)
        fy[j - origin] = np.float32(y - np.float64(row))
        fx[j - origin] = np.float32(x - np.float64(column))
        corner[j - origin] = np.uint32(row * np.int32(width) + column)


@_jit
def _locate_in_float32(
    line: Line,
    columns: Columns,
    height: int,
    width: int,
    corner: NDArray[np.uint32],
    fy: NDArray[np.float32],
    fx: NDArray[np.float32],
) -> None:
    """`_locate` with clamped coordinates, in half as wide numbers and so twice as quick.

    Coordinates are relative to the pixel at the block's lowest row and column. While a step is
    at most `_SHORT_STEP` they stay below 2**10, where float32 is exact to 1/16384 of a pixel: to
    a sixtieth of a level at the sharpest edge.
    """
    origin, first, last = columns
    if first >= last:
        return
    y_start, x_start = _at(line, first)
    y_stop, x_stop = _at(line, last - 1)
    base_row = np.int32(min(max(np.floor(min(y_start, y_stop)), 0.0), height - 1.0))
    base_column = np.int32(min(max(np.floor(min(x_start, x_stop)), 0.0), width - 1.0))
    base = np.int32(base_row * np.int32(width) + base_column)
    y_first, y_step = np.float32(y_start - np.float64(base_row)), np.float32(line[1])
    x_first, x_step = np.float32(x_start - np.float64(base_column)), np.float32(line[3])
    zero = np.float32(0.0)
    y_max = np.float32(height - 1 - base_row)
    x_max = np.float32(width - 1 - base_column)
    last_row = np.int32(max(height - 2, 0) - base_row)
    last_column = np.int32(max(width - 2, 0) - base_column)
    corner = corner[first - origin : last - origin]  # loops from 0 on vectorise
    fy, fx = fy[first - origin : last - origin], fx[first - origin : last - origin]
    for j in range(corner.size):
        step = np.float32(np.int32(j))
        y = min(max(y_first + y_step * step, zero), y_max)
        x = min(max(x_first + x_step * step, zero), x_max)
        row = min(np.int32(y), last_row)
        column = min(np.int32(x), last_column)
        fy[j] = y - np.float32(row)
        fx[j] = x - np.float32(column)
        corner[j] = np.uint32(base + row * np.int32(width) + column)


@_jit
def _gather(
    pairs: Words, columns: Columns, height: int, width: int, corner: NDArray[np.uint32], two: Two
) -> None:
    """The pixel at each corner and its neighbour to the right, and the two below them."""
    origin, first, last = columns
    corner = corner[first - origin : last - origin]  # from 0 on, no index needs a look at its sign
    upper, lower = two[0][first - origin :], two[1][first - origin :]
    below = np.uint32(width if height > 1 else 0)
    for j in range(corner.size):
        k = corner[j]
        upper[j] = pairs[k]
        lower[j] = pairs[k + below]


@_jit
def _gather_wrapped(
    source: Words,
    line: Line,
    columns: Columns,
    height: int,
    width: int,
    fy: NDArray[np.float32],
    fx: NDArray[np.float32],
    four: Four,
) -> None:
    """`_locate` and `_gather` where the neighbour of the last row or column is the first."""
    upper, lower = four
    origin, first, last = columns
    for column in range(first, last):
        j = column - origin
        y, x = _at(line, column)
        top, bottom, fy[j] = neighbours(y, height, WRAP)
        left, right, fx[j] = neighbours(x, width, WRAP)
        upper[2 * j] = source[np.uint32(top * width + left)]
        upper[2 * j + 1] = source[np.uint32(top * width + right)]
        lower[2 * j] = source[np.uint32(bottom * width + left)]
        lower[2 * j + 1] = source[np.uint32(bottom * width + right)]


@_jit
def _corners(four: Four, j: int) -> Corners:
    """What was gathered for one column."""
    upper, lower = four
    return (
        np.int32(upper[2 * j]),
        np.int32(upper[2 * j + 1]),
        np.int32(lower[2 * j]),
        np.int32(lower[2 * j + 1]),
    )


@_jit
def _blend_channel(
    corners: Corners, shift: int, fy: np.float32, fx: np.float32, gain: np.float32
) -> np.int32:
    """One channel of one pixel: interpolated, times gain, rounded half up into 0..255.

    Written as a + f * (b - a), which leaves a flat area exactly as it is.
    """
    upper_left, upper_right, lower_left, lower_right = corners
    a = np.float32((upper_left >> shift) & 255)
    c = np.float32((lower_left >> shift) & 255)
    upper = a + fx * (np.float32((upper_right >> shift) & 255) - a)
    lower = c + fx * (np.float32((lower_right >> shift) & 255) - c)
    value = (upper + fy * (lower - upper)) * gain
    return np.int32(min(value, np.float32(255.0)) + np.float32(0.5))


@_jit
def _mixed(
    corners: Corners, shift: int, weights: tuple[np.float32, np.float32, np.float32, np.float32]
) -> np.int32:
    """One channel of one pixel: its corners weighted, rounded half up into 0..255.

    `shift` is a plain int: by an np.int32, the loop is compiled to half its speed.
    """
    upper_left, upper_right, lower_left, lower_right = corners
    value = (
        weights[0] * np.float32((upper_left >> shift) & 255)
        + weights[1] * np.float32((upper_right >> shift) & 255)
        + weights[2] * np.float32((lower_left >> shift) & 255)
        + weights[3] * np.float32((lower_right >> shift) & 255)
    )
    return np.int32(min(value, np.float32(255.0)) + np.float32(0.5))


@_jit
def _blend_rgb(
    four: Four, fy: NDArray[np.float32], fx: NDArray[np.float32], gain: np.float32, out: Words
) -> None:
    """A row of RGB pixels, whose channels share their weights."""
    one = np.float32(1.0)
    for j in range(out.size):
        both = fy[j] * fx[j]
        right, below = fx[j] - both, fy[j] - both
        neither = one - fx[j] - below
        weights = (neither * gain, right * gain, below * gain, both * gain)
        corners = _corners(four, j)
        red = _mixed(corners, 0, weights)
        green = _mixed(corners, 8, weights)
        blue = _mixed(corners, 16, weights)
        out[j] = red | green << np.int32(8) | blue << np.int32(16)


@_jit
def _blend(
    four: Four,
    fy: NDArray[np.float32],
    fx: NDArray[np.float32],
    gains: NDArray[np.float32],
    out: Words,
) -> None:
    """A row of pixels, of as many channels as there are gains."""
    if gains.size == 3 and gains[0] == gains[1] and gains[1] == gains[2]:
        _blend_rgb(four, fy, fx, gains[0], out)
        return
    gain0 = gains[0]
    for j in range(out.size):
        out[j] = _blend_channel(_corners(four, j), 0, fy[j], fx[j], gain0)
    for channel in range(1, gains.size):
        gain = gains[channel]
        for j in range(out.size):
            value = _blend_channel(_corners(four, j), 8 * channel, fy[j], fx[j], gain)
            out[j] |= value << np.int32(8 * channel)


@_jit
def _warp_bilinear(
    source: Words,
    pairs: Words,
    height: int,
    width: int,
    affine: Affine,
    mode: int,
    fill: int,
    gains: NDArray[np.float32],
    table: NDArray[np.uint8],
    table_channels: int,
    out: Words,
) -> None:
    """Order 1 for packed pixels; `source` is flat, and `table_channels` 0 means no table.

    `pairs` is `_pairs(source)`.
    """
    out_height, out_width = out.shape
    block = min(_BLOCK, out_width)
    short_steps = abs(affine[1]) <= _SHORT_STEP and abs(affine[3]) <= _SHORT_STEP
    corner = np.empty(block, np.uint32)
    fy, fx = np.empty(block, np.float32), np.empty(block, np.float32)
    two = np.empty(block, pairs.dtype), np.empty(block, pairs.dtype)
    four = two[0].view(source.dtype), two[1].view(source.dtype)
    for start in range(0, out_width, block):
        stop = min(start + block, out_width)
        for i in range(out_height):
            line = _line(affine, i)
            first, last = start, stop
            if mode != NEAREST:
                first, last = _inside_span(line, start, stop, height, width)
            inside = (start, first, last)
            if short_steps:
                _locate_in_float32(line, inside, height, width, corner, fy, fx)
            else:
                _locate(line, inside, height, width, False, corner, fy, fx)
            _gather(pairs, inside, height, width, corner, two)
            for border in ((start, start, first), (start, last, stop)):
                if mode == REFLECT:
                    _locate(line, border, height, width, True, corner, fy, fx)
                    _gather(pairs, border, height, width, corner, two)
                elif mode == WRAP:
                    _gather_wrapped(source, line, border, height, width, fy, fx, four)
            row = out[i, start:stop]
            _blend(four, fy, fx, gains, row)
            if table_channels:
                map_words(row, table, table_channels, row)
            if mode == CONSTANT:
                row[: first - start] = fill
                row[last - start :] = fill


@_jit
def _copy_nearest(
    source: Words,
    line: Line,
    columns: Columns,
    height: int,
    width: int,
    mode: int,
    row: Words,
) -> None:
    origin, first, last = columns
    for j in range(first, last):
        y, x = _at(line, j)
        i, k = nearest_index(y, height, mode), nearest_index(x, width, mode)
        row[j - origin] = source[np.uint32(i * width + k)]


@_jit
def _warp_nearest(
    source: Words,
    height: int,
    width: int,
    affine: Affine,
    mode: int,
    fill: int,
    table: NDArray[np.uint8],
    table_channels: int,
    out: Words,
) -> None:
    """Order 0 for integers of any width; `source` is flat, `table_channels` 0 means no table."""
    out_height, out_width = out.shape
    for start in range(0, out_width, _BLOCK):
        stop = min(start + _BLOCK, out_width)
        for i in range(out_height):
            line = _line(affine, i)
            first, last = start, stop
            if mode != NEAREST:
                first, last = _inside_span(line, start, stop, height, width)
            row = out[i, start:stop]
            _copy_nearest(source, line, (start, first, last), height, width, NEAREST, row)
            if mode in (REFLECT, WRAP):
                _copy_nearest(source, line, (start, start, first), height, width, mode, row)
                _copy_nearest(source, line, (start, last, stop), height, width, mode, row)
            if table_channels:
                map_words(row, table, table_channels, row)
            if mode == CONSTANT:
                row[: first - start] = fill
                row[last - start :] = fill


@_jit
def _warp_deep(
    image: NDArray[Any],
    affine: Affine,
    mode: int,
    fill: NDArray[np.float64],
    gains: NDArray[np.float64],
    top_level: float,
    out: NDArray[Any],
) -> None:
    """Order 1 for uint16, rounded and at most `top_level`, and for float32 (`top_level` 0)."""
    height, width, channels = image.shape
    for i in range(out.shape[0]):
        line = _line(affine, i)
        for j in range(out.shape[1]):
            y, x = _at(line, j)
            inside = 0.0 <= y <= height - 1.0 and 0.0 <= x <= width - 1.0
            if mode == CONSTANT and not inside:
                for channel in range(channels):
                    out[i, j, channel] = fill[channel]
                continue
            top, bottom, fy = neighbours(y, height, mode)
            left, right, fx = neighbours(x, width, mode)
            for channel in range(channels):
                a, b = np.float64(image[top, left, channel]), np.float64(image[top, right, channel])
                c, d = (
                    np.float64(image[bottom, left, channel]),
                    np.float64(image[bottom, right, channel]),
                )
                upper, lower = a + fx * (b - a), c + fx * (d - c)
                value = (upper + fy * (lower - upper)) * gains[channel]
                if top_level > 0.0:
                    value = np.floor(min(value, top_level) + 0.5)
                out[i, j, channel] = value


@dataclass(frozen=True, slots=True)
class _Levels:
    """What happens to the levels of a uint8 image on the way, and what its outside is."""

    cval: float
    gain: float
    table: NDArray[np.uint8] | None
    color_channels: int

    def gains(self, channels: int) -> NDArray[np.float32]:
        """The factor of every channel."""
        others = channels - self.color_channels
        return np.array([self.gain] * self.color_channels + [1.0] * others, np.float32)

    def gained_table(self) -> NDArray[np.uint8] | None:
        """Gain and table as one table, for levels that are whole; None if they do nothing."""
        if self.gain == 1.0:
            return self.table
        levels = np.arange(256, dtype=np.float32) * np.float32(self.gain)
        table: NDArray[np.uint8] = np.minimum(levels + np.float32(0.5), 255).astype(np.uint8)
        if self.table is not None:
            table = self.table[table]
        return table

    def fill_word(self, channels: int) -> int:
        """A packed pixel of the outside."""
        color = int(_rounded(self.cval * self.gain, np.dtype(np.uint8)))
        if self.table is not None:
            color = int(self.table[color])
        alpha = int(_rounded(self.cval, np.dtype(np.uint8)))
        pixel = [color] * self.color_channels + [alpha] * (channels - self.color_channels)
        return int.from_bytes(pixel, "little")


def warp_affine(
    image: NDArray[Any],
    matrix: ArrayLike,
    offset: ArrayLike,
    *,
    out_shape: tuple[int, int] | None = None,
    order: int = 1,
    fill_mode: FillMode = "nearest",
    cval: float = 0.0,
    gain: float = 1.0,
    table: NDArray[np.uint8] | None = None,
    color_channels: int | None = None,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """An affine warp by `scipy.ndimage.affine_transform`'s convention, of every channel.

    Pixel (row, column) of the result is read at `matrix @ (row, column) + offset`. Order 0
    equals scipy's result. Order 1 is scipy's float64 result, rounded half up, within one level
    (uint8, uint16) or within the precision of float32. Moves by whole pixels are exact.

    Args:
        image: (height, width, channels). Order 0 takes any dtype, order 1 uint8 of 1 to 4
            channels, uint16 and float32. Packed uint8 (see `packed`) is read without a copy.
        matrix: (2, 2), from output (row, column) to input (row, column), in pixels.
        offset: (2,), added to it.
        out_shape: Height and width of the result; those of `image` when left out.
        order: 0 takes the nearest pixel, 1 interpolates linearly.
        fill_mode: What is read outside: "nearest", "reflect" and "constant" as scipy names
            them; "wrap" is scipy's "grid-wrap".
        cval: Level outside for "constant", of every channel; as any colour, it meets gain and
            table.
        gain: Factor of the colour channels, from 0 on, applied before rounding. Order 0 takes
            it for uint8 alone.
        table: uint8 (256,) for the rounded colour values of a uint8 image.
        color_channels: How many channels are colour, the first ones. When left out: one of
            two, three of four, else all.
        out: Array of the result's shape and dtype to write to, packed if uint8. It may not
            share memory with `image`.

    Returns:
        `out`, or a new array; a new uint8 array is packed.

    Raises:
        ValueError: An argument is not as said above, a coordinate is not finite, or `image` has
            no pixels or 2**31 of them.
    """
    if image.ndim != 3 or image.size == 0 or image.shape[0] * image.shape[1] >= 2**31:
        raise ValueError(f"cannot warp an image of shape {image.shape}")
    channels = image.shape[2]
    if color_channels is None:
        color_channels = channels - 1 if channels in {2, 4} else channels
    check_color_channels(channels, color_channels)
    if order not in {0, 1}:
        raise ValueError(f"order is {order}: expected 0 or 1")
    if fill_mode not in MODES:
        raise ValueError(f"fill_mode is {fill_mode!r}: expected one of {', '.join(MODES)}")
    if table is not None:
        check_table(table)
        table = np.ascontiguousarray(table)
    if not 0.0 <= gain <= 1e30:  # so that it is finite as a float32
        raise ValueError(f"gain is {gain}: expected a number from 0 to 1e30")
    if not abs(cval) <= 1e30:
        raise ValueError(f"cval is {cval}: expected a finite number")
    if out is not None and np.may_share_memory(image, out):
        raise ValueError("out may not share memory with the image")
    height, width = image.shape[:2] if out_shape is None else out_shape
    affine = _checked_affine(matrix, offset, height, width)
    mode = MODES[fill_mode]
    shape = (height, width, channels)
    if image.dtype == np.uint8:
        levels = _Levels(cval, gain, table, color_channels)
        return _warp_uint8(image, affine, order, mode, levels, shape, out)
    if table is not None:
        raise ValueError(f"table: expected a uint8 image, got {image.dtype}")
    if out is None:
        out = np.empty(shape, image.dtype)
    if out.shape != shape or out.dtype != image.dtype:
        raise ValueError(f"out: expected {image.dtype} of shape {shape}")
    if order == 0:
        if gain != 1.0:
            raise ValueError(f"gain at order 0: expected a uint8 image, got {image.dtype}")
        _warp_bits(image, affine, mode, cval, out)
    else:
        gains = np.ones(channels)
        gains[:color_channels] = gain
        _warp_samples(image, affine, mode, cval, gains, out)
    return out


def _checked_affine(matrix: ArrayLike, offset: ArrayLike, height: int, width: int) -> Affine:
    """The six numbers, if they and all coordinates that they give are finite."""
    if height < 1 or width < 1:
        raise ValueError(f"out_shape is ({height}, {width}): expected 1 or more")
    matrix, offset = np.asarray(matrix, np.float64), np.asarray(offset, np.float64)
    if matrix.shape != (2, 2) or offset.shape != (2,):
        raise ValueError(f"expected matrix (2, 2), offset (2,): {matrix.shape}, {offset.shape}")
    (m00, m01), (m10, m11) = matrix.tolist()
    offset0, offset1 = offset.tolist()
    farthest = abs(m00) + abs(m10) + abs(m01) + abs(m11) + abs(offset0) + abs(offset1)
    if not farthest * (height + width) < 1e300:
        raise ValueError("the matrix and offset give coordinates that are not finite")
    return m00, m01, m10, m11, offset0, offset1


def _warp_uint8(
    image: NDArray[np.uint8],
    affine: Affine,
    order: int,
    mode: int,
    levels: _Levels,
    shape: tuple[int, int, int],
    out: NDArray[np.uint8] | None,
) -> NDArray[np.uint8]:
    if out is None:
        out = packed.empty(*shape)
    out_words = packed.output_words(out, shape)
    height, width, channels = image.shape
    source = packed.as_words(image).reshape(-1)
    source.flags.writeable = False  # numba compiles one version, for read-only arrays
    fill = levels.fill_word(channels) if mode == CONSTANT else 0
    if order == 0 or all(number.is_integer() for number in affine):
        table = levels.gained_table()
        table_channels = 0 if table is None else levels.color_channels
        table = _NO_TABLE if table is None else table
        _warp_nearest(source, height, width, affine, mode, fill, table, table_channels, out_words)
    else:
        table_channels = 0 if levels.table is None else levels.color_channels
        table = _NO_TABLE if levels.table is None else levels.table
        gains = levels.gains(channels)
        _warp_bilinear(
            source,
            _pairs(source, width),
            height,
            width,
            affine,
            mode,
            fill,
            gains,
            table,
            table_channels,
            out_words,
        )
    return out


def _pairs(source: Words, width: int) -> Words:
    """Each pixel of flat words and the one after it, as one word of twice the width.

    A view at all addresses, aligned or not, which numba reads with plain loads. The last pixel
    has no pair of its own: nothing begins there, as the four pixels read begin before it.
    """
    if width == 1 or source.size < 3:
        # One column reads a pixel to the right after all, if only for nothing. And numba would
        # compile another version for a single pair, which is always aligned.
        source = np.append(source, source[-2:])
    pairs = np.ndarray(
        (source.size - 1,), f"u{2 * source.itemsize}", buffer=source, strides=source.strides
    )
    pairs.flags.writeable = False  # numba compiles one version, for read-only arrays
    return pairs


def _warp_bits(
    image: NDArray[Any], affine: Affine, mode: int, cval: float, out: NDArray[Any]
) -> None:
    """Order 0 for any dtype, a channel at a time, as integers of the same size."""
    if image.dtype.itemsize not in {1, 2, 4, 8}:
        raise ValueError(f"order 0: expected a dtype of 1, 2, 4 or 8 bytes, got {image.dtype}")
    height, width, channels = image.shape
    bits = np.dtype(f"i{image.dtype.itemsize}")
    planes = np.ascontiguousarray(image).view(bits).reshape(-1, channels)
    planes.flags.writeable = False  # numba compiles one version, for read-only arrays
    fill = int(_rounded(cval, image.dtype).view(bits))
    for channel in range(channels):
        _warp_nearest(
            planes[:, channel],
            height,
            width,
            affine,
            mode,
            fill,
            _NO_TABLE,
            0,
            out.view(bits)[..., channel],
        )


def _warp_samples(
    image: NDArray[Any],
    affine: Affine,
    mode: int,
    cval: float,
    gains: NDArray[np.float64],
    out: NDArray[Any],
) -> None:
    """Order 1 for uint16 and float32."""
    if image.dtype not in (np.uint16, np.float32):
        raise ValueError(f"order 1: expected uint8, uint16 or float32, got {image.dtype}")
    fill = np.array([_rounded(cval * gain, image.dtype) for gain in gains], np.float64)
    top_level = 65535.0 if image.dtype == np.uint16 else 0.0
    source = np.ascontiguousarray(image).view()
    source.flags.writeable = False  # numba compiles one version, for read-only arrays
    _warp_deep(source, affine, mode, fill, gains, top_level, out)


def _rounded(level: float, dtype: np.dtype[Any]) -> np.generic:
    """A level in a dtype: integers round half up, and keep to their range."""
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        level = min(max(math.floor(level + 0.5), info.min), info.max)
    value: np.generic = dtype.type(level)
    return value
