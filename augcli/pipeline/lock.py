"""One run at a time on an output."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from filelock import FileLock, Timeout

from augcli.errors import OutputBusyError

LOCK = ".augcli-lock"


@contextmanager
def hold(output: str) -> Iterator[None]:
    """Holds the output for this process; the system lets go of it when the process ends.

    Raises:
        OutputBusyError: Another process holds it.
    """
    path = os.path.join(output, LOCK)
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise OutputBusyError(
            f"another run{_holder(path)} is writing to {output}; wait for it, or end it"
        ) from None
    try:
        with open(path, "w", encoding="ascii") as file:
            file.write(str(os.getpid()))
        yield
    finally:
        # Removed while it is held: whoever waits for it sees that its file is gone, and asks anew.
        with suppress(OSError):
            os.unlink(path)
        lock.release()


def _holder(path: str) -> str:
    try:
        with open(path, encoding="ascii") as file:
            return f" (process {int(file.read())})"
    except (OSError, ValueError):
        return ""
