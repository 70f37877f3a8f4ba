"""Makes workers die or stall on sources of certain names, with no hook in the product.

Python imports this module at its start when its folder is on PYTHONPATH. It watches what the
process opens: a worker that opens a source named in `_FATES` meets that fate. Where the fate waits
for a gate, that is the file named by the environment variable AUGCLI_TEST_GATE. And whatever
external program any process starts is written down in the file named by AUGCLI_TEST_PROGRAMS.
"""

import ctypes
import os
import signal
import sys
import time
from contextlib import suppress
from multiprocessing import parent_process

GATE = os.environ.get("AUGCLI_TEST_GATE", "")
PROGRAMS = os.environ.get("AUGCLI_TEST_PROGRAMS", "")
_STARTS_OF_PROGRAMS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn"}
_MEMORY_LEFT = 32 * 2**20


def _is_killed(_path: str) -> None:
    """As when the system's memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


def _crashes(_path: str) -> None:
    """As in a decoder with a fault of its own."""
    ctypes.string_at(0)


def _leaves(_path: str) -> None:
    """As in a library that ends the process without a word."""
    os._exit(7)


def _hangs(_path: str) -> None:
    """As in a decoder that finds no end."""
    time.sleep(600)


def _stalls(_path: str) -> None:
    """Writes the process id to `GATE.pid` and waits while the file GATE exists."""
    if os.path.exists(GATE):
        with open(f"{GATE}.pid", "w", encoding="ascii") as file:
            file.write(f"{os.getpid()}\n")
        while os.path.exists(GATE):
            time.sleep(0.01)


def _runs_short(_path: str) -> None:
    """Leaves the process little memory; the next source of another name has all of it again."""
    _limit_memory(_memory_used() + _MEMORY_LEFT)


def _vanishes(path: str) -> None:
    """As when somebody tidies up meanwhile."""
    os.unlink(path)


def _changes(path: str) -> None:
    """As when somebody edits the picture meanwhile: opened again, it is what `.changed` was."""
    changed = os.path.join(os.path.dirname(path), ".changed")
    with suppress(FileNotFoundError):  # the picture has changed already
        if os.path.exists(f"{changed}-next"):
            os.replace(f"{changed}-next", path)
        else:
            os.replace(changed, f"{changed}-next")


_FATES = {
    "kills.png": _is_killed,
    "crashes.png": _crashes,
    "leaves.png": _leaves,
    "hangs.png": _hangs,
    "stalls.png": _stalls,
    "large.png": _runs_short,
    "vanishes.png": _vanishes,
    "changes.png": _changes,
}


def _memory_used() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _limit_memory(size: int | None) -> None:
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard if size is None else size, hard))


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if PROGRAMS and event in _STARTS_OF_PROGRAMS:
        with open(PROGRAMS, "a", encoding="utf-8") as file:
            file.write(f"{event} {arguments}\n")
    if event != "open" or not isinstance(arguments[0], str) or parent_process() is None:
        return
    path = arguments[0]
    name = os.path.basename(path)
    if name.endswith(".png") and name != "large.png" and sys.platform == "linux":
        _limit_memory(None)
    if name in _FATES:
        _FATES[name](path)


sys.addaudithook(_watch)
