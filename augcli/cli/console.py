"""What a person reads: results on stdout, all else on stderr."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Self

import click

from augcli.errors import OutputError

if TYPE_CHECKING:
    from tqdm import tqdm


_CLOSED_PIPE = {errno.EPIPE, errno.EINVAL} if sys.platform == "win32" else {errno.EPIPE}
"""How the system says that nobody reads stdout any more."""


def print_result(text: str) -> None:
    """Prints a result, on stdout.

    Raises:
        OutputError: It cannot be written, as the disk is full that stdout goes to.
    """
    with known_stdout_errors():
        click.echo(text, color=_color())


def write_result(data: bytes) -> None:
    """Writes a result that is no text to stdout.

    Raises:
        OutputError: As `print_result`.
    """
    with known_stdout_errors():
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


@contextmanager
def known_stdout_errors() -> Iterator[None]:
    """Turns what stdout does not take into an error; of a closed pipe, into a quiet exit with 1.

    Raises:
        OutputError: It cannot be written, as the disk is full that stdout goes to.
    """
    try:
        yield
    except OSError as error:
        _drop_stdout()
        if error.errno in _CLOSED_PIPE:
            sys.exit(1)
        raise OutputError(f"cannot write the result to stdout: {error.strerror}") from error


def _drop_stdout() -> None:
    """Sends what stdout still holds to nowhere; Python would try it, and fail again, at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError):  # no file is behind a stdout that is none of the system's
        os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def print_note(text: str) -> None:
    """Prints what goes along with a result, on stderr."""
    click.echo(text, err=True, color=_color())


def print_warning(text: str) -> None:
    """Prints a warning, on stderr."""
    print_note(f"{click.style('warning:', fg='yellow', bold=True)} {text}")


def print_error(text: str) -> None:
    """Prints an error, on stderr."""
    print_note(f"{click.style('error:', fg='red', bold=True)} {text}")


def _color() -> bool | None:
    """False where NO_COLOR asks for none; None leaves it to whether there is a terminal."""
    return False if os.environ.get("NO_COLOR") else None


_LONG_START = 4.0  # seconds; with compiled kernels, workers start in one
_COMPILING = "compiling kernels, once on a machine"
_WAITING = "no new copy yet: kernels are being compiled (once on a machine), or images take long"


class Bar:
    """A run's progress as a bar on stderr; a context manager, and a `Progress`.

    Args:
        shown: Whether to show it; where stderr is no terminal, it is never shown.
    """

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown and sys.stderr.isatty()
        self._is_to_say = shown and not self._shown  # in a line of its own, and once
        self._bar: tqdm[Any] | None = None
        self._copies_per_source: float | None = None
        self._failures = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def compare(self, sources: int) -> None:
        """Counts the sources that are compared with what an earlier run left; there is no end."""
        if not self._shown:
            return
        if self._bar is None:
            self._bar = _make_bar(total=None, unit="images compared")
        self._bar.update(sources)

    def start(self, *, copies: int, sources: int, unit: str = "copies") -> None:
        """Shows an empty bar for so many copies of so many sources."""
        if not self._shown:
            return
        if self._bar is not None:
            self._bar.close()
        self._copies_per_source = copies / max(1, sources) if unit == "copies" else None
        self._bar = _make_bar(total=copies, unit=unit)

    def wait(self, seconds: float) -> None:
        """Says what may take so long, when it does."""
        if seconds <= _LONG_START:
            return
        if self._bar is not None:
            self._bar.set_postfix_str(_WAITING)
        elif self._is_to_say:
            self._is_to_say = False
            print_note(_WAITING)

    def advance(self, copies: int, *, failures: int = 0) -> None:
        """Moves the bar on."""
        if self._bar is None:
            return
        self._failures += failures
        said = []
        if self._copies_per_source is not None:
            images = (self._bar.format_dict["rate"] or 0.0) / self._copies_per_source
            said.append(f"{images:.0f} images/s")
        if self._failures:
            said.append(f"{self._failures} failed")
        self._bar.set_postfix_str(", ".join(said), refresh=False)
        self._bar.update(copies)


@contextmanager
def noting_compilation() -> Iterator[None]:
    """Says so when kernels are compiled in this process, which takes a while the first time."""
    from numba.core import event

    class Note(event.Listener):
        is_said = False

        def on_start(self, _event: event.Event) -> None:
            if not self.is_said:
                self.is_said = True
                print_note(_COMPILING)

        def on_end(self, _event: event.Event) -> None:
            pass

    with event.install_listener("numba:compile", Note()):
        yield


def _make_bar(*, total: int | None, unit: str) -> "tqdm[Any]":
    from tqdm import tqdm

    return tqdm(
        total=total,
        unit=f" {unit}",
        file=sys.stderr,
        dynamic_ncols=True,
        smoothing=0.1,
        leave=False,
        colour=None if os.environ.get("NO_COLOR") else "green",
    )


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: "1 copy", "1,200 copies"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def readable_bytes(number: float) -> str:
    """A size as people say it: "3.4 MB"."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} bytes" if unit == "bytes" else f"{number:.3g} {unit}"
        number /= 1000
    return f"{number:.3g} TB"
