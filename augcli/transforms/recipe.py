"""Recipes: what was done to one copy, as a list of flat, JSON-ready steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, SerializeAsAny

from augcli.fields import Model
from augcli.transforms.base import Params, Sample, Size, Transform
from augcli.transforms.registry import TRANSFORMS

if TYPE_CHECKING:
    import numpy as np

Recipe = list[Params]
"""Steps in order; each has "op", the name of its transform, and that transform's parameters."""


class Step(Model):
    """One entry of `transforms`."""

    transform: SerializeAsAny[Transform]
    """What may happen."""
    p: Annotated[float, Field(ge=0, le=1)] = 1.0
    """How often it does: a share of the copies, from 0 to 1."""


def draw_recipe(steps: Sequence[Step], rng: np.random.Generator, size: Size) -> Recipe:
    """The recipe of one copy of an image of `size`."""
    recipe: Recipe = []
    for step in steps:
        happens = rng.random() < step.p
        params = step.transform.draw(rng, size)
        if happens:
            recipe.append({"op": step.transform.op, **params})
    return recipe


def apply_recipe(sample: Sample, recipe: Recipe) -> Sample:
    """What `recipe` makes of `sample`, which is left as it is."""
    for params in recipe:
        sample = TRANSFORMS[str(params["op"])].apply(sample, params)
    return sample
