"""A house, seen from a corner: its gable on the left, its long wall on the right."""

from dataclasses import dataclass

from augcli.report.drawing.canvas import BLACK, Color, Point, mix, overlap
from augcli.report.drawing.light import Light, Setting
from augcli.report.drawing.scenery import draw_shadow

_WALL_COLORS = ((238, 226, 204), (196, 86, 66), (226, 196, 132), (224, 230, 234), (150, 182, 196))
_ROOF_COLORS = ((158, 72, 52), (84, 82, 90), (140, 62, 50), (116, 60, 52), (74, 74, 84))
_FRAME = (246, 244, 238)
_DOOR = (104, 66, 44)
_BRICK = (150, 92, 74)
_LAMP = (255, 206, 118)


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where the parts of a house are: x of the upright lines, y of the level ones."""

    size: float
    left: float
    middle: float  # of the gable, below the end of the ridge
    corner: float
    right: float
    ridge: float
    eaves: float
    ground: float


def draw_house(to: Setting, x: float, ground: float, size: float) -> None:
    """A house about 2 `size` wide, its front corner a little right of `x`, on y = `ground`."""
    left, corner = x - 0.55 * size, x + 0.2 * size
    plan = _Plan(
        size=size,
        left=left,
        middle=(left + corner) / 2,
        corner=corner,
        right=x + 1.35 * size,
        ridge=ground - 1.22 * size,
        eaves=ground - 0.62 * size,
        ground=ground,
    )
    draw_shadow(to, (plan.left + plan.right) / 2, ground, size, 0.12)
    _draw_walls(to, plan)
    _draw_chimney(to, plan)
    _draw_roof(to, plan)
    _draw_openings(to, plan)


def _draw_walls(to: Setting, plan: _Plan) -> None:
    canvas, light, size = to.canvas, to.light, plan.size
    gable = canvas.polygons(
        [
            [
                (plan.left, plan.ground - 0.03 * size),
                (plan.left, plan.eaves),
                (plan.middle, plan.ridge),
                (plan.corner, plan.eaves),
                (plan.corner, plan.ground),
            ]
        ]
    )
    front = canvas.polygons(
        [
            [
                (plan.corner, plan.ground),
                (plan.corner, plan.eaves),
                (plan.right, plan.eaves),
                (plan.right, plan.ground - 0.05 * size),  # further off, so a little higher
            ]
        ]
    )
    for wall in (gable, front):
        canvas.paint(wall, light.on(_WALL_COLORS[to.variant]))
        near_ground = canvas.ramp_y(plan.eaves + 0.3 * size, plan.ground)
        canvas.paint(overlap(wall, near_ground), light.shadow, 0.22)
    canvas.paint(front if to.sun_side < 0 else gable, light.shadow, light.shade * 0.55)
    below_eaves = canvas.ramp_y(plan.eaves + 0.12 * size, plan.eaves - 0.05 * size)
    canvas.paint(overlap(front, below_eaves), light.shadow, 0.3)


def _draw_chimney(to: Setting, plan: _Plan) -> None:
    left, right = plan.middle + 0.75 * plan.size, plan.middle + 0.88 * plan.size
    top, bottom = plan.ridge - 0.2 * plan.size, plan.ridge + 0.1 * plan.size
    to.paint_rounded(to.canvas.rectangle(left, top, right, bottom), _BRICK, left, right)


def _draw_roof(to: Setting, plan: _Plan) -> None:
    canvas, light, size = to.canvas, to.light, plan.size
    color = light.on(_ROOF_COLORS[to.variant])
    top, bottom = plan.ridge - 0.02 * size, plan.eaves + 0.07 * size
    end = plan.right + 0.07 * size
    slope = [
        (plan.middle - 0.02 * size, top),
        (plan.right - 0.34 * size, top),
        (end, bottom),
        (plan.corner + 0.03 * size, bottom),
    ]
    roof = canvas.polygons([slope])
    canvas.paint(roof, color)
    canvas.paint(roof, light.sun if to.sun_side > 0 else light.shadow, 0.18)
    rows = [top + (bottom - top) * k / 9 for k in range(1, 9)]
    tiles = canvas.lines([[(plan.left, y), (end, y)] for y in rows], 0.004)
    canvas.paint(overlap(tiles, roof), BLACK, 0.28)
    canvas.paint(overlap(roof, canvas.ramp_y(plan.eaves, plan.ridge)), light.sun, 0.16)
    verge: list[Point] = [
        (plan.left - 0.07 * size, plan.eaves + 0.09 * size),
        (plan.middle, top),
        (plan.corner + 0.04 * size, plan.eaves + 0.08 * size),
    ]
    canvas.paint(canvas.lines([verge], 0.035 * size), mix(color, BLACK, 0.35))


def _draw_openings(to: Setting, plan: _Plan) -> None:
    size = plan.size
    width, height, lintel = 0.17 * size, 0.24 * size, plan.eaves + 0.17 * size
    for k in range(3):
        _draw_window(to, plan.corner + (0.16 + 0.34 * k) * size, lintel, width, height)
    _draw_window(to, plan.left + 0.1 * size, lintel, width, height)
    _draw_window(to, plan.middle - width / 2, plan.eaves - 0.22 * size, width, 0.2 * size)
    _draw_door(to, plan.corner - 0.28 * size, plan.ground - 0.01 * size, 0.18 * size, 0.4 * size)


def _draw_window(to: Setting, x: float, y: float, width: float, height: float) -> None:
    canvas, light = to.canvas, to.light
    pane, sheen = _glass_colors(light)
    if _is_evening(light):
        halo = canvas.ellipses([(x + width / 2, y + height / 2, width, height)])
        canvas.paint(canvas.soften(halo, 0.03), _LAMP, 0.35)
    edge = 0.12 * width
    frame = canvas.rectangle(x - edge, y - edge, x + width + edge, y + height + edge)
    canvas.paint(frame, light.on(_FRAME))
    glass = canvas.rectangle(x, y, x + width, y + height)
    canvas.paint(glass, pane)
    canvas.paint(overlap(glass, canvas.ramp_y(y + height, y)), sheen, 0.45)
    bars = [
        [(x + width / 2, y), (x + width / 2, y + height)],
        [(x, y + height * 0.45), (x + width, y + height * 0.45)],
    ]
    canvas.paint(canvas.lines(bars, 0.1 * width), light.on(_FRAME))


def _is_evening(light: Light) -> bool:
    """Whether people have their lamps on."""
    return light.dim > 0.1


def _glass_colors(light: Light) -> tuple[Color, Color]:
    """Of a pane, and of the sheen at its top: a lamp behind it, or the sky in front of it."""
    if _is_evening(light):
        return _LAMP, mix(_LAMP, light.sun, 0.6)
    return mix(light.zenith, BLACK, 0.62), light.horizon


def _draw_door(to: Setting, x: float, ground: float, width: float, height: float) -> None:
    door = to.canvas.rectangle(x, ground - height, x + width, ground)
    to.canvas.paint(door, to.light.on(_DOOR))
    lintel = to.canvas.ramp_y(ground - 0.6 * height, ground - height)
    to.canvas.paint(overlap(door, lintel), BLACK, 0.5)
