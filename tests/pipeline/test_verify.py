"""An output held against its manifest."""

import hashlib
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import files, mtimes

from augcli import __version__
from augcli.config.schema import Config
from augcli.errors import InterruptedRunError
from augcli.pipeline.interruption import Interruption
from augcli.pipeline.records import Record
from augcli.pipeline.settings import run_text
from augcli.pipeline.statistics_file import FORMAT, Fitted, save
from augcli.pipeline.verify import Expected, Finding, Kind, Verdict, compare, verify
from augcli.transforms.statistics import Statistics

ORIGIN = {"format": FORMAT} | {
    group: {} for group in ("settings", "how", "sources", "measured", "versions")
}
PIXELS = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
NAMES = ("a.png", "cat/b.png", "cat/c.png", "dog/d.png")


def line(name: str, data: bytes = b"") -> bytes:
    """A line of a manifest, of a file with these bytes."""
    return Record(
        file_name=name,
        source="a.png",
        source_sha256="0" * 64,
        copy=0,
        label=None,
        split=None,
        width=4,
        height=4,
        sha256=hashlib.sha256(data).hexdigest(),
        seed=1,
        recipe=[],
    ).line()


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Four pictures, their manifest and its run.yaml."""
    root = tmp_path / "out"
    lines = []
    for name in NAMES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(PIXELS).save(root / name)
        lines.append(line(name, (root / name).read_bytes()))
    (root / "manifest.jsonl").write_bytes(b"".join(lines))
    text = run_text(Config(), {"augcli": __version__}, source="photos", output=str(root))
    (root / "run.yaml").write_bytes(text)
    return root


def found(verdict: Verdict) -> list[tuple[str, str]]:
    """Kind and name of each finding."""
    return [(str(finding.kind), finding.name) for finding in verdict.findings]


@pytest.mark.parametrize("workers", [0, 2, None])
def test_all_is_well(workers: int | None, output: Path) -> None:
    """Nothing is found, and nothing touched, whatever the number of threads."""
    before = files(output), mtimes(output)
    verdict = verify(str(output), workers=workers)
    assert verdict.holds
    assert (verdict.copies, verdict.sound, found(verdict)) == (4, 4, [])
    assert (files(output), mtimes(output)) == before


def test_what_may_be_wrong(output: Path) -> None:
    """Missing, truncated and changed files are told apart, and further ones found."""
    (output / "a.png").unlink()
    (output / "cat" / "b.png").write_bytes((output / "cat" / "b.png").read_bytes()[:-1])
    (output / "cat" / "c.png").write_bytes(b"else")
    (output / "dog" / "more.png").touch()
    verdict = verify(str(output), workers=2)
    assert not verdict.holds
    assert found(verdict) == [
        ("missing", "a.png"),
        ("truncated", "cat/b.png"),
        ("changed", "cat/c.png"),
        ("extra", "dog/more.png"),
    ]
    assert (verdict.copies, verdict.sound, verdict.extra) == (4, 1, 1)


def test_further_files_alone(output: Path) -> None:
    """Files that the manifest lacks leave every copy as it says; dot-files do not count."""
    (output / "notes.txt").touch()
    (output / ".hidden").touch()
    verdict = verify(str(output))
    assert verdict.holds
    assert found(verdict) == [("extra", "notes.txt")]


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "cat/../../secret", "cat//b.png"])
def test_hostile_names(name: str, output: Path) -> None:
    """A path that leads out of the output is refused by its line, and not opened."""
    secret = output.parent / "secret"
    secret.write_bytes(b"secret")
    with (output / "manifest.jsonl").open("ab") as manifest:
        manifest.write(line(name, b"secret"))
    verdict = verify(str(output))
    assert found(verdict) == [("refused", "manifest.jsonl:5")]
    assert (verdict.sound, verdict.bad_lines) == (4, 1)


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes among the files")
def test_links_and_what_is_no_file(output: Path) -> None:
    """Links, to files or folders, and folders and pipes are refused unopened."""
    shutil.move(output / "cat", output.parent / "cat")
    (output / "cat").symlink_to(output.parent / "cat")
    (output / "a.png").unlink()
    os.mkfifo(output / "a.png")
    (output / "dog" / "d.png").unlink()
    (output / "dog" / "d.png").mkdir()
    verdict = verify(str(output))
    assert [(f.name, f.message) for f in verdict.findings if f.kind is Kind.REFUSED] == [
        ("a.png", "no regular file"),
        ("cat/b.png", "in cat, a symbolic link, which augcli never writes"),
        ("cat/c.png", "in cat, a symbolic link, which augcli never writes"),
        ("dog/d.png", "no regular file"),
    ]
    assert verdict.sound == 0


def test_damaged_lines(output: Path) -> None:
    """Lines that say nothing are counted, and so are names out of place, which are looked at."""
    lines = (output / "manifest.jsonl").read_bytes().splitlines(keepends=True)
    damaged = [lines[1], lines[0], lines[0], b"{}\n", *lines[2:]]
    (output / "manifest.jsonl").write_bytes(b"".join(damaged))
    verdict = verify(str(output))
    assert found(verdict) == [("invalid", f"manifest.jsonl:{number}") for number in (2, 3, 4)]
    assert (verdict.copies, verdict.sound) == (6, 4)


def test_a_run_yaml_that_is_gone(output: Path) -> None:
    """The copies are sound, but could not be made again."""
    (output / "run.yaml").unlink()
    verdict = verify(str(output))
    assert not verdict.holds
    assert (verdict.sound, found(verdict)) == (4, [("missing", "run.yaml")])


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("seed: 0", "seed: 1", "its settings are not those that the run had"),
        ("digest: ", "digest: 0", "its settings are not those that the run had"),
        ("config:", "settings:", "does not say how the copies were made"),
        ("copies: 1", "copies: none", "copies: expected a whole number from 1"),
        ("versions: ", "versions: [", "expected ','"),
    ],
)
def test_a_run_yaml_that_was_edited(before: str, after: str, message: str, output: Path) -> None:
    """Settings that are not those of its digest, or none at all, are a change of it."""
    text = (output / "run.yaml").read_text(encoding="utf-8")
    (output / "run.yaml").write_text(text.replace(before, after), encoding="utf-8")
    [finding] = verify(str(output)).findings
    assert (finding.kind, finding.name) == (Kind.CHANGED, "run.yaml")
    assert message in finding.message


def test_a_run_yaml_of_another_version(output: Path) -> None:
    """What another version made of the settings is not for this one to say."""
    text = run_text(Config(), {"augcli": "0.0.1"}, source="photos", output=str(output))
    (output / "run.yaml").write_bytes(text.replace(b"seed: 0", b"seeds: 0"))
    assert verify(str(output)).holds


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_run_yaml_that_is_a_link(output: Path) -> None:
    """It is refused, and what it leads to is not read."""
    shutil.move(output / "run.yaml", output.parent / "run.yaml")
    (output / "run.yaml").symlink_to(output.parent / "run.yaml")
    assert found(verify(str(output))) == [("refused", "run.yaml")]


def test_statistics(output: Path) -> None:
    """Those that run.yaml names have to be there, whole, and with the numbers of the run."""
    path = output / "statistics.npz"
    digests = []
    for mean in (1.0, 2.0):
        fitted = Fitted(Statistics(np.full(3, mean), np.ones(3)), ORIGIN)
        save(str(path), fitted)
        digests.append(fitted.digest)
    for digest in digests:
        text = run_text(
            Config(),
            {"augcli": __version__},
            source="photos",
            output=str(output),
            statistics=digest,
        )
        (output / "run.yaml").write_bytes(text)
        message = [finding.message for finding in verify(str(output)).findings]
        others = "its settings or the numbers in statistics.npz are not those that the run had"
        assert message == ([] if digest == digests[1] else [others])
    path.write_bytes(path.read_bytes()[:-9])
    assert found(verify(str(output))) == [("changed", "statistics.npz")]
    path.unlink()
    assert found(verify(str(output))) == [("missing", "statistics.npz")]


def test_findings_are_kept_up_to_a_limit(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit they are counted."""
    monkeypatch.setattr("augcli.pipeline.verify.FINDINGS_KEPT", 2)
    for name in NAMES:
        (output / name).unlink()
    verdict = verify(str(output))
    assert verdict.counts[Kind.MISSING] == 4
    assert found(verdict) == [("missing", "a.png"), ("missing", "cat/b.png")]


def test_an_interruption(output: Path) -> None:
    """Told to stop, it stops."""
    interruption = Interruption()
    interruption.signal_number = 2
    with pytest.raises(InterruptedRunError):
        verify(str(output), interruption=interruption)


def test_a_file_where_a_folder_should_be(output: Path) -> None:
    """What is below it is missing."""
    shutil.rmtree(output / "dog")
    (output / "dog").touch()
    expected = Expected("dog/d.png", "")
    assert compare(str(output), expected) == Finding(Kind.MISSING, "dog/d.png")


def test_names_that_no_file_can_have(output: Path) -> None:
    """A name too long for the file system is refused, with what the system says."""
    finding = compare(str(output), Expected("x" * 5000, ""))
    assert finding is not None
    assert finding.kind is Kind.REFUSED
    assert str(finding).endswith("(cannot be read: File name too long)")
