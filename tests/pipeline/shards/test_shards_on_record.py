"""Shards in the ledger and in the manifest: several lines for one file."""

from pathlib import Path

import pytest

from augcli.pipeline.ledger import Ledger
from augcli.pipeline.manifest import Manifest
from augcli.pipeline.records import ManifestError, Record, parse_record


def record(name: str, index: int, *, source: str = "a.png", sha256: str = "c") -> Record:
    """The record of a copy in a shard."""
    return Record(name, source, "s" * 64, 0, None, None, 1, 1, sha256 * 64, 1, [], None, index)


def test_a_shard_in_the_ledger(tmp_path: Path) -> None:
    """Its copies are kept, counted and listed in their order, and begun anew together."""
    with Ledger(str(tmp_path), digest="new", earlier_digest="old") as ledger:
        ledger.begin(["0_0.npz"])
        records = [record("0_0.npz", index, source=f"{11 - index}.png") for index in range(12)]
        ledger.record(records)
        assert [entry.source for entry in ledger.find_all("0_0.npz")] == [
            record.source for record in records
        ]
        assert list(ledger.lines()) == [record.line() for record in records]
        assert ledger.count() == 12
    with Ledger(str(tmp_path), digest="new", earlier_digest="old") as ledger:
        assert list(ledger.leftovers()) == ["0_0.npz"]
        ledger.keep(["0_0.npz"])
        assert (ledger.count(), list(ledger.leftovers())) == (12, [])
        ledger.begin(["0_0.npz"])
        ledger.record(records[:2])
        assert (ledger.count(), ledger.count_leftovers()) == (2, 10)
    with Ledger(str(tmp_path), digest="new", earlier_digest="old") as ledger:
        assert len(list(ledger.find_all("0_0.npz"))) == 2


def test_a_shard_with_fewer_copies(tmp_path: Path) -> None:
    """Those that it no longer has are counted, foreseen and written; the shard is none of them."""
    records = [record("0_0.npz", index) for index in range(5)]
    (tmp_path / "manifest.jsonl").write_bytes(b"".join(one.line() for one in records))
    with Ledger(str(tmp_path), digest="new", earlier_digest="old") as ledger:
        ledger.keep_planned([("0_0.npz", 3)])
        assert (ledger.count_leftovers(), list(ledger.leftovers())) == (2, [])
    with Ledger(str(tmp_path), digest="new", earlier_digest="old") as ledger:
        ledger.begin(["0_0.npz"])
        assert (ledger.count_leftovers(), list(ledger.leftovers())) == (5, ["0_0.npz"])
        ledger.record(records[:3])
        assert (ledger.count_leftovers(), list(ledger.leftovers())) == (2, [])
        assert list(ledger.lines()) == [one.line() for one in records[:3]]


def manifest_errors(folder: Path, *records: Record) -> list[str]:
    """What is wrong with each line of a manifest; "" for nothing."""
    path = folder / "manifest.jsonl"
    path.write_bytes(b"".join(record.line() for record in records))
    return [str(line.error or "") for line in Manifest(str(path)).lines()]


def test_shards_in_a_manifest(tmp_path: Path) -> None:
    """Lines of a shard follow each other from 0 without a gap, with one digest."""
    sound = [record("0_0.npz", index) for index in range(11)] + [record("0_1.npz", 0)]
    assert set(manifest_errors(tmp_path, *sound)) == {""}
    for bad, message in (
        ([record("a", 1)], "does not begin with index 0"),
        ([record("a", 0), record("a", 2)], "does not go on with the next index"),
        ([record("a", 0), record("a", 0)], "is listed twice"),
        ([record("a", 0), record("a", 1, sha256="d")], "has another sha256"),
        ([record("b", 0), record("a", 0)], "is out of place"),
    ):
        assert message in manifest_errors(tmp_path, *bad)[-1]


@pytest.mark.parametrize("index", ["-1", "0.5", '"0"', "true", "null"])
def test_no_index(index: str) -> None:
    """A place in a shard is a whole number from 0."""
    line = record("a", 7).line().replace(b'"index": 7', f'"index": {index}'.encode())
    with pytest.raises(ManifestError, match="no place in a shard"):
        parse_record(line)
