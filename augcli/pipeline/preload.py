"""What the fork server loads once, so that a worker starts with all of it in memory.

Only the import matters: `executors` names this module to the server.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keeps the garbage collector from what is made inside, now and for good.

    Almost all of it stays as long as the process. Looking through it time and again, and once more
    at the end, took a third of the server's time; and a worker that looks through it no longer
    shares the memory it is in.
    """
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


with _uncollected():
    from augcli.pipeline.warm_up import warm_up

    warm_up()
