"""Stamps and depfiles, the latter read back by real make."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from support import augcli, draw

from augcli.datasets.folder import Folder
from augcli.datasets.labels import Labels
from augcli.errors import OutputError
from augcli.pipeline.makefiles import stamp, write_depfile

NAMES = ("plain", "two words", "#1", "c$t", "$(x)", "a:b", "a & b's", "naïve", "(a),b", "{x}@!^+")
LABELS = Labels("categorical", None)
IMPOSSIBLE = ("new\nline", "50%", "a;b", "a|b", "w*ld", "tab\t", "back\\slash", "~home", "k=v")


def draw_all(folder: Path, names: tuple[str, ...]) -> list[Path]:
    """Draws an image under each name that the file system can hold."""
    drawn = []
    for name in names:
        try:
            drawn.append(draw(folder / f"{name}.png"))
        except OSError:
            continue
    return drawn


def make(folder: Path, *arguments: str) -> int:
    """The exit code of make."""
    return subprocess.run(
        ["make", *arguments],  # noqa: S607  from PATH
        cwd=folder,
        capture_output=True,
        check=False,
    ).returncode


def test_stamp(tmp_path: Path) -> None:
    """A stamp is empty and has the time it is given, also when it is there already."""
    path = tmp_path / "stamp"
    for nanoseconds in (10**18, 2 * 10**18):
        stamp(str(path), nanoseconds)
        assert path.read_bytes() == b""
        assert path.stat().st_mtime_ns == nanoseconds
    with pytest.raises(OutputError, match="folder is gone"):
        stamp(str(tmp_path / "missing" / "stamp"), 0)


def set_time(path: Path, seconds: int) -> None:
    """Sets the modification time."""
    os.utime(path, (seconds, seconds))


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
@pytest.mark.parametrize(
    ("target", "in_makefile"),
    [("stamp", "stamp"), ("a stamp", r"a\ stamp"), ("#1", r"\#1"), ("a:b", r"a\:b"), ("c$", "c$$")],
)
def test_names_that_make_reads_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, in_makefile: str
) -> None:
    """Files of odd names bring make to work when they are newer, and when they are gone."""
    monkeypatch.chdir(tmp_path)
    config, made = tmp_path / "the config.yaml", tmp_path / target
    images = draw_all(Path("in here", "a #class"), NAMES)
    for path in (config, made):
        path.touch()
    left_out = write_depfile(
        "depfile", target=target, data=Folder("in here", labels=LABELS), config=config.name
    )
    assert left_out == 0
    rule = f"{in_makefile}:\n\ttouch '$@'\n-include depfile\n"
    Path("Makefile").write_text(rule, encoding="utf-8")
    prerequisites = [config, Path("in here"), Path("in here", "a #class"), *images]
    for path in prerequisites:
        set_time(path, 1000)
    set_time(made, 2000)
    assert make(tmp_path, "--question") == 0
    for path in prerequisites:
        set_time(path, 3000)
        assert make(tmp_path, "--question") == 1, f"{path} is not noticed"
        set_time(path, 1000)
    for path in images:
        path.unlink()
    assert make(tmp_path, "--question") == 1
    assert make(tmp_path) == 0


def test_names_that_make_cannot_hold(tmp_path: Path) -> None:
    """They are left out and counted; the others, and all folders, are in."""
    source = tmp_path / "in"
    plain = draw(source / "plain.png")
    odd = draw_all(source, IMPOSSIBLE)
    depfile = tmp_path / "depfile"
    assert write_depfile(
        str(depfile), target="t", data=Folder(str(source), labels=LABELS), config=None
    ) == len(odd)
    assert depfile.read_text(encoding="utf-8") == (
        f"t: \\\n  {source} \\\n  {plain}\n\n{source}:\n{plain}:\n"
    )


def test_the_depfile_of_a_command(tmp_path: Path) -> None:
    """Without a stamp the manifest is the target; a run with failures leaves no stamp."""
    draw(tmp_path / "in" / "a.png")
    shared = ("expand", "in", "out", "-j", 0, "--depfile", "d")
    augcli(*shared, cwd=tmp_path)
    assert (tmp_path / "d").read_text(encoding="utf-8").startswith("out/manifest.jsonl: ")
    (tmp_path / "in" / "b.png").write_bytes(b"")
    augcli(*shared, "--stamp", "s", cwd=tmp_path, code=3)
    assert not (tmp_path / "s").exists()
    augcli(*shared, "--stamp", "s", "--allow-failures", cwd=tmp_path)
    assert (tmp_path / "s").exists()
    assert (tmp_path / "d").read_text(encoding="utf-8").startswith("s: ")


def test_statistics_are_prerequisites(tmp_path: Path) -> None:
    """A file of statistics that the config names is among what the target depends on."""
    draw(tmp_path / "in" / "a.png")
    depfile = tmp_path / "depfile"
    data = Folder(str(tmp_path / "in"), labels=LABELS)
    write_depfile(str(depfile), target="t", data=data, config=None, statistics="stats.npz")
    assert "stats.npz" in depfile.read_text("utf-8")
