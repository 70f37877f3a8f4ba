"""Pixels of images and masks, read where a map says.

Imported where pixels are at hand and not before: numba takes long to load.

| map                     | 8-bit, order 0-1  | uint16, float32, order 1 | any other           |
|-------------------------|-------------------|--------------------------|---------------------|
| by whole pixels         | copied            | copied                   | copied              |
| affine                  | `kernels.warp`    | `kernels.warp`           | SciPy, in float64   |
| perspective, field      | `kernels.plane`   | SciPy, in float64        | SciPy, in float64   |
| resized                 | Pillow, and `kernels.resizing` for bilinear of 8 bits without alpha |

Order 0 is the kernels' for every dtype.
"""

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from augcli.images.pixels import to_levels
from augcli.images.resize import resize
from augcli.kernels import packed
from augcli.kernels.flips import copy_mirrored
from augcli.kernels.plane import FARTHEST, fill_word, rounded, warp_field, warp_projective
from augcli.kernels.resizing import resize_bilinear
from augcli.kernels.warp import warp_affine
from augcli.transforms.base import Sample, Size
from augcli.transforms.geometry import SplineOrder
from augcli.transforms.maps import FieldMap, Fill, PlaneMap, Projective, Resized
from augcli.transforms.resample import SCIPY_MODES


def sampled_image(sample: Sample, plane_map: PlaneMap, fill: Fill) -> NDArray[Any]:
    """The sample's image as `plane_map` shows it, in its own dtype, 8-bit packed.

    Integers are rounded half up and keep within the sample's levels. Splines and filters
    overshoot, so floats from 0 to 1 are cut to these: they are black and white to the tonal
    transforms, which refuse floats beyond. Other floats are not cut.
    """
    image = sample.image
    if isinstance(plane_map, Resized) and plane_map.is_crop:
        plane_map = plane_map.centers
    if isinstance(plane_map, Resized):
        return _within_unit(_resized(image, plane_map), image)
    whole = _moved_by_whole_pixels(image, plane_map, fill)
    if whole is not None:
        return whole
    if fill.order == 0:
        return _nearest(image, plane_map, fill)
    if fill.order == 1 and _has_linear_kernel(image, plane_map):
        return _by_kernel(image, plane_map, fill)
    values = _splined(image, plane_map, fill)
    if np.issubdtype(image.dtype, np.floating):
        floats = values.astype(image.dtype)
        is_level_beyond = fill.fill_mode == "constant" and not 0 <= fill.cval <= 1
        return floats if is_level_beyond else _within_unit(floats, image)
    levels = sample.levels or _range_of(image.dtype)
    out = _blank(image, plane_map.size)
    out[...] = to_levels(values, levels, cast(type[np.integer], image.dtype.type))
    return out


def _within_unit(values: NDArray[Any], source: NDArray[Any]) -> NDArray[Any]:
    """Floats cut to 0 to 1 if all of `source` is within; integers as they are."""
    is_unit = source.dtype.kind == "f" and source.min() >= 0 and source.max() <= 1
    return np.clip(values, 0, 1) if is_unit else values


def sampled_mask(sample: Sample, plane_map: PlaneMap, fill: Fill) -> NDArray[Any]:
    """The sample's mask as `plane_map` shows it: ids are never mixed.

    Outside it goes on by `fill`, but for "constant", whose level is no id: there, it is 0. Where
    the sample's rules have a `mask_fill`, that is what is outside.
    """
    if sample.mask is None:
        raise ValueError("expected a sample with a mask")
    constant = sample.rules.mask_fill
    if constant is None:
        mask_fill = Fill(fill.fill_mode, 0.0, 0)
    else:
        mask_fill = Fill("constant", float(constant), 0)
    return sampled_ids(sample.mask, plane_map, mask_fill)


def sampled_ids(ids: NDArray[Any], plane_map: PlaneMap, fill: Fill) -> NDArray[Any]:
    """Integers (height, width, channels) of any dtype as `plane_map` shows them, never mixed.

    Args:
        ids: One id a pixel and channel.
        plane_map: From output to input.
        fill: What is shown outside of the input; its order is not looked at.
    """
    if isinstance(plane_map, Resized):
        plane_map, fill = plane_map.centers, Fill("nearest")
    whole = _moved_by_whole_pixels(ids, plane_map, fill)
    return _nearest(ids, plane_map, fill) if whole is None else whole


def _resized(image: NDArray[Any], plane_map: Resized) -> NDArray[Any]:
    """The part resized: colours weighed by their alpha, where there is one."""
    is_plain_8_bit = image.dtype == np.uint8 and image.shape[2] in {1, 3}
    if is_plain_8_bit and plane_map.interpolation == "bilinear":
        return resize_bilinear(image, *plane_map.size, plane_map.box)
    return resize(image, *plane_map.size, plane_map.interpolation, plane_map.box)


def _range_of(dtype: np.dtype[Any]) -> tuple[int, int]:
    info = np.iinfo(dtype)
    return int(info.min), int(info.max)


def _moved_by_whole_pixels(
    pixels: NDArray[Any], plane_map: PlaneMap, fill: Fill
) -> NDArray[Any] | None:
    """The pixels copied to where they belong; None where they would have to be interpolated."""
    if not isinstance(plane_map, Projective) or not plane_map.is_affine:
        return None
    matrix, size = plane_map.matrix, plane_map.size
    if not np.array_equal(matrix, np.rint(matrix)):
        return None
    if size == pixels.shape[:2] and np.array_equal(matrix, np.eye(3)):
        return pixels
    copied = _copied(pixels, matrix.astype(np.int64).tolist(), size, fill)
    return _nearest(pixels, plane_map, fill) if copied is None else copied


def _copied(
    pixels: NDArray[Any], matrix: list[list[int]], size: Size, fill: Fill
) -> NDArray[Any] | None:
    """A part of the image, mirrored and turned by slices; None where slices cannot say it.

    Beyond the image they can say constant levels only.
    """
    (a, b, row), (c, d, column), _ = matrix
    source = _words(pixels)
    if a == d == 0:  # rows and columns change places
        a, b, c, d, row, column = c, d, a, b, column, row
        source = source.swapaxes(0, 1)
    if abs(a) != 1 or abs(d) != 1 or b != 0 or c != 0:
        return None
    rows, seen_rows = _overlap(row, a, size.height, source.shape[0])
    columns, seen_columns = _overlap(column, d, size.width, source.shape[1])
    is_covered = (rows, columns) == (slice(0, size.height), slice(0, size.width))
    if not is_covered and fill.fill_mode != "constant":
        return None
    moved = _blank(pixels, size)
    target = _words(moved)
    if not is_covered:
        target[...] = _constant(pixels, fill.cval)
    if is_covered and d == -1 and _has_words(pixels) and source.flags.c_contiguous:
        copy_mirrored(source, row, a, column, target)
    else:
        target[rows, columns] = source[seen_rows, seen_columns]
    return moved


def _overlap(start: int, step: int, count: int, length: int) -> tuple[slice, slice]:
    """Where `count` places, which show start, start + step, ..., show something within `length`.

    Args:
        start: What the first place shows.
        step: 1 or -1.
        count: How many places there are.
        length: What there is to show: 0 to length - 1.

    Returns:
        The places that show something, and what they show.
    """
    first, stop = (-start, length - start) if step == 1 else (start - length + 1, start + 1)
    first, stop = max(first, 0), min(stop, count)
    if stop <= first:
        return slice(0, 0), slice(0, 0)
    end = start + step * stop
    return slice(first, stop), slice(start + step * first, end if end >= 0 else None, step)


def _has_words(pixels: NDArray[Any]) -> bool:
    return pixels.dtype == np.uint8 and pixels.shape[2] <= 4


def _words(pixels: NDArray[Any]) -> NDArray[Any]:
    """What can be moved as one: packed 8-bit pixels (height, width), others as they are."""
    return packed.as_words(pixels) if _has_words(pixels) else pixels


def _constant(pixels: NDArray[Any], cval: float) -> np.generic:
    """What `_words` of the same kind of pixels hold where all levels are `cval`."""
    return fill_word(cval, pixels.shape[2]) if _has_words(pixels) else rounded(cval, pixels.dtype)


def _blank(pixels: NDArray[Any], size: Size) -> NDArray[Any]:
    """Room for the same kind of pixels, 8 bits packed."""
    channels = pixels.shape[2]
    return (
        packed.empty(*size, channels)
        if _has_words(pixels)
        else np.empty((*size, channels), pixels.dtype)
    )


def _has_linear_kernel(image: NDArray[Any], plane_map: PlaneMap) -> bool:
    """Whether a kernel can do order 1."""
    is_affine = isinstance(plane_map, Projective) and plane_map.is_affine
    return image.dtype == np.uint8 or (is_affine and image.dtype in (np.uint16, np.float32))


def _nearest(pixels: NDArray[Any], plane_map: PlaneMap, fill: Fill) -> NDArray[Any]:
    return _by_kernel(pixels, plane_map, Fill(fill.fill_mode, fill.cval, 0))


def _by_kernel(pixels: NDArray[Any], plane_map: PlaneMap, fill: Fill) -> NDArray[Any]:
    """Order 0, or an order 1 that there is a kernel for."""
    if isinstance(plane_map, FieldMap):
        return warp_field(
            pixels,
            plane_map.rows,
            plane_map.columns,
            order=fill.order,
            fill_mode=fill.fill_mode,
            cval=fill.cval,
        )
    projective = cast(Projective, plane_map)
    if not projective.is_affine:
        return warp_projective(
            pixels,
            projective.matrix,
            out_shape=projective.size,
            order=fill.order,
            fill_mode=fill.fill_mode,
            cval=fill.cval,
        )
    return warp_affine(
        pixels,
        projective.matrix[:2, :2],
        projective.matrix[:2, 2],
        out_shape=projective.size,
        order=fill.order,
        fill_mode=fill.fill_mode,
        cval=fill.cval,
    )


def _splined(image: NDArray[Any], plane_map: PlaneMap, fill: Fill) -> NDArray[np.float64]:
    """The image by SciPy's splines, a channel at a time, in float64 and not rounded."""
    from scipy import ndimage  # noqa: PLC0415  takes long to load, and most runs need none of it

    coordinates = _coordinates(plane_map)
    planes = [
        ndimage.map_coordinates(
            image[..., channel].astype(np.float64),
            coordinates,
            order=cast(SplineOrder, fill.order),
            mode=SCIPY_MODES[fill.fill_mode],
            cval=fill.cval,
        )
        for channel in range(image.shape[2])
    ]
    return np.stack(planes, axis=-1)


def _coordinates(plane_map: PlaneMap) -> NDArray[np.float64]:
    """Input row and column of every output pixel, (2, height, width)."""
    if isinstance(plane_map, FieldMap):
        return np.stack([plane_map.rows, plane_map.columns]).astype(np.float64)
    projective = cast(Projective, plane_map)
    row, column = np.ogrid[: projective.size.height, : projective.size.width]
    y, x, depth = (a * row + b * column + c for a, b, c in projective.matrix)
    depth = np.maximum(depth, FARTHEST)
    coordinates: NDArray[np.float64] = np.stack([y / depth, x / depth])
    return coordinates
