"""The scenes: a thing and what is around it, in any light."""

from collections.abc import Callable
from random import Random

from PIL import Image

from augcli.report.drawing.balloon import Balloon, draw_balloon
from augcli.report.drawing.boat import draw_boat
from augcli.report.drawing.canvas import Canvas
from augcli.report.drawing.house import draw_house
from augcli.report.drawing.light import Light, Setting
from augcli.report.drawing.scenery import (
    draw_grass,
    draw_hills,
    draw_meadow,
    draw_sky,
    draw_water,
)
from augcli.report.drawing.signs import draw_board, draw_face
from augcli.report.drawing.tree import draw_tree

Scene = Callable[[Setting], None]


def draw(
    scene: Scene, light: Light, size: tuple[int, int], *, variant: int, seed: str
) -> Image.Image:
    """One picture.

    Args:
        scene: One of the functions below.
        light: The time of day.
        size: Width and height in pixels.
        variant: Which of five colours its main thing has, 0 to 4.
        seed: What decides where things are; the same one, the same picture.

    Returns:
        An RGB image; RGBA of a scene that leaves some of the picture free.
    """
    rng = Random(seed)  # noqa: S311  it places clouds
    canvas = Canvas(*size)
    from_edge = 0.2 + 0.15 * rng.random()
    sun_x = canvas.right * (from_edge if rng.random() < 0.5 else 1 - from_edge)
    scene(Setting(canvas, light, rng, variant, sun_x))
    return canvas.finish(rng)


def boat(to: Setting) -> None:
    """A sailing boat on calm water."""
    shore = to.between(0.6, 0.67)
    draw_sky(to, shore)
    draw_hills(to, shore, 0.12, (88, 108, 104), 0.72)
    draw_hills(to, shore, 0.05, (56, 84, 60), 0.45)
    length = min(to.between(0.34, 0.45), to.canvas.right / 2)
    draw_boat(to, to.across(0.36, 0.64), shore, length)
    draw_water(to, shore)


def house(to: Setting) -> None:
    """A house on a hill."""
    draw_sky(to, 0.62)
    draw_hills(to, 0.66, 0.2, (84, 112, 110), 0.62)
    draw_hills(to, 0.7, 0.12, (74, 110, 62), 0.36)
    ground = to.between(0.7, 0.76)
    draw_meadow(to, ground - 0.04, 0.06)
    draw_house(to, to.across(0.34, 0.5), ground + 0.02, to.between(0.27, 0.36))
    draw_grass(to, ground + 0.01)


def tree(to: Setting) -> None:
    """A tree in a meadow."""
    draw_sky(to, 0.66)
    draw_hills(to, 0.7, 0.16, (96, 124, 126), 0.66)
    draw_hills(to, 0.72, 0.07, (80, 116, 66), 0.4)
    ground = to.between(0.76, 0.82)
    draw_meadow(to, ground - 0.09, 0.03)
    draw_tree(to, to.across(0.38, 0.62), ground, to.between(0.62, 0.74))
    draw_grass(to, ground + 0.02)


def balloon(to: Setting) -> None:
    """A balloon over hills, and two more far away."""
    draw_sky(to, 0.82)
    draw_hills(to, 0.86, 0.16, (92, 118, 128), 0.7)
    draw_hills(to, 0.93, 0.12, (76, 112, 84), 0.45)
    draw_hills(to, 1.0, 0.1, (66, 104, 52), 0.12)
    for edge in (0.09, 0.83):
        x, y, radius = to.across(edge, edge + 0.08), to.between(0.3, 0.62), to.between(0.03, 0.06)
        draw_balloon(to, Balloon(x, y, radius, variant=(to.variant + 2) % 5, haze=0.35))
    x, y, radius = to.across(0.4, 0.6), to.between(0.34, 0.4), to.between(0.21, 0.26)
    draw_balloon(to, Balloon(x, y, radius, variant=to.variant))


def balloon_alone(to: Setting) -> None:
    """A balloon cut out of its picture, the rest of which is free."""
    draw_balloon(to, Balloon(to.canvas.right / 2, 0.42, 0.3, variant=to.variant))


def village(to: Setting) -> None:
    """A bit of all, for every transform to show on: sky, smooth and fine parts, letters, a face."""
    draw_sky(to, 0.62)
    draw_hills(to, 0.68, 0.2, (84, 112, 110), 0.62)
    draw_hills(to, 0.72, 0.12, (74, 110, 62), 0.36)
    right = to.canvas.right
    draw_balloon(to, Balloon(0.5 * right, 0.2, 0.13, variant=to.variant))
    draw_meadow(to, 0.7, 0.05)
    draw_tree(to, 0.84 * right, 0.82, 0.56)
    draw_house(to, 0.24 * right, 0.8, 0.3)
    draw_grass(to, 0.76)
    draw_board(to, 0.56 * right, 0.92, 0.3)
    draw_face(to, 0.77 * right, 0.96, 0.32)
