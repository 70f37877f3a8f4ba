"""Flips, turns, affine and perspective moves."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from pydantic import ValidationError
from scipy import ndimage

from augcli.transforms.base import Params, Sample, Size
from augcli.transforms.maps import Projective
from augcli.transforms.spatial import (
    D4,
    TURNS,
    Affine,
    HorizontalFlip,
    Perspective,
    Rot90,
    Transpose,
    VerticalFlip,
)

Array = NDArray[Any]
SIZE = Size(30, 40)
FILLING: Params = {"fill_mode": "nearest", "cval": 0.0, "interpolation_order": 1}
STILL: Params = {
    "rotate": 0.0,
    "scale_x": 1.0,
    "scale_y": 1.0,
    "translate_x": 0.0,
    "translate_y": 0.0,
    "shear_x": 0.0,
    "shear_y": 0.0,
    **FILLING,
}
CORNERS = ("top_left", "top_right", "bottom_right", "bottom_left")
UPRIGHT: Params = {
    **{f"{corner}_{axis}": 0.0 for corner in CORNERS for axis in "xy"},
    **FILLING,
}
SMALL = np.array([[[1], [2], [3]], [[4], [5], [6]]], np.uint8)


def draws(transform: Any, count: int = 1000) -> list[Params]:
    return [transform.draw(np.random.default_rng(seed), SIZE) for seed in range(count)]


def noise(dtype: Any = np.uint8, channels: int = 3) -> Array:
    rng = np.random.default_rng(0)
    if np.dtype(dtype).kind == "f":
        return rng.random((*SIZE, channels)).astype(dtype)
    return rng.integers(0, np.iinfo(dtype).max, (*SIZE, channels), dtype, endpoint=True)


def sample_of(image: Array) -> Sample:
    levels = None if image.dtype.kind == "f" else (0, int(np.iinfo(image.dtype).max))
    return Sample(image, levels)


def applied(transform: Any, params: Params, image: Array) -> Any:
    return transform.apply(sample_of(image), params).image


def seen_at(transform: Any, params: Params, x: float, y: float) -> list[float]:
    """Where a point of the input is in the output."""
    points = transform.move(params, SIZE).plane_map.to_output(np.array([[x, y]]))
    return [round(float(value), 6) for value in points[0]]


@pytest.mark.parametrize(
    ("transform", "params", "expected"),
    [
        (HorizontalFlip, {}, [[3, 2, 1], [6, 5, 4]]),
        (VerticalFlip, {}, [[4, 5, 6], [1, 2, 3]]),
        (Transpose, {}, [[1, 4], [2, 5], [3, 6]]),
        (Rot90, {"times": 0}, [[1, 2, 3], [4, 5, 6]]),
        (Rot90, {"times": 1}, [[3, 6], [2, 5], [1, 4]]),
        (Rot90, {"times": 2}, [[6, 5, 4], [3, 2, 1]]),
        (Rot90, {"times": 3}, [[4, 1], [5, 2], [6, 3]]),
        (D4, {"element": "transverse"}, [[6, 3], [5, 2], [4, 1]]),
    ],
)
def test_literal_turns(transform: Any, params: Params, expected: list[list[int]]) -> None:
    """What six numbers become."""
    assert applied(transform, params, SMALL)[..., 0].tolist() == expected


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32, np.float32])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("element", TURNS)
def test_turns_are_pillows(element: str, channels: int, dtype: Any) -> None:
    """The eight symmetries are Pillow's of the same names, alpha and all, and of any dtype."""
    methods = {
        "rot90": Image.Transpose.ROTATE_90,
        "rot180": Image.Transpose.ROTATE_180,
        "rot270": Image.Transpose.ROTATE_270,
        "horizontal_flip": Image.Transpose.FLIP_LEFT_RIGHT,
        "vertical_flip": Image.Transpose.FLIP_TOP_BOTTOM,
        "transpose": Image.Transpose.TRANSPOSE,
        "transverse": Image.Transpose.TRANSVERSE,
    }
    numbers = np.arange(SIZE.height * SIZE.width, dtype=np.int32).reshape(SIZE)
    picture = Image.fromarray(numbers)
    order = np.asarray(picture.transpose(methods[element]) if element in methods else picture)
    image = noise(dtype, channels)

    result = applied(D4, {"element": element}, image)

    assert result.dtype == dtype
    assert np.array_equal(result, image.reshape(-1, channels)[order])
    assert result.shape[:2] == D4.size_after({"element": element}, SIZE)


def test_flips_and_transposes_draw_nothing() -> None:
    """How often they happen is the step's `p`, so a recipe holds their name alone."""
    for transform in (HorizontalFlip(), VerticalFlip(), Transpose()):
        assert transform.draw(np.random.default_rng(0), SIZE) == {}


def test_turns_are_all_as_likely() -> None:
    """Of 1,000 copies each of the eight, and each of the four, has its share."""
    elements = [params["element"] for params in draws(D4())]
    times = [params["times"] for params in draws(Rot90())]
    some = {params["times"] for params in draws(Rot90(times=[1, 2]))}

    assert all(80 < elements.count(element) < 170 for element in TURNS)
    assert all(200 < times.count(number) < 300 for number in range(4))
    assert some == {1, 2}


@pytest.mark.parametrize("times", [[-1, 2], [0, 4], [3, 1], 1.5])
def test_quarter_turns_are_from_0_to_3(times: Any) -> None:
    """Anything else is refused."""
    with pytest.raises(ValidationError):
        Rot90(times=times)


@pytest.mark.parametrize("seed", range(50))
def test_affine_draws_are_inside_their_ranges(seed: int) -> None:
    """Each parameter is within its setting's range, shifts in pixels of their own side."""
    affine = Affine(rotate=[5.0, 9.0], scale=[0.5, 2.0], translate=[-0.1, 0.2], shear=[1.0, 2.0])
    params = affine.draw(np.random.default_rng(seed), SIZE)

    assert 5 <= float(params["rotate"] or 0) <= 9
    assert 0.5 <= float(params["scale_x"] or 0) <= 2
    assert params["scale_y"] == params["scale_x"]
    assert -4 <= float(params["translate_x"] or 0) <= 8
    assert -3 <= float(params["translate_y"] or 0) <= 6
    assert 1 <= float(params["shear_x"] or 0) <= 2
    assert 1 <= float(params["shear_y"] or 0) <= 2


def test_scales_are_drawn_apart_when_asked_for() -> None:
    """Without `keep_ratio`, width and height have factors of their own; nothing else changes."""
    rng = np.random.default_rng
    kept = Affine().draw(rng(1), SIZE)
    apart = Affine(keep_ratio=False).draw(rng(1), SIZE)

    assert apart["scale_x"] == kept["scale_x"]
    assert apart["scale_y"] != apart["scale_x"]
    assert {**apart, "scale_y": kept["scale_y"]} == kept


@pytest.mark.parametrize(
    ("change", "point", "expected"),
    [
        ({"rotate": 90.0}, (25, 15), [20, 10]),  # right of the middle goes to above it
        ({"scale_x": 2.0}, (25, 20), [30, 20]),
        ({"scale_y": 0.5}, (25, 20), [25, 17.5]),
        ({"translate_x": 3.0}, (25, 20), [28, 20]),
        ({"translate_y": -2.0}, (25, 20), [25, 18]),
        ({"shear_x": 45.0}, (20, 5), [10, 5]),  # the top goes left
        ({"shear_y": 45.0}, (30, 15), [30, 25]),  # the right goes down
        ({"rotate": 90.0, "scale_x": 2.0, "translate_y": 1.0}, (25, 15), [20, 6]),
    ],
)
def test_affine_moves_content_as_the_settings_say(
    change: Params, point: tuple[float, float], expected: list[float]
) -> None:
    """A point beside the middle, (20, 15), goes where the docstring says."""
    assert seen_at(Affine, {**STILL, **change}, *point) == expected


def test_a_right_angle_is_a_turn_of_the_grid() -> None:
    """On a square, `affine` by 90 degrees is `rot90`, exactly."""
    square = noise()[:, :30]

    assert np.array_equal(applied(Affine, {**STILL, "rotate": 90.0}, square), np.rot90(square))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32, np.float32])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_neutral_parameters_change_nothing(dtype: Any, channels: int) -> None:
    """No turn, no scale, no shift, no corner moved: the very same array."""
    image = noise(dtype, channels)

    assert applied(Affine, STILL, image) is image
    assert applied(Perspective, UPRIGHT, image) is image


@pytest.mark.parametrize("mode", ["nearest", "reflect", "constant", "wrap"])
def test_affine_is_scipys(mode: str) -> None:
    """Pixels are those of `scipy.ndimage.affine_transform` with the same matrix."""
    image = noise()
    params: Params = {
        **STILL,
        "rotate": 17.3,
        "scale_x": 0.8,
        "translate_x": 2.2,
        "shear_y": 6.1,
        "fill_mode": mode,
    }
    plane_map = Affine.move(params, SIZE).plane_map
    assert isinstance(plane_map, Projective)
    expected = [
        ndimage.affine_transform(
            image[..., channel].astype(np.float64),
            plane_map.matrix,
            order=1,
            mode="grid-wrap" if mode == "wrap" else mode,
        )
        for channel in range(3)
    ]

    result = applied(Affine, params, image)

    assert np.abs(result - np.floor(np.stack(expected, -1) + 0.5)).max() <= 1


@pytest.mark.parametrize("seed", range(50))
def test_perspective_draws_are_inside_their_range(seed: int) -> None:
    """Corners move by up to the scale's share of width and height, each way."""
    params = Perspective(scale=[0.05, 0.1]).draw(np.random.default_rng(seed), SIZE)

    sides = [abs(float(params[f"{corner}_x"] or 0)) for corner in CORNERS]
    heights = [abs(float(params[f"{corner}_y"] or 0)) for corner in CORNERS]
    assert max(sides) <= 4
    assert max(heights) <= 3
    assert len({*sides, *heights}) == 8


offsets = st.floats(-0.2, 0.2)


@given(shares=st.lists(st.tuples(offsets, offsets), min_size=4, max_size=4))
def test_corners_show_what_their_parameters_say(shares: list[tuple[float, float]]) -> None:
    """The output's corners are where the four points of the input are; all before the viewer."""
    params: Params = dict(UPRIGHT)
    shown, corners = [], [(0, 0), (40, 0), (40, 30), (0, 30)]
    for name, (x, y), (share_x, share_y) in zip(CORNERS, corners, shares, strict=True):
        params |= {f"{name}_x": share_x * 40, f"{name}_y": share_y * 30}
        shown.append((x + share_x * 40, y + share_y * 30))

    plane_map = Perspective.move(params, SIZE).plane_map

    assert isinstance(plane_map, Projective)
    assert not plane_map.mirrors
    np.testing.assert_allclose(plane_map.to_output(np.array(shown)), corners, atol=1e-6)


def test_a_literal_perspective() -> None:
    """With its upper side shown half as wide, content above is twice as wide."""
    params = {**UPRIGHT, "top_left_x": 10.0, "top_right_x": -10.0}

    assert seen_at(Perspective, params, 10, 0) == [0, 0]
    assert seen_at(Perspective, params, 20, 0) == [20, 0]
    assert seen_at(Perspective, params, 15, 0) == [10, 0]
    assert seen_at(Perspective, params, 10, 30) == [10, 30]


@pytest.mark.parametrize("transform", [Affine, Perspective])
def test_depths_agree(transform: Any) -> None:
    """16-bit and float images are moved as the 8-bit ones are, within a level."""
    image = noise(channels=4)
    params = transform().draw(np.random.default_rng(5), SIZE)

    bytes_ = applied(transform, params, image).astype(np.float64)
    words = applied(transform, params, image.astype(np.uint16) * 257)
    floats = applied(transform, params, np.float32(image) / np.float32(255))

    assert np.abs(words / 257 - bytes_).max() <= 1
    assert np.abs(floats * 255 - bytes_).max() <= 1


@pytest.mark.parametrize(
    "settings",
    [
        {"rotate": 400},
        {"scale": 1.5},
        {"scale": [0.0, 1.0]},
        {"translate": 10},
        {"shear": 90},
        {"fill_mode": "mirror"},
    ],
)
def test_affine_settings_that_cannot_be(settings: dict[str, Any]) -> None:
    """Angles beyond a turn, a scale of 0, shifts in pixels, a shear without end are refused."""
    with pytest.raises(ValidationError):
        Affine(**settings)


def test_perspective_of_corners_that_could_cross_is_refused() -> None:
    """Up to a fifth of a side, four corners are always a convex quadrangle."""
    assert Perspective(scale=0.2).scale == [0.2, 0.2]
    with pytest.raises(ValidationError):
        Perspective(scale=0.3)
