"""Any name that the system allows for a source gives copies that are on record and found again."""

import json
import os
import unicodedata
from pathlib import Path

import pytest
from support import augcli, augcli_process, draw, files, mtimes

LONGEST = 255  # bytes of a file name, on the usual file systems
NAMES = (
    "with space.png",
    " spaces around .png",
    "two\nlines.png",
    "tab\tand\rreturn.png",
    "cat \U0001f431.png",
    "-n.png",
    "--help.png",
    "%s%(x)d{0}.png",
    "$(touch owned);`touch owned`.png",
    "quote\"'.png",
    "back\\slash.png",
    "star*?[a].png",
    "aux.png",
    "no suffix",
    "two..dots...png",
    "\u202egnp.fdp.png",
    f"{'n' * (LONGEST - 4)}.png",
    "\u00e9" * ((LONGEST - 4) // 2) + ".png",
    f"{'n' * (LONGEST - 5)}2.png",
    "case.png",
    "CASE.png",
    unicodedata.normalize("NFC", "cafe\u0301.png"),
    unicodedata.normalize("NFD", "caf\u00e9.png"),
    os.fsdecode(b"latin-\xe9.png"),
    os.fsdecode(b"cut-\xf0\x9f.png"),
)
HIDDEN = (".hidden.png", "..png", ".augcli-tmp-0123456789abcdef")
ARGUMENTS = ("-n", 2, "--set", "rotation_range=20")


def make(folder: Path) -> list[str]:
    """Draws a picture of each name that the file system can tell apart, and says which."""
    picture = draw(folder.parent.parent / "picture.png").read_bytes()
    folder.mkdir(parents=True)
    made = []
    for name in (*NAMES, *HIDDEN):
        path = folder / name
        try:
            if path.exists():
                continue
            path.write_bytes(picture + name.encode("utf-8", "surrogateescape"))
        except OSError:  # macOS takes valid UTF-8 alone
            continue
        if not name.startswith("."):
            made.append(name)
    return made


def test_every_name(tmp_path: Path) -> None:
    """Each source has its copies, in the manifest and on disk; a second run changes nothing.

    The folder has the oddest name of them all. `verify` and `replay` find every copy.
    """
    made = make(tmp_path / "in" / "-odd \n\u00e9\U0001f431")
    assert len(made) > 15
    output = tmp_path / "out"
    augcli_process("expand", tmp_path / "in", output, "-j", 2, *ARGUMENTS)
    lines = [json.loads(line) for line in (output / "manifest.jsonl").read_bytes().splitlines()]
    assert sorted(line["source"] for line in lines) == sorted(
        2 * [f"-odd \n\u00e9\U0001f431/{name}" for name in made]
    )
    names = [line["file_name"] for line in lines]
    assert len({unicodedata.normalize("NFC", name).casefold() for name in names}) == len(names)
    assert max(len(os.fsencode(Path(name).name)) for name in names) <= LONGEST
    before = files(output), mtimes(output)
    augcli("expand", tmp_path / "in", output, "-j", 0, *ARGUMENTS)
    assert (files(output), mtimes(output)) == before
    augcli("verify", "--strict", output)
    augcli("replay", output, "--to", tmp_path / "rebuilt", "-j", 0)
    reports = {"manifest.jsonl", "run.yaml"}
    copies = {name: data for name, data in before[0].items() if name not in reports}
    assert files(tmp_path / "rebuilt") == copies
    assert not Path("owned").exists()


def test_a_source_and_an_output_that_look_like_options(tmp_path: Path) -> None:
    """After `--`, folders with leading dashes and of bytes beyond UTF-8 are folders."""
    draw(tmp_path / "-source" / "1.png")
    done = augcli("expand", "-j", 0, "--", "-source", "--output\n", cwd=tmp_path)
    assert (tmp_path / "--output\n" / "1_0.png").exists()
    assert done.stdout.endswith("\n")


@pytest.mark.skipif(os.name != "posix", reason="makes links and pipes")
@pytest.mark.parametrize("follow", ["true", "false"])
def test_links(tmp_path: Path, follow: str) -> None:
    """Links to files are followed, also out of the source; loops end; broken ones are failures."""
    outside = draw(tmp_path / "elsewhere" / "outside.png")
    source = tmp_path / "in"
    draw(source / "a" / "1.png")
    (source / "a" / "around").symlink_to(source)
    (source / "a" / "self").symlink_to("self")
    (source / "folder").symlink_to(outside.parent)
    (source / "out-of-the-root.png").symlink_to(outside)
    (source / "dangling.png").symlink_to("nowhere.png")
    (source / "loop.png").symlink_to("loop.png")
    os.mkfifo(source / "pipe.png")
    arguments = ("expand", source, tmp_path / "out", "-j", 0, "--set", f"follow_links={follow}")
    augcli(*arguments, code=3)
    text = (tmp_path / "out" / "failures.jsonl").read_text(encoding="utf-8")
    assert {line["source"]: line["message"] for line in map(json.loads, text.splitlines())} == {
        "dangling.png": "the file is gone",
        "loop.png": "a symbolic link that leads back to itself",
        "pipe.png": "a named pipe, not a file",
    }
    behind_links = {"folder/outside_0.png"} if follow == "true" else set()
    copies = files(tmp_path / "out").keys() - {"failures.jsonl", "manifest.jsonl", "run.yaml"}
    assert copies == {"a/1_0.png", "out-of-the-root_0.png"} | behind_links
