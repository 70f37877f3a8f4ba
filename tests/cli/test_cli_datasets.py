"""`augcli expand` of tables and arrays, and into training and validation, from the outside."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from support import augcli, draw, files, mtimes

TURNED = ("-j", 0, "--set", "rotation_range=20")


def lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a .jsonl file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def sets(**values: object) -> list[str]:
    """Options that set these keys of the config."""
    return [word for key, value in values.items() for word in ("--set", f"{key}={value}")]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A CSV of two photos, one of them twice and one outside of its folder, and a missing one."""
    draw(tmp_path / "data" / "photos" / "tom.png", seed=1)
    draw(tmp_path / "more" / "rex.png", seed=2)
    path = tmp_path / "data" / "labels.csv"
    path.write_text(
        "filename,class,w\n"
        "photos/tom.png,cat|pet,1\n"
        "photos/tom.png,cat|pet,2\n"
        "../more/rex.png,dog,0.5\n"
        "photos/gone.png,cat,1\n",
        encoding="utf-8",
    )
    return path


def test_a_table(table: Path, tmp_path: Path) -> None:
    """Lines become copies with labels and weights; a missing file is a failure, nothing else."""
    output = tmp_path / "out"
    options = (*TURNED, *sets(weight_col="w", label_separator="'|'"))
    augcli("expand", table, output, "-n", 2, *options, code=3)
    records = lines(output / "manifest.jsonl")
    assert [(r["file_name"], r["source"], r["label"], r["sample_weight"]) for r in records] == [
        ("more/rex_0.png", "../more/rex.png", ["dog"], 0.5),
        ("more/rex_1.png", "../more/rex.png", ["dog"], 0.5),
        ("photos/tom_0.png", "photos/tom.png", ["cat", "pet"], 1.0),
        ("photos/tom_1.png", "photos/tom.png", ["cat", "pet"], 1.0),
        ("photos/tom~2_0.png", "photos/tom.png", ["cat", "pet"], 2.0),
        ("photos/tom~2_1.png", "photos/tom.png", ["cat", "pet"], 2.0),
    ]
    assert len({record["seed"] for record in records}) == 6
    [failure] = lines(output / "failures.jsonl")
    assert (failure["source"], failure["stage"]) == ("photos/gone.png", "read")


def test_a_table_again(table: Path, tmp_path: Path) -> None:
    """Copies of lines that changed are made again, and those of lines that are gone are removed."""
    output = tmp_path / "out"
    options = (*TURNED, *sets(weight_col="w"), "--allow-failures", "--json")
    augcli("expand", table, output, *options)
    before = files(output), mtimes(output)
    assert json.loads(augcli("expand", table, output, *options).stdout)["kept"] == 3
    assert (files(output), mtimes(output)) == before
    text = table.read_text(encoding="utf-8").replace("dog,0.5", "dog,0.25")
    table.write_text(text, encoding="utf-8")
    done = json.loads(augcli("expand", table, output, *options).stdout)
    assert (done["written"], done["kept"]) == (1, 2)
    table.write_text("filename,class,w\nphotos/tom.png,cat|pet,1\n", encoding="utf-8")
    done = json.loads(augcli("expand", table, output, *options).stdout)
    assert (done["written"], done["kept"], done["removed"]) == (0, 1, 2)
    assert set(files(output)) == {"photos/tom_0.png", "manifest.jsonl", "run.yaml"}


def test_a_failure_removes_no_folder_elsewhere(tmp_path: Path) -> None:
    """Empty folders go after a failure in the output alone, whatever the path of the source."""
    (tmp_path / "a" / "empty").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    table = tmp_path / "b" / "labels.csv"
    table.write_text("filename,class\n../a/empty/gone.png,x\n", encoding="utf-8")
    augcli("expand", table, tmp_path / "out", *TURNED, "--allow-failures")
    assert (tmp_path / "a" / "empty").is_dir()
    assert set(files(tmp_path / "out")) == {"failures.jsonl", "manifest.jsonl", "run.yaml"}
    assert not (tmp_path / "out" / "a").exists()


def test_a_bad_table_writes_nothing(table: Path, tmp_path: Path) -> None:
    """Every wrong line is named with its number, and the exit code is 2."""
    table.write_text("filename,class\na.png,\nb.png,x\n,x\n", encoding="utf-8")
    for command in (("check", table), ("expand", table, tmp_path / "out", "-j", 0)):
        done = augcli(*command, code=2)
        assert f"{table}:2: no label: 'class' is empty" in done.stderr
        assert f"{table}:4: no path of an image" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_directory_in_the_config(table: Path, tmp_path: Path) -> None:
    """It is relative to the config's own folder, wherever the command is run."""
    shutil.move(table, tmp_path / "labels.csv")
    (tmp_path / "data" / "augment.yaml").write_text(
        "source: ../labels.csv\ndirectory: .\noutput: ../out\n", encoding="utf-8"
    )
    config = tmp_path / "data" / "augment.yaml"
    augcli("expand", "-c", config, "-j", 0, "--allow-failures", cwd=tmp_path / "more")
    assert len(lines(tmp_path / "out" / "manifest.jsonl")) == 3
    run = (tmp_path / "out" / "run.yaml").read_text(encoding="utf-8")
    assert "directory: ../data\n" in run


def test_a_depfile_of_a_table(table: Path, tmp_path: Path) -> None:
    """It names the CSV and its images."""
    depfile = tmp_path / "depfile"
    augcli("expand", table, tmp_path / "out", "-j", 0, "--allow-failures", "--depfile", depfile)
    text = depfile.read_text(encoding="utf-8")
    for name in ("labels.csv", "photos/tom.png", "../more/rex.png", "photos/gone.png"):
        assert f"{table.parent}/{name}:\n" in text


@pytest.fixture
def arrays(tmp_path: Path) -> Path:
    """An .npz of twelve grey images of two classes."""
    rng = np.random.default_rng(0)
    path = tmp_path / "digits.npz"
    np.savez(path, x=rng.integers(0, 256, (12, 8, 10), np.uint8), y=np.arange(12) % 2)
    return path


@pytest.mark.parametrize("workers", [0, 2])
def test_arrays(arrays: Path, tmp_path: Path, workers: int) -> None:
    """Copies go by the index of their image, have its label, and its pixels where none moved."""
    output = tmp_path / "out"
    augcli("expand", arrays, output, "-j", workers, "--include-originals")
    records = {record["file_name"]: record for record in lines(output / "manifest.jsonl")}
    assert set(records) == {f"{n}_{copy}.png" for n in range(12) for copy in (0, "original")}
    with np.load(arrays) as archive:
        for number, image in enumerate(archive["x"]):
            assert records[f"{number}_0.png"]["label"] == number % 2
            with Image.open(output / f"{number}_0.png") as copy:
                assert np.array_equal(np.asarray(copy), image)


def test_arrays_again(arrays: Path, tmp_path: Path) -> None:
    """An image that changed is made again, one that was appended is added; the others stay."""
    output = tmp_path / "out"
    augcli("expand", arrays, output, *TURNED)
    with np.load(arrays) as archive:
        x, y = archive["x"].copy(), archive["y"]
    x[3] = 0
    np.savez_compressed(arrays, x=np.concatenate([x, x[:1]]), y=np.append(y, 1))
    done = json.loads(augcli("expand", arrays, output, *TURNED, "--json").stdout)
    assert (done["written"], done["kept"], done["removed"]) == (2, 11, 0)
    ahead = json.loads(augcli("check", arrays, "-o", output, *TURNED[2:], "--json").stdout)
    assert (ahead["write"], ahead["keep"]) == (0, 13)


def test_float_arrays(tmp_path: Path) -> None:
    """They are saved as they are in .npy; a picture needs `save_scale`, or none is begun."""
    np.savez(tmp_path / "x.npz", x=np.linspace(-1, 1, 24).reshape(1, 3, 2, 4))
    shared = ("expand", tmp_path / "x.npz")
    first = sets(data_format="channels_first")
    augcli(*shared, tmp_path / "npy", "-j", 0, "--save-format", "npy", *first)
    assert np.load(tmp_path / "npy" / "0_0.npy").shape == (3, 2, 4)
    augcli(*shared, tmp_path / "png", "-j", 0, *first, *sets(save_scale="minmax"))
    refused = (
        f"error: 'x' in {tmp_path / 'x.npz'}: png cannot hold float32: set save_format: npy, or "
        f"save_scale: minmax for a picture of them\n"
    )
    done = augcli(*shared, tmp_path / "none", "-j", 0, *first, code=2)
    assert (done.stderr, (tmp_path / "none").exists()) == (refused, False)
    assert augcli("check", tmp_path / "x.npz", *first, code=2).stderr == refused


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two classes of ten frames, of five videos each."""
    for name in ("cat", "dog"):
        for number in range(10):
            draw(tmp_path / "photos" / name / f"{name}{number // 2}_{number}.png", seed=number)
    return tmp_path / "photos"


def test_training_and_validation(photos: Path, tmp_path: Path) -> None:
    """Copies go to train/, and what is for validation to validation/, once and as it is."""
    output = tmp_path / "out"
    split = sets(validation_split=0.3)
    ahead = json.loads(augcli("check", photos, "-n", 2, *split, "--json").stdout)
    augcli("expand", photos, output, "-n", 2, *TURNED, *split)
    records = lines(output / "manifest.jsonl")
    assert len(records) == ahead["copies"]
    held_out = [record for record in records if record["split"] == "validation"]
    assert 0 < len(held_out) < 20
    assert len(records) - len(held_out) == 2 * (20 - len(held_out))
    for record in records:
        folder = "validation" if record in held_out else "train"
        assert record["file_name"].startswith(f"{folder}/{record['label']}/")
    for record in held_out:
        assert (record["copy"], record["seed"], record["recipe"]) == (None, None, [])
        with (
            Image.open(output / record["file_name"]) as copy,
            Image.open(photos / record["source"]) as source,
        ):
            assert np.array_equal(np.asarray(copy), np.asarray(source))


def test_more_images_move_none(photos: Path, tmp_path: Path) -> None:
    """Images and classes that are added leave each other one where it is."""
    output, split = tmp_path / "out", sets(validation_split=0.3)
    augcli("expand", photos, output, *TURNED, *split)
    before = lines(output / "manifest.jsonl")
    for name in ("ape", "cat", "dog"):
        draw(photos / name / "0.png")
    done = json.loads(augcli("expand", photos, output, *TURNED, *split, "--json").stdout)
    assert (done["written"], done["kept"], done["removed"]) == (3, 20, 0)
    after = lines(output / "manifest.jsonl")
    assert all(record in after for record in before)


def test_a_class_on_one_side(photos: Path, tmp_path: Path) -> None:
    """A warning names a class that is all on one side, beforehand and afterwards."""
    draw(photos / "owl" / "owl0.png", seed=1)
    split = sets(validation_split=0.3)
    message = "validation_split: no image is for validation of class 'owl'; write subset: training"
    assert message in augcli("check", photos, *split).stderr
    assert (
        f"warning: {message}" in augcli("expand", photos, tmp_path / "out", *TURNED, *split).stderr
    )
    summary = augcli("expand", photos, tmp_path / "out", *TURNED, *split, "--json").stdout
    assert len(json.loads(summary)["warnings"]) == 1


def test_a_split_that_is_dropped(photos: Path, tmp_path: Path) -> None:
    """The two folders and all in them go, and the plain ones come."""
    output = tmp_path / "out"
    augcli("expand", photos, output, *TURNED, *sets(validation_split=0.3))
    augcli("expand", photos, output, *TURNED)
    assert {path.name for path in output.iterdir() if path.is_dir()} == {"cat", "dog"}


def test_groups_and_subsets(photos: Path, tmp_path: Path) -> None:
    """Frames of a video stay together; a subset alone goes to the output itself."""
    split = sets(validation_split=0.5, group_by=r"'(\w+)_\d+'")
    sides: dict[str, set[str]] = {}
    for subset in ("training", "validation"):
        augcli("expand", photos, tmp_path / subset, *TURNED, *split, *sets(subset=subset))
        for record in lines(tmp_path / subset / "manifest.jsonl"):
            assert record["file_name"].startswith(record["label"])
            assert record["split"] == subset
            sides.setdefault(record["source"].rpartition("_")[0], set()).add(subset)
    assert len(sides) == 10
    assert all(len(side) == 1 for side in sides.values())
    assert set.union(*sides.values()) == {"training", "validation"}


def test_interrupted_between_the_two(photos: Path, tmp_path: Path) -> None:
    """A run over what another one left half done gives the same tree as one alone."""
    split = sets(validation_split=0.3)
    augcli("expand", photos, tmp_path / "whole", *TURNED, *split)
    shutil.copytree(tmp_path / "whole", tmp_path / "half")
    for number, path in enumerate(sorted((tmp_path / "half").rglob("*.png"))):
        if number % 3 == 0:
            path.unlink()
    augcli("expand", photos, tmp_path / "half", *TURNED, *split)
    assert files(tmp_path / "half") == files(tmp_path / "whole")
