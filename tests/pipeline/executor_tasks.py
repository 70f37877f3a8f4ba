"""Tasks for the tests of executors: functions that a worker process can import."""

import gc
import os
import pickle
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

from augcli.errors import SourceError


def add(first: int, second: int = 0) -> int:
    """The sum."""
    return first + second


def process_id(delay: float = 0.0) -> int:
    """The process that does the task, after so many seconds."""
    time.sleep(delay)
    return os.getpid()


def blocks_interrupt() -> bool:
    """Whether Ctrl-C does not reach this process, whatever its handler is."""
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def wait_for(path: str) -> None:
    """Waits until a file is there, but for no more than a minute."""
    deadline = time.monotonic() + 60
    while not Path(path).exists() and time.monotonic() < deadline:
        time.sleep(0.01)


def fail() -> NoReturn:
    """Raises an error with more to it than a message."""
    raise SourceError("decode", "broken")


def leave(code: int) -> NoReturn:
    """Ends the process without a word."""
    os._exit(code)


def kill() -> None:
    """Kills the process, as the system does when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


def refuse(_connection: object) -> NoReturn:
    """A worker's life that ends before its first task."""
    os._exit(9)


def loaded() -> tuple[bool, bool, bool]:
    """Whether the kernels are loaded, and whether garbage is collected, but not among these."""
    return "augcli.kernels.warp" in sys.modules, gc.isenabled(), gc.get_freeze_count() > 0


def environment(name: str) -> str | None:
    """A variable of the worker's environment."""
    return os.environ.get(name)


class NoReply:
    """A result that cannot be sent back."""

    def __reduce__(self) -> NoReturn:
        raise pickle.PicklingError("not to be sent")


def no_reply() -> NoReply:
    """A result that cannot be sent back."""
    return NoReply()


class Unreadable:
    """An argument that can be sent and not be read."""

    def __reduce__(self) -> tuple[object, tuple[()]]:
        return (fail, ())


class OddError(Exception):
    """An error that can be sent and not be read, as it wants more than its message."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} {second}")


def fail_oddly() -> NoReturn:
    """Raises an error that does not come back whole."""
    raise OddError("a", "b")
