"""Which samples are for training and which for validation."""

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from augcli.config.schema import Config
from augcli.datasets.items import TRAINING, VALIDATION
from augcli.errors import UsageError

_HASHES = 2**64


@dataclass(frozen=True, slots=True)
class Splitting:
    """The rule that a split follows.

    Attributes:
        fraction: Share of the samples that is for validation; 0 for no split at all.
        subset: Which samples the run is about.
        is_contiguous: Take the first samples for validation, as Keras-Preprocessing does, rather
            than go by a hash.
        group_by: What has the same match in its path stays together.
    """

    fraction: float = 0.0
    subset: Literal["training", "validation", "both"] = "both"
    is_contiguous: bool = False
    group_by: re.Pattern[str] | None = None

    @classmethod
    def of_config(cls, config: Config) -> "Splitting":
        """The rule that a config asks for."""
        group_by = None if config.group_by is None else re.compile(config.group_by)
        return cls(config.validation_split, config.subset, config.split == "contiguous", group_by)

    def of(self, path: str, position: int, count: int) -> str | None:
        """The split of one sample, None without a split.

        A hash says it of the path alone, so that a sample stays where it is whatever else is
        added. Within each class it takes about the fraction asked for, since it knows nothing of
        classes.

        Args:
            path: Path of the sample.
            position: Its place among the samples that are split together; only a contiguous
                split looks at it.
            count: How many are split together.

        Raises:
            UsageError: `group_by` is not found in the path.
        """
        if not self.fraction:
            return None
        if self.is_contiguous:
            is_validation = position < self.first(count)
        else:
            is_validation = _hash(self.group_of(path)) < self.fraction * _HASHES
        return VALIDATION if is_validation else TRAINING

    def first(self, count: int) -> int:
        """How many of `count` samples are for validation in a contiguous split."""
        return int(self.fraction * count)

    def wants(self, split: str | None) -> bool:
        """Whether the run is about samples of this split."""
        return split is None or self.subset in {"both", split}

    def group_of(self, path: str) -> str:
        """What a sample stays together with: all that has the same text.

        Raises:
            UsageError: `group_by` is not found in the path.
        """
        if self.group_by is None:
            return path
        match = self.group_by.search(path)
        key = match[min(1, self.group_by.groups)] if match else None
        if key is None:
            raise UsageError(
                f"group_by: {self.group_by.pattern!r} is not found in {path!r}; every path has to "
                f"say which group it belongs to"
            )
        return key


NO_SPLIT = Splitting()


def _hash(key: str) -> int:
    """64 bits that look random, the same everywhere; not those of the copies' seeds."""
    data = f"split\n{key}".encode("utf-8", "surrogateescape")
    return int.from_bytes(hashlib.sha256(data).digest()[:8], "big")
