"""What tests of kernels use: another process, whose kernels are compiled for any CPU."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from support import ForAnyCpu

ANSWERS = """
import sys
from importlib import import_module

for line in sys.stdin:
    module, name = line.split()
    print(getattr(import_module(module), name)(), flush=True)
"""


@pytest.fixture(scope="session")
def for_any_cpu(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ForAnyCpu]:
    """Calls a function of a test's module with kernels compiled for any CPU of this kind.

    One process answers all calls of a session: its start takes longer than most of them.
    """
    cache: pytest.Cache | None = getattr(pytestconfig, "cache", None)
    numba_cache = (
        cache.mkdir("numba-generic")  # compiling takes a while
        if cache
        else tmp_path_factory.mktemp("numba-generic")
    )
    with subprocess.Popen(
        [sys.executable, "-c", ANSWERS],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([os.path.dirname(__file__), *sys.path]),
            "NUMBA_CPU_NAME": "generic",
            "NUMBA_CPU_FEATURES": "",
            "NUMBA_CACHE_DIR": str(numba_cache),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:

        def call(function: Callable[[], str]) -> str:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{function.__module__} {function.__name__}\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            assert answer, "the process for any CPU has ended"
            return answer.strip()

        yield call
