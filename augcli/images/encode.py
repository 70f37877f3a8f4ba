"""From pixels to a file's bytes.

What a format cannot hold is said or refused, never changed in silence:

- Transparency is composited over `saving.background` in JPEG and BMP.
- 16-bit pixels go into PNG, npy, npz and, grey alone, TIFF; other formats refuse them.
- int32 and float32 go into npy, npz and, grey alone, TIFF; other formats refuse them. With
  `save_scale: minmax` every format takes 8-bit pixels, stretched to 0-255.
- WebP has no grey: it is stored as RGB, level for level.
- npy is the array itself, (height, width, channels), of any dtype.
- npz is a shard of that one sample; `pipeline.shards` makes shards of several.

The same pixels and options give the same bytes under the same library versions: no time, no
software name and no other metadata than the colour profile is written.
"""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from augcli.errors import SourceError
from augcli.images.icc import fitting_profile
from augcli.images.npz import npz_bytes
from augcli.images.options import (
    SAVE_OPTIONS,
    BmpOptions,
    JpegOptions,
    NpyOptions,
    NpzOptions,
    PngOptions,
    Saving,
    TiffOptions,
    WebpOptions,
)
from augcli.images.pillow import as_image
from augcli.images.pixels import Pixels, flatten_alpha, stretch
from augcli.kernels.png import encode_png

# What Pillow and the encoders below it raise on pixels they cannot write.
_UNWRITABLE = (OSError, ValueError, OverflowError, MemoryError, RuntimeError, struct.error)

_TIFF_COMPRESSIONS = {"none": None, "lzw": "tiff_lzw", "deflate": "tiff_adobe_deflate"}
_ANY_SIDE = 2**31 - 1


def _write_jpeg(pixels: Pixels, options: JpegOptions, icc_profile: bytes | None) -> bytes:
    return _save(
        as_image(pixels),
        "JPEG",
        icc_profile,
        quality=options.quality,
        subsampling=options.subsampling,
        progressive=options.progressive,
        optimize=options.optimize,
    )


def _write_png(pixels: Pixels, options: PngOptions, icc_profile: bytes | None) -> bytes:
    return encode_png(pixels, compression=options.compression, icc_profile=icc_profile)


def _write_webp(pixels: Pixels, options: WebpOptions, icc_profile: bytes | None) -> bytes:
    # `exact` keeps the colours of transparent pixels too, as lossless promises.
    arguments = {**options.model_dump(), "exact": options.lossless}
    return _save(as_image(pixels), "WEBP", icc_profile, **arguments)


def _write_tiff(pixels: Pixels, options: TiffOptions, icc_profile: bytes | None) -> bytes:
    image = (
        _without_padding(pixels) if pixels.dtype == np.uint8 else Image.fromarray(pixels[..., 0])
    )
    compression = _TIFF_COMPRESSIONS[options.compression]
    return _save(image, "TIFF", icc_profile, compression=compression)


def _write_bmp(pixels: Pixels, _: BmpOptions, _icc_profile: bytes | None) -> bytes:
    return _save(_without_padding(pixels), "BMP", None)


def _write_npy(pixels: Pixels, _: NpyOptions, _icc_profile: bytes | None) -> bytes:
    out = io.BytesIO()
    np.save(out, np.ascontiguousarray(pixels), allow_pickle=False)
    return out.getvalue()


def _write_npz(pixels: Pixels, _: NpzOptions, _icc_profile: bytes | None) -> bytes:
    return npz_bytes({"x": pixels[None]})


def _without_padding(pixels: Pixels) -> Image.Image:
    """As an image, RGB rather than RGBX: BMP and TIFF would write X, or refuse it."""
    image = as_image(pixels)
    return image.convert("RGB") if image.mode == "RGBX" else image


def _save(image: Image.Image, name: str, icc_profile: bytes | None, **arguments: object) -> bytes:
    out = io.BytesIO()
    image.save(out, name, icc_profile=icc_profile, **arguments)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Writer:
    """A format that is written.

    Attributes:
        write: Pixels, the format's options and a colour profile to bytes.
        dtypes: What its pixels may be, as NumPy's types; None for anything.
        gray_dtypes: What they may be besides, in a single channel.
        has_alpha: Whether it can hold transparency.
        longest_side: In pixels.
    """

    write: Callable[[Pixels, Any, bytes | None], bytes]
    dtypes: frozenset[type[np.generic]] | None
    gray_dtypes: frozenset[type[np.generic]] = frozenset()
    has_alpha: bool = True
    longest_side: int = _ANY_SIDE


_UINT8: frozenset[type[np.generic]] = frozenset({np.uint8})

WRITERS: dict[str, Writer] = {
    "png": Writer(_write_png, _UINT8 | {np.uint16}),
    "jpeg": Writer(_write_jpeg, _UINT8, has_alpha=False, longest_side=65500),  # libjpeg's limit
    "webp": Writer(_write_webp, _UINT8, longest_side=16383),  # 14 bits in the format
    "tiff": Writer(_write_tiff, _UINT8, gray_dtypes=frozenset({np.uint16, np.int32, np.float32})),
    "bmp": Writer(_write_bmp, _UINT8, has_alpha=False),
    "npy": Writer(_write_npy, None),
    "npz": Writer(_write_npz, None),
}
"""Every format that is written, by its `save_format`."""


def encode(
    pixels: Pixels,
    saving: Saving,
    icc_profile: bytes | None,
    *,
    channels_first: bool = False,
) -> bytes:
    """A file's bytes.

    Args:
        pixels: (height, width, channels), channels 1 to 4; of npy and npz any shape and dtype.
            Packed 8-bit RGB goes into JPEG and WebP without a conversion.
        saving: The format and its options, validated against `SAVE_OPTIONS`.
        icc_profile: Stored in PNG, JPEG, WebP and TIFF, unless it does not fit the channels.
        channels_first: Store npy as (channels, height, width).

    Raises:
        SourceError: Stage "encode"; the format cannot hold these pixels.
    """
    writer = WRITERS[saving.save_format]
    options = SAVE_OPTIONS[saving.save_format].model_validate(saving.save_options)
    if saving.save_scale == "minmax":
        pixels = stretch(pixels)
    _check_dtype(pixels, saving.save_format)
    _check_side(pixels, writer, saving.save_format)
    if channels_first and saving.save_format == "npy":
        pixels = np.moveaxis(pixels, -1, 0)
    if writer.dtypes is not None:
        if not writer.has_alpha:
            pixels = flatten_alpha(pixels, saving.background)
        icc_profile = fitting_profile(icc_profile, pixels.shape[2])
    try:
        return writer.write(pixels, options, icc_profile)
    except _UNWRITABLE as error:
        text = str(error) or type(error).__name__
        raise SourceError("encode", f"cannot be written as {saving.save_format}: {text}") from error


def explain_not_held(save_format: str, dtype: np.dtype[Any], channels: int) -> str | None:
    """Why a format cannot hold pixels of a dtype, and what to do; None when it can."""
    writer = WRITERS[save_format]
    if writer.dtypes is None or dtype.type in writer.dtypes:
        return None
    gray_alone = dtype.type in writer.gray_dtypes
    if gray_alone and channels == 1:
        return None
    kind = f"{dtype} pixels of {channels} channels" if gray_alone else dtype
    if dtype == np.uint16:
        remedy = "set depth: 8, or save_format: png" + ("" if gray_alone else " or tiff")
    else:
        remedy = "set save_format: npy, or save_scale: minmax for a picture of them"
    return f"{save_format} cannot hold {kind}: {remedy}"


def _check_dtype(pixels: Pixels, save_format: str) -> None:
    reason = explain_not_held(save_format, pixels.dtype, pixels.shape[-1])
    if reason is not None:
        raise SourceError("encode", reason)


def _check_side(pixels: Pixels, writer: Writer, name: str) -> None:
    height, width = pixels.shape[:2]
    if max(height, width) > writer.longest_side:
        raise SourceError(
            "encode",
            f"{width} x {height} pixels: a side of {name} may have {writer.longest_side} at most; "
            "set a smaller target_size or another save_format",
        )
