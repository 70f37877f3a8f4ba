"""`augcli replay` from the outside: what it rebuilds, what it says, and how it exits."""

import json
import random
import re
import shutil
from pathlib import Path

import pytest
from support import augcli, augcli_process, draw, files

FUNCTION = """
def darken(image):
    return image * 0.5
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with photos and their 160 copies."""
    root = tmp_path_factory.mktemp("replay")
    for number in range(8):
        kind = ("cat", "dog")[number % 2]
        draw(root / "photos" / kind / f"{number}.png", seed=number, size=(30, 20))
    options = ("-n", 20, "--preset", "photos", "--save-format", "jpeg", "-j", 0)
    augcli("expand", root / "photos", root / "out", *options)
    return root


def copies(output: Path) -> dict[str, bytes]:
    """The copies in an output."""
    reports = {"manifest.jsonl", "run.yaml"}
    return {name: data for name, data in files(output).items() if name not in reports}


def test_all_copies_in_workers(made: Path, tmp_path: Path) -> None:
    """Two workers rebuild everything, byte for byte, and a second call keeps it."""
    new = tmp_path / "new"
    done = augcli_process("replay", made / "out", "--to", new, "-j", 2)
    assert f"{new}: 160 copies as the manifest says, in " in done.stdout
    assert "written 160, kept 0, failed 0" in done.stdout
    assert done.stderr == ""
    assert files(new) == copies(made / "out")
    again = json.loads(augcli("replay", made / "out", "--to", new, "--json").stdout)
    assert (again["copies"], again["written"], again["kept"]) == (160, 0, 160)


def test_fifty_random_copies(made: Path, tmp_path: Path) -> None:
    """Copies chosen at random come back as they were, without any other beside them."""
    every = copies(made / "out")
    chosen = random.Random(5).sample(sorted(every), 50)  # noqa: S311  a choice, no secret
    options = [word for name in chosen for word in ("--only", name)]
    augcli("replay", made / "out", "--to", tmp_path / "new", "-j", 0, *options)
    assert files(tmp_path / "new") == {name: every[name] for name in chosen}


def test_one_class(made: Path, tmp_path: Path) -> None:
    """A pattern takes a class."""
    augcli("replay", made / "out", "--to", tmp_path / "new", "-j", 0, "--only", "cat/*", "-q")
    every = copies(made / "out")
    assert files(tmp_path / "new") == {n: every[n] for n in every if n.startswith("cat/")}


def test_a_moved_source(made: Path, tmp_path: Path) -> None:
    """Output and source may be moved together; apart, `--source` says where the source is."""
    shutil.copytree(made / "out", tmp_path / "a" / "out")
    only = ("--only", "cat/0_1.jpg", "-j", 0)
    out, new = tmp_path / "a" / "out", tmp_path / "new"
    stderr = augcli("replay", out, "--to", new, *only, code=2).stderr
    assert "photos does not exist; say with --source where it is now" in stderr
    augcli("replay", out, "--to", new, *only, "--source", made / "photos")
    assert set(files(new)) == {"cat/0_1.jpg"}
    shutil.copytree(made / "photos", tmp_path / "a" / "photos")
    augcli("replay", out, "--to", tmp_path / "newer", *only)


def test_a_changed_source(made: Path, tmp_path: Path) -> None:
    """The first of its copies are named with the reason, the others made; the exit code is 3."""
    shutil.copytree(made / "photos", tmp_path / "photos")
    draw(tmp_path / "photos" / "cat" / "0.png", seed=99)
    options = ("--to", tmp_path / "new", "--source", tmp_path / "photos", "-j", 0)
    done = augcli("replay", made / "out", *options, code=3)
    assert done.stderr == (
        "error: 20 copies could not be rebuilt:\n"
        "  cat/0_0.jpg, of cat/0.png: the source has changed since the run\n"
        "  cat/0_1.jpg, of cat/0.png: the source has changed since the run\n"
        "  cat/0_10.jpg, of cat/0.png: the source has changed since the run\n"
        "  and 17 more\n"
    )
    assert len(files(tmp_path / "new")) == 140


def test_other_versions(made: Path, tmp_path: Path) -> None:
    """They are named, then and now; with `--anyway`, what comes out the same is written."""
    shutil.copytree(made, tmp_path / "run")
    out, new = tmp_path / "run" / "out", tmp_path / "new"
    text = (out / "run.yaml").read_text(encoding="utf-8")
    text = re.sub(r"\bnumpy: [\w.]+", "numpy: 1.26.0", text)
    (out / "run.yaml").write_text(text, encoding="utf-8")
    stderr = augcli("replay", out, "--to", new, "-j", 0, code=2).stderr
    assert "numpy: then 1.26.0, now " in stderr
    assert "--anyway" in stderr
    stderr = augcli("replay", out, "--to", new, "-j", 0, "--anyway").stderr
    assert "warning: something else than in the run: numpy: then 1.26.0" in stderr
    assert files(new) == copies(out)


def test_other_bytes(made: Path, tmp_path: Path) -> None:
    """A copy that does not come out as on record is not written; the exit code is 1."""
    shutil.copytree(made, tmp_path / "run")
    out = tmp_path / "run" / "out"
    manifest = (out / "manifest.jsonl").read_text(encoding="utf-8")
    manifest = re.sub(r'"theta": [-\d.e]+', '"theta": 45.0', manifest, count=1)
    (out / "manifest.jsonl").write_text(manifest, encoding="utf-8")
    only = ("--only", "cat/0_0.jpg", "--only", "cat/0_1.jpg")
    stderr = augcli("replay", out, "--to", tmp_path / "new", "-j", 0, *only, code=1).stderr
    assert "cat/0_0.jpg, of cat/0.png: rebuilt, it has other bytes than the manifest" in stderr
    assert set(files(tmp_path / "new")) == {"cat/0_1.jpg"}


def test_code_needs_leave(made: Path, tmp_path: Path) -> None:
    """A run.yaml that names a function runs nothing without `--allow-python`."""
    (tmp_path / "replay_function.py").write_text(FUNCTION, encoding="utf-8")
    options = (
        *("--set", "preprocessing_function=replay_function:darken"),
        *("--save-format", "npy", "--allow-python", "-j", 0),
    )
    augcli_process("expand", made / "photos", "out", *options, cwd=tmp_path)
    replay = ("replay", "out", "--to", "new", "-j", 0)
    stderr = augcli(*replay, code=2, cwd=tmp_path).stderr
    assert "is code, which a config alone does not run" in stderr
    augcli_process(*replay, "--allow-python", cwd=tmp_path)
    assert files(tmp_path / "new") == copies(tmp_path / "out")
    changed = FUNCTION.replace("0.5", "0.6")
    (tmp_path / "replay_function.py").write_text(changed, encoding="utf-8")
    stderr = augcli_process(*replay, "--allow-python", code=2, cwd=tmp_path).stderr
    assert "preprocessing_function: then " in stderr


def test_no_output(tmp_path: Path) -> None:
    """A folder that is no output, and a missing `--to`, are bad usage."""
    augcli("replay", tmp_path, "--to", tmp_path / "new", code=2)
    augcli("replay", tmp_path, code=2)
    assert not (tmp_path / "new").exists()
