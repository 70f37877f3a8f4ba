"""The words every transform is written in: a sample, its size, a transform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from augcli.fields import Model

if TYPE_CHECKING:  # a run's parent knows the transforms' settings and never touches a pixel
    import numpy as np
    from numpy.typing import NDArray

Scalar = float | int | bool | str
Params = dict[str, Scalar | None]
"""What one transform does to one copy: flat, JSON-ready, in the units a person would use."""


class Size(NamedTuple):
    """Height and width in pixels: all that a draw may know of an image."""

    height: int
    width: int


@dataclass(frozen=True, slots=True)
class Sample:
    """What a transform acts on.

    Attributes:
        image: Pixels, shape (height, width, channels), channels 1 (grey), 2 (grey, alpha),
            3 (RGB) or 4 (RGB, alpha); dtype uint8, uint16, int32 or float32.
        levels: The lowest and highest value a pixel may have: the range of the source's integer
            dtype, None for float sources. It stays when an integer image is computed on as floats.
    """

    image: NDArray[np.generic]
    levels: tuple[int, int] | None

    @property
    def size(self) -> Size:
        """Height and width of the image."""
        return Size(int(self.image.shape[0]), int(self.image.shape[1]))

    @property
    def color_channels(self) -> int:
        """How many of the channels are colour: alpha, the second or fourth, is not."""
        channels = int(self.image.shape[2])
        return channels - 1 if channels in {2, 4} else channels


def significant(value: float) -> float:
    """`value` to six significant digits.

    Parameters are rounded where they are drawn, so that the manifest shows in full, and in a
    few characters, what was done.
    """
    return float(f"{value:.6g}")


def uniform(u: float, low: float, high: float) -> float:
    """The point `u`, from [0, 1), of the range [low, high], to six significant digits."""
    return min(max(significant(low + (high - low) * u), low), high)


class Transform(Model):
    """Something that may happen to a sample. Its fields are its YAML.

    `draw` turns random numbers into parameters and never sees a pixel; `apply` turns
    parameters and pixels into pixels and never draws. A parameter set holds all that `apply`
    needs, so a recorded recipe rebuilds a copy without the config.
    """

    op: ClassVar[str]

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """Parameters of one copy of an image of `size`."""
        raise NotImplementedError

    @classmethod
    def apply(cls, sample: Sample, params: Params) -> Sample:
        """The sample that `params`, as `draw` gives them, make of `sample`."""
        raise NotImplementedError
