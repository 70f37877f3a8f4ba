"""Workers that crash, leave, hang or run out of memory cost one source each, and never the run."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import Done, augcli, augcli_process, draw, files, with_hooks

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, limits memory")

SOUND = ("a/1.png", "a/2.png", "b/3.png", "b/4.png")


def expand(folder: Path, output: str, *options: object) -> tuple[object, ...]:
    """The arguments that expand the source in `folder` with two workers."""
    copies = ("-n", 2, "--set", "rotation_range=20")
    return ("expand", folder / "in", folder / output, "-j", 2, *copies, *options)


def failures(folder: Path) -> dict[str, dict[str, str]]:
    """The lines of failures.jsonl, by their sources."""
    text = (folder / "failures.jsonl").read_text(encoding="utf-8")
    return {line["source"]: line for line in map(json.loads, text.splitlines())}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with four sound sources in `in`, and `whole`, their expansion."""
    for name in SOUND:
        draw(tmp_path / "in" / name, seed=sum(name.encode()))
    augcli(*expand(tmp_path, "whole", "-j", 0))
    return tmp_path


def test_each_kind_of_death_is_a_failure_of_its_source(source: Path) -> None:
    """Segfault, `os._exit`, a kill and a hang are told apart; every other source is done."""
    for name in ("crashes", "leaves", "kills", "hangs"):
        draw(source / "in" / "a" / f"{name}.png")
    done = augcli_process(
        *expand(source, "out", "--time-limit", 3, "--json"), code=3, env=with_hooks()
    )
    tree = files(source / "out")
    del tree["failures.jsonl"]
    assert tree == files(source / "whole")
    assert json.loads(done.stdout)["failed"] == 4
    found = failures(source / "out")
    assert {line["stage"] for line in found.values()} == {"worker"}
    assert {name: line["message"] for name, line in found.items()} == {
        "a/crashes.png": "its worker process was killed by SIGSEGV, twice",
        "a/leaves.png": "its worker process ended with exit code 7, twice",
        "a/kills.png": "its worker process was killed by SIGKILL, twice",
        "a/hangs.png": "it took longer than 3 seconds, twice",
    }


def test_a_source_too_large_for_the_memory(source: Path) -> None:
    """Where the system refuses memory, the source fails, its worker goes on with the others."""
    huge = np.zeros((9000, 9000), np.uint8)
    Image.fromarray(huge).save(source / "in" / "a" / "large.png")
    augcli_process(*expand(source, "out"), code=3, env=with_hooks())
    tree = files(source / "out")
    del tree["failures.jsonl"]
    assert tree == files(source / "whole")
    [(name, failure)] = failures(source / "out").items()
    assert (name, failure["stage"]) == ("a/large.png", "decode")
    assert "memory" in failure["message"]


def test_a_source_that_vanishes_or_changes_meanwhile(source: Path) -> None:
    """One that is gone is a failure, and so is one that changed; the next run mends the latter.

    It changes between its two copies: the first job reads one picture, the second another.
    """
    draw(source / "in" / "a" / "vanishes.png")
    draw(source / "in" / "a" / "changes.png", seed=1)
    changed = draw(source / "new.png", seed=2).read_bytes()
    (source / "in" / "a" / ".changed").write_bytes(changed)
    augcli_process(*expand(source, "out"), code=3, env=with_hooks())
    assert failures(source / "out")["a/vanishes.png"]["message"] == "the file is gone"
    assert (source / "in" / "a" / "changes.png").read_bytes() == changed
    assert "changed while the run went on" in failures(source / "out")["a/changes.png"]["message"]
    lines = map(json.loads, (source / "out" / "manifest.jsonl").read_bytes().splitlines())
    assert "a/changes.png" not in {line["source"] for line in lines}
    assert not list((source / "out").rglob("*changes*"))
    augcli(*expand(source, "out", "-j", 0))
    augcli(*expand(source, "fresh", "-j", 0))
    assert files(source / "out") == files(source / "fresh")


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "1e9", "99999999"])
def test_time_limits_that_are_none(tmp_path: Path, value: str) -> None:
    """A limit that is no number of seconds up to a day is bad usage."""
    done: Done = augcli("expand", tmp_path, tmp_path, "--time-limit", value, code=2)
    assert "--time-limit" in done.stderr
