"""`augcli expand` run again: what stands stays, what changed is redone, what is over goes."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from support import augcli, augcli_process, draw, files, mtimes

REPORTS = {"manifest.jsonl", "run.yaml"}
IMAGES = ("cat/a.png", "cat/b.png", "dog/c.png", "dog/deep/d.png", "e.png")


def make_source(root: Path, names: tuple[str, ...] = IMAGES) -> Path:
    """Draws the images, each by its name, in the order given."""
    for name in names:
        draw(root / name, seed=sum(name.encode()))
    return root


@dataclass
class Runs:
    """A source and its output, and what each run changed of it."""

    folder: Path

    @property
    def source(self) -> Path:
        """The source folder."""
        return self.folder / "in"

    @property
    def output(self) -> Path:
        """The output folder."""
        return self.folder / "out"

    def again(self, *options: object, copies: int = 2, code: int = 0) -> tuple[set[str], set[str]]:
        """Runs the command; the copies that it wrote, and those that it removed."""
        before = mtimes(self.output)
        self._expand_into(self.output, *options, copies=copies, code=code)
        after = mtimes(self.output)
        written = {name for name in after if after[name] != before.get(name)}
        return written - REPORTS, before.keys() - after.keys()

    def is_as_if_new(self, *options: object, copies: int = 2) -> bool:
        """Whether the output is what a run into an empty folder makes."""
        fresh = self.folder / "fresh"
        self._expand_into(fresh, *options, copies=copies)
        return files(fresh) == files(self.output)

    def _expand_into(self, output: Path, *options: object, copies: int = 2, code: int = 0) -> None:
        shared = ("-n", copies, "-j", 0, "--set", "rotation_range=20")
        augcli("expand", self.source, output, *shared, *options, code=code)


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    """A source that has been expanded once."""
    runs = Runs(tmp_path)
    make_source(runs.source)
    runs.again()
    return runs


def test_workers_and_order_change_nothing(tmp_path: Path) -> None:
    """No, one and two workers, and a source made in another order, give the same bytes."""
    trees = []
    for workers, names in ((0, IMAGES), (1, IMAGES), (2, IMAGES[::-1])):
        folder = tmp_path / f"{workers}"
        make_source(folder / "in", names)
        run = augcli_process if workers else augcli
        run(
            *("expand", "in", "out", "-n", 3, "-j", workers),
            *("--set", "rotation_range=20", "--set", "channel_shift_range=9"),
            cwd=folder,
        )
        trees.append(files(folder / "out"))
    assert trees[0] == trees[1] == trees[2]
    assert len(trees[0]) == 3 * len(IMAGES) + len(REPORTS)


def test_a_second_run_writes_nothing(runs: Runs) -> None:
    """Every file keeps its modification time, the manifest's included."""
    before = mtimes(runs.output)
    assert runs.again() == (set(), set())
    assert mtimes(runs.output) == before


def test_sources_that_come_change_and_go(runs: Runs) -> None:
    """One image more, edited or removed: its copies are written or go, no other file is touched."""
    before = files(runs.output)
    draw(runs.source / "cat" / "new.png", seed=1)
    assert runs.again() == ({"cat/new_0.png", "cat/new_1.png"}, set())
    assert {name for name, data in before.items() if files(runs.output)[name] != data} == {
        "manifest.jsonl"
    }
    draw(runs.source / "cat" / "new.png", seed=2)
    assert runs.again() == ({"cat/new_0.png", "cat/new_1.png"}, set())
    (runs.source / "cat" / "new.png").unlink()
    assert runs.again() == (set(), {"cat/new_0.png", "cat/new_1.png"})
    assert files(runs.output) == before
    (runs.source / "dog" / "deep" / "d.png").unlink()
    assert runs.again() == (set(), {"dog/deep/d_0.png", "dog/deep/d_1.png"})
    assert not (runs.output / "dog" / "deep").exists()


def test_more_and_fewer_copies(runs: Runs) -> None:
    """More copies leave the first ones alone; with fewer, the surplus goes."""
    two = files(runs.output)
    added, removed = runs.again(copies=3)
    assert added == {f"{name[:-4]}_2.png" for name in IMAGES}
    assert removed == set()
    assert runs.again(copies=2) == (set(), added)
    assert files(runs.output) == two


def test_a_changed_setting_rewrites_everything(runs: Runs) -> None:
    """The tree is then that of a new run with the setting; nothing of the old one is left."""
    written, removed = runs.again("--seed", 7)
    assert len(written) == 2 * len(IMAGES)
    assert removed == set()
    assert runs.is_as_if_new("--seed", 7)


def test_changed_names_leave_no_old_files(runs: Runs) -> None:
    """Another prefix and another format give new names, and the files of the old ones go."""
    old = set(files(runs.output)) - REPORTS
    options = ("--save-prefix", "aug", "--save-format", "bmp")
    written, removed = runs.again(*options)
    assert removed == old
    assert len(written) == len(old)
    assert runs.is_as_if_new(*options)


def test_damaged_copies_are_made_again(runs: Runs) -> None:
    """A copy that was deleted, and one with a byte changed, are rewritten; no other is."""
    before = files(runs.output)
    (runs.output / "cat" / "a_0.png").unlink()
    damaged = bytearray(before["e_1.png"])
    damaged[-1] ^= 1
    (runs.output / "e_1.png").write_bytes(damaged)
    assert runs.again() == ({"cat/a_0.png", "e_1.png"}, set())
    assert files(runs.output) == before


def test_files_of_somebody_else_survive(runs: Runs) -> None:
    """A foreign file and a foreign folder are never touched, not even where a class goes."""
    note = runs.output / "cat" / "note.txt"
    note.write_text("mine", encoding="utf-8")
    mine = draw(runs.output / "mine" / "x.png")
    before = mtimes(runs.output)
    runs.again("--seed", 7)
    for name in ("cat/a.png", "cat/b.png"):
        (runs.source / name).unlink()
    runs.again("--seed", 7)
    assert {str(path.relative_to(runs.output)) for path in runs.output.rglob("*")} >= {
        *("cat/note.txt", "mine/x.png")
    }
    for path in (note, mine):
        assert path.stat().st_mtime_ns == before[str(path.relative_to(runs.output))]


def test_a_foreign_file_in_the_way(runs: Runs) -> None:
    """A file that augcli did not write, under a planned name: exit code 2, nothing is written."""
    (runs.output / "e_2.png").write_bytes(b"mine")
    before = files(runs.output), mtimes(runs.output)
    runs.again(copies=3, code=2)
    assert (files(runs.output), mtimes(runs.output)) == before
    fresh = runs.folder / "other"
    draw(fresh / "e_0.png")
    before = files(fresh), mtimes(fresh)
    done = augcli("expand", runs.source, fresh, "-j", 0, code=2)
    assert "e_0.png" in done.stderr
    assert (files(fresh), mtimes(fresh)) == before


def test_a_link_in_the_output_is_not_followed(runs: Runs, tmp_path: Path) -> None:
    """A copy replaced by a link is made again as a file; what the link showed stays."""
    elsewhere = tmp_path / "elsewhere.png"
    copy = runs.output / "e_0.png"
    copy.rename(elsewhere)
    copy.symlink_to(elsewhere)
    before = elsewhere.read_bytes(), elsewhere.stat().st_mtime_ns
    runs.again()
    assert not copy.is_symlink()
    assert (elsewhere.read_bytes(), elsewhere.stat().st_mtime_ns) == before


def test_a_damaged_manifest(runs: Runs) -> None:
    """A manifest that is none, or that points outside the output, is refused with its line."""
    path = runs.output / "manifest.jsonl"
    line = path.read_text(encoding="utf-8").splitlines()[0]
    victim = draw(runs.folder / "victim.png")
    for text in ("{", "[1]", line.replace("cat/a_0.png", "../victim.png")):
        path.write_text(f"{line}\n{text}\n", encoding="utf-8")
        before = files(runs.folder)
        done = augcli("expand", runs.source, runs.output, "-j", 0, code=2)
        assert f"{path}:2:" in done.stderr
        assert files(runs.folder) == before
    assert victim.exists()
