"""What is around the things: sky, hills, grass, water."""

import math

from augcli.report.drawing.canvas import BLACK, WHITE, Color, Ellipse, Point, mix, overlap
from augcli.report.drawing.light import Setting

_GRASS_COLORS = ((96, 132, 52), (70, 108, 42), (140, 164, 78), (48, 80, 34))


def draw_sky(to: Setting, horizon: float) -> None:
    """The sky down to y = `horizon`, with the sun and a few clouds."""
    light, canvas = to.light, to.canvas
    middle = mix(light.zenith, light.horizon, 0.45)
    canvas.fill([(0, light.zenith), (horizon * 0.6, middle), (horizon, light.horizon)])
    for radius, opacity in ((0.5, 0.5), (0.2, 0.6), (0.07, 0.9)):
        halo = canvas.ellipses([(to.sun_x, light.sun_y, radius, radius * 0.8)])
        color = mix(light.sun, WHITE, 0.5 - radius / 2)
        canvas.paint(canvas.soften(halo, radius * 0.45), color, opacity * light.glow)
    for _ in range(5):
        _draw_cloud(to, to.across(-0.1, 1.1), horizon * to.between(0.1, 0.75))


def _draw_cloud(to: Setting, x: float, y: float) -> None:
    """A flat-bottomed heap of soft puffs, smaller towards the horizon."""
    light, canvas = to.light, to.canvas
    size = 0.05 + 0.14 * max(0.0, 0.5 - y)
    puffs: list[Ellipse] = []
    for _ in range(16):
        off = to.between(-1, 1)
        radius = size * to.between(0.25, 0.55) * (1.1 - abs(off))
        puffs.append((x + off * size * 2.6, y - radius * 0.5, radius * 1.7, radius * 0.8))
    body = canvas.soften(canvas.ellipses(puffs), 0.016)
    canvas.paint(body, mix(light.zenith, light.horizon, 0.6), 0.5)
    tops = [(px, py - ry * 0.35, rx * 0.85, ry * 0.6) for px, py, rx, ry in puffs]
    sunlit = canvas.soften(canvas.ellipses(tops), 0.014)
    canvas.paint(sunlit, mix(light.sun, WHITE, 0.45), 0.62)


def draw_hills(to: Setting, base: float, height: float, color: Color, haze: float) -> None:
    """A range of hills.

    Args:
        to: What the scene is drawn with.
        base: The y of their foot.
        height: How high they rise.
        color: What grows on them.
        haze: How much of it hangs before them, 0 to 1.
    """
    canvas, light = to.canvas, to.light
    waves = [(to.between(1.6, 3.2) * 2**k, to.between(0, 2 * math.pi), 0.5**k) for k in range(4)]

    def ridge(x: float) -> float:
        rise = sum(size * math.sin(often * x + start) for often, start, size in waves)
        return base - height * (0.5 + 0.27 * rise)

    outline = [(x, ridge(x)) for x in _steps(0, canvas.right, 160)]
    hills = canvas.polygons([[(0, 1.01), *outline, (canvas.right, 1.01)]])
    canvas.paint(hills, light.far(color, haze))
    mist = overlap(hills, canvas.ramp_y(base - height, base + 0.05))
    canvas.paint(mist, light.horizon, 0.4 * haze)


def draw_meadow(to: Setting, top: float, bend: float) -> None:
    """Grass land up to y = `top` in the middle, and `bend` less at the sides."""
    canvas, light = to.canvas, to.light
    edge = [(x, top + bend * (2 * x / canvas.right - 1) ** 2) for x in _steps(0, canvas.right, 80)]
    land = canvas.polygons([[(0, 1.01), *edge, (canvas.right, 1.01)]])
    canvas.paint(land, light.far((128, 160, 74), 0.12))
    canvas.paint(overlap(land, canvas.ramp_y(top, 1.05)), light.on((58, 92, 38)), 0.9)


def draw_grass(to: Setting, top: float) -> None:
    """Blades of grass from y = `top` down, longer towards the viewer."""
    for color in _GRASS_COLORS:
        blades: list[list[Point]] = []
        for _ in range(420):
            depth = to.rng.random() ** 1.4
            x, y = to.across(0, 1), top + 0.03 + (1.02 - top) * depth
            length = 0.008 + 0.035 * depth
            blades.append([(x, y), (x + to.between(-0.4, 0.4) * length, y - length)])
        to.canvas.paint(to.canvas.lines(blades, 0.003), to.light.on(color), 0.55)


def draw_shadow(to: Setting, x: float, y: float, radius: float, flatness: float) -> None:
    """What a thing at (x, y) casts on the ground, away from the sun."""
    away = -to.sun_side * radius * 0.5
    spot = to.canvas.ellipses([(x + away, y, radius * 1.25, radius * flatness)])
    to.canvas.paint(to.canvas.soften(spot, 0.02), BLACK, to.light.shade * 0.85)


def draw_water(to: Setting, level: float) -> None:
    """Makes all below y = `level` a rippled mirror of what is above."""
    canvas, light = to.canvas, to.light
    canvas.reflect(level, _ripple)
    deep = mix(mix(light.zenith, (20, 70, 88), 0.5), BLACK, 0.15 + light.dim)
    water = canvas.rectangle(0, level, canvas.right, 1)
    canvas.paint(water, deep, 0.22)
    canvas.paint(overlap(water, canvas.ramp_y(level, 1.1)), deep, 0.75)
    _draw_wavelets(to, level, mix(light.horizon, WHITE, 0.3), 0.34)
    _draw_wavelets(to, level, deep, 0.4)
    _draw_glitter(to, level)


def _ripple(depth: float) -> float:
    """Waves that grow longer and higher towards the viewer."""
    return (0.002 + 0.03 * depth) * math.sin(depth * 327 / (1 + 3.6 * depth))


def _draw_wavelets(to: Setting, level: float, color: Color, opacity: float) -> None:
    canvas = to.canvas
    wavelets: list[Ellipse] = []
    for _ in range(150):
        depth = to.rng.random() ** 1.6
        y = level + 0.01 + (1 - level) * depth
        length = to.between(0.015, 0.05) * (0.5 + 2 * depth)
        wavelets.append((to.across(-0.1, 1.1), y, length, 0.0012 + 0.0035 * depth))
    canvas.paint(canvas.soften(canvas.ellipses(wavelets), 0.0018), color, opacity)


def _draw_glitter(to: Setting, level: float) -> None:
    """The sun on the water."""
    canvas, light = to.canvas, to.light
    sparks: list[Ellipse] = []
    for _ in range(90):
        depth = to.rng.random()
        spread = 0.03 + 0.1 * depth
        x, y = to.sun_x + to.between(-spread, spread), level + 0.012 + (0.98 - level) * depth
        sparks.append((x, y, 0.006 + 0.018 * depth, 0.003))
    glitter = canvas.soften(canvas.ellipses(sparks), 0.002)
    canvas.paint(glitter, mix(light.sun, WHITE, 0.4), light.glow)


def _steps(start: float, end: float, count: int) -> list[float]:
    """`count` + 1 numbers from `start` to `end`."""
    return [start + (end - start) * k / count for k in range(count + 1)]
