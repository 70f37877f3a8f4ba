"""Thousands of damaged images: each gives pixels or is refused, without a crash or a hang."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support import PATIENCE, environment

pytest.importorskip("resource", reason="measures memory as POSIX does")


def test_thousands_of_mutants() -> None:
    """2,400 of six formats, from a fixed seed; neither all nor none of them can be used.

    In a process of their own, so that a crash or a hang is a failure and not the tests' end. A
    mutant that claims a million pixels is decoded, more are refused unread: memory grows by what
    such a picture takes on its way, and not by gigabytes.
    """
    done = subprocess.run(
        [sys.executable, Path(__file__).parent / "mutants.py", "400"],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr[-5000:]
    found = json.loads(done.stdout)
    assert found["tried"] == 2400
    assert 100 < found["used"] < 2300
    assert found["mebibytes"] < 1000
