"""From an opened Pillow image to an array: every mode that Pillow has, and what it becomes."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from augcli.errors import SourceError
from augcli.images import turbojpeg
from augcli.images.pillow import from_image
from augcli.images.pixels import Pixels, add_color_key

_CONVERSIONS: dict[str, str] = {
    "1": "L",
    "L": "L",
    "LA": "LA",
    "La": "LA",
    "P": "RGB",
    "PA": "RGBA",
    "RGB": "RGB",
    "RGBA": "RGBA",
    "RGBa": "RGBA",
    "RGBX": "RGB",
    "CMYK": "RGB",
    "YCbCr": "RGB",
    "LAB": "RGB",
    "HSV": "RGB",
}
"""The 8-bit modes of Pillow, and what each becomes."""

_JPEG = frozenset({"JPEG", "MPO"})
_JPEG_CHANNELS = {"L": 1, "RGB": 3}

# TIFF 6.0, section 8
_BITS_PER_SAMPLE = 258
_PHOTOMETRIC_INTERPRETATION = 262
_WHITE_IS_ZERO = 0


def read_pixels(image: ImageFile.ImageFile, data: bytes, *, is_reduced: bool = False) -> Pixels:
    """The pixels of an image, decoded: (height, width, channels), as the file stores them.

    Grey of 16 bits is uint16, of 32 bits int32 or float32; colour is uint8, and uint16 of a PNG
    that holds 16 bits (see `is_deep_png`). A palette is looked up, a transparent colour becomes
    alpha, and CMYK, YCbCr, LAB and HSV become RGB.

    Args:
        image: Opened, not yet loaded.
        data: The file.
        is_reduced: Whether a JPEG is to be decoded at less than its full size, by `draft`.

    Raises:
        SourceError: Stage "decode"; a mode that is not read.
        Exception: Whatever Pillow raises on a broken file, see `augcli.images.broken`.
    """
    if is_deep_png(image, data):
        return _deep_png(image, data)
    if image.format in _JPEG and image.mode in _JPEG_CHANNELS and not is_reduced:
        pixels = turbojpeg.read(data, image.height, image.width, _JPEG_CHANNELS[image.mode])
        if pixels is not None:
            return pixels
    image.load()
    if image.mode.startswith("I;16"):
        return _gray_16(image)
    if image.mode == "I":
        return _gray_32(image)
    if image.mode == "F":
        return np.array(image, np.float32)[..., None]
    if image.mode not in _CONVERSIONS:
        raise SourceError("decode", f"pixels of a kind that is not read ({image.mode})")
    return _eight_bit(image, data)


def is_deep_png(image: Image.Image, data: bytes) -> bool:
    """Whether it is a PNG of 16-bit colour that `augcli.kernels.png` can read in full.

    Pillow reduces such files to 8 bits. Interlaced ones are left to it.
    """
    return (
        image.format == "PNG"
        and data[24] == 16  # bit depth, in IHDR
        and not image.mode.startswith("I")
        and not image.info.get("interlace")
    )


def _deep_png(image: Image.Image, data: bytes) -> NDArray[np.uint16]:
    from augcli.kernels.png import decode_png16  # noqa: PLC0415  loads numba; such files are rare

    pixels = decode_png16(data)
    key = image.info.get("transparency")
    return pixels if key is None else add_color_key(pixels, key)


def _gray_16(image: ImageFile.ImageFile) -> Pixels:
    pixels: Pixels = np.array(image).astype(np.uint16)[..., None]
    if image.format == "TIFF":
        return _tiff_gray_16(pixels, getattr(image, "tag_v2", {}))
    key = image.info.get("transparency")
    return pixels if key is None else add_color_key(pixels, (key,))


def _tiff_gray_16(pixels: Pixels, tags: Mapping[int, Any]) -> Pixels:
    """Full-range, black at 0: what Pillow does for 8 bits, but not for 12 and 16."""
    if tags.get(_BITS_PER_SAMPLE) == (12,):
        pixels = (pixels << 4) | (pixels >> 8)
    if tags.get(_PHOTOMETRIC_INTERPRETATION) == _WHITE_IS_ZERO:
        pixels = ~pixels
    return pixels


def _gray_32(image: ImageFile.ImageFile) -> Pixels:
    """Mode I, which is also how Pillow gives grey PNM of more than 8 bits, scaled to 16."""
    pixels: Pixels = np.array(image, np.int32)[..., None]
    return pixels.astype(np.uint16) if image.format == "PPM" else pixels


def _eight_bit(image: ImageFile.ImageFile, data: bytes) -> Pixels:
    mode = _CONVERSIONS[image.mode]
    if image.mode == "P" and image.has_transparency_data:
        mode = "RGBA"
    pixels = from_image(image if image.mode == mode else image.convert(mode))
    key = image.info.get("transparency")
    if mode not in {"L", "RGB"} or key is None:
        return pixels
    return add_color_key(pixels, _color_key(key, image, data))


def _color_key(key: int | tuple[int, ...], image: Image.Image, data: bytes) -> tuple[int, ...]:
    """PNG's transparent colour, which counts in samples, in the levels of Pillow's pixels."""
    bits = data[24] if image.format == "PNG" and image.mode in {"L", "RGB"} else 8
    samples = (key,) if isinstance(key, int) else key
    if bits == 16:
        return tuple(sample >> 8 for sample in samples)  # as Pillow reduced the pixels
    return tuple(sample * 255 // (2**bits - 1) for sample in samples)
