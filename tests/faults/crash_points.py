"""Kills the command at each of its steps in turn, and lets it resume: `crash_points.py FOLDER`.

A step is a moment at which the command is about to list, make, rename or remove something in its
output, or has opened a file there and not yet read or written any of it. FOLDER holds `in`,
`start` (an output to begin with; empty for a new run) and `whole` (the output as it should be).
For every step there is, a fork of this process runs the command until then; all is to be whole,
and another fork runs the command to its end. Prints how many steps there were, and how often the
new manifest was not there yet, as JSON.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

from support import augcli, files

STEPS = frozenset(
    {"open", "os.listdir", "os.scandir", "os.mkdir", "os.rmdir", "os.rename", "os.remove"}
)
OPTIONS = ("-n", 2, "-j", 0, "--set", "rotation_range=20")


def die_at(step: int, output: Path) -> None:
    """Has this process killed at its `step`th step in `output`."""
    steps = count(1)

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in STEPS or not str(arguments[0]).startswith(str(output)):
            return
        if next(steps) == step:
            if event == "open":  # is about to be done; here, a new file is made and an old one cut
                path, _, flags = arguments
                with suppress(OSError):
                    os.open(path, flags, 0o600)
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def in_fork(work: Callable[[], object]) -> int:
    """Does work in a fork of this process; how it ended, as `os.waitpid` has it."""
    process = os.fork()
    if process == 0:
        work()
        os._exit(0)  # not reached after an exception, whose traceback the test shows
    return os.waitpid(process, 0)[1]


def survives(folder: Path, step: int) -> tuple[bool, bool]:
    """Whether there was such a step, and whether it came before the new manifest."""
    output = folder / "out"
    shutil.copytree(folder / "start", output)
    start, whole = files(folder / "start"), files(folder / "whole")

    def expand() -> None:
        augcli("expand", folder / "in", output, *OPTIONS)

    def expand_in_part() -> None:
        die_at(step, output)
        expand()

    was_killed = os.WIFSIGNALED(in_fork(expand_in_part))
    present = files(output)
    for name, data in present.items():
        is_hidden = Path(name).name.startswith(".augcli-")
        assert is_hidden or data in {whole.get(name), start.get(name)}, name
    assert in_fork(expand) == 0
    assert files(output) == whole
    shutil.rmtree(output)
    return was_killed, present.get("manifest.jsonl") != whole["manifest.jsonl"]


def main() -> None:
    """Goes through the steps until the command gets to its end."""
    folder = Path(sys.argv[1])
    augcli("expand", folder / "in", folder / "warm-up", *OPTIONS)  # loads what the forks need
    moments = unfinished = 0
    for step in count(1):
        was_killed, is_unfinished = survives(folder, step)
        if not was_killed:
            break
        moments += 1
        unfinished += is_unfinished
    sys.stdout.write(json.dumps({"moments": moments, "unfinished": unfinished}) + "\n")


if __name__ == "__main__":
    main()
