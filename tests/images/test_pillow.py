"""Pixels to Pillow images and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from augcli.images import pillow
from augcli.images.pixels import pack
from augcli.kernels import packed


@given(
    height=st.integers(1, 6),
    width=st.integers(1, 6),
    channels=st.integers(1, 4),
    seed=st.integers(0, 99),
)
def test_pixels_survive_the_way_there_and_back(
    height: int, width: int, channels: int, seed: int
) -> None:
    """Pixels of any channels become an image and the same pixels again, packed and writable."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, channels), np.uint8)
    back = pillow.from_image(pillow.as_image(pixels))
    np.testing.assert_array_equal(back, pixels)
    assert packed.is_packed(back)
    assert back.flags.writeable


def test_rgb_shares_its_memory() -> None:
    """Packed RGB becomes an RGBX image without a copy."""
    pixels = pack(np.zeros((2, 3, 3), np.uint8))
    image = pillow.as_image(pixels)
    pixels[1, 2] = (1, 2, 3)
    assert image.mode == "RGBX"
    assert image.getpixel((2, 1))[:3] == (1, 2, 3)


def test_large_images_are_copied_in_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many bands give the same pixels as one, the last band being shorter."""
    pixels = np.random.default_rng(0).integers(0, 256, (7, 5, 3), np.uint8)
    monkeypatch.setattr(pillow, "_BAND_SIZE", 2 * 4 * 5)
    np.testing.assert_array_equal(pillow.from_image(Image.fromarray(pixels)), pixels)
