"""Manifests read back, and the files beside them."""

import os
from pathlib import Path

import pytest

from augcli.errors import AugcliError, UsageError
from augcli.pipeline.ledger import JOURNAL
from augcli.pipeline.manifest import Manifest, NameSet, files_in, finished_manifest
from augcli.pipeline.records import Record


def line(name: str) -> bytes:
    """A line of a manifest."""
    return Record(
        file_name=name,
        source="a.png",
        source_sha256="0" * 64,
        copy=0,
        label=None,
        split=None,
        width=1,
        height=1,
        sha256="1" * 64,
        seed=1,
        recipe=[],
    ).line()


def written(folder: Path, *lines: bytes) -> Manifest:
    """A manifest of these lines."""
    path = folder / "manifest.jsonl"
    path.write_bytes(b"".join(lines))
    return Manifest(str(path))


def errors(manifest: Manifest) -> dict[int, str]:
    """What is wrong with its lines, by their numbers."""
    return {number: str(error) for number, _, error in manifest.lines() if error is not None}


def test_records(tmp_path: Path) -> None:
    """Sorted lines come back as what they say, and are counted."""
    manifest = written(tmp_path, line("a-b"), line("a/b"), line("a0"))
    assert [record["file_name"] for record in manifest.records()] == ["a-b", "a/b", "a0"]
    assert manifest.count() == 3


def test_lines_out_of_place(tmp_path: Path) -> None:
    """A name listed twice, or before an earlier one, is told by its line; the others stand."""
    manifest = written(tmp_path, line("b"), line("b"), line("a"), line("c"))
    assert errors(manifest) == {
        2: "b is listed twice",
        3: "a is out of place: lines are sorted by file_name",
    }
    with pytest.raises(AugcliError, match=r"manifest.jsonl:2: b is listed twice"):
        list(manifest.records())


def test_lines_that_are_none(tmp_path: Path) -> None:
    """No JSON, keys missing or too many or in another order, and a cut line are told apart."""
    extra_key = line("c").replace(b'"copy"', b'"more": 1, "copy"')
    other_order = line("d")[:-2] + b', "source": "a.png"}\n'
    manifest = written(tmp_path, b"no\n", b"{}\n", extra_key, other_order, line("e")[:-1])
    found = errors(manifest)
    assert set(found) == {1, 2, 3, 5}
    assert "no JSON" in found[1]
    assert "needs the keys" in found[2]
    assert "other keys" in found[3]
    assert found[5] == "the line is cut short"
    assert manifest.count() == 5


def test_a_finished_output(tmp_path: Path) -> None:
    """Its manifest is found; without one, and while a run is not done, it is said what to do."""
    with pytest.raises(UsageError, match="no folder"):
        finished_manifest(str(tmp_path / "none"))
    with pytest.raises(UsageError, match="expected a folder that `augcli expand`"):
        finished_manifest(str(tmp_path))
    manifest = written(tmp_path)
    assert finished_manifest(str(tmp_path)) == manifest.path
    (tmp_path / JOURNAL).touch()
    with pytest.raises(AugcliError, match="run the same `augcli expand` again"):
        finished_manifest(str(tmp_path))


def test_names() -> None:
    """A set of names holds what was added, once or twice, whatever bytes it is of."""
    odd = os.fsdecode(b"\xff")
    with NameSet() as names:
        assert [names.add(name) for name in ("a", odd, "a")] == [True, True, False]
        assert "a" in names
        assert odd in names
        assert "b" not in names


def test_files(tmp_path: Path) -> None:
    """Files and links come by their paths; dot-files, reports and empty folders do not."""
    (tmp_path / "a" / "empty").mkdir(parents=True)
    for name in ("manifest.jsonl", "run.yaml", ".hidden", "b", "a/c", "a/run.yaml"):
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert sorted(files_in(str(tmp_path))) == ["a/c", "a/run.yaml", "b", "link"]


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    """A folder that cannot be listed is an error that names it."""
    with pytest.raises(AugcliError, match="none cannot be listed"):
        list(files_in(str(tmp_path / "none")))
