"""The lock on an output."""

import os
from pathlib import Path

import pytest

from augcli.errors import OutputBusyError
from augcli.pipeline.lock import LOCK, hold


def test_one_at_a_time(tmp_path: Path) -> None:
    """A second holder is told who the first is, as often as it asks; afterwards nothing is left."""
    with hold(str(tmp_path)):
        for _ in range(2):
            busy = pytest.raises(OutputBusyError, match=f"process {os.getpid()}")
            with busy, hold(str(tmp_path)):
                pass
    assert os.listdir(tmp_path) == []
    with hold(str(tmp_path)):
        pass


def test_a_lock_that_was_left(tmp_path: Path) -> None:
    """The file of a process that was killed keeps nobody out, whatever it says."""
    (tmp_path / LOCK).write_text("99999999", encoding="ascii")
    with hold(str(tmp_path)):
        assert (tmp_path / LOCK).read_text(encoding="ascii") == str(os.getpid())


def test_it_is_let_go_on_an_error(tmp_path: Path) -> None:
    """A run that fails leaves no lock."""
    with pytest.raises(KeyboardInterrupt), hold(str(tmp_path)):
        raise KeyboardInterrupt
    assert os.listdir(tmp_path) == []
