"""`augcli expand` into .npz shards, from the outside."""

import json
import os
import random
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from support import augcli, augcli_process, draw, files, mtimes, started, with_hooks

SHARDS = ("--save-format", "npz", "-j", 0)
REPORTS = {"manifest.jsonl", "run.yaml"}


def lines(output: Path) -> list[dict[str, Any]]:
    """The lines of an output's manifest."""
    text = (output / "manifest.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def shard(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a shard, read as anybody would."""
    with np.load(path, allow_pickle=False) as arrays:
        return dict(arrays)


def sets(**values: object) -> list[str]:
    """Options that set these keys of the config."""
    return [word for key, value in values.items() for word in ("--set", f"{key}={value}")]


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Seven pictures of one size, of two classes."""
    for number in range(7):
        draw(tmp_path / "in" / "ab"[number % 2] / f"{number}.png", seed=number)
    return tmp_path / "in"


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """scikit-learn's digits, 1,797 images of 8 x 8 pixels, and `whole`, their shards."""
    data = pytest.importorskip("sklearn.datasets").load_digits()
    folder = tmp_path_factory.mktemp("digits")
    np.savez(folder / "digits.npz", x=data.images.astype(np.uint8), y=data.target)
    augcli("expand", folder / "digits.npz", folder / "whole", *DIGITS, "-j", 0)
    return folder


DIGITS = ("--save-format", "npz", "-n", 2, "--set", "batch_size=128", "--set", "rotation_range=10")


def test_digits(digits: Path) -> None:
    """Each epoch has all 1,797 digits once with their labels, shuffled, in shards of 128."""
    output = digits / "whole"
    labels = shard(digits / "digits.npz")["y"]
    records = lines(output)
    orders = []
    for epoch in range(2):
        shards = [shard(output / f"{epoch}_{batch}.npz") for batch in range(15)]
        assert [len(arrays["x"]) for arrays in shards] == [128] * 14 + [5]
        assert {arrays["x"].shape[1:] for arrays in shards} == {(8, 8, 1)}
        assert {arrays["x"].dtype for arrays in shards} == {np.dtype(np.uint8)}
        assert {arrays["y"].dtype for arrays in shards} == {labels.dtype}
        of_epoch = {
            (record["file_name"], record["index"]): int(record["source"])
            for record in records
            if record["copy"] == epoch
        }
        order = [
            of_epoch[f"{epoch}_{batch}.npz", index]
            for batch, arrays in enumerate(shards)
            for index in range(len(arrays["x"]))
        ]
        assert sorted(order) == list(range(1797))
        np.testing.assert_array_equal(
            np.concatenate([arrays["y"] for arrays in shards]), labels[order]
        )
        orders.append(order)
    assert orders[0] != orders[1]
    assert sorted(orders[0]) != orders[0]


def test_workers_change_nothing(digits: Path) -> None:
    """Two workers write the bytes that none writes."""
    augcli_process("expand", digits / "digits.npz", digits / "two", *DIGITS, "-j", 2)
    assert files(digits / "two") == files(digits / "whole")


def test_killed_at_some_moments(digits: Path) -> None:
    """Whenever a run is killed, every shard is whole, and the same command makes the rest."""
    whole = files(digits / "whole")
    moments = random.Random(3)  # noqa: S311  when to kill is no secret
    for number in range(3):
        output = digits / f"killed-{number}"
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        arguments = ("expand", digits / "digits.npz", output, *DIGITS, "-j", 2)
        with started(*arguments, **silent) as process:
            wanted = moments.randrange(1, 20)
            while len(list(output.glob("*.npz"))) < wanted and process.poll() is None:
                time.sleep(0.01)
            with suppress(ProcessLookupError):  # it has ended meanwhile
                os.killpg(process.pid, signal.SIGKILL)
        for name, data in files(output).items():
            assert data == whole.get(name) or Path(name).name.startswith(".augcli-")
        augcli("expand", digits / "digits.npz", output, *DIGITS, "-j", 0)
        assert files(output) == whole


def test_a_second_run_writes_nothing(photos: Path, tmp_path: Path) -> None:
    """Every file keeps its modification time, and `check` foresees it."""
    options = ("-n", 2, *sets(batch_size=3, rotation_range=20))
    augcli("expand", photos, tmp_path / "out", *SHARDS, *options)
    before = mtimes(tmp_path / "out")
    done = augcli("expand", photos, tmp_path / "out", *SHARDS, *options, "--json")
    found = json.loads(done.stdout)
    assert (found["copies"], found["written"], found["kept"], found["removed"]) == (14, 0, 14, 0)
    assert mtimes(tmp_path / "out") == before
    done = augcli(
        *("check", photos, "-o", tmp_path / "out", "--save-format", "npz", "--json", *options)
    )
    ahead = json.loads(done.stdout)
    assert (ahead["write"], ahead["keep"], ahead["remove"]) == (0, 14, 0)
    assert ahead["bytes"] == 14 * 12 * 8 * 3


def test_only_what_changed_is_made_again(photos: Path, tmp_path: Path) -> None:
    """An edited source, damaged shards, fewer copies: the tree is as if new, the rest untouched."""
    output = tmp_path / "out"
    options = (*SHARDS, *sets(batch_size=2, rotation_range=20))
    augcli("expand", photos, output, *options, "-n", 2)
    before = files(output), mtimes(output)
    draw(photos / "a" / "0.png", seed=99)
    augcli("expand", photos, output, *options, "-n", 2)
    changed = {name for name, data in files(output).items() if before[0][name] != data} - REPORTS
    assert changed == {r["file_name"] for r in lines(output) if r["source"] == "a/0.png"}
    assert len(changed) == 2
    after = mtimes(output)
    assert {name for name in after if after[name] != before[1][name]} - REPORTS == changed
    (output / "0_1.npz").write_bytes(b"damaged")
    (output / "1_0.npz").unlink()
    augcli("expand", photos, output, *options, "-n", 2)
    augcli("expand", photos, tmp_path / "new", *options, "-n", 2)
    assert files(output) == files(tmp_path / "new")
    augcli("expand", photos, output, *options, "-n", 1)
    assert set(files(output)) == {*(f"0_{batch}.npz" for batch in range(4)), *REPORTS}


@pytest.mark.parametrize("key", ["batch_size=3", "shuffle=false", "class_mode=sparse", "seed=7"])
def test_a_changed_setting(photos: Path, tmp_path: Path, key: str) -> None:
    """What decides which samples are where, or what `y` is, makes the shards it touches anew."""
    options = (*SHARDS, *sets(batch_size=4, rotation_range=20))
    augcli("expand", photos, tmp_path / "out", *options)
    augcli("expand", photos, tmp_path / "out", *options, "--set", key)
    augcli("expand", photos, tmp_path / "new", *options, "--set", key)
    assert files(tmp_path / "out") == files(tmp_path / "new")


def test_a_new_class(photos: Path, tmp_path: Path) -> None:
    """It widens the one-hot rows of all shards, those of other sources too."""
    options = (*SHARDS, *sets(batch_size=2, shuffle="false"))
    augcli("expand", photos, tmp_path / "out", *options)
    draw(photos / "z" / "new.png")
    augcli("expand", photos, tmp_path / "out", *options)
    assert shard(tmp_path / "out" / "0_0.npz")["y"].tolist() == [[1, 0, 0], [1, 0, 0]]


def test_files_of_somebody_else(photos: Path, tmp_path: Path) -> None:
    """One that has the name of a shard: exit code 2, and nothing is written."""
    output = tmp_path / "out"
    output.mkdir()
    (output / "0_0.npz").write_bytes(b"mine")
    done = augcli("expand", photos, output, *SHARDS, code=2)
    assert "0_0.npz" in done.stderr
    assert files(output) == {"0_0.npz": b"mine"}


def test_a_folder(photos: Path, tmp_path: Path) -> None:
    """Labels are one-hot rows in the order of the classes, and `original` is an epoch in order."""
    options = ("--save-prefix", "aug", "--include-originals", *sets(batch_size=5, shuffle="false"))
    augcli("expand", photos, tmp_path / "out", *SHARDS, *options)
    names = {"aug_0_0.npz", "aug_0_1.npz", "aug_original_0.npz", "aug_original_1.npz"}
    assert set(files(tmp_path / "out")) == names | REPORTS
    first = shard(tmp_path / "out" / "aug_original_0.npz")
    assert list(first) == ["x", "y"]
    assert first["y"].dtype == np.float32
    assert first["y"].tolist() == [[1, 0]] * 4 + [[0, 1]]
    records = [r for r in lines(tmp_path / "out") if r["file_name"] == "aug_original_1.npz"]
    assert [(r["source"], r["copy"], r["index"]) for r in records] == [
        ("b/3.png", None, 0),
        ("b/5.png", None, 1),
    ]
    assert list(records[0])[-1] == "index"
    assert "classes: [a, b]" in (tmp_path / "out" / "run.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("mode", "dtype", "values"), [("sparse", np.int64, [0, 1]), ("binary", np.float32, [0, 1])]
)
def test_numbered_classes(
    photos: Path, tmp_path: Path, mode: str, dtype: type, values: list[int]
) -> None:
    """`sparse` gives whole numbers, `binary` floats; without labels there is no `y`."""
    augcli("expand", photos, tmp_path / "out", *SHARDS, *sets(class_mode=mode))
    labels = shard(tmp_path / "out" / "0_0.npz")["y"]
    assert labels.dtype == dtype
    assert sorted(set(labels.tolist())) == values
    augcli("expand", photos, tmp_path / "none", *SHARDS, *sets(class_mode="null"))
    assert list(shard(tmp_path / "none" / "0_0.npz")) == ["x"]


def test_images_without_a_class_among_others(photos: Path, tmp_path: Path) -> None:
    """A `y` of some samples is refused before anything is written."""
    draw(photos / "loose.png")
    done = augcli("expand", photos, tmp_path / "out", *SHARDS, code=2)
    assert "'loose.png'" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_table(photos: Path, tmp_path: Path) -> None:
    """Several labels are several ones; weights are an array; a missing file leaves its place."""
    table = photos / "labels.csv"
    table.write_text(
        "filename,class,w\na/0.png,x|y,1\na/gone.png,x,9\na/2.png,y,0.5\nb/1.png,x,2\n",
        encoding="utf-8",
    )
    options = sets(weight_col="w", label_separator="'|'", shuffle="false")
    augcli("expand", table, tmp_path / "out", *SHARDS, *options, code=3)
    arrays = shard(tmp_path / "out" / "0_0.npz")
    assert list(arrays) == ["x", "y", "sample_weight"]
    assert arrays["x"].shape == (3, 8, 12, 3)
    assert arrays["y"].tolist() == [[1, 1], [0, 1], [1, 0]]
    assert arrays["sample_weight"].tolist() == [1, 0.5, 2]
    assert [(r["source"], r["index"]) for r in lines(tmp_path / "out")] == [
        ("a/0.png", 0),
        ("a/2.png", 1),
        ("b/1.png", 2),
    ]
    assert list(lines(tmp_path / "out")[0])[-2:] == ["sample_weight", "index"]
    before = mtimes(tmp_path / "out")
    augcli("expand", table, tmp_path / "out", *SHARDS, *options, code=3)
    assert mtimes(tmp_path / "out") == before


def test_several_outputs(photos: Path, tmp_path: Path) -> None:
    """`multi_output` gives an array for each column, `raw` one with a column for each."""
    table = photos / "labels.csv"
    table.write_text("filename,n,t\na/0.png,1,p\na/2.png,2,q\n", encoding="utf-8")
    options = sets(shuffle="false", class_mode="multi_output", y_col="[n, t]")
    augcli("expand", table, tmp_path / "out", *SHARDS, *options)
    arrays = shard(tmp_path / "out" / "0_0.npz")
    assert {name: arrays[name].tolist() for name in ("y_0", "y_1")} == {
        "y_0": [1, 2],
        "y_1": ["p", "q"],
    }
    augcli("expand", table, tmp_path / "raw", *SHARDS, *sets(class_mode="raw", y_col="n"))
    assert sorted(shard(tmp_path / "raw" / "0_0.npz")["y"].tolist()) == [1, 2]


def test_one_hot_rows_of_an_npz(tmp_path: Path) -> None:
    """Rows of `y` are passed through as they are, dtype and all."""
    labels = np.eye(3, dtype=np.int8)[[2, 0, 1, 1]]
    np.savez(tmp_path / "in.npz", x=np.zeros((4, 5, 6, 3), np.uint8), y=labels)
    augcli("expand", tmp_path / "in.npz", tmp_path / "out", *SHARDS, *sets(shuffle="false"))
    found = shard(tmp_path / "out" / "0_0.npz")["y"]
    assert found.dtype == np.int8
    np.testing.assert_array_equal(found, labels)


def test_both_sides_of_a_split(photos: Path, tmp_path: Path) -> None:
    """Copies go to `train`; images for validation, unshuffled and as they are, to `validation`."""
    options = sets(validation_split=0.4, rotation_range=20, batch_size=2)
    augcli("expand", photos, tmp_path / "out", *SHARDS, *options, "-n", 2)
    records = lines(tmp_path / "out")
    epochs = {tuple(r["file_name"].split("_")[0].split("/")) for r in records}
    assert epochs == {("train", "0"), ("train", "1"), ("validation", "original")}
    training = [r["source"] for r in records if r["split"] == "training"]
    assert all(training.count(source) == 2 for source in training)
    validation = [r["source"] for r in records if r["split"] == "validation"]
    assert validation == sorted(validation)
    sides = {(r["file_name"].split("/")[0], r["split"]) for r in records}
    assert sides == {("train", "training"), ("validation", "validation")}
    augcli("expand", photos, tmp_path / "one", *SHARDS, *options, *sets(subset="validation"))
    alone = files(tmp_path / "one")
    assert {name for name in alone if name.endswith(".npz")} == {
        name.split("/")[1] for name in files(tmp_path / "out") if name.startswith("validation/")
    }


def test_standardised_with_the_channels_first(photos: Path, tmp_path: Path) -> None:
    """Numbers are float32, about 0 over an epoch, and the axes are as `data_format` says."""
    options = sets(featurewise_center="true", data_format="channels_first", rescale="1/255")
    augcli("expand", photos, tmp_path / "out", *SHARDS, *options)
    x = shard(tmp_path / "out" / "0_0.npz")["x"]
    assert (x.shape, x.dtype) == ((7, 3, 8, 12), np.float32)
    np.testing.assert_allclose(x.mean(axis=(0, 2, 3)), 0, atol=1e-6)
    augcli("verify", tmp_path / "out")
    augcli("replay", tmp_path / "out", "--to", tmp_path / "again", "-j", 0)
    assert files(tmp_path / "again")["0_0.npz"] == files(tmp_path / "out")["0_0.npz"]


def test_uneven_shapes(photos: Path, tmp_path: Path) -> None:
    """Sources of two sizes in one shard end the run, with both shapes and the remedy in words."""
    draw(photos / "a" / "0.png", size=(5, 4))
    options = sets(shuffle="false")
    done = augcli("expand", photos, tmp_path / "out", *SHARDS, *options, code=1)
    assert "a/0.png has (4, 5, 3), and a/2.png (8, 12, 3)" in done.stderr
    assert "target_size" in done.stderr
    augcli("expand", photos, tmp_path / "out", *SHARDS, *options, *sets(target_size="[8, 8]"))
    assert shard(tmp_path / "out" / "0_0.npz")["x"].shape == (7, 8, 8, 3)


def test_broken_sources(photos: Path, tmp_path: Path) -> None:
    """Each leaves its shards one sample short; no sample moves to another shard."""
    options = (*SHARDS, "-n", 2, *sets(batch_size=3, rotation_range=20))
    augcli("expand", photos, tmp_path / "whole", *options)
    (photos / "b" / "3.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    augcli("expand", photos, tmp_path / "out", *options, code=3)
    [failure] = (tmp_path / "out" / "failures.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(failure)["source"] == "b/3.png"

    def places(output: str) -> list[tuple[str, str]]:
        return [(r["file_name"], r["source"]) for r in lines(tmp_path / output)]

    assert places("out") == [place for place in places("whole") if place[1] != "b/3.png"]
    alone = ("--set", "batch_size=1")
    augcli("expand", photos, tmp_path / "alone", *options, *alone, code=3)
    assert len(list((tmp_path / "alone").glob("*.npz"))) == 12


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="the hooks look into /proc")
def test_a_source_that_kills_workers(photos: Path, tmp_path: Path) -> None:
    """It is found among the others of its shard, and left out of every epoch; the rest stays."""
    options = ("--save-format", "npz", "-n", 2, *sets(shuffle="false"))
    augcli("expand", photos, tmp_path / "whole", *options, "-j", 0)
    draw(photos / "b" / "kills.png")
    augcli_process(
        *("expand", photos, tmp_path / "out", *options, "-j", 1), code=3, env=with_hooks()
    )
    tree = files(tmp_path / "out")
    failure = json.loads(tree.pop("failures.jsonl"))
    assert (failure["source"], failure["stage"]) == ("b/kills.png", "worker")
    assert tree == files(tmp_path / "whole")


def test_verify_and_replay(photos: Path, tmp_path: Path) -> None:
    """One check a shard; whole shards are rebuilt, with `--only` by their names."""
    options = ("-n", 2, *sets(batch_size=3, rotation_range=20))
    output = tmp_path / "out"
    augcli("expand", photos, output, *SHARDS, *options)
    assert "14 copies, all as the manifest says" in augcli("verify", output).stdout
    augcli("replay", output, "--to", tmp_path / "again", "-j", 0)
    shards = {name: data for name, data in files(output).items() if name.endswith(".npz")}
    assert files(tmp_path / "again") == shards
    augcli("replay", output, "--to", tmp_path / "some", "--only", "1_[01]*", "-j", 0)
    assert set(files(tmp_path / "some")) == {"1_0.npz", "1_1.npz"}
    (output / "0_0.npz").write_bytes(b"damaged")
    done = json.loads(augcli("verify", output, "--json", code=1).stdout)
    assert (done["copies"], done["sound"], done["changed"]) == (14, 11, 1)


def test_replay_without_a_source(photos: Path, tmp_path: Path) -> None:
    """A shard whose source has changed is not rebuilt, and counts with all of its copies."""
    output = tmp_path / "out"
    augcli("expand", photos, output, *SHARDS, *sets(batch_size=4, shuffle="false"))
    draw(photos / "a" / "2.png", seed=99)
    done = augcli("replay", output, "--to", tmp_path / "again", "-j", 0, "--json", code=3)
    found = json.loads(done.stdout)
    assert (found["written"], found["unusable"], found["different"]) == (3, 4, 0)
    assert set(files(tmp_path / "again")) == {"0_1.npz"}


def test_keys_of_shards_with_another_format(photos: Path, tmp_path: Path) -> None:
    """`batch_size` and `shuffle` without shards are errors of the config, as is a batch of none."""
    for options in (sets(batch_size=8), sets(shuffle="false")):
        done = augcli("expand", photos, tmp_path / "out", *options, code=2)
        assert "save_format: npz alone" in done.stderr
    augcli("expand", photos, tmp_path / "out", *SHARDS, *sets(batch_size=0), code=2)
    assert not (tmp_path / "out").exists()


def test_shards_are_a_source(photos: Path, tmp_path: Path) -> None:
    """A shard is an .npz of `x` and `y`, which `expand` takes as well."""
    augcli("expand", photos, tmp_path / "out", *SHARDS)
    augcli("expand", tmp_path / "out" / "0_0.npz", tmp_path / "more", "-j", 0)
    assert len(lines(tmp_path / "more")) == 7


def test_from_files_to_shards_and_back(photos: Path, tmp_path: Path) -> None:
    """Another format leaves nothing of the one before."""
    output = tmp_path / "out"
    for number, save_format in enumerate(("png", "npz", "png")):
        options = ("--save-format", save_format, "-j", 0)
        augcli("expand", photos, output, *options)
        augcli("expand", photos, tmp_path / f"new-{number}", *options)
        assert files(output) == files(tmp_path / f"new-{number}")
        assert {path.name for path in output.iterdir() if path.is_dir()} == (
            set() if save_format == "npz" else {"a", "b"}
        )
