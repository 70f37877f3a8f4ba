"""Signs beside a road: letters, and a face, which show best what a change does to fine lines."""

import math

from augcli.report.drawing.canvas import BLACK, WHITE, Color, Point
from augcli.report.drawing.light import Setting
from augcli.report.drawing.scenery import draw_shadow

_POST = (92, 88, 84)
_BOARD = (30, 96, 62)
_FACE = (250, 206, 58)
_LETTERS: tuple[tuple[tuple[Point, ...], ...], ...] = (
    (((0, 1), (0.4, 0), (0.8, 1)), ((0.17, 0.62), (0.63, 0.62))),
    (((0, 0), (0, 1), (0.7, 1), (0.7, 0)),),
    (((0.75, 0.1), (0, 0.1), (0, 0.95), (0.75, 0.95), (0.75, 0.5), (0.4, 0.5)),),
    (((0.1, 0.2), (0.4, 0), (0.4, 1)), ((0.1, 1), (0.7, 1))),
)
"""A, U, G, 1: lines in a box one unit high."""


def draw_board(to: Setting, x: float, ground: float, size: float) -> None:
    """A board with letters on two posts, `size` wide, its middle at `x`."""
    canvas, light = to.canvas, to.light
    draw_shadow(to, x, ground, 0.5 * size, 0.08)
    top, height = ground - 0.85 * size, 0.42 * size
    for side in (-0.36, 0.36):
        _post(to, x + side * size, top, ground, 0.05 * size)
    outline = (x - size / 2, top, x + size / 2, top + height)
    canvas.paint(canvas.rectangle(*outline), light.on(WHITE))
    edge = 0.025 * size
    inner = (outline[0] + edge, outline[1] + edge, outline[2] - edge, outline[3] - edge)
    canvas.paint(canvas.rectangle(*inner), light.on(_BOARD))
    scale, left = 0.6 * height, x - 0.42 * size
    lines = [
        [(left + scale * (px + 0.92 * place), top + 0.2 * height + scale * py) for px, py in line]
        for place, letter in enumerate(_LETTERS)
        for line in letter
    ]
    canvas.paint(canvas.lines(lines, 0.03 * size), light.on(WHITE))


def draw_face(to: Setting, x: float, ground: float, size: float) -> None:
    """A round sign with a smiling face on a post, `size` high."""
    canvas, light = to.canvas, to.light
    draw_shadow(to, x, ground, 0.25 * size, 0.1)
    radius = 0.27 * size
    y = ground - size + radius
    _post(to, x, y, ground, 0.06 * size)
    _disc(to, x, y, radius, BLACK)
    disc = canvas.ellipses([(x, y, 0.92 * radius, 0.92 * radius)])
    to.paint_rounded(disc, _FACE, x - radius, x + radius)
    for side in (-0.34, 0.34):
        _disc(to, x + side * radius, y - 0.25 * radius, 0.13 * radius, BLACK)
    angles = [math.pi * (0.15 + 0.7 * k / 16) for k in range(17)]
    mouth = [
        (x + 0.58 * radius * math.cos(angle), y + 0.58 * radius * math.sin(angle))
        for angle in angles
    ]
    canvas.paint(canvas.lines([mouth], 0.11 * radius), light.on(BLACK))


def _post(to: Setting, x: float, top: float, ground: float, width: float) -> None:
    post = to.canvas.rectangle(x - width / 2, top, x + width / 2, ground)
    to.paint_rounded(post, _POST, x - width / 2, x + width / 2)


def _disc(to: Setting, x: float, y: float, radius: float, color: Color) -> None:
    to.canvas.paint(to.canvas.ellipses([(x, y, radius, radius)]), to.light.on(color))
