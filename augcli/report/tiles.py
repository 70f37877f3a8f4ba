"""Tiles of one source: as it is, and as recipes leave it."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from augcli.config.schema import Config
from augcli.datasets.targets import LoadedTargets
from augcli.errors import SourceError
from augcli.images.decode import Picture
from augcli.images.pixels import Pixels
from augcli.pipeline.rendering import render_recipe
from augcli.report.overlay import Marks, marks_of_copy, marks_of_source, overlaid
from augcli.report.pictures import Window, pixels_in, shown, window_of
from augcli.report.sheet import Tile
from augcli.report.words import recipe_in_words
from augcli.transforms.base import Params, Size
from augcli.transforms.recipe import Recipe
from augcli.transforms.statistics import Statistics

_ORIGINAL = "original"


def original_tile(picture: Picture, targets: LoadedTargets | None = None) -> Tile:
    """The source itself, as it is before anything happens to it, with mask and objects."""
    height, width = picture.pixels.shape[:2]
    window = window_of([picture.pixels])
    facts = [f"{width} x {height}", *picture.notes]
    if window is not None:
        facts.append(f"{picture.pixels.dtype}, shown from {window[0]:g} to {window[1]:g}")
    marks = None if targets is None else marks_of_source(targets, Size(height, width))
    image = _marked(shown(picture.pixels, window), marks)
    return Tile(image, _ORIGINAL, ", ".join(facts), is_original=True)


def unreadable_tile(error: SourceError) -> Tile:
    """In place of a source that cannot be used."""
    return Tile(None, _ORIGINAL, str(error), is_original=True)


def copy_tiles(
    config: Config,
    picture: Picture,
    recipes: Sequence[tuple[str, Recipe]],
    statistics: Statistics | None,
    targets: LoadedTargets | None = None,
    *,
    before: Sequence[Params] = (),
) -> tuple[Tile, ...]:
    """What recipes make of a source, once it has been written and read back.

    All are shown between the same black and white.

    Args:
        config: The resolved config.
        picture: The source.
        recipes: Each with the title of its tile.
        statistics: What the images are standardised with, where the config asks for it.
        targets: The source's mask and annotations, to be shown as they come out.
        before: What is done before each of the recipes, and not told of in the captions.
    """
    made = [
        _made(config, picture, [*before, *recipe], statistics, targets) for _, recipe in recipes
    ]
    copies = [result[0] for result in made if not isinstance(result, SourceError)]
    window = _window(config, picture, copies)
    return tuple(
        Tile(None, title, str(result))
        if isinstance(result, SourceError)
        else Tile(_marked(shown(result[0], window), result[1]), title, recipe_in_words(recipe))
        for (title, recipe), result in zip(recipes, made, strict=True)
    )


def _made(
    config: Config,
    picture: Picture,
    recipe: Recipe,
    statistics: Statistics | None,
    targets: LoadedTargets | None,
) -> tuple[Pixels, Marks | None] | SourceError:
    """The pixels in a copy's file and what belongs to them, or why there are none."""
    try:
        rendered = render_recipe(config, picture, recipe, statistics, targets=targets)
        marks = None if targets is None else marks_of_copy(rendered)
        return pixels_in(rendered.data, config), marks
    except SourceError as error:
        return error


def _marked(image: Image.Image, marks: Marks | None) -> Image.Image:
    return image if marks is None else overlaid(image, marks)


def _window(config: Config, picture: Picture, copies: list[Pixels]) -> Window | None:
    """The source's black and white, so that brightness shows; the copies' if they are new numbers.

    None of 8-bit copies, which are shown as they are.
    """
    if all(pixels.dtype == np.uint8 for pixels in copies):
        return None
    if config.standardization is not None:
        return window_of(copies)
    return window_of([picture.pixels]) or (0.0, 255.0)
