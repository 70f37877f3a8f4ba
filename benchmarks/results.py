"""What a row comes to, and whether that reaches its target."""

import statistics
from dataclasses import dataclass

from processes import Run
from rows import Rival


@dataclass(frozen=True)
class Spread:
    """The smallest, the median and the largest of some numbers."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, numbers: list[float]) -> "Spread":
        """The spread of at least one number."""
        return cls(min(numbers), statistics.median(numbers), max(numbers))


@dataclass(frozen=True)
class Contestant:
    """What one contender did in a row.

    Attributes:
        name: Of the contender.
        runs: One a round.
        files: How many copies each run had to give.
        bytes_per_file: The mean size of them.
    """

    name: str
    runs: list[Run]
    files: int
    bytes_per_file: float


@dataclass(frozen=True)
class Finding:
    """One number that a row is for.

    Attributes:
        what: It is.
        spread: Of its values over the rounds.
        unit: "x", "s" or "MB".
        at_least: The target, if it is a lower bound.
        at_most: The target, if it is an upper bound.
    """

    what: str
    spread: Spread
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the median reaches the target; None if there is none."""
        if self.at_least is not None:
            return self.spread.median >= self.at_least
        if self.at_most is not None:
            return self.spread.median <= self.at_most
        return None


@dataclass(frozen=True)
class RowResult:
    """A row, measured.

    Attributes:
        name: In `rows.COMPARISONS` or `rows.ALONE`.
        title: What the table's heading says.
        sources: How many photos there were.
        copies: How many of each were made.
        contestants: Who took part, augcli first.
        findings: What follows.
    """

    name: str
    title: str
    sources: int
    copies: int
    contestants: list[Contestant]
    findings: list[Finding]


def ratios(rival: Rival, ours: list[Run], theirs: list[Run]) -> list[Finding]:
    """A rival's time over augcli's, round by round; with a limit, augcli's over the limit's."""
    if rival.within is None:
        what, pairs = f"{rival.name} : augcli", list(zip(theirs, ours, strict=True))
    else:
        what, pairs = f"augcli : {rival.name}", list(zip(ours, theirs, strict=True))
    wall = Spread.of([above.wall / below.wall for above, below in pairs])
    findings = [Finding(f"{what}, wall", wall, "x", at_least=rival.at_least, at_most=rival.within)]
    cpu = [
        above.cpu / below.cpu
        for above, below in pairs
        if above.cpu is not None and below.cpu is not None
    ]
    if cpu:
        findings.append(Finding(f"{what}, CPU", Spread.of(cpu), "x"))
    return findings
