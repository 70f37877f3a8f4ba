"""Published policies: which operations happen to a copy, and how strongly.

AutoAugment, RandAugment and TrivialAugment leave nothing in a recipe but steps of other transforms.
AugMix mixes several images, and is one step. The tables are in `policy_tables`; docs/policies.md
says what differs from the papers, the code of their authors, and torchvision.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np
from pydantic import Field

from augcli import kernels
from augcli.transforms.base import (
    Operation,
    Params,
    Recipe,
    Sample,
    Size,
    Transform,
    drawn_seed,
    significant,
    uniform,
    whole,
)
from augcli.transforms.moves import Filling
from augcli.transforms.params import flag, integer, number
from augcli.transforms.policy_tables import (
    AUTO_AUGMENT,
    BINS,
    LEVELS,
    Learned,
    Scale,
    augmix,
    augmix_all,
    auto_augment,
    narrow,
    wide,
)
from augcli.transforms.recipe import apply_recipe
from augcli.transforms.settings import Span, WholeSpan, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

MOST_OPERATIONS = 10
"""The highest `n` of RandAugment."""


class AutoAugment(Filling, Operation):
    """One of 25 learned pairs of operations, each as likely; each of the two by its probability.

    E. D. Cubuk et al., "AutoAugment: Learning Augmentation Strategies from Data" (2019).
    """

    op: ClassVar[str] = "auto_augment"

    policy: Learned = "imagenet"
    """What the pairs were learned on: `imagenet` (photos), `cifar10` (small photos) or `svhn`
    (house numbers, of which many are inverted)."""

    def drawn(self, rng: np.random.Generator, size: Size) -> tuple[Recipe, Size]:
        """The steps of the pair that happen: none, one or two."""
        u = rng.random(5).tolist()
        pairs = AUTO_AUGMENT[self.policy]
        pair = pairs[whole(u[0], 0, len(pairs) - 1)]
        operations = _Operations(auto_augment(size), size, self.filling)
        recipe: Recipe = []
        for (name, p, level), u_happens, u_sign in zip(pair, u[1:3], u[3:5], strict=True):
            if u_happens < p:
                recipe += operations.steps(name, (level or 0) / LEVELS, u_sign)
        return recipe, size


class RandAugment(Filling, Operation):
    """`n` of 14 operations, drawn with replacement, each as likely, all of one magnitude.

    E. D. Cubuk et al., "RandAugment: Practical automated data augmentation with a reduced search
    space" (2020). `n` and `magnitude` are torchvision's `num_ops` and `magnitude`, with its 31
    `num_magnitude_bins`; the paper's magnitudes, 0 to 10, are a third of these.
    """

    op: ClassVar[str] = "rand_augment"

    n: Annotated[int, Field(ge=0, le=MOST_OPERATIONS)] = 2
    """How many operations. One of the 14 does nothing, so some copies see fewer."""
    magnitude: Annotated[Span, within(0, BINS)] = [9.0, 9.0]
    """How strong they are, 0 to 30: a number, or [low, high] of which each copy draws its own.
    At 0, only `equalize` and `autocontrast` change anything."""

    def drawn(self, rng: np.random.Generator, size: Size) -> tuple[Recipe, Size]:
        """The steps of the operations: n of them, or fewer."""
        u = rng.random(1 + 2 * MOST_OPERATIONS).tolist()
        share = uniform(u[0], *self.magnitude) / BINS
        operations = _Operations(narrow(size), size, self.filling)
        recipe: Recipe = []
        for k in range(self.n):
            recipe += operations.chosen(u[2 * k + 1], share, u[2 * k + 2])
        return recipe, size


class TrivialAugment(Filling, Operation):
    """One of 14 operations, each as likely, of one of 31 strengths, each as likely.

    S. G. Müller and F. Hutter, "TrivialAugment: Tuning-free Yet State-of-the-Art Data
    Augmentation" (2021), with the ranges of "TA (Wide)", as torchvision's `TrivialAugmentWide`:
    they reach further than those of `rand_augment`, to turns by 135 degrees.
    """

    op: ClassVar[str] = "trivial_augment"

    def drawn(self, rng: np.random.Generator, size: Size) -> tuple[Recipe, Size]:
        """The step of the operation; none if it is the one that does nothing."""
        u = rng.random(3).tolist()
        share = whole(u[1], 0, BINS) / BINS
        operations = _Operations(wide(size), size, self.filling)
        return operations.chosen(u[0], share, u[2]), size


_WEAKEST, _STRONGEST = 0.1, 10.0  # the levels of AugMix's operations


class AugMix(Filling, Transform):
    """Mixes the image with several copies of it, each of which went through a chain of operations.

    D. Hendrycks et al., "AugMix: A Simple Data Processing Method to Improve Robustness and
    Uncertainty" (2020). The chains are mixed by weights of a Dirichlet distribution, and the image
    with that mixture by one of a Beta distribution. Alpha is mixed as colours are.

    For classification: masks, boxes and points stay where they are in the image, while chains
    move what they add to it.
    """

    op: ClassVar[str] = "augmix"

    severity: Annotated[float, Field(ge=_WEAKEST, le=_STRONGEST)] = 3.0
    """How strong operations may be, up to 10: the level of each is drawn from 0.1 to this."""
    mixture_width: Annotated[int, Field(ge=1, le=10)] = 3
    """How many chains are mixed."""
    chain_depth: Annotated[WholeSpan, within(1, 10)] = [1, 3]
    """How many operations a chain has: a whole number, or [low, high] of which each chain draws
    its own."""
    alpha: Annotated[float, Field(ge=0.01, le=100)] = 1.0
    """Parameter of the two distributions: above 1, weights are more alike; below, one prevails."""
    all_ops: bool = False
    """Whether contrast, colour, brightness and sharpness are among the operations. The paper leaves
    them out, as they resemble the corruptions of ImageNet-C, on which it tests."""

    def draw(self, rng: np.random.Generator, size: Size) -> Params:
        """The weights, and a seed of the chains."""
        seed = drawn_seed(rng.random())
        # A generator of its own: how many numbers these distributions take is not known.
        weights = np.random.Generator(np.random.Philox([seed, 1]))
        of_chains = weights.dirichlet([self.alpha] * self.mixture_width).tolist()
        return {
            "severity": self.severity,
            "all_ops": self.all_ops,
            "min_depth": self.chain_depth[0],
            "max_depth": self.chain_depth[1],
            "mixture_width": self.mixture_width,
            **{f"weight_{k}": significant(weight) for k, weight in enumerate(of_chains, 1)},
            "mixture_weight": significant(weights.beta(self.alpha, self.alpha)),
            "seed": seed,
            **self.filling,
        }

    @classmethod
    def apply(cls, sample: Sample, params: Params) -> Sample:
        """The sample with its image mixed.

        Raises:
            SourceError: An operation cannot be done to an image of this depth.
        """
        share = number(params, "mixture_weight")
        if share == 0:
            return sample
        names = [f"weight_{k}" for k in range(1, integer(params, "mixture_width") + 1)]
        weights = [number(params, name) for name in names]
        generator = np.random.Generator(np.random.Philox(integer(params, "seed")))
        bare = replace(sample, mask=None, instances=())
        chains = (
            (apply_recipe(bare, _chain(params, generator, sample.size)).image, weight)
            for weight in weights
        )
        parts = ((image, share * weight / sum(weights)) for image, weight in chains)
        return replace(sample, image=_mixed(sample, [(sample.image, 1 - share), *parts]))


def _chain(params: Params, generator: np.random.Generator, size: Size) -> Recipe:
    """The steps of one of AugMix's chains."""
    scales = (augmix_all if flag(params, "all_ops") else augmix)(size)
    operations = _Operations(scales, size, {key: params[key] for key in Filling.model_fields})
    depth = whole(generator.random(), integer(params, "min_depth"), integer(params, "max_depth"))
    recipe: Recipe = []
    for u_operation, u_level, u_sign in generator.random((depth, 3)).tolist():
        share = uniform(u_level, _WEAKEST, number(params, "severity")) / _STRONGEST
        recipe += operations.chosen(u_operation, share, u_sign)
    return recipe


_ROWS = 32  # that are mixed at a time: few enough for a cache of 1 MB


def _mixed(sample: Sample, parts: Iterable[tuple[NDArray[Any], float]]) -> NDArray[Any]:
    """The weighted sum of images like the sample's; integers are rounded half up.

    Args:
        sample: What the images are like.
        parts: Images, each with its weight; weights add up to 1.
    """
    image = sample.image
    if image.dtype == np.uint8:
        mixed = kernels.packed.empty(*image.shape)
        of_bytes = [(_bytes_of(part), weight) for part, weight in parts]
        for top in range(0, image.shape[0], _ROWS):
            rows = slice(top, top + _ROWS)
            total = _weighted_sum([(part[rows], weight) for part, weight in of_bytes], np.float32)
            _bytes_of(mixed)[rows] = total + 0.5  # fractions are cut off
        return mixed
    values = _weighted_sum(parts, np.float64)
    if sample.levels is not None and image.dtype.kind != "f":
        values = np.clip(np.floor(values + 0.5), *sample.levels)
    return values.astype(image.dtype)


def _weighted_sum(
    parts: Iterable[tuple[NDArray[Any], float]], dtype: type[np.float32 | np.float64]
) -> NDArray[Any]:
    """The sum of arrays of one shape, each with a weight, computed in `dtype`."""
    (first, weight), *others = parts
    total: NDArray[Any] = np.multiply(first, dtype(weight))
    product = np.empty_like(total)
    for values, weight in others:
        np.multiply(values, dtype(weight), out=product)
        total += product
    return total


def _bytes_of(image: NDArray[Any]) -> NDArray[np.uint8]:
    """All bytes of a packed image, those between its pixels too: quicker than channel by channel.

    Returns:
        (height, bytes of a row), a view; of an image that is not packed, a copy.
    """
    return kernels.packed.as_words(image.astype(np.uint8, copy=False)).view(np.uint8)


@dataclass(frozen=True, slots=True)
class _Operations:
    """Operations on an image of a size.

    Attributes:
        scales: What their magnitudes mean.
        size: Height and width of the image.
        filling: The parameters of `affine` that say what is filled in.
    """

    scales: Mapping[str, Scale]
    size: Size
    filling: Params

    def chosen(self, u_operation: float, share: float, u_sign: float) -> Recipe:
        """The steps of the operation at `u_operation`, from [0, 1), all of them as likely."""
        names = list(self.scales)
        return self.steps(names[whole(u_operation, 0, len(names) - 1)], share, u_sign)

    def steps(self, name: str, share: float, u_sign: float) -> Recipe:
        """The steps of one operation: one, or none of `identity`.

        Args:
            name: The operation.
            share: Its magnitude, from 0 to 1.
            u_sign: A uniform number in [0, 1) that chooses the side of a value that has two.
        """
        if name == "identity":
            return []
        value = self.scales[name].value(share, u_sign)
        if name in _MOVES:
            move = _MOVES[name](value, self.size)
            return [{"op": "affine", **_UNMOVED, **move, **self.filling}]
        return [_TONES[name](value)]


_UNMOVED: Params = {
    "rotate": 0.0,
    "scale_x": 1.0,
    "scale_y": 1.0,
    "translate_x": 0.0,
    "translate_y": 0.0,
    "shear_x": 0.0,
    "shear_y": 0.0,
}


def _shear_x(slope: float, size: Size) -> Params:
    """The top row stays, as in Pillow; `affine` shears about the middle."""
    return {"shear_x": _degrees(slope), "translate_x": significant(slope * size.height / 2)}


def _shear_y(slope: float, size: Size) -> Params:
    """The leftmost column stays."""
    return {"shear_y": _degrees(slope), "translate_y": significant(slope * size.width / 2)}


def _degrees(slope: float) -> float:
    return significant(math.degrees(math.atan(slope)))


def _whole_pixels(pixels: float) -> float:
    """Pixels without their fraction, so that nothing is interpolated; torchvision does the same."""
    return float(int(pixels))


_MOVES: dict[str, Callable[[float, Size], Params]] = {
    "shear_x": _shear_x,
    "shear_y": _shear_y,
    "translate_x": lambda pixels, _: {"translate_x": _whole_pixels(pixels)},
    "translate_y": lambda pixels, _: {"translate_y": _whole_pixels(pixels)},
    "rotate": lambda degrees, _: {"rotate": degrees},
}
"""What an operation sets of the parameters of `affine`."""

_TONES: dict[str, Callable[[float], Params]] = {
    "brightness": lambda factor: {"op": "brightness", "factor": factor},
    "color": lambda factor: {"op": "saturation", "factor": factor},
    "contrast": lambda factor: {"op": "contrast", "factor": factor, "pivot": "mean"},
    "sharpness": lambda factor: {"op": "sharpness", "factor": factor},
    "posterize": lambda bits: {"op": "posterize", "bits": max(round(bits), 1)},
    "solarize": lambda level: {"op": "solarize", "threshold": round(level)},
    "autocontrast": lambda _: {"op": "autocontrast", "cutoff": 0.0},
    "equalize": lambda _: {"op": "equalize"},
    "invert": lambda _: {"op": "invert"},
}
"""The step of an operation that moves nothing."""
