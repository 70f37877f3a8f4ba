"""What holds for every transform of tone and colour."""

import json
from typing import Any, NamedTuple

import numpy as np
import pytest
from toning import DEPTHS, in_levels, sample_of

from augcli.errors import SourceError
from augcli.kernels import packed
from augcli.transforms.base import Params, Sample, Size, Transform
from augcli.transforms.colors import (
    ChannelDropout,
    ChannelShuffle,
    ColorJitter,
    ColorTemperature,
    Grayscale,
    Hue,
    RgbShift,
    Saturation,
    Sepia,
)
from augcli.transforms.recipe import apply_recipe
from augcli.transforms.tones import (
    Autocontrast,
    Brightness,
    Clahe,
    Contrast,
    Equalize,
    Exposure,
    Gamma,
    Invert,
    Posterize,
    Solarize,
    ToneCurve,
)


class Case(NamedTuple):
    """A transform with parameters that do something, and settings that do nothing."""

    transform: type[Transform]
    params: Params
    neutral: dict[str, Any] | None = None
    is_color: bool = False
    tolerance: float = 1.0  # levels between the depths


CASES = [
    Case(Brightness, {"factor": 1.3}, {"factor": 0}),
    Case(Contrast, {"factor": 0.6, "pivot": "mean"}, {"factor": 0}),
    Case(Contrast, {"factor": 1.7, "pivot": "middle"}, {"factor": 0, "pivot": "middle"}),
    Case(Gamma, {"exponent": 1.4}, {"exponent": 1}),
    Case(Exposure, {"stops": 0.7}, {"stops": 0}),
    # The luma of 8-bit colours is rounded before it is mapped, by curves that may be steep.
    Case(Clahe, {"clip_limit": 2.0, "tile_rows": 2, "tile_columns": 3}, tolerance=3.0),
    Case(Equalize, {}),
    Case(Autocontrast, {"cutoff": 5.0}),
    Case(Posterize, {"bits": 3}, {"bits": 8}),
    Case(Solarize, {"threshold": 100}, {"threshold": 256}),
    Case(Invert, {}),
    Case(ToneCurve, {"low_y": 0.2, "high_y": 0.9}, {"scale": 0.0}),
    Case(Hue, {"degrees": 50.0}, {"degrees": 0}, is_color=True),
    Case(Saturation, {"factor": 1.6}, {"factor": 0}, is_color=True),
    Case(
        ColorJitter,
        {"order": "hscb", "brightness": 1.2, "contrast": 0.8, "saturation": 1.3, "hue": -9.0},
        {"brightness": 0, "contrast": 0, "saturation": 0, "hue": 0},
        tolerance=3.0,  # 8 bits are rounded four times
    ),
    Case(
        RgbShift,
        {"red": 9.5, "green": -20.0, "blue": 3.0},
        {"red": 0, "green": 0, "blue": 0},
        is_color=True,
    ),
    Case(ChannelShuffle, {"order": "gbr"}, is_color=True),
    Case(ChannelDropout, {"dropped": "g", "fill": 5}, is_color=True),
    Case(Grayscale, {}, is_color=True),
    Case(Sepia, {"strength": 0.8}, {"strength": 0}, is_color=True),
    Case(ColorTemperature, {"kelvin": 4000.0}, {"kelvin": 6500}, is_color=True),
]
every_case = pytest.mark.parametrize(
    "case", CASES, ids=[f"{case.transform.op}-{index}" for index, case in enumerate(CASES)]
)
every_neutral_case = pytest.mark.parametrize(
    "case", [case for case in CASES if case.neutral is not None], ids=lambda case: case.transform.op
)


def picture(channels: int, dtype: str = "uint8") -> Sample:
    levels = np.random.default_rng(channels).normal(110, 40, (40, 64, channels))
    return sample_of(levels.clip(0, 255).astype(np.uint8), dtype)


@every_case
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_the_depths_agree(case: Case, channels: int) -> None:
    """16 bits and floats become what 8 bits become, within a level or two."""
    expected = case.transform.apply(picture(channels), case.params).image
    assert packed.is_packed(expected)
    for dtype in DEPTHS:
        sample = picture(channels, dtype)
        result = case.transform.apply(sample, case.params).image
        assert result.dtype == sample.image.dtype
        assert result.shape == sample.image.shape
        assert np.abs(in_levels(result) - expected).max() <= case.tolerance


@every_case
@pytest.mark.parametrize("dtype", DEPTHS)
@pytest.mark.parametrize("channels", [2, 4])
def test_alpha_and_the_source_stay(case: Case, dtype: str, channels: int) -> None:
    """Alpha is copied as it is, and the image that came is not touched."""
    sample = picture(channels, dtype)
    result = case.transform.apply(sample, case.params).image
    assert np.array_equal(result[..., -1], sample.image[..., -1])
    assert np.array_equal(sample.image, picture(channels, dtype).image)


@every_case
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_colors_alone_are_changed_by_colors(case: Case, channels: int) -> None:
    """Colour transforms leave grey images alone; all others, and all on colour, do something."""
    sample = picture(channels)
    result = case.transform.apply(sample, case.params).image
    stays = case.is_color and channels < 3
    assert np.array_equal(result, sample.image) == stays


@every_neutral_case
@pytest.mark.parametrize("dtype", DEPTHS)
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_neutral_settings_change_nothing(case: Case, dtype: str, channels: int) -> None:
    """Drawn from settings that say nothing, the parameters give identical values."""
    sample = picture(channels, dtype)
    params = case.transform(**(case.neutral or {})).draw(np.random.default_rng(0), sample.size)
    result = case.transform.apply(sample, params).image
    assert np.array_equal(result, sample.image)
    assert result is sample.image or dtype == "float32"


@every_case
def test_draws_are_within_their_settings(case: Case) -> None:
    """A thousand draws of the default settings: flat, JSON-ready, inside their ranges."""
    transform = case.transform()
    settings = transform.model_dump()
    rng = np.random.default_rng(0)
    for _ in range(1000):
        params = transform.draw(rng, Size(10, 10))
        assert json.loads(json.dumps(params, allow_nan=False)) == params
        assert params.keys() == case.params.keys()
        for name, value in params.items():
            if isinstance(settings.get(name), list) and not isinstance(value, str):
                low, high = settings[name]
                assert low <= value <= high
    case.transform.apply(picture(3), params)


@every_neutral_case
def test_a_draw_takes_as_many_numbers_whatever_the_settings(case: Case) -> None:
    """So that a setting changes no other step's parameters."""
    after = []
    for transform in (case.transform(), case.transform(**(case.neutral or {}))):
        rng = np.random.default_rng(0)
        transform.draw(rng, Size(10, 10))
        after.append(rng.random())
    assert after[0] == after[1]


@every_case
@pytest.mark.parametrize(
    "sample",
    [
        Sample(np.full((4, 4, 3), 70000, np.int32), (-(2**31), 2**31 - 1)),
        Sample(np.full((4, 4, 3), -3.5, np.float32), None),
        Sample(np.full((4, 4, 1), np.nan, np.float32), None),
    ],
    ids=["int32", "negative", "nan"],
)
def test_unknown_scales_are_refused_or_need_not_be_known(case: Case, sample: Sample) -> None:
    """Never a crash: a result of the same kind, or the sentence that says the remedy."""
    try:
        result = case.transform.apply(sample, case.params).image
    except SourceError as error:
        assert "no known black and white" in str(error)  # noqa: PT017  or a result
    else:
        assert result.shape == sample.image.shape
        assert result.dtype == sample.image.dtype


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_recipes_are_their_steps_one_by_one(channels: int) -> None:
    """Tables become one table on the way, for colour and for grey, and nothing else changes."""
    steps = [{"op": case.transform.op, **case.params} for case in CASES]
    sample = expected = picture(channels)
    for case in CASES:
        expected = case.transform.apply(expected, case.params)
    result = apply_recipe(sample, steps).image
    assert np.array_equal(result, expected.image)


def test_a_single_pixel_is_an_image() -> None:
    """The smallest picture crashes nothing."""
    for case in CASES:
        for dtype in DEPTHS:
            sample = sample_of([[[1, 2, 3]]], dtype)
            assert case.transform.apply(sample, case.params).size == (1, 1)
