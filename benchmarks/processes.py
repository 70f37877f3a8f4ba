"""Runs a command as a whole process, and measures its time, its processor time and its memory."""

import ctypes
import os
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Self

_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
_SAMPLING_SECONDS = 0.02


@dataclass(frozen=True)
class Run:
    """One run of a command.

    Attributes:
        wall: Seconds from its start to its end.
        cpu: Seconds of processor time, user and system, of it and all that it started; None where
            the system cannot tell.
        peak_memory: The most memory that its main process held, in bytes; None unless asked for.
    """

    wall: float
    cpu: float | None
    peak_memory: int | None


def adopt_orphans() -> bool:
    """Makes this process the parent of what outlives its own parent.

    A fork server, with the workers below it, ends after the program that started it, which never
    waits for it: only whoever inherits it can learn what it used.

    Returns:
        Whether that is possible; it is on Linux.
    """
    if sys.platform != "linux":
        return False
    return ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def run(command: list[str], *, printed: str, folder: str, sample_memory: bool = False) -> Run:
    """Runs a command to its end.

    What earlier runs wrote goes to disk first, so that no run pays for another's.

    Args:
        command: A program and its arguments.
        printed: Path of the files for what it prints, less their endings, .out and .err.
        folder: The current folder of the command.
        sample_memory: Whether to measure `peak_memory`, on Linux.

    Raises:
        RuntimeError: It failed.
    """
    adopted = adopt_orphans()
    os.makedirs(os.path.dirname(printed), exist_ok=True)
    os.sync()
    with open(f"{printed}.out", "wb") as out, open(f"{printed}.err", "wb") as err:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=folder,
            env=_as_installed(),
        )
        with _MemorySampler(process.pid if sample_memory else None) as sampler:
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime + _wait_for_orphans()
    if process.returncode != 0:
        raise RuntimeError(
            f"exit code {process.returncode} of {' '.join(command)}; see {printed}.err"
        )
    return Run(wall, cpu if adopted else None, sampler.peak)


def _as_installed() -> dict[str, str]:
    """Our environment, in which Python keeps compiled modules: from these, programs are run."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def _wait_for_orphans() -> float:
    """Waits until nothing that was started is left, and adds up the processor time it took."""
    seconds = 0.0
    while True:
        try:
            _, _, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return seconds
        seconds += usage.ru_utime + usage.ru_stime


class _MemorySampler:
    """Reads a process's own high-water mark until the process is gone.

    The `ru_maxrss` that the system hands out at the end will not do: it counts what the process
    was forked from, and its largest child.

    Args:
        pid: Of the process; None to read nothing.
    """

    def __init__(self, pid: int | None) -> None:
        self.peak: int | None = None
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def __enter__(self) -> Self:
        if self._pid is not None and os.path.isdir("/proc/self"):
            self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _sample(self) -> None:
        while not self._ended.wait(_SAMPLING_SECONDS):
            try:
                with open(f"/proc/{self._pid}/status", encoding="utf-8") as file:
                    found = re.search(r"^VmHWM:\s+(\d+) kB$", file.read(), re.MULTILINE)
            except OSError:
                return
            if found:
                self.peak = 1024 * int(found[1])
