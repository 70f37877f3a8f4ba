"""What the rules of `data_traps` look at, and the words they share."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from augcli.config.schema import Config
from augcli.inspection.catalogue import SHOWN, Catalogue, ClassName, Some
from augcli.transforms.ranges import Ranges
from augcli.transforms.step import Step, dotted, walk


@dataclass(frozen=True, slots=True)
class Decoded:
    """An image as the config reads it.

    Attributes:
        path: Where it is.
        dtype: Of its pixels, by NumPy's name.
        shape: Height, width, channels.
        highest: Its highest level.
    """

    path: str
    dtype: str
    shape: tuple[int, ...]
    highest: float


@dataclass(frozen=True, slots=True)
class Known:
    """What the rules look at.

    Attributes:
        config: The resolved config.
        catalogue: All sources.
        classes: How many images each class has; empty where labels are no classes.
        decoded: Some images.
    """

    config: Config
    catalogue: Catalogue
    classes: Mapping[ClassName, int]
    decoded: tuple[Decoded, ...]

    @property
    def class_names(self) -> list[str]:
        """The classes that have a name rather than a number."""
        return [name for name in self.classes if isinstance(name, str)]

    @property
    def steps(self) -> Iterator[tuple[str, Step]]:
        """Each step that happens, and each in it, with its place in the config."""
        for place, step in walk(self.config.transforms, happening=True):
            yield dotted(place), step

    @property
    def ranges(self) -> Iterator[tuple[str, Ranges]]:
        """Each step of ranges that happens, with its key in the config."""
        for subject, step in self.steps:
            if isinstance(step.transform, Ranges):
                yield f"{subject}.ranges", step.transform


def shown(name: ClassName) -> str:
    """A name on one line, whatever it has in it."""
    text = str(name)
    return text if text.isprintable() else repr(text)


def count(number: int, noun: str) -> str:
    """A number with its noun: "1 image", "1,200 images"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(texts: Sequence[str], number: int) -> str:
    """The first of `number` texts, and how many more there are."""
    more = number - len(texts[:SHOWN])
    return ", ".join(texts[:SHOWN]) + (f" and {more:,} more" if more else "")


def classes(names: Sequence[ClassName]) -> str:
    """Classes by their names: "the classes a, b, c and 4 more"."""
    return f"{'class' if len(names) == 1 else 'the classes'} {listed_names(names, len(names))}"


def listed_names(names: Sequence[ClassName], number: int) -> str:
    """As `listed`, of names."""
    return listed([shown(name) for name in names[:SHOWN]], number)


def images_are(some: Some, total: int) -> str:
    """The start of a sentence: "2 of 9 images (a.png, b.png) are"."""
    verb = "is" if some.number == 1 else "are"
    names = listed_names(some.first, some.number)
    return f"{some.number:,} of {count(total, 'image')} ({names}) {verb}"
