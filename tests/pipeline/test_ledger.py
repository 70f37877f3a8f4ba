"""The ledger: what an output holds, known wherever a run was killed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from augcli.errors import UsageError
from augcli.pipeline.ledger import JOURNAL, Entry, Ledger
from augcli.pipeline.records import MANIFEST, Record, record_values


def record(name: str, *, source: str = "a.png") -> Record:
    """The record of a copy."""
    return Record(name, source, "s" * 64, 0, None, None, 1, 1, "c" * 64, 1, [])


@contextmanager
def opened(folder: Path, *, digest: str = "new", earlier: str = "old") -> Iterator[Ledger]:
    """The ledger of an output."""
    with Ledger(str(folder), digest=digest, earlier_digest=earlier) as ledger:
        yield ledger


def test_a_new_output(tmp_path: Path) -> None:
    """Nothing is known of it, and looking leaves no file."""
    with opened(tmp_path) as ledger:
        assert ledger.is_empty
        assert ledger.find("a_0.png") is None
        assert (list(ledger.lines()), list(ledger.leftovers()), ledger.count()) == ([], [], 0)
    assert os.listdir(tmp_path) == []


def test_what_a_manifest_lists(tmp_path: Path) -> None:
    """Its files are known with their digests; those that are not kept are leftovers."""
    names = ["a_0.png", "a_1.png", "b/c_0.png"]
    (tmp_path / MANIFEST).write_bytes(b"".join(record(name).line() for name in names))
    with opened(tmp_path) as ledger:
        entry = Entry("a.png", 0, "s" * 64, "c" * 64, "old", None, None)
        assert ledger.find("b/c_0.png") == entry
        assert ledger.find("nothing.png") is None
        ledger.keep(["a_1.png"])
        assert ledger.find("a_1.png") == entry._replace(is_current=True)
        assert list(ledger.leftovers()) == ["a_0.png", "b/c_0.png"]
        assert ledger.count_leftovers() == 2
        assert list(ledger.lines()) == [record("a_1.png").line()]


def test_a_bad_line_in_a_manifest(tmp_path: Path) -> None:
    """It is bad usage, and its number is said."""
    (tmp_path / MANIFEST).write_bytes(record("a_0.png").line() + b"{}\n")
    with pytest.raises(UsageError, match=r"manifest\.jsonl:2: no record"), opened(tmp_path):
        pass


def test_lines_are_sorted_by_bytes(tmp_path: Path) -> None:
    """The manifest's order is that of the names' bytes, in whatever order they were made."""
    names = ["é", "b/a", "b", "B", "a", "b-", os.fsdecode(b"\xff")]
    with opened(tmp_path) as ledger:
        for name in names:
            ledger.record([record(name)])
        assert list(ledger.lines()) == [
            record(name).line() for name in sorted(names, key=os.fsencode)
        ]
        assert ledger.count() == len(names)


def test_an_unusable_source_takes_its_copies_back(tmp_path: Path) -> None:
    """What was written of it becomes a leftover."""
    with opened(tmp_path) as ledger:
        ledger.record([record("a_0.png"), record("b_0.png", source="b.png")])
        ledger.drop_source("a.png")
        assert list(ledger.leftovers()) == ["a_0.png"]
        assert list(ledger.lines()) == [record("b_0.png", source="b.png").line()]


def test_what_counts_as_removed(tmp_path: Path) -> None:
    """Copies that an earlier run had on record, rewritten or not; none that this run alone had."""
    (tmp_path / MANIFEST).write_bytes(b"".join(record(f"a_{n}.png").line() for n in (0, 1)))
    with opened(tmp_path) as ledger:
        ledger.keep(["a_0.png"])
        for name in ("a_1.png", "a_2.png"):
            ledger.begin([name])
            ledger.record([record(name)])
        assert ledger.count_leftovers() == 0
        ledger.drop_source("a.png")
        assert list(ledger.leftovers()) == ["a_0.png", "a_1.png", "a_2.png"]
        assert ledger.count_leftovers() == 2


def test_a_journal_cut_anywhere(tmp_path: Path) -> None:
    """Whatever a killed run got to write of it is read, and gone on from after its last line."""
    path = tmp_path / JOURNAL
    odd = os.fsdecode(b"\xff_0.png")
    with opened(tmp_path) as ledger:
        ledger.begin(["a_0.png", odd])
        ledger.record([record("a_0.png"), record(odd)])
        ledger.begin(["b_0.png"])
        ledger.record([record("b_0.png", source="b.png")])
    whole = path.read_bytes()
    for length in range(len(whole) + 1):
        cut = whole[:length]
        path.write_bytes(cut)
        lines = cut.count(b"\n")
        with opened(tmp_path, digest="other") as ledger:
            begun = {"a_0.png", odd} if lines > 1 else set()
            begun |= {"b_0.png"} if lines > 4 else set()
            assert set(ledger.leftovers()) == begun
            recorded = {
                name
                for name in begun
                if (entry := ledger.find(name)) is not None and entry.sha256 == "c" * 64
            }
            assert len(recorded) == sum(lines > number for number in (2, 3, 5))
            assert all(ledger.find(name).digest == "new" for name in recorded)
            ledger.begin(["z_0.png"])
        with opened(tmp_path) as ledger:
            assert set(ledger.leftovers()) == {*begun, "z_0.png"}


def test_a_journal_that_begins_hostile_names(tmp_path: Path) -> None:
    """Names outside the output are passed over: nothing there is ever removed."""
    (tmp_path / JOURNAL).write_text('{"run": "x"}\n{"begin": ["../a", "/b", "c"]}\n', "ascii")
    with opened(tmp_path) as ledger:
        assert list(ledger.leftovers()) == ["c"]


@pytest.mark.parametrize("line", ["{}", "[]", "\0\0\0"])
def test_a_damaged_journal(tmp_path: Path, line: str) -> None:
    """A whole line that no run has written is bad usage, and its number is said."""
    (tmp_path / JOURNAL).write_text(f'{{"run": "x"}}\n{line}\n', "ascii")
    with pytest.raises(UsageError, match=r"journal\.jsonl:2: no "), opened(tmp_path):
        pass


def test_closing_the_journal(tmp_path: Path) -> None:
    """It removes the file, also one that this run had no reason to open."""
    with opened(tmp_path) as ledger:
        ledger.begin(["a_0.png"])
        ledger.flush()
        assert (tmp_path / JOURNAL).exists()
        ledger.close_journal()
        assert not (tmp_path / JOURNAL).exists()
    (tmp_path / JOURNAL).write_bytes(b"")
    with opened(tmp_path) as ledger:
        ledger.close_journal()
    assert os.listdir(tmp_path) == []


def test_labels_and_weights(tmp_path: Path) -> None:
    """Labels of every kind and weights come back as they were recorded."""
    labels = [None, "a", 3, 0.5, ["a", "b"], [1, 2]]
    with opened(tmp_path) as ledger:
        for label in labels:
            ledger.record([replace(record(f"{label}_0.png"), label=label, sample_weight=0.25)])
        for label in labels:
            entry = ledger.find(f"{label}_0.png")
            assert entry is not None
            assert (entry.label, entry.sample_weight) == (label, 0.25)


def test_further_files(tmp_path: Path) -> None:
    """Masks and annotation files are known by their copy's line, and have none of their own."""
    one = replace(
        record("a_0.png"), mask="m/a_0.png", mask_sha256="m", mask_source_sha256="n",
        annotations_source_sha256="p",
    )  # fmt: skip
    with opened(tmp_path) as ledger:
        ledger.begin(["a_0.png", "m/a_0.png", "x/a_0.xml"])
        ledger.record([one])
        assert list(ledger.lines()) == [one.line()]
        assert ledger.count() == 1
        assert list(ledger.records()) == [record_values(one)]
        assert list(ledger.leftovers()) == ["x/a_0.xml"]  # which the copy turned out not to have
        mask, copy = ledger.find("m/a_0.png"), ledger.find("a_0.png")
        assert mask is not None
        assert (mask.sha256, mask.source_sha256, mask.source) == ("m", "n", "a.png")
        assert copy is not None
        assert copy.annotations_sha256 == "p"
        ledger.drop_source("a.png")
        assert list(ledger.leftovers()) == ["a_0.png", "m/a_0.png", "x/a_0.xml"]
    (tmp_path / "manifest.jsonl").write_bytes(one.line())
    (tmp_path / ".augcli-journal.jsonl").unlink()
    with opened(tmp_path) as ledger:
        ledger.add_files(["instances.json"])
        assert list(ledger.leftovers()) == ["a_0.png", "instances.json", "m/a_0.png"]
        assert ledger.count_leftovers() == 1
        ledger.keep(["instances.json", "a_0.png"])
        assert list(ledger.leftovers()) == ["m/a_0.png"]
        assert ledger.count_leftovers() == 0
