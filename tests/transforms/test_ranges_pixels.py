"""Applying: what each parameter of `ranges` does to a tiny image."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from augcli.kernels import packed
from augcli.transforms.base import Sample, Scalar, Size
from augcli.transforms.ranges import Ranges

Array = NDArray[Any]
ApplyRanges = Callable[..., Array]
SQUARE = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
EVERYTHING: dict[str, Scalar] = {
    "theta": 10.0,
    "tx": 0.5,
    "ty": -1.25,
    "shear": 5.0,
    "zx": 0.9,
    "zy": 1.1,
    "flip_horizontal": True,
    "flip_vertical": True,
    "channel_shift_intensity": 7.0,
    "brightness": 1.1,
}


def gray(rows: list[list[int]], dtype: type[np.generic] = np.uint8) -> Array:
    return np.array(rows, dtype)[..., None]


def rows_of(image: Array) -> list[list[Any]]:
    rows: list[list[Any]] = image[..., 0].tolist()
    return rows


def noise(height: int, width: int, channels: int, dtype: type[np.generic] = np.uint8) -> Array:
    return np.random.default_rng(0).integers(0, 256, (height, width, channels)).astype(dtype)


# Shifts


def test_tx_moves_rows_up(apply_ranges: ApplyRanges) -> None:
    """`tx`, of height_shift_range: output row r shows input row r + tx."""
    assert rows_of(apply_ranges(gray(SQUARE), tx=1.0)) == [[4, 5, 6], [7, 8, 9], [7, 8, 9]]
    assert rows_of(apply_ranges(gray(SQUARE), tx=-1.0)) == [[1, 2, 3], [1, 2, 3], [4, 5, 6]]


def test_ty_moves_columns_left(apply_ranges: ApplyRanges) -> None:
    """`ty`, of width_shift_range: output column c shows input column c + ty."""
    assert rows_of(apply_ranges(gray(SQUARE), ty=1.0)) == [[2, 3, 3], [5, 6, 6], [8, 9, 9]]
    assert rows_of(apply_ranges(gray(SQUARE), ty=-1.0)) == [[1, 1, 2], [4, 4, 5], [7, 7, 8]]


def test_half_a_pixel_blends_neighbours(apply_ranges: ApplyRanges) -> None:
    """The mean of two pixels, halves rounded up."""
    image = gray([[0, 10, 21]])
    assert rows_of(apply_ranges(image, ty=0.5)) == [[5, 16, 21]]


# Rotation, shear, zoom


@pytest.mark.parametrize("order", [0, 1, 3])
@pytest.mark.parametrize("side", [1, 2, 5, 8])
@pytest.mark.parametrize(("theta", "turns"), [(90.0, -1), (180.0, -2), (-90.0, 1)])
def test_quarter_turns_are_exact(
    apply_ranges: ApplyRanges, theta: float, turns: int, side: int, order: int
) -> None:
    """About the exact centre 90 degrees lose no pixel; they turn the image clockwise."""
    image = noise(side, side, 3)
    turned = apply_ranges(image, theta=theta, interpolation_order=order)
    assert np.array_equal(turned, np.rot90(image, turns))


def test_the_center_of_keras_is_a_pixel_off(apply_ranges: ApplyRanges) -> None:
    """Half a turn about h/2 + 0.5 pushes the image two pixels out of its frame."""
    image = gray([[1], [2], [3], [4]])
    assert rows_of(apply_ranges(image, theta=180.0, center="exact")) == [[4], [3], [2], [1]]
    assert rows_of(apply_ranges(image, theta=180.0, center="keras")) == [[4], [4], [4], [3]]


def test_shear_lifts_the_left_and_lowers_the_right(apply_ranges: ApplyRanges) -> None:
    """At 45 degrees, columns a pixel from the middle slide by sin 45, 0.7 of a pixel."""
    params: dict[str, Scalar] = {"interpolation_order": 0, "fill_mode": "constant"}
    sheared = apply_ranges(gray(SQUARE), shear=45.0, **params)
    assert rows_of(sheared) == [[4, 2, 0], [7, 5, 3], [0, 8, 6]]
    mirrored = apply_ranges(gray(SQUARE), shear=-45.0, **params)
    assert rows_of(mirrored) == [[0, 2, 6], [1, 5, 9], [4, 8, 0]]


def test_zoom_below_1_magnifies(apply_ranges: ApplyRanges) -> None:
    """At 0.5 the middle half fills the image: columns 0.75, 1.25, 1.75, 2.25 are shown."""
    assert rows_of(apply_ranges(gray([[0, 20, 40, 60]]), zy=0.5)) == [[15, 25, 35, 45]]


def test_zoom_above_1_shrinks(apply_ranges: ApplyRanges) -> None:
    """At 2 the image takes half of its place, and the fill mode the rest."""
    zoomed = apply_ranges(gray([[0, 20, 40, 60]]), zy=2.0, fill_mode="constant", cval=9.0)
    assert rows_of(zoomed) == [[9, 10, 50, 9]]


def test_zx_is_of_the_rows(apply_ranges: ApplyRanges) -> None:
    """`zx` zooms up and down, `zy` sideways."""
    image = gray([[0], [20], [40], [60]])
    assert rows_of(apply_ranges(image, zx=0.5)) == [[15], [25], [35], [45]]
    assert rows_of(apply_ranges(image, zy=0.5)) == rows_of(image)


# Flips


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_flips_mirror(apply_ranges: ApplyRanges, dtype: type[np.generic]) -> None:
    """Horizontal: left and right change places; vertical: top and bottom."""
    image = gray([[1, 2], [3, 4]], dtype)
    assert rows_of(apply_ranges(image, flip_horizontal=True)) == [[2, 1], [4, 3]]
    assert rows_of(apply_ranges(image, flip_vertical=True)) == [[3, 4], [1, 2]]
    assert rows_of(apply_ranges(image, flip_horizontal=True, flip_vertical=True)) == [
        [4, 3],
        [2, 1],
    ]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_flips_come_after_the_move(apply_ranges: ApplyRanges, dtype: type[np.generic]) -> None:
    """The moved image is mirrored: its empty side changes sides too."""
    image = gray([[1, 2, 3]], dtype)
    assert rows_of(apply_ranges(image, ty=1.0, flip_horizontal=True)) == [[3, 3, 2]]


# Levels


@pytest.mark.parametrize("order", [0, 1, 3])
def test_brightness_multiplies_and_clips(apply_ranges: ApplyRanges, order: int) -> None:
    """No level goes beyond the dtype's."""
    image = gray([[0, 10, 200]])
    brightened = apply_ranges(image, brightness=2.0, interpolation_order=order)
    assert rows_of(brightened) == [[0, 20, 255]]


def test_brightness_rounds_halves_up(apply_ranges: ApplyRanges) -> None:
    """Half of 1, 2 and 3 levels is 1, 1 and 2."""
    assert rows_of(apply_ranges(gray([[1, 2, 3]]), brightness=0.5)) == [[1, 1, 2]]


@pytest.mark.parametrize(
    ("dtype", "levels", "expected"),
    [
        (np.uint16, [1000, 60000], [2000, 65535]),
        (np.int32, [-7, 2**31 - 1], [-14, 2**31 - 1]),
        (np.float32, [0.25, 0.75], [0.5, 1.5]),
    ],
)
def test_other_depths_have_their_own_levels(
    apply_ranges: ApplyRanges,
    dtype: type[np.generic],
    levels: list[float],
    expected: list[float],
) -> None:
    """Integers clip to their dtype; float sources have no levels to clip to."""
    image = np.array([levels], dtype)[..., None]
    brightened = apply_ranges(image, brightness=2.0)
    assert brightened.dtype == dtype
    assert rows_of(brightened) == [expected]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_a_channel_shift_keeps_to_the_image_s_own_range(
    apply_ranges: ApplyRanges, dtype: type[np.generic]
) -> None:
    """What is lightest stays so; nothing becomes lighter or darker than the image was."""
    image = gray([[10, 100, 200]], dtype)
    assert rows_of(apply_ranges(image, channel_shift_intensity=50.0)) == [[60, 150, 200]]
    assert rows_of(apply_ranges(image, channel_shift_intensity=-50.0)) == [[10, 50, 150]]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_channel_shift_is_one_for_all_channels(
    apply_ranges: ApplyRanges, dtype: type[np.generic]
) -> None:
    """Red, green and blue move together, within the range of the three."""
    image = np.array([[[0, 50, 100]]], dtype)
    assert apply_ranges(image, channel_shift_intensity=20.0).tolist() == [[[20, 70, 100]]]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_channel_shift_comes_before_brightness(
    apply_ranges: ApplyRanges, dtype: type[np.generic]
) -> None:
    """(10 + 50) * 2, and not 10 * 2 + 50."""
    image = gray([[10, 100]], dtype)
    both = apply_ranges(image, channel_shift_intensity=50.0, brightness=2.0)
    assert rows_of(both) == [[120, 200]]


@pytest.mark.parametrize("order", [0, 1, 3])
@pytest.mark.parametrize("channels", [2, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_alpha_is_moved_and_never_toned(
    apply_ranges: ApplyRanges, dtype: type[np.generic], channels: int, order: int
) -> None:
    """Brightness and channel shift leave the alpha channel as the move made it."""
    image = noise(6, 7, channels, dtype)
    move: dict[str, Scalar] = {"theta": 20.0, "tx": 1.5, "interpolation_order": order}
    moved = apply_ranges(image, **move)
    toned = apply_ranges(image, **move, brightness=1.7, channel_shift_intensity=30.0)
    assert np.array_equal(toned[..., -1], moved[..., -1])
    assert not np.array_equal(toned[..., 0], moved[..., 0])


def test_alpha_does_not_widen_the_range_of_a_channel_shift(apply_ranges: ApplyRanges) -> None:
    """An opaque alpha of 255 lets no colour above the lightest colour."""
    image = np.array([[[10, 255], [100, 255]]], np.uint8)
    shifted = apply_ranges(image, channel_shift_intensity=50.0)
    assert shifted.tolist() == [[[60, 255], [100, 255]]]


# Fill modes


@pytest.mark.parametrize(
    ("fill_mode", "drawn"),
    [
        ("constant", "kkkkkkkk|abcd|kkkkkkkk"),
        ("nearest", "aaaaaaaa|abcd|dddddddd"),
        ("reflect", "abcddcba|abcd|dcbaabcd"),
        ("wrap", "abcdabcd|abcd|abcdabcd"),
    ],
)
@pytest.mark.parametrize("order", [0, 1, 3])
@pytest.mark.parametrize("name", ["ty", "tx"])
def test_fill_modes_are_as_keras_draws_them(
    apply_ranges: ApplyRanges, name: str, order: int, fill_mode: str, drawn: str
) -> None:
    """What stands beyond the edges, by its picture in the documentation; k is `cval`."""
    row = np.frombuffer(b"abcd", np.uint8)
    image = row[None, :, None] if name == "ty" else row[:, None, None]
    blocks = [
        apply_ranges(
            image,
            **{name: shift},
            fill_mode=fill_mode,
            cval=float(ord("k")),
            interpolation_order=order,
        )
        for shift in (-8.0, -4.0, 0.0, 4.0, 8.0)
    ]
    assert b"".join(block.tobytes() for block in blocks).decode() == drawn.replace("|", "")


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_constant_is_a_colour_like_others(
    apply_ranges: ApplyRanges, dtype: type[np.generic]
) -> None:
    """It is shifted and brightened with the image."""
    image = gray([[10, 100]], dtype)
    filled = apply_ranges(
        image,
        ty=1.0,
        fill_mode="constant",
        cval=40.0,
        channel_shift_intensity=10.0,
        brightness=1.5,
    )
    assert rows_of(filled) == [[150, 75]]


@pytest.mark.parametrize(
    ("cval", "shift", "expected"), [(-50.0, 20.0, [100, 0]), (300.0, -70.0, [100, 230])]
)
@pytest.mark.parametrize("order", [0, 1])
def test_a_constant_beyond_the_levels_is_shifted_before_it_is_clipped(
    apply_ranges: ApplyRanges, order: int, cval: float, shift: float, expected: list[int]
) -> None:
    """-50 + 20 is black and 300 - 70 is 230, though 8 bits hold neither constant."""
    shifted = apply_ranges(
        gray([[10, 100]]),
        ty=1.0,
        fill_mode="constant",
        cval=cval,
        channel_shift_intensity=shift,
        interpolation_order=order,
    )
    assert rows_of(shifted) == [expected]


# Dtypes, memory


@pytest.mark.parametrize("order", [0, 1, 3])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32, np.float32])
def test_images_keep_shape_and_dtype_and_the_source_its_pixels(
    apply_ranges: ApplyRanges, dtype: type[np.generic], channels: int, order: int
) -> None:
    """The source is only read: it may be shared by all copies."""
    image = noise(5, 7, channels, dtype)
    before = image.copy()
    image.flags.writeable = False
    copy = apply_ranges(image, **EVERYTHING, interpolation_order=order)
    assert copy.shape == image.shape
    assert copy.dtype == dtype
    assert not np.array_equal(copy, before)
    assert np.array_equal(image, before)


@pytest.mark.parametrize("parameter", EVERYTHING)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_no_single_parameter_writes_to_the_source(
    apply_ranges: ApplyRanges, dtype: type[np.generic], parameter: str
) -> None:
    """Also where the image is not moved, and a copy would be easy to forget."""
    image = noise(4, 4, 3, dtype)
    before = image.copy()
    apply_ranges(image, **{parameter: EVERYTHING[parameter]})
    assert np.array_equal(image, before)


@pytest.mark.parametrize("source", [np.uint8, np.uint16, np.int32, np.float32])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_float_results_are_not_rounded(
    apply_ranges: ApplyRanges, dtype: str, source: type[np.generic]
) -> None:
    """With a `dtype`, what falls between two levels stays there."""
    image = gray([[10, 11, 14]], source)
    assert apply_ranges(image, ty=0.5, dtype=dtype).dtype == dtype
    assert rows_of(apply_ranges(image, ty=0.5, dtype=dtype)) == [[10.5, 12.5, 14]]


def test_float_results_keep_the_source_s_levels() -> None:
    """An 8-bit source clips at 255 as a float too, and says what its levels were."""
    params = {**Ranges(dtype="float32").draw(np.random.default_rng(0), Size(1, 2))}
    params["brightness"] = 2.0
    bright = Ranges.apply(Sample(gray([[10, 200]]), (0, 255)), params)
    assert bright.levels == (0, 255)
    assert rows_of(bright.image) == [[20.0, 255.0]]


def test_float64_is_computed_in_float64(apply_ranges: ApplyRanges) -> None:
    """A third of a level is a third to sixteen digits."""
    moved = apply_ranges(gray([[0, 1]]), ty=1 / 3, dtype="float64")
    assert moved[0, 0, 0] == pytest.approx(1 / 3, abs=1e-15)


def test_32_bit_integers_survive_whole(apply_ranges: ApplyRanges) -> None:
    """They are computed in float64: float32 cannot hold them."""
    image = gray([[2**31 - 1, 2**24 + 1, -(2**31)]], np.int32)
    assert rows_of(apply_ranges(image, flip_horizontal=True)) == [[-(2**31), 2**24 + 1, 2**31 - 1]]
    assert rows_of(apply_ranges(image, ty=1.0)) == [[2**24 + 1, -(2**31), -(2**31)]]


@pytest.mark.parametrize("order", [0, 1, 3])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_memory_layout_does_not_matter(
    apply_ranges: ApplyRanges, dtype: type[np.generic], channels: int, order: int
) -> None:
    """Strided, mirrored, transposed and packed pixels give the same copy."""
    large = noise(12, 10, channels, dtype)
    params: dict[str, Scalar] = {**EVERYTHING, "interpolation_order": order}
    for view in (large[::2, ::-1], large.transpose(1, 0, 2), np.asfortranarray(large)):
        plain = np.ascontiguousarray(view)
        assert np.array_equal(apply_ranges(view, **params), apply_ranges(plain, **params))


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_packed_pixels_come_back_packed(apply_ranges: ApplyRanges, channels: int) -> None:
    """The layout of the decoder is that of the encoder, and padding bytes do not leak in."""
    plain = noise(5, 6, channels)
    image = packed.empty(5, 6, channels)
    image[...] = plain
    copy = apply_ranges(image, **EVERYTHING)
    assert packed.is_packed(copy)
    assert np.array_equal(copy, apply_ranges(plain, **EVERYTHING))


def test_a_single_pixel_stays_what_it_is(apply_ranges: ApplyRanges) -> None:
    """Whatever moves, there is nothing else to show."""
    image = np.array([[[7, 8, 9]]], np.uint8)
    moves = {key: EVERYTHING[key] for key in ("theta", "tx", "ty", "shear", "zx", "zy")}
    for fill_mode in ("nearest", "reflect", "wrap"):
        assert apply_ranges(image, **moves, fill_mode=fill_mode).tolist() == image.tolist()
