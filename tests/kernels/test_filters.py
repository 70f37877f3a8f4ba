"""Filters of 8-bit images, against SciPy's on floats."""

import hashlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from scipy import ndimage
from support import ForAnyCpu

from augcli.kernels import filters, medians, packed

IMAGES = st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 4)).flatmap(
    lambda shape: hnp.arrays(np.uint8, shape, elements=st.integers(0, 255))
)
BELL = np.array([1.0, 4, 6, 4, 1]) / 16


def by_planes(image: NDArray[np.uint8], plane_filter: Any) -> NDArray[np.float64]:
    """Each channel through a filter of floats, cut to 0..255 and not rounded."""
    planes = [plane_filter(image[..., k].astype(float)) for k in range(image.shape[2])]
    return np.clip(np.stack(planes, axis=-1), 0, 255)


def row_of(levels: list[int]) -> NDArray[np.uint8]:
    return np.array(levels, np.uint8)[None, :, None]


@pytest.mark.parametrize(("length", "reach"), [(1, 3), (2, 5), (3, 2), (4, 9)])
def test_mirrored_is_numpys_reflect(length: int, reach: int) -> None:
    """Pixels come back from the edge, however far, without the outermost one twice."""
    expected = np.pad(np.arange(length), reach, mode="reflect")
    assert filters.mirrored(length, reach).tolist() == expected.tolist()


def test_fixed_point_keeps_the_sum() -> None:
    """Three thirds are one; the middle has what rounding takes."""
    assert filters.fixed_point(np.full(3, 1 / 3)).tolist() == [21845, 21846, 21845]
    assert filters.fixed_point(np.array([[-0.5, 2.0, -0.5]])).tolist() == [[-32768, 131072, -32768]]


def test_symmetric_spreads_a_point() -> None:
    """One white pixel becomes the kernel: 255 * (4/16) * (6/16) = 24."""
    image = np.zeros((5, 7, 1), np.uint8)
    image[2, 3] = 255
    assert filters.symmetric(image, BELL)[1].ravel().tolist() == [0, 4, 16, 24, 16, 4, 0]


@given(image=IMAGES, reach=st.integers(0, 12), data=st.data())
def test_symmetric_is_scipys(image: NDArray[np.uint8], reach: int, data: st.DataObject) -> None:
    """Whatever the kernel and the image, every channel is SciPy's within a level."""
    side = data.draw(hnp.arrays(np.float64, reach, elements=st.floats(0, 1)))
    kernel = np.array([*side, 1.0, *side[::-1]])
    kernel /= kernel.sum()
    expected = by_planes(
        image,
        lambda plane: ndimage.correlate1d(
            ndimage.correlate1d(plane, kernel, axis=0, mode="mirror"), kernel, axis=1, mode="mirror"
        ),
    )
    assert np.abs(filters.symmetric(image, kernel) - expected).max() <= 0.52


@given(
    image=IMAGES,
    kernel=hnp.arrays(
        np.float64, st.sampled_from([(1, 1), (3, 3), (1, 7), (5, 3)]), elements=st.floats(-4, 4)
    ),
)
def test_correlate_is_scipys(image: NDArray[np.uint8], kernel: NDArray[np.float64]) -> None:
    """Whatever the kernel, every channel is SciPy's within a level, cut to 0..255."""
    expected = by_planes(image, lambda plane: ndimage.correlate(plane, kernel, mode="mirror"))
    assert np.abs(filters.correlate(image, kernel) - expected).max() <= 0.6


@given(image=IMAGES, size=st.sampled_from([1, 3, 5, 7, 11, 101]))
def test_box_is_the_exact_mean(image: NDArray[np.uint8], size: int) -> None:
    """Sums of whole squares, divided and rounded to nearest; there are no ties."""
    sums = by_planes(image, lambda plane: plane)
    for k in range(image.shape[2]):
        square = np.pad(sums[..., k].astype(int), size // 2, mode="reflect")
        windows = np.lib.stride_tricks.sliding_window_view(square, (size, size))
        sums[..., k] = (2 * windows.sum((2, 3)) + size**2) // (2 * size**2)
    assert np.array_equal(filters.box(image, size), sums)


@pytest.mark.parametrize("level", [0, 1, 127, 254, 255])
def test_flat_areas_stay_flat(level: int) -> None:
    """However many weights there are, and however small: their sum is exactly 1."""
    image = np.full((6, 7, 3), level, np.uint8)
    for sigma in (0.4, 2.0, 50.0):
        reach = int(4 * sigma + 0.5)
        bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
        assert (filters.symmetric(image, bell / bell.sum()) == level).all()
    assert (filters.correlate(image, np.full((21, 21), 1 / 441)) == level).all()
    assert (filters.box(image, 101) == level).all()


def test_exaggerate_draws_away_from_the_blurred() -> None:
    """Differences of +20, -20, +2 and 0, and half as much again; below the threshold nothing."""
    image, blurred = row_of([120, 80, 100, 250]), row_of([100, 100, 98, 250])
    assert filters.exaggerate(image, blurred, 0.5).ravel().tolist() == [130, 70, 101, 250]
    assert filters.exaggerate(image, blurred, 10.0, 2).ravel().tolist() == [255, 0, 100, 250]
    assert filters.exaggerate(image, blurred, -1.0).ravel().tolist() == blurred.ravel().tolist()


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_results_are_packed_and_sources_untouched(channels: int) -> None:
    """New images in the packed layout, from images in any layout, read-only ones too."""
    image = np.arange(5 * 6 * channels, dtype=np.uint8).reshape(5, 6, channels)[::-1, ::2]
    before = image.copy()
    image.flags.writeable = False
    results = [
        filters.symmetric(image, BELL),
        filters.correlate(image, np.eye(3) / 3),
        filters.box(image, 3),
        filters.exaggerate(image, image, 1.0),
    ]
    assert all(packed.is_packed(result) for result in results)
    assert all(result.shape == image.shape for result in results)
    assert np.array_equal(image, before)


@pytest.mark.parametrize(
    "call",
    [
        lambda image: filters.symmetric(image, np.array([0.5, 0.5])),
        lambda image: filters.symmetric(image, np.array([0.5, 0.5, 0.5])),
        lambda image: filters.symmetric(image, np.array([0.2, 0.5, 0.3])),
        lambda image: filters.symmetric(image, np.array([-1.0, 3.0, -1.0])),
        lambda image: filters.symmetric(image.astype(np.uint16), BELL),
        lambda image: filters.symmetric(image[:0], BELL),
        lambda image: filters.correlate(image, np.ones((2, 3))),
        lambda image: filters.correlate(image, np.full((3, 3), 15.0)),
        lambda image: filters.correlate(image, np.full((3, 3), np.nan)),
        lambda image: filters.box(image, 4),
        lambda image: filters.box(image, 103),
        lambda image: filters.exaggerate(image, image[:1], 1.0),
        lambda image: filters.exaggerate(image, image, 101.0),
    ],
)
def test_wrong_arguments_are_refused(call: Any) -> None:
    """With a ValueError that says what is expected, before anything is computed."""
    with pytest.raises(ValueError, match=r"expected|cannot"):
        call(np.zeros((4, 4, 3), np.uint8))


def digest_of_filters() -> str:
    """A digest of what the kernels make of a random image."""
    image = np.random.default_rng(0).integers(0, 256, (37, 41, 3), np.uint8)
    blurred = filters.symmetric(image, BELL)
    results = [
        blurred,
        filters.correlate(image, np.outer(BELL, [-1.0, 3.3, -1.0])),
        filters.box(image, 7),
        filters.exaggerate(image, blurred, 1.7, 3),
        medians.median(image, 3),
        medians.median(image, 5),
    ]
    return hashlib.sha256(b"".join(result.tobytes() for result in results)).hexdigest()


def test_every_cpu_gives_the_same_pixels(for_any_cpu: ForAnyCpu) -> None:
    """Compiled for any CPU of this kind, and for this very one, the kernels give equal bytes."""
    assert for_any_cpu(digest_of_filters) == digest_of_filters()
