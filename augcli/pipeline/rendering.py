"""One copy in memory: its recipe drawn, and what that makes of a decoded source, as files."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from augcli.annotations.masks import write_mask
from augcli.annotations.objects import placed_objects
from augcli.annotations.placed import PlacedObject
from augcli.config.schema import Config, is_channels_first
from augcli.datasets.items import Item
from augcli.datasets.targets import LoadedTargets
from augcli.images.decode import Picture
from augcli.images.encode import encode
from augcli.pipeline.jobs import Target
from augcli.pipeline.seeds import copy_seed, generator
from augcli.pipeline.standardizing import standardized
from augcli.transforms.base import Sample, Size
from augcli.transforms.recipe import Recipe, apply_recipe, draw_recipe
from augcli.transforms.statistics import Statistics


@dataclass(frozen=True, slots=True)
class Rendered:
    """One copy in memory.

    Attributes:
        data: The content of its file.
        size: Its height and width.
        channels: How many channels it has.
        recipe: What was done.
        seed: What that was drawn from; None for an original, and for what is on record.
        mask: The content of its mask's file, None without a mask.
        objects: What is left of its source's objects, None without annotations.
    """

    data: bytes
    size: Size
    channels: int
    recipe: Recipe
    seed: int | None = None
    mask: bytes | None = None
    objects: list[PlacedObject] | None = None


def render(
    config: Config,
    item: Item,
    picture: Picture,
    copy: int | None,
    statistics: Statistics | None = None,
    *,
    targets: LoadedTargets | None = None,
) -> Rendered:
    """Draws, applies, standardises and encodes one copy of a decoded source; its original for None.

    Raises:
        SourceError: It cannot be standardised, or a format cannot hold it.
    """
    seed, recipe = recipe_of(config, item, Size(*picture.pixels.shape[:2]), copy)
    rendered = render_recipe(config, picture, recipe, statistics, targets=targets)
    return replace(rendered, seed=seed)


def render_recipe(
    config: Config,
    picture: Picture,
    recipe: Recipe,
    statistics: Statistics | None = None,
    *,
    targets: LoadedTargets | None = None,
) -> Rendered:
    """What a recipe makes of a decoded source.

    Raises:
        SourceError: It cannot be standardised, or a format cannot hold it.
    """
    result = apply_recipe(source_sample(picture, targets), recipe)
    return encoded(config, picture, recipe, result, statistics, targets=targets)


def encoded(
    config: Config,
    picture: Picture,
    recipe: Recipe,
    result: Sample,
    statistics: Statistics | None,
    *,
    targets: LoadedTargets | None,
) -> Rendered:
    """The files of a copy, `result`, which a recipe has made of a decoded source."""
    image = standardized(result.image, config, statistics)
    data = encode(image, config, picture.icc_profile, channels_first=is_channels_first(config))
    rendered = Rendered(data, result.size, int(image.shape[2]), recipe)
    if targets is None:
        return rendered
    return replace(
        rendered,
        mask=_mask_file(result, targets),
        objects=_objects(config, result, recipe, targets),
    )


def _mask_file(result: Sample, targets: LoadedTargets) -> bytes | None:
    if targets.mask is None or result.mask is None:
        return None
    return write_mask(replace(targets.mask, ids=result.mask))


def _objects(
    config: Config, result: Sample, recipe: Recipe, targets: LoadedTargets
) -> list[PlacedObject] | None:
    """What is left of the objects; all of them where nothing happened, as to an original."""
    annotations, settings = targets.annotations, config.annotations
    if annotations is None or settings is None:
        return None
    return placed_objects(
        result.instances,
        annotations.labels,
        result.size,
        min_visibility=settings.min_visibility if recipe else 0.0,
        min_area=settings.min_area if recipe else 0.0,
    )


def recipe_of(
    config: Config, item: Item, size: Size, copy: int | None
) -> tuple[int | None, Recipe]:
    """The seed and the recipe of one copy of an image of `size`; of its original for None."""
    if copy is None:
        return None, []
    seed = copy_seed(int(config.seed), item.key, copy)
    return seed, draw_recipe(config.transforms, generator(seed), size)


def annotation_file(copy: Rendered, target: Target, targets: LoadedTargets) -> bytes | None:
    """The content of a copy's annotation file; None where it gets none of its own."""
    annotations = targets.annotations
    if target.annotations is None or annotations is None or annotations.write is None:
        return None
    return annotations.write(copy.objects or [], copy.size, copy.channels, target.name)


def source_sample(picture: Picture, targets: LoadedTargets | None = None) -> Sample:
    """The decoded source as a sample; the levels of an integer image are its dtype's range."""
    sample = Sample(picture.pixels, _levels_of(picture.pixels.dtype))
    if targets is None:
        return sample
    return replace(
        sample,
        mask=None if targets.mask is None else targets.mask.ids,
        instances=() if targets.annotations is None else targets.annotations.instances,
        rules=targets.rules,
    )


@cache
def _levels_of(dtype: np.dtype[Any]) -> tuple[int, int] | None:
    if not np.issubdtype(dtype, np.integer):
        return None
    info = np.iinfo(dtype)
    return int(info.min), int(info.max)
