"""A wish to stop, handed from a signal handler to a run."""

from augcli.errors import InterruptedRunError


class Interruption:
    """Set from outside, looked at by the run where stopping leaves everything whole."""

    def __init__(self) -> None:
        self.signal_number: int | None = None

    def check(self) -> None:
        """Goes on, unless the run is to stop.

        Raises:
            InterruptedRunError: It is.
        """
        if self.signal_number is not None:
            raise InterruptedRunError(self.signal_number)
