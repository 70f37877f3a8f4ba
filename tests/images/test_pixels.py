"""Arithmetic on pixels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from augcli.errors import SourceError
from augcli.images import pixels as px
from augcli.kernels import packed

WHITE = (255, 255, 255)


def _pixel(*values: int, dtype: type = np.uint8) -> np.ndarray:
    return np.array(values, dtype).reshape(1, 1, -1)


def test_levels_are_rounded_half_up_and_clipped() -> None:
    """Halves go up, what lies outside goes to the nearest level, NaN to the lowest."""
    values = np.array([-3.0, 0.49, 0.5, 1.5, 2.5, 254.5, 300.0, np.nan, np.inf, -np.inf])
    levels = px.to_levels(values, (0, 255), np.uint8)
    assert levels.tolist() == [0, 0, 1, 2, 3, 255, 255, 0, 255, 0]
    assert levels.dtype == np.uint8


def test_levels_of_32_bits_do_not_overflow() -> None:
    """The highest int32 survives, although float32 has no such number."""
    limits = np.iinfo(np.int32)
    values = np.array([4e9, -4e9], np.float32)
    assert px.to_levels(values, (limits.min, limits.max), np.int32).tolist() == [
        limits.max,
        limits.min,
    ]


@given(st.integers(0, 65535))
def test_16_bits_become_8_by_rounding(level: int) -> None:
    """Every 16-bit level becomes round(v * 255 / 65535)."""
    assert px.to_8_bit(_pixel(level, dtype=np.uint16)).item() == round(level * 255 / 65535)


@pytest.mark.parametrize(
    ("pixel", "background", "expected"),
    [
        ((200, 255), WHITE, [200]),
        ((200, 0), WHITE, [255]),
        ((0, 128), WHITE, [127]),
        ((200, 0), (1, 2, 3), [1, 2, 3]),
        ((10, 20, 30, 0), (1, 2, 3), [1, 2, 3]),
        ((10, 20, 30, 255), (1, 2, 3), [10, 20, 30]),
        ((0, 100, 255, 51), (100, 100, 0), [80, 100, 51]),
        ((7,), (1, 2, 3), [7]),
        ((7, 8, 9), (1, 2, 3), [7, 8, 9]),
    ],
)
def test_alpha_is_composited(
    pixel: tuple[int, ...], background: tuple[int, int, int], expected: list[int]
) -> None:
    """Alpha mixes colour and background; grey stays grey over grey; no alpha, no change."""
    assert px.flatten_alpha(_pixel(*pixel), background).ravel().tolist() == expected


def test_alpha_of_16_bits_is_composited() -> None:
    """The background's levels are scaled up to 16 bits."""
    half_clear = _pixel(0, 0, 0, 0, dtype=np.uint16)
    assert px.flatten_alpha(half_clear, (255, 1, 0)).ravel().tolist() == [65535, 257, 0]


def test_a_color_key_becomes_alpha() -> None:
    """Pixels of the key's colour become transparent, others opaque, at either depth."""
    rgb = np.array([[[1, 2, 3], [1, 2, 4]]], np.uint8)
    assert px.add_color_key(rgb, (1, 2, 3))[..., 3].tolist() == [[0, 255]]
    gray = np.array([[[300], [301]]], np.uint16)
    assert px.add_color_key(gray, (300,))[..., 1].tolist() == [[0, 65535]]


@pytest.mark.parametrize(
    ("pixel", "mode", "expected"),
    [
        ((9,), "keep", [9]),
        ((9,), "grayscale", [9]),
        ((9,), "rgb", [9, 9, 9]),
        ((9,), "rgba", [9, 9, 9, 255]),
        ((9, 0), "grayscale", [255]),
        ((9, 0), "rgb", [255, 255, 255]),
        ((9, 7), "rgba", [9, 9, 9, 7]),
        ((255, 0, 0), "grayscale", [76]),
        ((0, 255, 0), "grayscale", [150]),
        ((0, 0, 255), "grayscale", [29]),
        ((1, 2, 3), "rgba", [1, 2, 3, 255]),
        ((1, 2, 3, 0), "rgb", [255, 255, 255]),
        ((1, 2, 3, 255), "rgb", [1, 2, 3]),
        ((1, 2, 3, 4), "rgba", [1, 2, 3, 4]),
    ],
)
def test_color_modes(pixel: tuple[int, ...], mode: px.ColorMode, expected: list[int]) -> None:
    """Each colour mode from each kind of pixel; transparency shows white behind it."""
    assert px.change_color_mode(_pixel(*pixel), mode).ravel().tolist() == expected


def test_color_modes_of_16_bits() -> None:
    """16-bit colour keeps its depth: the same weights, an alpha of 65535."""
    red = _pixel(65535, 0, 0, dtype=np.uint16)
    assert px.change_color_mode(red, "grayscale").ravel().tolist() == [19595]
    assert px.change_color_mode(red, "rgba").ravel().tolist() == [65535, 0, 0, 65535]


def test_32_bit_pixels_have_no_alpha() -> None:
    """`rgba` of floats is refused with what would work; `rgb` repeats them."""
    gray = np.full((1, 1, 1), 0.5, np.float32)
    assert px.change_color_mode(gray, "rgb").ravel().tolist() == [0.5, 0.5, 0.5]
    with pytest.raises(SourceError, match="rgba needs 8 or 16-bit pixels, not float32"):
        px.change_color_mode(gray, "rgba")


@given(hnp.arrays(np.uint8, (3, 4, 3)))
def test_gray_is_pillows(rgb: np.ndarray) -> None:
    """Grey is what Pillow's conversion to L gives, level for level."""
    expected = np.asarray(Image.fromarray(rgb).convert("L"))
    np.testing.assert_array_equal(px.change_color_mode(rgb, "grayscale")[..., 0], expected)


def test_rgb_is_packed_and_the_rest_contiguous() -> None:
    """`pack` gives RGB the RGBX layout, leaves it alone when it has it, and copies views."""
    rgb = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    once = px.pack(rgb)
    assert packed.is_packed(once)
    assert px.pack(once) is once
    np.testing.assert_array_equal(once, rgb)
    assert px.pack(rgb[:, ::-1, :2]).flags.c_contiguous


def test_stretching_is_the_references_but_rounded() -> None:
    """The lowest value becomes 0, the highest 255, the middle 128 (the reference: 127)."""
    values = np.array([[[-1.0], [0.0], [1.0]]])
    assert px.stretch(values).ravel().tolist() == [0, 128, 255]


def test_a_constant_picture_stretches_to_black() -> None:
    """Nothing is divided by zero."""
    assert px.stretch(np.full((2, 2, 1), 7.0)).max() == 0


def test_stretching_leaves_alpha_alone() -> None:
    """Alpha keeps its meaning; of 16 bits it is reduced to 8."""
    deep = np.array([[[100, 65535], [200, 257]]], np.uint16)
    assert px.stretch(deep).tolist() == [[[0, 255], [255, 1]]]
    floats = np.array([[[0.0, 254.6], [1.0, 3.0]]])
    assert px.stretch(floats).tolist() == [[[0, 255], [255, 3]]]
