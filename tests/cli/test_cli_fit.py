"""`augcli fit`, and `augcli expand` with what it measures, as a person runs them."""

import json
from pathlib import Path

import numpy as np
import pytest
from support import augcli, augcli_process, draw, files, mtimes, with_hooks

CONFIG = """\
save_format: npy
color_mode: rgb
transforms: {featurewise_center: true, featurewise_std_normalization: true, rescale: 1/255}
"""


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Six pictures of two classes, and a config that standardises them by the data set."""
    for number in range(6):
        draw(tmp_path / "photos" / "cd"[number % 2] / f"{number}.png", seed=number)
    (tmp_path / "augment.yaml").write_text(CONFIG, encoding="utf-8")
    return tmp_path / "photos"


def copies(output: Path) -> np.ndarray:
    """All arrays that a run wrote."""
    return np.stack([np.load(path) for path in sorted(output.rglob("*.npy"))])


def test_fit_then_expand(photos: Path, tmp_path: Path) -> None:
    """The file of `fit`, named on the command line or in the config, standardises the copies."""
    done = augcli("fit", "photos", "-o", "stats.npz", "-c", "augment.yaml", "-j", 0, cwd=tmp_path)
    head, mean, std = done.stdout.splitlines()
    assert head.startswith("stats.npz: 6 images in ")
    assert mean.startswith("  mean 0.")
    assert std.startswith("  std  0.")
    assert done.stderr == ""
    run = ("expand", "photos", "out", "-c", "augment.yaml", "-j", 0)
    done = augcli(*run, "--statistics", "stats.npz", cwd=tmp_path)
    assert "measured" not in done.stderr
    found = copies(tmp_path / "out")
    np.testing.assert_allclose(found.mean(axis=(0, 1, 2)), 0, atol=1e-5)
    np.testing.assert_allclose(found.std(axis=(0, 1, 2)), 1, atol=1e-4)
    before = files(tmp_path / "out"), mtimes(tmp_path / "out")
    with (tmp_path / "augment.yaml").open("a", encoding="utf-8") as file:
        file.write("statistics: stats.npz\n")
    augcli(*run, cwd=tmp_path)
    assert (files(tmp_path / "out"), mtimes(tmp_path / "out")) == before


def test_the_numbers_as_json(photos: Path, tmp_path: Path) -> None:
    """`--json` prints what was measured, and nothing else on stdout."""
    done = augcli(
        *("fit", photos, "-o", tmp_path / "new" / "stats.npz", "-j", 0, "--json"),
        *("--set", "zca_whitening=true", "--save-format=npy"),
        code=2,
    )
    assert "No such option" in done.stderr  # what is written is no business of a fit
    done = augcli(
        *("fit", photos, "-o", tmp_path / "new" / "stats.npz", "-j", 0, "--json"),
        *("--augment", "--rounds", 2, "--set", "zca_whitening=true", "--set", "save_format=npy"),
    )
    values = json.loads(done.stdout)
    assert values["images"] == 12
    assert values["shape"] == [8, 12, 3]
    assert (values["zca"], values["failed"], len(values["mean"])) == (True, 0, 3)
    assert "measured on 12 images" in done.stderr


def test_a_fit_needs_no_config(photos: Path, tmp_path: Path) -> None:
    """Mean and deviation are measured whether or not anything asks for them."""
    done = augcli("fit", photos, "-o", tmp_path / "stats.npz", "-j", 0)
    assert "  mean 1" in done.stdout
    assert augcli("fit", photos, "-o", tmp_path / "stats.npz", "-j", 0, "-q").stdout == ""


def test_expand_measures_first(photos: Path, tmp_path: Path) -> None:
    """Without a file, `expand` measures, says so, and keeps the result beside the manifest."""
    run = ("expand", "photos", "out", "-c", "augment.yaml", "-j", 0)
    done = augcli("check", "photos", "-c", "augment.yaml", cwd=tmp_path)
    assert "statistics of the data set would be measured first" in done.stderr
    done = augcli(*run, cwd=tmp_path)
    assert "statistics of 6 images measured first, and kept in out/statistics.npz" in done.stderr
    augcli("fit", "photos", "-o", "stats.npz", "-c", "augment.yaml", "-j", 0, cwd=tmp_path)
    assert (tmp_path / "stats.npz").read_bytes() == (tmp_path / "out/statistics.npz").read_bytes()
    assert "statistics: statistics.npz" in (tmp_path / "out/run.yaml").read_text("utf-8")
    before = files(tmp_path / "out"), mtimes(tmp_path / "out")
    done = augcli(*run, cwd=tmp_path)
    assert "measured" not in done.stderr
    assert "kept 6" in done.stdout
    assert (files(tmp_path / "out"), mtimes(tmp_path / "out")) == before
    forecast = json.loads(
        augcli("check", *run[1:2], "-o", *run[2:5], "--json", cwd=tmp_path).stdout
    )
    assert (forecast["write"], forecast["keep"], forecast["fit"]) == (0, 6, False)


def test_a_new_image_changes_all_copies(photos: Path, tmp_path: Path) -> None:
    """Statistics are measured again, and every copy is made with the new ones."""
    run = ("expand", "photos", "out", "-c", "augment.yaml", "-j", 0)
    augcli(*run, cwd=tmp_path)
    draw(photos / "c" / "new.png", seed=9)
    done = augcli(*run, cwd=tmp_path)
    assert "statistics of 7 images" in done.stderr
    assert "written 7, kept 0" in done.stdout


def test_statistics_go_with_what_needed_them(photos: Path, tmp_path: Path) -> None:
    """A config that standardises no more leaves no statistics behind."""
    run = ("expand", "photos", "out", "-j", 0)
    augcli(*run, "-c", "augment.yaml", cwd=tmp_path)
    augcli(*run, cwd=tmp_path)
    assert not (tmp_path / "out" / "statistics.npz").exists()
    assert "statistics: null" in (tmp_path / "out/run.yaml").read_text("utf-8")


def test_a_place_that_cannot_be_written(photos: Path, tmp_path: Path) -> None:
    """It is bad usage, found before anything is measured."""
    (tmp_path / "file").touch()
    said = augcli("fit", photos, "-o", tmp_path / "file" / "s.npz", "-j", 0, code=2).stderr
    assert "a file stands where its folder should be" in said


def test_a_file_that_does_not_fit(photos: Path, tmp_path: Path) -> None:
    """It is bad usage, and nothing is written."""
    augcli("fit", "photos", "-o", "stats.npz", "-j", 0, cwd=tmp_path)
    done = augcli(
        *("expand", "photos", "out", "-c", "augment.yaml", "--statistics", "stats.npz"),
        code=2,
        cwd=tmp_path,
    )
    assert "stats.npz was fitted with color_mode" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_broken_image(photos: Path, tmp_path: Path) -> None:
    """The others are measured; the exit code says that one was not."""
    (photos / "c" / "broken.png").write_bytes(b"no picture")
    run = ("fit", photos, "-o", tmp_path / "stats.npz", "-j", 0)
    done = augcli(*run, code=3)
    assert "1 source could not be used" in done.stderr
    assert "c/broken.png: " in done.stderr
    augcli(*run, "--allow-failures")


def test_an_image_that_kills_workers(photos: Path, tmp_path: Path) -> None:
    """Real workers: the fit goes on without the image, and ends as with a broken one."""
    draw(photos / "c" / "kills.png")
    done = augcli_process(
        "fit", photos, "-o", tmp_path / "stats.npz", "-j", 2, code=3, env=with_hooks()
    )
    assert "stats.npz: 6 images" in done.stdout
    assert "c/kills.png: its worker process was killed by SIGKILL" in done.stderr


def test_code_runs_when_allowed(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A preprocessing_function needs --allow-python; its module is found in the current folder."""
    (tmp_path / "double_module.py").write_text("def f(x): return x * 2", encoding="utf-8")
    monkeypatch.syspath_prepend("")  # what the command adds goes again
    run = ("expand", "photos", "out", "--save-format", "npy", "-j", 0)
    ask = ("--set", "preprocessing_function=double_module:f")
    done = augcli(*run, *ask, code=2, cwd=tmp_path)
    assert "double_module:f is code, which a config alone does not run" in done.stderr
    augcli(*run, *ask, "--allow-python", cwd=tmp_path)
    doubled = copies(tmp_path / "out")
    assert "preprocessing_function: " in (tmp_path / "out/run.yaml").read_text("utf-8")
    augcli(*run, "--set", "rescale=2", cwd=tmp_path)
    np.testing.assert_array_equal(copies(tmp_path / "out"), doubled)
    done = augcli(*run, *("--set", "preprocessing_function=no_such:f"), "--allow-python",
                  code=2, cwd=tmp_path)  # fmt: skip
    assert "no_such cannot be imported" in done.stderr


def test_code_in_workers(photos: Path, tmp_path: Path) -> None:
    """The installed command and its worker processes find the function too; edits are noticed."""
    module = tmp_path / "shift_module.py"
    module.write_text("def f(x): return x + 1", encoding="utf-8")
    run = ("expand", "photos", "out", "--save-format", "npy", "-j", 1, "--allow-python",
           "--set", "preprocessing_function=shift_module:f")  # fmt: skip
    augcli_process(*run, cwd=tmp_path)
    first = copies(tmp_path / "out")
    module.write_text("def f(x): return x + 2.0", encoding="utf-8")
    assert "written 6" in augcli_process(*run, cwd=tmp_path).stdout
    np.testing.assert_array_equal(copies(tmp_path / "out"), first + 1)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        (("rescale=0.5",), "png cannot hold this; write 'save_format: npy', or 'save_scale"),
        (("rescale=0.5", "save_scale=minmax"), None),
    ],
)
def test_numbers_need_an_output_that_holds_them(
    photos: Path, tmp_path: Path, settings: tuple[str, ...], problem: str | None
) -> None:
    """8-bit pictures take standardised images only as pictures of them."""
    sets = [part for setting in settings for part in ("--set", setting)]
    done = augcli(
        *("expand", photos, tmp_path / "out", "-j", 0, *sets), code=0 if problem is None else 2
    )
    assert problem is None or problem in done.stderr
