"""Masks, boxes, polygons and keypoints, drawn over a picture."""

import colorsys
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from augcli.annotations.masks import Ids, Mask, MaskForm, read_mask
from augcli.annotations.objects import placed_objects
from augcli.annotations.placed import PlacedObject
from augcli.annotations.rle import decompress
from augcli.annotations.rle_masks import mask_of
from augcli.datasets.targets import LoadedTargets
from augcli.pipeline.rendering import Rendered
from augcli.transforms.base import Size

Color = tuple[int, int, int]
Colors = NDArray[np.uint8]

_TINT = 0.45  # share of a mask's colour in what is seen
_GOLDEN_TURN = 0.618034  # hues that are so far apart stay apart, however many there are
_NO_LIMIT = 2**40
_LINE, _DOT, _TEXT = 1 / 240, 1 / 160, 1 / 36  # of a picture's longer side
_SMALLEST_TEXT = 7  # pixels; smaller names are left out


@dataclass(frozen=True, slots=True)
class Marks:
    """What belongs to a picture, in pixels of the picture before it was reduced.

    Attributes:
        size: Height and width of that.
        mask: None without a mask.
        objects: The annotated objects.
    """

    size: Size
    mask: Mask | None
    objects: Sequence[PlacedObject] = ()


def marks_of_source(targets: LoadedTargets, size: Size) -> Marks:
    """Mask and objects of a source of `size`."""
    annotations = targets.annotations
    if annotations is None:
        return Marks(size, targets.mask)
    return Marks(
        size, targets.mask, placed_objects(annotations.instances, annotations.labels, size)
    )


def marks_of_copy(rendered: Rendered) -> Marks:
    """Mask and objects of a copy, the mask as it is read back from its file."""
    mask = None if rendered.mask is None else read_mask(rendered.mask, _NO_LIMIT)
    return Marks(rendered.size, mask, rendered.objects or ())


def overlaid(picture: Image.Image, marks: Marks) -> Image.Image:
    """The picture as RGB or RGBA, with all that belongs to it drawn over it.

    Masks are tints with an outline, of a palette's own colours where there is one; id 0 is left
    as it is. Objects have a colour and a name by their class.
    """
    if marks.mask is not None:
        ids = _reduced(marks.mask.ids, picture.size)
        picture = _tinted(picture, _mask_colors(ids, marks.mask.form), np.any(ids != 0, axis=2))
    for placed in marks.objects:
        color = _color_of(str(placed["label"]))
        if "rle" in placed:
            pixels = _pixels_of(placed, marks.size)
            where = _reduced(pixels, picture.size)[..., 0].astype(bool)
            picture = _tinted(picture, np.full((*where.shape, 3), color, np.uint8), where)
    _draw_objects(picture, marks)
    return picture


def _reduced(ids: Ids, size: tuple[int, int]) -> Ids:
    """The ids (height, width, channels) of each pixel of a picture of `size`, width and height."""
    width, height = size
    rows = np.arange(height) * ids.shape[0] // height
    columns = np.arange(width) * ids.shape[1] // width
    reduced: Ids = ids[rows[:, np.newaxis], columns]
    return reduced


def _mask_colors(ids: Ids, form: MaskForm) -> Colors:
    """A colour (height, width, 3) for every id."""
    if ids.shape[2] >= 3:  # the ids are colours themselves
        return (ids[..., :3] >> (8 if form.mode.endswith("16") else 0)).astype(np.uint8)
    numbers, places = np.unique(ids[..., 0], return_inverse=True)
    table = np.array([_color_of_id(int(number), form) for number in numbers], np.uint8)
    return table[places.reshape(ids.shape[:2])]


def _color_of_id(number: int, form: MaskForm) -> Color:
    if form.palette is not None and 3 * number + 2 < len(form.palette):
        red, green, blue = form.palette[3 * number : 3 * number + 3]
        return red, green, blue
    return _of_hue(number * _GOLDEN_TURN % 1)


def _color_of(label: str) -> Color:
    return _of_hue(hashlib.sha256(label.encode("utf-8", "surrogateescape")).digest()[0] / 256)


def _of_hue(hue: float) -> Color:
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.85, 0.95)
    return round(255 * red), round(255 * green), round(255 * blue)


def _tinted(picture: Image.Image, colors: Colors, where: NDArray[np.bool_]) -> Image.Image:
    """The picture with colours laid over it, and full where one borders on another."""
    pixels = np.array(picture)
    border = np.zeros_like(where)
    border[:, 1:] |= (colors[:, 1:] != colors[:, :-1]).any(axis=2) | (where[:, 1:] != where[:, :-1])
    border[1:] |= (colors[1:] != colors[:-1]).any(axis=2) | (where[1:] != where[:-1])
    mixed = (1 - _TINT) * pixels[..., :3] + _TINT * colors
    pixels[..., :3] = np.where(where[..., np.newaxis], mixed.round(), pixels[..., :3])
    pixels[..., :3] = np.where((where & border)[..., np.newaxis], colors, pixels[..., :3])
    return Image.fromarray(pixels)


def _pixels_of(placed: PlacedObject, size: Size) -> NDArray[np.uint8]:
    return mask_of(decompress(placed["rle"]["counts"]), *size)[..., np.newaxis]


def _draw_objects(picture: Image.Image, marks: Marks) -> None:
    draw = ImageDraw.Draw(picture)
    scale = (picture.width / marks.size.width, picture.height / marks.size.height)
    longest = max(picture.size)
    width, dot = max(1, round(longest * _LINE)), max(1, round(longest * _DOT))
    for placed in marks.objects:
        color = _color_of(str(placed["label"]))
        for polygon in placed.get("polygons", ()):
            points = _points(polygon, scale)
            draw.line([*points, points[0]], color, width)
        if "box" in placed:
            corners = _points(placed["box"], scale)
            draw.rectangle(corners, outline=color, width=width)
            _draw_name(draw, str(placed["label"]), corners[0], color, round(longest * _TEXT))
        triples = placed.get("keypoints", [])
        for start in range(0, len(triples), 3):
            x, y, seen = triples[start : start + 3]
            if seen:
                [(x, y)] = _points([x, y], scale)
                place = (x - dot, y - dot, x + dot, y + dot)
                draw.ellipse(place, color if seen == 2 else None, outline=color)


def _points(coordinates: Sequence[float], scale: tuple[float, float]) -> list[tuple[float, float]]:
    """Points of x, y, x, y, ..., in pixels of the reduced picture."""
    pairs = zip(coordinates[::2], coordinates[1::2], strict=True)
    return [(x * scale[0], y * scale[1]) for x, y in pairs]


def _draw_name(
    draw: ImageDraw.ImageDraw, text: str, corner: tuple[float, float], color: Color, size: int
) -> None:
    """A name on a plate of its colour, in the corner of the box."""
    if size < _SMALLEST_TEXT:
        return
    x, y = corner
    margin = size // 4
    place = (x + margin, y + margin)
    right, bottom = draw.textbbox(place, text, font_size=size)[2:]
    draw.rectangle((x, y, right + margin, bottom + margin), color)
    is_light = 0.3 * color[0] + 0.6 * color[1] + 0.1 * color[2] > 140  # ITU-R BT.601, about
    draw.text(place, text, "black" if is_light else "white", font_size=size)
