"""Values as shares of full scale, curves as tables, and what every depth does with them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from toning import DEPTHS, in_levels, sample_of

from augcli.errors import SourceError
from augcli.kernels import packed
from augcli.transforms.base import Params, Sample
from augcli.transforms.recipe import chained
from augcli.transforms.tonal import (
    Curve,
    Tonal,
    from_unit,
    table_of,
    through_table,
    to_unit,
    unit_range,
)

PIXELS = st.integers(1, 4).flatmap(lambda channels: hnp.arrays(np.uint8, (2, 3, channels)))
TABLES = hnp.arrays(np.uint8, st.sampled_from([(256,), (256, 3)]))


class Halved(Curve):
    """Half of every value."""

    @classmethod
    def curve(cls, params: Params, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Every channel alike."""
        return values / 2


class RedHalved(Curve):
    """Half of red."""

    @classmethod
    def curve(cls, params: Params, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """A column a channel."""
        return np.stack([values / 2, values, values], axis=1)


@pytest.mark.parametrize("dtype", DEPTHS)
@given(pixels=PIXELS)
def test_there_and_back_changes_nothing(dtype: str, pixels: NDArray[np.uint8]) -> None:
    """`to_unit` gives shares of full scale without alpha, and `from_unit` the image again."""
    sample = sample_of(pixels, dtype)
    unit = to_unit(sample)
    assert unit.dtype == np.float32
    assert unit.flags.c_contiguous
    assert np.allclose(unit, pixels[..., : sample.color_channels] / 255, atol=1e-6)
    back = from_unit(sample, unit)
    assert back.dtype == sample.image.dtype
    assert np.array_equal(back, sample.image)


def test_float32_tells_all_16_bit_levels_apart() -> None:
    """Every level of 16 bits comes back."""
    image = np.arange(65536, dtype=np.uint16).reshape(256, 256, 1)
    sample = Sample(image, (0, 65535))
    assert np.array_equal(from_unit(sample, to_unit(sample)), image)


def test_from_unit_rounds_half_up_and_cuts_off() -> None:
    """Integers are rounded and cut; floats are cut alone; 8 bits are packed; alpha is kept."""
    values = np.array([[[-0.2], [0.5], [1.2]]])
    gray_alpha = sample_of([[[9, 1], [9, 2], [9, 3]]])
    result = from_unit(gray_alpha, values)
    assert result.tolist() == [[[0, 1], [128, 2], [255, 3]]]
    assert packed.is_packed(result)
    floats = from_unit(sample_of([[[9], [9], [9]]], "float32"), values)
    assert floats.ravel().tolist() == [0.0, 0.5, 1.0]


def test_floats_of_an_integer_source_keep_its_scale() -> None:
    """An integer image that is computed on as floats has its own white, and is not rounded."""
    sample = Sample(np.array([[[51.0], [255.0]]], np.float32), (0, 255))
    assert np.allclose(to_unit(sample).ravel(), [0.2, 1.0])
    assert np.allclose(Halved.apply(sample, {}).image.ravel(), [25.5, 127.5])


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_floats_of_unknown_white_are_refused(value: float) -> None:
    """Nobody knows what is white in a picture of floats beyond 1; the error says the remedy."""
    with pytest.raises(SourceError, match="scale them to 0 to 1"):
        unit_range(Sample(np.array([[[value]]], np.float32), None))


def test_alpha_may_be_beyond_1() -> None:
    """It is the colour that must be within 0 and 1."""
    assert unit_range(Sample(np.array([[[0.5, 7.0]]], np.float32), None)) == (0.0, 1.0)


def test_32_bit_integers_are_refused() -> None:
    """Their dtype's ends are no black and white that a picture would have."""
    sample = Sample(np.zeros((1, 1, 1), np.int32), (-(2**31), 2**31 - 1))
    with pytest.raises(SourceError, match="save them as 16 bits"):
        Halved.apply(sample, {})


@pytest.mark.parametrize("curve", [Halved, RedHalved])
@pytest.mark.parametrize("dtype", DEPTHS)
@given(pixels=PIXELS)
def test_a_curve_is_the_same_in_every_depth(
    curve: type[Curve], dtype: str, pixels: NDArray[np.uint8]
) -> None:
    """8 bits by a table, 16 by a long one, floats by the curve: alpha stays, grey has no red."""
    result = in_levels(curve.apply(sample_of(pixels, dtype), {}).image)
    expected = pixels.astype(float)
    colors = 3 if pixels.shape[2] >= 3 else 1
    if curve is Halved:
        expected[..., :colors] /= 2
    elif colors == 3:
        expected[..., 0] /= 2
    assert np.abs(result - expected).max() <= 0.5
    if colors != pixels.shape[2]:
        assert np.allclose(result[..., -1], pixels[..., -1])


def test_a_table_is_rounded_half_up_and_cut() -> None:
    """1 / 2 becomes 1, 3 / 2 becomes 2, and what is beyond white is white."""
    assert Halved.table({})[:5].tolist() == [0, 1, 1, 2, 2]
    assert table_of(lambda values: values * 300, np.uint8)[:2].tolist() == [0, 255]
    assert table_of(lambda values: values / 2, np.uint16)[[1, 65535]].tolist() == [1, 32768]


@pytest.mark.parametrize("dtype", DEPTHS)
def test_a_curve_that_changes_nothing_leaves_the_image(dtype: str) -> None:
    """The values are the very same; of integers, so is the array."""

    class Nothing(Curve):
        @classmethod
        def curve(cls, params: Params, values: NDArray[np.float64]) -> NDArray[np.float64]:
            return values

    sample = sample_of([[[1, 2, 3]]], dtype)
    result = Nothing.apply(sample, {}).image
    assert np.array_equal(result, sample.image)
    assert result is sample.image or dtype == "float32"


@given(pixels=PIXELS, earlier=TABLES, later=TABLES)
def test_chained_tables_do_what_they_do_one_by_one(
    pixels: NDArray[np.uint8], earlier: NDArray[np.uint8], later: NDArray[np.uint8]
) -> None:
    """One table for two, whether they are for all channels or for each; for colour images."""
    sample = sample_of(pixels)
    # A recipe leaves tables of colour out for grey.
    assume(sample.color_channels == 3 or earlier.ndim == later.ndim == 1)
    both = through_table(through_table(sample, earlier), later)
    assert np.array_equal(through_table(sample, chained(earlier, later)).image, both.image)


def test_tonal_says_nothing_by_itself() -> None:
    """The bases have no pixels to give."""
    sample: Any = sample_of([[[1]]])
    with pytest.raises(NotImplementedError):
        Tonal.apply(sample, {})
    with pytest.raises(NotImplementedError):
        Curve.apply(sample, {})
