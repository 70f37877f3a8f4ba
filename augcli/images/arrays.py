"""From an array in memory to a picture: what `decode` does, without a file."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from augcli.errors import SourceError
from augcli.images.decode import Picture
from augcli.images.options import Loading
from augcli.images.orientation import Box
from augcli.images.pixels import Pixels, change_color_mode, pack, to_8_bit
from augcli.images.resize import center_crop, resize

FLOATS = ("float16", "float32", "float64")
DTYPES = ("uint8", "uint16", *FLOATS)
"""What an array of pixels may be, by NumPy's names."""
_COLOR_WEIGHTS = (0.299, 0.587, 0.114)  # ITU-R BT.601


def picture_of(image: NDArray[Any], loading: Loading) -> Picture:
    """The picture of an array, as `loading` asks for it.

    Args:
        image: (height, width, channels), with 1 to 4 channels as in `Picture`. uint8 and uint16
            keep their dtype; floats become float32, as in Keras-Preprocessing.
        loading: What it is converted to.

    Raises:
        SourceError: Stage "decode"; there is no such picture, or `loading` does not allow it.
    """
    _check(image, loading)
    pixels: Pixels = np.array(image, order="C")
    if pixels.dtype.name in FLOATS:
        pixels = _float_pixels(pixels, loading)
    else:
        pixels = pixels.astype(pixels.dtype.newbyteorder("="))
        if loading.depth == 8 and pixels.dtype == np.uint16:
            pixels = to_8_bit(pixels)
        pixels = change_color_mode(pixels, loading.color_mode)
    return Picture(_resized(pack(pixels), loading), None, ())


def _check(image: NDArray[Any], loading: Loading) -> None:
    height, width = image.shape[:2]
    if height == 0 or width == 0:
        raise SourceError("decode", f"{width} x {height} pixels: there is no picture in it")
    if height * width > loading.max_pixels:
        raise SourceError(
            "decode", f"{width} x {height} pixels are more than max_pixels, {loading.max_pixels}"
        )
    if image.dtype.name not in DTYPES:
        raise SourceError("decode", f"an array of {image.dtype}, rather than {', '.join(DTYPES)}")


def _float_pixels(pixels: Pixels, loading: Loading) -> Pixels:
    """Floats in the colour mode that is asked for; they have no highest level, so no alpha."""
    pixels = pixels.astype(np.float32)
    channels = pixels.shape[2]
    if loading.color_mode == "keep" or (loading.color_mode, channels) == ("rgb", 3):
        return pixels
    if loading.color_mode == "grayscale" and channels in {1, 3}:
        return pixels if channels == 1 else _luma(pixels)
    if loading.color_mode == "rgb" and channels == 1:
        return np.repeat(pixels, 3, axis=2)
    raise SourceError(
        "decode",
        f"color_mode {loading.color_mode} cannot be made of floats with {channels} channels",
    )


def _luma(color: Pixels) -> Pixels:
    """Grey of RGB floats; summed in this order, as a matrix product may round in another."""
    red, green, blue = (np.float32(weight) for weight in _COLOR_WEIGHTS)
    return (red * color[..., 0] + green * color[..., 1] + blue * color[..., 2])[..., None]


def _resized(pixels: Pixels, loading: Loading) -> Pixels:
    if loading.target_size is None:
        return pixels
    height, width = pixels.shape[:2]
    target_height, target_width = loading.target_size
    if (target_height, target_width) == (height, width):
        return pixels
    box = Box(0, 0, width, height)
    if loading.keep_aspect_ratio:
        box = center_crop(height, width, target_height, target_width)
    return resize(pixels, target_height, target_width, loading.interpolation, box)
