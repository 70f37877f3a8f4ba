"""Colour of packed images: tables a channel, matrices, hues and luma."""

import colorsys
import hashlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from support import ForAnyCpu

from augcli.kernels import colors, contrast, packed

Array = NDArray[Any]
IMAGES = st.integers(3, 4).flatmap(lambda channels: hnp.arrays(np.uint8, (3, 5, channels)))
SWAP = np.array([[0, 65536, 0], [65536, 0, 0], [0, 0, 65536]], np.int32)


@given(pixels=IMAGES, tables=hnp.arrays(np.uint8, (256, 3)))
def test_each_channel_goes_through_its_own_table(pixels: Array, tables: Array) -> None:
    """`apply_tables` is indexing, column by column; alpha stays; the result is packed."""
    expected = pixels.copy()
    for channel in range(3):
        expected[..., channel] = tables[pixels[..., channel], channel]
    result = colors.apply_tables(pixels, tables)
    assert np.array_equal(result, expected)
    assert packed.is_packed(result)


@given(pixels=IMAGES, matrix=hnp.arrays(np.int32, (3, 3), elements=st.integers(-(2**21), 2**21)))
def test_a_matrix_is_the_product_rounded_and_cut(pixels: Array, matrix: Array) -> None:
    """`mix_channels` equals the product in 64 bits, rounded half up, cut to 0..255."""
    product = pixels[..., :3].astype(np.int64) @ matrix.T.astype(np.int64)
    expected = pixels.copy()
    expected[..., :3] = np.clip((product + 32768) >> 16, 0, 255)
    result = colors.mix_channels(pixels, matrix)
    assert np.array_equal(result, expected)
    assert packed.is_packed(result)


def test_swapped_channels() -> None:
    """A matrix that swaps red and green does so to the bit."""
    image = np.array([[[1, 2, 3, 9], [255, 0, 7, 8]]], np.uint8)
    assert colors.mix_channels(image, SWAP).tolist() == [[[2, 1, 3, 9], [0, 255, 7, 8]]]


@given(color=st.tuples(*[st.integers(0, 255)] * 3), degrees=st.floats(-180, 180))
def test_hues_are_turned_as_in_hsv(color: tuple[int, int, int], degrees: float) -> None:
    """`turn_hue` equals the way through HSV in floats, rounded."""
    hue, saturation, value = colorsys.rgb_to_hsv(*(level / 255 for level in color))
    turned = colorsys.hsv_to_rgb((hue + degrees / 360) % 1, saturation, value)
    [[result]] = colors.turn_hue(np.array([[color]], np.uint8), degrees)
    assert np.abs(np.array(turned) * 255 - result).max() < 0.51


def test_turned_hues_on_the_circle() -> None:
    """A third of a turn takes red to green, the other way to blue; half a turn the complement."""
    red = np.array([[[200, 50, 50, 7]]], np.uint8)
    assert colors.turn_hue(red, 120).tolist() == [[[50, 200, 50, 7]]]
    assert colors.turn_hue(red, -120).tolist() == [[[50, 50, 200, 7]]]
    assert colors.turn_hue(red, 180).tolist() == colors.turn_hue(red, -180).tolist()
    assert colors.turn_hue(red, 30).tolist() == [[[200, 125, 50, 7]]]
    assert colors.turn_hue(red, 0).tolist() == red.tolist()


@given(pixels=IMAGES)
def test_luma_is_that_of_601(pixels: Array) -> None:
    """Rounded 0.299 red + 0.587 green + 0.114 blue, within what 16 bits of weights leave."""
    exact = pixels[..., :3] @ np.array([0.299, 0.587, 0.114])
    assert np.abs(colors.luma(pixels) - exact).max() < 0.51


def test_luma_of_gray_is_itself() -> None:
    """Alpha is left out."""
    assert colors.luma(np.array([[[5, 9]]], np.uint8)).tolist() == [[5]]


def test_another_luma() -> None:
    """The change is added to all three channels, and cut; of grey it is all there is."""
    image = np.array([[[10, 10, 10, 3], [250, 250, 250, 4], [200, 100, 0, 5]]], np.uint8)
    luma = colors.luma(image) + np.array([[10, 5, 20]], np.uint8)
    expected = [[[20, 20, 20, 3], [255, 255, 255, 4], [220, 120, 20, 5]]]
    assert colors.change_luma(image, luma).tolist() == expected
    assert colors.change_luma(image[..., ::3], luma)[..., 0].tolist() == luma.tolist()


def test_wrong_arguments_are_refused() -> None:
    """Grey where colour is needed, wrong dtypes and shapes, and numbers beyond 32 bits."""
    gray, rgb = np.zeros((1, 1, 2), np.uint8), np.zeros((1, 1, 3), np.uint8)
    tables = np.zeros((256, 3), np.uint8)
    with pytest.raises(ValueError, match="expected 3 or 4 channels, got 2"):
        colors.apply_tables(gray, tables)
    with pytest.raises(ValueError, match=r"expected a uint8\[256, 3\] table"):
        colors.apply_tables(rgb, tables[:, :2])
    with pytest.raises(ValueError, match=r"expected an int32\[3, 3\] matrix"):
        colors.mix_channels(rgb, np.eye(3))
    with pytest.raises(ValueError, match="at most 128"):
        colors.mix_channels(rgb, np.full((3, 3), 2**22, np.int32))
    with pytest.raises(ValueError, match="expected -180 to 180"):
        colors.turn_hue(rgb, 181)
    with pytest.raises(ValueError, match=r"expected a uint8\[1, 1\] luma"):
        colors.change_luma(rgb, np.zeros((2, 1), np.uint8))


@given(
    pixels=IMAGES,
    order=st.permutations("bcsh"),
    factors=st.tuples(st.integers(0, 128), st.integers(0, 128)),
    degrees=st.floats(-180, 180),
)
def test_jitter_is_its_steps_one_by_one(
    pixels: Array, order: list[str], factors: tuple[int, int], degrees: float
) -> None:
    """`jitter` equals tables, a matrix and a turn in the same order; alpha stays."""
    brightness, contrast_factor = (factor / 64 for factor in factors)  # in 65536ths exact
    levels = np.arange(256)
    expected = pixels
    for step in order:
        if step == "s":
            expected = colors.mix_channels(expected, SWAP)
        elif step == "h":
            expected = colors.turn_hue(expected, degrees)
        else:
            pivot = int(colors.mean_luma(expected) + 0.5) if step == "c" else 0
            factor = contrast_factor if step == "c" else brightness
            curve = np.clip(pivot + factor * (levels - pivot), 0, 255)
            table = np.floor(curve + 0.5).astype(np.uint8)
            expected = colors.apply_tables(expected, np.stack([table] * 3, axis=1))
    result = colors.jitter(
        pixels,
        "".join(order),
        brightness=brightness,
        contrast=contrast_factor,
        saturation=SWAP,
        degrees=degrees,
    )
    assert np.array_equal(result, expected)
    assert packed.is_packed(result)


def digest_of_colors() -> str:
    """A digest of what the kernels make of random images."""
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (37, 41, 3), np.uint8)
    digest = hashlib.sha256()
    for degrees in (-170.3, -1.1, 44.4, 120.7):
        digest.update(colors.turn_hue(image, degrees).tobytes())
    matrix = np.array([[80000, -9000, 13], [5, 60000, 7], [20000, 20000, 25536]], np.int32)
    digest.update(colors.mix_channels(image, matrix).tobytes())
    digest.update(colors.apply_tables(image, rng.integers(0, 256, (256, 3), np.uint8)).tobytes())
    jittered = colors.jitter(
        image, "scbh", brightness=1.23, contrast=0.77, saturation=matrix, degrees=9.9
    )
    digest.update(jittered.tobytes())
    digest.update(contrast.clahe(image, 2.3, 3, 5).tobytes())
    return digest.hexdigest()


@given(pixels=st.integers(1, 4).flatmap(lambda n: hnp.arrays(np.uint8, (3, 5, n))))
def test_mean_luma_is_the_mean_of_whole_levels(pixels: Array) -> None:
    """`mean_luma` is NumPy's mean of `luma`, for grey and for colour, alpha unseen."""
    assert colors.mean_luma(pixels) == colors.luma(pixels).mean(dtype=np.float64)


def test_every_cpu_gives_the_same_colors(for_any_cpu: ForAnyCpu) -> None:
    """Compiled for any CPU of this kind, and for this very one, the kernels give equal bytes."""
    assert for_any_cpu(digest_of_colors) == digest_of_colors()
