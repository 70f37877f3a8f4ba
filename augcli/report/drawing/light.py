"""Light: what time of day a scene is drawn in, and what that does to its colours."""

from dataclasses import dataclass
from random import Random

from PIL import Image

from augcli.report.drawing.canvas import BLACK, Canvas, Color, mix, overlap


@dataclass(frozen=True, slots=True)
class Light:
    """A time of day.

    Attributes:
        zenith: Colour of the sky at the top.
        horizon: Colour of the sky at the horizon, and of the haze before far things.
        sun: Colour of what the sun shines on; white things take it on as it is.
        glow: How bright the air around the sun is, 0 to 1.
        sun_y: Where the sun stands, 0 at the top of the picture.
        shade: How dark it is where the sun does not reach, 0 to 1.
        dim: How dark everything but the sky is, 0 to 1.
    """

    zenith: Color
    horizon: Color
    sun: Color
    glow: float
    sun_y: float
    shade: float
    dim: float

    def on(self, color: Color) -> Color:
        """How a thing of this colour looks in this light."""
        red, green, blue = (a * b // 255 for a, b in zip(color, self.sun, strict=True))
        return mix((red, green, blue), BLACK, self.dim)

    def far(self, color: Color, haze: float) -> Color:
        """The same behind haze, from 0 for none to 1 for nothing but haze."""
        return mix(self.on(color), self.horizon, haze)

    @property
    def shadow(self) -> Color:
        """Colour of shadows, which the sky alone lights."""
        return mix(self.zenith, BLACK, 0.72)


MORNING = Light((116, 160, 208), (250, 220, 196), (255, 236, 212), 0.75, 0.34, 0.5, 0.05)
NOON = Light((44, 112, 196), (190, 220, 240), (255, 252, 244), 0.35, 0.08, 0.5, 0.0)
EVENING = Light((92, 118, 168), (252, 192, 122), (255, 214, 158), 0.9, 0.4, 0.6, 0.12)
DUSK = Light((44, 44, 96), (240, 128, 92), (240, 168, 150), 0.85, 0.5, 0.6, 0.3)
OVERCAST = Light((150, 164, 178), (218, 222, 224), (232, 234, 236), 0.1, 0.2, 0.3, 0.08)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a scene is drawn with.

    Attributes:
        canvas: Where.
        light: When.
        rng: What chance decides in it.
        variant: Which of its things' five colours, 0 to 4.
        sun_x: Where the sun stands.
    """

    canvas: Canvas
    light: Light
    rng: Random
    variant: int
    sun_x: float

    def between(self, low: float, high: float) -> float:
        """A random number from `low` to `high`."""
        return low + (high - low) * self.rng.random()

    def across(self, low: float, high: float) -> float:
        """A random x between two shares of the width."""
        return self.canvas.right * self.between(low, high)

    @property
    def sun_side(self) -> int:
        """-1 if the sun is on the left, 1 if on the right."""
        return -1 if self.sun_x < self.canvas.right / 2 else 1

    def paint_rounded(self, mask: Image.Image, color: Color, left: float, right: float) -> None:
        """Paints a thing that spans `left` to `right`: bright towards the sun, dark away from it.

        Args:
            mask: Its outline.
            color: Its own colour.
            left: The x where it begins.
            right: The x where it ends.
        """
        canvas, light = self.canvas, self.light
        canvas.paint(mask, light.on(color))
        bright, dark = (left, right) if self.sun_side < 0 else (right, left)
        middle = (left + right) / 2
        away = canvas.ramp_x((middle + bright) / 2, dark)
        canvas.paint(overlap(mask, away), light.shadow, light.shade)
        canvas.paint(overlap(mask, canvas.ramp_x(middle, bright)), light.sun, 0.35)
