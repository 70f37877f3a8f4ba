"""Noise: strengths in the units that are asked for, in every depth."""

import json
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pytest
from toning import DEPTHS, check_that_depths_agree, in_levels, sample_of, toned, toned_gray

from augcli.errors import SourceError
from augcli.kernels import noise
from augcli.transforms.base import Params, Sample, Scalar, Size, Transform
from augcli.transforms.noise import (
    GaussianNoise,
    IsoNoise,
    SaltAndPepper,
    ShotNoise,
    SpeckleNoise,
)
from augcli.transforms.registry import TRANSFORMS


class Case(NamedTuple):
    """A transform with parameters that do something, and settings that do nothing."""

    transform: type[Transform]
    params: Params
    neutral: dict[str, Any] | None


CASES = [
    Case(GaussianNoise, {"std": 9.0, "per_channel": True, "seed": 3}, {"std": 0}),
    Case(GaussianNoise, {"std": 9.0, "per_channel": False, "seed": 3}, {"std": 0}),
    Case(SpeckleNoise, {"std": 0.1, "seed": 3}, {"std": 0}),
    Case(IsoNoise, {"luma": 5.0, "chroma": 8.0, "seed": 3}, {"luma": 0, "chroma": 0}),
    Case(ShotNoise, {"photons": 60.0, "seed": 3}, None),
    Case(ShotNoise, {"photons": 2000.0, "seed": 3}, None),
    Case(SaltAndPepper, {"amount": 0.2, "salt_vs_pepper": 0.4, "seed": 3}, {"amount": 0}),
]
every_case = pytest.mark.parametrize(
    "case", CASES, ids=[f"{case.transform.op}-{index}" for index, case in enumerate(CASES)]
)


def picture(channels: int, dtype: str = "uint8") -> Sample:
    levels = np.random.default_rng(channels).normal(110, 40, (40, 64, channels))
    return sample_of(levels.clip(0, 255).astype(np.uint8), dtype)


def added(transform: type[Transform], level: int, **params: Scalar) -> Any:
    """What noise adds to a picture of one level, unrounded: (200, 200, 3)."""
    sample = sample_of(np.full((200, 200, 3), level), "float32")
    return in_levels(transform.apply(sample, dict(params)).image) - level


def test_gaussian_noise_on_a_row() -> None:
    """Four grey levels; black and white cannot go further."""
    params: Params = {"std": 10.0, "per_channel": True, "seed": 1}
    assert toned_gray(GaussianNoise, [0, 128, 128, 255], **params) == [0, 140, 114, 255]
    assert toned(GaussianNoise, [[[128, 128, 128]]], **params) == [[[108, 112, 117]]]
    assert toned(GaussianNoise, [[[128, 128, 128]]], **{**params, "per_channel": False}) == [
        [[108, 108, 108]]
    ]


def test_speckle_noise_on_a_row() -> None:
    """The same numbers, times the level: black stays black."""
    assert toned_gray(SpeckleNoise, [0, 128, 64, 200], std=0.1, seed=1) == [0, 144, 55, 209]


def test_iso_noise_on_a_pixel() -> None:
    """Luma noise is grey; chroma noise changes colours, and of grey images nothing."""
    gray = [[[128, 128, 128]]]
    [[[red, green, blue]]] = toned(IsoNoise, gray, luma=10.0, chroma=0.0, seed=1)
    assert red == green == blue == 108
    [[pixel]] = toned(IsoNoise, gray, luma=0.0, chroma=10.0, seed=1)
    assert pixel == [113, 141, 100]
    assert toned_gray(IsoNoise, [9, 99], luma=0.0, chroma=10.0, seed=1) == [9, 99]
    assert toned_gray(IsoNoise, [99], luma=10.0, chroma=10.0, seed=1) == [79]


def test_shot_noise_on_a_row() -> None:
    """With 3 photons in white, levels are multiples of 85, and there is no noise in black."""
    levels = toned_gray(ShotNoise, [0, 60, 128, 255, 255, 255], photons=3.0, seed=1)
    assert levels == [0, 170, 0, 255, 255, 170]


def test_salt_and_pepper_on_a_row() -> None:
    """Some pixels turn white and some black."""
    levels = toned_gray(SaltAndPepper, [128] * 8, amount=0.8, salt_vs_pepper=0.6, seed=1)
    assert levels == [0, 128, 255, 128, 255, 255, 128, 0]


def test_strengths_are_standard_deviations() -> None:
    """In levels of 8 bits, or shares of the level."""
    gaussian = added(GaussianNoise, 128, std=7.0, per_channel=True, seed=2)
    assert gaussian.std() == pytest.approx(7, rel=0.01)
    assert abs(gaussian.mean()) < 0.1
    assert added(SpeckleNoise, 120, std=0.1, seed=2).std() == pytest.approx(12, rel=0.01)
    assert added(ShotNoise, 128, photons=510.0, seed=2).std() == pytest.approx(8, rel=0.02)


def test_iso_noise_is_of_luma_and_chroma() -> None:
    """Luma (ITU-R BT.601) has the one deviation; blue less luma and red less luma, the other."""
    red, green, blue = np.moveaxis(added(IsoNoise, 128, luma=4.0, chroma=6.0, seed=2), 2, 0)
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    assert luma.std() == pytest.approx(4, rel=0.01)
    assert (blue - luma).std() / 1.772 == pytest.approx(6, rel=0.01)
    assert (red - luma).std() / 1.402 == pytest.approx(6, rel=0.01)
    assert abs(np.corrcoef(luma.ravel(), (blue - luma).ravel())[0, 1]) < 0.03


def test_seeds_are_independent() -> None:
    """Noise of two seeds that follow one another has nothing in common."""
    one, other = (
        added(GaussianNoise, 128, std=7.0, per_channel=True, seed=seed) for seed in (5, 6)
    )
    assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 5 / np.sqrt(one.size)


@every_case
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_the_depths_agree(case: Case, channels: int) -> None:
    """16 bits and floats become what 8 bits become, within a level."""
    check_that_depths_agree(case.transform, case.params, partial(picture, channels), 1.0)


@every_case
@pytest.mark.parametrize("dtype", DEPTHS)
@pytest.mark.parametrize("channels", [2, 4])
def test_alpha_and_the_source_stay(case: Case, dtype: str, channels: int) -> None:
    """Alpha is copied as it is, and the image that came is not touched."""
    sample = picture(channels, dtype)
    result = case.transform.apply(sample, case.params).image
    assert np.array_equal(result[..., -1], sample.image[..., -1])
    assert np.array_equal(sample.image, picture(channels, dtype).image)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.neutral is not None], ids=lambda case: case.transform.op
)
@pytest.mark.parametrize("dtype", DEPTHS)
def test_neutral_settings_change_nothing(case: Case, dtype: str) -> None:
    """Without strength, the image comes back as it is."""
    sample = picture(3, dtype)
    params = case.transform(**(case.neutral or {})).draw(np.random.default_rng(0), sample.size)
    assert case.transform.apply(sample, params).image is sample.image


@every_case
def test_draws_are_within_their_settings(case: Case) -> None:
    """A thousand draws: flat, JSON-ready, inside their ranges, and each with its own seed."""
    transform = case.transform()
    settings = transform.model_dump()
    rng = np.random.default_rng(0)
    drawn = [transform.draw(rng, Size(10, 10)) for _ in range(1000)]
    for params in drawn:
        assert json.loads(json.dumps(params, allow_nan=False)) == params
        assert params.keys() == case.params.keys()
        for name in params.keys() & {name for name in settings if name != "per_channel"}:
            low, high = settings[name]
            assert low <= float(params[name] or 0) <= high
    assert len({params["seed"] for params in drawn}) == 1000


@every_case
def test_a_draw_takes_as_many_numbers_whatever_the_settings(case: Case) -> None:
    """So that a setting changes no other step's parameters."""
    after = []
    for settings in ({}, case.neutral or {}):
        rng = np.random.default_rng(0)
        case.transform(**settings).draw(rng, Size(10, 10))
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
def test_unknown_scales_are_refused(case: Case, sample: Sample) -> None:
    """Strengths are in levels, which such sources have not; the sentence says the remedy."""
    with pytest.raises(SourceError, match="no known black and white"):
        case.transform.apply(sample, case.params)


@every_case
def test_names_are_the_registrys(case: Case) -> None:
    """What YAML calls it is what a recipe calls it."""
    assert TRANSFORMS[case.transform.op] is case.transform


def test_a_pixels_noise_is_its_places() -> None:
    """The upper half of a picture has the noise that it has in the whole one."""
    whole = picture(3)
    upper = Sample(whole.image[:20], whole.levels)
    params: Params = {"std": 9.0, "per_channel": True, "seed": 3}
    result = GaussianNoise.apply(whole, params).image[:20]
    assert np.array_equal(GaussianNoise.apply(upper, params).image, result)
    assert noise.normal_numbers(3, 5).shape == (5, 4)
