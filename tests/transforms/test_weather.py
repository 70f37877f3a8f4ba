"""Fog, rain, snow, shadows and the sun: on tiny pictures, and what holds for all of them."""

import json
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from toning import DEPTHS, in_levels, sample_of

from augcli.errors import SourceError
from augcli.kernels import packed
from augcli.transforms.base import Params, Sample, Size
from augcli.transforms.tonal import Tonal
from augcli.transforms.weather import Fog, Rain, Shadow, Snow, SunFlare

FOG: Params = {"density": 0.5, "variation": 0.4, "level": 200, "seed": 1}
RAIN: Params = {
    "num_drops": 60,
    "length": 9.0,
    "width": 1.0,
    "angle": 10.0,
    "opacity": 0.7,
    "brightness": 0.8,
    "seed": 1,
}
SNOW: Params = {
    "num_flakes": 40,
    "diameter": 4.0,
    "fall": 3.0,
    "angle": -20.0,
    "opacity": 0.9,
    "cover": 0.3,
    "seed": 1,
}
SHADOW: Params = {
    "num_shadows": 2,
    "min_corners": 3,
    "max_corners": 5,
    "intensity": 0.5,
    "edge": 2.0,
    "left": 0.0,
    "top": 0.0,
    "right": 64.0,
    "bottom": 40.0,
    "seed": 1,
}
FLARE: Params = {
    "x": 20.5,
    "y": 10.5,
    "radius": 12.0,
    "intensity": 0.9,
    "num_reflections": 3,
    "red": 255,
    "green": 240,
    "blue": 200,
    "seed": 1,
}
CASES: list[tuple[type[Tonal], Params, dict[str, Any]]] = [
    (Fog, FOG, {"density": 0.0}),
    (Rain, RAIN, {"num_drops": 0, "brightness": 1.0}),
    (Rain, RAIN, {"opacity": 0.0, "brightness": 1.0}),
    (Snow, SNOW, {"num_flakes": 0, "cover": 0.0}),
    (Snow, SNOW, {"opacity": 0.0, "cover": 0.0}),
    (Shadow, SHADOW, {"intensity": 0.0}),
    (Shadow, SHADOW, {"num_shadows": 0}),
    (SunFlare, FLARE, {"intensity": 0.0}),
]
every_case = pytest.mark.parametrize(("transform", "params", "neutral"), CASES)


def picture(channels: int, dtype: str = "uint8") -> Sample:
    levels = np.random.default_rng(channels).integers(0, 256, (40, 64, channels), np.uint8)
    return sample_of(levels, dtype)


def plain(level: int, height: int = 40, width: int = 64) -> Sample:
    return sample_of(np.full((height, width, 3), level))


def gray_of(transform: type[Tonal], sample: Sample, params: Params) -> Any:
    """The green channel of a result, as whole numbers."""
    return transform.apply(sample, params).image[..., 1].astype(int)


def test_fog_that_does_not_vary() -> None:
    """Halfway to its grey everywhere; all of it hides all."""
    even = FOG | {"variation": 0.0}
    assert (Fog.apply(plain(100), even).image == 150).all()
    assert (Fog.apply(plain(100), even | {"density": 1.0}).image == 200).all()


def test_fog_varies_about_its_density() -> None:
    """From 0.3 to 0.7 of the way to its grey, and no farther; smoothly; otherwise by its seed."""
    foggy = gray_of(Fog, plain(100), FOG)
    assert 128 <= foggy.min() < 140
    assert 160 < foggy.max() <= 172
    assert np.abs(np.diff(foggy, axis=0)).max() <= 6
    assert np.abs(np.diff(foggy, axis=1)).max() <= 6
    assert not np.array_equal(foggy, gray_of(Fog, plain(100), FOG | {"seed": 2}))


def test_fog_is_the_same_at_any_resolution() -> None:
    """A picture of twice the size has it in the same places."""
    small = gray_of(Fog, plain(100), FOG)
    large = gray_of(Fog, plain(100, 80, 128), FOG)
    halved = large.reshape(40, 2, 64, 2).mean(axis=(1, 3))
    assert np.abs(halved - small).max() <= 3


def test_rain_darkens_and_streaks_lighten() -> None:
    """Between the streaks a picture has its brightness, and in them it is lighter."""
    rainy = gray_of(Rain, plain(100), RAIN)
    assert (rainy == 80).mean() > 0.5
    assert (rainy >= 80).all()
    assert rainy.max() > 110
    assert rainy.max() <= 80 + 0.7 * (212 - 80) + 1


def test_rain_falls_down() -> None:
    """Without wind, streaks are columns; at 80 degrees they are nearly rows."""
    down, sideways = (
        gray_of(Rain, plain(0), RAIN | {"angle": angle, "num_drops": 20}) for angle in (0.0, 80.0)
    )
    assert np.abs(np.diff(down, axis=0)).sum() < 0.5 * np.abs(np.diff(down, axis=1)).sum()
    assert np.abs(np.diff(sideways, axis=1)).sum() < 0.5 * np.abs(np.diff(sideways, axis=0)).sum()


def test_rain_is_blown_by_its_angle() -> None:
    """Above 0 a streak goes to the right as it falls: the lower end is right of the upper one."""
    one = RAIN | {"num_drops": 1, "length": 20.0, "angle": 45.0, "brightness": 1.0}
    seen = 0
    for seed in range(20):
        rows, columns = np.nonzero(gray_of(Rain, plain(0), one | {"seed": seed}) > 20)
        if len(rows) > 4:
            seen += 1
            assert columns[rows.argmax()] > columns[rows.argmin()]
    assert seen > 10


def test_snow_covers_what_is_light() -> None:
    """Without flakes: dark stays dark, and the lighter a pixel, the whiter it becomes."""
    cover = SNOW | {"num_flakes": 0, "cover": 1.0}
    sample = sample_of([[[0] * 3, [51] * 3, [153] * 3, [250] * 3]])
    assert gray_of(Snow, sample, cover).tolist() == [[0, 51, 202, 251]]


def test_snow_has_flakes() -> None:
    """White dots on a dark picture, which is mostly seen between them."""
    snowy = gray_of(Snow, plain(20), SNOW)
    assert (snowy == 20).mean() > 0.3
    assert snowy.max() > 150


def test_a_shadow_is_as_dark_as_it_says() -> None:
    """Half of the light, and none of it outside of the region but for the edge."""
    shaded = gray_of(Shadow, plain(200), SHADOW | {"left": 32.0, "top": 20.0, "seed": 3})
    assert set(np.unique(shaded)) >= {100, 200}
    assert shaded.min() == 100
    assert (shaded[:17] == 200).all()
    assert (shaded[:, :29] == 200).all()


def test_a_shadow_has_a_soft_edge() -> None:
    """The wider the edge, the more pixels that are neither lit nor dark."""
    between = [
        np.isin(gray_of(Shadow, plain(200), SHADOW | {"edge": edge}), [100, 200]).mean()
        for edge in (2.0, 8.0, 16.0)
    ]
    assert between[0] > between[1] > between[2]


@pytest.mark.parametrize("edge", [0.0, 2.0, 5.0, 30.0, 500.0])
def test_a_shadow_of_any_edge(edge: float) -> None:
    """Also of one that is wider than the picture."""
    result = Shadow.apply(plain(200), SHADOW | {"edge": edge})
    assert result.size == (40, 64)
    assert result.image.min() < 200


def test_the_sun_is_where_it_is_said() -> None:
    """There it is its colour, and the farther from it the less."""
    alone = FLARE | {"num_reflections": 0, "intensity": 1.0}
    image = SunFlare.apply(plain(10), alone).image
    assert image[10, 20].tolist() == [255, 240, 200]
    row = image[10, 20:, 1].astype(int)
    assert (np.diff(row) <= 0).all()
    assert row[-1] < 20


def test_reflections_are_on_the_other_side() -> None:
    """Discs on the line through the middle; the corner behind the light has none."""
    glow = gray_of(SunFlare, plain(10), FLARE | {"num_reflections": 0})
    flare = gray_of(SunFlare, plain(10), FLARE | {"num_reflections": 30})
    assert (flare >= glow).all()
    assert (flare[20:, 32:] > glow[20:, 32:]).any()
    assert np.array_equal(flare[:5, :10], glow[:5, :10])


@every_case
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_the_depths_agree(
    transform: type[Tonal], params: Params, neutral: dict[str, Any], channels: int
) -> None:
    """16 bits and floats become what 8 bits become; alpha and the source stay as they are."""
    expected = transform.apply(picture(channels), params).image
    assert packed.is_packed(expected)
    assert not np.array_equal(expected, picture(channels).image)
    for dtype in DEPTHS:
        sample = picture(channels, dtype)
        result = transform.apply(sample, params).image
        assert result.dtype == sample.image.dtype
        assert np.abs(in_levels(result) - expected).max() <= 1.01
        assert np.array_equal(sample.image, picture(channels, dtype).image)
        if channels in {2, 4}:
            assert np.array_equal(result[..., -1], sample.image[..., -1])


@every_case
def test_gray_pictures_get_gray_weather(
    transform: type[Tonal], params: Params, neutral: dict[str, Any]
) -> None:
    """The luma of what a grey picture in colour becomes, within its roundings."""
    gray = picture(1)
    color = sample_of(np.repeat(gray.image, 3, axis=2))
    red, green, blue = np.moveaxis(transform.apply(color, params).image.astype(int), 2, 0)
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    assert np.abs(transform.apply(gray, params).image[..., 0] - luma).max() < 1.5


@every_case
@pytest.mark.parametrize("dtype", DEPTHS)
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_neutral_settings_change_nothing(
    transform: type[Tonal],
    params: Params,
    neutral: dict[str, Any],
    dtype: str,
    channels: int,
) -> None:
    """The very image comes back."""
    sample = picture(channels, dtype)
    drawn = transform(**neutral).draw(np.random.default_rng(0), sample.size)
    assert transform.apply(sample, drawn).image is sample.image


@every_case
def test_draws_are_a_persons_numbers(
    transform: type[Tonal], params: Params, neutral: dict[str, Any]
) -> None:
    """JSON-ready, of the same names always; as many random numbers for any settings."""
    after = set()
    for settings in ({}, neutral):
        rng = np.random.default_rng(0)
        drawn = transform(**settings).draw(rng, Size(50, 60))
        after.add(rng.random())
        assert drawn.keys() == params.keys()
        assert json.loads(json.dumps(drawn, allow_nan=False)) == drawn
    assert len(after) == 1


IN_SHORTER_SIDES = {
    Rain: {"length": "length", "width": "width"},
    Snow: {"size": "diameter", "speed": "fall"},
    Shadow: {"softness": "edge"},
    SunFlare: {"radius": "radius"},
}


@pytest.mark.parametrize("transform", [Fog, Rain, Snow, Shadow, SunFlare])
def test_draws_are_within_their_settings(transform: type[Tonal]) -> None:
    """A thousand draws; sizes are shares of the shorter side, and recorded in pixels."""
    settings = transform().model_dump()
    in_pixels = IN_SHORTER_SIDES.get(transform, {})
    rng = np.random.default_rng(0)
    for _ in range(1000):
        params = transform().draw(rng, Size(100, 200))
        for name, (low, high) in ((k, v) for k, v in settings.items() if len(v) == 2):
            if name in {"num_corners", "x", "y"}:
                continue
            unit = 100 if name in in_pixels else 1
            value = params[in_pixels.get(name, name)]
            assert low * unit <= value <= high * unit


def test_places_are_shares_of_width_and_height() -> None:
    """The sun's, and the region of shadows."""
    rng = np.random.default_rng(0)
    sun = SunFlare(x=0.5, y=-0.25).draw(rng, Size(100, 200))
    assert (sun["x"], sun["y"]) == (100, -25)
    shadow = Shadow(region=[0.1, 0.5, 1.0, 1.0]).draw(rng, Size(100, 200))
    assert [shadow[side] for side in ("left", "top", "right", "bottom")] == [20, 50, 200, 100]


@pytest.mark.parametrize("region", [[0, 0, 1], [0, 0.5, 0, 1], [0, 0, 1, 1.5], [0.5, 0, 0.2, 1]])
def test_other_regions_are_refused(region: list[float]) -> None:
    """Four shares, of which the first two are less than the last two."""
    with pytest.raises(ValidationError):
        Shadow.model_validate({"region": region})


@every_case
def test_unknown_scales(transform: type[Tonal], params: Params, neutral: dict[str, Any]) -> None:
    """Weather needs to know what is black and what is white."""
    sample = Sample(np.zeros((4, 4, 3), np.int32), (-(2**31), 2**31 - 1))
    with pytest.raises(SourceError, match="no known black and white"):
        transform.apply(sample, params)


@every_case
def test_a_single_pixel_is_an_image(
    transform: type[Tonal], params: Params, neutral: dict[str, Any]
) -> None:
    """The smallest picture crashes nothing, with settings drawn for it."""
    for dtype in DEPTHS:
        sample = sample_of([[[1, 2, 3]]], dtype)
        drawn = transform().draw(np.random.default_rng(0), sample.size)
        assert transform.apply(sample, drawn).size == (1, 1)
