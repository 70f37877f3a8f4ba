"""Pixels of any kind on a screen."""

import io

import numpy as np
import pytest

from augcli.config.schema import Config
from augcli.images.encode import encode
from augcli.report.pictures import LONGEST_SIDE, pixels_in, shown, window_of
from augcli.transforms.ranges import Ranges


def test_8_bits_as_they_are() -> None:
    """8-bit grey, RGB and transparency are shown level for level."""
    gray = np.array([[[0], [7]], [[200], [255]]], np.uint8)
    assert window_of([gray]) is None
    assert shown(gray, None).mode == "RGB"
    np.testing.assert_array_equal(np.asarray(shown(gray, None)), np.repeat(gray, 3, axis=2))
    rgba = np.array([[[1, 2, 3, 4]]], np.uint8)
    assert np.asarray(shown(rgba, None)).tolist() == [[[1, 2, 3, 4]]]
    gray_alpha = np.array([[[9, 100]]], np.uint8)
    assert np.asarray(shown(gray_alpha, None)).tolist() == [[[9, 9, 9, 100]]]


def test_16_bits_between_their_ends() -> None:
    """12-bit data in 16 bits is not black: its lowest value is, and its highest is white."""
    deep = np.array([[[1000], [2000], [3000]]], np.uint16)
    assert window_of([deep]) == (1000, 3000)
    assert np.asarray(shown(deep, (1000, 3000)))[0, :, 0].tolist() == [0, 128, 255]
    assert np.asarray(shown(deep, (2000, 2500)))[0, :, 0].tolist() == [0, 0, 255]


def test_transparency_of_16_bits() -> None:
    """Alpha has its own scale, and is no part of the window."""
    deep = np.array([[[10, 65535], [20, 0]]], np.uint16)
    assert window_of([deep]) == (10, 20)
    assert np.asarray(shown(deep, (10, 20)))[0].tolist() == [[0, 0, 0, 255], [255, 255, 255, 0]]


def test_floats() -> None:
    """NaN and infinity have no part in the window, and a flat picture is no division by zero."""
    floats = np.array([[[-1.0], [np.nan], [3.0], [np.inf]]], np.float32)
    assert window_of([floats]) == (-1, 3)
    assert np.asarray(shown(floats, (-1, 3)))[0, :, 0].tolist() == [0, 0, 255, 255]
    flat = np.full((2, 2, 1), 0.5, np.float32)
    assert np.asarray(shown(flat, window_of([flat]))).max() == 0
    assert window_of([np.full((1, 1, 1), np.nan, np.float32)]) == (0, 1)


def test_large_pictures_are_reduced() -> None:
    """No side is longer than a sheet can show."""
    assert shown(np.zeros((10, 3 * LONGEST_SIDE, 3), np.uint8), None).size == (LONGEST_SIDE, 3)


@pytest.mark.parametrize("save_format", ["png", "tiff", "bmp", "npy"])
def test_files_are_read_back(save_format: str) -> None:
    """What a lossless format holds is what is shown."""
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    config = Config.model_validate({"save_format": save_format})
    np.testing.assert_array_equal(pixels_in(encode(pixels, config, None), config), pixels)


def test_arrays_with_channels_first() -> None:
    """Arrays are turned back to rows, columns, channels."""
    config = Config.model_validate(
        {"save_format": "npy", "transforms": Ranges(data_format="channels_first").model_dump()}
    )
    out = io.BytesIO()
    np.save(out, np.zeros((3, 2, 4), np.float32))
    assert pixels_in(out.getvalue(), config).shape == (2, 4, 3)
