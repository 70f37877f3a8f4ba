"""Lossy formats and low resolution: Pillow's own results, in every depth."""

import io
import json
from functools import partial
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from toning import DEPTHS, check_that_depths_agree, sample_of, toned, toned_gray

from augcli.errors import SourceError
from augcli.transforms.base import Params, Sample, Size, Transform
from augcli.transforms.compression import Downscale, JpegCompression, WebpCompression
from augcli.transforms.registry import TRANSFORMS


class Case(NamedTuple):
    """A transform with parameters that do something."""

    transform: type[Transform]
    params: Params


HALF: Params = {"scale": 0.5, "interpolation_down": "bilinear", "interpolation_up": "bilinear"}
BLOCKS: Params = {"scale": 0.5, "interpolation_down": "box", "interpolation_up": "nearest"}
CASES = [
    Case(JpegCompression, {"quality": 30, "subsampling": "4:2:0"}),
    Case(JpegCompression, {"quality": 60, "subsampling": "4:4:4"}),
    Case(WebpCompression, {"quality": 30}),
    Case(Downscale, HALF),
    Case(Downscale, BLOCKS),
]
every_case = pytest.mark.parametrize(
    "case", CASES, ids=[f"{case.transform.op}-{index}" for index, case in enumerate(CASES)]
)


def picture(channels: int, dtype: str = "uint8") -> Sample:
    levels = np.random.default_rng(channels).normal(110, 40, (41, 64, channels))
    return sample_of(levels.clip(0, 255).astype(np.uint8), dtype)


def by_pillow(levels: NDArray[np.uint8], name: str, **options: object) -> NDArray[np.uint8]:
    """RGB or grey levels, saved and read by Pillow alone."""
    file = io.BytesIO()
    image = Image.fromarray(levels if levels.shape[2] == 3 else levels[..., 0])
    image.save(file, name, **options)
    read = np.asarray(Image.open(file).convert(image.mode))
    return read.reshape(levels.shape)


def test_even_pictures_survive() -> None:
    """Grey without detail comes through, whatever the quality; colours nearly do."""
    gray, red = [[[128]] * 9] * 9, [[[200, 50, 50]] * 9] * 9
    assert toned(JpegCompression, gray, quality=10, subsampling="4:2:0") == gray
    assert toned(WebpCompression, gray, quality=10) == gray
    result = np.array(toned(JpegCompression, red, quality=90, subsampling="4:2:0"))
    assert np.abs(result - red).max() <= 2


@pytest.mark.parametrize("channels", [1, 3])
def test_jpeg_is_pillows(channels: int) -> None:
    """The levels that Pillow reads from the JPEG that it writes."""
    sample = picture(channels)
    result = JpegCompression.apply(sample, {"quality": 25, "subsampling": "4:2:2"}).image
    levels = np.ascontiguousarray(sample.image)
    assert np.array_equal(result, by_pillow(levels, "jpeg", quality=25, subsampling="4:2:2"))


def test_webp_is_pillows() -> None:
    """The levels that Pillow reads from the WebP that it writes."""
    result = WebpCompression.apply(picture(3), {"quality": 25}).image
    levels = np.ascontiguousarray(picture(3).image)
    assert np.array_equal(result, by_pillow(levels, "webp", quality=25, method=2))


@pytest.mark.parametrize("transform", [JpegCompression, WebpCompression])
def test_less_quality_is_more_loss(transform: type[Transform]) -> None:
    """The error grows as the quality goes down."""
    sample = picture(1)
    errors = []
    for quality in (95, 60, 20):
        params: Params = {"quality": quality, "subsampling": "4:2:0"}
        result = transform.apply(sample, params).image.astype(float)
        errors.append(np.abs(result - sample.image).mean())
    assert errors == sorted(errors)
    assert errors[0] < errors[2]


def test_downscale_on_a_row() -> None:
    """Pairs become their mean, or blend into one another."""
    row = [0, 100, 200, 100, 40, 60]
    assert toned_gray(Downscale, row, **BLOCKS) == [50, 50, 150, 150, 50, 50]
    # Means by weights of 1, 3, 3, 1, those inside the row, are 500/7, 130 and 400/7; of these,
    # every level is three quarters of the nearest and one of the next.
    assert toned_gray(Downscale, row, **HALF) == [71, 86, 115, 112, 75, 57]


def test_a_scale_that_rounds_to_the_same_size_changes_nothing() -> None:
    """The image comes back as it is; at least one pixel is left of each side."""
    sample = picture(3)
    assert Downscale.apply(sample, {**HALF, "scale": 1.0}).image is sample.image
    assert Downscale.apply(sample, {**HALF, "scale": 0.999}).image is sample.image
    tiny = toned(Downscale, [[[0], [100]]], **{**HALF, "scale": 0.01})
    assert tiny == [[[50], [50]]]


@every_case
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_the_depths_agree(case: Case, channels: int) -> None:
    """16 bits and floats become what 8 bits become, within a level or two roundings."""
    check_that_depths_agree(case.transform, case.params, partial(picture, channels), 1.01)


@every_case
@pytest.mark.parametrize("dtype", DEPTHS)
@pytest.mark.parametrize("channels", [2, 4])
def test_alpha_and_the_source_stay(case: Case, dtype: str, channels: int) -> None:
    """Alpha is copied as it is, colour is as without it, and the source is not touched."""
    sample = picture(channels, dtype)
    result = case.transform.apply(sample, case.params).image
    assert np.array_equal(result[..., -1], sample.image[..., -1])
    assert np.array_equal(sample.image, picture(channels, dtype).image)
    opaque = Sample(sample.image[..., :-1], sample.levels)
    assert np.array_equal(result[..., :-1], case.transform.apply(opaque, case.params).image)


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
            if isinstance(value, str):
                assert value == settings[name]
            else:
                low, high = settings[name]
                assert low <= float(value or 0) <= high


@every_case
def test_names_are_the_registrys(case: Case) -> None:
    """What YAML calls it is what a recipe calls it."""
    assert TRANSFORMS[case.transform.op] is case.transform


@pytest.mark.parametrize("case", CASES[:3], ids=lambda case: case.transform.op)
def test_formats_need_black_and_white(case: Case) -> None:
    """32-bit integers cannot become 8 bits; the sentence says the remedy."""
    sample = Sample(np.full((4, 4, 3), 70000, np.int32), (-(2**31), 2**31 - 1))
    with pytest.raises(SourceError, match="no known black and white"):
        case.transform.apply(sample, case.params)


def test_any_numbers_can_be_downscaled() -> None:
    """Resizing needs no black and white."""
    numbers = np.array([[[70000], [-70000], [5], [5]]], np.int32)
    result = Downscale.apply(Sample(numbers, (-(2**31), 2**31 - 1)), BLOCKS).image
    assert result.dtype == np.int32
    assert result.tolist() == [[[0], [0], [5], [5]]]


def test_sides_that_a_format_cannot_have_are_refused() -> None:
    """The sentence names the limit, and what to do."""
    wide = sample_of(np.zeros((1, 16384, 1)))
    with pytest.raises(SourceError, match="webp may have 16383 at most"):
        WebpCompression.apply(wide, {"quality": 50})
