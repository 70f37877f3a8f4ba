"""Sources that cannot be read and outputs that cannot be written: a sentence, and no harm done."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support import PATIENCE, Done, augcli, command, draw, environment, files

pytestmark = pytest.mark.skipif(os.name != "posix", reason="takes permissions away as POSIX does")

CAPABILITIES = "-dac_override,-dac_read_search"  # by which root may open anything


def with_permissions_that_count() -> list[str]:
    """What to write before a command so that permissions bind it, whoever runs the tests."""
    if os.geteuid() != 0:
        return []
    program = shutil.which("setpriv")
    if program is None:
        pytest.skip("root may do anything, and there is no setpriv to change that")
    return [program, f"--bounding-set={CAPABILITIES}", f"--inh-caps={CAPABILITIES}"]


Run = Callable[..., Done]


@pytest.fixture
def bound() -> Run:
    """Runs the command, bound by permissions, which must end with the exit code `code`."""
    before = with_permissions_that_count()

    def run(*arguments: object, code: int) -> Done:
        done = subprocess.run(
            [*before, *command(*arguments)],
            capture_output=True,
            text=True,
            check=False,
            env=environment(),
            timeout=PATIENCE,
        )
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return Done(done.stdout, done.stderr)

    return run


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Path]:
    """Two pictures; whatever the test takes away is given back."""
    draw(tmp_path / "in" / "a" / "1.png", seed=1)
    draw(tmp_path / "in" / "b" / "2.png", seed=2)
    yield tmp_path / "in"
    for path in (tmp_path, *tmp_path.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)


def test_unreadable_files_and_folders(source: Path, bound: Run, tmp_path: Path) -> None:
    """They are failures, named with their reason; the rest is done, and they come later."""
    locked = draw(source / "a" / "locked.png", seed=3)
    closed = draw(source / "closed" / "4.png", seed=4).parent
    locked.chmod(0)
    closed.chmod(0)
    arguments = ("expand", source, tmp_path / "out", "-j", 0)
    bound(*arguments, code=3)
    text = (tmp_path / "out" / "failures.jsonl").read_text(encoding="utf-8")
    assert {line["source"]: line["message"] for line in map(json.loads, text.splitlines())} == {
        "a/locked.png": "no permission to read the file",
        "closed": "the folder cannot be listed: Permission denied",
    }
    assert (tmp_path / "out" / "a" / "1_0.png").exists()
    locked.chmod(0o644)
    closed.chmod(0o755)
    augcli(*arguments)
    augcli("expand", source, tmp_path / "fresh", "-j", 0)
    assert files(tmp_path / "out") == files(tmp_path / "fresh")


def test_an_unreadable_source(source: Path, bound: Run, tmp_path: Path) -> None:
    """It is bad usage, and nothing is made."""
    source.chmod(0)
    done = bound("expand", source, tmp_path / "out", "-j", 0, code=2)
    assert "is not readable" in done.stderr
    assert not (tmp_path / "out").exists()


def test_an_output_without_permission(source: Path, bound: Run, tmp_path: Path) -> None:
    """A folder that may not be written, or made, is bad usage: a sentence with its path."""
    (tmp_path / "out").mkdir(mode=0o555)
    for output in (tmp_path / "out", tmp_path / "out" / "inner"):
        bound("check", source, "-o", output, "--no-scan", code=2)
        done = bound("expand", source, output, "-j", 0, code=2)
        [line] = done.stderr.splitlines()
        assert line.startswith("error: ")
        assert str(output) in line
        assert "ermission" in line
    assert list((tmp_path / "out").iterdir()) == []


def test_permission_taken_from_a_folder_of_the_output(
    source: Path, bound: Run, tmp_path: Path
) -> None:
    """What can be written stays whole, and given the permission back, the rest follows."""
    augcli("expand", source, tmp_path / "whole", "-j", 0)
    (tmp_path / "out" / "b").mkdir(parents=True)
    (tmp_path / "out" / "b").chmod(0o555)
    done = bound("expand", source, tmp_path / "out", "-j", 2, code=1)
    assert "b/2_0.png: no permission to write there" in done.stderr
    (tmp_path / "out" / "b").chmod(0o755)
    augcli("expand", source, tmp_path / "out", "-j", 0)
    assert files(tmp_path / "out") == files(tmp_path / "whole")


@pytest.mark.skipif(sys.platform != "linux", reason="mounts as Linux does")
def test_a_read_only_file_system(source: Path, tmp_path: Path) -> None:
    """Bad usage, and it is called what it is; the finished output in it can be verified."""
    disk = tmp_path / "disk"
    disk.mkdir()
    program = shutil.which("mount") or "mount"
    made = subprocess.run(
        [program, "-t", "tmpfs", "tmpfs", disk], check=False, capture_output=True
    ).returncode
    if made != 0:
        pytest.skip("file systems cannot be mounted here")
    try:
        augcli("expand", source, disk / "out", "-j", 0)
        subprocess.run([program, "-o", "remount,ro", disk], check=True)
        for output in (disk / "out", disk / "new"):
            done = augcli("expand", source, output, "-j", 0, "--seed", 1, code=2)
            assert "ead-only" in done.stderr
            assert str(output) in done.stderr
        augcli("verify", "--strict", disk / "out")
    finally:
        subprocess.run(["umount", disk], check=True)  # noqa: S607  from PATH


def test_an_output_whose_parents_are_missing(source: Path, tmp_path: Path) -> None:
    """They are made."""
    augcli("expand", source, tmp_path / "x" / "y" / "z", "-j", 0)
    assert (tmp_path / "x" / "y" / "z" / "manifest.jsonl").exists()


def test_outputs_that_cannot_be(source: Path, tmp_path: Path) -> None:
    """A file, a dangling link, a place inside the source or around it: bad usage, nothing done."""
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "link").symlink_to(source)
    before = files(tmp_path)
    for output in (
        *("file", "dangling", "in", "in/a", "in/new/deep", "link", "link/new", "x/../in/new"),
        *(".", "in/..", "file/inner"),
    ):
        done = augcli("expand", source, tmp_path / output, "-j", 0, code=2)
        assert done.stderr.startswith("error: ")
        assert files(tmp_path) == before
        assert not (source / "new").exists()
