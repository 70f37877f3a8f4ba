"""What a person sees: numbers in words, and a bar where there is a terminal."""

import errno
import io
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from numba import njit
from support import PATIENCE, command, draw, environment

from augcli.cli.console import Bar, count, noting_compilation, print_result, readable_bytes

COMPILING = "compiling kernels, once on a machine"
WAITING = "no new copy yet: kernels are being compiled (once on a machine), or images take long"


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 copies"), (1, "1 copy"), (1200, "1,200 copies")]
)
def test_count(number: int, words: str) -> None:
    """A number stands with its noun in the right form."""
    assert count(number, "copy", "copies") == words
    assert count(number, "copy").startswith(words.split(maxsplit=1)[0])


@pytest.mark.parametrize(
    ("number", "words"),
    [(999, "999 bytes"), (1000, "1 kB"), (3.44e6, "3.44 MB"), (2e9, "2 GB"), (5e13, "50 TB")],
)
def test_readable_bytes(number: float, words: str) -> None:
    """Sizes have three digits and a unit."""
    assert readable_bytes(number) == words


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
@pytest.mark.parametrize(
    "arguments", [("schema",), ("preview", "in", "-o", "-"), ("--version",), ("expand", "--help")]
)
def test_a_stdout_that_is_full(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """One sentence and exit code 1, whether the result is text, a picture or the help."""
    draw(tmp_path / "in" / "a.png")
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            command(*arguments),
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env=environment(),
            timeout=PATIENCE,
            check=False,
            text=True,
        )
    assert done.returncode == 1
    *notes, error = done.stderr.splitlines()
    assert error == "error: cannot write the result to stdout: No space left on device"
    assert notes in ([], [COMPILING])  # by whether the kernels are there already


@pytest.mark.parametrize("code", [errno.EPIPE, errno.EINVAL])
def test_a_stdout_that_nobody_reads(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: int
) -> None:
    """A closed pipe, which Windows calls an invalid argument, is a quiet exit with 1."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, "closed")

    monkeypatch.setattr("augcli.cli.console._CLOSED_PIPE", {errno.EPIPE, errno.EINVAL})
    monkeypatch.setattr("click.echo", refuse)
    with pytest.raises(SystemExit) as exit_info:
        print_result("text")
    assert exit_info.value.code == 1
    assert capsys.readouterr() == ("", "")


class Terminal(io.StringIO):
    """Something that takes text and says that it is a terminal."""

    def isatty(self) -> bool:
        """It says so."""
        return True


def test_a_bar_says_what_a_long_start_is_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """What may be under way before the first copy is said, and not before 4 seconds."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with Bar(shown=True) as bar:
        bar.start(copies=2, sources=1)
        bar.wait(3.0)
        assert "compiled" not in terminal.getvalue()
        bar.wait(5.0)
        assert WAITING in terminal.getvalue()


def test_a_long_start_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """It is said in one line, once; to those who want no progress, not at all."""
    with Bar(shown=True) as bar, Bar(shown=False) as silent:
        bar.wait(3.0)
        silent.wait(5.0)
        assert capsys.readouterr().err == ""
        bar.wait(5.0)
        bar.wait(6.0)
    assert capsys.readouterr().err == f"{WAITING}\n"


def test_compilation_in_this_process(capsys: pytest.CaptureFixture[str]) -> None:
    """It is said once, and not when all is compiled."""
    double = njit(lambda number: 2 * number)
    with noting_compilation():
        assert [double(1.5), double(2)] == [3, 4]
    assert capsys.readouterr().err == f"{COMPILING}\n"
    with noting_compilation():
        assert double(2.5) == 5
    assert capsys.readouterr().err == ""


class Postfixes:
    """Stands in for tqdm's bar, and keeps what is said behind it."""

    def __init__(self) -> None:
        self.format_dict = {"rate": 8.0}
        self.said: list[str] = []

    def set_postfix_str(self, text: str, *, refresh: bool) -> None:
        """Keeps it."""
        self.said.append(text)

    def update(self, number: int) -> None:
        """Moves nothing."""

    def close(self) -> None:
        """Closes nothing."""


def test_a_bar_says_how_fast_copies_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of copies, it says how many images a second that is; of anything else, failures alone."""
    shown = Postfixes()
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr("augcli.cli.console._make_bar", lambda **_: shown)
    with Bar(shown=True) as bar:
        bar.start(copies=2, sources=2, unit="trials")
        bar.advance(1)
        bar.advance(1, failures=1)
        bar.start(copies=4, sources=2)
        bar.advance(4)
    assert shown.said == ["", "1 failed", "4 images/s, 1 failed"]


def test_a_bar_that_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal, a bar takes all calls and prints nothing."""
    with Bar(shown=True) as bar:
        bar.start(copies=2, sources=1)
        bar.advance(2, failures=1)
    assert capsys.readouterr() == ("", "")


def on_terminal(*arguments: object, **env: str) -> tuple[str, int]:
    """Runs `augcli ARGUMENTS` with a terminal as its stderr; what that shows, and the exit code."""
    fcntl, pty, termios = map(pytest.importorskip, ("fcntl", "pty", "termios"))
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 25, 120, 0, 0))
    with subprocess.Popen(
        command(*arguments), stdout=subprocess.DEVNULL, stderr=theirs, env=environment(**env)
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 65536):
                shown += part
        except OSError:  # how Linux says that the other end has been closed
            pass
        os.close(ours)
        process.wait(PATIENCE)
    return shown.decode("utf-8"), process.returncode


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_the_bar_on_a_terminal(tmp_path: Path) -> None:
    """It shows copies, images a second, failures and the time left; --no-progress hides it."""
    for number in range(40):
        draw(
            tmp_path / "in" / f"{number}.png", seed=number, size=(480, 480)
        )  # so that it takes longer than the bar waits
    (tmp_path / "in" / "0.jpg").write_bytes(b"")
    shared = ("expand", tmp_path / "in", tmp_path / "out", "-n", 3, "--set", "rotation_range=9")
    hidden, code = on_terminal(*shared, "-j", 0, "--no-progress", NO_COLOR="1")
    assert code == 3
    assert "\x1b" not in hidden
    assert "copies" not in hidden
    shown, code = on_terminal(*shared, "-j", 0, "--seed", 1)
    assert code == 3
    assert re.search(r"\d+/123 \[\d\d:\d\d<\d\d:\d\d", shown)
    assert re.search(r"\d+ images/s, 1 failed", shown)
    assert "\x1b" in shown
