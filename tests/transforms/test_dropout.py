"""What hides parts of an image: on tiny pictures, and what holds for all of it."""

import json
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from toning import DEPTHS, in_levels, sample_of

from augcli.errors import SourceError
from augcli.kernels import packed
from augcli.transforms.base import Params, Sample, Size
from augcli.transforms.dropout import (
    CoarseDropout,
    Cutout,
    GridDropout,
    Hiding,
    PixelDropout,
    RandomErasing,
)

PLAIN: Params = {"fill": 0, "fill_seed": None, "mask_fill": None}
SQUARE: Params = {"top": 1, "left": 2, "height": 2, "width": 2, **PLAIN}
HOLES: Params = {
    "num_holes": 3,
    "min_height": 1,
    "max_height": 3,
    "min_width": 2,
    "max_width": 4,
    "seed": 5,
    **PLAIN,
}
GRID: Params = {"unit": 3, "side": 2, "top": -1, "left": 0, **PLAIN}
PIXELS: Params = {"share": 0.4, "per_channel": False, "seed": 3, **PLAIN}
CASES: list[tuple[type[Hiding], Params, dict[str, Any]]] = [
    (Cutout, SQUARE, {"size": 0.0}),
    (RandomErasing, SQUARE, {"scale": 0.0}),
    (CoarseDropout, HOLES, {"num_holes": 0}),
    (CoarseDropout, HOLES, {"hole_height": 0.0}),
    (GridDropout, GRID, {"ratio": 0.0}),
    (PixelDropout, PIXELS, {"share": 0.0}),
    (PixelDropout, PIXELS | {"per_channel": True}, {"share": 0.0, "per_channel": True}),
]
every_case = pytest.mark.parametrize(("transform", "params", "neutral"), CASES)


def picture(channels: int, dtype: str = "uint8") -> Sample:
    levels = np.random.default_rng(channels).integers(1, 255, (9, 12, channels), np.uint8)
    return sample_of(levels, dtype)


def shown(transform: type[Hiding], params: Params, rows: int, columns: int) -> list[str]:
    """Where a white picture stays white ("#"), row by row."""
    sample = sample_of(np.full((rows, columns, 1), 255))
    image = transform.apply(sample, params).image[..., 0]
    return ["".join("#" if value else "." for value in row) for row in image]


def test_a_square_is_hidden() -> None:
    """Where it is said, in the fill's level."""
    assert shown(Cutout, SQUARE, 4, 5) == ["#####", "##..#", "##..#", "#####"]
    gray = sample_of([[[1], [2]]])
    assert Cutout.apply(gray, SQUARE | {"top": 0, "left": 1, "fill": 9}).image.tolist() == [
        [[1], [9]]
    ]


def test_a_square_may_be_cut_off() -> None:
    """Or be outside of an image that is smaller than the one it was drawn for."""
    assert shown(Cutout, SQUARE | {"top": -1, "left": 3}, 3, 4) == ["###.", "####", "####"]
    sample = sample_of([[[1], [2]]])
    assert Cutout.apply(sample, SQUARE) is sample


def test_a_grid() -> None:
    """Squares of two pixels in units of three, from one row above the image."""
    assert shown(GridDropout, GRID, 4, 7) == ["..#..#.", "#######", "..#..#.", "..#..#."]


def test_holes_are_of_their_sizes_and_inside() -> None:
    """The only one of a seed: 2 x 3 pixels, somewhere."""
    one = HOLES | {"num_holes": 1, "min_height": 2, "max_height": 2, "min_width": 3, "max_width": 3}
    for seed in range(100):
        rows = shown(CoarseDropout, one | {"seed": seed}, 4, 5)
        assert sorted(row.count(".") for row in rows) == [0, 0, 3, 3]


def test_pixels_are_hidden_by_chance() -> None:
    """About as many as the share says; each channel by itself if they are asked to."""
    sample = sample_of(np.full((100, 100, 3), 200))
    hidden = PixelDropout.apply(sample, PIXELS).image == 0
    assert hidden.any(axis=2).mean() == pytest.approx(0.4, abs=0.02)
    assert np.array_equal(hidden.any(axis=2), hidden.all(axis=2))
    each = PixelDropout.apply(sample, PIXELS | {"per_channel": True}).image == 0
    assert each.mean(axis=(0, 1)) == pytest.approx([0.4] * 3, abs=0.02)
    assert each.all(axis=2).mean() == pytest.approx(0.4**3, abs=0.02)


@pytest.mark.parametrize("per_channel", [False, True])
def test_all_pixels_can_be_hidden(per_channel: bool) -> None:
    """A share of 1 is every pixel."""
    params = PIXELS | {"share": 1.0, "per_channel": per_channel, "fill": 7}
    assert (PixelDropout.apply(picture(3), params).image == 7).all()


@every_case
@pytest.mark.parametrize("dtype", DEPTHS)
def test_the_mean_is_a_fill(
    transform: type[Hiding], params: Params, neutral: dict[str, Any], dtype: str
) -> None:
    """The mean of each channel, of all of the image."""
    sample = picture(4, dtype)
    result = transform.apply(sample, params | {"fill": "mean"}).image
    expected = in_levels(sample.image)[..., :3].mean(axis=(0, 1))
    is_changed = result[..., :3] != sample.image[..., :3]
    assert is_changed.any()
    off = np.abs(in_levels(result)[..., :3] - expected)
    assert off[is_changed].max() <= (0.5 if dtype == "uint8" else 0.01)


@every_case
def test_noise_is_a_fill(transform: type[Hiding], params: Params, neutral: dict[str, Any]) -> None:
    """It is the seed's, and a value for each pixel and channel."""
    sample = sample_of(np.full((9, 12, 3), 100))
    first, again, other = (
        transform.apply(sample, params | {"fill": "noise", "fill_seed": seed}).image
        for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert len(np.unique(first)) > 8


def test_noise_takes_every_level() -> None:
    """From 0 to 255, about as often."""
    params = SQUARE | {"top": 0, "left": 0, "height": 200, "width": 200}
    image = Cutout.apply(
        sample_of(np.full((200, 200, 3), 100)), params | {"fill": "noise", "fill_seed": 0}
    ).image
    counts = np.bincount(image.ravel(), minlength=256)
    assert counts.min() > 350
    assert counts.max() < 600


@every_case
@pytest.mark.parametrize("fill", [0, 77, "mean", "noise"])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_the_depths_agree(
    transform: type[Hiding],
    params: Params,
    neutral: dict[str, Any],
    fill: int | str,
    channels: int,
) -> None:
    """16 bits and floats become what 8 bits become; alpha and the source stay as they are."""
    params = params | {"fill": fill, "fill_seed": 4}
    expected = transform.apply(picture(channels), params).image
    assert packed.is_packed(expected)
    for dtype in DEPTHS:
        sample = picture(channels, dtype)
        result = transform.apply(sample, params).image
        assert result.dtype == sample.image.dtype
        assert np.abs(in_levels(result) - expected).max() <= 1
        assert np.array_equal(sample.image, picture(channels, dtype).image)
        if channels in {2, 4}:
            assert np.array_equal(result[..., -1], sample.image[..., -1])


@every_case
def test_a_mask_stays_or_is_filled(
    transform: type[Hiding], params: Params, neutral: dict[str, Any]
) -> None:
    """Without `mask_fill` it is the same; with it, what is hidden in all channels gets that id."""
    pixels = picture(3)
    mask = np.ones((9, 12, 1), np.uint8)
    sample = Sample(pixels.image, pixels.levels, mask)
    assert transform.apply(sample, params).mask is mask
    result = transform.apply(sample, params | {"mask_fill": 200})
    assert result.mask is not None
    hidden = (result.image == 0).all(axis=2)
    assert hidden.any()
    assert np.array_equal(result.mask[..., 0], np.where(hidden, 200, 1))
    assert (mask == 1).all()
    with pytest.raises(SourceError, match="id 300 does not fit into a mask of uint8"):
        transform.apply(sample, params | {"mask_fill": 300})


@every_case
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_neutral_settings_change_nothing(
    transform: type[Hiding], params: Params, neutral: dict[str, Any], channels: int
) -> None:
    """The very image comes back, whatever the fill."""
    sample = picture(channels)
    for fill in (0, "mean", "noise"):
        drawn = transform(**neutral, fill=fill).draw(np.random.default_rng(0), sample.size)
        assert transform.apply(sample, drawn) is sample


@every_case
def test_draws_are_a_persons_numbers(
    transform: type[Hiding], params: Params, neutral: dict[str, Any]
) -> None:
    """JSON-ready, of the same names always; as many random numbers for any settings."""
    after = set()
    for settings in ({}, neutral, {"fill": "mean", "mask_fill": 3}):
        rng = np.random.default_rng(0)
        drawn = transform(**settings).draw(rng, Size(50, 60))
        after.add(rng.random())
        assert drawn.keys() == params.keys()
        assert json.loads(json.dumps(drawn, allow_nan=False)) == drawn
    assert len(after) == 1


def test_cutout_is_centred_anywhere() -> None:
    """A thousand draws: of sides between their shares, the centre on a pixel of the image."""
    rng = np.random.default_rng(0)
    for _ in range(1000):
        params = Cutout(size=[0.1, 0.5]).draw(rng, Size(100, 150))
        top, left, side = (int(params[name] or 0) for name in ("top", "left", "height"))
        assert params["width"] == side
        assert 10 <= side <= 50
        assert 0 <= top + side // 2 < 100
        assert 0 <= left + side // 2 < 150


@pytest.mark.parametrize("size", [Size(100, 150), Size(300, 20), Size(1, 1)])
def test_random_erasing_stays_within_its_settings(size: Size) -> None:
    """A thousand draws: inside the image; of the area, and of the shape where that can be."""
    rng = np.random.default_rng(0)
    for _ in range(1000):
        params = RandomErasing().draw(rng, size)
        top, left, height, width = (
            int(params[name] or 0) for name in ("top", "left", "height", "width")
        )
        assert 0 <= top <= size.height - height
        assert 0 <= left <= size.width - width
        if size == (100, 150):
            assert 0.3 * 0.9 <= height / width <= 3.3 * 1.1
            assert 0.018 <= height * width / (100 * 150) <= 0.34


def test_random_erasing_of_a_shape_that_does_not_fit() -> None:
    """A bar that is too long for the image is cut to it."""
    params = RandomErasing(scale=0.5, ratio=100.0).draw(np.random.default_rng(0), Size(10, 10))
    assert (params["height"], params["width"]) == (10, 1)


def test_coarse_dropout_is_within_its_settings() -> None:
    """A thousand draws of how many; the sizes are shares of the image's height and width."""
    rng = np.random.default_rng(0)
    drawn = [CoarseDropout().draw(rng, Size(100, 200)) for _ in range(1000)]
    assert {params["num_holes"] for params in drawn} == {2, 3, 4, 5, 6}
    sides = ("min_height", "max_height", "min_width", "max_width")
    assert [drawn[0][side] for side in sides] == [5, 15, 10, 30]


def test_grids_begin_within_a_unit() -> None:
    """A thousand draws: offsets of less than a unit, or none; a square is not larger than it."""
    rng = np.random.default_rng(0)
    for _ in range(1000):
        params = GridDropout(ratio=[0.1, 1.0]).draw(rng, Size(100, 200))
        top, left, unit, side = (int(params[name] or 0) for name in ("top", "left", "unit", "side"))
        assert 15 <= unit <= 30
        assert 1 <= side <= unit
        assert -unit < top <= 0
        assert -unit < left <= 0
    params = GridDropout(random_offset=False).draw(rng, Size(100, 200))
    assert (params["top"], params["left"]) == (0, 0)


@pytest.mark.parametrize("fill", [256, -1, True, 1.5, "black", [1]])
def test_other_fills_are_refused(fill: object) -> None:
    """In a sentence that says what there is."""
    with pytest.raises(ValidationError, match="expected a level from 0 to 255, 'mean' or 'noise'"):
        Cutout.model_validate({"fill": fill})


@every_case
def test_unknown_scales(transform: type[Hiding], params: Params, neutral: dict[str, Any]) -> None:
    """A level needs a black and a white; a mean does not."""
    sample = Sample(np.arange(324, dtype=np.int32).reshape(9, 12, 3), (-(2**31), 2**31 - 1))
    with pytest.raises(SourceError, match="no known black and white"):
        transform.apply(sample, params)
    result = transform.apply(sample, params | {"fill": "mean"}).image
    assert np.isin([161, 162, 163], result).all()
