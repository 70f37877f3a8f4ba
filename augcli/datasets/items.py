"""The words for the samples of a data set."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from augcli.annotations.coco import CocoImage

TRAINING, VALIDATION = "training", "validation"

Label: TypeAlias = "str | int | float | list[Label] | None"
"""Class or target of a sample, as JSON holds it: a name, a number, several of them, or none."""


@dataclass(frozen=True)  # no slots: see `augcli.pipeline.jobs`
class Item:
    """One source image.

    Attributes:
        path: Where it is: relative to the data set's folder with "/" between its parts, or as a
            CSV has it; of an image in an array, its index.
        label: Class or target of the sample, None where the data set has none.
        split: "training" or "validation", None without a split.
        sample_weight: What the sample counts for, None where the data set does not say.
        alias: What the sample goes by in its group, where another one has its path's last part.
        entry: What a COCO file says of it, None where there is no such file, or nothing in it.
    """

    path: str
    label: Label
    split: str | None
    sample_weight: float | None = None
    alias: str | None = None
    entry: CocoImage | None = None

    @property
    def name(self) -> str:
        """What the sample goes by in its group: the alias, or the last part of its path."""
        return self.path.rpartition("/")[2] if self.alias is None else self.alias

    @property
    def key(self) -> str:
        """What its random numbers are drawn from; no other sample of the data set has it."""
        return self.path if self.alias is None else f"{self.path}\n{self.alias}"

    def file_in(self, root: str) -> str:
        """Where its image lies, in the data set's folder `root`."""
        return os.path.join(root, self.path)


@dataclass(frozen=True, slots=True)
class Group:
    """Samples whose copies share a folder of the output, and so have to tell their names apart.

    Attributes:
        path: That folder, relative to the output, with "/" between its parts; "" for the output.
        names: What the samples go by, each once, of whatever subset.
        samples: Gives the samples of the subset that is asked for, anew at each call.
        error: Why the folder could not be listed, None where it could.
    """

    path: str
    names: Sequence[str]
    samples: Callable[[], Iterable[Item]]
    error: str | None = None
