"""Filters of 8-bit images: every pixel becomes a weighted sum of those around it.

Weights are whole numbers of 1/65536, so that sums are exact and the same on every CPU; a kernel
whose weights have the sum 1 leaves flat areas as they are. Filters see an image as rows of bytes,
`step` of them a pixel: the neighbour of a byte is `step` further on, whichever its channel, so all
loops run over plain bytes and vectorise.

Beyond its edges an image is mirrored about the centres of its outermost pixels (d c b | a b c d |
c b a), which is "mirror" of `scipy.ndimage` and BORDER_REFLECT_101 of OpenCV.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from augcli.kernels import packed

Bytes = NDArray[np.uint8]
Sums = NDArray[np.int32]
Row = NDArray[np.uint8] | NDArray[np.int16]

ONE = 1 << 16
"""The weight that takes a pixel as it is."""

LARGEST_BOX = 101
"""Pixels a side, up to which the mean of a box is rounded exactly."""

_HIGHEST_SUM = 127.0  # of absolute weights: 255 times it, in 1/65536, still fits 32 bits
_BETWEEN = 7  # bits after the point between the two passes of a separable filter

_jit = njit(nogil=True, cache=True, error_model="numpy")


def mirrored(length: int, reach: int) -> NDArray[np.intp]:
    """Which pixels of an axis stand at -reach, ..., length + reach - 1."""
    if length == 1:
        return np.zeros(1 + 2 * reach, np.intp)
    period = 2 * (length - 1)
    index = np.abs(np.arange(-reach, length + reach)) % period
    folded: NDArray[np.intp] = np.minimum(index, period - index)
    return folded


def rows_of_bytes(image: Bytes) -> Bytes:
    """An image (height, width, 1 to 4) as (height, width * step), read-only."""
    rows = packed.as_words(image).view(np.uint8)
    rows.flags.writeable = False  # numba compiles one version, for read-only arrays
    return rows


@_jit
def _pad(
    source: Bytes, rows: NDArray[np.intp], columns: NDArray[np.intp], reach: int, out: Bytes
) -> None:
    """Copies the bytes columns[0], columns[1], ... of the rows rows[0], rows[1], ..."""
    inner = source.shape[1]
    for i in range(out.shape[0]):
        row, left = source[rows[i]], out[i]
        middle, right = left[reach:], left[reach + inner :]
        for j in range(reach):
            left[j] = row[columns[j]]
            right[j] = row[columns[reach + inner + j]]
        for j in range(inner):
            middle[j] = row[j]


def padded(image: Bytes, rows: int, columns: int) -> Bytes:
    """An image as rows of bytes, with `rows` and `columns` of mirrored pixels around it."""
    height, width, _ = image.shape
    source = rows_of_bytes(image)
    step = source.shape[1] // width
    out = np.empty((height + 2 * rows, (width + 2 * columns) * step), np.uint8)
    pixels = mirrored(width, columns)
    columns_of_bytes = (pixels[:, None] * step + np.arange(step)).reshape(-1)
    _pad(source, mirrored(height, rows), columns_of_bytes, columns * step, out)
    return out


def new_image(like: Bytes) -> tuple[Bytes, Bytes]:
    """A new packed image of the shape of another one, and its memory as rows of bytes."""
    out = packed.empty(*like.shape)
    return out, packed.as_words(out).view(np.uint8)


def check_pixels(image: Bytes) -> None:
    """Raises ValueError unless `image` is uint8 (height, width, 1 to 4) and has pixels."""
    packed.check_image(image)
    if not image.size:
        raise ValueError("an image without pixels cannot be filtered")


def fixed_point(kernel: NDArray[np.float64]) -> NDArray[np.int32]:
    """Weights as whole numbers of 1/65536, whose sum is that of the kernel, rounded.

    What rounding adds to the sum or takes from it is made up for in the middle.
    """
    weights = np.floor(np.round(kernel * ONE, 6) + 0.5).astype(np.int32)
    middle = tuple(length // 2 for length in kernel.shape)
    weights[middle] += round(float(kernel.sum()) * ONE) - int(weights.sum())
    return weights


@_jit
def _set(sums: Sums, value: int) -> None:
    for j in range(sums.size):
        sums[j] = value


@_jit
def _start(sums: Sums, row: Row, weight: np.int32, value: np.int32) -> None:
    for j in range(sums.size):
        sums[j] = np.int32(row[j]) * weight + value


@_jit
def _add_pairs(
    sums: Sums,
    first: Row,
    last: Row,
    second: Row,
    last_but_one: Row,
    weight: np.int32,
    next_weight: np.int32,
) -> None:
    """Adds two pairs of rows, those of a pair under one weight."""
    for j in range(sums.size):
        sums[j] += (
            np.int32(np.int32(first[j]) + np.int32(last[j])) * weight
            + np.int32(np.int32(second[j]) + np.int32(last_but_one[j])) * next_weight
        )


@_jit
def _symmetric(source: Bytes, middle: np.int32, weights: Sums, step: int, out: Bytes) -> None:
    """Down the columns into a row of 16 bits, then along that row.

    `weights` are those of the neighbours, from the farthest to the nearest; their number is even,
    and `source` is padded as far as they reach.
    """
    length, inner = source.shape[1], out.shape[1]
    reach = weights.size
    sums = np.empty(length, np.int32)
    inner_sums = sums[:inner]
    row = np.empty(length, np.int16)
    down, along = np.int32(16 - _BETWEEN), np.int32(16 + _BETWEEN)
    for i in range(out.shape[0]):
        _start(sums, source[i + reach], middle, np.int32(1 << (15 - _BETWEEN)))
        for k in range(0, reach, 2):
            top, bottom = i + k, i + 2 * reach - k
            _add_pairs(
                sums,
                source[top],
                source[bottom],
                source[top + 1],
                source[bottom - 1],
                weights[k],
                weights[k + 1],
            )
        for j in range(length):
            row[j] = np.int16(sums[j] >> down)
        _start(inner_sums, row[reach * step :], middle, np.int32(1 << (15 + _BETWEEN)))
        for k in range(0, reach, 2):
            left, right = row[k * step :], row[(2 * reach - k) * step :]
            _add_pairs(
                inner_sums,
                left,
                right,
                left[step:],
                row[(2 * reach - k - 1) * step :],
                weights[k],
                weights[k + 1],
            )
        for j in range(inner):
            out[i, j] = np.uint8(inner_sums[j] >> along)


def symmetric(image: Bytes, kernel: NDArray[np.float64]) -> Bytes:
    """The image filtered down its columns and along its rows by one symmetric kernel.

    Args:
        image: uint8 (height, width, 1 to 4).
        kernel: float64 (2 * reach + 1,), none below 0, whose sum is 1.

    Returns:
        A new packed image; every channel is filtered.

    Raises:
        ValueError: An argument is not as said above.
    """
    check_pixels(image)
    is_symmetric = kernel.ndim == 1 and kernel.size % 2 == 1 and (kernel == kernel[::-1]).all()
    if not is_symmetric or kernel.min() < 0 or not abs(kernel.sum() - 1) < 1e-6:
        raise ValueError("kernel: expected an odd number of symmetric weights whose sum is 1")
    reach = kernel.size // 2
    side = fixed_point(kernel)[:reach]
    middle = np.int32(ONE - 2 * int(side.sum()))  # makes up for what rounding took
    weights = np.pad(side, (reach % 2, 0))
    out, rows = new_image(image)
    source = padded(image, weights.size, weights.size)
    _symmetric(source, middle, weights, rows.shape[1] // image.shape[1], rows)
    return out


@_jit
def _add_three(sums: Sums, a: Bytes, b: Bytes, c: Bytes, weights: Sums) -> None:
    """Adds three rows, each under its own weight."""
    weight_a, weight_b, weight_c = weights[0], weights[1], weights[2]
    for j in range(sums.size):
        sums[j] += np.int32(a[j]) * weight_a + np.int32(b[j]) * weight_b + np.int32(c[j]) * weight_c


@_jit
def _correlate(
    source: Bytes, rows: NDArray[np.intp], columns: NDArray[np.intp], weights: Sums, out: Bytes
) -> None:
    """Sums of source[i + rows[k], j + columns[k]] * weights[k]; in threes."""
    inner = out.shape[1]
    sums = np.empty(inner, np.int32)
    for i in range(out.shape[0]):
        _set(sums, ONE // 2)
        for k in range(0, weights.size, 3):
            _add_three(
                sums,
                source[i + rows[k]][columns[k] : columns[k] + inner],
                source[i + rows[k + 1]][columns[k + 1] : columns[k + 1] + inner],
                source[i + rows[k + 2]][columns[k + 2] : columns[k + 2] + inner],
                weights[k : k + 3],
            )
        for j in range(inner):
            value = sums[j] >> np.int32(16)
            out[i, j] = np.uint8(min(max(value, np.int32(0)), np.int32(255)))


def correlate(image: Bytes, kernel: NDArray[np.float64]) -> Bytes:
    """The image filtered by any kernel, rounded half up and cut to 0..255.

    Args:
        image: uint8 (height, width, 1 to 4).
        kernel: float64 (rows, columns), both odd: the weights of the pixels around one, from the
            upper left, as `scipy.ndimage.correlate`. Their absolute values have a sum up to 127.

    Returns:
        A new packed image; every channel is filtered.

    Raises:
        ValueError: An argument is not as said above.
    """
    check_pixels(image)
    if kernel.ndim != 2 or not all(length % 2 for length in kernel.shape):
        raise ValueError("kernel: expected an odd number of rows and of columns")
    if not np.abs(kernel).sum() <= _HIGHEST_SUM:
        raise ValueError(f"kernel: expected weights of an absolute sum up to {_HIGHEST_SUM:g}")
    out, out_rows = new_image(image)
    step = out_rows.shape[1] // image.shape[1]
    weights = fixed_point(kernel)
    rows, columns = np.nonzero(weights)
    missing = (0, -rows.size % 3)
    _correlate(
        padded(image, kernel.shape[0] // 2, kernel.shape[1] // 2),
        np.pad(rows, missing),
        np.pad(columns * step, missing),
        np.pad(weights[rows, columns], missing),
        out_rows,
    )
    return out


@_jit
def _box(source: Bytes, size: int, step: int, out: Bytes) -> None:
    """Sums of `size` rows are carried from row to row; those of columns are made by doubling."""
    length, inner = source.shape[1], out.shape[1]
    share = np.float32(1.0 / (size * size))
    carried = np.zeros(length, np.int32)
    windows, wider = np.empty(length, np.int32), np.empty(length, np.int32)
    sums = np.empty(inner, np.int32)
    for i in range(size - 1):
        for j in range(length):
            carried[j] += np.int32(source[i, j])
    for i in range(out.shape[0]):
        entering, leaving = source[i + size - 1], source[i]
        for j in range(length):
            windows[j] = carried[j] + np.int32(entering[j])
            carried[j] = windows[j] - np.int32(leaving[j])
        _set(sums, 0)
        done, width = 0, 1  # columns summed, and those in each of `windows`
        while done < size:
            if size & width:
                part = windows[done * step :]
                for j in range(inner):
                    sums[j] += part[j]
                done += width
            if done < size:
                ahead = windows[width * step :]
                for j in range(ahead.size):
                    wider[j] = windows[j] + ahead[j]
                windows, wider = wider, windows
                width *= 2
        for j in range(inner):
            out[i, j] = np.uint8(np.int32(np.float32(sums[j]) * share + np.float32(0.5)))


def box(image: Bytes, size: int) -> Bytes:
    """The mean of a square of pixels, rounded to nearest.

    Args:
        image: uint8 (height, width, 1 to 4).
        size: Pixels a side, odd, up to `LARGEST_BOX`.

    Returns:
        A new packed image; every channel is filtered.

    Raises:
        ValueError: An argument is not as said above.
    """
    check_pixels(image)
    if not 1 <= size <= LARGEST_BOX or size % 2 == 0:
        raise ValueError(f"size is {size}: expected an odd number up to {LARGEST_BOX}")
    out, rows = new_image(image)
    _box(padded(image, size // 2, size // 2), size, rows.shape[1] // image.shape[1], rows)
    return out


@_jit
def _exaggerate(
    image: Bytes, blurred: Bytes, amount: np.int32, threshold: np.int32, out: Bytes
) -> None:
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            value = np.int32(image[i, j])
            difference = np.int32(value - np.int32(blurred[i, j]))
            change = np.int32(np.int32(difference * amount + np.int32(ONE // 2)) >> np.int32(16))
            kept = np.int32(abs(difference) > threshold)
            sharp = np.int32(value + change * kept)
            out[i, j] = np.uint8(min(max(sharp, np.int32(0)), np.int32(255)))


def exaggerate(image: Bytes, blurred: Bytes, amount: float, threshold: int = 0) -> Bytes:
    """The image, drawn away from a blurred one: image + amount * (image - blurred).

    Args:
        image: uint8 (height, width, 1 to 4).
        blurred: uint8, of the same shape.
        amount: From -1, which gives the blurred one, to 100.
        threshold: Levels; where the two differ by no more, the image stays.

    Returns:
        A new packed image, rounded half up and cut to 0..255, every channel alike.

    Raises:
        ValueError: An argument is not as said above.
    """
    check_pixels(image)
    if blurred.shape != image.shape or blurred.dtype != np.uint8:
        raise ValueError(f"blurred: expected uint8 of shape {image.shape}")
    if not -1 <= amount <= 100:
        raise ValueError(f"amount is {amount}: expected -1 to 100")
    out, rows = new_image(image)
    _exaggerate(
        rows_of_bytes(image),
        rows_of_bytes(blurred),
        np.int32(round(amount * ONE)),
        np.int32(threshold),
        rows,
    )
    return out
