"""Lines of the manifest: written in one form, and not believed when read."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augcli.datasets.items import Label
from augcli.pipeline.records import (
    FAILURES,
    RECORD_KEYS,
    Failure,
    ManifestError,
    Record,
    further_files,
    is_inner_file,
    is_inner_folder,
    is_inner_path,
    is_plain_file,
    parse_object,
    parse_record,
    read_failures,
    record_values,
)

RECORD = Record(
    file_name="naïve/a_0.png",
    source="naïve/a.png",
    source_sha256="0" * 64,
    copy=0,
    label="naïve",
    split=None,
    width=3,
    height=2,
    sha256="1" * 64,
    seed=5,
    recipe=[{"op": "ranges", "theta": 1.5}],
)


def as_name(text: str) -> str:
    """The text without what no file name holds."""
    return text.replace("/", "").replace("\0", "")


def test_a_line() -> None:
    """The keys come in the order of the format, the letters as they are."""
    assert RECORD.line().decode() == (
        '{"file_name": "naïve/a_0.png", "source": "naïve/a.png", '
        f'"source_sha256": "{"0" * 64}", "copy": 0, "label": "naïve", "split": null, '
        f'"width": 3, "height": 2, "sha256": "{"1" * 64}", "seed": 5, '
        '"recipe": [{"op": "ranges", "theta": 1.5}]}\n'
    )


@given(st.one_of(st.text(max_size=20), st.binary(max_size=20).map(os.fsdecode)).map(as_name))
def test_any_name_comes_back(name: str) -> None:
    """A file name of any characters, bytes beyond UTF-8 included, is one line and reads back."""
    record = Record(**{**record_values(RECORD), "file_name": f"x{name}", "source": f"y{name}"})
    line = record.line()
    assert line.endswith(b"}\n")
    assert line.count(b"\n") == 1
    assert Record(**parse_record(line)) == record


@pytest.mark.parametrize(
    "path",
    ["", "/", "/etc/passwd", "..", "../x", "a/../x", "a/..", ".", "./a", "a//b", "a/", "a\0b"],
)
def test_paths_that_leave_the_output(path: str) -> None:
    """Absolute paths, those with "..", and those with parts that are no names are refused."""
    assert not is_inner_path(path)
    line = json.dumps({**record_values(RECORD), "file_name": path}).encode()
    with pytest.raises(ManifestError, match="leaves the output"):
        parse_record(line)


@pytest.mark.parametrize("path", ["C:x", "C:/x", "a/C:x", "a\\..\\x", "\\x", "\\\\host\\x"])
def test_paths_that_leave_on_windows(path: str) -> None:
    """Drives and backslashes are refused there; elsewhere they are letters of a name."""
    assert not is_inner_path(path, windows=True)
    assert is_inner_path(path, windows=False)


@pytest.mark.parametrize("path", ["a", "a/b.png", "...", "a/..b", "-", " ", "ä/é\n"])
def test_paths_that_stay(path: str) -> None:
    """Names, also odd ones, are accepted on every system."""
    assert is_inner_path(path, windows=True)
    assert is_inner_path(path, windows=False)


@pytest.mark.parametrize(
    "line", [b"", b"{", b"\xff", b"[]", b"1", b"{}", b'{"file_name": "a"}', b"[" * 100_000]
)
def test_lines_that_are_no_records(line: bytes) -> None:
    """Each is refused as such, rather than failing somewhere later."""
    with pytest.raises(ManifestError, match=r"no JSON|no record"):
        parse_record(line)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *((key, 1) for key in ("file_name", "source", "source_sha256", "sha256", "split")),
        *(("label", value) for value in ({}, [{}], 2**63, float("nan"))),
        *(("sample_weight", value) for value in ("1", [], float("inf"))),
        *((key, None) for key in ("file_name", "source", "source_sha256", "sha256")),
        *((key, "\ud800") for key in ("file_name", "source", "label")),
        *(("copy", value) for value in ("0", 0.0, -1, 2**53, True, [])),
    ],
)
def test_values_of_another_kind(key: str, value: object) -> None:
    """What has to be text, a number or null is refused when it is not."""
    line = json.dumps({**record_values(RECORD), key: value}).encode()
    with pytest.raises(ManifestError, match=f"^{key} is n"):
        parse_record(line)


@pytest.mark.parametrize("label", [None, "a", 3, 0.5, True, [], ["a", "b"], [1, 0.5], [[1]]])
@pytest.mark.parametrize("weight", [None, 0.5, 2.0])
def test_labels_and_weights(label: Label, weight: float | None) -> None:
    """Labels of every kind come back; the weight has a key, the last, if there is one."""
    record = replace(RECORD, label=label, sample_weight=weight)
    values = parse_record(record.line())
    assert Record(**values) == record
    assert ("sample_weight" in values) == (weight is not None)
    assert list(values)[: len(RECORD_KEYS)] == list(RECORD_KEYS)


TARGETS = replace(
    RECORD,
    mask="masks/a_0.png",
    mask_sha256="m",
    mask_source_sha256="n",
    annotations="labels/a_0.txt",
    annotations_sha256="o",
    annotations_source_sha256="p",
    objects=[{"index": 0, "label": "dog", "visible": 1.0, "box": [0.0, 0.0, 1.0, 2.5]}],
)


def test_masks_and_annotations() -> None:
    """Their keys follow all others, and come back; further files have digests."""
    values = parse_record(TARGETS.line())
    assert Record(**values) == TARGETS
    assert list(values)[len(RECORD_KEYS) :] == [
        *("mask", "mask_sha256", "mask_source_sha256"),
        *("annotations", "annotations_sha256", "annotations_source_sha256", "objects"),
    ]
    assert list(further_files(values)) == [("masks/a_0.png", "m"), ("labels/a_0.txt", "o")]
    assert list(further_files(record_values(RECORD))) == []
    assert TARGETS.source_version != RECORD.source_version


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"mask": 5}, "mask is no text"),
        ({"mask_source_sha256": None}, "mask_source_sha256 is no text"),
        ({"annotations": "../a.xml"}, "leaves the output"),
        ({"objects": [{"index": 0}]}, "objects are not"),
    ],
)
def test_masks_and_annotations_of_another_kind(change: dict[str, object], said: str) -> None:
    """What augcli never writes is no record."""
    with pytest.raises(ManifestError, match=said):
        parse_record(json.dumps(record_values(TARGETS) | change).encode())
    without = record_values(TARGETS)
    del without["mask_sha256"]
    with pytest.raises(ManifestError, match="mask without its digests"):
        parse_record(json.dumps(without).encode())


def test_inner_files(tmp_path: Path) -> None:
    """A regular file is one; a folder, a link, what is behind a link, and nothing are not."""
    outside = tmp_path / "outside"
    root = tmp_path / "root"
    for folder in (outside, root / "a"):
        folder.mkdir(parents=True)
        (folder / "file").touch()
    (root / "link").symlink_to(outside)
    (root / "a" / "link").symlink_to(outside / "file")
    assert is_inner_file(str(root), "a/file")
    for path in ("a", "link/file", "a/link", "a/missing", "a/file/x"):
        assert not is_inner_file(str(root), path)
    assert is_inner_folder(str(root), "")
    assert is_inner_folder(str(root), "a")
    for path in ("link", "a/link", "a/file", "missing"):
        assert not is_inner_folder(str(root), path)
    assert is_plain_file(str(root / "a" / "file"))
    for path in ("a", "a/link", "a/missing"):
        assert not is_plain_file(str(root / path))


@given(st.data())
def test_lines_mean_what_the_standard_library_says(data: st.DataObject) -> None:
    """Whatever a byte is changed to, the quick parser sees what `json` sees, or refuses as it."""
    line = bytearray(RECORD.line())
    line[data.draw(st.integers(0, len(line) - 1))] = data.draw(st.integers(0, 255))
    try:
        expected = json.loads(line.decode())
    except ValueError:
        with pytest.raises(ManifestError, match="no JSON"):
            parse_object(bytes(line))
    else:
        assert json.dumps(parse_object(bytes(line))) == json.dumps(expected)


@pytest.mark.parametrize("text", ['"\\ud800"', "[" * 300 + "]" * 300])
def test_lines_that_the_quick_parser_refuses(text: str) -> None:
    """Half a surrogate pair and deep lists are read all the same."""
    line = f'{{"a": {text}}}'
    assert parse_object(line.encode()) == json.loads(line)


def test_failures_come_back(tmp_path: Path) -> None:
    """What failures.jsonl says is read; no file says that there are none."""
    assert read_failures(str(tmp_path)) == []
    failure = Failure("a\udcff.png", "decode", "SourceError", "broken\nin two lines")
    (tmp_path / FAILURES).write_bytes(failure.line())
    assert read_failures(str(tmp_path)) == [failure]
