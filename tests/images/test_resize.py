"""Resizing at any depth."""

import numpy as np
import pytest
from PIL import Image

from augcli.images.options import Interpolation
from augcli.images.orientation import Box
from augcli.images.resize import center_crop, resize

ALL: tuple[Interpolation, ...] = ("nearest", "bilinear", "bicubic", "lanczos", "box", "hamming")
DEPTHS = [(np.uint8, 255), (np.uint16, 65535), (np.int32, 2**31 - 1), (np.float32, 1.0)]


def _whole(pixels: np.ndarray) -> Box:
    return Box(0, 0, pixels.shape[1], pixels.shape[0])


@pytest.mark.parametrize("interpolation", ALL)
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize(("dtype", "highest"), DEPTHS[:2])
def test_a_constant_picture_stays_constant(
    interpolation: Interpolation, channels: int, dtype: type, highest: int
) -> None:
    """Every filter keeps the highest level, at any depth and number of channels."""
    pixels = np.full((5, 4, channels), highest, dtype)
    resized = resize(pixels, 3, 7, interpolation, _whole(pixels))
    assert resized.shape == (3, 7, channels)
    assert resized.dtype == dtype
    assert (resized == dtype(highest)).all()


@pytest.mark.parametrize("interpolation", ALL)
@pytest.mark.parametrize(("dtype", "highest"), DEPTHS[2:])
def test_constant_32_bit_pixels_stay_constant(
    interpolation: Interpolation, dtype: type, highest: float
) -> None:
    """Every filter keeps the highest int32 and a float32."""
    pixels = np.full((5, 4, 1), highest, dtype)
    resized = resize(pixels, 3, 7, interpolation, _whole(pixels))
    assert resized.dtype == dtype
    assert (resized == dtype(highest)).all()


@pytest.mark.parametrize("interpolation", ALL)
def test_8_bits_are_pillows(interpolation: Interpolation) -> None:
    """8-bit RGB is resized exactly as Pillow resizes an RGB image."""
    pixels = np.random.default_rng(0).integers(0, 256, (9, 8, 3), np.uint8)
    expected = Image.fromarray(pixels).resize((5, 6), Image.Resampling[interpolation.upper()])
    resized = resize(pixels, 6, 5, interpolation, _whole(pixels))
    np.testing.assert_array_equal(resized, np.asarray(expected))


@pytest.mark.parametrize(("dtype", "values"), [(np.uint16, (1, 65534)), (np.float32, (0.25, 0.75))])
def test_deep_pixels_are_averaged_at_their_depth(dtype: type, values: tuple[float, float]) -> None:
    """The mean of two deep pixels is exact, not one of 8 bits."""
    pixels = np.array(values, dtype).reshape(1, 2, 1)
    resized = resize(pixels, 1, 1, "box", _whole(pixels)).item()
    assert resized == pytest.approx(sum(values) / 2, abs=0.5 if dtype is np.uint16 else 1e-6)


def test_overshoot_is_clipped() -> None:
    """Bicubic rings beyond the last level of an edge, and is clipped to it."""
    pixels = np.zeros((1, 8, 1), np.uint16)
    pixels[:, 4:] = 65535
    resized = resize(pixels, 1, 32, "bicubic", _whole(pixels))
    assert resized.min() == 0
    assert resized.max() == 65535
    assert (np.diff(resized[0, 12:20, 0].astype(int)) >= 0).all()


@pytest.mark.parametrize(("dtype", "highest"), DEPTHS[:2])
def test_transparent_colors_do_not_bleed(dtype: type, highest: int) -> None:
    """Red behind full transparency leaves no trace in the opaque blue beside it."""
    pixels = np.array([[[highest, 0, 0, 0], [0, 0, highest, highest]]], dtype)
    resized = resize(pixels, 1, 1, "bilinear", _whole(pixels)).ravel().tolist()
    assert resized[:3] == [0, 0, highest]
    assert resized[3] == pytest.approx(highest / 2, abs=1)


def test_a_region_is_resized_alone() -> None:
    """Only the pixels of the region count, fractions of a pixel by their share."""
    pixels = np.array([[[0], [100], [200], [250]]], np.uint8)
    assert resize(pixels, 1, 1, "box", Box(1, 0, 3, 1)).item() == 150
    assert resize(pixels, 1, 2, "nearest", Box(2, 0, 4, 1)).ravel().tolist() == [200, 250]


@pytest.mark.parametrize(
    ("size", "target", "box"),
    [
        ((100, 200), (10, 10), (50, 0, 150, 100)),
        ((200, 100), (10, 10), (0, 50, 100, 150)),
        ((100, 100), (10, 20), (0, 25, 100, 75)),
        ((101, 100), (7, 7), (0, 0, 100, 100)),
        ((10, 20), (10, 20), (0, 0, 20, 10)),
        ((1, 1000), (1000, 1), (499, 0, 500, 1)),
    ],
)
def test_the_crop_is_central_and_of_the_targets_ratio(
    size: tuple[int, int], target: tuple[int, int], box: tuple[int, ...]
) -> None:
    """Keras' centre crop: the largest region of the ratio, at least one pixel."""
    assert center_crop(*size, *target) == box
