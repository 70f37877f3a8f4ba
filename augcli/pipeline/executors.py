"""How work is spread. Only this module knows.

Both executors have the shape of `concurrent.futures.Executor`, and so can a cluster's: `submit`
takes a function of a module and picklable arguments. A worker that dies takes one task with it,
whose future then raises `WorkerDiedError`; the others go on, and the worker is replaced.
"""

import contextlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from multiprocessing import connection, forkserver, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from typing import Any, ParamSpec, TypeVar

from augcli.errors import AugcliError

P = ParamSpec("P")
T = TypeVar("T")

PRELOAD = "augcli.pipeline.preload"
_AHEAD = 2  # tasks a worker has at hand, so that it never waits for the next
_AHEAD_BYTES = 32_768  # a task larger than this waits for an idle worker: the pipe might fill up
_STARTS = 3  # how often a worker may fail to start before that is the run's end
_LEAVE_SECONDS = 1.0
_READY = b"ready"
_ENVIRONMENT = {
    # Libraries keep to one thread: the workers are what fills the processors.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    # glibc keeps the memory of one picture for the next. Left to itself it may return it to the
    # system each time, and fresh pages cost more than what is done to them.
    "MALLOC_TRIM_THRESHOLD_": str(2**28),
    "MALLOC_MMAP_THRESHOLD_": str(2**28),
}


class WorkerDiedError(AugcliError):
    """A worker process ended while it held this task."""


class WorkerTimeoutError(WorkerDiedError):
    """A task took longer than its limit, and its worker was ended."""


def usable_cpus() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class SerialExecutor(Executor):
    """Does each task at once, in this process."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The finished future of `fn(*args, **kwargs)`."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  it belongs to whoever reads the future
            future.set_exception(error)
        return future


@dataclass(eq=False)
class _Task:
    payload: bytes
    future: Future[Any]
    started: float = 0.0


@dataclass(eq=False)
class _Worker:
    process: BaseProcess
    connection: Connection
    ready: bool = False
    tasks: deque[_Task] = field(default_factory=deque)  # the first of them is under way

    def end(self) -> None:
        """Ends the process and waits until it is gone."""
        self.process.kill()
        self.process.join()
        self.connection.close()


class ProcessExecutor(Executor):
    """Spreads tasks over processes that start from a fork server with the kernels loaded.

    Args:
        workers: How many processes.
        task_timeout: Seconds that one task may take; None for no limit.
    """

    def __init__(self, workers: int, *, task_timeout: float | None = None) -> None:
        self._count = workers
        self._task_timeout = task_timeout
        self._context = start_server()
        self._waiting: deque[_Task] = deque()
        self._workers: list[_Worker] = []
        self._failed_starts = 0
        self._broken: AugcliError | None = None
        self._closing = False
        self._aborted = False
        self._lock = threading.Lock()
        self._wake_reader, self._wake_writer = self._context.Pipe(duplex=False)
        self._thread = threading.Thread(target=self._manage, name="augcli-executor", daemon=True)
        self._thread.start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """A future of `fn(*args, **kwargs)`, done in some worker.

        Raises:
            AugcliError: Worker processes do not start.
            WorkerDiedError: From the future: the worker ended before the task did.
        """
        task = _Task(pickle.dumps((fn, args, kwargs)), Future())
        with self._lock:
            if self._broken is not None:
                raise self._broken
            if self._closing:
                raise RuntimeError("the executor has been shut down")
            self._waiting.append(task)
        self._wake()
        return task.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Ends the workers, after the tasks under way; with `cancel_futures`, at once."""
        with self._lock:
            self._closing = True
            if cancel_futures:
                self._aborted = True
                for task in self._waiting:
                    task.future.cancel()
                self._waiting.clear()
        if cancel_futures:
            _terminate([worker.process for worker in self._workers])
        self._wake()
        if wait:
            # Asked to leave at once, it does not wait for a process that is still being started.
            self._thread.join(_LEAVE_SECONDS if cancel_futures else None)

    def _wake(self) -> None:
        self._wake_writer.send_bytes(b"")

    # -- the managing thread

    def _manage(self) -> None:
        """The thread's work. Whatever becomes of it, no future is left waiting."""
        try:
            self._work_off()
        except AugcliError as error:
            self._give_up(error)
        except (OSError, EOFError) as error:
            # The system gives no more processes, or no more open files; or their server has ended.
            self._give_up(AugcliError(f"worker processes do not start: {error}"))

    def _work_off(self) -> None:
        """Hands out tasks, takes in results, replaces the dead, until all is done."""
        self._workers.extend(self._start_worker() for _ in range(self._count))
        while not self._is_over():
            self._hand_out()
            sources: list[Any] = [self._wake_reader]
            for worker in self._workers:
                sources += [worker.connection, worker.process.sentinel]
            ready = connection.wait(sources, self._seconds_to_deadline())
            if self._wake_reader in ready:
                self._wake_reader.recv_bytes()
            for worker in list(self._workers):
                if worker.connection in ready or worker.process.sentinel in ready:
                    self._receive(worker)
            self._end_overdue()
        for worker in self._workers:
            worker.connection.close()  # the end of its input ends a worker
            worker.process.join()

    def _is_over(self) -> bool:
        with self._lock:
            busy = bool(self._waiting) or any(worker.tasks for worker in self._workers)
            return self._closing and not busy

    def _start_worker(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_serve, args=(theirs,), name="augcli-worker", daemon=True
        )
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _hand_out(self) -> None:
        """Gives waiting tasks to workers, the least busy first."""
        while True:
            free = [w for w in self._workers if w.ready and len(w.tasks) < _AHEAD]
            if not free:
                return
            worker = min(free, key=lambda w: len(w.tasks))
            with self._lock:
                if not self._waiting:
                    return
                if worker.tasks and len(self._waiting[0].payload) > _AHEAD_BYTES:
                    return
                task = self._waiting.popleft()
            if not task.future.running() and not task.future.set_running_or_notify_cancel():
                continue
            task.started = time.monotonic()
            worker.tasks.append(task)
            with contextlib.suppress(OSError):  # it died; `_receive` finds out
                worker.connection.send_bytes(task.payload)

    def _receive(self, worker: _Worker) -> None:
        """Takes in one message of a worker, or its end."""
        try:
            message = worker.connection.recv_bytes() if worker.connection.poll() else None
        except (EOFError, OSError):
            message = None
        if message is None:
            if not worker.process.is_alive():
                self._bury(worker, WorkerDiedError(_last_words(worker.process)))
            return
        if message == _READY:
            worker.ready = True
            return
        task = worker.tasks.popleft()
        if worker.tasks:
            worker.tasks[0].started = time.monotonic()
        succeeded, value = pickle.loads(message)  # noqa: S301  from our own worker
        if succeeded:
            task.future.set_result(value)
        else:
            task.future.set_exception(value)

    def _bury(self, worker: _Worker, reason: WorkerDiedError) -> None:
        """Gives up a dead worker: its task fails, those behind it wait again, another starts."""
        worker.end()
        self._workers.remove(worker)
        if worker.tasks:
            worker.tasks.popleft().future.set_exception(reason)
        with self._lock:
            while worker.tasks and not self._aborted:
                self._waiting.appendleft(worker.tasks.pop())
            closing = self._closing and not self._waiting
        for task in worker.tasks:
            task.future.set_exception(reason)
        if not worker.ready:
            self._failed_starts += 1
        if self._failed_starts >= _STARTS:
            raise AugcliError(f"worker processes do not start: {reason}")
        if not closing:
            self._workers.append(self._start_worker())

    def _give_up(self, error: AugcliError) -> None:
        """Ends the workers; the error is that of all tasks that there are, and of any other."""
        with self._lock:
            self._broken = error
            self._closing = True
            tasks = list(self._waiting)
            self._waiting.clear()
        for worker in self._workers:
            tasks += worker.tasks
            worker.tasks.clear()
            worker.end()
        self._workers.clear()
        for task in tasks:
            task.future.set_exception(error)

    def _seconds_to_deadline(self) -> float | None:
        if self._task_timeout is None:
            return None
        started = [worker.tasks[0].started for worker in self._workers if worker.tasks]
        if not started:
            return None
        return max(0.0, min(started) + self._task_timeout - time.monotonic())

    def _end_overdue(self) -> None:
        """Ends workers whose task has taken too long."""
        if self._task_timeout is None:
            return
        now = time.monotonic()
        for worker in list(self._workers):
            if worker.tasks and now - worker.tasks[0].started >= self._task_timeout:
                message = f"it took longer than {self._task_timeout:g} seconds"
                self._bury(worker, WorkerTimeoutError(message))


def start_server() -> ForkServerContext | SpawnContext:
    """The context that workers start from; its fork server is started now, and loads meanwhile.

    The server and its workers are born with Ctrl-C blocked: a terminal sends it to all of them,
    and stopping is the parent's to decide.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([PRELOAD])
    resource_tracker.ensure_running()  # the server would start it, and unblock Ctrl-C after that
    with _worker_environment(), _interrupt_blocked():
        forkserver.ensure_running()
    return context


@contextlib.contextmanager
def _worker_environment() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _ENVIRONMENT}
    os.environ.update(_ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _interrupt_blocked() -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _terminate(processes: list[BaseProcess]) -> None:
    """Asks processes to end, and ends those that have not a second later."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + _LEAVE_SECONDS
    for process in processes:
        process.join(max(0.0, deadline - time.monotonic()))
        if process.is_alive():
            process.kill()


def _last_words(process: BaseProcess) -> str:
    """How a worker ended, in words."""
    process.join(1.0)
    code = process.exitcode
    if code is not None and code < 0:
        return f"its worker process was killed by {signal.Signals(-code).name}"
    return f"its worker process ended with exit code {code}"


# -- in the worker


def _serve(tasks: Connection) -> None:
    """A worker's life: do each task that comes, until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _silence_libraries()
    with contextlib.suppress(EOFError, OSError):  # the parent needs us no longer
        tasks.send_bytes(_READY)
        while True:
            tasks.send_bytes(_reply(tasks.recv_bytes()))


def _reply(payload: bytes) -> bytes:
    """Does a task; its result or its error, as the parent reads it."""
    try:
        function, args, kwargs = pickle.loads(payload)  # noqa: S301  from our own parent
        return pickle.dumps((True, function(*args, **kwargs)))
    except Exception as error:  # noqa: BLE001  it belongs to whoever reads the future
        if not isinstance(error, AugcliError):
            error.add_note(f"In the worker:\n{traceback.format_exc()}")
        return pickle.dumps((False, _portable(error)))


def _portable(error: Exception) -> Exception:
    """The error, or what it says where it would not survive the way to the parent."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301  we have just written it
    except Exception:  # noqa: BLE001  an error's own code runs here, and may raise anything
        return AugcliError(f"{type(error).__name__}: {error}")
    return error


def _silence_libraries() -> None:
    """Keeps what Pillow and the C libraries below it say of broken files off the terminal.

    What matters of it reaches the parent as an exception, and failures.jsonl as a message.
    """
    warnings.filterwarnings("ignore", module=r"PIL\.")
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)


def _leave(signal_number: int, _frame: object) -> None:
    """Leaves by an exception, so that a file being written is cleaned up."""
    sys.exit(128 + signal_number)


def _leave_with_parent() -> None:
    """Ends this process when its parent is gone, so that a killed run leaves no orphans."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
