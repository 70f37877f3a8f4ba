"""Tasks spread over an executor, their results taken in the order of the tasks."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, wait
from typing import TypeVar

from augcli.pipeline.interruption import Interruption

T = TypeVar("T")
R = TypeVar("R")

_LOOK_SECONDS = 0.1  # how often it looks whether it is to stop


def in_order(
    executor: Executor,
    function: Callable[[T], R],
    tasks: Iterable[T],
    *,
    ahead: int,
    interruption: Interruption,
) -> Iterator[R]:
    """`function` of each task. Tasks are drawn as they are needed, so there may be any number.

    The executor is shut down at the end; after an error, without waiting for what was not begun.

    Args:
        executor: Where the tasks are done.
        function: Of a module, so that it can go to another process.
        tasks: What it is called with.
        ahead: How many tasks may be under way at once.
        interruption: Tells it to stop.

    Raises:
        InterruptedRunError: It was told to stop.
    """
    under_way: deque[Future[R]] = deque()
    try:
        for task in tasks:
            interruption.check()
            under_way.append(executor.submit(function, task))
            if len(under_way) >= ahead:
                yield _result(under_way.popleft(), interruption)
        while under_way:
            yield _result(under_way.popleft(), interruption)
    except BaseException:
        executor.shutdown(wait=True, cancel_futures=True)
        raise
    executor.shutdown(wait=True)


def _result(future: Future[R], interruption: Interruption) -> R:
    """The future's result, once it is there."""
    while not future.done():
        interruption.check()
        wait([future], timeout=_LOOK_SECONDS)
    return future.result()
