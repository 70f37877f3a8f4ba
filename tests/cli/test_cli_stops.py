"""`augcli expand` stopped by signals, kills and dying workers: the same command always resumes."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import PATIENCE, augcli, augcli_process, draw, files, started, wait_until, with_hooks

from augcli.pipeline.ledger import interrupted_seed

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="looks for processes in /proc"
)

OPTIONS = ("-n", 3, "--set", "rotation_range=20", "--set", "brightness_range=[0.5, 1.5]")


def expand(folder: Path, output: str, workers: int = 2) -> tuple[object, ...]:
    """The arguments that expand the source in `folder`."""
    return ("expand", folder / "in", folder / output, "-j", workers, *OPTIONS)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source that keeps two workers busy for a second or so, and `whole`, its expansion."""
    folder = tmp_path_factory.mktemp("large")
    for number in range(40):
        draw(folder / "in" / "ab"[number % 2] / f"{number}.png", seed=number, size=(200, 160))
    augcli(*expand(folder, "whole", workers=0))
    return folder


class Stalling:
    """A source with `stalls.png`, on which a worker waits until `go_on` is called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.gate = folder / "gate"
        self.marker = f"AUGCLI_TEST_GATE={self.gate}"
        self.environment = with_hooks(AUGCLI_TEST_GATE=str(self.gate))
        for name in ("a/1.png", "a/2.png", "a/stalls.png", "b/3.png", "b/4.png"):
            draw(folder / "in" / name, seed=sum(name.encode()))
        augcli(*expand(folder, "whole", workers=0))
        self.gate.touch()

    def stalled_worker(self) -> int:
        """The process id of the worker that waits, once there is one."""
        file = Path(f"{self.gate}.pid")
        wait_until(lambda: file.exists() and file.read_text(encoding="ascii").endswith("\n"))
        return int(file.read_text(encoding="ascii"))

    def go_on(self) -> None:
        """Lets the worker, and those that come after it, pass."""
        self.gate.unlink()

    def processes(self) -> set[int]:
        """Every process that a command with our environment has started and that still lives."""
        found = set()
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                if self.marker.encode() in path.read_bytes().split(b"\0"):
                    found.add(int(path.parent.name))
            except OSError:
                continue  # it has ended, or is not ours
        return found

    def assert_resumes(self) -> None:
        """The same command gives the tree of an undisturbed run."""
        if self.gate.exists():
            self.go_on()
        augcli(*expand(self.folder, "out", workers=0))
        assert files(self.folder / "out") == files(self.folder / "whole")


@pytest.fixture
def stalling(tmp_path: Path) -> Iterator[Stalling]:
    """A run's folder; whatever processes of it are left in the end are killed."""
    stalling = Stalling(tmp_path)
    yield stalling
    for process in stalling.processes():
        os.kill(process, signal.SIGKILL)


def test_killed_at_ten_moments(large: Path) -> None:
    """Whenever all are killed, every file is whole, and the same command makes the rest."""
    start = time.monotonic()
    augcli_process(*expand(large, "measured"))
    seconds = time.monotonic() - start
    whole = files(large / "whole")
    assert files(large / "measured") == whole
    moments = random.Random(7)  # noqa: S311  when to kill is no secret
    incomplete = 0
    for number in range(10):
        output = f"killed-{number}"
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with started(*expand(large, output), **silent) as process:
            time.sleep(moments.uniform(0.1, 1.0) * seconds)
            os.killpg(process.pid, signal.SIGKILL)
        for name, data in files(large / output).items():
            assert data == whole.get(name) or Path(name).name.startswith(".augcli-")
        incomplete += not (large / output / "manifest.jsonl").exists()
        augcli(*expand(large, output, workers=0))
        assert files(large / output) == whole
    assert incomplete > 0


@pytest.mark.parametrize(
    ("number", "to_group", "code"), [(signal.SIGINT, True, 130), (signal.SIGTERM, False, 143)]
)
def test_interrupted(stalling: Stalling, number: signal.Signals, to_group: bool, code: int) -> None:
    """Ctrl-C, which all processes get, and SIGTERM end the run with a word and no orphans."""
    with started(*expand(stalling.folder, "out"), env=stalling.environment) as process:
        stalling.stalled_worker()
        (os.killpg if to_group else os.kill)(process.pid, number)
        _, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == code
    assert "run the same command again" in stderr
    assert "Traceback" not in stderr
    wait_until(lambda: not stalling.processes())
    stalling.assert_resumes()


def test_the_command_killed_alone(stalling: Stalling) -> None:
    """When only the command itself is killed, its workers end by themselves."""
    with started(*expand(stalling.folder, "out"), env=stalling.environment) as process:
        stalling.stalled_worker()
        process.kill()
    wait_until(lambda: not stalling.processes())
    stalling.assert_resumes()


def test_a_random_seed_outlives_a_kill(stalling: Stalling) -> None:
    """The same command goes on with the seed that was drawn; once all is done, it draws anew."""
    command = (*expand(stalling.folder, "out"), "--seed", "random")
    with started(*command, env=stalling.environment) as process:
        stalling.stalled_worker()
        os.killpg(process.pid, signal.SIGKILL)
    wait_until(lambda: not stalling.processes())
    output = stalling.folder / "out"
    drawn = interrupted_seed(str(output))
    stalling.go_on()
    for goes_on in (True, False):
        augcli(*command, "-j", 0)
        run = (output / "run.yaml").read_text(encoding="utf-8")
        assert (f"\n  seed: {drawn}\n" in run) is goes_on


def test_a_worker_killed(stalling: Stalling) -> None:
    """Another takes its place, the run succeeds, and nothing shows in the tree."""
    with started(*expand(stalling.folder, "out"), env=stalling.environment) as process:
        os.kill(stalling.stalled_worker(), signal.SIGKILL)
        stalling.go_on()
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert files(stalling.folder / "out") == files(stalling.folder / "whole")


def test_a_source_that_kills_workers(tmp_path: Path) -> None:
    """A source that ends two workers is a failure of stage "worker"; all others are done."""
    for number in range(4):
        draw(tmp_path / "in" / "a" / f"{number}.png", seed=number)
    augcli(*expand(tmp_path, "whole", workers=0))
    draw(tmp_path / "in" / "a" / "kills.png")
    augcli_process(*expand(tmp_path, "out"), code=3, env=with_hooks())
    tree = files(tmp_path / "out")
    [failure] = map(json.loads, tree.pop("failures.jsonl").splitlines())
    assert (failure["source"], failure["stage"]) == ("a/kills.png", "worker")
    assert "SIGKILL" in failure["message"]
    assert tree == files(tmp_path / "whole")


def test_two_runs_on_one_output(stalling: Stalling) -> None:
    """The second leaves with exit code 4 and names the first, which, killed, holds it no more."""
    with started(*expand(stalling.folder, "out"), env=stalling.environment) as process:
        stalling.stalled_worker()
        for _ in range(2):
            done = augcli_process(*expand(stalling.folder, "out", workers=0), code=4)
            assert f"process {process.pid}" in done.stderr
            assert done.stdout == ""
        os.killpg(process.pid, signal.SIGKILL)
    stalling.assert_resumes()


def test_a_second_interrupt_leaves_at_once() -> None:
    """A run that is still ending is left when it is asked again."""
    script = (
        "import time\n"
        "from augcli.cli.exits import interruptible\n"
        "with interruptible() as interruption:\n"
        "    print('ready', flush=True)\n"
        "    while interruption.signal_number is None:\n"
        "        time.sleep(0.01)\n"
        "    print('asked', flush=True)\n"
        "    time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        for word in ("ready", "asked"):
            assert process.stdout is not None
            assert process.stdout.readline() == f"{word}\n"
            process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert stderr.count("stopping") == 1
