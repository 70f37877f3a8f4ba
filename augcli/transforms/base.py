"""The words every transform is written in: a sample, its size, a transform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

from augcli.fields import Model

if TYPE_CHECKING:  # a run's parent knows the transforms' settings and never touches a pixel
    import numpy as np
    from numpy.typing import NDArray

    from augcli.transforms.instances import Instance

Scalar = float | int | bool | str
Params = dict[str, Scalar | None]
"""What one transform does to one copy: flat, JSON-ready, in the units a person would use."""

Recipe = list[Params]
"""Steps in order; each has "op", the name of its transform, and that transform's parameters."""


class Size(NamedTuple):
    """Height and width in pixels: all that a draw may know of an image."""

    height: int
    width: int


@dataclass(frozen=True, slots=True)
class TargetRules:
    """What is to be known of a data set's targets to move them.

    Attributes:
        mask_fill: Id that a mask has where it is moved in from outside; None to go on as the
            image does, by its `fill_mode`.
        flip_pairs: Indices of keypoints that change places in a mirror, such as left and right
            eye.
    """

    mask_fill: int | None = None
    flip_pairs: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """What a transform acts on.

    Attributes:
        image: Pixels, shape (height, width, channels), channels 1 (grey), 2 (grey, alpha),
            3 (RGB) or 4 (RGB, alpha); dtype uint8, uint16, int32 or float32.
        levels: The lowest and highest value a pixel may have: the range of the source's integer
            dtype, None for float sources. It stays when an integer image is computed on as floats.
        mask: Ids of the image's pixels, shape (height, width, channels), of any integer dtype;
            None where there is no mask.
        instances: The annotated objects of the image, those that are still in sight.
        rules: How mask and instances are moved.
    """

    image: NDArray[np.generic]
    levels: tuple[int, int] | None
    mask: NDArray[np.integer] | None = None
    instances: tuple[Instance, ...] = ()
    rules: TargetRules = TargetRules()

    @property
    def size(self) -> Size:
        """Height and width of the image."""
        return Size(int(self.image.shape[0]), int(self.image.shape[1]))

    @property
    def color_channels(self) -> int:
        """How many of the channels are colour: alpha, the second or fourth, is not."""
        channels = int(self.image.shape[2])
        return channels - 1 if channels in {2, 4} else channels

    @property
    def has_targets(self) -> bool:
        """Whether anything besides the image moves with it."""
        return self.mask is not None or bool(self.instances)


def significant(value: float) -> float:
    """`value` to six significant digits.

    Parameters are rounded where they are drawn, so that the manifest shows in full, and in a
    few characters, what was done.
    """
    return float(f"{value:.6g}")


def uniform(u: float, low: float, high: float) -> float:
    """The point `u`, from [0, 1), of the range [low, high], to six significant digits."""
    return min(max(significant(low + (high - low) * u), low), high)


def whole(u: float, low: int, high: int) -> int:
    """The whole number at `u`, from [0, 1), of low, low + 1, ..., high, all as likely."""
    return min(low + int(u * (high - low + 1)), high)


def drawn_seed(u: float) -> int:
    """The seed, below 2**32, at `u`, from [0, 1): what noise is recorded as."""
    return int(u * 2**32)


class Operation(Model):
    """What a step may hold: one transform, or several of which some are drawn."""

    op: ClassVar[str]

    @classmethod
    def written_type(cls) -> Any:
        """The type of what stands under its name in YAML."""
        return cls

    @classmethod
    def from_written(cls, value: Any) -> Self:
        """The operation of what stands there, as `written_type` was read; None is all defaults."""
        return cls() if value is None else value

    def written(self) -> Any:
        """What stands there, as plain values, every default filled in."""
        return self.model_dump()

    def drawn(self, rng: np.random.Generator, size: Size) -> tuple[Recipe, Size]:
        """What happens to one copy of an image of `size`: transforms alone, and the size after."""
        raise NotImplementedError


class Transform(Operation):
    """Something that may happen to a sample. Its fields are its YAML.

    `draw` turns random numbers into parameters and never sees a pixel; `apply` turns
    parameters and pixels into pixels and never draws. A parameter set holds all that `apply`
    needs, so a recorded recipe rebuilds a copy without the config.
    """

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """Parameters of one copy of an image of `size`."""
        raise NotImplementedError

    @classmethod
    def apply(cls, sample: Sample, params: Params) -> Sample:
        """The sample that `params`, as `draw` gives them, make of `sample`."""
        raise NotImplementedError

    @classmethod
    def size_after(cls, params: Params, size: Size) -> Size:
        """Height and width of what `params` make of an image of `size`."""
        return size

    def drawn(self, rng: np.random.Generator, size: Size) -> tuple[Recipe, Size]:
        """One step, this transform's own."""
        params = self.draw(rng, size)
        return [{"op": self.op, **params}], self.size_after(params, size)
