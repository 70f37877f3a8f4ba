"""The warp against its oracle, scipy.ndimage.affine_transform, and against exact pixels."""

import hashlib
import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage
from support import ForAnyCpu

from augcli.kernels.warp import warp_affine

Array = NDArray[Any]
MODES = ["nearest", "reflect", "constant", "wrap"]
IDENTITY = np.eye(2)


def scipy_warp(
    image: Array,
    matrix: ArrayLike,
    offset: ArrayLike,
    *,
    order: int = 1,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    out_shape: tuple[int, int] | None = None,
) -> Array:
    """The reference, a channel at a time: order 0 in the image's dtype, order 1 in float64."""
    if order:
        image = image.astype(np.float64)
    return np.stack(
        [
            ndimage.affine_transform(
                image[..., channel],
                matrix,
                offset,
                output_shape=out_shape or image.shape[:2],
                order=order,
                mode="grid-wrap" if fill_mode == "wrap" else fill_mode,
                cval=cval,
            )
            for channel in range(image.shape[2])
        ],
        axis=-1,
    )


def rounded(values: Array, top: int = 255) -> Array:
    return np.floor(np.clip(values, 0, top) + 0.5).astype(np.int64)


def noise(height: int, width: int, channels: int, dtype: Any = np.uint8, seed: int = 0) -> Array:
    """Random pixels: neighbours differ as much as they can, so that every error shows."""
    info = np.iinfo(dtype)
    rng = np.random.default_rng(seed)
    return rng.integers(info.min, info.max, (height, width, channels), dtype, endpoint=True)


def rotation(degrees: float, zoom: float, height: int, width: int) -> tuple[Array, Array]:
    """Matrix and offset of a rotation and zoom about the centre."""
    angle = np.deg2rad(degrees)
    matrix = zoom * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    center = np.array([height / 2 - 0.5, width / 2 - 0.5])
    return matrix, center - matrix @ center


factors = st.floats(-3, 3) | st.sampled_from([0.0, 1.0, -1.0, 0.5, 0.02, 1e-9, 50.0])
shifts = st.floats(-40, 40) | st.integers(-20, 20).map(lambda n: n / 2)
matrices = st.lists(factors, min_size=4, max_size=4).map(lambda m: np.reshape(m, (2, 2)))
sides = st.integers(1, 9)
options = st.fixed_dictionaries(
    {
        "matrix": matrices,
        "offset": st.tuples(shifts, shifts),
        "fill_mode": st.sampled_from(MODES),
        "cval": st.integers(0, 255),
        "out_shape": st.tuples(sides, sides),
    }
)


@settings(max_examples=200)
@given(height=sides, width=sides, channels=st.integers(1, 4), options=options)
def test_bilinear_is_within_one_level_of_scipy(
    height: int, width: int, channels: int, options: dict[str, Any]
) -> None:
    """Any warp of any size in any mode is scipy's result, rounded half up, within one level."""
    image = noise(height, width, channels)

    difference = warp_affine(image, **options) - rounded(scipy_warp(image, **options))

    assert np.abs(difference).max() <= 1


@settings(max_examples=200)
@given(
    height=sides,
    width=sides,
    channels=st.integers(1, 4),
    dtype=st.sampled_from([np.uint8, np.uint16, np.int32]),
    options=options,
)
def test_nearest_pixel_is_scipys(
    height: int, width: int, channels: int, dtype: Any, options: dict[str, Any]
) -> None:
    """Order 0 equals scipy for 8-bit images, 16-bit images and masks of labels, ties included."""
    image = noise(height, width, channels, dtype)

    result = warp_affine(image, order=0, **options)

    assert result.dtype == dtype
    assert np.array_equal(result, scipy_warp(image, order=0, **options))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("degrees", [90, 180, 270, 45])
def test_ties_of_a_turn_by_right_angles_are_scipys(mode: str, degrees: float) -> None:
    """cos(90°) is 6e-17, no zero: order 0 still gives a tie to the pixel that scipy gives it to."""
    image = noise(40, 31, 1, np.int32)
    matrix, offset = rotation(degrees, 1.0, 40, 31)
    offset = offset + 0.5

    result = warp_affine(image, matrix, offset, order=0, fill_mode=mode)

    assert np.array_equal(result, scipy_warp(image, matrix, offset, order=0, fill_mode=mode))


@pytest.mark.parametrize("mode", MODES)
def test_rounding_differs_on_next_to_no_value(mode: str) -> None:
    """Against scipy rounded half up, fewer than one value in a thousand is a level apart."""
    image = noise(75, 2200, 3)  # wider than a block of columns
    matrix, offset = rotation(13, 1.1, 75, 2200)

    result = warp_affine(image, matrix, offset, fill_mode=mode, cval=7)

    expected = rounded(scipy_warp(image, matrix, offset, fill_mode=mode, cval=7))
    assert np.abs(result - expected).max() <= 1
    assert (result != expected).mean() < 0.001


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("shape", [(4000, 3), (3, 4000), (1, 4000), (4000, 1)])
def test_long_images_magnified_keep_their_precision(mode: str, shape: tuple[int, int]) -> None:
    """Fifty times magnified, thousands of pixels from the origin: within one level of scipy."""
    image = noise(*shape, 1)
    matrix = IDENTITY / 50
    offset = np.array(shape) - 5.3

    result = warp_affine(image, matrix, offset, fill_mode=mode, out_shape=(400, 400))

    expected = scipy_warp(image, matrix, offset, fill_mode=mode, out_shape=(400, 400))
    assert np.abs(result - rounded(expected)).max() <= 1


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("mode", MODES)
def test_far_outside_coordinates_are_scipys(mode: str, order: int) -> None:
    """A billion pixels away, modes still fold, fill or repeat as scipy does."""
    image = noise(7, 5, 3)
    matrix, offset = IDENTITY * 1.5, (-1e9 + 0.25, 1e9 + 0.25)

    result = warp_affine(image, matrix, offset, order=order, fill_mode=mode, cval=9)

    expected = scipy_warp(image, matrix, offset, order=order, fill_mode=mode, cval=9)
    assert np.abs(result - rounded(expected)).max() <= order


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("order", [0, 1])
def test_absurd_coordinates_read_nothing_outside(mode: str, order: int) -> None:
    """Coordinates beyond every float's precision still give levels that the image has."""
    image = np.full((4, 4, 3), 77, np.uint8)

    result = warp_affine(
        image, IDENTITY * 1e200, (-1e250, 1e250), order=order, fill_mode=mode, cval=77
    )

    assert (result == 77).all()


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_flips_and_whole_shifts_are_exact(channels: int, order: int) -> None:
    """Identity, mirroring and shifts by whole pixels move pixels and change none."""
    image = noise(6, 5, channels)

    def warp(matrix: ArrayLike, offset: ArrayLike) -> Array:
        return warp_affine(image, matrix, offset, order=order, fill_mode="wrap")

    assert np.array_equal(warp(IDENTITY, (0, 0)), image)
    assert np.array_equal(warp(np.diag([1, -1]), (0, 4)), image[:, ::-1])
    assert np.array_equal(warp(np.diag([-1, 1]), (5, 0)), image[::-1])
    assert np.array_equal(warp(IDENTITY, (2, -1)), np.roll(image, (-2, 1), (0, 1)))
    assert np.array_equal(warp([[0, 1], [1, 0]], (0, 0))[:5, :5], image[:5, :5].swapaxes(0, 1))


def test_fill_modes_on_a_row() -> None:
    """Two pixels left of a row: the last repeats, mirrors, is cval, or the row starts again."""
    image = np.array([[[10], [20], [30], [40]]], np.uint8)

    def shifted(mode: str) -> list[int]:
        return warp_affine(image, IDENTITY, (0, -2), fill_mode=mode, cval=7).ravel().tolist()

    assert shifted("nearest") == [10, 10, 10, 20]
    assert shifted("reflect") == [20, 10, 10, 20]
    assert shifted("constant") == [7, 7, 10, 20]
    assert shifted("wrap") == [30, 40, 10, 20]


def test_constant_does_not_blend_with_the_outside() -> None:
    """A coordinate half a pixel outside is cval, not half of it."""
    image = np.full((1, 3, 1), 100, np.uint8)

    result = warp_affine(image, IDENTITY, (0, -0.5), fill_mode="constant", cval=200)

    assert result.ravel().tolist() == [200, 100, 100]


@given(value=st.integers(0, 255), matrix=matrices, offset=st.tuples(shifts, shifts))
def test_flat_areas_stay_flat(value: int, matrix: ArrayLike, offset: ArrayLike) -> None:
    """Interpolation between equal levels gives that level, exactly."""
    image = np.full((5, 6, 3), value, np.uint8)

    assert (warp_affine(image, matrix, offset, fill_mode="reflect") == value).all()


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("gain", [0.0, 0.6, 1.7, 1e30])
def test_gain_is_applied_before_rounding(channels: int, gain: float, order: int) -> None:
    """Gain multiplies the interpolated colour, clipped and rounded once; alpha keeps its level."""
    image = noise(12, 11, channels)
    matrix, offset = rotation(20, 0.9, 12, 11)
    expected = scipy_warp(image, matrix, offset, order=order).astype(np.float64)
    color_channels = channels - 1 if channels in {2, 4} else channels
    expected[..., :color_channels] *= gain

    result = warp_affine(image, matrix, offset, order=order, gain=gain)

    assert np.abs(result - rounded(expected)).max() <= 1
    assert (result != rounded(expected)).mean() < 0.05


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_table_comes_last(channels: int, order: int) -> None:
    """The table sees the rounded colours, cval's among them, and alpha does not go through it."""
    image = noise(12, 11, channels)
    matrix, offset = rotation(20, 1.4, 12, 11)
    table = np.random.default_rng(1).permutation(256).astype(np.uint8)
    keywords = {"order": order, "fill_mode": "constant", "cval": 40.0, "gain": 1.3}
    plain = warp_affine(image, matrix, offset, **keywords)
    color_channels = channels - 1 if channels in {2, 4} else channels

    result = warp_affine(image, matrix, offset, table=table, **keywords)

    assert np.array_equal(result[..., :color_channels], table[plain[..., :color_channels]])
    assert np.array_equal(result[..., color_channels:], plain[..., color_channels:])


def test_color_channels_can_be_said() -> None:
    """With `color_channels` 4, the fourth channel is a colour as any other."""
    image = np.full((1, 1, 4), 100, np.uint8)

    result = warp_affine(image, IDENTITY, (0, 0), gain=0.5, color_channels=4)

    assert result.tolist() == [[[50, 50, 50, 50]]]


@given(height=sides, width=sides, options=options)
def test_16_bits_are_within_one_level_of_scipy(
    height: int, width: int, options: dict[str, Any]
) -> None:
    """uint16 at order 1 is scipy's result, rounded half up, within one level."""
    image = noise(height, width, 3, np.uint16)

    difference = warp_affine(image, **options) - rounded(scipy_warp(image, **options), 65535)

    assert np.abs(difference).max() <= 1


@given(height=sides, width=sides, options=options)
def test_floats_are_scipys_to_float32_precision(
    height: int, width: int, options: dict[str, Any]
) -> None:
    """float32 at order 1 is scipy's float64 result as a float32; levels are not clipped."""
    image = noise(height, width, 3, np.uint8).astype(np.float32) - 100

    result = warp_affine(image, gain=2.0, **options)

    expected = scipy_warp(image, **options) * 2.0
    assert result.dtype == np.float32
    assert np.allclose(result, expected, rtol=0, atol=1e-3)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("order", [0, 1])
def test_writes_to_the_buffer_it_is_given(order: int, dtype: Any) -> None:
    """`out` is filled and returned; one of another shape, or shared with the image, is refused."""
    image = noise(6, 5, 4, dtype)
    matrix, offset = rotation(20, 0.9, 6, 5)
    expected = warp_affine(image, matrix, offset, order=order)
    out = np.zeros_like(image)

    assert warp_affine(image, matrix, offset, order=order, out=out) is out
    assert np.array_equal(out, expected)
    with pytest.raises(ValueError, match="share memory"):
        warp_affine(image, matrix, offset, order=order, out=image)
    with pytest.raises(ValueError, match="out: expected"):
        warp_affine(image, matrix, offset, order=order, out=out[:, :4])


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"order": 3}, "order is 3: expected 0 or 1"),
        ({"fill_mode": "mirror"}, "expected one of nearest, reflect, constant, wrap"),
        ({"gain": -1.0}, "gain is -1.0"),
        ({"gain": float("nan")}, "gain is nan"),
        ({"cval": float("inf")}, "cval is inf"),
        ({"matrix": [[float("inf"), 0], [0, 1]]}, "not finite"),
        ({"offset": (0.0, float("nan"))}, "not finite"),
        ({"matrix": np.eye(3)}, r"expected matrix \(2, 2\)"),
        ({"out_shape": (0, 3)}, "expected 1 or more"),
        ({"table": np.zeros(256)}, "uint8"),
        ({"color_channels": 5}, "expected 1 to 3"),
        ({"image": np.zeros((0, 3, 3), np.uint8)}, "cannot warp"),
        ({"image": np.zeros((3, 3), np.uint8)}, "cannot warp"),
        ({"image": np.zeros((3, 3, 5), np.uint8)}, "1 to 4"),
        ({"image": np.zeros((3, 3, 3), np.int32)}, "order 1: expected uint8, uint16 or float32"),
        (
            {"image": np.zeros((3, 3, 3), np.int32), "order": 0, "gain": 2.0},
            "gain at order 0: expected a uint8 image",
        ),
        (
            {"image": np.zeros((3, 3, 3), np.uint16), "table": np.zeros(256, np.uint8)},
            "table: expected a uint8 image",
        ),
        ({"image": np.zeros((3, 3, 3), complex), "order": 0}, "1, 2, 4 or 8 bytes"),
    ],
)
def test_wrong_arguments_are_named(keywords: dict[str, Any], message: str) -> None:
    """What cannot be warped is a ValueError that names the argument."""
    arguments = {"image": np.zeros((3, 3, 3), np.uint8), "matrix": IDENTITY, "offset": (0, 0)}

    with pytest.raises(ValueError, match=message):
        warp_affine(**{**arguments, **keywords})


def digest_of_warps() -> str:
    """A digest of warps by each mode, order and number of channels."""
    digest = hashlib.sha256()
    for channels in (1, 2, 3, 4):
        image = noise(37, 41, channels)
        for degrees, (mode, order) in enumerate(itertools.product(MODES, (0, 1))):
            matrix, offset = rotation(degrees * 40 + 1, 1.3, 37, 41)
            warped = warp_affine(
                image, matrix, offset, order=order, fill_mode=mode, gain=1.1, cval=3
            )
            digest.update(warped.tobytes())
    return digest.hexdigest()


def test_every_cpu_gives_the_same_bytes(for_any_cpu: ForAnyCpu) -> None:
    """Compiled for any CPU of this kind, and for this very one, the kernels give equal bytes.

    It is what multiply-add contraction or fastmath would break.
    """
    assert for_any_cpu(digest_of_warps) == digest_of_warps()
