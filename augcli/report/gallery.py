"""What `augcli gallery` shows: every transform at a few strengths, on one picture."""

import inspect
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from augcli.config.schema import Config
from augcli.datasets.items import Item
from augcli.errors import SourceError, UsageError
from augcli.images.decode import Picture, decode, probe
from augcli.images.options import Loading
from augcli.pipeline.rendering import recipe_of, source_sample
from augcli.report.drawing.light import NOON
from augcli.report.drawing.scenes import draw, village
from augcli.report.pictures import shown, window_of
from augcli.report.sheet import Row, Sheet, Tile
from augcli.report.showcase import Example, examples_of
from augcli.report.words import recipe_in_words
from augcli.transforms.base import Size
from augcli.transforms.recipe import Recipe, apply_recipe
from augcli.transforms.registry import BUILT_IN, TRANSFORMS

SAMPLE = "village.png"
"""What the drawn picture is called; random numbers are drawn from its name."""
SAMPLE_SIZE = (320, 240)
"""Its width and height."""
LONGEST_SIDE = 480
"""Photos are reduced to this many pixels."""

FAMILIES: dict[str, str] = {
    "ranges": "Keras' ranges",
    "composites": "Steps made of steps",
    "spatial": "Turns, mirrors, views",
    "cropping": "Crops and sizes",
    "distortion": "Distortion",
    "tones": "Tones",
    "colors": "Colours",
    "blur": "Blur",
    "sharpening": "Sharpening",
    "noise": "Noise",
    "compression": "Compression",
    "dropout": "Hidden parts",
    "weather": "Weather and light",
    "policies": "Published policies",
}
"""The heading of each module of transforms."""
_OTHERS = "Of other packages"


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture of a gallery, and what made it."""

    example: Example
    tile: Tile


@dataclass(frozen=True, slots=True)
class Entry:
    """One transform.

    Attributes:
        name: As YAML has it.
        family: The heading that it stands under.
        summary: What it does, in a sentence or two.
        shown: Its pictures; none of a transform that has to be given settings.
    """

    name: str
    family: str
    summary: str
    shown: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Gallery:
    """All that a gallery shows.

    Attributes:
        subtitle: What the pictures are of.
        original: The picture as it is.
        entries: The transforms, those of a family next to each other.
    """

    subtitle: str
    original: Tile
    entries: tuple[Entry, ...]

    @property
    def title(self) -> str:
        """First line."""
        return "What the transforms do"

    @property
    def families(self) -> dict[str, list[Entry]]:
        """The transforms by their headings, in order."""
        families: dict[str, list[Entry]] = {}
        for entry in self.entries:
            families.setdefault(entry.family, []).append(entry)
        return families

    @property
    def failures(self) -> list[str]:
        """What could not be made, and why, one text for each reason."""
        texts = (
            f"{entry.name}: {shown.tile.text}"
            for entry in self.entries
            for shown in entry.shown
            if shown.tile.picture is None
        )
        return list(dict.fromkeys(texts))

    @property
    def sheet(self) -> Sheet:
        """The same as a sheet of pictures."""
        rows = [Row("The picture", "", (self.original,))]
        for entry in self.entries:
            if entry.shown:
                tiles = tuple(
                    Tile(one.tile.picture, one.tile.title, f"{one.tile.text}; {one.example.yaml}")
                    for one in entry.shown
                )
                rows.append(Row(entry.name, entry.summary, tiles))
        return Sheet(self.title, self.subtitle, tuple(rows))


@dataclass(frozen=True, slots=True)
class Subject:
    """The picture that a gallery shows the transforms on."""

    name: str
    picture: Picture
    note: str


def sample_subject(size: tuple[int, int] = SAMPLE_SIZE) -> Subject:
    """A drawn one, of this width and height."""
    image = draw(village, NOON, size, variant=0, seed=SAMPLE)
    return Subject(SAMPLE, Picture(np.array(image), None, ()), f"drawn, {size[0]} x {size[1]}")


def photo_subject(path: str) -> Subject:
    """A file's, reduced to `LONGEST_SIDE`.

    Raises:
        UsageError: It is no image that can be read.
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
        height, width = probe(data, Loading())
        longest = max(height, width)
        name = os.path.basename(path)  # as in a run on its folder
        if longest <= LONGEST_SIDE:
            return Subject(name, decode(data, Loading()), f"{path}, {width} x {height}")
        sides = [max(1, round(side * LONGEST_SIDE / longest)) for side in (height, width)]
        picture = decode(data, Loading(target_size=sides))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    except SourceError as error:
        raise UsageError(f"{path}: {error}") from error
    return Subject(name, picture, f"{path}, reduced to {sides[1]} x {sides[0]}")


def chosen_names(only: Sequence[str]) -> list[str]:
    """The transforms to show: these, or all of them; in the order of the registry.

    Raises:
        UsageError: There is no transform of one of the names.
        PluginError: A transform of another package cannot be used.
    """
    for name in only:
        if name not in TRANSFORMS:
            raise UsageError(f"there is no transform {name!r}; `augcli gallery` shows them all")
    return [name for name in TRANSFORMS if not only or name in only]


def make_gallery(
    subject: Subject, names: Sequence[str], *, seed: int, check: Callable[[], None] = lambda: None
) -> Gallery:
    """The gallery of these transforms.

    Args:
        subject: The picture that they are shown on.
        names: The transforms, by the names that YAML has for them.
        seed: That of the config which each picture is a copy of.
        check: Called before each transform; what it raises ends the work.

    Raises:
        PluginError: A transform of another package cannot be used.
    """
    height, width = subject.picture.pixels.shape[:2]
    original = Tile(
        shown(subject.picture.pixels, window_of([subject.picture.pixels])),
        "original",
        f"{width} x {height}",
        is_original=True,
    )
    entries = []
    for name in names:
        check()
        pictures = tuple(
            Shown(example, example_tile(subject, example, seed)) for example in examples_of(name)
        )
        entries.append(Entry(name, family_of(name), summary_of(name), pictures))
    subtitle = f"{_counted(len(entries), 'transform')} on one picture: {subject.note}; seed {seed}"
    return Gallery(subtitle, original, tuple(entries))


def example_tile(subject: Subject, example: Example, seed: int) -> Tile:
    """The picture of an example: the copy that a run with this step alone would give."""
    sample = source_sample(subject.picture)
    recipe = example_recipe(example, subject.name, sample.size, seed)
    try:
        pixels = apply_recipe(sample, recipe).image
    except SourceError as error:
        return Tile(None, example.title, str(error))
    picture = shown(pixels, window_of([subject.picture.pixels]))
    return Tile(picture, example.title, recipe_in_words(recipe))


def example_recipe(example: Example, name: str, size: Size, seed: int) -> Recipe:
    """What an example does to a picture of this name and size."""
    config = Config.model_validate({"transforms": [example.step], "seed": seed})
    return recipe_of(config, Item(name, None, None), size, example.copy)[1]


def family_of(name: str) -> str:
    """The heading that a transform stands under."""
    if name not in BUILT_IN:
        return _OTHERS
    return FAMILIES[BUILT_IN[name].partition(":")[0]]


def summary_of(name: str) -> str:
    """The first paragraph of a transform's docstring, on one line."""
    text = inspect.getdoc(TRANSFORMS[name]) or ""
    return " ".join(text.partition("\n\n")[0].split())


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
