"""Pictures of any kind, small and in 8 bits."""

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from augcli.probe.pictures import small, thumbnail_png, window_of
from augcli.transforms.base import Sample


@pytest.mark.parametrize(
    ("pixels", "levels", "expected"),
    [
        (np.zeros((4, 4, 1), np.uint8), (0, 255), (0, 255)),
        (np.zeros((4, 4, 1), np.uint16), (0, 65535), (0, 65535)),
        (np.full((4, 4, 1), 0.5, np.float32), None, (0, 1)),
        (np.linspace(-2, 6, 16, dtype=np.float32).reshape(4, 4, 1), None, (-2, 6)),
        (np.full((4, 4, 1), np.nan, np.float32), None, (0, 1)),
    ],
)
def test_black_and_white_of_a_source(pixels: Any, levels: Any, expected: Any) -> None:
    """Integers have those of their depth, floats 0 and 1, and others their own ends."""
    assert window_of(Sample(pixels, levels)) == expected


def test_reducing_takes_the_mean_of_an_area() -> None:
    """A fine checkerboard of black and white becomes grey."""
    board = np.indices((48, 48)).sum(axis=0) % 2 * 255
    picture = small(board.astype(np.uint8)[..., None], (0, 255))
    assert picture.shape == (24, 24, 3)
    assert set(np.unique(picture)) <= {127, 128}


@pytest.mark.parametrize(
    ("pixel", "dtype", "window", "expected"),
    [
        ((65535, 0, 32768), np.uint16, (0, 65535), [255, 0, 128]),
        ((0.5,), np.float32, (0, 1), [128, 128, 128]),
        ((300.0, -5.0, 51.0), np.float32, (0, 255), [255, 0, 51]),  # of copies computed in floats
        ((200, 0), np.uint8, (0, 255), [255, 255, 255]),  # transparent grey
        ((0, 0, 0, 65535), np.uint16, (0, 65535), [0, 0, 0]),  # opaque black
    ],
)
def test_pixels_of_any_kind_become_rgb(
    pixel: Any, dtype: Any, window: Any, expected: list[int]
) -> None:
    """Any depth and any number of channels is red, green and blue in 8 bits, over white."""
    pixels = np.full((40, 50, len(pixel)), pixel, dtype)
    assert small(pixels, window)[5, 5].tolist() == expected


def test_thumbnails_are_png_and_keep_their_proportions() -> None:
    """A wide picture is reduced to 96 pixels; a small one stays as it is."""
    for shape, expected in (((100, 192, 3), (96, 50)), ((10, 20, 1), (20, 10))):
        text = thumbnail_png(np.zeros(shape, np.uint8), (0, 255))
        with Image.open(io.BytesIO(base64.b64decode(text))) as image:
            assert (image.format, image.size, image.mode) == ("PNG", expected, "RGB")
