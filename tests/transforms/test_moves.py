"""Moves done in one, against moves done one after the other."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from augcli.images.orientation import Box
from augcli.transforms.base import Params, Recipe, Sample, Size
from augcli.transforms.maps import Fill, Projective, Resized
from augcli.transforms.moves import Geometric, Move, joined
from augcli.transforms.recipe import apply_recipe
from augcli.transforms.registry import transform_of

Array = NDArray[Any]
FILLING: Params = {"fill_mode": "reflect", "cval": 0.0, "interpolation_order": 1}
TURNED: Params = {
    "op": "affine",
    "rotate": 11.0,
    "scale_x": 1.1,
    "scale_y": 0.95,
    "translate_x": 3.3,
    "translate_y": -2.1,
    "shear_x": 4.0,
    "shear_y": -3.0,
    **FILLING,
}
TURNED_BACK: Params = {**TURNED, "rotate": -9.0, "translate_x": -1.7, "shear_x": 0.0}
TILTED: Params = {
    "op": "perspective",
    "top_left_x": 2.0,
    "top_left_y": 1.5,
    "top_right_x": -2.5,
    "top_right_y": 3.0,
    "bottom_right_x": 1.0,
    "bottom_right_y": -2.0,
    "bottom_left_x": -3.0,
    "bottom_left_y": 1.0,
    **FILLING,
}
MIRRORED: Params = {"op": "horizontal_flip"}
QUARTER_TURN: Params = {"op": "rot90", "times": 1}
CROPPED: Params = {"op": "crop", "top": 3, "left": 5, "height": 30, "width": 36}
PADDED: Params = {
    "op": "pad",
    "top": 2,
    "bottom": 3,
    "left": 4,
    "right": 5,
    "fill_mode": "constant",
    "cval": 9.0,
}


def smooth(dtype: Any, channels: int, height: int = 40, width: int = 48) -> Array:
    """An image with no sharp edge, so that interpolating twice blurs it little."""
    rng = np.random.default_rng(0)
    image = ndimage.gaussian_filter(rng.random((height, width, channels)), (5, 5, 0))
    image = (image - image.min()) / (image.max() - image.min())
    return (
        image.astype(dtype) if dtype == np.float32 else (image * np.iinfo(dtype).max).astype(dtype)
    )


def sample_of(image: Array) -> Sample:
    levels = None if image.dtype.kind == "f" else (0, int(np.iinfo(image.dtype).max))
    return Sample(image, levels)


def one_after_the_other(sample: Sample, recipe: Recipe) -> Sample:
    for params in recipe:
        sample = transform_of(str(params["op"])).apply(sample, params)
    return sample


def move_of(params: Params, size: Size) -> Move:
    transform = transform_of(str(params["op"]))
    assert issubclass(transform, Geometric)
    return transform.move(params, size)


def are_all_joined(recipe: Recipe, size: Size) -> bool:
    """Whether every move can be done in one with the one before it."""
    moves = []
    for params in recipe:
        moves.append(move_of(params, size))
        size = moves[-1].plane_map.size
    return all(joined(earlier, later) is not None for earlier, later in pairwise(moves))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize(
    "recipe",
    [
        [TURNED, TURNED_BACK],
        [TURNED, MIRRORED],
        [MIRRORED, TURNED, QUARTER_TURN],
        [TURNED, TILTED],
        [TILTED, QUARTER_TURN, TURNED],
        [CROPPED, TURNED],
        [TURNED, CROPPED, TILTED],
    ],
    ids=lambda recipe: "-".join(params["op"] for params in recipe),
)
def test_joined_moves_are_as_one_after_the_other(recipe: Recipe, dtype: Any) -> None:
    """In the interior, joined moves differ by no more than interpolating several times blurs."""
    sample = sample_of(smooth(dtype, 3))

    both = apply_recipe(sample, recipe).image.astype(np.float64)
    expected = one_after_the_other(sample, recipe).image.astype(np.float64)

    assert are_all_joined(recipe, sample.size)
    assert both.shape == expected.shape
    full_scale = 1.0 if sample.levels is None else sample.levels[1]
    assert np.abs(both - expected)[9:-9, 9:-9].max() <= 0.02 * full_scale


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_whole_moves_join_exactly(dtype: Any, channels: int) -> None:
    """Flips, turns, pads and crops done in one give the identical pixels."""
    sample = sample_of(smooth(dtype, channels))
    recipe = [PADDED, MIRRORED, QUARTER_TURN, CROPPED, {"op": "d4", "element": "transverse"}]

    both = apply_recipe(sample, recipe).image

    assert are_all_joined(recipe, sample.size)
    assert np.array_equal(both, one_after_the_other(sample, recipe).image)


def test_a_turn_and_its_reverse_give_the_very_pixels_back() -> None:
    """There and back in one is no move at all: nothing is interpolated."""
    sample = sample_of(smooth(np.uint8, 3))
    there_and_back = [QUARTER_TURN, MIRRORED, MIRRORED, {"op": "rot90", "times": 3}]

    assert apply_recipe(sample, there_and_back).image is sample.image


def test_after_a_crop_real_pixels_are_found_beyond_its_edge() -> None:
    """A shift after a crop shows what the crop had cut away, and not its repeated edge."""
    sample = sample_of(np.array([[[1], [2], [3], [4], [5]]], np.uint8))
    crop: Params = {"op": "crop", "top": 0, "left": 2, "height": 1, "width": 3}
    still: Params = {"scale_x": 1.0, "scale_y": 1.0, "shear_x": 0.0, "shear_y": 0.0}
    shift: Params = {
        "op": "affine",
        "rotate": 0.0,
        "translate_x": 1.0,
        "translate_y": 0.0,
        **still,
        **FILLING,
        "fill_mode": "nearest",
    }

    assert apply_recipe(sample, [crop, shift]).image[0, :, 0].tolist() == [2, 3, 4]
    assert one_after_the_other(sample, [crop, shift]).image[0, :, 0].tolist() == [3, 3, 4]


def test_different_fills_stay_two_moves() -> None:
    """What stands beyond the edges is one thing or the other: such moves are not joined."""
    same = Projective(np.eye(3), Size(4, 4))
    reflected, constant = Move(same, Fill("reflect")), Move(same, Fill("constant", 3.0))
    unfilled = Move(same, None)

    assert joined(reflected, constant) is None
    for pair in ((reflected, unfilled), (unfilled, reflected)):
        both = joined(*pair)
        assert both is not None
        assert both.fill == reflected.fill
    assert joined(constant, Move(same, Fill("constant", 4.0))) is None
    assert joined(constant, Move(same, Fill("constant", 3.0, order=3))) is None


def test_a_pad_waits_for_what_was_filled_before() -> None:
    """A pad surrounds the picture as it is, filled corners and all; later moves may join it."""
    turned, padded = (move_of(params, Size(40, 48)) for params in (TURNED, PADDED))
    unfilled = Move(turned.plane_map, None)

    assert joined(turned, padded) is None
    assert joined(unfilled, padded) is None
    both = joined(padded, unfilled)
    assert both is not None
    assert not both.joins_earlier


def test_resizes_are_not_joined() -> None:
    """A resize averages over pixels, which no matrix says."""
    resized = Move(Resized(Box(0, 0, 4, 4), Size(2, 2)), None)
    same = Move(Projective(np.eye(3), Size(4, 4)), None)

    assert joined(resized, same) is None
    assert joined(same, resized) is None
