"""What can go wrong, and the exit code each wrong has.

    AugcliError             1   an internal or I/O error; what is on disk is whole
    ├── UsageError          2   bad usage; nothing was written
    │   └── ConfigError     2   a config that does not hold; lists every problem at once
    ├── SourceError         3   one source cannot be used; the run goes on without it
    ├── OutputError         1   the output cannot be written (disk full, permissions)
    ├── OutputBusyError     4   another run holds this output
    └── InterruptedRunError 130 Ctrl-C; 143 for SIGTERM

Foreign exceptions are translated once, where they enter: Pillow's in `images`, pydantic's and
YAML's in `config`, the operating system's where a file is read or written.
"""

from dataclasses import dataclass
from typing import ClassVar


class AugcliError(Exception):
    """Base of every error that augcli raises on purpose; `str()` is a sentence for a person."""

    exit_code: ClassVar[int] = 1


class UsageError(AugcliError):
    """The command cannot be carried out as it was typed."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a config: where it stands, and what to do about it."""

    where: str  # "augment.yaml:12:5", "--set copies=x" or "preset photos:3:1"
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


class ConfigError(UsageError):
    """A config that does not hold. `problems` lists all of them, in the order of the file."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class SourceError(AugcliError):
    """One source cannot be used.

    Args:
        stage: Where it failed: "read", "decode", "mask", "annotations", "transform", "encode" or
            "worker".
        message: What is wrong with it, and what would help.
    """

    exit_code = 3

    def __init__(self, stage: str, message: str) -> None:
        self.stage = stage
        super().__init__(message)

    def __reduce__(self) -> tuple[type["SourceError"], tuple[str, str]]:
        return (type(self), (self.stage, str(self)))


class OutputError(AugcliError):
    """The output cannot be written."""


class OutputBusyError(AugcliError):
    """Another run holds this output."""

    exit_code = 4


class InterruptedRunError(AugcliError):
    """The run was interrupted (exit 130) or terminated (exit 143); the same command resumes."""

    def __init__(self, signal_number: int) -> None:
        self.signal_number = signal_number
        super().__init__("interrupted; run the same command again to resume")
