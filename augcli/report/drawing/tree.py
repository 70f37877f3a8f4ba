"""A broad tree."""

import math

from PIL import Image

from augcli.report.drawing.canvas import Color, Ellipse, Point, mix
from augcli.report.drawing.light import Setting
from augcli.report.drawing.scenery import draw_shadow

_LEAF_COLORS = ((84, 134, 52), (202, 108, 40), (104, 150, 58), (62, 112, 66), (222, 164, 52))
_BARK = (104, 80, 60)
_BOUGHS = 24
_GOLDEN_ANGLE = 2.4  # radians; spreads points over a disc without gaps, as in a sunflower


def draw_tree(to: Setting, x: float, ground: float, size: float) -> None:
    """A tree that stands at (x, ground) and is `size` high."""
    draw_shadow(to, x, ground, 0.42 * size, 0.16)
    _draw_trunk(to, x, ground, size)
    middle = ground - 0.62 * size
    toward = _direction((x, middle), (to.sun_x, to.light.sun_y - 0.25))
    _draw_crown(to, _boughs(to, x, middle, size), toward)


def _draw_trunk(to: Setting, x: float, ground: float, size: float) -> None:
    canvas = to.canvas
    half, fork = 0.038 * size, ground - 0.36 * size
    outline = [
        (x - 2.1 * half, ground + 0.01),
        (x - half, ground - 0.08 * size),
        (x - 0.7 * half, fork),
        (x + 0.7 * half, fork),
        (x + half, ground - 0.08 * size),
        (x + 2.2 * half, ground + 0.012),
        (x, ground + 0.005),
    ]
    to.paint_rounded(canvas.polygons([outline]), _BARK, x - 1.5 * half, x + 1.5 * half)
    branches = [
        [(x, fork + 0.02), (x + side * to.between(0.1, 0.2) * size, fork - 0.14 * size)]
        for side in (-1, 1)
    ]
    canvas.paint(canvas.lines(branches, 0.9 * half), mix(to.light.on(_BARK), to.light.shadow, 0.3))


def _boughs(to: Setting, x: float, y: float, size: float) -> list[Ellipse]:
    """The clumps of leaves around (x, y) that make a crown, from the top down."""
    boughs: list[Ellipse] = []
    for k in range(_BOUGHS):
        angle, reach = _GOLDEN_ANGLE * k, math.sqrt((k + 0.5) / _BOUGHS)
        radius = size * to.between(0.08, 0.15)
        bough_x = x + 0.36 * size * reach * math.cos(angle) + to.between(-0.02, 0.02)
        bough_y = y + 0.24 * size * reach * math.sin(angle) + to.between(-0.03, 0.03)
        boughs.append((bough_x, bough_y, radius, radius * 0.8))
    return sorted(boughs, key=lambda bough: bough[1])


def _draw_crown(to: Setting, boughs: list[Ellipse], toward: Point) -> None:
    """Leaves, the dark ones first; the lit ones are on the side of each bough that has the sun."""
    bright = to.light.on(_LEAF_COLORS[to.variant])
    dark = mix(bright, to.light.shadow, 0.72)
    layers: list[tuple[Color, float, float, int]] = [
        (dark, 0.0, 0.95, 26),
        (mix(bright, dark, 0.5), 0.25, 0.8, 30),
        (bright, 0.4, 0.65, 26),
        (mix(bright, to.light.sun, 0.5), 0.55, 0.45, 11),
    ]
    to.canvas.paint(_leaves(to, boughs, (0, 0), 1.0, 90), dark)
    for start in range(0, len(boughs), 4):  # a few at a time: the lower boughs are in front
        for color, shift, spread, count in layers:
            offset = (shift * toward[0], shift * toward[1])
            few = _leaves(to, boughs[start : start + 4], offset, spread, count)
            to.canvas.paint(few, color, 0.85)


def _leaves(
    to: Setting, boughs: list[Ellipse], offset: Point, spread: float, count: int
) -> Image.Image:
    """A mask of leaves.

    Args:
        to: What the scene is drawn with.
        boughs: Where they grow.
        offset: How far off the middle of its bough each lot of leaves is, in radii of the bough.
        spread: How far around that they lie, in radii.
        count: Leaves of each bough.
    """
    leaves: list[Ellipse] = []
    for x, y, radius_x, radius_y in boughs:
        for _ in range(count):
            angle, reach = to.between(0, 2 * math.pi), spread * math.sqrt(to.rng.random())
            leaf_x = x + radius_x * (offset[0] + reach * math.cos(angle))
            leaf_y = y + radius_y * (offset[1] + reach * math.sin(angle))
            size = to.between(0.004, 0.01)
            leaves.append((leaf_x, leaf_y, size, size * to.between(0.5, 1)))
    return to.canvas.ellipses(leaves)


def _direction(start: Point, end: Point) -> Point:
    """The unit vector from one point to another."""
    x, y = end[0] - start[0], end[1] - start[1]
    length = math.hypot(x, y)
    return x / length, y / length
