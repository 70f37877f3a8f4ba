"""Projective and field warps against their oracle, scipy.ndimage.map_coordinates."""

import hashlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import ndimage
from support import ForAnyCpu

from augcli.kernels import packed
from augcli.kernels.plane import warp_field, warp_projective

Array = NDArray[Any]
MODES = ["nearest", "reflect", "constant", "wrap"]
TILTED = np.array([[1.1, -0.2, 3.3], [0.15, 0.9, -4.2], [2e-3, -1e-3, 1.0]])


def noise(height: int, width: int, channels: int, dtype: Any = np.uint8, seed: int = 0) -> Array:
    """Random pixels: neighbours differ as much as they can, so that every error shows."""
    info = np.iinfo(dtype)
    rng = np.random.default_rng(seed)
    return rng.integers(info.min, info.max, (height, width, channels), dtype, endpoint=True)


def scipy_field(
    image: Array, rows: Array, columns: Array, *, order: int, fill_mode: str, cval: float
) -> Array:
    """The reference, a channel at a time: order 0 in the image's dtype, order 1 in float64."""
    values = image.astype(np.float64) if order else image
    planes = [
        ndimage.map_coordinates(
            values[..., channel],
            [np.float64(rows), np.float64(columns)],
            order=order,
            mode="grid-wrap" if fill_mode == "wrap" else fill_mode,
            cval=cval,
        )
        for channel in range(image.shape[2])
    ]
    return np.stack(planes, axis=-1)


def rounded(values: Array) -> Array:
    return np.floor(np.clip(values, 0, 255) + 0.5).astype(np.int64)


def field_of(matrix: Array, height: int, width: int) -> tuple[Array, Array]:
    """Input rows and columns of a projective map, float64."""
    i, j = np.mgrid[:height, :width]
    y, x, depth = np.tensordot(matrix, np.stack([i, j, np.ones_like(i)]), 1)
    return y / depth, x / depth


sides = st.integers(1, 9)
coordinates = st.floats(-30, 30, width=32) | st.integers(-24, 24).map(lambda n: n / 2)


@st.composite
def fields(draw: st.DrawFn) -> tuple[Array, Array]:
    """Two arrays of one shape, with ties and coordinates far outside."""
    height, width = draw(sides), draw(sides)
    numbers = draw(st.lists(coordinates, min_size=2, max_size=2 * height * width))
    rows, columns = np.resize(np.float32(numbers), (2, height, width))
    return rows, columns


@settings(max_examples=100)
@given(
    height=sides,
    width=sides,
    channels=st.integers(1, 4),
    field=fields(),
    fill_mode=st.sampled_from(MODES),
    cval=st.integers(0, 255),
)
def test_bilinear_field_is_within_one_level_of_scipy(  # noqa: PLR0917  hypothesis' arguments
    height: int, width: int, channels: int, field: tuple[Array, Array], fill_mode: Any, cval: int
) -> None:
    """Any field on any image in any mode is scipy's result, rounded half up, within one level."""
    image = noise(height, width, channels)
    rows, columns = field

    result = warp_field(image, rows, columns, fill_mode=fill_mode, cval=cval)

    expected = scipy_field(image, rows, columns, order=1, fill_mode=fill_mode, cval=cval)
    assert packed.is_packed(result)
    assert np.abs(result - rounded(expected)).max() <= 1


@settings(max_examples=100)
@given(
    height=sides,
    width=sides,
    channels=st.integers(1, 5),
    dtype=st.sampled_from([np.uint8, np.uint16, np.int32]),
    field=fields(),
    fill_mode=st.sampled_from(MODES),
)
def test_nearest_field_is_scipys(  # noqa: PLR0917  hypothesis' arguments
    height: int, width: int, channels: int, dtype: Any, field: tuple[Array, Array], fill_mode: Any
) -> None:
    """Order 0 equals scipy for images and masks of any integer dtype, ties included."""
    image = noise(height, width, channels, dtype)
    rows, columns = field

    result = warp_field(image, rows, columns, order=0, fill_mode=fill_mode, cval=7)

    expected = scipy_field(image, rows, columns, order=0, fill_mode=fill_mode, cval=7)
    assert result.dtype == dtype
    assert np.array_equal(result, expected)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_bilinear_projective_is_within_one_level_of_scipy(mode: Any, channels: int) -> None:
    """A perspective, over more columns than are done at a time, is scipy's within one level."""
    image = noise(40, 60, channels)
    rows, columns = field_of(TILTED, 50, 300)

    result = warp_projective(image, TILTED, out_shape=(50, 300), fill_mode=mode, cval=9)

    expected = rounded(scipy_field(image, rows, columns, order=1, fill_mode=mode, cval=9))
    difference = np.abs(result - expected)
    if mode == "constant":  # in float32, one coordinate or other on the very edge falls outside
        assert (difference > 1).mean() < 1e-3
    else:
        assert difference.max() <= 1
    assert (difference > 0).mean() < 0.01


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", [np.uint8, np.int32])
def test_nearest_projective_is_scipys(mode: Any, dtype: Any) -> None:
    """Order 0 takes scipy's pixel, but where float32 cannot tell which of two is nearer."""
    image = noise(40, 60, 1, dtype)
    rows, columns = field_of(TILTED, 50, 300)

    result = warp_projective(image, TILTED, out_shape=(50, 300), order=0, fill_mode=mode, cval=9)

    expected = scipy_field(image, rows, columns, order=0, fill_mode=mode, cval=9)
    assert (result != expected).mean() < 2e-3


def test_literal_field() -> None:
    """Halfway between two pixels is their mean, rounded half up; nearest is the later."""
    image = np.array([[[10], [21]], [[30], [40]]], np.uint8)
    rows, columns = np.float32([[0, 0.5, 1]]), np.float32([[0.5, 0, 1]])

    assert warp_field(image, rows, columns)[..., 0].tolist() == [[16, 20, 40]]
    assert warp_field(image, rows, columns, order=0)[..., 0].tolist() == [[21, 30, 40]]


def test_nearest_keeps_every_bit() -> None:
    """Order 0 takes any dtype: ids beyond 2**53 and floats come through as they are."""
    ids = noise(3, 4, 2, np.int64)
    rows, columns = np.float32(np.mgrid[:3, :4][:, ::-1])

    assert np.array_equal(warp_field(ids, rows, columns, order=0), ids[::-1])
    values = ids.view(np.float64)
    result = warp_field(values, rows, columns, order=0)
    assert result.tobytes() == values[::-1].tobytes()


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_identity_is_exact(channels: int, order: int) -> None:
    """The matrix and the field that move nothing give the identical pixels."""
    image = noise(7, 9, channels)
    rows, columns = np.float32(np.mgrid[:7, :9])

    assert np.array_equal(warp_field(image, rows, columns, order=order), image)
    assert np.array_equal(warp_projective(image, np.eye(3), order=order), image)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("order", [0, 1])
def test_what_is_behind_the_viewer_reads_inside(mode: Any, order: int) -> None:
    """Where w is 0 or below, pixels are read as from far away, and never out of the image."""
    image = noise(5, 6, 3)
    matrix = np.array([[1, 0, 0], [0, 1, 0], [0, -0.5, 1.0]])

    result = warp_projective(image, matrix, order=order, fill_mode=mode, cval=5)

    assert result.shape == image.shape
    if mode == "constant":
        assert np.array_equal(result[1:, 3:], np.full((4, 3, 3), 5))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("order", [0, 1])
def test_the_farthest_numbers_read_inside(order: int, mode: Any) -> None:
    """Coordinates and matrices of the largest numbers that are allowed read pixels all the same."""
    image = np.full((3, 4, 3), 9, np.uint8)
    rows = np.full((2, 300), 1e9, np.float32)
    matrix = np.full((3, 3), -1e30)

    assert (warp_field(image, rows, -rows, order=order, fill_mode=mode, cval=9) == 9).all()
    assert (warp_projective(image, matrix, order=order, fill_mode=mode, cval=9) == 9).all()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 2e9])
def test_what_is_no_coordinate_is_refused(value: float) -> None:
    """One number that is none, or too large, is a ValueError, wherever it is."""
    zeros = np.zeros((2, 3), np.float32)
    wrong = zeros.copy()
    wrong[1, 2] = value

    with pytest.raises(ValueError, match="expected numbers"):
        warp_field(noise(3, 3, 1), zeros, wrong)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"order": 2}, "order is 2"),
        ({"fill_mode": "mirror"}, "fill_mode is 'mirror'"),
        ({"cval": float("nan")}, "cval is nan"),
        ({"out_shape": (0, 3)}, "out_shape"),
    ],
)
def test_wrong_arguments_are_refused(arguments: dict[str, Any], message: str) -> None:
    """An argument that cannot be is named."""
    with pytest.raises(ValueError, match=message):
        warp_projective(noise(3, 3, 1), np.eye(3), **arguments)


def test_wrong_arrays_are_refused() -> None:
    """Fields of two shapes, matrices of no 3 x 3 numbers, empty and float images."""
    image, ones = noise(3, 3, 1), np.ones((2, 2), np.float32)
    with pytest.raises(ValueError, match="one shape"):
        warp_field(image, ones, ones[:1])
    with pytest.raises(ValueError, match="3 x 3 numbers"):
        warp_projective(image, np.eye(2))
    with pytest.raises(ValueError, match="3 x 3 numbers"):
        warp_projective(image, np.full((3, 3), np.nan))
    with pytest.raises(ValueError, match="cannot warp"):
        warp_field(image[:0], ones, ones)
    with pytest.raises(ValueError, match="expected uint8"):
        warp_field(image.astype(np.float32), ones, ones)


def digest_of_warps() -> str:
    """A hash over warps of every kind."""
    digest = hashlib.sha256()
    rows, columns = (np.float32(axis) for axis in field_of(TILTED, 50, 300))
    for channels in (1, 3, 4):
        image = noise(40, 60, channels)
        for mode in MODES:
            for order in (0, 1):
                field = warp_field(image, rows, columns, order=order, fill_mode=mode)  # type: ignore[arg-type]  # of the four
                tilted = warp_projective(image, TILTED, order=order, fill_mode=mode)  # type: ignore[arg-type]  # of the four
                digest.update(field.tobytes() + tilted.tobytes())
    return digest.hexdigest()


def test_every_cpu_gives_the_same_bytes(for_any_cpu: ForAnyCpu) -> None:
    """Code compiled for a generic CPU, without AVX or FMA, gives what this CPU's gives."""
    assert for_any_cpu(digest_of_warps) == digest_of_warps()
