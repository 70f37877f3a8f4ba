"""An output as it was left: its manifest, a line at a time, and the files that stand in it."""

import os
import sqlite3
from collections.abc import Iterator
from typing import Any, NamedTuple, Self

from augcli.errors import AugcliError, UsageError
from augcli.pipeline.ledger import JOURNAL
from augcli.pipeline.records import (
    FAILURES,
    FURTHER_KEYS,
    INDEX_KEY,
    MANIFEST,
    RECORD_KEYS,
    RUN,
    STATISTICS,
    ManifestError,
    parse_record,
)

_REPORTS = {MANIFEST, FAILURES, RUN, STATISTICS}
_AT_ONCE = 2**20  # bytes


def finished_manifest(output: str) -> str:
    """Path of the manifest of an output whose run has come to its end.

    Raises:
        UsageError: There is none: no run has written to this folder.
        AugcliError: A run is not done with it.
    """
    if not os.path.isdir(output):
        raise UsageError(f"there is no folder {output}")
    if os.path.lexists(os.path.join(output, JOURNAL)):
        raise AugcliError(
            f"a run on {output} has not come to its end: run the same `augcli expand` again, "
            f"which completes it, and then this command"
        )
    path = os.path.join(output, MANIFEST)
    if not os.path.isfile(path):
        raise UsageError(
            f"there is no {path}: expected a folder that `augcli expand` has written to"
        )
    return path


class Line(NamedTuple):
    """One line of a manifest.

    Attributes:
        number: From 1.
        values: What it says; None where that cannot be told.
        error: What is wrong with it; None for a line as it should be.
    """

    number: int
    values: dict[str, Any] | None
    error: ManifestError | None


class Manifest:
    """A manifest, held to its form: known keys, sorted names, each of them once.

    Args:
        path: The file.
    """

    def __init__(self, path: str) -> None:
        self.path = path

    def count(self) -> int:
        """How many lines there are."""
        lines = 0
        last = b"\n"
        with open(self.path, "rb") as file:
            while block := file.read(_AT_ONCE):
                lines += block.count(b"\n")
                last = block[-1:]
        return lines + (last != b"\n")

    def lines(self) -> Iterator[Line]:
        """Every line, as it should be or not."""
        last: dict[str, Any] | None = None
        with open(self.path, "rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    values = _parsed(line)
                except ManifestError as error:
                    yield Line(number, None, error)
                    continue
                yield Line(number, values, _misplaced(values, last))
                last = values

    def records(self) -> Iterator[dict[str, Any]]:
        """What every line says.

        Raises:
            AugcliError: A line is not as it should be.
        """
        for number, values, error in self.lines():
            if values is None or error is not None:
                raise AugcliError(f"{self.path}:{number}: {error}") from error
            yield values


def _parsed(line: bytes) -> dict[str, Any]:
    if not line.endswith(b"\n"):
        raise ManifestError("the line is cut short")
    values = parse_record(line)
    if list(values) != [key for key in (*RECORD_KEYS, *FURTHER_KEYS) if key in values]:
        raise ManifestError(f"other keys than {', '.join(RECORD_KEYS)}, or in another order")
    return values


def _misplaced(values: dict[str, Any], last: dict[str, Any] | None) -> ManifestError | None:
    """Why a line does not follow the one before it; None when it does."""
    name, index = values["file_name"], values.get(INDEX_KEY, 0)
    if last is None or os.fsencode(name) > os.fsencode(last["file_name"]):
        return None if index == 0 else ManifestError(f"{name} does not begin with index 0")
    if name != last["file_name"]:
        return ManifestError(f"{name} is out of place: lines are sorted by file_name")
    if index == last.get(INDEX_KEY, 0):
        return ManifestError(f"{name} is listed twice")
    if index != last.get(INDEX_KEY, 0) + 1:
        return ManifestError(f"{name} does not go on with the next index")
    if values["sha256"] != last["sha256"]:
        return ManifestError(f"{name} has another sha256 than in the line before")
    return None


class NameSet:
    """A set of names that may be larger than the memory; a context manager.

    It lives in a private temporary SQLite database, which spills to disk when it grows.
    """

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("PRAGMA journal_mode=OFF")
        self._db.execute("CREATE TABLE names (name BLOB PRIMARY KEY) WITHOUT ROWID")
        self._db.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._db.close()

    def add(self, name: str) -> bool:
        """Takes a name in; whether it was not there before.

        Raises:
            AugcliError: There is no more room for it.
        """
        try:
            done = self._db.execute("INSERT OR IGNORE INTO names VALUES (?)", (os.fsencode(name),))
        except sqlite3.OperationalError as error:
            raise AugcliError(
                f"the temporary folder cannot hold the names of all files ({error}): free some "
                f"space there, or point TMPDIR elsewhere"
            ) from error
        return done.rowcount == 1

    def __contains__(self, name: str) -> bool:
        rows = self._db.execute("SELECT 1 FROM names WHERE name = ?", (os.fsencode(name),))
        return rows.fetchone() is not None


def files_in(output: str) -> Iterator[str]:
    """What stands in an output beside augcli's own reports, by its path in it; no folders.

    Names that start with a dot are passed over; a link is given, and not followed.

    Raises:
        AugcliError: A folder cannot be listed.
    """
    pending = [""]
    while pending:
        folder = pending.pop()
        path = os.path.join(output, folder) if folder else output
        try:
            with os.scandir(path) as entries:
                found = sorted(
                    (entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries
                )
        except OSError as error:
            raise AugcliError(f"the folder {path} cannot be listed: {error.strerror}") from error
        shown = [(folder + name, is_folder) for name, is_folder in found if name[0] != "."]
        yield from (path for path, is_folder in shown if not is_folder and path not in _REPORTS)
        pending += [f"{path}/" for path, is_folder in reversed(shown) if is_folder]
