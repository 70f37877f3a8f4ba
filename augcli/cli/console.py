"""What a person reads: results on stdout, all else on stderr."""

import os
import sys
from typing import TYPE_CHECKING, Any, Self

import click

if TYPE_CHECKING:
    from tqdm import tqdm


def print_result(text: str) -> None:
    """Prints a result, on stdout."""
    click.echo(text, color=_color())


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


class Bar:
    """A run's progress as a bar on stderr; a context manager, and a `Progress`.

    Args:
        shown: Whether to show it; where stderr is no terminal, it is never shown.
    """

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown and sys.stderr.isatty()
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
        """Says what takes so long, when it does."""
        if self._bar is not None and seconds > _LONG_START:
            self._bar.set_postfix_str("compiling kernels, once on a machine")

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
