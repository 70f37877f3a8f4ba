"""Makes workers die or stall on sources of certain names, with no hook in the product.

Python imports this module at its start when its folder is on PYTHONPATH. It watches what the
process opens: a worker that opens `kills.png` is killed, as it is when memory runs out, and one
that opens `stalls.png` writes its process id to `GATE.pid` and waits while the file GATE exists.
GATE is the path in the environment variable AUGCLI_TEST_GATE.
"""

import os
import signal
import sys
import time
from multiprocessing import parent_process

GATE = os.environ.get("AUGCLI_TEST_GATE", "")


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event != "open" or not isinstance(arguments[0], str) or parent_process() is None:
        return
    name = os.path.basename(arguments[0])
    if name == "kills.png":
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "stalls.png" and os.path.exists(GATE):
        with open(f"{GATE}.pid", "w", encoding="ascii") as file:
            file.write(f"{os.getpid()}\n")
        while os.path.exists(GATE):
            time.sleep(0.01)


sys.addaudithook(_watch)
