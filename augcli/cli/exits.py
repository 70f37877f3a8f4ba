"""Known errors as messages and exit codes, and signals as a wish to stop."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from augcli.cli.console import print_error, print_note
from augcli.errors import AugcliError, ConfigError, InterruptedRunError

if TYPE_CHECKING:
    from augcli.pipeline.interruption import Interruption


@contextmanager
def known_errors() -> Iterator[None]:
    """Turns augcli's own errors into a message and the exit code of their kind."""
    try:
        yield
    except ConfigError as error:
        for problem in error.problems:
            print_error(str(problem))
        sys.exit(error.exit_code)
    except InterruptedRunError as error:
        sys.exit(128 + error.signal_number)
    except AugcliError as error:
        print_error(str(error))
        sys.exit(error.exit_code)


@contextmanager
def interruptible(*, resumes: bool = True) -> Iterator["Interruption"]:
    """Ctrl-C and SIGTERM ask the run to stop; asked again, the process leaves at once.

    Args:
        resumes: Whether the same command goes on where it was, which is then said.
    """
    from augcli.pipeline.interruption import Interruption

    interruption = Interruption()

    def ask(signal_number: int, _frame: FrameType | None) -> None:
        if interruption.signal_number is not None:
            os._exit(128 + signal_number)
        interruption.signal_number = signal_number
        print_note(f"\nstopping{'; run the same command again to go on from here' * resumes}")

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interruption
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
