"""Polygons: float64 (n, 2), x and y of each corner in order; the last is joined to the first."""

import math

import numpy as np
from numpy.typing import NDArray

Polygon = NDArray[np.float64]

NOTHING: Polygon = np.empty((0, 2))
"""A polygon of no corners."""
_LEAST_AREA = 1e-9  # square pixels: what is left below it is rounding


def area(polygon: Polygon) -> float:
    """The area of a polygon, by the shoelace formula."""
    if len(polygon) < 3:
        return 0.0
    x, y = (polygon - polygon[0]).T  # near the origin, where differences lose little
    return abs(float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))) / 2


def subdivided(polygon: Polygon, longest: float) -> Polygon:
    """The same polygon with corners added, so that no side is longer than `longest`."""
    following = np.roll(polygon, -1, axis=0)
    pieces = []
    for start, side in zip(polygon, following - polygon, strict=True):
        count = max(1, math.ceil(math.hypot(*side) / longest))
        pieces.append(start + side * (np.arange(count) / count)[:, np.newaxis])
    return np.concatenate(pieces) if pieces else polygon


def cut(polygon: Polygon, a: float, b: float, c: float) -> Polygon:
    """The part of a polygon where a * x + b * y + c >= 0.

    One step of Sutherland and Hodgman's "Reentrant polygon clipping" (1974): a polygon that falls
    apart stays one, its parts joined along the line.
    """
    distance = a * polygon[:, 0] + b * polygon[:, 1] + c
    is_kept = distance >= 0
    if is_kept.all():
        return polygon
    if not is_kept.any():
        return NOTHING
    following, following_distance = np.roll(polygon, -1, axis=0), np.roll(distance, -1)
    crosses = is_kept != np.roll(is_kept, -1)
    span = np.where(crosses, distance - following_distance, 1.0)
    crossing = polygon + (distance / span)[:, np.newaxis] * (following - polygon)
    corners = np.stack([polygon, crossing], axis=1)
    return np.asarray(corners[np.stack([is_kept, crosses], axis=1)])


def clipped(polygon: Polygon, width: float, height: float) -> Polygon:
    """The part of a polygon within 0..width and 0..height; `NOTHING` if it has no area."""
    sides = ((1.0, 0.0, 0.0), (-1.0, 0.0, width), (0.0, 1.0, 0.0), (0.0, -1.0, height))
    for side in sides:
        polygon = cut(polygon, *side)
    if area(polygon) < _LEAST_AREA:
        return NOTHING
    return np.clip(polygon, 0.0, (width, height))


def convex_hull(points: Polygon) -> Polygon:
    """The smallest convex polygon around points, by Andrew's monotone chain (1979)."""
    ordered = sorted({(x, y) for x, y in points.tolist()})
    if len(ordered) < 3:
        return np.array(ordered).reshape(-1, 2)
    chains = [_chain(ordered), _chain(ordered[::-1])]
    return np.array([corner for chain in chains for corner in chain[:-1]])


def _chain(ordered: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The hull from the first point to the last, on one side."""
    chain: list[tuple[float, float]] = []
    for point in ordered:
        while len(chain) >= 2 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(
    start: tuple[float, float], middle: tuple[float, float], end: tuple[float, float]
) -> float:
    """Above 0 where the way over `middle` turns from x towards y."""
    return (middle[0] - start[0]) * (end[1] - start[1]) - (middle[1] - start[1]) * (
        end[0] - start[0]
    )
