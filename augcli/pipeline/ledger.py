"""What the output holds and what becomes of it, in memory that does not grow with it.

There is an entry for each line of the manifest: one a file, or one for each copy in a shard; and
one for each further file, such as a mask, that has no line of its own.

The ledger is filled from an earlier manifest and from the journal of a run that did not finish.
Entries start as `EARLIER`; the run marks those that still stand, and adds new ones, as
`CURRENT`. What is still `EARLIER` at the end is what the plan no longer has.

It lives in a private temporary SQLite database, which spills to disk when it grows. The journal
is an append-only file in the output: a line before a name is written for the first time, and a
line with the record after it. So every file that augcli may have written is known, wherever a
run was killed.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, BinaryIO, NamedTuple, Self

from augcli.config.schema import MAX_SEED
from augcli.datasets.items import Label
from augcli.errors import AugcliError, UsageError
from augcli.pipeline.records import (
    COMPANIONS,
    INDEX_KEY,
    MANIFEST,
    ManifestError,
    Record,
    is_inner_path,
    json_line,
    parse_object,
    parse_record,
    record_values,
)

JOURNAL = ".augcli-journal.jsonl"
_RUN_LINE = b'{"run": '  # as `json_line` begins one
EARLIER, CURRENT = 0, 1
_IS_COPY = "line <> x''"  # further files, and those only begun, have no line
_HAS_LINE = f"state = {CURRENT} AND {_IS_COPY}"
_NEW_VALUES = ", ".join(
    f"{column} = excluded.{column}"
    for column in (
        *("source", "copy", "source_sha256", "sha256", "digest", "label", "split"),
        *("sample_weight", "annotations", "line", "state"),
    )
)
_PLACES = ", ".join("?" * 14)
_FIND = (
    "SELECT source, copy, source_sha256, sha256, digest, label, split, sample_weight, annotations,"
    " state"
    " FROM copies WHERE name = ? ORDER BY position"
)


class Entry(NamedTuple):
    """What is known of one copy in the output.

    Attributes:
        source: Path of its source.
        copy: Its number, None for an original.
        source_sha256: Digest of the source it was made from, of a mask the source's mask; "" when
            it was only begun.
        sha256: Digest of its file's bytes; "" when it was only begun.
        digest: Digest of the settings it was made with.
        label: Label of its source.
        split: Split of its source.
        sample_weight: What its source counts for.
        annotations_sha256: Digest of what is said of its source.
        is_current: Whether it stands, or has been written by this run.
    """

    source: str
    copy: int | None
    source_sha256: str
    sha256: str
    digest: str
    label: Label
    split: str | None
    sample_weight: float | None = None
    annotations_sha256: str | None = None
    is_current: bool = False


class Ledger:
    """The files of one output; use it as a context manager.

    Args:
        output: The output folder.
        digest: Digest of the settings of this run.
        earlier_digest: Digest of the settings of the run that wrote the manifest.
        drawn_seed: The seed of this run, if chance chose it: to be found in the journal.
    """

    def __init__(
        self, output: str, *, digest: str, earlier_digest: str, drawn_seed: int | None = None
    ) -> None:
        self._output = output
        self._digest = digest
        self._drawn_seed = drawn_seed
        self._journal: BinaryIO | None = None
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("PRAGMA journal_mode=OFF")
        self._db.execute("PRAGMA page_size=16384")  # rows have about 1 kB: several to a page
        self._db.execute(
            "CREATE TABLE copies (name BLOB, position INTEGER, source BLOB, copy INTEGER,"
            " source_sha256 TEXT, sha256 TEXT, digest TEXT, label TEXT, split TEXT,"
            " sample_weight REAL, annotations TEXT, line BLOB, state INTEGER, was_copy INTEGER,"
            " PRIMARY KEY (name, position))"
            " WITHOUT ROWID"
        )
        self._db.execute("BEGIN")
        self._insert(self._manifest_rows(earlier_digest))
        self._read_journal()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._journal is not None:
            with suppress(OSError):  # a full disk has been reported by then
                self._journal.close()
        self._db.close()

    # -- what an earlier run left

    def _manifest_rows(self, digest: str) -> Iterator[tuple[Any, ...]]:
        path = os.path.join(self._output, MANIFEST)
        for line, values in _parsed(path, _lines_of(path), parse_record):
            yield from _rows(values, line, digest, EARLIER)

    def _read_journal(self) -> None:
        path = os.path.join(self._output, JOURNAL)
        digest = ""
        for line, values in _parsed(path, _whole_lines_of(path), _parse_journal_line):
            if "run" in values:
                digest = str(values["run"])
            elif "begin" in values:
                self._insert_begun(filter(is_inner_path, values["begin"]))
            else:
                self._insert(_rows(values, line, digest, EARLIER))

    def add_files(self, names: Iterable[str]) -> None:
        """Says that an earlier run wrote these files, which have no line in the manifest."""
        self._insert_begun(names)

    # -- this run

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known: the output is new."""
        return self._db.execute("SELECT 1 FROM copies LIMIT 1").fetchone() is None

    def find(self, name: str) -> Entry | None:
        """What is known of the file `name`, relative to the output; of the first copy in it."""
        row = self._db.execute(_FIND, (os.fsencode(name),)).fetchone()
        return None if row is None else _entry(*row)

    def find_all(self, name: str) -> Iterator[Entry]:
        """What is known of each copy in the file `name`, in their order."""
        for row in self._db.execute(_FIND, (os.fsencode(name),)):
            yield _entry(*row)

    def keep(self, names: Iterable[str]) -> None:
        """Marks files that still stand."""
        self._db.executemany(
            f"UPDATE copies SET state = {CURRENT} WHERE name = ?",  # noqa: S608  a constant
            [(os.fsencode(name),) for name in names],
        )

    def keep_planned(self, files: Iterable[tuple[str, int]]) -> None:
        """Marks what a plan has: names of files, and how many copies each has."""
        self._db.executemany(
            f"UPDATE copies SET state = {CURRENT}"  # noqa: S608  a constant
            " WHERE name = ? AND position < ?",
            [(os.fsencode(name), copies) for name, copies in files],
        )

    def begin(self, names: Sequence[str]) -> None:
        """Says that these files are about to be written; what they held counts until they are."""
        self._append(_journal_line({"begin": list(names)}))
        keys = [os.fsencode(name) for name in names]
        self._db.executemany(
            f"UPDATE copies SET state = {EARLIER} WHERE name = ?",  # noqa: S608  a constant
            [(key,) for key in keys],
        )
        self._insert(map(_begun, keys), if_known="IGNORE")

    def record(self, records: Sequence[Record]) -> None:
        """Takes down copies that have been written."""
        lines: list[bytes] = []
        rows: list[tuple[Any, ...]] = []
        for record in records:
            values = record_values(record)
            line = json_line(values)
            lines.append(line)
            rows += _rows(values, line, self._digest, CURRENT)
        self._append(b"".join(lines))
        self._db.executemany(
            f"INSERT INTO copies VALUES ({_PLACES})"  # noqa: S608  constants
            f" ON CONFLICT (name, position) DO UPDATE SET {_NEW_VALUES}",
            rows,
        )

    def drop_source(self, source: str) -> None:
        """Takes back what stands or was written of a source that turned out unusable."""
        self._db.execute(
            f"UPDATE copies SET state = {EARLIER} WHERE source = ?",  # noqa: S608  a constant
            (os.fsencode(source),),
        )

    def flush(self) -> None:
        """Hands the journal to the operating system, so that a kill loses none of it."""
        if self._journal is not None:
            self._journal.flush()

    # -- the end of it

    def lines(self) -> Iterator[bytes]:
        """The manifest: lines of the current copies, sorted by name, and by place in a shard."""
        for (line,) in self._db.execute(
            f"SELECT line FROM copies WHERE {_HAS_LINE}"  # noqa: S608  a constant
            " ORDER BY name, position"
        ):
            yield line

    def records(self) -> Iterator[dict[str, Any]]:
        """What these lines say."""
        return map(parse_object, self.lines())

    def count(self) -> int:
        """How many copies are current."""
        row = self._db.execute(
            f"SELECT COUNT(*) FROM copies WHERE {_HAS_LINE}"  # noqa: S608  a constant
        ).fetchone()
        return int(row[0])

    def leftovers(self) -> Iterator[str]:
        """Names of files that were written once and have no place in the plan."""
        for (name,) in self._db.execute(
            "SELECT name FROM copies GROUP BY name"  # noqa: S608  a constant
            f" HAVING MAX(state) = {EARLIER} ORDER BY name"
        ):
            yield os.fsdecode(name)

    def count_leftovers(self) -> int:
        """How many copies earlier runs had on record that have no place in the plan or a shard."""
        row = self._db.execute(
            f"SELECT COUNT(*) FROM copies WHERE state = {EARLIER} AND was_copy"  # noqa: S608  same
        ).fetchone()
        return int(row[0])

    def close_journal(self) -> None:
        """Removes the journal: the manifest has taken its place."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None
        path = os.path.join(self._output, JOURNAL)
        if os.path.exists(path):
            os.unlink(path)

    # -- inside

    def _insert(self, rows: Iterable[tuple[Any, ...]], *, if_known: str = "REPLACE") -> None:
        self._db.executemany(
            f"INSERT OR {if_known} INTO copies"  # noqa: S608  a constant
            f" VALUES ({_PLACES})",
            rows,
        )

    def _insert_begun(self, names: Iterable[str]) -> None:
        """Takes the place of all that was known of these files."""
        keys = [os.fsencode(name) for name in names]
        self._db.executemany("DELETE FROM copies WHERE name = ?", [(key,) for key in keys])
        self._insert(map(_begun, keys))

    def _append(self, lines: bytes) -> None:
        if self._journal is None:
            self._journal = self._open_journal()
            run: dict[str, Any] = {"run": self._digest}
            if self._drawn_seed is not None:
                run["drawn_seed"] = self._drawn_seed
            self._journal.write(_journal_line(run))
        self._journal.write(lines)

    def _open_journal(self) -> BinaryIO:
        """The journal, open for appending after its last whole line."""
        path = os.path.join(self._output, JOURNAL)
        whole = sum(map(len, _whole_lines_of(path)))
        file = open(path, "ab")  # noqa: SIM115  open until the run ends
        file.truncate(whole)
        return file


def interrupted_seed(output: str) -> int | None:
    """The seed that was drawn for the latest run of an output, if it did not finish.

    Raises:
        UsageError: The journal does not say it as augcli writes it.
        AugcliError: The journal cannot be read.
    """
    seed: int | None = None
    path = os.path.join(output, JOURNAL)
    for _, values in _parsed(path, _whole_lines_of(path), _parse_run_line):
        if values:
            seed = values.get("drawn_seed")
    return seed


def _lines_of(path: str) -> Iterator[bytes]:
    """The lines of a file; none where there is no file.

    Raises:
        AugcliError: It cannot be read.
    """
    if not os.path.isfile(path):
        return
    try:
        with open(path, "rb") as file:
            yield from file
    except OSError as error:
        raise AugcliError(f"{path} cannot be read: {error.strerror}") from error


def _whole_lines_of(path: str) -> Iterator[bytes]:
    """The lines of a journal; one that a kill cut short is left out."""
    return (line for line in _lines_of(path) if line.endswith(b"\n"))


def _parsed(
    path: str, lines: Iterable[bytes], parse: Callable[[bytes], dict[str, Any]]
) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Each line of a file, and what it says.

    Raises:
        UsageError: It says nothing that augcli has written.
    """
    for number, line in enumerate(lines, 1):
        try:
            values = parse(line)
        except ManifestError as error:
            raise UsageError(
                f"{path}:{number}: {error}; remove the file, or choose another output"
            ) from error
        yield line, values


def _parse_journal_line(line: bytes) -> dict[str, Any]:
    values = parse_object(line)
    if "run" in values:
        _check_drawn_seed(values)
    return values if "run" in values or "begin" in values else parse_record(line)


def _parse_run_line(line: bytes) -> dict[str, Any]:
    """What the line that begins a run says; nothing for any other line."""
    return _parse_journal_line(line) if line.startswith(_RUN_LINE) else {}


def _check_drawn_seed(run: dict[str, Any]) -> None:
    """Makes sure that the seed of a run, if chance chose it, is one.

    Raises:
        ManifestError: It is none.
    """
    seed = run.get("drawn_seed", 0)
    if type(seed) is not int or not 0 <= seed <= MAX_SEED:
        raise ManifestError(f"expected a seed from 0 to {MAX_SEED}, found {seed!r}")


def _entry(source: bytes, *values: Any) -> Entry:
    """The entry that a row which `_FIND` found makes."""
    copy, source_sha256, sha256, digest, label, split, weight, annotations, state = values
    return Entry(
        os.fsdecode(source),
        copy,
        source_sha256,
        sha256,
        digest,
        _label(label),
        split,
        weight,
        annotations,
        state == CURRENT,
    )


@lru_cache(maxsize=1024)
def _label(text: str) -> Label:
    """A label from its JSON; there are few and they come again and again."""
    label: Label = json.loads(text)
    return label


def _row(values: dict[str, Any], line: bytes, digest: str, state: int) -> tuple[Any, ...]:
    return (
        os.fsencode(values["file_name"]),
        values.get(INDEX_KEY, 0),
        os.fsencode(values["source"]),
        values["copy"],
        values["source_sha256"],
        values["sha256"],
        digest,
        json.dumps(values["label"]),
        values["split"],
        values.get("sample_weight"),
        values.get("annotations_source_sha256"),
        line,
        state,
        state == EARLIER and line != b"",
    )


def _rows(
    values: dict[str, Any], line: bytes, digest: str, state: int
) -> Iterator[tuple[Any, ...]]:
    """The row of a line of the manifest, and one for each further file that it names."""
    yield _row(values, line, digest, state)
    for key in COMPANIONS:
        if key in values:
            changes = {
                "file_name": values[key],
                "sha256": values[f"{key}_sha256"],
                "source_sha256": values[f"{key}_source_sha256"],
            }
            yield _row(values | changes, b"", digest, state)


def _begun(name: bytes) -> tuple[Any, ...]:
    return (name, 0, b"", None, "", "", "", "null", None, None, None, b"", EARLIER, False)


def _journal_line(values: dict[str, Any]) -> bytes:
    return json.dumps(values).encode() + b"\n"
