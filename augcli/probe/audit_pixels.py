"""What transforms do to the pixels of copies: how many they invent, and how many they clip.

A mask goes through the recipe with the image. It says of each value whether it is the image's own,
and whether it was as dark or as light as can be before. So both are told place by place, wherever
the pixels have moved to.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from augcli.datasets.items import Item
from augcli.errors import SourceError
from augcli.images.pixels import Pixels
from augcli.pipeline.rendering import recipe_of
from augcli.probe.copying import Copying
from augcli.probe.pictures import window_of
from augcli.probe.results import PixelNumbers
from augcli.transforms.base import Params, Recipe, Sample, TargetRules
from augcli.transforms.recipe import apply_recipe

_INVENTED, _OWN, _EXTREME = 0, 1, 2  # ids of the mask

Numbers = NDArray[np.float64]
"""(..., 4): the numbers of `PixelNumbers` in their order."""


def measure_pixels(copying: Copying, items: Sequence[Item]) -> list[Numbers | None]:
    """For each source (arms, 4), means over its copies; None where it cannot be used."""
    return [_measured(copying, item) for item in items]


def _measured(copying: Copying, item: Item) -> Numbers | None:
    numbers = np.empty((len(copying.configs), copying.copies, 4))
    try:
        original = Original.of(copying.reading.load(item))
        size = original.marked.size
        for arm, config in enumerate(copying.configs):
            for copy in range(copying.copies):
                recipe = recipe_of(config, item, size, copy)[1]
                numbers[arm, copy] = pixel_numbers(original, recipe)
    except SourceError:
        return None
    means: Numbers = numbers.mean(axis=1)
    return means if np.isfinite(means).all() else None  # floats may be anything


@dataclass(frozen=True, slots=True)
class Original:
    """A source with what its copies are compared with.

    Attributes:
        marked: The sample, with a mask of one id for each value.
        mean: Of its values.
        deviation: Their standard deviation.
        full_scale: What is between black and white.
    """

    marked: Sample
    mean: float
    deviation: float
    full_scale: float

    @classmethod
    def of(cls, sample: Sample) -> "Original":
        """A source before anything has happened."""
        color = _color(sample)
        mask = np.where(_is_extreme(color, sample.levels), np.uint8(_EXTREME), np.uint8(_OWN))
        low, high = window_of(sample)
        marked = replace(sample, mask=mask, rules=TargetRules(mask_fill=_INVENTED))
        return cls(marked, *_mean_and_deviation(color), (high - low) or 1.0)


def pixel_numbers(original: Original, recipe: Recipe) -> Numbers:
    """(4,): what a recipe does to the pixels of one source.

    Raises:
        SourceError: A transform cannot be applied to it, or does not move masks.
    """
    copy = apply_recipe(original.marked, [_marking(params) for params in recipe])
    color = _color(copy)
    if copy.mask is None or copy.mask.shape != color.shape:
        raise SourceError("transform", "a transform has not moved the mask with the image")
    mask = np.ascontiguousarray(copy.mask)
    is_clipped = (mask == _OWN) & _is_extreme(color, copy.levels)
    mean, deviation = _mean_and_deviation(color)
    return np.array(
        [
            np.count_nonzero(mask == _INVENTED) / mask.size,
            np.count_nonzero(is_clipped) / mask.size,
            (mean - original.mean) / original.full_scale,
            (deviation - original.deviation) / original.full_scale,
        ]
    )


def averaged(arms: Sequence[str], measured: Sequence[Numbers | None]) -> tuple[PixelNumbers, ...]:
    """The means over all sources that could be used; none without such a source."""
    usable = [numbers for numbers in measured if numbers is not None]
    if not usable:
        return ()
    means = np.mean(usable, axis=0).tolist()
    return tuple(PixelNumbers(arm, *numbers) for arm, numbers in zip(arms, means, strict=True))


def _color(sample: Sample) -> Pixels:
    """The colours, side by side in memory, which is what makes the rest quick."""
    return np.ascontiguousarray(sample.image[..., : sample.color_channels])


def _mean_and_deviation(color: Pixels) -> tuple[float, float]:
    """Mean and standard deviation; without BLAS, whose last digits depend on its threads."""
    values = color.astype(np.float64)
    mean = float(values.mean())
    values -= mean
    np.square(values, out=values)
    return mean, math.sqrt(values.mean())


def _is_extreme(color: Pixels, levels: tuple[int, int] | None) -> NDArray[np.bool_]:
    """Which values are at an end of the scale; floats of no known scale never are."""
    if levels is None:
        return np.zeros(color.shape, np.bool_)
    low, high = levels
    is_extreme: NDArray[np.bool_] = (color <= low) | (color >= high)
    return is_extreme


def _marking(params: Params) -> Params:
    """The parameters of a step, which marks what it hides as invented."""
    return {**params, "mask_fill": _INVENTED} if "mask_fill" in params else params
