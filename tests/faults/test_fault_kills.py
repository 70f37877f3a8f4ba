"""SIGKILL at every step and at any time: what is there is whole, the same command does the rest."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from crash_points import OPTIONS
from support import PATIENCE, augcli, draw, environment, files, started

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forks of itself")

HERE = Path(__file__).parent


@pytest.mark.parametrize("is_new", [True, False], ids=["new", "again"])
def test_killed_at_every_step(tmp_path: Path, is_new: bool) -> None:
    """From the first look at the output to the last removal, for a new output and an earlier one.

    The earlier one has copies that stand, that are out of date, that are damaged and that go.
    """
    for name in ("a/1.png", "a/2.png", "3.png"):
        draw(tmp_path / "in" / name, seed=sum(name.encode()))
    (tmp_path / "start").mkdir()
    if not is_new:
        gone = draw(tmp_path / "in" / "gone" / "4.png")
        augcli("expand", tmp_path / "in", tmp_path / "start", *OPTIONS)
        shutil.rmtree(gone.parent)
        draw(tmp_path / "in" / "3.png", seed=99)
        (tmp_path / "start" / "a" / "1_0.png").write_bytes(b"")
    augcli("expand", tmp_path / "in", tmp_path / "whole", *OPTIONS)
    path = [str(HERE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]  # for `support`
    done = subprocess.run(
        [sys.executable, HERE / "crash_points.py", tmp_path],
        env=environment(PYTHONPATH=os.pathsep.join(path)),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["moments"] > 25
    assert found["unfinished"] > 0


def test_the_group_killed_at_any_time_of_a_second_run(tmp_path: Path) -> None:
    """With workers, over an earlier output: start-up, survey, writing and finishing are all hit."""
    for number in range(12):
        draw(tmp_path / "in" / "ab"[number % 2] / f"{number}.png", seed=number, size=(100, 80))
    arguments = ("expand", tmp_path / "in", "-j", 2, "-n", 3, "--set", "rotation_range=20")
    augcli(*arguments, "--seed", 1, tmp_path / "start")
    shutil.copytree(tmp_path / "start", tmp_path / "whole")
    began = time.monotonic()
    again = [*arguments, "--seed", 2]
    with started(*again, tmp_path / "whole") as process:
        process.communicate(timeout=PATIENCE)
    seconds = time.monotonic() - began
    assert process.returncode == 0
    start, whole = files(tmp_path / "start"), files(tmp_path / "whole")
    for number in range(8):
        output = tmp_path / f"killed-{number}"
        shutil.copytree(tmp_path / "start", output)
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with started(*again, output, **silent) as process:
            time.sleep((number + 0.5) / 8 * seconds)
            os.killpg(process.pid, signal.SIGKILL)
        for name, data in files(output).items():
            is_hidden = Path(name).name.startswith(".augcli-")
            assert is_hidden or data in {whole.get(name), start.get(name)}
        augcli(*again, "-j", 0, output)
        assert files(output) == whole
