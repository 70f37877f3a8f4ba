"""Masks, paint and the finish of the drawing canvas."""

from random import Random

import pytest
from PIL import Image, ImageChops

from augcli.report.drawing.canvas import Canvas, mix, overlap, without

RED, BLUE = (200, 0, 0), (0, 0, 200)


@pytest.fixture
def canvas() -> Canvas:
    """A canvas of 20 x 10 pixels: `right` is 2."""
    return Canvas(20, 10)


def finish(canvas: Canvas, *, seed: int = 0) -> Image.Image:
    return canvas.finish(Random(seed))  # noqa: S311  it makes the grain


def is_near(pixel: object, color: tuple[int, int, int], tolerance: int = 4) -> bool:
    """Whether a pixel has a colour but for the grain."""
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= tolerance for a, b in zip(pixel, color, strict=False))


def test_mix() -> None:
    """Colours mix by share, rounded to whole levels."""
    assert mix((0, 10, 100), (10, 20, 0), 0.25) == (2, 12, 75)


def test_mask_algebra(canvas: Canvas) -> None:
    """`overlap` keeps what two masks share, `without` what only the first has."""
    left, middle = canvas.rectangle(0, 0, 1, 1), canvas.rectangle(0.5, 0, 1.5, 1)
    shared, rest = overlap(left, middle), without(left, middle)
    assert shared.getbbox() == (15, 0, 31, 30)  # Pillow's shapes include their last pixel
    assert rest.getbbox() == (0, 0, 15, 30)


@pytest.mark.parametrize(("start", "end", "rising"), [(0, 2, True), (2, 0, False)])
def test_ramp_x(canvas: Canvas, start: float, end: float, rising: bool) -> None:
    """A ramp rises evenly from its start to its end, whichever is left of the other."""
    levels = list(canvas.ramp_x(start, end).crop((0, 0, 60, 1)).tobytes())
    assert levels == sorted(levels, reverse=not rising)
    assert {min(levels), max(levels)} == {2, 253}


def test_ramp_y(canvas: Canvas) -> None:
    """A ramp along y is nothing above its start and all below its end."""
    levels = list(canvas.ramp_y(0.4, 0.6).crop((0, 0, 1, 30)).tobytes())
    assert levels[:12] == [0] * 12
    assert levels[18:] == [255] * 12


@pytest.mark.parametrize("center", [1.0, 0.0, 2.0])
def test_soften_is_a_blur_of_the_whole(canvas: Canvas, center: float) -> None:
    """A softened mask is spread around its place, also where the canvas ends."""
    mask = canvas.ellipses([(center, 0.5, 0.2, 0.2)])
    soft = canvas.soften(mask, 0.05)
    assert soft.size == mask.size
    inner, outer = mask.getbbox(), soft.getbbox()
    assert inner is not None
    assert outer is not None
    assert outer[1] < inner[1]
    assert outer[3] > inner[3]


def test_soften_of_nothing(canvas: Canvas) -> None:
    """An empty mask stays empty, and paints nothing."""
    empty = canvas.ellipses([])
    assert canvas.soften(empty, 0.1).getbbox() is None
    canvas.paint(empty, RED)
    assert finish(canvas).getchannel("A").getextrema() == (0, 0)


def test_paint_covers_by_opacity(canvas: Canvas) -> None:
    """Paint at half opacity lets half of what is below through."""
    everywhere = canvas.rectangle(0, 0, 2, 1)
    canvas.paint(everywhere, RED)
    canvas.paint(everywhere, BLUE, 0.5)
    assert is_near(finish(canvas).getpixel((10, 5)), (100, 0, 100))


def test_unpainted_stays_transparent(canvas: Canvas) -> None:
    """What no paint reached is transparent, and no dark seam runs along the edge of what is."""
    canvas.paint(canvas.polygons([[(0, 0), (1, 0), (1, 1), (0, 1)]]), RED)
    picture = finish(canvas)
    assert picture.mode == "RGBA"
    alphas = picture.getchannel("A").crop((0, 5, 20, 6)).tobytes()
    assert (alphas[0], alphas[19]) == (255, 0)
    assert 0 < alphas[10] < 255
    assert is_near(picture.getpixel((10, 5)), RED)


def test_fill(canvas: Canvas) -> None:
    """A fill goes from colour to colour down the picture, and leaves none of it free."""
    canvas.fill([(0, RED), (1, BLUE)])
    picture = finish(canvas)
    assert picture.mode == "RGB"
    reds = list(picture.resize((1, 10), Image.Resampling.BOX).getchannel("R").tobytes())
    assert reds == sorted(reds, reverse=True)


def test_reflect(canvas: Canvas) -> None:
    """Below the water line is what is above it, upside down; above, nothing changes."""
    canvas.fill([(0, RED), (0.001, RED)])
    canvas.paint(canvas.rectangle(0, 0.5, 2, 0.599), BLUE)
    canvas.reflect(0.6, lambda depth: 0.0)
    picture = finish(canvas)
    blue_rows = [y for y in range(10) if is_near(picture.getpixel((10, y)), BLUE, 30)]
    assert blue_rows == [5, 6]


def test_same_drawing_same_pixels() -> None:
    """The grain comes from the generator that is handed over, and from nothing else."""
    pictures = []
    for seed in (1, 1, 2):
        canvas = Canvas(8, 8)
        canvas.fill([(0, (90, 90, 90)), (1, (90, 90, 90))])
        pictures.append(finish(canvas, seed=seed))
    assert pictures[0].tobytes() == pictures[1].tobytes()
    assert ImageChops.difference(pictures[0], pictures[2]).getbbox() is not None
