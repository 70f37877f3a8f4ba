"""What a run tells of itself while it goes on. Whoever shows it implements `Progress`."""

from typing import Protocol


class Progress(Protocol):
    """Shows a run's progress."""

    def compare(self, sources: int) -> None:
        """So many more sources have been compared with what an earlier run left of them."""

    def start(self, *, copies: int, sources: int, unit: str = "copies") -> None:
        """The plan is made: so much there is to do; said again when something else follows."""

    def wait(self, seconds: float) -> None:
        """The workers have been starting for so long, and none has done anything yet."""

    def advance(self, copies: int, *, failures: int = 0) -> None:
        """So many copies are settled, written or found to stand; so many sources failed."""


class SilentProgress:
    """Shows nothing."""

    def compare(self, sources: int) -> None:
        """Shows nothing."""

    def start(self, *, copies: int, sources: int, unit: str = "copies") -> None:
        """Shows nothing."""

    def wait(self, seconds: float) -> None:
        """Shows nothing."""

    def advance(self, copies: int, *, failures: int = 0) -> None:
        """Shows nothing."""
