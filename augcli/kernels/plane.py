"""Warps that no affine matrix can say: by a perspective, and by a field of coordinates.

Both give, for each pixel of the result, the row and column of the input that it shows, as
`scipy.ndimage.map_coordinates` takes them. They are float32, which is exact to 1/2048 of a pixel
in images up to 8192 pixels a side. Bilinear interpolation does a run of columns in loops over
plain arrays (where to read, read, blend), the first and last of which vectorise; the few pixels
beyond the edges are mended one by one.
"""

import math
from typing import Any, cast

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from augcli.kernels import packed
from augcli.kernels.edges import (
    CONSTANT,
    MODES,
    NEAREST,
    FillMode,
    nearest_index,
    neighbours,
)

FARTHEST = 1e-9
"""The least w of a projective warp: what has less, or is behind the viewer, is seen as so far."""

_FAR = 1e9  # pixels: no coordinate is larger
_BLOCK = 256  # columns done at a time: scratch rows stay in the cache

Words = NDArray[np.unsignedinteger]
Row = NDArray[np.float32]
Nine = tuple[float, float, float, float, float, float, float, float, float]
"""The numbers of a (3, 3) matrix, row by row."""
Scratch = tuple[
    NDArray[np.uint32],
    Row,
    Row,
    NDArray[np.int32],
    NDArray[np.int32],
    NDArray[np.int32],
    NDArray[np.int32],
]
"""Upper left corner, how far below and right of it, and the four pixels, of a run of columns."""

_jit = njit(nogil=True, cache=True, error_model="numpy")


@_jit
def _are_near(coordinates: NDArray[np.float32]) -> bool:
    """Whether all are numbers, up to `_FAR`."""
    far = np.float32(_FAR)
    count = np.int32(0)
    for i in range(coordinates.shape[0]):
        for j in range(coordinates.shape[1]):
            count += np.int32(abs(coordinates[i, j]) <= far)
    return bool(count == coordinates.size)


@_jit
def _project(matrix: Nine, i: int, start: int, rows: Row, columns: Row) -> None:
    """The input coordinates of pixels start, start + 1, ... of row `i`."""
    m00, m01, m02, m10, m11, m12, m20, m21, m22 = matrix
    y0 = m00 * np.float64(i) + m02
    x0 = m10 * np.float64(i) + m12
    depth0 = m20 * np.float64(i) + m22
    for j in range(rows.size):
        column = np.float64(np.int32(start + j))
        nearness = 1.0 / max(depth0 + m21 * column, FARTHEST)
        y, x = (y0 + m01 * column) * nearness, (x0 + m11 * column) * nearness
        rows[j] = np.float32(min(max(y, -_FAR), _FAR))
        columns[j] = np.float32(min(max(x, -_FAR), _FAR))


@_jit
def _is_outside(y: np.float32, x: np.float32, height: int, width: int) -> bool:
    return bool(y < 0.0 or y > height - 1.0 or x < 0.0 or x > width - 1.0)


@_jit
def _count_outside(rows: Row, columns: Row, height: int, width: int) -> int:
    y_max, x_max = np.float32(height - 1), np.float32(width - 1)
    zero = np.float32(0.0)
    count = np.int32(0)
    for j in range(rows.size):
        y, x = rows[j], columns[j]
        count += np.int32((y < zero) | (y > y_max) | (x < zero) | (x > x_max))
    return int(count)


@_jit
def _locate(rows: Row, columns: Row, height: int, width: int, scratch: Scratch) -> None:
    """Upper left of the four pixels each column reads, and how far below and right of it.

    The last row and column read (length - 2, + 1.0), so that the four are always there.
    """
    corner, fy, fx = scratch[0], scratch[1], scratch[2]
    y_max, x_max = np.float32(height - 1), np.float32(width - 1)
    zero = np.float32(0.0)
    last_row, last_column = np.int32(max(height - 2, 0)), np.int32(max(width - 2, 0))
    for j in range(rows.size):
        y = min(max(rows[j], zero), y_max)
        x = min(max(columns[j], zero), x_max)
        row = min(np.int32(y), last_row)
        column = min(np.int32(x), last_column)
        fy[j] = y - np.float32(row)
        fx[j] = x - np.float32(column)
        corner[j] = np.uint32(row * np.int32(width) + column)


@_jit
def _gather(source: Words, count: int, height: int, width: int, scratch: Scratch) -> None:
    """The pixel at each corner, and its neighbours to the right, below, and both."""
    corner, _, _, upper_left, upper_right, lower_left, lower_right = scratch
    right = np.uint32(1 if width > 1 else 0)
    below = np.uint32(width if height > 1 else 0)
    for j in range(count):
        k = corner[j]
        upper_left[j] = source[k]
        upper_right[j] = source[k + right]
        lower_left[j] = source[k + below]
        lower_right[j] = source[k + below + right]


@_jit
def _gather_outside(
    source: Words, rows: Row, columns: Row, height: int, width: int, mode: int, scratch: Scratch
) -> None:
    """`_locate` and `_gather` of the pixels outside, led back into the image."""
    _, fy, fx, upper_left, upper_right, lower_left, lower_right = scratch
    for j in range(rows.size):
        y, x = rows[j], columns[j]
        if _is_outside(y, x, height, width):
            top, bottom, fy[j] = neighbours(np.float64(y), height, mode)
            left, right, fx[j] = neighbours(np.float64(x), width, mode)
            upper_left[j] = source[np.uint32(top * width + left)]
            upper_right[j] = source[np.uint32(top * width + right)]
            lower_left[j] = source[np.uint32(bottom * width + left)]
            lower_right[j] = source[np.uint32(bottom * width + right)]


@_jit
def _mixed(
    p: np.int32,
    q: np.int32,
    r: np.int32,
    s: np.int32,
    shift: int,
    weights: tuple[np.float32, np.float32, np.float32, np.float32],
) -> np.int32:
    """One channel of one pixel: its four corners weighted, and rounded half up.

    `shift` is a plain int: by an np.int32, the loop is compiled to half its speed.
    """
    value = (
        weights[0] * np.float32((p >> shift) & 255)
        + weights[1] * np.float32((q >> shift) & 255)
        + weights[2] * np.float32((r >> shift) & 255)
        + weights[3] * np.float32((s >> shift) & 255)
    )
    return np.int32(min(value, np.float32(255.0)) + np.float32(0.5))


@_jit
def _weights(
    below: np.float32, right: np.float32
) -> tuple[np.float32, np.float32, np.float32, np.float32]:
    """Shares of the upper left, upper right, lower left and lower right pixel."""
    both = below * right
    return np.float32(1.0) - right - (below - both), right - both, below - both, both


@_jit
def _blend(channels: int, scratch: Scratch, out: Words) -> None:
    """A run of pixels, each of its four neighbours."""
    _, fy, fx, p, q, r, s = scratch
    if channels == 3:  # in one loop, since they share their weights
        for j in range(out.size):
            weights = _weights(fy[j], fx[j])
            red = _mixed(p[j], q[j], r[j], s[j], 0, weights)
            green = _mixed(p[j], q[j], r[j], s[j], 8, weights)
            blue = _mixed(p[j], q[j], r[j], s[j], 16, weights)
            out[j] = red | green << np.int32(8) | blue << np.int32(16)
        return
    for j in range(out.size):
        out[j] = _mixed(p[j], q[j], r[j], s[j], 0, _weights(fy[j], fx[j]))
    for channel in range(1, channels):
        for j in range(out.size):
            value = _mixed(p[j], q[j], r[j], s[j], 8 * channel, _weights(fy[j], fx[j]))
            out[j] |= value << np.int32(8 * channel)


@_jit
def _fill_outside(
    rows: Row, columns: Row, height: int, width: int, fill: np.uint64, out: Words
) -> None:
    for j in range(out.size):
        if _is_outside(rows[j], columns[j], height, width):
            out[j] = fill


@_jit
def _scratch(length: int) -> Scratch:
    return (
        np.empty(length, np.uint32),
        np.empty(length, np.float32),
        np.empty(length, np.float32),
        np.empty(length, np.int32),
        np.empty(length, np.int32),
        np.empty(length, np.int32),
        np.empty(length, np.int32),
    )


@_jit
def _bilinear_run(
    source: Words,
    height: int,
    width: int,
    rows: Row,
    columns: Row,
    mode: int,
    fill: np.uint64,
    channels: int,
    scratch: Scratch,
    out: Words,
) -> None:
    """Order 1 for a run of columns of one row."""
    _locate(rows, columns, height, width, scratch)
    _gather(source, rows.size, height, width, scratch)
    has_outside = mode != NEAREST and _count_outside(rows, columns, height, width) > 0
    if has_outside and mode != CONSTANT:
        _gather_outside(source, rows, columns, height, width, mode, scratch)
    _blend(channels, scratch, out)
    if has_outside and mode == CONSTANT:
        _fill_outside(rows, columns, height, width, fill, out)


@_jit
def _nearest_run(
    source: Words,
    height: int,
    width: int,
    rows: Row,
    columns: Row,
    mode: int,
    fill: np.uint64,
    index: NDArray[np.uint32],
    out: Words,
) -> None:
    """Order 0 for a run of columns of one row."""
    y_max, x_max = np.float64(height - 1), np.float64(width - 1)
    for j in range(rows.size):
        row = np.int32(min(max(np.float64(rows[j]), 0.0), y_max) + 0.5)
        column = np.int32(min(max(np.float64(columns[j]), 0.0), x_max) + 0.5)
        index[j] = np.uint32(row * np.int32(width) + column)
    for j in range(rows.size):
        out[j] = source[index[j]]
    if mode == NEAREST or _count_outside(rows, columns, height, width) == 0:
        return
    if mode == CONSTANT:
        _fill_outside(rows, columns, height, width, fill, out)
        return
    for j in range(rows.size):
        if _is_outside(rows[j], columns[j], height, width):
            folded_row = nearest_index(np.float64(rows[j]), height, mode)
            folded_column = nearest_index(np.float64(columns[j]), width, mode)
            out[j] = source[np.uint32(folded_row * width + folded_column)]


@_jit
def _field_bilinear(
    source: Words,
    height: int,
    width: int,
    rows: NDArray[np.float32],
    columns: NDArray[np.float32],
    mode: int,
    fill: np.uint64,
    channels: int,
    out: Words,
) -> None:
    scratch = _scratch(_BLOCK)
    for start in range(0, out.shape[1], _BLOCK):
        run = slice(start, min(start + _BLOCK, out.shape[1]))
        for i in range(out.shape[0]):
            _bilinear_run(
                source,
                height,
                width,
                rows[i, run],
                columns[i, run],
                mode,
                fill,
                channels,
                scratch,
                out[i, run],
            )


@_jit
def _field_nearest(
    source: Words,
    height: int,
    width: int,
    rows: NDArray[np.float32],
    columns: NDArray[np.float32],
    mode: int,
    fill: np.uint64,
    out: Words,
) -> None:
    index = np.empty(out.shape[1], np.uint32)
    for i in range(out.shape[0]):
        _nearest_run(source, height, width, rows[i], columns[i], mode, fill, index, out[i])


@_jit
def _projective_bilinear(
    source: Words,
    height: int,
    width: int,
    matrix: Nine,
    mode: int,
    fill: np.uint64,
    channels: int,
    out: Words,
) -> None:
    scratch = _scratch(_BLOCK)
    rows, columns = np.empty(_BLOCK, np.float32), np.empty(_BLOCK, np.float32)
    for start in range(0, out.shape[1], _BLOCK):
        stop = min(start + _BLOCK, out.shape[1])
        y, x = rows[: stop - start], columns[: stop - start]
        for i in range(out.shape[0]):
            _project(matrix, i, start, y, x)
            _bilinear_run(
                source, height, width, y, x, mode, fill, channels, scratch, out[i, start:stop]
            )


@_jit
def _projective_nearest(
    source: Words, height: int, width: int, matrix: Nine, mode: int, fill: np.uint64, out: Words
) -> None:
    index = np.empty(out.shape[1], np.uint32)
    rows, columns = np.empty(out.shape[1], np.float32), np.empty(out.shape[1], np.float32)
    for i in range(out.shape[0]):
        _project(matrix, i, 0, rows, columns)
        _nearest_run(source, height, width, rows, columns, mode, fill, index, out[i])


def warp_field(
    image: NDArray[Any],
    rows: NDArray[np.float32],
    columns: NDArray[np.float32],
    *,
    order: int = 1,
    fill_mode: FillMode = "nearest",
    cval: float = 0.0,
) -> NDArray[Any]:
    """A warp by a field: pixel (i, j) of the result is read at (rows[i, j], columns[i, j]).

    Order 0 equals `scipy.ndimage.map_coordinates`; order 1 is its float64 result, rounded half
    up, within one level.

    Args:
        image: (height, width, channels). Order 0 takes any dtype of 1, 2, 4 or 8 bytes, order 1
            uint8 of 1 to 4 channels. Packed uint8 (see `packed`) is read without a copy.
        rows: float32, of the result's height and width: input rows, in pixels, within 1e9.
        columns: The same of input columns.
        order: 0 takes the nearest pixel, 1 interpolates linearly.
        fill_mode: What is read outside: "nearest", "reflect" and "constant" as scipy names
            them; "wrap" is scipy's "grid-wrap".
        cval: Level outside for "constant", of every channel.

    Returns:
        Pixels of the image's dtype and channels; a uint8 image is packed.

    Raises:
        ValueError: An argument is not as said above, or `image` has no pixels or 2**31 of them.
    """
    mode = _checked_mode(image, order, fill_mode, cval)
    if rows.shape != columns.shape or rows.ndim != 2 or not rows.size:
        raise ValueError(f"rows {rows.shape}, columns {columns.shape}: expected one shape (h, w)")
    rows = np.ascontiguousarray(rows, np.float32)
    columns = np.ascontiguousarray(columns, np.float32)
    if not (_are_near(rows) and _are_near(columns)):
        raise ValueError(f"rows and columns: expected numbers from -{_FAR:g} to {_FAR:g}")
    height, width, channels = image.shape
    if order == 1:
        source, out, result = _uint8_words(image, rows.shape)
        fill = fill_word(cval, channels)
        _field_bilinear(source, height, width, rows, columns, mode, fill, channels, out)
        return result
    planes = _Planes(image, cval, rows.shape)
    for source, out in zip(planes.sources, planes.outs, strict=True):
        _field_nearest(source, height, width, rows, columns, mode, planes.fill, out)
    return planes.result


def warp_projective(
    image: NDArray[Any],
    matrix: ArrayLike,
    *,
    out_shape: tuple[int, int] | None = None,
    order: int = 1,
    fill_mode: FillMode = "nearest",
    cval: float = 0.0,
) -> NDArray[Any]:
    """A warp with a perspective: pixel (row, column) of the result is read at y / w, x / w.

    Here (y, x, w) = matrix @ (row, column, 1). What w does not leave before the viewer is read
    as from very far away.

    Args:
        image: As `warp_field` takes it.
        matrix: (3, 3), of numbers within 1e30.
        out_shape: Height and width of the result; those of `image` when left out.
        order: 0 takes the nearest pixel, 1 interpolates linearly.
        fill_mode: As in `warp_field`.
        cval: As in `warp_field`.

    Returns:
        Pixels of the image's dtype and channels; a uint8 image is packed.

    Raises:
        ValueError: An argument is not as said above, or `image` has no pixels or 2**31 of them.
    """
    mode = _checked_mode(image, order, fill_mode, cval)
    numbers = np.asarray(matrix, np.float64)
    if numbers.shape != (3, 3) or not (np.abs(numbers) <= 1e30).all():
        raise ValueError("matrix: expected 3 x 3 numbers from -1e30 to 1e30")
    shape = (image.shape[0], image.shape[1]) if out_shape is None else out_shape
    if min(shape) < 1:
        raise ValueError(f"out_shape is {shape}: expected 1 or more")
    nine = cast(Nine, tuple(numbers.ravel().tolist()))
    height, width, channels = image.shape
    if order == 1:
        source, out, result = _uint8_words(image, shape)
        fill = fill_word(cval, channels)
        _projective_bilinear(source, height, width, nine, mode, fill, channels, out)
        return result
    planes = _Planes(image, cval, shape)
    for source, out in zip(planes.sources, planes.outs, strict=True):
        _projective_nearest(source, height, width, nine, mode, planes.fill, out)
    return planes.result


def _checked_mode(image: NDArray[Any], order: int, fill_mode: FillMode, cval: float) -> int:
    """The number of a fill mode, if everything else is in order too."""
    if image.ndim != 3 or image.size == 0 or image.shape[0] * image.shape[1] >= 2**31:
        raise ValueError(f"cannot warp an image of shape {image.shape}")
    if order not in {0, 1}:
        raise ValueError(f"order is {order}: expected 0 or 1")
    if fill_mode not in MODES:
        raise ValueError(f"fill_mode is {fill_mode!r}: expected one of {', '.join(MODES)}")
    if not math.isfinite(cval):
        raise ValueError(f"cval is {cval}: expected a finite number")
    return MODES[fill_mode]


def _uint8_words(
    image: NDArray[Any], shape: tuple[int, ...]
) -> tuple[Words, Words, NDArray[np.uint8]]:
    """The image's pixels as flat words, those of a new image of `shape`, and that image."""
    packed.check_image(image)
    height, width = shape
    result = packed.empty(height, width, image.shape[2])
    source = packed.as_words(image).reshape(-1)
    source.flags.writeable = False  # numba compiles one version, for read-only arrays
    return source, packed.as_words(result), result


def fill_word(cval: float, channels: int) -> np.uint64:
    """A packed pixel of `cval`."""
    level = int(rounded(cval, np.dtype(np.uint8)))
    return np.uint64(int.from_bytes([level] * channels, "little"))


class _Planes:
    """What order 0 reads and writes: an image's words, or one plane of integers a channel."""

    def __init__(self, image: NDArray[Any], cval: float, shape: tuple[int, ...]) -> None:
        channels = image.shape[2]
        self.result: NDArray[Any]
        if image.dtype == np.uint8 and channels <= 4:
            source, out, self.result = _uint8_words(image, shape)
            self.sources, self.outs = [source], [out]
            self.fill = fill_word(cval, channels)
            return
        if image.dtype.itemsize not in {1, 2, 4, 8}:
            raise ValueError(f"expected a dtype of 1, 2, 4 or 8 bytes, got {image.dtype}")
        bits = np.dtype(f"u{image.dtype.itemsize}")
        # Channels stand one after the other, so that each is a plane in one piece.
        planes = np.ascontiguousarray(image.transpose(2, 0, 1)).view(bits)
        planes = planes.reshape(channels, -1)
        planes.flags.writeable = False  # numba compiles one version, for read-only arrays
        outs = np.empty((channels, *shape), bits)
        self.sources, self.outs = list(planes), list(outs)
        self.fill = np.uint64(rounded(cval, image.dtype).view(bits))
        self.result = outs.view(image.dtype).transpose(1, 2, 0)


def rounded(level: float, dtype: np.dtype[Any]) -> np.generic:
    """A level in a dtype: integers round half up, and keep to their range."""
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        level = min(max(math.floor(level + 0.5), info.min), info.max)
    value: np.generic = dtype.type(level)
    return value
