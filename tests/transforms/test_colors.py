"""Hue, saturation and channels: tiny pictures, and Pillow's results."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from PIL import Image, ImageEnhance
from toning import in_levels, sample_of, toned

from augcli.transforms.base import Params, Size
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

PICTURES = hnp.arrays(np.uint8, (4, 5, 3))
RED = [[[200, 50, 50]]]


def draws(transform: ChannelDropout | ChannelShuffle | ColorJitter, count: int) -> list[Params]:
    return [transform.draw(np.random.default_rng(seed), Size(1, 1)) for seed in range(count)]


def test_hue_in_degrees() -> None:
    """A third of the circle takes red to green; a twelfth halfway to yellow."""
    assert toned(Hue, RED, degrees=120.0) == [[[50, 200, 50]]]
    assert toned(Hue, RED, degrees=30.0) == [[[200, 125, 50]]]
    assert toned(Hue, RED, degrees=-60.0) == [[[200, 50, 200]]]


@given(pixels=PICTURES, degrees=st.floats(-180, 180))
def test_hue_is_as_exact_in_every_depth(pixels: NDArray[np.uint8], degrees: float) -> None:
    """8 bits are the rounded floats."""
    exact = in_levels(Hue.apply(sample_of(pixels, "float32"), {"degrees": degrees}).image)
    rounded = Hue.apply(sample_of(pixels), {"degrees": degrees}).image
    assert np.abs(exact - rounded).max() < 0.51


def test_saturation_blends_with_grey() -> None:
    """The luma of (200, 50, 50) is 95."""
    assert toned(Saturation, RED, factor=0.0) == [[[95, 95, 95]]]
    assert toned(Saturation, RED, factor=0.5) == [[[147, 72, 72]]]
    assert toned(Saturation, RED, factor=2.0) == [[[255, 5, 5]]]


@given(pixels=PICTURES, factor=st.floats(0, 2))
def test_saturation_is_pillows(pixels: NDArray[np.uint8], factor: float) -> None:
    """Pillow's level, or the next, as Pillow cuts fractions off and rounds its grey."""
    result = Saturation.apply(sample_of(pixels), {"factor": factor}).image.astype(int)
    difference = result - np.asarray(ImageEnhance.Color(Image.fromarray(pixels)).enhance(factor))
    assert np.abs(difference).max() <= 1


@given(pixels=PICTURES)
def test_grayscale_is_pillows_l(pixels: NDArray[np.uint8]) -> None:
    """Bit for bit, three times."""
    luma = np.asarray(Image.fromarray(pixels).convert("L"))
    assert np.array_equal(Grayscale.apply(sample_of(pixels), {}).image, np.stack([luma] * 3, 2))


def test_rgb_shift_adds_levels() -> None:
    """Each channel its own; cut off at the ends."""
    assert toned(RgbShift, RED, red=60.0, green=0.0, blue=-49.5) == [[[255, 50, 1]]]


def test_channel_shuffle_says_where_channels_come_from() -> None:
    """In "brg", blue, red and green stand in red's, green's and blue's place."""
    assert toned(ChannelShuffle, [[[1, 2, 3]]], order="brg") == [[[3, 1, 2]]]


def test_channel_shuffle_needs_no_scale() -> None:
    """Floats of any range can change places."""
    sample = sample_of([[[1, 2, 3, 4]]], "float32")
    wild = type(sample)(sample.image * 1000, None)
    result = ChannelShuffle.apply(wild, {"order": "bgr"}).image
    assert np.array_equal(result, wild.image[..., [2, 1, 0, 3]])


def test_channel_shuffle_draws_every_change() -> None:
    """The five orders that are not the old one, about as often."""
    orders = Counter(params["order"] for params in draws(ChannelShuffle(), 1000))
    assert set(orders) == {"rbg", "grb", "gbr", "brg", "bgr"}
    assert min(orders.values()) > 140


def test_channel_dropout_fills() -> None:
    """The channels that are named get the fill."""
    assert toned(ChannelDropout, RED, dropped="r", fill=0) == [[[0, 50, 50]]]
    assert toned(ChannelDropout, RED, dropped="gb", fill=7) == [[[200, 7, 7]]]


def test_channel_dropout_draws_every_choice() -> None:
    """One or two channels, each choice of them about as often."""
    dropped = Counter(params["dropped"] for params in draws(ChannelDropout(count=[1, 2]), 1000))
    assert set(dropped) == {"r", "g", "b", "rg", "rb", "gb"}
    assert min(dropped.values()) > 120


def test_sepia_is_that_of_filter_effects() -> None:
    """White becomes the colour of old paper; half strength is halfway."""
    assert toned(Sepia, [[[255, 255, 255], [0, 0, 0]]], strength=1.0) == [
        [[255, 255, 239], [0, 0, 0]]
    ]
    assert toned(Sepia, [[[100, 100, 100]]], strength=1.0) == [[[135, 120, 94]]]
    assert toned(Sepia, [[[100, 100, 100]]], strength=0.5) == [[[118, 110, 97]]]


def test_color_temperature_warms_and_cools() -> None:
    """A warm lamp has more red and less blue than a neutral one, a cold one the other way."""
    warm, cold = [
        toned(ColorTemperature, [[[128, 128, 128]]], kelvin=kelvin)[0][0]
        for kelvin in (3000.0, 12000.0)
    ]
    assert warm[0] > 128 > warm[2]
    assert cold[0] < 128 < cold[2]


def test_color_jitter_goes_by_its_order() -> None:
    """Each of the four is the transform of its name, one after the other."""
    params: Params = {"brightness": 1.3, "contrast": 0.5, "saturation": 1.5, "hue": 40.0}
    sample = sample_of([[[200, 50, 60], [0, 90, 20]]])
    expected = Saturation.apply(sample, {"factor": 1.5})
    expected = Hue.apply(expected, {"degrees": 40.0})
    half = {"brightness": 1.0, "contrast": 1.0}
    result = ColorJitter.apply(sample, {**params, **half, "order": "cshb"})
    assert np.array_equal(result.image, expected.image)
    orders = [ColorJitter.apply(sample, {**params, "order": order}) for order in ("bcsh", "cbsh")]
    assert not np.array_equal(orders[0].image, orders[1].image)


def test_color_jitter_draws_every_order() -> None:
    """All 24 of them."""
    assert len({params["order"] for params in draws(ColorJitter(), 500)}) == 24


@pytest.mark.parametrize("kelvin", [2000.0, 20000.0])
def test_color_temperature_reaches_its_ends(kelvin: float) -> None:
    """The drawn one is what the ends say, though it is drawn in mireds."""
    fixed = ColorTemperature(kelvin=[kelvin, kelvin])
    assert fixed.draw(np.random.default_rng(0), Size(1, 1)) == {"kelvin": kelvin}
