"""Light, and what chance decides in a setting."""

from random import Random

import pytest

from augcli.report.drawing.canvas import Canvas
from augcli.report.drawing.light import DUSK, EVENING, MORNING, NOON, OVERCAST, Light, Setting

LIGHTS = (MORNING, NOON, EVENING, DUSK, OVERCAST)


@pytest.mark.parametrize("light", LIGHTS)
def test_light_only_darkens(light: Light) -> None:
    """White things look at most as bright as the sun's own colour."""
    assert all(a <= b for a, b in zip(light.on((255, 255, 255)), light.sun, strict=True))


@pytest.mark.parametrize("light", LIGHTS)
def test_haze(light: Light) -> None:
    """Haze takes a colour from what it is here to that of the horizon."""
    assert light.far((80, 120, 60), 0) == light.on((80, 120, 60))
    assert light.far((80, 120, 60), 1) == light.horizon


@pytest.mark.parametrize(("sun_x", "bright", "dark"), [(0.2, 3, 16), (1.8, 16, 3)])
def test_rounded_things_are_bright_towards_the_sun(sun_x: float, bright: int, dark: int) -> None:
    """The side that faces the sun is brighter than the other, wherever the sun stands."""
    canvas, rng = Canvas(20, 10), Random(0)  # noqa: S311  it makes the grain
    setting = Setting(canvas, NOON, rng, 0, sun_x)
    setting.paint_rounded(canvas.rectangle(0, 0, 2, 1), (150, 150, 150), 0, 2)
    grays = canvas.finish(rng).convert("L").crop((0, 5, 20, 6)).tobytes()
    assert grays[bright] > grays[dark] + 40
