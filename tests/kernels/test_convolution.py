"""Patches, pooling, and their gradients, against SciPy and against what they have to add up to."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import signal
from support import ForAnyCpu

from augcli.kernels.convolution import (
    fill_gradient_of_filters,
    fill_patches,
    max_pooled,
    patch_count,
    sum_of_patches,
    unpooled,
)

Floats = NDArray[np.floating]

DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])
DRAWN = {
    "numbers": st.tuples(st.integers(1, 3), st.integers(0, 4), st.integers(0, 4)),
    "side": st.integers(1, 3),
    "stride": st.integers(1, 3),
    "channels": st.integers(1, 3),
    "seed": st.integers(0, 2**32 - 1),
}
"""Images of at least one patch: how many, and how far they go beyond that patch down and across."""


def patches_of(images: Floats, side: int, stride: int) -> Floats:
    count = patch_count(images.shape, side, stride)
    patches = np.full((count, side * side * images.shape[3]), np.nan, images.dtype)
    fill_patches(images, side, stride, patches)
    return patches


def drawn(
    rng: np.random.Generator, numbers: tuple[int, int, int], side: int, channels: int
) -> Floats:
    number, more_down, more_across = numbers
    return rng.standard_normal((number, side + more_down, side + more_across, channels))


@DTYPES
def test_patches_go_by_rows(dtype: type[np.floating]) -> None:
    """From left to right, then down; and the values of a patch do the same."""
    images = np.arange(9, dtype=dtype).reshape(1, 3, 3, 1)
    patches = patches_of(images, 2, 1)
    assert patches.dtype == dtype
    assert patches.tolist() == [[0, 1, 3, 4], [1, 2, 4, 5], [3, 4, 6, 7], [4, 5, 7, 8]]


def test_channels_of_a_pixel_stay_together() -> None:
    """The colours of the first pixel come first, then those of its neighbour on the right."""
    images = np.arange(12.0).reshape(1, 2, 3, 2)
    assert patches_of(images, 2, 1).tolist() == [
        [0, 1, 2, 3, 6, 7, 8, 9],
        [2, 3, 4, 5, 8, 9, 10, 11],
    ]


def test_strides_go_along_both_axes() -> None:
    """At every other pixel; what is left at the right and below is too little for a patch."""
    images = np.arange(20.0).reshape(1, 4, 5, 1)
    assert patches_of(images, 1, 2).ravel().tolist() == [0, 2, 4, 10, 12, 14]
    assert patches_of(images, 3, 2)[:, 0].tolist() == [0, 2]


def test_one_image_follows_the_other() -> None:
    """All patches of the first image come before those of the second."""
    images = np.arange(8.0).reshape(2, 1, 4, 1)
    assert patches_of(images, 1, 3).ravel().tolist() == [0, 3, 4, 7]


@pytest.mark.parametrize(
    ("shape", "side", "stride", "count"),
    [
        ((1, 3, 3, 1), 3, 1, 1),
        ((2, 3, 4, 9), 2, 1, 12),
        ((1, 28, 28, 3), 5, 2, 144),
        ((5, 4, 6, 1), 3, 2, 10),
        ((0, 4, 6, 1), 3, 2, 0),
        ((1, 2, 9, 1), 3, 1, 0),
    ],
)
def test_patch_count(shape: tuple[int, ...], side: int, stride: int, count: int) -> None:
    """One more along an axis than strides fit between the first patch and the edge."""
    assert patch_count(shape, side, stride) == count


@given(**DRAWN)
def test_patches_times_filters_are_a_convolution(
    numbers: tuple[int, int, int], side: int, stride: int, channels: int, seed: int
) -> None:
    """The product is SciPy's correlation, of which a stride skips responses."""
    rng = np.random.default_rng(seed)
    images = drawn(rng, numbers, side, channels)
    filters = rng.standard_normal((2, side, side, channels))
    responses = patches_of(images, side, stride) @ filters.reshape(2, -1).T
    expected = [
        np.stack([signal.correlate(image, kernel, "valid")[..., 0] for kernel in filters], -1)
        for image in images
    ]
    strided = np.array(expected)[:, ::stride, ::stride].reshape(-1, 2)
    np.testing.assert_allclose(responses, strided, rtol=0, atol=1e-12)


@DTYPES
def test_the_highest_of_four(dtype: type[np.floating]) -> None:
    """Each 2 x 2 gives its highest value and that one's row, wherever in the square it is."""
    values = np.array([[9, 1, 0, 0], [1, 1, 0, 7], [1, 1, -4, -3], [1, 6, -2, -1]], dtype)
    highest, rows = max_pooled(values.reshape(16, 1), 4, 4)
    assert highest.dtype == dtype
    assert highest.shape == rows.shape == (1, 2, 2, 1)
    assert highest.ravel().tolist() == [9, 7, 6, -1]
    assert rows.ravel().tolist() == [0, 7, 13, 15]


def test_of_equal_values_the_first_is_taken() -> None:
    """All four the same, or the last three; and 0 is not above -0."""
    values = np.array([[2.0, 1.0, -0.0], [2.0, 3.0, 0.0], [2.0, 3.0, 0.0], [2.0, 3.0, 0.0]])
    highest, rows = max_pooled(values, 2, 2)
    assert highest.ravel().tolist() == [2, 3, 0]
    assert rows.ravel().tolist() == [0, 1, 0]


def test_rows_are_counted_through_all_images() -> None:
    """Images of 2 x 4 begin at rows 0 and 8, and each filter has rows of its own."""
    values = np.zeros((16, 2))
    values[[1, 6, 8, 15], 0] = 5
    values[[4, 3, 13, 10], 1] = 6
    highest, rows = max_pooled(values, 2, 4)
    assert highest.shape == (2, 1, 2, 2)
    assert highest[..., 0].ravel().tolist() == [5] * 4
    assert highest[..., 1].ravel().tolist() == [6] * 4
    assert rows[..., 0].ravel().tolist() == [1, 6, 8, 15]
    assert rows[..., 1].ravel().tolist() == [4, 3, 13, 10]


@given(
    number=st.integers(1, 3),
    height=st.integers(1, 3).map(lambda half: 2 * half),
    width=st.integers(1, 3).map(lambda half: 2 * half),
    seed=st.integers(0, 2**32 - 1),
)
def test_pooling_is_numpys_maximum(number: int, height: int, width: int, seed: int) -> None:
    """The highest are those NumPy finds, and each is in the row that is named."""
    values = np.random.default_rng(seed).integers(0, 4, (number * height * width, 3)).astype(float)
    highest, rows = max_pooled(values, height, width)
    squares = values.reshape(number, height // 2, 2, width // 2, 2, 3)
    assert np.array_equal(highest, squares.max(axis=(2, 4)))
    assert np.array_equal(values[rows, np.arange(3)], highest)


@DTYPES
def test_gradients_go_where_the_highest_came_from(dtype: type[np.floating]) -> None:
    """To its row and filter; all others are 0."""
    gradient = np.array([[1, 2], [3, 4]], dtype)
    responses = unpooled(gradient, np.array([[3, 0], [4, 7]], np.int32), 8)
    assert responses.dtype == dtype
    assert responses[:, 0].tolist() == [0, 0, 0, 1, 3, 0, 0, 0]
    assert responses[:, 1].tolist() == [2, 0, 0, 0, 0, 0, 0, 4]


@DTYPES
def test_filters_gain_the_patches_that_gave_the_highest(dtype: type[np.floating]) -> None:
    """Each patch times the gradient; what was in the place before is gone."""
    patches = np.array([[1, 10], [2, 20], [3, 30]], dtype)
    out = np.full((2, 2), 7, dtype)
    gradient = np.array([[1, 2], [-4, 0.5]], dtype)
    fill_gradient_of_filters(gradient, np.array([[0, 2], [1, 0]], np.int32), patches, out)
    assert out.tolist() == [[1 - 8, 10 - 80], [6 + 0.5, 60 + 5]]


@given(
    number=st.integers(0, 3),
    filters=st.integers(1, 4),
    values=st.integers(1, 5),
    seed=st.integers(0, 2**32 - 1),
)
def test_gradients_of_filters_are_a_product(
    number: int, filters: int, values: int, seed: int
) -> None:
    """That of all responses, 0 but where they were the highest, with the patches."""
    rng = np.random.default_rng(seed)
    responses = rng.standard_normal((16 * number, filters))
    patches = rng.standard_normal((16 * number, values))
    highest, rows = max_pooled(responses, 4, 4)
    gradient, places = highest.reshape(-1, filters), rows.reshape(-1, filters)
    out = np.empty((filters, values))
    fill_gradient_of_filters(gradient, places, patches, out)
    expected = unpooled(gradient, places, len(patches)).T @ patches
    np.testing.assert_allclose(out, expected, rtol=0, atol=1e-12)


@DTYPES
def test_what_patches_share_is_summed(dtype: type[np.floating]) -> None:
    """Of four patches of 2 x 2 the middle pixel is in all, a corner in one."""
    image = sum_of_patches(np.ones((4, 4), dtype), (1, 3, 3, 1), 2, 1)
    assert image.dtype == dtype
    assert image[0, :, :, 0].tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]


def test_what_no_patch_saw_has_no_gradient() -> None:
    """Between patches, and at the edge where none fits, there is 0."""
    image = sum_of_patches(np.array([[5.0], [6.0], [7.0], [8.0]]), (2, 1, 4, 1), 1, 2)
    assert image[:, 0, :, 0].tolist() == [[5, 0, 6, 0], [7, 0, 8, 0]]


@given(**DRAWN)
def test_the_sum_is_the_adjoint(
    numbers: tuple[int, int, int], side: int, stride: int, channels: int, seed: int
) -> None:
    """The product of an image's patches with others is that of the image with their sum."""
    rng = np.random.default_rng(seed)
    images = drawn(rng, numbers, side, channels)
    patches = patches_of(images, side, stride)
    others = rng.standard_normal(patches.shape)
    summed = sum_of_patches(others, images.shape, side, stride)
    assert np.vdot(patches, others) == pytest.approx(np.vdot(images, summed), abs=1e-10)


def digest_of_gradients() -> str:
    """A digest of what the kernels make of random images, there and back."""
    images = np.random.default_rng(0).standard_normal((3, 12, 10, 4)).astype(np.float32)
    patches = patches_of(images, 3, 1)
    highest, rows = max_pooled(patches, 10, 8)
    back = unpooled(highest.reshape(-1, 36), rows.reshape(-1, 36), len(patches))
    summed = sum_of_patches(back, images.shape, 3, 1)
    filters = np.empty((36, 36), np.float32)
    fill_gradient_of_filters(highest.reshape(-1, 36), rows.reshape(-1, 36), patches, filters)
    found = (patches, highest, summed, filters)
    return hashlib.sha256(b"".join(array.tobytes() for array in found)).hexdigest()


def test_every_cpu_gives_the_same_gradients(for_any_cpu: ForAnyCpu) -> None:
    """Compiled for any CPU of this kind, and for this very one, the kernels give equal bytes."""
    assert for_any_cpu(digest_of_gradients) == digest_of_gradients()
