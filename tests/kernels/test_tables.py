"""Tables and ranges of packed images."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from augcli.kernels import packed
from augcli.kernels.tables import apply_table, color_range

Array = NDArray[Any]
INVERT = np.arange(255, -1, -1, dtype=np.uint8)


def in_layout(pixels: Array, is_packed: bool) -> Array:
    if not is_packed:
        return pixels
    image = packed.empty(*pixels.shape)
    image[...] = pixels
    return image


images = st.integers(1, 4).flatmap(
    lambda channels: hnp.arrays(np.uint8, (3, 5, channels), elements=st.integers(0, 255))
)


@given(pixels=images, is_packed=st.booleans(), data=st.data())
def test_color_goes_through_the_table_and_alpha_does_not(
    pixels: Array, is_packed: bool, data: st.DataObject
) -> None:
    """`apply_table` equals indexing the table with the colour channels, in every layout."""
    color_channels = data.draw(st.integers(1, pixels.shape[2]))
    expected = pixels.copy()
    expected[..., :color_channels] = INVERT[pixels[..., :color_channels]]

    result = apply_table(in_layout(pixels, is_packed), INVERT, color_channels)

    assert np.array_equal(result, expected)
    assert packed.is_packed(result)


@given(pixels=images, is_packed=st.booleans(), data=st.data())
def test_range_is_that_of_the_color_channels(
    pixels: Array, is_packed: bool, data: st.DataObject
) -> None:
    """`color_range` equals NumPy's min and max of the colour channels; X and alpha are unseen."""
    color_channels = data.draw(st.integers(1, pixels.shape[2]))
    colors = pixels[..., :color_channels]

    result = color_range(in_layout(pixels, is_packed), color_channels)

    assert result == (colors.min(), colors.max())


def test_table_in_place() -> None:
    """`out` may be the image itself."""
    image = in_layout(np.array([[[0, 1, 2], [253, 254, 255]]], np.uint8), is_packed=True)

    assert apply_table(image, INVERT, 3, out=image) is image
    assert image.tolist() == [[[255, 254, 253], [2, 1, 0]]]


def test_wrong_arguments_are_refused() -> None:
    """A table of another size, more colour than channels, and an empty image are ValueErrors."""
    image = packed.empty(1, 1, 3)

    with pytest.raises(ValueError, match=r"expected a uint8\[256\] table"):
        apply_table(image, INVERT[:255], 3)
    with pytest.raises(ValueError, match="expected 1 to 3"):
        apply_table(image, INVERT, 4)
    with pytest.raises(ValueError, match="without pixels"):
        color_range(packed.empty(0, 4, 3), 3)
