"""The workers of a probe, which do one stage after the other."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from augcli.pipeline.executors import ProcessExecutor, SerialExecutor
from augcli.pipeline.in_order import in_order
from augcli.pipeline.interruption import Interruption
from augcli.pipeline.progress import Progress

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 2  # tasks for each worker


@dataclass(frozen=True, slots=True)
class Crew:
    """Does the tasks of a stage, wherever.

    Attributes:
        workers: How many processes; 0 for none but this one.
        progress: Shows how it goes.
        interruption: Tells it to stop.
    """

    workers: int
    progress: Progress
    interruption: Interruption

    def do(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """`function` of each task, in their order.

        Raises:
            InterruptedRunError: It was told to stop.
        """
        executor = ProcessExecutor(self.workers) if self.workers else SerialExecutor()
        return in_order(
            executor,
            function,
            tasks,
            ahead=max(1, _AHEAD * self.workers),
            interruption=self.interruption,
        )

    def do_counted(
        self, function: Callable[[T], R], tasks: Iterable[T], number: int, unit: str
    ) -> list[R]:
        """`do`, task by task on the progress bar.

        Args:
            function: What is done with each task.
            tasks: The tasks.
            number: How many they are.
            unit: What the bar calls them.
        """
        self.progress.start(copies=number, sources=number, unit=unit)
        results = []
        for result in self.do(function, tasks):
            results.append(result)
            self.progress.advance(1)
        return results
