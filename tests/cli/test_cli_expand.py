"""`augcli expand` from the outside: the tree it writes, what it says, and how it exits."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from support import augcli, augcli_process, draw, files, mtimes

OPTIONS = ("-j", 0, "--set", "rotation_range=20", "--set", "horizontal_flip=true")
KEYS = [
    *("file_name", "source", "source_sha256", "copy", "label", "split"),
    *("width", "height", "sha256", "seed", "recipe"),
]
SUMMARY_KEYS = {
    *("sources", "copies", "written", "kept", "removed", "failed"),
    *("seconds", "rate", "notes", "output", "manifest", "fitted", "warnings"),
}


def lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a .jsonl file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A source of three classes, one of them with a folder in it, and one image beside them."""
    source = tmp_path / "photos"
    draw(source / "cat" / "tom.png", seed=1)
    draw(source / "cat" / "ginger" / "garfield.png", seed=2)
    draw(source / "dog" / "naïve.png", seed=3, size=(7, 9))
    draw(source / "loose.png", seed=4)
    return source


@pytest.fixture
def broken(photos: Path) -> Path:
    """The same with one file that is no image."""
    (photos / "dog" / "broken.jpg").write_bytes(b"no picture")
    return photos


def test_the_tree(photos: Path, tmp_path: Path) -> None:
    """Copies stand in the source's folders under planned names, and nothing else does."""
    output = tmp_path / "out"
    augcli("expand", photos, output, "-n", 2, "--save-prefix", "aug", *OPTIONS)
    assert set(files(output)) == {
        "aug_loose_0.png",
        "aug_loose_1.png",
        "cat/aug_tom_0.png",
        "cat/aug_tom_1.png",
        "cat/ginger/aug_garfield_0.png",
        "cat/ginger/aug_garfield_1.png",
        "dog/aug_naïve_0.png",
        "dog/aug_naïve_1.png",
        "manifest.jsonl",
        "run.yaml",
    }
    assert {path.name for path in output.iterdir() if path.is_dir()} == {"cat", "dog"}


def test_the_manifest(photos: Path, tmp_path: Path) -> None:
    """A line a copy, sorted; its digests, sizes and labels are true, its recipe is flat."""
    output = tmp_path / "out"
    augcli("expand", photos, output, "-n", 2, *OPTIONS)
    records = lines(output / "manifest.jsonl")
    names = [record["file_name"] for record in records]
    assert names == sorted(names, key=str.encode)
    assert set(names) == set(files(output)) - {"manifest.jsonl", "run.yaml"}
    for record in records:
        assert list(record) == KEYS
        data = (output / record["file_name"]).read_bytes()
        source = (photos / record["source"]).read_bytes()
        assert record["sha256"] == hashlib.sha256(data).hexdigest()
        assert record["source_sha256"] == hashlib.sha256(source).hexdigest()
        with Image.open(output / record["file_name"]) as image:
            assert image.size == (record["width"], record["height"])
        assert 0 <= record["seed"] < 2**53
        assert record["split"] is None
        assert record["file_name"].endswith(f"_{record['copy']}.png")
        for step in record["recipe"]:
            assert step["op"] == "ranges"
            assert all(isinstance(value, int | float | str) for value in step.values())
    assert {(record["source"], record["label"]) for record in records} == {
        ("cat/tom.png", "cat"),
        ("cat/ginger/garfield.png", "cat"),
        ("dog/naïve.png", "dog"),
        ("loose.png", None),
    }
    assert len({record["seed"] for record in records}) == len(records)


def test_originals_beside_their_copies(photos: Path, tmp_path: Path) -> None:
    """`--include-originals` adds each source's pixels as they are, without seed and recipe."""
    output = tmp_path / "out"
    augcli("expand", photos, output, "--include-originals", *OPTIONS)
    original = next(r for r in lines(output / "manifest.jsonl") if "tom_original" in r["file_name"])
    assert (original["copy"], original["seed"], original["recipe"]) == (None, None, [])
    with Image.open(output / "cat" / "tom_original.png") as copy:
        pixels = np.asarray(copy)
    with Image.open(photos / "cat" / "tom.png") as source:
        assert np.array_equal(pixels, np.asarray(source))


def test_a_source_that_cannot_be_used(broken: Path, tmp_path: Path) -> None:
    """It is named with its reason, the others are done, and the exit code is 3 unless allowed."""
    output = tmp_path / "out"
    done = augcli("expand", broken, output, *OPTIONS, code=3)
    assert "dog/broken.jpg" in done.stderr
    [failure] = lines(output / "failures.jsonl")
    assert list(failure) == ["source", "stage", "error", "message"]
    assert (failure["source"], failure["stage"]) == ("dog/broken.jpg", "decode")
    assert len(lines(output / "manifest.jsonl")) == 4
    before = files(output), mtimes(output)
    augcli("expand", broken, output, "--allow-failures", *OPTIONS)
    assert (files(output), mtimes(output)) == before
    (broken / "dog" / "broken.jpg").unlink()
    augcli("expand", broken, output, *OPTIONS)
    assert not (output / "failures.jsonl").exists()


@pytest.mark.parametrize(
    ("source", "output", "message"),
    [
        ("photos", "photos/out", "inside the source"),
        ("photos/cat", "photos", "inside the output"),
        ("photos", "photos", "same folder"),
        ("photos", "photos/loose.png", "no folder"),
        ("photos/loose.png", "out", "no folder"),
        ("missing", "out", "does not exist"),
        ("empty", "out", "no images"),
    ],
)
def test_folders_that_cannot_be_used(
    photos: Path, tmp_path: Path, source: str, output: str, message: str
) -> None:
    """Each is bad usage, exit code 2, said in a sentence; nothing is written."""
    (tmp_path / "empty").mkdir()
    before = sorted(tmp_path.rglob("*"))
    done = augcli("expand", source, output, *OPTIONS, code=2, cwd=tmp_path)
    assert message in done.stderr
    assert done.stdout == ""
    assert sorted(tmp_path.rglob("*")) == before


def test_a_bad_config_writes_nothing(photos: Path, tmp_path: Path) -> None:
    """Every problem is shown with its place, and the exit code is 2."""
    config = tmp_path / "augment.yaml"
    config.write_text("copies: 0\ntransforms:\n  rotation_rage: 3\n", encoding="utf-8")
    done = augcli("expand", photos, tmp_path / "out", "-c", config, code=2)
    assert f"{config}:1:9:" in done.stderr
    assert f"{config}:3:3:" in done.stderr
    assert "rotation_range" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_dry_run(broken: Path, tmp_path: Path) -> None:
    """It writes nothing, not even the folder, and what it foretells comes true."""
    output = tmp_path / "out"
    first = json.loads(
        augcli("expand", broken, output, "--dry-run", "--json", "-n", 2, *OPTIONS).stdout
    )
    assert not output.exists()
    assert (first["sources"], first["copies"], first["write"]) == (5, 10, 10)
    assert any("broken.jpg" in failure for failure in first["failures"])
    (broken / "dog" / "broken.jpg").unlink()
    augcli("expand", broken, output, "-n", 2, *OPTIONS)
    draw(broken / "dog" / "rex.png", seed=5)
    (broken / "loose.png").unlink()
    before = files(output), mtimes(output)
    ahead = json.loads(
        augcli("expand", broken, output, "--dry-run", "--json", "-n", 2, *OPTIONS).stdout
    )
    assert (files(output), mtimes(output)) == before
    done = json.loads(augcli("expand", broken, output, "--json", "-n", 2, *OPTIONS).stdout)
    foretold = [ahead[key] for key in ("sources", "copies", "write", "keep", "remove")]
    assert foretold == [done[key] for key in ("sources", "copies", "written", "kept", "removed")]
    assert foretold == [4, 8, 2, 6, 2]
    assert 0.5 < ahead["bytes"] / sum(f.stat().st_size for f in output.rglob("*.png")) < 2


def test_what_goes_where(broken: Path, tmp_path: Path) -> None:
    """Results go to stdout, the rest to stderr, without a control character in either."""
    output = tmp_path / "out"
    done = augcli_process("expand", broken, output, *OPTIONS, code=3)
    assert "written 4" in done.stdout
    assert "could not be used" in done.stderr
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", done.stdout + done.stderr)
    quiet = augcli("expand", broken, output, "-q", *OPTIONS, code=3)
    assert quiet.stdout == ""
    assert "could not be used" in quiet.stderr
    summary = json.loads(augcli("expand", broken, output, "--json", *OPTIONS, code=3).stdout)
    assert set(summary) == SUMMARY_KEYS
    assert (summary["kept"], summary["failed"]) == (4, 1)
    assert Path(summary["manifest"]) == output / "manifest.jsonl"


def test_a_random_seed_is_recorded(photos: Path, tmp_path: Path) -> None:
    """`--seed random` draws a seed and writes it to run.yaml, with which the run repeats."""
    augcli("expand", photos, tmp_path / "a", "--seed", "random", *OPTIONS)
    run = (tmp_path / "a" / "run.yaml").read_text(encoding="utf-8")
    [seed] = re.findall(r"^  seed: (\d+)$", run, re.MULTILINE)
    augcli("expand", photos, tmp_path / "b", "--seed", seed, *OPTIONS)
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_all_of_it_from_the_config(photos: Path, tmp_path: Path) -> None:
    """Source and output may stand in the config, relative to its folder, not to the current one."""
    text = "source: photos\noutput: photos-augmented\ncopies: 2\n"
    (tmp_path / "augment.yaml").write_text(text, encoding="utf-8")
    augcli("expand", "-c", "../augment.yaml", "-j", 0, cwd=photos)
    assert len(lines(tmp_path / "photos-augmented" / "manifest.jsonl")) == 8


def test_odd_file_names(tmp_path: Path) -> None:
    """Names with quotes, backslashes, line breaks and bytes beyond UTF-8 are kept, and stand."""
    source, output = tmp_path / "in", tmp_path / "out"
    plain = draw(source / "plain.png").read_bytes()
    for name in (b"it's $(x) #1.png", b"a\\b.png", b"C:x.png", b"new\nline.png", b"\xff\xfe.png"):
        try:
            Path(source, name.decode("utf-8", "surrogateescape")).write_bytes(plain)
        except OSError:
            continue  # this file system cannot hold it
    augcli("expand", source, output, *OPTIONS)
    before = files(output), mtimes(output)
    assert len(before[0]) == len(files(source)) + 2
    augcli("expand", source, output, *OPTIONS)
    assert (files(output), mtimes(output)) == before


def test_no_color(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`NO_COLOR` and a stderr that is no terminal both leave errors in plain letters."""
    assert augcli_process("expand", photos, photos, code=2).stderr.startswith("error: ")
    monkeypatch.setenv("NO_COLOR", "1")
    assert augcli("expand", photos, photos, code=2).stderr.startswith("error: ")


def test_how_much_is_said(photos: Path, tmp_path: Path) -> None:
    """Of many failures three are shown; `-v` shows all, and what is worth noting of sources."""
    for number in range(5):
        (photos / f"broken{number}.jpg").write_bytes(b"no picture")
    frames = [Image.new("L", (4, 4), level) for level in (0, 255)]
    frames[0].save(photos / "moving.gif", save_all=True, append_images=frames[1:])
    done = augcli("expand", photos, tmp_path / "out", "--allow-failures", *OPTIONS)
    assert done.stderr.count(".jpg: ") == 3
    assert "and 2 more" in done.stderr
    again = ("--allow-failures", "-v", "--seed", 1)
    done = augcli("expand", photos, tmp_path / "out", *again, *OPTIONS)
    assert done.stderr.count(".jpg: ") == 5
    assert "note: " in done.stderr


def test_an_output_that_cannot_be_written(photos: Path, tmp_path: Path) -> None:
    """Exit code 1 and a reason; once it is out of the way, the same command does the rest."""
    output = tmp_path / "out"
    output.mkdir()
    (output / "dog").write_bytes(b"somebody's file where a folder has to be")
    done = augcli("expand", photos, output, *OPTIONS, code=1)
    assert str(output / "dog") in done.stderr
    (output / "dog").unlink()
    augcli("expand", photos, output, *OPTIONS)
    augcli("expand", photos, tmp_path / "whole", *OPTIONS)
    assert files(output) == files(tmp_path / "whole")
