"""The plan of a run that writes shards: .npz files of a batch of copies each.

Copy number n of every source makes epoch n: all sources once, in an order of its own. The order
follows from the seed, the number of the epoch and what each source goes by, so a source that is
added moves others, but swaps none of them.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import NamedTuple

from augcli.config.schema import Config
from augcli.config.traps import Finding
from augcli.datasets.arrays import Arrays
from augcli.datasets.base import DataSet
from augcli.datasets.items import TRAINING, VALIDATION, Item
from augcli.images.options import EXTENSIONS
from augcli.pipeline.balance import Balance
from augcli.pipeline.jobs import ShardJob
from augcli.pipeline.plan import SPLIT_FOLDERS, Plan, unlistable
from augcli.pipeline.records import Failure


def open_plan(config: Config, data: DataSet) -> "Plan | ShardPlan":
    """The plan for a data set, of files or of shards; close it after use.

    Raises:
        UsageError: No copy could be written as the config says.
    """
    if isinstance(data, Arrays):
        data.check_held(config)
    return ShardPlan(config, data) if config.save_format == "npz" else Plan(config, data)


class _Epoch(NamedTuple):
    """All samples of one side, once.

    Attributes:
        folder: Where its shards go: "", or a folder of the output and "/".
        copy: Number of the copies in it, None for the originals.
        is_validation: Whether the samples are those for validation.
    """

    folder: str
    copy: int | None
    is_validation: bool


class ShardPlan:
    """The shards of a data set; close it after use.

    The samples are listed once, into a private temporary SQLite database, which spills to disk
    when it grows. There they are put in order as well.

    Args:
        config: The resolved config.
        data: The data set.
    """

    def __init__(self, config: Config, data: DataSet) -> None:
        self._config = config
        self._plan = Plan(config, data)
        self._reader = data.reader
        self._listed = 0
        self._failures: list[Failure] = []
        self._balance = Balance(config)
        self._db = sqlite3.connect("", isolation_level=None)
        try:
            self._fill()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Removes the database."""
        self._db.close()

    def _fill(self) -> None:
        self._db.executescript(
            "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF;"
            "CREATE TABLE samples (position INTEGER PRIMARY KEY, is_validation INTEGER, key BLOB,"
            " item TEXT);"
            "CREATE TABLE digests (key BLOB PRIMARY KEY, sha256 TEXT) WITHOUT ROWID;"
            "BEGIN"
        )
        self._db.create_function("rank", 2, _rank, deterministic=True)
        for group in self._plan.groups():
            self._listed += len(group.names)
            if group.error is not None:
                self._failures.append(unlistable(group))
            for item in group.samples():
                if self._plan.has_both:
                    self._balance.add(item)
                self._db.execute(
                    "INSERT INTO samples (is_validation, key, item) VALUES (?, ?, ?)",
                    (item.split == VALIDATION, os.fsencode(item.key), _packed(item)),
                )

    # -- what there is

    @property
    def sources(self) -> int:
        """How many sources there are."""
        return self._count(is_validation=False) + self._count(is_validation=True)

    @property
    def copies(self) -> int:
        """How many copies are made of them."""
        return sum(self._count(is_validation=epoch.is_validation) for epoch in self._epochs())

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Folders that could not be listed."""
        return tuple(self._failures)

    @property
    def folders(self) -> list[str]:
        """The folders, relative to the output, that shards may go to."""
        return list(SPLIT_FOLDERS.values()) if self._plan.has_both else [""]

    def findings(self) -> tuple[Finding, ...]:
        """What one side of a split lacks."""
        return self._balance.findings()

    def explain_empty(self) -> str:
        """What to say when there is no source to work on."""
        return self._plan.explain_empty(self._listed)

    def _count(self, *, is_validation: bool) -> int:
        [count] = self._db.execute(
            "SELECT COUNT(*) FROM samples WHERE is_validation = ?", (is_validation,)
        ).fetchone()
        return int(count)

    def digest(self, item: Item) -> str | None:
        """As `Reader.digest`, for all epochs at once: each source is read a single time."""
        key = os.fsencode(item.key)
        row = self._db.execute("SELECT sha256 FROM digests WHERE key = ?", (key,)).fetchone()
        if row is None:
            row = (self._reader.digest(item),)
            self._db.execute("INSERT INTO digests VALUES (?, ?)", (key, *row))
        sha256: str | None = row[0]
        return sha256

    # -- what is made of it

    def shards(self) -> Iterator[ShardJob]:
        """Every shard, in the order of epochs and batches."""
        lead = f"{self._config.save_prefix}_" if self._config.save_prefix else ""
        extension = EXTENSIONS[self._config.save_format]
        for epoch in self._epochs():
            number = "original" if epoch.copy is None else epoch.copy
            items = self._items(epoch)
            batch = 0
            while samples := tuple(islice(items, self._config.batch_size)):
                name = f"{epoch.folder}{lead}{number}_{batch}.{extension}"
                yield ShardJob(name, epoch.copy, samples)
                batch += 1

    def contents(self) -> Iterator[tuple[str, int]]:
        """The name of every shard, with how many copies are in it."""
        return ((shard.name, shard.copies) for shard in self.shards())

    def first_copies(self) -> Iterator[tuple[Item, int | None]]:
        """Every source, with the number of its first copy."""
        for item in self._selected("ORDER BY position"):
            yield item, None if item.split == VALIDATION else 0

    def _epochs(self) -> Iterator[_Epoch]:
        """The epochs of copies, then the originals, then the images for validation."""
        training, validation = (
            f"{SPLIT_FOLDERS[split]}/" if self._plan.has_both else ""
            for split in (TRAINING, VALIDATION)
        )
        for copy in self._plan.training_numbers:
            yield _Epoch(training, copy, is_validation=False)
        yield _Epoch(validation, None, is_validation=True)

    def _items(self, epoch: _Epoch) -> Iterator[Item]:
        """The samples of an epoch in its order; originals are not shuffled."""
        if epoch.copy is None or not self._config.shuffle:
            order = "ORDER BY position"
            values: tuple[object, ...] = ()
        else:
            order = "ORDER BY rank(?, key), key"
            values = (f"shuffle\n{self._config.seed}\n{epoch.copy}\n",)
        yield from self._selected(f"WHERE is_validation = ? {order}", epoch.is_validation, *values)

    def _selected(self, clause: str, *values: object) -> Iterator[Item]:
        with closing(self._db.cursor()) as cursor:
            rows = cursor.execute(
                f"SELECT item FROM samples {clause}",  # noqa: S608  of our own clauses
                values,
            )
            for (text,) in rows:
                yield Item(*json.loads(text))


def _rank(epoch: str, key: bytes) -> int:
    """64 bits that look random, the same everywhere: the place of a source in an epoch."""
    digest = hashlib.sha256(epoch.encode() + key).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _packed(item: Item) -> str:
    """The item as text; a name that is not valid Unicode is escaped."""
    return json.dumps([item.path, item.label, item.split, item.sample_weight, item.alias])
