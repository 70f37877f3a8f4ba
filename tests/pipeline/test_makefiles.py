"""Stamps and depfiles, the latter read back by real make."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from annotated import make_coco
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
    stamp(str(tmp_path / "new" / "stamp"), 0)
    with pytest.raises(OutputError, match="a file stands where its folder should be"):
        stamp(str(path / "inner" / "stamp"), 0)


def test_a_stamp_that_stands(tmp_path: Path) -> None:
    """One that may not be written to gets its time too; what is more than a stamp is kept."""
    path = tmp_path / "stamp"
    path.write_bytes(b"data")
    path.chmod(0o444)
    before = path.stat().st_ino
    stamp(str(path), 10**18)
    assert path.read_bytes() == b"data"
    assert path.stat().st_mtime_ns == 10**18
    assert path.stat().st_ino != before  # renamed, as whoever may write in its folder may do
    assert os.listdir(tmp_path) == ["stamp"]


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
    assert left_out == []
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
    """They are left out and named; the others, and all folders, are in."""
    source = tmp_path / "in"
    plain = draw(source / "plain.png")
    odd = draw_all(source, IMPOSSIBLE)
    depfile = tmp_path / "depfile"
    left_out = write_depfile(
        str(depfile), target="t", data=Folder(str(source), labels=LABELS), config=None
    )
    assert sorted(left_out) == sorted(map(str, odd))
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


def test_what_is_said_of_names_that_make_cannot_hold(tmp_path: Path) -> None:
    """The warning names the files, says what follows, and what to do."""
    draw_all(tmp_path / "in", ("50%", "a=b", "~c", "d"))
    shared = ("expand", "in", "out", "-j", 0, "-q", "--depfile", "new/d")
    said = augcli(*shared, cwd=tmp_path).stderr
    assert "'in/50%.png', 'in/a=b.png', 'in/~c.png'; when such a file is edited" in said
    assert "make will not run: rename it" in said
    (tmp_path / "in" / "~e.png").write_bytes((tmp_path / "in" / "~c.png").read_bytes())
    said = augcli(*shared, cwd=tmp_path).stderr
    assert "left out of new/d: 'in/50%.png', 'in/a=b.png', 'in/~c.png' and 1 more;" in said


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_annotations_that_make_builds(tmp_path: Path) -> None:
    """Masks and annotations are named as the config has them, so that rules for them are used."""
    make_coco(tmp_path)
    annotations = tmp_path / "annotations" / "instances.json"
    annotations.rename(tmp_path / "source.json")
    (tmp_path / "Makefile").write_text(
        "annotations/instances.json: source.json\n\tcp source.json $@\n-include depfile\n",
        encoding="utf-8",
    )
    assert make(tmp_path, "annotations/instances.json") == 0
    settings = "annotations={format: coco, path: annotations/instances.json}"
    options = ("-j", 0, "-q", "--set", settings, "--stamp", "s", "--depfile", "depfile")
    augcli("expand", "images", "out", *options, cwd=tmp_path)
    assert str(tmp_path) not in (tmp_path / "depfile").read_text(encoding="utf-8")
    for path in tmp_path.rglob("*"):
        set_time(path, 1000)
    assert make(tmp_path, "--question", "s") == 0
    set_time(tmp_path / "source.json", 2000)
    assert make(tmp_path, "--question", "s") == 1


@pytest.mark.parametrize("option", ["--stamp", "--depfile"])
@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_places_are_tried_first(tmp_path: Path, option: str, more: tuple[str, ...]) -> None:
    """A stamp or depfile that cannot be written is bad usage, before there is a copy."""
    draw(tmp_path / "in" / "a.png")
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("file")
    for place in ("folder", "file/new", "file/new/deep", "link"):
        done = augcli("expand", "in", "out", option, place, *more, cwd=tmp_path, code=2)
        assert f"cannot write {place}: " in done.stderr
        assert not (tmp_path / "out").exists()
    for place in ("", "new/"):
        done = augcli("expand", "in", "out", option, place, *more, cwd=tmp_path, code=2)
        assert f"expected the name of a file to write, found '{place}'" in done.stderr
    assert not (tmp_path / "new").exists()


def test_statistics_are_prerequisites(tmp_path: Path) -> None:
    """A file of statistics that the config names is among what the target depends on."""
    draw(tmp_path / "in" / "a.png")
    depfile = tmp_path / "depfile"
    data = Folder(str(tmp_path / "in"), labels=LABELS)
    write_depfile(str(depfile), target="t", data=data, config=None, statistics="stats.npz")
    assert "stats.npz" in depfile.read_text("utf-8")
