"""How a map of the plane moves annotated objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from augcli.images.orientation import Box
from augcli.transforms.base import Sample, Size
from augcli.transforms.instances import Bounds, BoxMethod, Instance, bounds, instance_of_box
from augcli.transforms.maps import FieldMap, Fill, Projective, Resized, inverse
from augcli.transforms.polygons import NOTHING, clipped, convex_hull, cut, subdivided
from augcli.transforms.polygons import area as polygon_area

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from augcli.transforms.maps import PlaneMap
    from augcli.transforms.polygons import Polygon

__all__ = [
    "Bounds",
    "BoxMethod",
    "Instance",
    "bounds",
    "instance_of_box",
    "moved_instances",
    "polygon_area",
    "scaled",
]

_PIECE = 4.0  # pixels: where a map bends lines, no side of a polygon is moved in a longer piece
_ROUNDING = 1e-6  # pixels that a keypoint on the image's edge may have come to lie beyond it


def moved_instances(sample: Sample, plane_map: PlaneMap) -> tuple[Instance, ...]:
    """The sample's instances as `plane_map` moves them, cut to its output; in their order.

    An instance is dropped when nothing is left of its outline, or of its segmentation; one that
    has neither, when no keypoint is left. A polygon that the output's edge cuts in two stays one
    polygon, its parts joined along that edge. Where a perspective leads to behind the viewer, an
    outline is measured up to just before the horizon.
    """
    pairs = sample.rules.flip_pairs if plane_map.mirrors else ()
    return _moved(sample.instances, plane_map, pairs)


def scaled(instances: tuple[Instance, ...], crop: Box, size: Size) -> tuple[Instance, ...]:
    """The instances of an image of which `crop` becomes an image of `size`."""
    return _moved(instances, Resized(crop, size), ())


def _moved(
    instances: tuple[Instance, ...], plane_map: PlaneMap, pairs: tuple[tuple[int, int], ...]
) -> tuple[Instance, ...]:
    if not instances:
        return ()
    # All points at once: to look for one in a field takes as long as to look for a thousand.
    points = [list(_points_of(instance, plane_map)) for instance in instances]
    found = iter(_to_output([array for arrays in points for array in arrays], plane_map))
    return tuple(
        placed
        for instance, arrays in zip(instances, points, strict=True)
        if (placed := _placed(instance, [next(found) for _ in arrays], plane_map, pairs))
    )


def _points_of(instance: Instance, plane_map: PlaneMap) -> Iterator[NDArray[np.float64]]:
    """What is to be moved: the outline, every polygon, and the keypoints."""
    for polygon in (instance.outline, *instance.polygons):
        if isinstance(plane_map, FieldMap):
            yield subdivided(polygon, _PIECE)
        elif isinstance(plane_map, Projective) and not plane_map.is_affine:
            yield _before_horizon(polygon, plane_map)
        else:
            yield polygon
    yield NOTHING if instance.keypoints is None else instance.keypoints


def _before_horizon(polygon: Polygon, projective: Projective) -> Polygon:
    """The part of a polygon that is in front of the viewer, half as near as the output begins.

    An input point is shown at the output point o for which its depth, a linear function of it,
    is 1 / (m . o), where m is the matrix' last row: so the largest m . o has the least depth.
    """
    height, width = projective.size
    corners = np.array([(row, column) for row in (0, height) for column in (0, width)]) - 0.5
    m = projective.matrix[2]
    nearest = float((m[0] * corners[:, 0] + m[1] * corners[:, 1] + m[2]).max())
    if nearest <= 0:
        return NOTHING
    by_row, by_column, at_origin = inverse(projective.matrix)[2].tolist()
    return cut(polygon, by_column, by_row, at_origin - 0.5 * (by_row + by_column) - 0.5 / nearest)


def _to_output(
    arrays: Sequence[NDArray[np.float64]], plane_map: PlaneMap
) -> list[NDArray[np.float64]]:
    """Every array of points (n, 2), moved."""
    moved = plane_map.to_output(np.concatenate(arrays))
    return np.split(moved, np.cumsum([len(array) for array in arrays])[:-1])


def _placed(
    instance: Instance,
    points: list[NDArray[np.float64]],
    plane_map: PlaneMap,
    pairs: tuple[tuple[int, int], ...],
) -> Instance | None:
    """The instance where its points have come to, cut; None where nothing is left of it."""
    height, width = plane_map.size
    outline, *polygons = (array[~np.isnan(array).any(axis=1)] for array in points[:-1])
    if isinstance(plane_map, FieldMap):
        outline = convex_hull(outline)
    whole, outline = outline, clipped(outline, width, height)
    polygons = [clipped(polygon, width, height) for polygon in polygons]
    keypoints, visibility = _keypoints(instance, points[-1], plane_map.size, pairs)
    placed = replace(
        instance,
        outline=outline,
        polygons=tuple(polygon for polygon in polygons if polygon.size),
        keypoints=keypoints,
        visibility=visibility,
        visible=instance.visible * _share(outline, whole),
    )
    if not _is_left(placed, instance):
        return None
    if placed.mask is not None:
        placed = replace(placed, mask=_mask(placed.mask, plane_map))
        return placed if bounds(placed) else None
    return placed


def _share(part: Polygon, whole: Polygon) -> float:
    """The area of `part` as a share of that of `whole`; exactly 1 where rounding alone differs."""
    area = polygon_area(whole)
    return min(1.0, round(polygon_area(part) / area, 9)) if area else 1.0


def _is_left(placed: Instance, instance: Instance) -> bool:
    """Whether anything is left by which an instance can be seen, before its mask is looked at."""
    if instance.outline.size and not placed.outline.size:
        return False
    if instance.has_segmentation and not placed.has_segmentation:
        return False
    if instance.outline.size or instance.has_segmentation:
        return True
    return placed.keypoints is not None and not bool(np.isnan(placed.keypoints).all())


def _keypoints(
    instance: Instance,
    moved: NDArray[np.float64],
    size: Size,
    pairs: tuple[tuple[int, int], ...],
) -> tuple[NDArray[np.float64] | None, NDArray[np.int64] | None]:
    """Keypoints and their visibility: those outside are gone, and pairs have changed places."""
    if instance.keypoints is None:
        return None, instance.visibility
    limits = np.array([size.width, size.height])
    is_inside = np.all((moved >= -_ROUNDING) & (moved <= limits + _ROUNDING), axis=1)
    order = _mirrored_order(len(moved), pairs)
    keypoints = np.where(is_inside.reshape(-1, 1), np.clip(moved, 0.0, limits), np.nan)[order]
    if instance.visibility is None:
        return keypoints, None
    return keypoints, np.where(is_inside, instance.visibility, 0)[order]


def _mirrored_order(count: int, pairs: tuple[tuple[int, int], ...]) -> NDArray[np.intp]:
    """For each keypoint, the one that takes its place."""
    order = np.arange(count)
    for one, other in pairs:
        if max(one, other) < count:  # an object of another class may have fewer
            order[[one, other]] = order[[other, one]]
    return order


def _mask(mask: NDArray[np.uint8], plane_map: PlaneMap) -> NDArray[np.uint8]:
    """A mask of one object, moved: what comes in from outside is none of it."""
    from augcli.transforms.sampling import sampled_ids  # noqa: PLC0415  loads numba

    return sampled_ids(mask, plane_map, Fill("constant", 0.0, 0)).astype(np.uint8, copy=False)
