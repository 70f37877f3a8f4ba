"""Tasks over an executor, results in their order."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from augcli.errors import InterruptedRunError, OutputError
from augcli.pipeline.executors import SerialExecutor
from augcli.pipeline.in_order import in_order
from augcli.pipeline.interruption import Interruption


def slow_at_first(number: int) -> int:
    """Takes the longer, the smaller the number is."""
    time.sleep(0.02 / (number + 1))
    return 10 * number


def fail_at_two(number: int) -> int:
    """Fails for one number."""
    if number == 2:
        raise OutputError("two")
    return number


def test_results_come_in_order() -> None:
    """Whoever is ready first, the results are those of the tasks in their order."""
    executor = ThreadPoolExecutor(4)
    results = in_order(executor, slow_at_first, range(9), ahead=4, interruption=Interruption())
    assert list(results) == [10 * number for number in range(9)]
    with pytest.raises(RuntimeError, match="shutdown"):
        executor.submit(int)


def test_tasks_are_drawn_as_they_are_needed() -> None:
    """There are never more than `ahead` tasks whose results have not been taken."""
    drawn: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(1000):
            drawn.append(number)
            yield number

    results = in_order(SerialExecutor(), abs, tasks(), ahead=3, interruption=Interruption())
    assert next(results) == 0
    assert drawn == [0, 1, 2]
    results.close()


def test_an_error_comes_through() -> None:
    """A task's error is raised at its place, after the results before it."""
    results = in_order(
        ThreadPoolExecutor(2), fail_at_two, range(9), ahead=4, interruption=Interruption()
    )
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(OutputError, match="two"):
        next(results)


def test_an_interruption() -> None:
    """Told to stop, it raises and takes no further task."""
    interruption = Interruption()
    executor = SerialExecutor()
    results = in_order(executor, abs, range(9), ahead=1, interruption=interruption)
    assert next(results) == 0
    interruption.signal_number = 2
    with pytest.raises(InterruptedRunError):
        next(results)
