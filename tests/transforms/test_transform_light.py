"""Light behind sRGB values, luma, and the colour of lamps."""

import numpy as np
import pytest
from toning import sample_of

from augcli.transforms.light import encoded, lamp_gains, linear, luma, mean_luma, multiplied_light


def test_srgb_there_and_back() -> None:
    """Light of a value, encoded, is the value; middle grey has a fifth of white's light."""
    values = np.arange(256) / 255
    assert np.allclose(encoded(linear(values)), values)
    assert linear(np.array([0.0, 0.5, 1.0])) == pytest.approx([0, 0.21404, 1], abs=1e-5)


def test_a_gain_of_1_is_nothing() -> None:
    """Not even a last bit."""
    values = np.arange(256) / 255
    assert multiplied_light(values, 1.0) is values


def test_the_neutral_lamp_changes_nothing() -> None:
    """6,500 kelvin is what pictures are balanced for."""
    assert lamp_gains(6500.0).tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("kelvin", "x", "y"), [(2000, 0.5267, 0.4133), (3000, 0.4369, 0.4041), (10000, 0.2807, 0.2884)]
)
def test_lamps_are_black_bodies(kelvin: float, x: float, y: float) -> None:
    """Chromaticities of Planck's law, CIE 1931, to three places (6,500 K: 0.3135, 0.3237)."""
    xyz_of_rgb = np.linalg.inv(
        [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]
    )
    neutral = np.linalg.inv(xyz_of_rgb) @ [0.3135 / 0.3237, 1, (1 - 0.3135 - 0.3237) / 0.3237]
    xyz = xyz_of_rgb @ (lamp_gains(kelvin) * neutral)
    assert xyz[:2] / xyz.sum() == pytest.approx([x, y], abs=2e-3)


def test_gains_keep_the_luminance_of_white() -> None:
    """0.2126 red + 0.7152 green + 0.0722 blue of a white page is 1 in every lamp's light."""
    for kelvin in (2000, 3500, 4500, 8000, 20000):
        assert lamp_gains(kelvin) @ [0.2126, 0.7152, 0.0722] == pytest.approx(1)


def test_luma_weighs_colors() -> None:
    """ITU-R BT.601; grey is its own luma."""
    assert luma(np.array([[[1.0, 0, 0], [0, 1, 0], [0, 0, 1]]]))[0] == pytest.approx(
        [0.299, 0.587, 0.114]
    )
    assert luma(np.array([[[0.25]]])).tolist() == [[0.25]]


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_mean_luma_leaves_alpha_out(dtype: str) -> None:
    """Of every depth it is a share of full scale."""
    sample = sample_of([[[10, 255], [30, 255]]], dtype)
    assert mean_luma(sample) == pytest.approx(20 / 255, abs=1e-5)
