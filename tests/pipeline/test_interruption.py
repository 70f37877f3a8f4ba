"""A wish to stop."""

import signal

import pytest

from augcli.errors import InterruptedRunError
from augcli.pipeline.interruption import Interruption


def test_it_is_carried_out_where_it_is_looked_at() -> None:
    """Nothing happens before it is set; then the next look ends the run, with its signal."""
    interruption = Interruption()
    interruption.check()
    interruption.signal_number = signal.SIGTERM
    with pytest.raises(InterruptedRunError) as raised:
        interruption.check()
    assert raised.value.signal_number == signal.SIGTERM
