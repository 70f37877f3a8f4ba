"""What a convolution with max pooling needs besides a matrix product: patches, and gradients.

Arrays are (images, height, width, channels), and of any floating dtype. A patch is a row of
`side * side * channels` values.
"""

from collections.abc import Callable
from functools import cache
from typing import TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

_jit = njit(nogil=True, cache=True, error_model="numpy")

Scalar = TypeVar("Scalar", bound=np.floating)
Floats = NDArray[np.floating]


@cache
def _copier(run: int, back: bool) -> Callable[..., None]:
    """What takes patches out of images into rows, or adds rows back to where they are from.

    Args:
        run: Values of a patch that lie side by side. There is a copier for each number: a loop
            whose length the compiler knows is twice as quick.
        back: Whether from rows to images.
    """

    @_jit
    def copy(images: Floats, side: int, stride: int, rows: Floats) -> None:
        number, height, width, channels = images.shape
        down, across = (height - side) // stride + 1, (width - side) // stride + 1
        row = 0
        for n in range(number):
            lines = images[n].reshape(height, width * channels)
            for i in range(down):
                for j in range(across):
                    left = j * stride * channels
                    for k in range(side):
                        line = lines[i * stride + k]
                        for m in range(run):
                            if back:
                                line[left + m] += rows[row, k * run + m]
                            else:
                                rows[row, k * run + m] = line[left + m]
                    row += 1

    copying: Callable[..., None] = copy
    return copying


@cache
def _adder(values: int) -> Callable[..., None]:
    """What adds up the patches that the highest responses come from, each times its gradient.

    Args:
        values: Of a patch: here, too, a loop of known length is quicker.
    """

    @_jit
    def add(gradient: Floats, rows: NDArray[np.int32], patches: Floats, out: Floats) -> None:
        for n in range(gradient.shape[0]):
            for f in range(gradient.shape[1]):
                factor = gradient[n, f]
                patch = patches[rows[n, f]]
                for k in range(values):
                    out[f, k] += factor * patch[k]

    adding: Callable[..., None] = add
    return adding


@_jit
def _pool(values: Floats, highest: Floats, rows: NDArray[np.int32]) -> None:
    number, height, width, filters = highest.shape
    across = 2 * width
    for n in range(number):
        for i in range(height):
            for j in range(width):
                first = (n * 2 * height + 2 * i) * across + 2 * j
                for f in range(filters):
                    best, row = values[first, f], first
                    for other in (first + 1, first + across, first + across + 1):
                        if values[other, f] > best:
                            best, row = values[other, f], other
                    highest[n, i, j, f] = best
                    rows[n, i, j, f] = row


@_jit
def _unpool(gradient: Floats, rows: NDArray[np.int32], out: Floats) -> None:
    for n in range(gradient.shape[0]):
        for f in range(gradient.shape[1]):
            out[rows[n, f], f] = gradient[n, f]


def patch_count(shape: tuple[int, ...], side: int, stride: int) -> int:
    """How many patches images of this shape have."""
    number, height, width = shape[:3]
    return number * ((height - side) // stride + 1) * ((width - side) // stride + 1)


def fill_patches(images: Floats, side: int, stride: int, out: Floats) -> None:
    """Every patch of some images, one image after the other, from the top left by rows.

    Args:
        images: (n, height, width, channels), contiguous.
        side: Height and width of a patch.
        stride: From one patch to the next, along both axes.
        out: (`patch_count`, side * side * channels), is filled.
    """
    _copier(side * images.shape[3], back=False)(images, side, stride, out)


def max_pooled(
    values: NDArray[Scalar], height: int, width: int
) -> tuple[NDArray[Scalar], NDArray[np.int32]]:
    """The highest of each 2 x 2, and which row of `values` it is from.

    Args:
        values: (n * height * width, filters): n images of responses, one after the other.
        height: Of each image, even.
        width: The same.

    Returns:
        Both (n, height / 2, width / 2, filters). Of equal values it is the first, by rows.
    """
    filters = values.shape[1]
    shape = (len(values) // (height * width), height // 2, width // 2, filters)
    highest, rows = np.empty(shape, values.dtype), np.empty(shape, np.int32)
    _pool(values, highest, rows)
    return highest, rows


def unpooled(gradient: NDArray[Scalar], rows: NDArray[np.int32], count: int) -> NDArray[Scalar]:
    """The gradient of `max_pooled`'s values, from that of its highest: 0 but where those are from.

    Args:
        gradient: (n * height / 2 * width / 2, filters).
        rows: Those that `max_pooled` gave, in the same shape.
        count: n * height * width.

    Returns:
        (count, filters).
    """
    out = np.zeros((count, gradient.shape[1]), gradient.dtype)
    _unpool(gradient, rows, out)
    return out


def fill_gradient_of_filters(
    gradient: Floats, rows: NDArray[np.int32], patches: Floats, out: Floats
) -> None:
    """The gradient of filters, from that of the highest of their responses.

    It is that of all responses, transposed, times the patches; but three of four responses have
    none, which a matrix product would not know.

    Args:
        gradient: (n * height / 2 * width / 2, filters).
        rows: Those that `max_pooled` gave, in the same shape: which patch each is from.
        patches: (count, values), contiguous.
        out: (filters, values), is filled.
    """
    out[:] = 0
    _adder(patches.shape[1])(gradient, rows, patches, out)


def sum_of_patches(
    patches: NDArray[Scalar], shape: tuple[int, ...], side: int, stride: int
) -> NDArray[Scalar]:
    """The gradient of images, from that of their patches: `fill_patches` the other way round.

    Args:
        patches: (`patch_count`, side * side * channels), contiguous.
        shape: Of the images: (n, height, width, channels).
        side: Height and width of a patch.
        stride: From one patch to the next, along both axes.

    Returns:
        Images in which each value is the sum of all places in patches that it was copied to.
    """
    out = np.zeros(shape, patches.dtype)
    _copier(side * shape[3], back=True)(out, side, stride, patches)
    return out
