"""Masks: images whose pixels are ids, of classes or of objects, read exactly and written alike.

A mask is PNG, TIFF, BMP or npy. Its pixels are what the file stores: the indices of a palette, not
its colours; the samples of grey, RGB or RGBA, of 8 or 16 bits. Of 1 bit they are 0 and 1, and of 2
and 4 bits the levels from 0 to 255 that Pillow and OpenCV give. It is written in the form it came
in: format, kind of pixels, palette and the palette's transparency; grey of 2 and 4 bits as 8.
Colour profiles and other metadata are not ids, and are left out.

Formats that lose on writing, such as JPEG, are refused: they have mixed the ids along every edge.
"""

import importlib
import io
import math
import struct
import tokenize
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from augcli.annotations.placed import STAGE
from augcli.errors import SourceError
from augcli.images.broken import BROKEN_FILE, explain
from augcli.images.formats import FORMATS, HEAD_SIZE, explain_unknown, sniff
from augcli.images.source_bits import lost_bits
from augcli.images.unpack import is_deep_png
from augcli.kernels.png import decode_png16, encode_png
from augcli.transforms.base import Size

Ids = NDArray[np.integer[Any]]

_NPY = b"\x93NUMPY"
_DEEP = "RGB;16"  # colour of 16 bits, which Pillow has no mode for
_BITS = {"1": 1, "L": 8, "P": 8, "LA": 8, "RGB": 8, "RGBA": 8, "I;16": 16, _DEEP: 16}
_EXACT_MODES = {
    "PNG": frozenset({"1", "L", "P", "LA", "RGB", "RGBA", "I;16"}),
    "TIFF": frozenset({"1", "L", "P", "LA", "RGB", "RGBA", "I;16", "I"}),
    "BMP": frozenset({"1", "L", "P", "RGB"}),
}
"""What of each format is read and written without a change, by Pillow's names."""
_LARGEST_PALETTE = 256
_TIFF_COMPRESSION = "tiff_adobe_deflate"
_BROKEN_NPY = (ValueError, EOFError, SyntaxError, tokenize.TokenError)  # its header is Python text
_UNWRITABLE = (OSError, ValueError, MemoryError, struct.error)


@dataclass(frozen=True, slots=True)
class MaskForm:
    """What kind of file a mask came from.

    Attributes:
        format: "PNG", "TIFF", "BMP" or "NPY".
        mode: Pillow's mode of its pixels, "RGB;16" for 16-bit colour; of npy the dtype.
        palette: Red, green and blue of each index; None where the mode is not P.
        transparency: What is transparent, as Pillow has it; None where nothing is.
        is_flat: Whether an npy is of shape (height, width).
    """

    format: str
    mode: str
    palette: bytes | None = None
    transparency: int | tuple[int, ...] | bytes | None = None
    is_flat: bool = False


@dataclass(frozen=True, slots=True)
class Mask:
    """The ids of an image's pixels, an integer array (height, width, channels), and their form."""

    ids: Ids
    form: MaskForm


def read_mask(data: bytes, max_pixels: int) -> Mask:
    """The ids in a file.

    Raises:
        SourceError: Stage "annotations"; the file is broken, has more than `max_pixels`, or is of
            a kind that does not hold ids exactly.
    """
    if data.startswith(_NPY):
        return _read_npy(data, max_pixels)
    with _opened(data, max_pixels) as image:
        if is_deep_png(image, data):
            return Mask(decode_png16(data), MaskForm("PNG", _DEEP))
        _check_exact(image, data)
        form = _form(image)
        pixels = np.array(image)
    return Mask(_ids(pixels), form)


def write_mask(mask: Mask) -> bytes:
    """The ids as a file of their form.

    Raises:
        SourceError: Stage "annotations"; an id does not fit into it.
    """
    form = mask.form
    _check_range(mask.ids, *_range(form))
    if form.format == "NPY":
        return _write_npy(mask)
    try:
        if form.mode == _DEEP:
            return encode_png(mask.ids.astype(np.uint16))
        return _save(_as_image(mask), form)
    except _UNWRITABLE as error:
        raise SourceError(STAGE, f"the mask cannot be written: {error}") from error


def check_mask_size(mask: Mask, size: Size) -> None:
    """Makes sure that a mask is of its image's size.

    Raises:
        SourceError: Stage "annotations"; it is not.
    """
    height, width = mask.ids.shape[:2]
    if (height, width) == size:
        return
    turned = (width, height) == size
    remedy = "; turn it as the image is seen, by its EXIF orientation" if turned else ""
    raise SourceError(
        STAGE,
        f"the mask has {width} x {height} pixels, and its image {size.width} x {size.height}"
        + remedy,
    )


@contextmanager
def _opened(data: bytes, max_pixels: int) -> Iterator[ImageFile.ImageFile]:
    """The image, opened; what Pillow raises inside becomes a SourceError."""
    name = sniff(data[:HEAD_SIZE])
    if name is None:
        raise SourceError(STAGE, f"the mask: {explain_unknown(data[:HEAD_SIZE])}")
    if name not in _EXACT_MODES:
        raise SourceError(
            STAGE,
            f"a mask in {name}, which need not keep ids exactly; make it anew as PNG, TIFF, BMP "
            f"or npy",
        )
    try:
        importlib.import_module(FORMATS[name].plugin)
        open_file, _ = Image.OPEN[name]
        with io.BytesIO(data) as file, open_file(file, "") as image:
            _check_pixels(image.height, image.width, max_pixels)
            yield image
    except BROKEN_FILE as error:
        raise SourceError(STAGE, f"the mask: {explain(name, data, error)}") from error


def _check_pixels(height: int, width: int, max_pixels: int) -> None:
    if height * width > max_pixels:
        raise SourceError(
            STAGE, f"a mask of {width} x {height} pixels, more than max_pixels, {max_pixels}"
        )


def _check_exact(image: ImageFile.ImageFile, data: bytes) -> None:
    if getattr(image, "n_frames", 1) > 1:
        raise SourceError(STAGE, "a mask of several pages; keep one page a file")
    if _mode(image) not in _EXACT_MODES[str(image.format)] or lost_bits(data, image):
        raise SourceError(
            STAGE,
            f"a mask of a kind that is not read exactly ({image.mode} in {image.format}); make it "
            f"8 or 16-bit grey, a palette or 8-bit RGB",
        )


def _mode(image: Image.Image) -> str:
    """Pillow's mode; 16-bit grey of either byte order is I;16."""
    return "I;16" if image.mode.startswith("I;16") else image.mode


def _form(image: ImageFile.ImageFile) -> MaskForm:
    """The form of an image, which is loaded for it: only then its palette is whole."""
    image.load()
    palette = bytes(image.getpalette("RGB") or ()) if image.mode == "P" else None
    return MaskForm(str(image.format), _mode(image), palette, image.info.get("transparency"))


def _ids(pixels: NDArray[Any]) -> Ids:
    """Pixels (height, width) or (height, width, channels) as integers of this machine's order."""
    is_bool = pixels.dtype.kind == "b"
    ids = pixels.astype(np.uint8 if is_bool else pixels.dtype.newbyteorder("="))
    return ids if ids.ndim == 3 else ids[..., np.newaxis]


def _range(form: MaskForm) -> tuple[int, int]:
    """The lowest and the highest id that a form can hold."""
    if form.mode in _BITS:
        return 0, (1 << _BITS[form.mode]) - 1
    if form.mode == "bool":
        return 0, 1
    info = np.iinfo(np.int32 if form.mode == "I" else form.mode)
    return int(info.min), int(info.max)


def _check_range(ids: Ids, low: int, high: int) -> None:
    for value in (int(ids.min()), int(ids.max())):
        if not low <= value <= high:
            raise SourceError(
                STAGE,
                f"id {value} does not fit into a mask of this kind, which holds {low} to {high}; "
                f"give another mask_fill",
            )


def _as_image(mask: Mask) -> Image.Image:
    form = mask.form
    if form.mode == "1":
        return Image.fromarray(mask.ids[..., 0].astype(bool))
    dtype = {"I;16": np.uint16, "I": np.int32}.get(form.mode, np.uint8)
    ids = np.ascontiguousarray(mask.ids.astype(dtype))
    image = Image.fromarray(ids if ids.shape[2] > 1 else ids[..., 0])
    if form.palette is not None:
        image = _with_palette(image, form.palette)
    return image


def _with_palette(image: Image.Image, palette: bytes) -> Image.Image:
    """An image of indices; indices beyond the palette's end, as a mask_fill may be, are black."""
    colors = min(max(len(palette) // 3, int(np.array(image).max()) + 1), _LARGEST_PALETTE)
    indices = Image.frombytes("P", image.size, image.tobytes())
    indices.putpalette(palette.ljust(3 * colors, b"\0"))
    return indices


def _save(image: Image.Image, form: MaskForm) -> bytes:
    out = io.BytesIO()
    arguments: dict[str, Any] = {}
    if form.format == "TIFF":
        arguments["compression"] = _TIFF_COMPRESSION
    if form.format == "PNG" and form.transparency is not None:
        arguments["transparency"] = form.transparency
    image.save(out, form.format, **arguments)
    return out.getvalue()


def _read_npy(data: bytes, max_pixels: int) -> Mask:
    file = io.BytesIO(data)
    try:
        shape, dtype = _npy_header(file)
        if len(shape) not in {2, 3} or not (np.issubdtype(dtype, np.integer) or dtype.kind == "b"):
            raise SourceError(
                STAGE,
                f"a mask of {dtype} and shape {shape}; expected whole numbers (height, width)",
            )
        _check_pixels(shape[0], shape[1], max_pixels)
        if math.prod(shape) * dtype.itemsize > len(data):
            raise ValueError("it ends before the array does")
        file.seek(0)
        pixels = np.load(file, allow_pickle=False)
    except _BROKEN_NPY as error:
        raise SourceError(STAGE, f"the mask: broken npy ({error})") from error
    return Mask(_ids(pixels), MaskForm("NPY", dtype.name, is_flat=len(shape) == 2))


def _npy_header(file: io.BytesIO) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Shape and dtype, before any memory is taken for them."""
    version = np.lib.format.read_magic(file)
    if version == (1, 0):
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    else:
        shape, _, dtype = np.lib.format.read_array_header_2_0(file)
    return shape, dtype


def _write_npy(mask: Mask) -> bytes:
    ids = mask.ids[..., 0] if mask.form.is_flat else mask.ids
    out = io.BytesIO()
    np.save(out, np.ascontiguousarray(ids.astype(mask.form.mode)), allow_pickle=False)
    return out.getvalue()
