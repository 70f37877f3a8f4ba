"""What tests of several rooms use: small pictures, folders as values, and the real command."""

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from PIL import Image

from augcli.cli.main import cli

ROOT = Path(__file__).parents[1]
HOOKS = Path(__file__).parent / "hooks"
ForAnyCpu = Callable[[Callable[[], str]], str]
"""What the kernels' fixture `for_any_cpu` is."""
PATIENCE = 120.0  # seconds after which a test counts as hung; no test asserts how long it took


def draw(path: Path, *, seed: int = 0, size: tuple[int, int] = (12, 8)) -> Path:
    """Draws a small picture of noise, (width, height) pixels, and makes its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    width, height = size
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    Image.fromarray(noise).save(path)
    return path


def scene(seed: int, size: tuple[int, int] = (64, 48)) -> np.ndarray:
    """A made picture of (width, height) with large and small forms, as photos have."""
    rng = np.random.default_rng(seed)
    layers = [
        Image.fromarray(rng.integers(0, 256, (n, n, 3), np.uint8)).resize(size, Image.BICUBIC)
        for n in (3, 6, 12)
    ]
    mixed = sum(weight * np.asarray(layer) for weight, layer in zip((3, 2, 1), layers, strict=True))
    return ((mixed - mixed.min()) * (255 / np.ptp(mixed))).astype(np.uint8)


@cache
def config_schema() -> dict[str, Any]:
    """The JSON Schema of configs, made once a process: it takes a second. Nobody changes it."""
    from augcli.config.json_schema import json_schema  # loads pydantic, which few tests need

    return json_schema()


def files(root: Path) -> dict[str, bytes]:
    """The content of every file below `root`, dot-files included, by its path."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def mtimes(root: Path) -> dict[str, int]:
    """The modification time of every file below `root`, in nanoseconds, by its path."""
    return {
        str(path.relative_to(root)): path.stat().st_mtime_ns
        for path in root.rglob("*")
        if path.is_file()
    }


def environment(**more: str) -> dict[str, str]:
    """This process' environment without what changes the command's looks, and `more`."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if key not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}
    }
    return {**kept, **more}


def with_hooks(**more: str) -> dict[str, str]:
    """The same environment, in which every Python loads `hooks/sitecustomize.py`."""
    path = [str(HOOKS), *filter(None, [os.environ.get("PYTHONPATH")])]
    return environment(PYTHONPATH=os.pathsep.join(path), **more)


def command(*arguments: object) -> list[str]:
    """The command line of `augcli ARGUMENTS`."""
    return [sys.executable, "-m", "augcli", *map(str, arguments)]


@dataclass(frozen=True)
class Done:
    """What a command that has ended printed."""

    stdout: str
    stderr: str


def augcli(*arguments: object, code: int = 0, cwd: Path | None = None) -> Done:
    """Runs `augcli ARGUMENTS` within this process, which saves its start.

    It must end with the exit code `code`. Errors that the command does not know come through.
    """
    stdout, stderr = io.StringIO(), io.StringIO()
    with chdir(cwd or "."), redirect_stdout(stdout), redirect_stderr(stderr):
        try:
            cli.main([str(argument) for argument in arguments], prog_name="augcli")
        except SystemExit as end:
            left_with = end.code
    done = Done(stdout.getvalue(), stderr.getvalue())
    assert left_with == code, done.stdout + done.stderr
    return done


def augcli_process(
    *arguments: object,
    code: int = 0,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
) -> Done:
    """Runs `augcli ARGUMENTS` as a process of its own, which must end with the exit code `code`."""
    done = subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=cwd,
        env=env or environment(),
        timeout=PATIENCE,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return Done(done.stdout, done.stderr)


@contextmanager
def started(*arguments: object, **popen: Any) -> Iterator[subprocess.Popen[str]]:
    """`augcli ARGUMENTS` while it runs, in a process group of its own; ended on leaving.

    So is the folder of its temporary files: a command that is killed cannot remove them itself.
    """
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environment(), **popen}
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as temporary,
        subprocess.Popen(
            command(*arguments),
            text=True,
            encoding="utf-8",
            start_new_session=True,
            **{**options, "env": {**options["env"], "TMPDIR": temporary}},
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def wait_until(holds: Callable[[], bool]) -> None:
    """Waits until `holds()`, or fails as hung."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
