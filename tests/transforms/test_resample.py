"""The two ways to resample, and where they agree."""

from typing import get_args

import numpy as np
import pytest

from augcli.fields import FillMode
from augcli.kernels import packed
from augcli.transforms.base import Sample
from augcli.transforms.geometry import IDENTITY, AffineMap
from augcli.transforms.resample import SCIPY_MODES, is_8_bit, resample_8_bit, resample_reference

UP = AffineMap(((1.0, 0.0), (0.0, 1.0)), (1.0, 0.0))
NOTHING = {
    "order": 1,
    "fill_mode": "nearest",
    "cval": 0.0,
    "shift": 0.0,
    "gain": 1.0,
    "flip_horizontal": False,
    "flip_vertical": False,
}


def test_every_fill_mode_has_a_name_in_scipy() -> None:
    """None of the modes that a config may name is left out."""
    assert set(SCIPY_MODES) == set(get_args(FillMode))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_reference_path_keeps_shape_and_dtype(dtype: type[np.floating]) -> None:
    """Every channel moves on its own, in the float type it came in."""
    image = np.arange(12, dtype=dtype).reshape(3, 2, 2)
    moved = resample_reference(image, UP, order=1, fill_mode="constant", cval=0.5)
    assert moved.dtype == dtype
    assert moved.tolist() == [[[4, 5], [6, 7]], [[8, 9], [10, 11]], [[0.5, 0.5], [0.5, 0.5]]]


@pytest.mark.parametrize(
    ("dtype", "order", "expected"),
    [
        (np.uint8, 0, True),
        (np.uint8, 1, True),
        (np.uint8, 2, False),
        (np.uint16, 1, False),
        (np.float32, 0, False),
    ],
)
def test_the_quick_path_takes_8_bits_and_low_orders(
    dtype: type[np.generic], order: int, expected: bool
) -> None:
    """All else goes the reference way."""
    assert is_8_bit(Sample(np.zeros((1, 1, 1), dtype), None), order) is expected


def test_nothing_to_do_copies_nothing() -> None:
    """The identity gives back the very array."""
    image = np.zeros((2, 2, 3), np.uint8)
    assert resample_8_bit(Sample(image, (0, 255)), IDENTITY, **NOTHING).image is image


@pytest.mark.parametrize("fill_mode", ["nearest", "constant"])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("flips", [(True, False), (False, True), (True, True)])
def test_flips_mirror_packed_pixels(
    channels: int, flips: tuple[bool, bool], fill_mode: str
) -> None:
    """Left and right, top and bottom; the result is packed, as the encoders like it."""
    horizontal, vertical = flips
    image = np.arange(6 * channels, dtype=np.uint8).reshape(2, 3, channels)
    settings = {
        **NOTHING,
        "fill_mode": fill_mode,
        "flip_horizontal": horizontal,
        "flip_vertical": vertical,
    }
    mirrored = resample_8_bit(Sample(image, (0, 255)), IDENTITY, **settings).image
    expected = image[:: -1 if vertical else 1, :: -1 if horizontal else 1]
    assert mirrored.tolist() == expected.tolist()
    assert packed.is_packed(mirrored)


def test_a_flip_decides_over_no_pixel_at_the_edge() -> None:
    """A mirrored copy is the mirror image of the copy, also where rounding decides what is outside.

    Sheared about the middle column, the top of that column lies on the very edge of the image.
    """
    image = np.full((2, 3, 1), 200, np.uint8)
    for degrees in np.linspace(1, 30, 50):
        sine, cosine = np.sin(np.deg2rad(degrees)), np.cos(np.deg2rad(degrees))
        matrix = ((1.0, -sine), (0.0, cosine))
        affine = AffineMap(matrix, (0.5 - (0.5 - sine), 1.0 - cosine))
        settings = {**NOTHING, "fill_mode": "constant"}
        plain = resample_8_bit(Sample(image, (0, 255)), affine, **settings).image
        settings["flip_vertical"] = True
        mirrored = resample_8_bit(Sample(image, (0, 255)), affine, **settings).image
        assert mirrored.tolist() == plain[::-1].tolist()
