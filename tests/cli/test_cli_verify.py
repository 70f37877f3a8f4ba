"""`augcli verify` from the outside: what it says, and how it exits."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from support import augcli, augcli_process, draw, files, mtimes


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output of eight copies."""
    root = tmp_path_factory.mktemp("verify")
    for number in range(4):
        draw(root / "photos" / "cat" / f"{number}.png", seed=number)
    options = ("-n", 2, "--set", "rotation_range=20", "-j", 0)
    augcli("expand", root / "photos", root / "out", *options)
    return root / "out"


@pytest.fixture
def output(made: Path, tmp_path: Path) -> Path:
    """The same for one test alone."""
    shutil.copytree(made, tmp_path / "out")
    return tmp_path / "out"


def test_a_sound_output(made: Path) -> None:
    """One line on stdout, nothing on stderr, nothing written."""
    before = files(made), mtimes(made)
    done = augcli_process("verify", made)
    assert done.stdout == f"{made}: 8 copies, all as the manifest says\n"
    assert done.stderr == ""
    assert (files(made), mtimes(made)) == before
    assert augcli("verify", made, "-q").stdout == ""


def test_a_damaged_output(output: Path) -> None:
    """Counts, the first names and the remedy are on stderr; the exit code is 1."""
    for number in range(4):
        (output / "cat" / f"{number}_0.png").unlink()
    (output / "cat" / "0_1.png").write_bytes(b"")
    (output / "cat" / "1_1.png").write_bytes(b"else")
    done = augcli("verify", output, "-j", 2, code=1)
    assert done.stdout == ""
    assert done.stderr == (
        f"error: {output} is not what its manifest says: of 8 copies, 2 are as they should be\n"
        "  missing 4: cat/0_0.png, cat/1_0.png, cat/2_0.png, cat/3_0.png\n"
        "  truncated 1: cat/0_1.png\n"
        "  changed 1: cat/1_1.png\n"
        "run the same `augcli expand` again: it writes anew what is not as it was\n"
    )


def test_only_the_first_names(output: Path) -> None:
    """Of many of a kind, the rest is counted."""
    shutil.rmtree(output / "cat")
    stderr = augcli("verify", output, code=1).stderr
    assert "missing 8: cat/0_0.png, cat/0_1.png, cat/1_0.png, cat/1_1.png, cat/2_0.png and 3" in (
        stderr
    )


def test_expand_mends(output: Path, made: Path) -> None:
    """What verify finds wrong, the same expand writes anew, as verify says."""
    (output / "cat" / "0_0.png").write_bytes(b"")
    augcli("verify", output, code=1)
    photos = made.parent / "photos"
    augcli("expand", photos, output, "-n", 2, "--set", "rotation_range=20", "-j", 0)
    augcli("verify", output)


def test_further_files(output: Path) -> None:
    """They are a warning, and an error with `--strict`."""
    (output / "cat" / "notes.txt").touch()
    done = augcli("verify", output)
    assert done.stderr == (
        f"warning: 1 file in {output} that the manifest does not list: cat/notes.txt\n"
    )
    assert "all as the manifest says" in done.stdout
    augcli("verify", output, "--strict", code=1)


def test_json(output: Path) -> None:
    """`--json` prints the counts and each finding, whatever the exit code."""
    assert json.loads(augcli("verify", output, "--json").stdout)["holds"] is True
    (output / "cat" / "0_0.png").unlink()
    (output / "more.txt").touch()
    assert json.loads(augcli("verify", output, "--json", code=1).stdout) == {
        "output": str(output),
        "holds": False,
        "copies": 8,
        "sound": 7,
        "invalid": 0,
        "refused": 0,
        "missing": 1,
        "truncated": 0,
        "changed": 0,
        "extra": 1,
        "findings": [
            {"kind": "missing", "name": "cat/0_0.png", "message": ""},
            {"kind": "extra", "name": "more.txt", "message": ""},
        ],
    }


def test_a_damaged_manifest(output: Path) -> None:
    """Its lines are named, and another remedy."""
    with (output / "manifest.jsonl").open("a", encoding="utf-8") as manifest:
        manifest.write("{}\n")
    stderr = augcli("verify", output, code=1).stderr
    assert "invalid 1: manifest.jsonl:9 (no record of a copy" in stderr
    assert "put back a copy of it, or expand into a new folder" in stderr


def test_what_copies_are_rebuilt_from(output: Path) -> None:
    """Without its run.yaml an output is not whole, and what augcli wrote not known as its own."""
    (output / "run.yaml").unlink()
    stderr = augcli("verify", output, code=1).stderr
    assert stderr == (
        f"error: {output} is not what its run left, though 8 copies are as they should be\n"
        "  missing 1: run.yaml\n"
        "run the same `augcli expand` again: it writes anew what is not as it was\n"
    )
    (output / "ann.json").touch()
    assert "put back a copy of run.yaml; or move" in augcli("verify", output, code=1).stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs links")
def test_what_is_refused(output: Path, made: Path) -> None:
    """It is to be removed first: `expand` reads through links, and does not remove folders."""
    moved = (output / "run.yaml").rename(output.parent / "run.yaml")
    (output / "run.yaml").symlink_to(moved)
    stderr = augcli("verify", output, code=1).stderr
    assert "refused 1: run.yaml (a symbolic link, which augcli never writes)\n" in stderr
    assert stderr.endswith(
        "remove what is refused, of a link the link itself, then run the same `augcli expand` "
        "again: it writes anew what is not as it was\n"
    )
    (output / "run.yaml").unlink()
    photos = made.parent / "photos"
    augcli("expand", photos, output, "-n", 2, "--set", "rotation_range=20", "-j", 0)
    augcli("verify", output)


@pytest.mark.skipif(sys.platform == "win32", reason="needs links")
def test_a_folder_behind_a_link(output: Path) -> None:
    """The link is named, lest somebody remove what it leads to."""
    (output / "cat").rename(output.parent / "cat")
    (output / "cat").symlink_to(output.parent / "cat")
    stderr = augcli("verify", output, code=1).stderr
    assert "refused 8: cat/0_0.png (in cat, a symbolic link, which augcli never writes), " in stderr


def test_a_seed_that_was_drawn(output: Path, made: Path) -> None:
    """The remedy names the seed, without which the same command would make all copies anew."""
    run = ("expand", made.parent / "photos", output, "-n", 2, "--set", "rotation_range=20", "-j", 0)
    augcli(*run, "--seed", "random")
    (output / "cat" / "0_0.png").unlink()
    stderr = augcli("verify", output, code=1).stderr
    found = re.search("run the same `augcli expand` again with --seed ([0-9]+): it", stderr)
    assert found is not None
    assert "written 1, kept 7" in augcli(*run, "--seed", found[1]).stdout
    augcli("verify", output)
    run_yaml = (output / "run.yaml").read_text(encoding="utf-8")
    edited = run_yaml.replace(f"seed: {found[1]}", "seed: 5")
    (output / "run.yaml").write_text(edited, encoding="utf-8")
    assert "--seed" not in augcli("verify", output, code=1).stderr


def test_no_finished_output(tmp_path: Path, output: Path) -> None:
    """Another folder is bad usage; an output that a run has not done with, an error."""
    assert "expected a folder that `augcli expand`" in augcli("verify", tmp_path, code=2).stderr
    (output / ".augcli-journal.jsonl").touch()
    assert "run the same `augcli expand` again" in augcli("verify", output, code=1).stderr
