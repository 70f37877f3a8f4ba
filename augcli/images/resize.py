"""Resizing by Pillow's filters, at any depth.

All filters but nearest average over the source pixels that a target pixel covers, so reducing
does not alias. Colours are weighed by their alpha, so what is transparent does not bleed.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from augcli.images.options import Interpolation
from augcli.images.orientation import Box
from augcli.images.pillow import as_image, from_image
from augcli.images.pixels import Pixels, has_alpha, highest_level, to_levels

_FILTERS: dict[Interpolation, Image.Resampling] = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
    "box": Image.Resampling.BOX,
    "hamming": Image.Resampling.HAMMING,
}


def center_crop(height: int, width: int, target_height: int, target_width: int) -> Box:
    """The largest centred region of the target's aspect ratio, in whole pixels.

    As Keras' `load_img(keep_aspect_ratio=True)` crops.
    """
    crop_height = max(1, min(height, width * target_height // target_width))
    crop_width = max(1, min(width, height * target_width // target_height))
    top = (height - crop_height) // 2
    left = (width - crop_width) // 2
    return Box(left, top, left + crop_width, top + crop_height)


def resize(
    pixels: Pixels, height: int, width: int, interpolation: Interpolation, region: Box
) -> Pixels:
    """A region of the pixels, resized.

    Args:
        pixels: (height, width, channels), uint8, uint16, int32 or float32.
        height: Of the result.
        width: Of the result.
        interpolation: Pillow's filter of that name.
        region: The part to resize, in pixels of the source; fractions are allowed.

    Returns:
        Pixels of the same dtype; integers are rounded to nearest and clipped to the dtype.
    """
    if pixels.dtype == np.uint8:
        # Pillow itself multiplies LA and RGBA by alpha around a resize.
        image = as_image(pixels).resize((width, height), _FILTERS[interpolation], region)
        return from_image(image)
    is_integer = np.issubdtype(pixels.dtype, np.integer)  # floats have no level that is opaque
    if is_integer and has_alpha(pixels) and interpolation != "nearest":
        return _resize_with_alpha(pixels, height, width, interpolation, region)
    planes = [
        _resize_plane(pixels[..., channel], height, width, interpolation, region)
        for channel in range(pixels.shape[2])
    ]
    return np.stack(planes, axis=-1)


def _resize_plane(
    plane: NDArray[np.generic], height: int, width: int, interpolation: Interpolation, region: Box
) -> NDArray[np.generic]:
    """One channel, through Pillow's 32-bit modes: I for integers, F for floats."""
    is_integer = np.issubdtype(plane.dtype, np.integer)
    image = Image.fromarray(plane.astype(np.int32 if is_integer else np.float32))
    resized = np.asarray(image.resize((width, height), _FILTERS[interpolation], region))
    if plane.dtype == np.uint16:  # bicubic and lanczos overshoot
        resized = np.clip(resized, 0, 65535)
    return resized.astype(plane.dtype)


def _resize_with_alpha(
    pixels: Pixels, height: int, width: int, interpolation: Interpolation, region: Box
) -> Pixels:
    highest = highest_level(pixels)
    values = pixels.astype(np.float32)
    values[..., :-1] *= values[..., -1:] / highest
    planes = [
        _resize_plane(values[..., channel], height, width, interpolation, region)
        for channel in range(values.shape[2])
    ]
    resized = np.stack(planes, axis=-1).astype(np.float64)
    alpha = resized[..., -1:]
    np.divide(resized[..., :-1] * highest, alpha, out=resized[..., :-1], where=alpha > 0)
    return to_levels(resized, (0, highest), pixels.dtype.type)
