"""The word for one sample of a data set."""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One source image.

    Attributes:
        path: Path relative to the source, with "/" between its parts.
        label: Class of the sample, None where the data set has none.
        split: "training" or "validation", None without a split.
    """

    path: str
    label: str | None
    split: str | None

    def file_in(self, root: str) -> str:
        """Where its image lies, in the data set's folder `root`."""
        return os.path.join(root, *self.path.split("/"))
