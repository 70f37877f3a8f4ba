"""From a file's bytes to pixels.

Formats are told by content and taken from the allow-list of `augcli.images.formats`. The order of
work: pixel limit (from the header, before anything is decoded), pixels, depth, colour mode,
resize, orientation. A file that is broken in any way is a `SourceError` that says what is wrong;
a truncated one is never completed with grey.

Pillow is given the right decoder class rather than asked to `open`: its own pixel limit is one
global number, and neither may it fire nor be changed under a caller's feet. (A few readers, that
of TIFF for one, still refuse more than twice `PIL.Image.MAX_IMAGE_PIXELS`.) Pillow reports
oddities as Python warnings; whether they are shown is left to the caller's filters.
"""

import importlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from PIL import ExifTags, Image, ImageFile

from augcli.errors import SourceError
from augcli.images import orientation as orientations
from augcli.images.broken import BROKEN_FILE, explain
from augcli.images.formats import FORMATS, HEAD_SIZE, explain_unknown, sniff
from augcli.images.icc import fitting_profile
from augcli.images.options import Loading
from augcli.images.orientation import Box
from augcli.images.pixels import Pixels, change_color_mode, pack, to_8_bit
from augcli.images.resize import center_crop, resize
from augcli.images.source_bits import lost_bits
from augcli.images.unpack import is_deep_png, read_pixels

_DRAFT_MARGIN = 1.5  # a reduced JPEG stays this much larger than the target, so the filter decides

_NOTED_CONVERSIONS = frozenset({"CMYK", "LAB", "HSV"})


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded image.

    Attributes:
        pixels: (height, width, channels), upright, uint8, uint16, int32 or float32; channels 1
            (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGB, alpha), of int32 and float32 1, or 3 by
            `color_mode: rgb`. Writable and no one else's. 8-bit RGB is a view `buffer[..., :3]`
            of an RGBX buffer, see `augcli.kernels.packed`; all else is contiguous.
        icc_profile: The colour profile, if there is one and it fits the pixels.
        notes: What was done to the source that its owner might not expect, a few words each.
    """

    pixels: Pixels
    icc_profile: bytes | None
    notes: tuple[str, ...]


def decode(data: bytes, loading: Loading, *, may_reduce: bool = True) -> Picture:
    """The picture in a file's bytes, as `loading` asks for it.

    Args:
        data: The file.
        loading: What it is to become.
        may_reduce: Whether a JPEG much larger than its target may be decoded at a fraction of its
            size: quicker, and not quite the pixels of a full decode's resize.

    Raises:
        SourceError: Stage "decode"; what is wrong with the file, or what `loading` does not allow.
    """
    with _opened(data, loading) as image:
        notes: list[str] = []
        orientation = _orientation(image, data, notes)
        _note_frames(image, notes)
        box = _region(image, orientation, loading)
        _check_depth(image, data, loading, notes)
        full_size = image.size
        if may_reduce:
            box = _draft(image, box, orientation, loading)
        if image.mode in _NOTED_CONVERSIONS:
            notes.append(f"{image.mode} converted to RGB")
        pixels = read_pixels(image, data, is_reduced=image.size != full_size)
        profile = image.info.get("icc_profile")
    if loading.depth == 8 and pixels.dtype == np.uint16:
        pixels = to_8_bit(pixels)
    pixels = pack(change_color_mode(pixels, loading.color_mode))
    pixels = _resized(pixels, box, orientation, loading)
    pixels = orientations.turn_upright(pixels, orientation)
    fitting = fitting_profile(profile, pixels.shape[2])
    if profile and fitting is None:
        notes.append("colour profile dropped: it does not fit the pixels")
    return Picture(pixels, fitting, tuple(notes))


def probe(data: bytes, loading: Loading) -> tuple[int, int]:
    """Height and width that `decode` would give, from the header alone.

    A file whose header is whole and whose pixels are not passes here and fails in `decode`.

    Raises:
        SourceError: Stage "decode"; not an image, a broken header, or too many pixels.
    """
    with _opened(data, loading) as image:
        if loading.target_size is not None:
            return loading.target_size[0], loading.target_size[1]
        return _upright_size(image, _orientation(image, data, []))


@contextmanager
def _opened(data: bytes, loading: Loading) -> Iterator[ImageFile.ImageFile]:
    """The image, opened and within the limit; what goes wrong inside becomes a SourceError."""
    name = sniff(data[:HEAD_SIZE])
    if name is None:
        raise SourceError("decode", explain_unknown(data[:HEAD_SIZE]))
    try:
        importlib.import_module(FORMATS[name].plugin)
        open_file, _ = Image.OPEN[name]
        with io.BytesIO(data) as file, open_file(file, "") as image:
            _check_pixels(image, loading)
            yield image
    except BROKEN_FILE as error:
        raise SourceError("decode", explain(name, data, error)) from error


def _check_pixels(image: Image.Image, loading: Loading) -> None:
    width, height = image.size
    if width <= 0 or height <= 0:
        raise SourceError("decode", f"{width} x {height} pixels: there is no picture in it")
    if width * height > loading.max_pixels:
        raise SourceError(
            "decode",
            f"{width} x {height} pixels are more than max_pixels, {loading.max_pixels}: "
            "raise that limit if you trust the file",
        )


def _orientation(image: ImageFile.ImageFile, data: bytes, notes: list[str]) -> int:
    """EXIF's orientation of the pixels as Pillow gives them; 1 if there is none or a bad one."""
    if image.format == "TIFF":
        return orientations.UPRIGHT  # Pillow itself turns these, sizes included
    try:
        # Where PNG's EXIF may still follow the pixels, only a look behind them can tell; else
        # the general reader does, which decodes nothing.
        behind_pixels = image.format == "PNG" and b"eXIf" in data
        exif = image.getexif() if behind_pixels else Image.Image.getexif(image)
        value = exif.get(ExifTags.Base.Orientation, orientations.UPRIGHT)
    except BROKEN_FILE:
        notes.append("unreadable EXIF ignored")
        return orientations.UPRIGHT
    return value if orientations.is_valid(value) else orientations.UPRIGHT


def _upright_size(image: Image.Image, orientation: int) -> tuple[int, int]:
    width, height = image.size
    return (width, height) if orientations.swaps_axes(orientation) else (height, width)


def _note_frames(image: Image.Image, notes: list[str]) -> None:
    frames = getattr(image, "n_frames", 1)
    if frames > 1:
        notes.append(f"first frame of {frames}")


def _region(image: Image.Image, orientation: int, loading: Loading) -> Box:
    """The part of the stored pixels that is kept: all, or the centre of the target's ratio."""
    if loading.target_size is None or not loading.keep_aspect_ratio:
        return Box(0, 0, *image.size)
    height, width = _upright_size(image, orientation)
    crop = center_crop(height, width, *loading.target_size)
    return orientations.to_stored_frame(crop, orientation, height, width)


def _stored_target(orientation: int, loading: Loading) -> tuple[int, int] | None:
    """Height and width to resize the stored pixels to, before they are turned upright."""
    if loading.target_size is None:
        return None
    height, width = loading.target_size
    return (width, height) if orientations.swaps_axes(orientation) else (height, width)


def _draft(image: ImageFile.ImageFile, box: Box, orientation: int, loading: Loading) -> Box:
    """Has a JPEG decoded at 1/2, 1/4 or 1/8, where that still serves the target.

    Returns:
        The region in pixels of the reduced picture. `nearest` takes its pixels from the full one.
    """
    target = _stored_target(orientation, loading)
    if image.format not in {"JPEG", "MPO"} or target is None or loading.interpolation == "nearest":
        return box
    height, width = target
    full_width = image.width
    least = (round(_DRAFT_MARGIN * width), round(_DRAFT_MARGIN * height))
    drafted = image.draft(image.mode, least)
    if drafted is None:
        return box
    scale = full_width / drafted[1][2]
    return Box(*(edge / scale for edge in box))


def _resized(pixels: Pixels, box: Box, orientation: int, loading: Loading) -> Pixels:
    target = _stored_target(orientation, loading)
    height, width = pixels.shape[:2]
    if target is None or (target == (height, width) and box == (0, 0, width, height)):
        return pixels
    return resize(pixels, *target, loading.interpolation, box)


def _check_depth(
    image: ImageFile.ImageFile, data: bytes, loading: Loading, notes: list[str]
) -> None:
    """Colour of more than 8 bits is reduced only where the config allows it."""
    bits = lost_bits(data, image)
    if not bits:
        return
    if loading.depth == 8:
        notes.append(f"{bits}-bit colour reduced to 8 bits")
    elif not is_deep_png(image, data):
        raise SourceError(
            "decode",
            f"{bits}-bit colour, which cannot be read in full from this {image.format}: "
            "set depth: 8 to have it reduced",
        )
