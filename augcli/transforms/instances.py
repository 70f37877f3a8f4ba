"""Annotated objects: boxes, polygons, masks and keypoints.

Coordinates are x and y, from the image's upper left corner: the first pixel's centre is (0.5, 0.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BoxMethod = Literal["corners", "ellipse"]

_ELLIPSE_POINTS = 64  # turned by any angle, their bounds are a thousandth too small at most


@dataclass(frozen=True, slots=True)
class Instance:
    """One annotated object of an image.

    Attributes:
        index: Its place among the annotations of the source, which is how what is not geometry
            (its class, unknown fields) is found again.
        outline: What the box is taken from: float64 (n, 2), x and y of a convex polygon. It
            starts as the box, and is moved and cut with the image; of no points without a box.
        polygons: The segmentation, each float64 (n, 2).
        mask: The segmentation as pixels, uint8 (height, width, 1), 0 or 1; None without one.
        keypoints: float64 (k, 2); NaN where not annotated, or no longer in the image.
        visibility: int64 (k,), COCO's 0 (not there), 1 (hidden), 2 (visible).
        visible: Share of the outline's area that is still in the image.
    """

    index: int
    outline: NDArray[np.float64]
    polygons: tuple[NDArray[np.float64], ...] = ()
    mask: NDArray[np.uint8] | None = None
    keypoints: NDArray[np.float64] | None = None
    visibility: NDArray[np.int64] | None = None
    visible: float = 1.0

    @property
    def has_segmentation(self) -> bool:
        """Whether it is known which pixels are the object's."""
        return bool(self.polygons) or self.mask is not None


class Bounds(NamedTuple):
    """The smallest box, with sides along the axes, that holds something."""

    x_min: float
    y_min: float
    x_max: float
    y_max: float


def instance_of_box(  # noqa: PLR0917  a box is four numbers
    index: int, x_min: float, y_min: float, x_max: float, y_max: float, method: BoxMethod
) -> Instance:
    """An object of which a box is known.

    Args:
        index: Its place among the annotations.
        x_min: Left side.
        y_min: Upper side.
        x_max: Right side.
        y_max: Lower side.
        method: What stands for the object: "corners", the whole box, so that no part of it is
            ever outside of the new box, which a rotation makes larger; or "ellipse", the one
            inscribed in the box, which keeps boxes tighter and fits most objects.
    """
    low, high = np.array([x_min, y_min]), np.array([x_max, y_max])
    if method == "corners":
        directions = np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)])
    else:
        angles = np.arange(_ELLIPSE_POINTS) * (2 * np.pi / _ELLIPSE_POINTS)
        circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        directions = circle.round(12)  # so that the box's sides are met, on every CPU
    share = (1 + directions) / 2
    return Instance(index, np.clip(low * (1 - share) + high * share, low, high))


def bounds(instance: Instance) -> Bounds | None:
    """The object's box: that of its mask if it has one, else of its polygons, else of its outline.

    None if there is nothing of these.
    """
    if instance.mask is not None:
        return _bounds_of_mask(instance.mask)
    points = np.concatenate(instance.polygons or (instance.outline,))
    if not points.size:
        return None
    return Bounds(*points.min(axis=0).tolist(), *points.max(axis=0).tolist())


def _bounds_of_mask(mask: NDArray[np.uint8]) -> Bounds | None:
    rows = np.flatnonzero(mask.any(axis=(1, 2)))
    if not rows.size:
        return None
    columns = np.flatnonzero(mask.any(axis=(0, 2)))
    return Bounds(float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))
