"""Images as files, Pillow images and arrays: Keras' helper functions, on augcli's own reading.

`load_img`, `img_to_array`, `array_to_img` and `save_img` have the signatures of
Keras-Preprocessing 1.1.2, and of later versions `keep_aspect_ratio`.
"""

import os
import warnings
from collections.abc import Sequence
from typing import IO, Any, Literal, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray
from PIL import Image

from augcli.errors import SourceError
from augcli.images.decode import decode
from augcli.images.files import read_bytes
from augcli.images.options import Loading
from augcli.images.pixels import Pixels, stretch, to_levels
from augcli.keras.settings import checked

DataFormat = Literal["channels_last", "channels_first"]

_COLOR_MODES = ("rgb", "rgba", "grayscale")
_INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "lanczos", "box", "hamming")


def check_data_format(data_format: str | None) -> DataFormat:
    """The order of the axes; None stands for "channels_last", as in later versions of Keras.

    Raises:
        ValueError: Neither "channels_last" nor "channels_first".
    """
    if data_format is None:
        return "channels_last"
    if data_format not in {"channels_last", "channels_first"}:
        raise ValueError(
            '`data_format` should be "channels_last" (height, width, channels) or '
            f'"channels_first" (channels, height, width). Received: {data_format}'
        )
    return cast(DataFormat, data_format)


def to_channels_last(x: NDArray[Any], data_format: DataFormat) -> NDArray[Any]:
    """A view of an image, or of a batch of them, with the channels on the last axis."""
    return np.moveaxis(x, -3, -1) if data_format == "channels_first" else x


def from_channels_last(x: NDArray[Any], data_format: DataFormat) -> NDArray[Any]:
    """A view of an image, or of a batch of them, with the channels where `data_format` says."""
    return np.moveaxis(x, -1, -3) if data_format == "channels_first" else x


def levels_of(x: NDArray[Any]) -> tuple[int, int] | None:
    """The lowest and highest level that a pixel of `x` may have.

    uint8 and uint16 have the range of their dtype. Of all other numbers it is taken from the
    values: 0 to 1 when all lie within, else 0 to 255; None when some lie outside of that too, as
    they do in images that have been centred.
    """
    if x.dtype in {np.dtype(np.uint8), np.dtype(np.uint16)}:
        return 0, int(np.iinfo(x.dtype).max)
    if x.size == 0 or not (x.min() >= 0 and x.max() <= 255):
        return None
    return (0, 1) if x.max() <= 1 else (0, 255)


def make_loading(
    color_mode: str,
    target_size: Sequence[int] | None,
    interpolation: str,
    keep_aspect_ratio: bool = False,
) -> Loading:
    """How files are read, from Keras' arguments.

    Colour is reduced to 8 bits, so that files of any depth share the levels 0 to 255; grey keeps
    its levels where `color_mode` is "grayscale".

    Raises:
        ValueError: An argument has none of its values.
    """
    if color_mode not in _COLOR_MODES:
        raise ValueError(f"`color_mode` should be one of {_COLOR_MODES}. Received: {color_mode}")
    if interpolation not in _INTERPOLATIONS:
        raise ValueError(
            f"`interpolation` should be one of {_INTERPOLATIONS}. Received: {interpolation}"
        )
    arguments = {
        "target_size": target_size,
        "interpolation": interpolation,
        "keep_aspect_ratio": keep_aspect_ratio,
        "color_mode": color_mode,
        "depth": "keep" if color_mode == "grayscale" else 8,
    }
    return checked(Loading, arguments)


def read_image(path: str, loading: Loading) -> Pixels:
    """The pixels of a file, shape (height, width, channels), uint8, uint16, int32 or float32.

    A JPEG is decoded in full whatever its target: old code expects the reference's numbers.

    Raises:
        SourceError: It cannot be read or decoded; the message starts with its path.
    """
    try:
        data = read_bytes(path)
        try:
            return decode(data, loading, may_reduce=False).pixels
        except SourceError:
            if loading.depth == 8:
                raise
            # Colour that only Pillow reads, in 8 bits alone: better so than not at all.
            loading = loading.model_copy(update={"depth": 8})
            return decode(data, loading, may_reduce=False).pixels
    except SourceError as error:
        raise SourceError(error.stage, f"{path}: {error}") from error


def load_img(
    path: str | os.PathLike[str],
    grayscale: bool = False,
    color_mode: str = "rgb",
    target_size: tuple[int, int] | None = None,
    interpolation: str = "nearest",
    keep_aspect_ratio: bool = False,
) -> Image.Image:
    """A file as a Pillow image: upright, in the colours and size asked for.

    Args:
        path: Of the file.
        grayscale: An old way to say color_mode="grayscale".
        color_mode: "grayscale", "rgb" or "rgba".
        target_size: (height, width) in pixels; None for the file's own.
        interpolation: "nearest", "bilinear", "bicubic", "lanczos", "box" or "hamming".
        keep_aspect_ratio: Crop the centre to the target's aspect ratio before the resize.

    Raises:
        SourceError: The file cannot be read or decoded.
        ValueError: An argument has none of its values.
    """
    if grayscale:
        warnings.warn(
            '`grayscale` is deprecated: use color_mode="grayscale"', DeprecationWarning, 2
        )
        color_mode = "grayscale"
    loading = make_loading(color_mode, target_size, interpolation, keep_aspect_ratio)
    return _as_pillow(read_image(os.fspath(path), loading))


def _as_pillow(pixels: Pixels) -> Image.Image:
    """An image of mode L, I;16, I, F, RGB or RGBA."""
    plain = np.ascontiguousarray(pixels)
    return Image.fromarray(plain[..., 0] if plain.shape[2] == 1 else plain)


def img_to_array(
    img: Image.Image, data_format: str | None = "channels_last", dtype: DTypeLike = "float32"
) -> NDArray[Any]:
    """A Pillow image as an array of rank 3, its axes in the order of `data_format`."""
    order = check_data_format(data_format)
    pixels = np.asarray(img, dtype=dtype)
    return from_channels_last(pixels if pixels.ndim == 3 else pixels[..., None], order)


def array_to_img(
    x: NDArray[Any],
    data_format: str | None = "channels_last",
    scale: bool = True,
    dtype: DTypeLike = "float32",
) -> Image.Image:
    """An array as a Pillow image of mode L, RGB or RGBA, or I for grey beyond 255.

    Args:
        x: Rank 3, with 1, 3 or 4 channels.
        data_format: Order of its axes.
        scale: Stretch the colours so that the lowest becomes 0 and the highest 255. Without,
            values are levels already; they are rounded and clipped.
        dtype: Of the computation.

    Raises:
        ValueError: The array is no image.
    """
    order = check_data_format(data_format)
    pixels = np.asarray(x, dtype=dtype)
    if pixels.ndim != 3:
        raise ValueError(f"expected one image, an array of rank 3. Received shape: {pixels.shape}")
    pixels = to_channels_last(pixels, order)
    if pixels.shape[2] not in {1, 3, 4}:
        raise ValueError(f"expected 1, 3 or 4 channels. Received: {pixels.shape[2]}")
    if scale:
        return _as_pillow(stretch(pixels))
    if pixels.shape[2] == 1 and pixels.max() > 255:
        info = np.iinfo(np.int32)
        return _as_pillow(to_levels(pixels, (int(info.min), int(info.max)), np.int32))
    return _as_pillow(to_levels(pixels, (0, 255), np.uint8))


def save_img(
    path: str | os.PathLike[str] | IO[bytes],
    x: NDArray[Any],
    data_format: str | None = "channels_last",
    file_format: str | None = None,
    scale: bool = True,
    **kwargs: Any,
) -> None:
    """Writes an array as a picture, as `array_to_img` makes it.

    Args:
        path: A path or an open file.
        x: Rank 3, with 1, 3 or 4 channels.
        data_format: Order of its axes.
        file_format: A format of Pillow's; None for that of the path's suffix.
        scale: As in `array_to_img`.
        kwargs: Passed on to Pillow's `save`.
    """
    image = array_to_img(x, data_format=data_format, scale=scale)
    if image.mode == "RGBA" and (file_format or "").lower() in {"jpg", "jpeg"}:
        warnings.warn("JPEG has no transparency: it is dropped", UserWarning, 2)
        image = image.convert("RGB")
    image.save(path, format=file_format, **kwargs)
