"""What statistics are computed from: the images that are measured, and all else that matters."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any

from augcli.config.schema import Config, is_channels_first, resolved
from augcli.datasets.base import DataSet
from augcli.datasets.items import VALIDATION, Item
from augcli.datasets.open import open_dataset
from augcli.pipeline.statistics_file import FORMAT, reading_settings
from augcli.transforms.ranges import Ranges


def for_training(config: Config) -> Config:
    """The config of the images that are measured: statistics never see what is for validation."""
    return config.model_copy(update={"subset": "training"}) if config.validation_split else config


def measured_items(data: DataSet) -> Iterator[Item]:
    """The images that are measured, in the order of the data set."""
    for group in data.groups():
        yield from (item for item in group.samples() if item.split != VALIDATION)


class SourcesDigest:
    """One digest of all sources: of their keys and digests, in the order of the data set."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._last: str | None = None
        self._count = 0

    def add(self, sources: Iterable[tuple[str, str | None]]) -> None:
        """Takes in sources; one that comes twice in a row counts once."""
        for key, sha256 in sources:
            if key != self._last:
                self._digest.update(
                    f"{sha256 or 'unreadable'} {key}\n".encode("utf-8", "surrogateescape")
                )
                self._last = key
                self._count += 1

    def value(self) -> dict[str, Any]:
        """Number and digest, as JSON holds them."""
        return {"number": self._count, "sha256": self._digest.hexdigest()}


def origin_of(config: Config, used: dict[str, str], sources: dict[str, Any]) -> dict[str, Any]:
    """All that the numbers depend on: the same origin, the same numbers."""
    settings = config.standardization or Ranges()
    how: dict[str, Any] = {
        "augment": config.fit.augment,
        "zca_whitening": settings.zca_whitening,
        "dtype": settings.float_dtype or "float32",
        "channels_first": is_channels_first(config),  # how arrays are read
    }
    if config.fit.augment:
        how |= {"rounds": config.fit.rounds, "seed": config.seed}
        how["transforms"] = resolved(config)["transforms"]
    return {
        "format": FORMAT,
        "settings": reading_settings(config),
        "zca_epsilon": settings.zca_epsilon if settings.zca_whitening else None,
        "how": how,
        "sources": sources,
        "versions": used,
    }


def sources_of(config: Config) -> dict[str, Any]:
    """Number and digest of the sources as they are now."""
    sources = SourcesDigest()
    with closing(open_dataset(config)) as data:
        sources.add((item.key, data.reader.digest(item)) for item in measured_items(data))
    return sources.value()
