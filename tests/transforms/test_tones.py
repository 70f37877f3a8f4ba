"""Brightness, contrast and curves of tone: tiny pictures, and Pillow's results."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageOps
from toning import sample_of, toned, toned_gray

from augcli.transforms.base import Scalar, Size, Transform
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

PICTURES = st.sampled_from([4, 16, 255]).flatmap(
    lambda highest: hnp.arrays(np.uint8, (16, 20, 3), elements=st.integers(0, highest), fill=None)
)
FACTORS = st.floats(0, 2)


def levels(transform: type[Transform], pixels: NDArray[np.uint8], **params: Scalar) -> NDArray[Any]:
    return transform.apply(sample_of(pixels), dict(params)).image.astype(int)


def test_brightness_multiplies() -> None:
    """Black stays black, white is cut off, halves are rounded up."""
    assert toned_gray(Brightness, [0, 1, 100, 200], factor=1.5) == [0, 2, 150, 255]
    assert toned_gray(Brightness, [0, 1, 100, 255], factor=0.0) == [0, 0, 0, 0]


def test_contrast_about_the_middle() -> None:
    """127.5 is between the levels that stay."""
    middle = {"pivot": "middle"}
    assert toned_gray(Contrast, [0, 127, 128, 255], factor=0.5, **middle) == [64, 127, 128, 191]
    assert toned_gray(Contrast, [0, 100, 150, 255], factor=2.0, **middle) == [0, 73, 173, 255]


def test_contrast_about_the_mean() -> None:
    """The mean of the grey picture stays; of colours it is the mean of their luma."""
    assert toned_gray(Contrast, [10, 20, 30], factor=2.0, pivot="mean") == [0, 20, 40]
    red_and_black = [[[255, 0, 0], [0, 0, 0]]]  # luma 76 and 0
    assert toned(Contrast, red_and_black, factor=0.0, pivot="mean") == [[[38] * 3, [38] * 3]]


def test_gamma_is_a_power_of_shares() -> None:
    """(51 / 255) ** 2 = 0.04, and back."""
    assert toned_gray(Gamma, [0, 51, 255], exponent=2.0) == [0, 10, 255]
    assert toned_gray(Gamma, [0, 10, 255], exponent=0.5) == [0, 50, 255]


def test_exposure_doubles_the_light() -> None:
    """The sRGB value of twice the light of 100 is 138; white stays white, whatever comes."""
    assert toned_gray(Exposure, [0, 100, 200, 255], stops=1.0) == [0, 138, 255, 255]
    assert toned_gray(Exposure, [0, 138, 255], stops=-1.0) == [0, 100, 188]


def test_clahe_draws_levels_apart() -> None:
    """Two levels that are as frequent become half and full; a limit of 1 leaves them near."""
    grid = {"tile_rows": 1, "tile_columns": 1}
    assert toned_gray(Clahe, [100, 101], clip_limit=256.0, **grid) == [128, 255]
    assert toned_gray(Clahe, [100, 101] * 500, clip_limit=1.0, **grid)[:2] == [101, 103]


def test_clahe_works_in_tiles() -> None:
    """The same level becomes another where its surroundings are others."""
    row = [[[level] for level in [100, 100, 50, 100, 150, 150, 150, 100]]]
    [result] = toned(Clahe, row, clip_limit=256.0, tile_rows=1, tile_columns=2)
    assert result[0] == [255]
    assert result[7] == [64]


def test_equalize_spreads_levels() -> None:
    """Three levels, as frequent, come to lie evenly."""
    row = [10] * 255 + [11] * 255 + [90] * 255
    assert sorted(set(toned_gray(Equalize, row))) == [0, 128, 255]


def test_autocontrast_fills_the_scale() -> None:
    """The lowest becomes black and the highest white; a cutoff leaves outliers aside."""
    assert toned_gray(Autocontrast, [51, 75, 102], cutoff=0.0) == [0, 120, 255]
    row = [0, *[51] * 49, *[102] * 49, 255]
    assert toned_gray(Autocontrast, row, cutoff=1.0)[:51:25] == [0, 0, 255]


def test_posterize_keeps_the_upper_bits() -> None:
    """Two bits leave 0, 64, 128 and 192."""
    assert toned_gray(Posterize, [0, 63, 64, 200, 255], bits=2) == [0, 0, 64, 192, 192]


def test_solarize_inverts_from_the_threshold_on() -> None:
    """128 is inverted by 128, 127 is not."""
    assert toned_gray(Solarize, [0, 127, 128, 255], threshold=128) == [0, 127, 127, 0]


def test_invert_is_the_negative() -> None:
    """Twice is nothing."""
    assert toned_gray(Invert, [0, 1, 128, 255]) == [255, 254, 127, 0]


def test_a_tone_curve_bends_shadows_and_lights() -> None:
    """Heights above a straight line lighten, and both apart."""
    assert toned_gray(ToneCurve, [0, 51, 204, 255], low_y=0.5, high_y=2 / 3) == [0, 67, 208, 255]
    assert toned_gray(ToneCurve, [0, 51, 204, 255], low_y=1 / 3, high_y=0.5) == [0, 47, 188, 255]


@given(low=st.floats(1 / 3 - 0.33, 1 / 3 + 0.33), high=st.floats(2 / 3 - 0.33, 2 / 3 + 0.33))
def test_a_tone_curve_only_rises(low: float, high: float) -> None:
    """No drawn curve turns light into shadow."""
    table = ToneCurve.table({"low_y": low, "high_y": high}).astype(int)
    assert (np.diff(table) >= 0).all()
    assert (table[0], table[-1]) == (0, 255)


@given(pixels=PICTURES, factor=FACTORS)
def test_blends_are_pillows(pixels: NDArray[np.uint8], factor: float) -> None:
    """Brightness and contrast: Pillow's level, or the one above, as Pillow cuts fractions off."""
    picture = Image.fromarray(pixels)
    for ours, theirs in (
        (levels(Brightness, pixels, factor=factor), ImageEnhance.Brightness(picture)),
        (levels(Contrast, pixels, factor=factor, pivot="mean"), ImageEnhance.Contrast(picture)),
    ):
        difference = ours - np.asarray(theirs.enhance(factor))
        assert difference.min() >= 0
        assert difference.max() <= 1


@given(pixels=PICTURES, bits=st.integers(1, 8), threshold=st.integers(0, 256))
def test_bits_and_thresholds_are_pillows(
    pixels: NDArray[np.uint8], bits: int, threshold: int
) -> None:
    """Posterize, solarize and invert, bit for bit."""
    picture = Image.fromarray(pixels)
    posterized = ImageOps.posterize(picture, bits)
    assert np.array_equal(levels(Posterize, pixels, bits=bits), posterized)
    solarized = ImageOps.solarize(picture, threshold)
    assert np.array_equal(levels(Solarize, pixels, threshold=threshold), solarized)
    assert np.array_equal(levels(Invert, pixels), ImageOps.invert(picture))


@given(pixels=PICTURES, cutoff=st.floats(0, 49))
def test_histograms_are_pillows(pixels: NDArray[np.uint8], cutoff: float) -> None:
    """Equalize and autocontrast, bit for bit, of colour and of grey."""
    picture = Image.fromarray(pixels)
    assert np.array_equal(levels(Equalize, pixels), ImageOps.equalize(picture))
    stretched = levels(Autocontrast, pixels, cutoff=cutoff)
    assert np.array_equal(stretched, ImageOps.autocontrast(picture, cutoff))
    gray, gray_picture = pixels[..., :1], picture.getchannel(0)
    assert np.array_equal(levels(Equalize, gray)[..., 0], ImageOps.equalize(gray_picture))
    assert np.array_equal(
        levels(Autocontrast, gray, cutoff=cutoff)[..., 0],
        ImageOps.autocontrast(gray_picture, cutoff),
    )


def test_contrast_records_its_pivot() -> None:
    """What is applied later is all in the parameters."""
    params = Contrast(factor=[0.5, 0.5], pivot="middle").draw(np.random.default_rng(0), Size(1, 1))
    assert params == {"factor": 0.5, "pivot": "middle"}


@pytest.mark.parametrize(
    ("transform", "settings"),
    [
        (Clahe, {"tile_grid_size": [8]}),
        (Clahe, {"tile_grid_size": [0, 8]}),
        (ToneCurve, {"scale": 1}),
    ],
)
def test_settings_out_of_bounds_are_refused(
    transform: type[Transform], settings: dict[str, Any]
) -> None:
    """A grid has two sides of at least one tile; a tone curve may not fall."""
    with pytest.raises(ValueError, match=r"scale|tile_grid_size"):
        transform(**settings)
