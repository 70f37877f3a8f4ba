"""What tests of kernels use: another process, whose kernels are compiled for any CPU."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support import ForAnyCpu


@pytest.fixture
def for_any_cpu(request: pytest.FixtureRequest, tmp_path: Path) -> ForAnyCpu:
    """Calls a function of a test's module with kernels compiled for any CPU of this kind."""
    cache: pytest.Cache | None = getattr(request.config, "cache", None)
    numba_cache = cache.mkdir("numba-generic") if cache else tmp_path  # compiling takes a while

    def call(function: Callable[[], str]) -> str:
        module, name = function.__module__, function.__name__
        return subprocess.run(
            [sys.executable, "-c", f"import {module}; print({module}.{name}())"],
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join([os.path.dirname(__file__), *sys.path]),
                "NUMBA_CPU_NAME": "generic",
                "NUMBA_CPU_FEATURES": "",
                "NUMBA_CACHE_DIR": str(numba_cache),
            },
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    return call
