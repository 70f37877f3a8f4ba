"""Executors: results and errors come back, dead workers are replaced, nothing hangs."""

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import executor_tasks as tasks
import pytest
from support import PATIENCE, wait_until

from augcli.errors import AugcliError, SourceError
from augcli.pipeline import executors
from augcli.pipeline.executors import (
    ProcessExecutor,
    SerialExecutor,
    WorkerDiedError,
    WorkerTimeoutError,
)

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessExecutor]:
    """Two workers."""
    with ProcessExecutor(2) as executor:
        yield executor


@pytest.fixture(params=["serial", "processes"])
def executor(request: pytest.FixtureRequest) -> SerialExecutor | ProcessExecutor:
    """Either executor."""
    return request.getfixturevalue("pool") if request.param == "processes" else SerialExecutor()


def result(future: Future[object]) -> object:
    """A future's result, or its error; a test that waits in vain fails."""
    return future.result(timeout=PATIENCE)


def test_results(executor: SerialExecutor | ProcessExecutor) -> None:
    """Each future has the result of its own call."""
    futures = [executor.submit(tasks.add, number, second=1) for number in range(50)]
    assert [result(future) for future in futures] == list(range(1, 51))


def test_errors(executor: SerialExecutor | ProcessExecutor) -> None:
    """An exception comes back with all there is to it, and ends nothing."""
    future = executor.submit(tasks.fail)
    with pytest.raises(SourceError, match="broken") as raised:
        result(future)
    assert raised.value.stage == "decode"
    assert result(executor.submit(tasks.add, 1)) == 1


def test_what_cannot_be_sent(pool: ProcessExecutor) -> None:
    """An argument that cannot be pickled is refused by submit itself."""
    with pytest.raises(Exception, match=r"pickle|lambda"):
        pool.submit(lambda: None)
    assert result(pool.submit(tasks.add, 2)) == 2


def test_what_cannot_be_read(pool: ProcessExecutor) -> None:
    """An argument that fails to be read in the worker fails that task alone."""
    with pytest.raises(SourceError):
        result(pool.submit(tasks.add, tasks.Unreadable()))
    assert result(pool.submit(tasks.add, 2)) == 2


@pytest.mark.parametrize("task", [tasks.no_reply, tasks.fail_oddly])
def test_replies_that_cannot_be_sent(pool: ProcessExecutor, task: object) -> None:
    """A result or an error that does not survive the way back is an error of its task alone."""
    with pytest.raises(Exception, match=r"not to be sent|a b|argument"):
        result(pool.submit(task))
    assert result(pool.submit(tasks.add, 2)) == 2


def test_tasks_larger_than_a_pipe(pool: ProcessExecutor) -> None:
    """Large arguments do not block each other."""
    futures = [pool.submit(len, b"x" * 1_000_000) for _ in range(6)]
    assert [result(future) for future in futures] == [1_000_000] * 6


def test_both_workers_work(pool: ProcessExecutor) -> None:
    """Tasks are spread over processes, none of which is this one."""
    processes: set[object] = set()

    def are_all_seen() -> bool:
        processes.update([result(f) for f in [pool.submit(tasks.process_id) for _ in range(4)]])
        return len(processes) == 2

    wait_until(are_all_seen)  # a second worker may be long in starting where there is much to do
    assert os.getpid() not in processes


@posix
@pytest.mark.parametrize(
    ("task", "words"), [((tasks.kill,), "killed by SIGKILL"), ((tasks.leave, 7), "exit code 7")]
)
def test_a_dead_worker(pool: ProcessExecutor, task: tuple[object, ...], words: str) -> None:
    """Its task fails with how it ended, those behind it are done, and another takes its place."""
    doomed = pool.submit(*task)
    others = [pool.submit(tasks.add, number) for number in range(10)]
    with pytest.raises(WorkerDiedError, match=words):
        result(doomed)
    assert [result(future) for future in others] == list(range(10))


def test_workers_have_one_thread_and_ignore_interrupts(pool: ProcessExecutor) -> None:
    """Their libraries keep to one thread; the parent's environment stays as it was."""
    before = os.environ.get("OMP_NUM_THREADS")
    assert result(pool.submit(tasks.environment, "OMP_NUM_THREADS")) == "1"
    assert os.environ.get("OMP_NUM_THREADS") == before
    if sys.platform != "win32":
        os.kill(result(pool.submit(tasks.process_id)), signal.SIGINT)
        assert result(pool.submit(tasks.add, 4)) == 4


@posix
def test_workers_start_with_all_loaded(pool: ProcessExecutor) -> None:
    """The kernels are there, and the collector works, but leaves them alone."""
    assert result(pool.submit(tasks.loaded)) == (True, True, True)


def test_a_task_that_takes_too_long(tmp_path: Path) -> None:
    """Its worker is ended, its future says so, and the next task is done."""
    with ProcessExecutor(1, task_timeout=1.0) as executor:
        stuck = executor.submit(tasks.wait_for, str(tmp_path / "never"))
        after = executor.submit(tasks.add, 5)
        with pytest.raises(WorkerTimeoutError, match=r"longer than 1 seconds"):
            result(stuck)
        assert result(after) == 5


def test_shutdown_waits(tmp_path: Path) -> None:
    """By default all tasks are done first, and nothing is accepted after."""
    executor = ProcessExecutor(1)
    futures = [executor.submit(tasks.add, number) for number in range(20)]
    executor.shutdown()
    assert [future.result(0) for future in futures] == list(range(20))
    with pytest.raises(RuntimeError, match="shut down"):
        executor.submit(tasks.add, 1)


def test_shutdown_at_once(tmp_path: Path) -> None:
    """With cancel_futures, tasks under way are broken off and those that wait are cancelled."""
    executor = ProcessExecutor(1)
    process = result(executor.submit(tasks.process_id))
    futures = [executor.submit(tasks.wait_for, str(tmp_path / "never")) for _ in range(8)]
    wait_until(futures[0].running)
    executor.shutdown(cancel_futures=True)
    assert all(future.done() for future in futures)
    assert futures[-1].cancelled()
    assert isinstance(futures[0].exception(), WorkerDiedError)
    if sys.platform != "win32":
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_workers_that_do_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a few tries it is an error, of the tasks that wait and of the next submit."""
    monkeypatch.setattr(executors, "_serve", tasks.refuse)
    with ProcessExecutor(2) as executor:
        futures = [executor.submit(tasks.add, 1)]
        with pytest.raises(AugcliError, match=r"processes do not start: .* exit code 9"):
            result(futures[0])
        with pytest.raises(AugcliError, match="processes do not start"):
            executor.submit(tasks.add, 1)


def test_a_system_without_room_for_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no worker can be started in the place of a dead one, all tasks have that error."""
    with ProcessExecutor(1) as executor:
        assert result(executor.submit(tasks.add, 1)) == 1
        monkeypatch.setattr(executor, "_start_worker", out_of_processes)
        doomed = executor.submit(tasks.leave, 1)
        waiting = [executor.submit(tasks.process_id, 1.0) for _ in range(5)]
        with pytest.raises(WorkerDiedError):
            result(doomed)
        for future in waiting:
            with pytest.raises(AugcliError, match=r"processes do not start: .*unavailable"):
                result(future)


def out_of_processes() -> None:
    """Fails as the system does."""
    raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")


def test_no_threads_are_left(pool: ProcessExecutor) -> None:
    """An executor that was shut down leaves no thread behind."""
    before = threading.active_count()
    with ProcessExecutor(1) as executor:
        assert result(executor.submit(tasks.add, 1)) == 1
    assert threading.active_count() == before


@posix
def test_workers_are_born_deaf_to_ctrl_c() -> None:
    """A terminal sends it to all processes: it must not meet a worker that is just starting."""
    script = (
        "import executor_tasks, sys\n"
        "from augcli.pipeline.executors import ProcessExecutor\n"
        "if __name__ == '__main__':\n"
        "    with ProcessExecutor(1) as executor:\n"
        "        sys.exit(0 if executor.submit(executor_tasks.blocks_interrupt).result() else 1)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0
