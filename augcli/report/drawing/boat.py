"""A sailing boat."""

import math

from augcli.report.drawing.canvas import BLACK, WHITE, Point, mix, overlap
from augcli.report.drawing.light import Setting

_HULL_COLORS = ((128, 52, 40), (240, 238, 232), (36, 66, 104), (240, 236, 226), (48, 96, 88))
_SAIL_COLORS = ((250, 246, 236), (206, 62, 48), (247, 243, 232), (38, 84, 138), (238, 176, 62))
_WOOD = (92, 70, 52)
_RAIL = (228, 206, 168)


def draw_boat(to: Setting, x: float, water: float, length: float) -> None:
    """A boat with its middle at `x`, afloat at y = `water`."""
    deck = water - 0.11 * length
    _draw_hull(to, x, deck, water, length)
    mast, top = x + 0.04 * length, deck - 1.12 * length
    pole = to.canvas.lines([[(mast, deck), (mast, top)]], 0.016 * length)
    to.canvas.paint(pole, to.light.on(_WOOD))
    _draw_sails(to, mast, top, deck - 0.09 * length, (x - 0.46 * length, x + 0.5 * length))


def _draw_hull(to: Setting, x: float, deck: float, water: float, length: float) -> None:
    canvas = to.canvas
    rail: list[Point] = [
        (x - 0.5 * length, deck - 0.02 * length),
        (x - 0.1 * length, deck + 0.01 * length),
        (x + 0.54 * length, deck - 0.05 * length),
    ]
    bottom = [(x + 0.36 * length, water + 0.01), (x - 0.39 * length, water + 0.01)]
    hull = canvas.polygons([rail + bottom])
    to.paint_rounded(hull, _HULL_COLORS[to.variant], x - 0.5 * length, x + 0.5 * length)
    canvas.paint(overlap(hull, canvas.ramp_y(deck, water + 0.02)), BLACK, 0.55)
    canvas.paint(canvas.lines([rail], 0.014 * length), to.light.on(_RAIL))


def _draw_sails(
    to: Setting, mast: float, top: float, boom: float, ends: tuple[float, float]
) -> None:
    """The mainsail towards the left end, the jib towards the right one."""
    canvas, color = to.canvas, _SAIL_COLORS[to.variant]
    left, right = ends
    luff = mast - 0.012
    mainsail = canvas.polygons([_sail((luff, top + 0.03), (luff, boom), (left, boom))])
    to.paint_rounded(mainsail, color, left, mast)
    jib = canvas.polygons([_sail((mast + 0.012, top + 0.12), (mast + 0.02, boom), (right, boom))])
    to.paint_rounded(jib, mix(color, WHITE, 0.35), mast, right)
    step = (top - boom) / 5
    seams = [[(mast, boom + k * step), (left, boom + (k - 0.45) * step)] for k in range(1, 5)]
    canvas.paint(overlap(canvas.lines(seams, 0.004), mainsail), BLACK, 0.22)


def _sail(head: Point, tack: Point, clew: Point) -> list[Point]:
    """A triangle whose edge from clew to head the wind has rounded outwards."""
    leech: list[Point] = []
    for k in range(25):
        share = k / 24
        belly = 0.14 * math.sin(math.pi * share) * (clew[0] - head[0])
        x = clew[0] + (head[0] - clew[0]) * share + belly
        leech.append((x, clew[1] + (head[1] - clew[1]) * share))
    return [tack, *leech]
