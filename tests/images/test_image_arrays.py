"""From an array in memory to a picture."""

import numpy as np
import pytest

from augcli.errors import SourceError
from augcli.images.arrays import picture_of
from augcli.images.options import Loading
from augcli.kernels import packed


def test_levels_stay() -> None:
    """8 and 16 bits keep their dtype; colour of 8 bits is packed; the array is not touched."""
    rgb = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    pixels = picture_of(rgb, Loading()).pixels
    assert np.array_equal(pixels, rgb)
    assert packed.is_packed(pixels)
    deep = np.array([[[1], [65535]]], ">u2")
    pixels = picture_of(deep, Loading()).pixels
    assert (pixels.dtype, pixels.tolist()) == (np.uint16, [[[1], [65535]]])
    assert picture_of(deep, Loading(depth=8)).pixels.tolist() == [[[0], [255]]]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_floats(dtype: str) -> None:
    """They become float32, whatever their range."""
    pixels = picture_of(np.array([[[-0.5], [300.0]]], dtype), Loading()).pixels
    assert (pixels.dtype, pixels.tolist()) == (np.float32, [[[-0.5], [300.0]]])


def test_colour_modes_of_floats() -> None:
    """Grey is repeated, colour is weighed; there is no highest level for an alpha."""
    grey = np.array([[[0.5]]])
    assert picture_of(grey, Loading(color_mode="rgb")).pixels.tolist() == [[[0.5] * 3]]
    assert picture_of(grey, Loading(color_mode="grayscale")).pixels.tolist() == [[[0.5]]]
    red = picture_of(np.array([[[1.0, 0, 0]]]), Loading(color_mode="grayscale")).pixels
    assert red.tolist() == [[[pytest.approx(0.299)]]]
    for mode, channels in (("rgba", 3), ("rgb", 4), ("grayscale", 2)):
        with pytest.raises(SourceError, match="cannot be made of floats"):
            picture_of(np.zeros((1, 1, channels)), Loading.model_validate({"color_mode": mode}))


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_sizes(channels: int, dtype: str) -> None:
    """A target size is met by stretching, or by a centred crop; a constant stays what it is."""
    image = np.full((4, 8, channels), 255, dtype)
    image[:, :2] = 1
    loading = Loading(target_size=[2, 2], keep_aspect_ratio=True, interpolation="box")
    pixels = picture_of(image, loading).pixels
    assert (pixels.shape, pixels.dtype) == ((2, 2, channels), dtype)
    assert np.allclose(pixels, 255)
    assert picture_of(image, Loading(target_size=[3, 5])).pixels.shape == (3, 5, channels)
    assert picture_of(image, Loading(target_size=[4, 8])).pixels.shape == (4, 8, channels)


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (np.zeros((0, 3, 1), np.uint8), "no picture in it"),
        (np.zeros((9, 9, 1), np.uint8), "more than max_pixels, 50"),
        (np.zeros((2, 2, 1), np.int64), "an array of int64"),
    ],
)
def test_what_is_no_picture(image: np.ndarray, message: str) -> None:
    """Each is an error of decoding."""
    with pytest.raises(SourceError, match=message) as error:
        picture_of(image, Loading(max_pixels=50))
    assert error.value.stage == "decode"
