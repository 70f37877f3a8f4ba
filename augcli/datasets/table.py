"""A CSV as a data set: a line an image, with its path, its labels and its weight.

The file is read once, a line at a time, into a private temporary database, which spills to disk
when it grows: so a table of any length is grouped by folder in little memory.
"""

import csv
import json
import math
import os
import posixpath
import re
import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import IntEnum
from functools import partial
from typing import Any, NamedTuple

from augcli.config.schema import Config
from augcli.datasets.files import FileReader
from augcli.datasets.items import Group, Item, Label
from augcli.datasets.labels import Labels
from augcli.datasets.split import NO_SPLIT, Splitting
from augcli.datasets.targets import Targets
from augcli.errors import ConfigError, Problem, UsageError

_PROBLEMS_SHOWN = 10
_WHOLE_NUMBER = re.compile(r"[-+]?[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a CSV say what.

    Attributes:
        path: Path of the image.
        labels: Its labels; empty for none.
        are_values: The labels are numbers where all of their column are, rather than names.
        is_list: There are several label columns, which make a list.
        separator: What stands between several labels in one field, None for one label a field.
        weight: What the sample counts for, None without weights.
    """

    path: str = "filename"
    labels: tuple[str, ...] = ("class",)
    are_values: bool = False
    is_list: bool = False
    separator: str | None = None
    weight: str | None = None

    @classmethod
    def of_config(cls, config: Config) -> "Columns":
        """The columns that a config names, by their names in Keras where it names none."""
        names = "class" if config.y_col is None else config.y_col
        has_labels = Labels.of_texts(config).are_asked_for
        return cls(
            path="filename" if config.x_col is None else config.x_col,
            labels=tuple([names] if isinstance(names, str) else names) if has_labels else (),
            are_values=config.class_mode in {"raw", "multi_output"},
            is_list=isinstance(names, list),
            separator=config.label_separator,
            weight=config.weight_col,
        )


class _Kind(IntEnum):
    """What all fields of a column are; a higher one takes in the lower."""

    WHOLE, NUMBER, TEXT = range(3)


class _Row(NamedTuple):
    """A line of the table, its label still as it was written."""

    path: str
    label: Label
    weight: float | None


class RowError(Exception):
    """A line that says no sample; the text says why."""


class Table:
    """The images that a CSV lists. A `DataSet`.

    Args:
        path: The CSV: UTF-8, columns separated by commas, their names in the first line.
        directory: Folder that the paths in it are relative to.
        columns: Which columns say what.
        labels: What becomes of the labels.
        splitting: How lines are split; a contiguous split takes the first of the whole table.
        targets: Masks and annotations of the images.

    Raises:
        ConfigError: Lines that say no sample, each by its number.
        UsageError: The file cannot be read, or its classes are not those asked for.
    """

    def __init__(
        self,
        path: str,
        *,
        directory: str,
        columns: Columns,
        labels: Labels,
        splitting: Splitting = NO_SPLIT,
        targets: Targets | None = None,
    ) -> None:
        self._path = path
        self._directory = directory
        self._columns = columns
        self._labels = labels
        self._splitting = splitting
        self._kinds = [_Kind.WHOLE] * len(columns.labels)
        self._count = 0
        self.targets = targets
        self.reader = FileReader(directory, None if targets is None else targets.reader)
        self._db = sqlite3.connect("", isolation_level=None)
        try:
            self._fill()
            labels.settle(path)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Removes the database."""
        self._db.close()

    def groups(self) -> Iterator[Group]:
        """The samples of one folder of the output after the other."""
        for (folder,) in self._db.execute("SELECT DISTINCT folder FROM samples ORDER BY folder"):
            names = self._db.execute(
                "SELECT name FROM samples WHERE folder = ? ORDER BY name", (folder,)
            )
            yield Group(folder, tuple(name for (name,) in names), partial(self._samples, folder))

    def files(self) -> Iterator[str]:
        """The CSV, the images it lists, and the files with their masks and annotations."""
        yield self._path
        for path in self._paths():
            yield os.path.join(self._directory, path)
        if self.targets is not None:
            yield from self.targets.files(self._paths())

    def _paths(self) -> Iterator[str]:
        """The path of each image, once."""
        for (path,) in self._db.execute("SELECT DISTINCT path FROM samples ORDER BY path"):
            yield path

    def explain_empty(self) -> str:
        """What to say when there is no image at all."""
        return f"{self._path} lists no images"

    # -- reading

    def _fill(self) -> None:
        self._db.executescript(
            "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF;"
            "CREATE TABLE samples (folder TEXT, name TEXT, path TEXT, label TEXT, weight REAL,"
            " position INTEGER, PRIMARY KEY (folder, name)) WITHOUT ROWID;"
            "CREATE TABLE repeats (folder TEXT, name TEXT, number INTEGER,"
            " PRIMARY KEY (folder, name)) WITHOUT ROWID;"
            "BEGIN"
        )
        problems: list[Problem] = []
        for line, fields in _records(self._path, self._columns):
            try:
                self._add(self._row(fields))
            except RowError as error:
                problems.append(Problem(f"{self._path}:{line}", str(error)))
                if len(problems) == _PROBLEMS_SHOWN:
                    break
        if problems:
            raise ConfigError(problems)

    def _row(self, fields: dict[str, str]) -> _Row:
        """A line's fields, checked."""
        columns = self._columns
        weight = None if columns.weight is None else _weight(columns.weight, fields[columns.weight])
        path = fields[columns.path].replace(os.sep, "/")
        return _Row(path, self._written_label(fields), weight)

    def _written_label(self, fields: dict[str, str]) -> Label:
        """The texts of a line's labels: one, several, or none without label columns."""
        columns = self._columns
        for index, name in enumerate(columns.labels):
            if not fields[name].strip():
                raise RowError(f"no label: {name!r} is empty")
            self._kinds[index] = max(self._kinds[index], _kind(fields[name]))
        if not columns.labels:
            return None
        if columns.are_values:
            return [fields[name] for name in columns.labels]
        [name] = columns.labels
        if columns.separator is None:
            return fields[name]
        texts = [text.strip() for text in fields[name].split(columns.separator)]
        labels: list[Label] = list(dict.fromkeys(filter(None, texts)))
        if not labels:
            raise RowError(f"no label: {name!r} is {fields[name]!r}")
        return labels

    def _add(self, row: _Row) -> None:
        """Takes a line in, unless `classes` leaves it out."""
        label = self._labels.take(row.label)
        if label is None and self._labels.are_classes:
            return
        folder, name = output_place(row.path)
        values = (row.path, json.dumps(label), row.weight, self._count)
        alias = name
        while not self._insert(folder, alias, values):
            stem, suffix = os.path.splitext(name)
            alias = f"{stem}~{self._next_number(folder, name)}{suffix}"
        self._count += 1

    def _insert(self, folder: str, name: str, values: tuple[object, ...]) -> bool:
        """Whether the name was free in the folder."""
        done = self._db.execute(
            "INSERT OR IGNORE INTO samples VALUES (?, ?, ?, ?, ?, ?)", (folder, name, *values)
        )
        return done.rowcount == 1

    def _next_number(self, folder: str, name: str) -> int:
        """2 for the second sample of a name, 3 for the third, and so on."""
        key = (folder, name)
        self._db.execute("INSERT OR IGNORE INTO repeats VALUES (?, ?, 1)", key)
        self._db.execute("UPDATE repeats SET number = number + 1 WHERE folder=? AND name=?", key)
        [number] = self._db.execute(
            "SELECT number FROM repeats WHERE folder = ? AND name = ?", key
        ).fetchone()
        return int(number)

    # -- giving out

    def _samples(self, folder: str) -> Iterator[Item]:
        rows = self._db.execute(
            "SELECT name, path, label, weight, position FROM samples"
            " WHERE folder = ? ORDER BY name",
            (folder,),
        )
        for name, path, label, weight, position in rows:
            split = self._splitting.of(path, position, self._count)
            if self._splitting.wants(split):
                alias = None if name == path.rpartition("/")[2] else name
                entry = None if self.targets is None else self.targets.entry(path)
                yield Item(path, self._label(json.loads(label)), split, weight, alias, entry)

    def _label(self, written: Any) -> Label:
        """The label of the manifest, from what was written."""
        if not self._columns.are_values:
            return self._labels.of(written)
        values: list[Label] = list(map(_value, written, self._kinds))
        return values if self._columns.is_list else values[0]


def output_place(path: str) -> tuple[str, str]:
    """The folder in the output, and the name in it, that copies of a path belong to.

    What leads out of the output, the root of a file system and "..", is left out.

    Raises:
        RowError: It is no path of a file.
    """
    if not path or "\0" in path:
        raise RowError("no path of an image")
    inner = posixpath.normpath(os.path.splitdrive(path)[1])
    *folders, name = [part for part in inner.split("/") if part not in {"", ".", ".."}] or [""]
    if not name or path.endswith("/"):
        raise RowError(f"{path!r} is no path of an image")
    return "/".join(folders), name


def _records(path: str, columns: Columns) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of a CSV after the first, as mappings, each with its number.

    Raises:
        ConfigError: It is no CSV with these columns.
        UsageError: It cannot be read.
    """
    start = 1
    header: list[str] | None = None
    # Closed here, whatever happens: csv's reader holds the lines, and the traceback of an error
    # holds the reader, so that the file would stay open for as long as the error is kept.
    with closing(_text_lines(path)) as lines:
        reader = csv.reader(lines, strict=True)
        try:
            for fields in reader:
                if header is None:
                    header = _checked_header(path, fields, columns)
                elif fields:
                    if len(fields) != len(header):
                        message = _wrong_length(fields, header)
                        raise ConfigError([Problem(f"{path}:{start}", message)])
                    yield start, dict(zip(header, fields, strict=True))
                start = reader.line_num + 1
        except csv.Error as error:
            raise ConfigError([Problem(f"{path}:{start}", f"no CSV: {error}")]) from error
    if header is None:
        raise ConfigError([Problem(f"{path}:1", "the file is empty; it needs a line of columns")])


def _text_lines(path: str) -> Generator[str, None, None]:
    """The lines of a UTF-8 file, with or without a byte order mark."""
    try:
        with open(path, "rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    yield line.decode("utf-8-sig" if number == 1 else "utf-8")
                except UnicodeDecodeError as error:
                    message = f"byte 0x{line[error.start]:02X} is not UTF-8; save it as UTF-8"
                    raise ConfigError([Problem(f"{path}:{number}", message)]) from error
    except OSError as error:
        raise UsageError(f"the source {path} cannot be read: {error.strerror}") from error


def _checked_header(path: str, header: list[str], columns: Columns) -> list[str]:
    """The names of the columns, all that are wanted being there once.

    Raises:
        ConfigError: They are not, with every one.
    """
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        message = "the columns have to be separated by commas"
        raise ConfigError([Problem(f"{path}:1", message)])
    wanted = {"x_col": [columns.path], "y_col": columns.labels}
    if columns.weight is not None:
        wanted["weight_col"] = [columns.weight]
    problems = [
        Problem(f"{path}:1", _explain_column(key, name, header))
        for key, names in wanted.items()
        for name in names
        if header.count(name) != 1
    ]
    if problems:
        raise ConfigError(problems)
    return header


def _explain_column(key: str, name: str, header: Sequence[str]) -> str:
    if name in header:
        return f"{header.count(name)} columns are called {name!r}"
    without = ", or write 'class_mode: null' for none" if key == "y_col" else ""
    return f"no column {name!r}, only {', '.join(header)}; name one with {key}{without}"


def _wrong_length(fields: Sequence[str], header: Sequence[str]) -> str:
    return f"{len(fields)} fields, where the first line has {len(header)} columns"


def _weight(name: str, text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        weight = math.nan
    if not math.isfinite(weight):
        raise RowError(f"no number: {name!r} is {text!r}")
    return weight


def _kind(text: str) -> _Kind:
    """What a field is by itself."""
    if _WHOLE_NUMBER.fullmatch(text.strip()):
        return _Kind.WHOLE
    try:
        is_number = math.isfinite(float(text)) and "_" not in text
    except ValueError:
        is_number = False
    return _Kind.NUMBER if is_number else _Kind.TEXT


def _value(text: str, kind: _Kind) -> str | int | float:
    """A field as a value of its column's kind."""
    if kind is _Kind.TEXT:
        return text
    return int(text) if kind is _Kind.WHOLE else float(text)
