"""`augcli demo` from the outside."""

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from support import Done, augcli, augcli_process, environment, files, mtimes

NO_NETWORK = '''\
"""Ends a process that looks up a host or connects to one; local sockets have paths for names."""
import os
import sys


def _watch(event, arguments):
    connects = event == "socket.connect" and isinstance(arguments[1], tuple)
    if connects or event.startswith(("socket.getaddrinfo", "socket.gethost")):
        os.write(2, b"network!")
        os._exit(99)


sys.addaudithook(_watch)
'''


class Demo(NamedTuple):
    """A demo that was run."""

    folder: Path
    done: Done


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo, run by one who types no more than `augcli demo`, without a network."""
    place = tmp_path_factory.mktemp("place")
    hooks = tmp_path_factory.mktemp("hooks")
    (hooks / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    done = augcli_process("demo", cwd=place, env=environment(PYTHONPATH=str(hooks)))
    assert "network!" not in done.stderr
    return Demo(place / "augcli-demo", done)


@pytest.fixture
def demo(first: Demo, tmp_path: Path) -> Path:
    """A copy of that folder, times and all, to be changed; it is `augcli-demo` in tmp_path."""
    return Path(shutil.copytree(first.folder, tmp_path / "augcli-demo"))


def test_tree(first: Demo) -> None:
    """Each class has its five whole photos four times, beside manifest, failures and run."""
    output = first.folder / "photos-augmented"
    copies = Counter(path.parent.name for path in output.glob("*/*"))
    assert copies == {"balloon": 20, "boat": 20, "house": 20, "tree": 20}
    names = {path.name for path in output.iterdir() if path.is_file()}
    assert names == {"manifest.jsonl", "failures.jsonl", "run.yaml"}
    assert {path.name for path in first.folder.iterdir()} == {
        "augment.yaml",
        "photos",
        "photos-augmented",
    }


def test_broken_photo_is_explained(first: Demo) -> None:
    """The one failure is the photo that was broken on purpose; its line is shown as it stands."""
    text = (first.folder / "photos-augmented" / "failures.jsonl").read_text(encoding="utf-8")
    failure = json.loads(text)
    assert failure["source"] == "tree/tree_6.jpg"
    assert "truncated JPEG" in failure["message"]
    assert text in first.done.stdout
    assert "on purpose" in first.done.stdout


def test_sideways_photo_is_upright(first: Demo) -> None:
    """The copies of the photo that is stored on its side are upright, by the manifest."""
    manifest = (first.folder / "photos-augmented" / "manifest.jsonl").read_text(encoding="utf-8")
    records = [json.loads(line) for line in manifest.splitlines()]
    sizes = {
        (record["width"], record["height"])
        for record in records
        if record["source"] == "boat/boat_3.jpg"
    }
    assert sizes == {(240, 320)}


def test_places_and_commands_named_exist(first: Demo) -> None:
    """Every path under "Look at" is there, and the commands under "Next" do what they say."""
    place = first.folder.parent
    look_at, next_up = re.split(r"\nNext\n", first.done.stdout)
    paths = re.findall(r"^  (augcli-demo\S*)", look_at.split("Look at\n")[1], re.MULTILINE)
    assert len(paths) == 4
    assert all((place / path).exists() for path in paths)
    commands = re.findall(r"augcli (\w+) -c (\S+)", next_up)
    assert [name for name, _ in commands] == ["check", "expand"]
    check = augcli(commands[0][0], "-c", commands[0][1], cwd=place)
    assert "to keep 80, to remove 0" in check.stdout


def test_plain_output(first: Demo) -> None:
    """Where there is no terminal, no control character is printed but the end of a line."""
    printed = first.done.stdout + first.done.stderr
    assert [letter for letter in printed if ord(letter) < 32 and letter != "\n"] == []


def test_run_again(demo: Path) -> None:
    """Run again, all is kept: bytes and modification times."""
    contents, times = files(demo), mtimes(demo)
    done = augcli("demo", cwd=demo.parent)
    assert "written 0, kept 80, removed 0, failed 1" in done.stdout
    assert files(demo) == contents
    assert mtimes(demo) == times


def test_same_as_expand(demo: Path) -> None:
    """`augcli expand` with the demo's config finds nothing to do but the broken photo."""
    times = mtimes(demo)
    done = augcli("expand", "-c", "augcli-demo/augment.yaml", cwd=demo.parent, code=3)
    assert "written 0, kept 80" in done.stdout
    assert mtimes(demo) == times


def test_repaired_photo(demo: Path) -> None:
    """With the broken photo replaced by a whole one, nothing is left to explain."""
    trees = demo / "photos" / "tree"
    shutil.copy(trees / "tree_5.jpg", trees / "tree_6.jpg")
    done = augcli("demo", cwd=demo.parent)
    assert "written 4, kept 80" in done.stdout
    assert "on purpose" not in done.stdout


def test_foreign_folder(tmp_path: Path) -> None:
    """A folder that holds something else is refused with exit 2, and not touched."""
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    done = augcli("demo", tmp_path, code=2)
    assert "something else than an earlier demo" in done.stderr
    assert done.stdout == ""
    assert files(tmp_path) == {"thesis.txt": b"mine"}


def test_spoiled_config(demo: Path) -> None:
    """A config that was changed for the worse is reported as `expand` would."""
    config = demo / "augment.yaml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("copies: 4", "copies: four"), encoding="utf-8"
    )
    done = augcli("demo", cwd=demo.parent, code=2)
    assert re.search(r"augment\.yaml:\d+:\d+: ", done.stderr)
