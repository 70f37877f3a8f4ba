"""A hot-air balloon."""

import math
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image

from augcli.report.drawing.canvas import BLACK, WHITE, Point, mix, overlap, without
from augcli.report.drawing.light import Setting

_CLOTH_COLORS = (
    ((214, 54, 44), (246, 206, 72)),
    ((34, 88, 160), (242, 240, 232)),
    ((232, 124, 36), (120, 40, 88)),
    ((36, 140, 128), (244, 214, 120)),
    ((196, 48, 82), (250, 236, 224)),
)
_WICKER = (146, 100, 58)
_ROPE = (60, 52, 46)
_STRIPS = 12
_MOUTH = 1.3  # where the envelope ends below its centre, in radii


@dataclass(frozen=True, slots=True)
class Balloon:
    """Where a balloon is, and how it looks.

    Attributes:
        x: Its middle.
        y: Centre of its envelope.
        radius: Half its width.
        variant: Which of the colours, 0 to 4.
        haze: How much of it hangs before the balloon, 0 to 1.
    """

    x: float
    y: float
    radius: float
    variant: int
    haze: float = 0.0


def draw_balloon(to: Setting, it: Balloon) -> None:
    """A balloon: its basket, its envelope, and the light on it."""
    envelope = to.canvas.polygons([_strip(it, -1, 1)])
    _draw_basket(to, it)
    _draw_cloth(to, it, envelope)
    _draw_shading(to, it, envelope)


def _draw_cloth(to: Setting, it: Balloon, envelope: Image.Image) -> None:
    """Strips of two colours from the top to the mouth, their seams, and a band around them."""
    canvas, radius = to.canvas, it.radius
    colors = [to.light.far(color, it.haze) for color in _CLOTH_COLORS[it.variant]]
    edges = [math.sin(math.pi * (k / _STRIPS - 0.5)) for k in range(_STRIPS + 1)]
    for k, (left, right) in enumerate(pairwise(edges)):
        canvas.paint(canvas.polygons([_strip(it, left, right)]), colors[k % 2])
    band = canvas.rectangle(0, it.y + 0.43 * radius, canvas.right, it.y + 0.57 * radius)
    canvas.paint(overlap(band, envelope), colors[1])
    seams = canvas.lines([_meridian(it, edge) for edge in edges], 0.012 * radius)
    canvas.paint(overlap(seams, envelope), BLACK, 0.25)


def _draw_shading(to: Setting, it: Balloon, envelope: Image.Image) -> None:
    canvas, light, radius = to.canvas, to.light, it.radius
    x, y = it.x + to.sun_side * 0.38 * radius, it.y - 0.35 * radius
    reached = canvas.ellipses([(x, y, 0.75 * radius, 0.8 * radius)])
    unlit = without(envelope, canvas.soften(reached, 0.32 * radius))
    canvas.paint(unlit, light.shadow, (0.35 + 0.5 * light.shade) * (1 - it.haze))
    spot = canvas.ellipses([(x, y, 0.3 * radius, 0.36 * radius)])
    shine = overlap(envelope, canvas.soften(spot, 0.18 * radius))
    canvas.paint(shine, mix(light.sun, WHITE, 0.5), 0.4)


def _draw_basket(to: Setting, it: Balloon) -> None:
    canvas, light, x = to.canvas, to.light, it.x
    mouth, half = it.y + _MOUTH * it.radius, 0.13 * it.radius
    top, bottom = mouth + 2 * half, mouth + 3.5 * half
    ropes = [
        [(x + side * 1.15 * half, mouth - 0.15 * half), (x + side * 0.9 * half, top)]
        for side in (-1, -0.35, 0.35, 1)
    ]
    canvas.paint(canvas.lines(ropes, 0.11 * half), light.far(_ROPE, it.haze))
    outline = [
        (x - half, top),
        (x + half, top),
        (x + 0.85 * half, bottom),
        (x - 0.85 * half, bottom),
    ]
    basket = canvas.polygons([outline])
    canvas.paint(basket, light.far(_WICKER, it.haze))
    rows = [top + (bottom - top) * k / 6 for k in range(1, 6)]
    weave = canvas.lines([[(x - half, y), (x + half, y)] for y in rows], 0.09 * half)
    canvas.paint(overlap(weave, basket), BLACK, 0.3)
    away = canvas.ramp_x(x + to.sun_side * half, x - to.sun_side * half)
    canvas.paint(overlap(basket, away), light.shadow, light.shade)


def _strip(it: Balloon, left: float, right: float) -> list[Point]:
    """The cloth between two meridians."""
    return _meridian(it, left) + _meridian(it, right)[::-1]


def _meridian(it: Balloon, edge: float) -> list[Point]:
    """A line from the top to the mouth; `edge` from -1, the left outline, to 1, the right one."""
    heights = [-1 + (1 + _MOUTH) * k / 48 for k in range(49)]
    return [(it.x + it.radius * edge * _half_width(h), it.y + it.radius * h) for h in heights]


def _half_width(height: float) -> float:
    """Of an envelope of radius 1: a dome down to a little below its centre, then a funnel."""
    widest = 0.2
    if height < widest:
        return math.sqrt(max(0.0, 1 - ((height - widest) / (1 + widest)) ** 2))
    return 1 - 0.84 * math.pow((height - widest) / (_MOUTH - widest), 1.7)
