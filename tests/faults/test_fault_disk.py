"""A disk that fills up: one sentence, nothing cut short under a final name, and then the rest."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import augcli, augcli_process, command, draw, environment, files

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits files as POSIX does")

OPTIONS = ("-n", 3, "--set", "rotation_range=20", "--save-format", "bmp")


def expand(folder: Path, output: Path, workers: int) -> tuple[object, ...]:
    """The arguments that expand the source in `folder`."""
    return ("expand", folder / "in", output, "-j", workers, *OPTIONS)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with 20 pictures in `in`, and `whole`, their expansion of half a megabyte."""
    for number in range(20):
        draw(tmp_path / "in" / f"{number}.png", seed=number, size=(60, 50))
    augcli(*expand(tmp_path, tmp_path / "whole", 0))
    return tmp_path


def mount(*arguments: object) -> bool:
    """Mounts something, if this process may."""
    program = shutil.which("mount")
    if sys.platform != "linux" or program is None:
        return False
    done = subprocess.run([program, *map(str, arguments)], check=False, capture_output=True)
    return done.returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """The root of a file system of 200 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if not mount("-t", "tmpfs", "-o", "size=200k", "tmpfs", disk):
        pytest.skip("file systems cannot be mounted here")
    yield disk
    subprocess.run(["umount", disk], check=True)  # noqa: S607  from PATH


def assert_nothing_is_cut(output: Path, whole: dict[str, bytes], workers: int = 0) -> None:
    """Every file is one of the finished output, whole; without workers, nothing temporary is left.

    A worker that needs more than a second to leave, on a busy machine, is killed, and its temporary
    file stays until the next run.
    """
    for name, data in files(output).items():
        is_temporary = workers > 0 and Path(name).name.startswith(".augcli-tmp-")
        assert is_temporary or name == ".augcli-journal.jsonl" or data == whole[name]


@pytest.mark.parametrize("workers", [0, 2])
def test_a_full_disk(source: Path, small_disk: Path, workers: int) -> None:
    """Exit code 1 and a sentence on the file system; with more room, the same command finishes."""
    whole = files(source / "whole")
    for output in (small_disk / "out", small_disk):
        done = augcli_process(*expand(source, output, workers), code=1)
        [line] = done.stderr.splitlines()
        assert "no space left on the filesystem that holds" in line
        assert str(small_disk) in line
        assert done.stdout == ""
        assert_nothing_is_cut(output, whole, workers)
        assert len(files(output)) > 1
        if output != small_disk:
            shutil.rmtree(output)
    assert mount("-o", "remount,size=4m", small_disk)
    augcli(*expand(source, small_disk, 0))
    assert files(small_disk) == whole


def test_a_full_disk_at_any_time(source: Path, small_disk: Path) -> None:
    """Whatever the file is that finds no room, the manifest included, it is the same."""
    whole = files(source / "whole")
    needed = sum(-(-len(data) // 4096) for data in whole.values())
    for pages in (1, 2, 3, needed // 2, *range(needed - 5, needed + 2)):
        assert mount("-o", f"remount,size={4096 * pages}", small_disk)
        done = augcli(*expand(source, small_disk, 0), code=1)
        assert f"no space left on the filesystem that holds {small_disk}" in done.stderr
        assert_nothing_is_cut(small_disk, whole)
    assert mount("-o", "remount,size=4m", small_disk)
    augcli(*expand(source, small_disk, 0))
    assert files(small_disk) == whole


def test_a_limit_on_the_size_of_files(source: Path) -> None:
    """Where files may not grow, as with `ulimit -f`: exit code 1; without the limit, the rest."""
    limited = (
        "import resource, runpy, sys\n"
        "hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))\n"
        "sys.argv[0] = 'augcli'\n"
        "runpy.run_module('augcli', run_name='__main__')\n"
    )
    draw(source / "in" / "0.png", size=(200, 100))  # a copy of it takes 60 kB
    arguments = expand(source, source / "out", 0)
    done = subprocess.run(
        [sys.executable, "-c", limited, *command(*arguments)[3:]],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: cannot write ")
    assert "too large for its filesystem" in done.stderr
    augcli(*expand(source, source / "whole", 0))
    assert_nothing_is_cut(source / "out", files(source / "whole"))
    augcli(*arguments)
    assert files(source / "out") == files(source / "whole")
