"""What is known of every source, in a private database that spills to disk when it grows.

So a data set of any size is looked over in little memory, and what is asked of it is one query.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from augcli.datasets.items import Item, Label

ClassName = str | int | float
"""What a class goes by: a name or a number; a one-hot row as JSON."""

SHOWN = 3
"""How many names stand for all."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one source is like, without its pixels.

    Attributes:
        bytes: Size of its file; 0 for all images of one array.
        height: In pixels, None where it could not be told, and so is the width.
        width: In pixels.
        jpeg_quality: As `augcli.images.jpeg_quality` estimates it.
    """

    bytes: int = 0
    height: int | None = None
    width: int | None = None
    jpeg_quality: int | None = None


@dataclass(frozen=True, slots=True)
class Some:
    """Sources that have something in common.

    Attributes:
        number: How many they are.
        first: Paths of the first three.
    """

    number: int
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Twins:
    """Sources of the same content.

    Attributes:
        number: How many they are.
        paths: Paths of the first three, each once.
        differ_in_label: Whether not all have the same label.
        differ_in_split: Whether some are for training and others for validation.
    """

    number: int
    paths: tuple[str, ...]
    differ_in_label: bool
    differ_in_split: bool


class Catalogue:
    """The sources of one data set, in its order. A context manager."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(
            "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF;"
            "CREATE TABLE sources (position INTEGER PRIMARY KEY, path BLOB, label TEXT,"
            " split TEXT, bytes INTEGER, height INTEGER, width INTEGER, quality INTEGER);"
            "CREATE TABLE digests (digest BLOB, position INTEGER, PRIMARY KEY (digest, position))"
            " WITHOUT ROWID;"
            "CREATE VIEW candidates AS SELECT position, path FROM sources WHERE height IS NOT NULL"
            " AND bytes IN (SELECT bytes FROM sources GROUP BY bytes HAVING COUNT(*) > 1);"
            "BEGIN"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._db.close()

    # -- taking in

    def add(self, item: Item, look: Look) -> None:
        """Takes in the next source."""
        self._db.execute(
            "INSERT INTO sources VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)",
            (
                _encoded(item.path),
                json.dumps(item.label),
                item.split,
                *(look.bytes, look.height, look.width, look.jpeg_quality),
            ),
        )

    def add_digest(self, position: int, sha256: str) -> None:
        """Takes in the digest of the source at a position of `candidates`."""
        self._db.execute("INSERT INTO digests VALUES (?, ?)", (bytes.fromhex(sha256), position))

    # -- giving out

    def candidates(self) -> Iterator[tuple[int, str]]:
        """Positions and paths of the sources that may have twins: others have their file size."""
        rows = self._db.execute("SELECT position, path FROM candidates ORDER BY position")
        return ((position, _decoded(path)) for position, path in rows)

    def number_of_candidates(self) -> int:
        """How many they are."""
        [number] = self._db.execute("SELECT COUNT(*) FROM candidates").fetchone()
        return int(number)

    def twins(self) -> Iterator[Twins]:
        """Each set of sources of the same digest."""
        rows = self._db.execute(
            "SELECT digest, COUNT(*), COUNT(DISTINCT label), COUNT(DISTINCT split) FROM digests"
            " JOIN sources USING (position) GROUP BY digest HAVING COUNT(*) > 1"
            " ORDER BY MIN(position)"
        )
        for digest, number, labels, splits in rows:
            paths = self._db.execute(
                "SELECT path FROM digests JOIN sources USING (position) WHERE digest = ?"
                " GROUP BY path ORDER BY MIN(position) LIMIT ?",
                (digest, SHOWN),
            )
            yield Twins(number, tuple(_decoded(path) for (path,) in paths), labels > 1, splits > 1)

    def images(self, *, split: str | None = None) -> int:
        """How many sources there are, of one split if it is named."""
        where, values = ("TRUE", ()) if split is None else ("split = ?", (split,))
        return self._number(where, values)

    def sorted_paths(self) -> Iterator[str]:
        """The path of each source, in the order of their bytes."""
        rows = self._db.execute("SELECT path FROM sources ORDER BY path")
        return (_decoded(path) for (path,) in rows)

    def classes(self) -> Counter[ClassName]:
        """How many images each class has; one with several labels counts for each."""
        found: Counter[ClassName] = Counter()
        for text, number in self._db.execute(
            "SELECT label, COUNT(*) FROM sources WHERE label <> 'null' GROUP BY label"
            " ORDER BY MIN(position)"
        ):
            for name in _class_names(json.loads(text)):
                found[name] += number
        return found

    def without_label(self) -> Some:
        """Sources that have no label."""
        return self._some("label = 'null'")

    def smaller_than(self, height: int, width: int) -> Some:
        """Sources that are lower or narrower."""
        return self._some("height < ? OR width < ?", (height, width))

    def distorted_by(self, height: int, width: int, factor: float) -> Some:
        """Sources whose sides are in a ratio that is `factor` times another one, or more."""
        stretch = "(1.0 * width * ? / (1.0 * height * ?))"
        return self._some(
            f"{stretch} >= ? OR {stretch} <= 1.0 / ?",
            (height, width, factor, height, width, factor),
        )

    def sizes(self) -> int:
        """How many sizes there are, of different height or width."""
        [number] = self._db.execute(
            "SELECT COUNT(*) FROM (SELECT DISTINCT height, width FROM sources"
            " WHERE height IS NOT NULL)"
        ).fetchone()
        return int(number)

    def smallest(self) -> tuple[int, int] | None:
        """Least height and least width; None when no source could be read."""
        height, width = self._db.execute("SELECT MIN(height), MIN(width) FROM sources").fetchone()
        return None if height is None else (height, width)

    def extremes(self) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """Height and width of the image with the fewest pixels, and of that with the most."""
        query = (
            "SELECT height, width FROM sources WHERE height IS NOT NULL"
            " ORDER BY height * width {}, position LIMIT 1"
        )
        fewest = self._db.execute(query.format("ASC")).fetchone()
        most = self._db.execute(query.format("DESC")).fetchone()
        return None if fewest is None else (fewest, most)

    def jpegs(self) -> int:
        """How many sources are JPEGs of an estimated quality."""
        return self._number("quality IS NOT NULL")

    def median_quality(self) -> int:
        """That of the JPEGs; there has to be one."""
        [quality] = self._db.execute(
            "SELECT quality FROM sources WHERE quality IS NOT NULL ORDER BY quality"
            " LIMIT 1 OFFSET ?",
            (self.jpegs() // 2,),
        ).fetchone()
        return int(quality)

    def _number(self, where: str, values: tuple[Any, ...] = ()) -> int:
        query = f"SELECT COUNT(*) FROM sources WHERE {where}"  # noqa: S608  written in this class
        [number] = self._db.execute(query, values).fetchone()
        return int(number)

    def _some(self, where: str, values: tuple[Any, ...] = ()) -> Some:
        query = f"SELECT path FROM sources WHERE {where} ORDER BY position LIMIT {SHOWN}"  # noqa: S608  as above
        paths = tuple(_decoded(path) for (path,) in self._db.execute(query, values))
        return Some(self._number(where, values), paths)


def _class_names(label: Label) -> list[ClassName]:
    """The classes that a label names; several numbers, as in a one-hot row, are one class."""
    if isinstance(label, list):
        names: list[ClassName] = [name for name in label if isinstance(name, str)]
        return names if len(names) == len(label) else [json.dumps(label)]
    return [] if label is None else [label]


def _encoded(path: str) -> bytes:
    """A path as a database holds it whatever its bytes are."""
    return path.encode("utf-8", "surrogateescape")


def _decoded(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")
