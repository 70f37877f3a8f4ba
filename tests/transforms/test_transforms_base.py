"""Samples, and the rounding of parameters."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augcli.transforms.base import Sample, Size, Transform, significant, uniform

NUMBERS = st.floats(-1e9, 1e9)


def test_a_sample_knows_its_height_and_width() -> None:
    """Size is (height, width), without the channels."""
    assert Sample(np.zeros((2, 5, 3), np.uint8), (0, 255)).size == Size(height=2, width=5)


@pytest.mark.parametrize(("channels", "colors"), [(1, 1), (2, 1), (3, 3), (4, 3)])
def test_the_second_and_the_fourth_channel_are_alpha(channels: int, colors: int) -> None:
    """Of two channels one is colour, of four three."""
    sample = Sample(np.zeros((1, 1, channels), np.uint8), (0, 255))
    assert sample.color_channels == colors


@pytest.mark.parametrize(
    ("value", "expected"),
    [(12.3456789, 12.3457), (-0.000123456789, -0.000123457), (1234567.0, 1234570.0), (0.0, 0.0)],
)
def test_significant_keeps_six_digits(value: float, expected: float) -> None:
    """The digits count from the first that is not 0, on both sides of the point."""
    assert significant(value) == expected


@given(u=st.floats(0, 1, exclude_max=True), ends=st.tuples(NUMBERS, NUMBERS).map(sorted))
def test_uniform_keeps_its_bounds(u: float, ends: list[float]) -> None:
    """Rounding to six digits leads no value out of the range, however narrow that is."""
    low, high = ends
    assert low <= uniform(u, low, high) <= high


def test_uniform_goes_from_low_to_high() -> None:
    """0 is the low end, and 0.25 a quarter of the way to the high one."""
    assert [uniform(u, -2.0, 6.0) for u in (0.0, 0.25, 0.5)] == [-2.0, 0.0, 2.0]


def test_a_transform_must_say_what_it_does() -> None:
    """The base draws nothing and applies nothing."""
    with pytest.raises(NotImplementedError):
        Transform().draw(np.random.default_rng(0), Size(1, 1))
    with pytest.raises(NotImplementedError):
        Transform.apply(Sample(np.zeros((1, 1, 1), np.uint8), (0, 255)), {})
