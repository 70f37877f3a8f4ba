"""EXIF's eight orientations."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from augcli.images import orientation as o
from augcli.images.pixels import pack
from augcli.kernels import packed

STORED = np.arange(6, dtype=np.uint8).reshape(2, 3, 1)

UPRIGHT = {
    1: [[0, 1, 2], [3, 4, 5]],
    2: [[2, 1, 0], [5, 4, 3]],
    3: [[5, 4, 3], [2, 1, 0]],
    4: [[3, 4, 5], [0, 1, 2]],
    5: [[0, 3], [1, 4], [2, 5]],
    6: [[3, 0], [4, 1], [5, 2]],
    7: [[5, 2], [4, 1], [3, 0]],
    8: [[2, 5], [1, 4], [0, 3]],
}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pixels_are_turned_upright(orientation: int) -> None:
    """Each orientation of a 2 x 3 picture, pixel by pixel, at any depth."""
    for dtype in (np.uint8, np.uint16, np.float32):
        upright = o.turn_upright(STORED.astype(dtype), orientation)
        assert upright[..., 0].tolist() == UPRIGHT[orientation]
        assert upright.dtype == dtype


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_it_is_pillows_turn(orientation: int, channels: int) -> None:
    """All channels move together, as Pillow's exif_transpose moves them, and stay packed."""
    stored = np.random.default_rng(0).integers(0, 256, (4, 7, channels), np.uint8)
    image = Image.fromarray(stored.squeeze())
    image.getexif()[274] = orientation
    expected = np.asarray(ImageOps.exif_transpose(image)).reshape(
        (7, 4, channels) if o.swaps_axes(orientation) else (4, 7, channels)
    )
    upright = o.turn_upright(pack(stored), orientation)
    np.testing.assert_array_equal(upright, expected)
    assert packed.is_packed(upright)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_regions_lead_back_to_the_stored_pixels(orientation: int) -> None:
    """A region of the upright picture holds the same pixels when cut out of the stored ones."""
    stored = np.arange(35, dtype=np.uint8).reshape(5, 7, 1)
    upright = o.turn_upright(stored, orientation)
    height, width = upright.shape[:2]
    cut = o.to_stored_frame(o.Box(1, 0, 4, 3), orientation, height, width)
    left, top, right, bottom = (int(edge) for edge in cut)
    turned = o.turn_upright(stored[top:bottom, left:right], orientation)
    np.testing.assert_array_equal(turned, upright[0:3, 1:4])


@pytest.mark.parametrize("value", [0, 9, -1, "6", None, 6.0, (6,)])
def test_nonsense_is_no_orientation(value: object) -> None:
    """Only the whole numbers 1 to 8 are orientations."""
    assert not o.is_valid(value)
