"""What is said of sources that look alike."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import scene

from augcli.config.traps import Finding
from augcli.datasets.files import FileReader
from augcli.datasets.items import TRAINING, VALIDATION, Item, Label
from augcli.inspection.fingerprints import fingerprint
from augcli.probe.audit_looks import Look, Looking, alike_pairs, find_among_alike, look_at


def look(
    path: str,
    picture: np.ndarray,
    *,
    label: Label = "cat",
    split: str | None = None,
    sha256: str | None = None,
) -> Look:
    """What a picture looks like."""
    gray = np.asarray(Image.fromarray(picture).convert("L").resize((32, 32), Image.BOX))
    return Look(Item(path, label, split), sha256 or path, fingerprint(gray, 255))


def found(*looks: Look) -> dict[str, Finding]:
    """What is found, by its kind."""
    return {finding.kind: finding for finding in find_among_alike(looks)}


def test_nothing_alike() -> None:
    """Different pictures, or none, are no finding."""
    assert found(*(look(f"{seed}.png", scene(seed)) for seed in range(9))) == {}
    assert found() == {}


def test_near_duplicates() -> None:
    """Pictures that count twice are named in pairs, with a pattern that keeps them together."""
    looks = [look(f"cat_{seed}_a.png", scene(seed)) for seed in range(9)]
    finding = found(*looks, look("cat_3_b.png", scene(3, (80, 60))))["near-duplicates"]
    assert finding.reason == (
        "1 pair of look-alikes among 10 images, which so count twice: cat_3_a.png = cat_3_b.png"
    )
    assert finding.remedy.endswith("group_by: '^(.+)[-_ ]'")


def test_same_content() -> None:
    """Files of the same content are found elsewhere, and stand for one here."""
    picture = scene(0)
    looks = [look(name, picture, sha256="same") for name in ("a.png", "b.png")]
    assert alike_pairs(looks) == []
    [pair] = alike_pairs([looks[0], look("c.png", picture), looks[1]])
    assert (pair.first.path, pair.other.path) == ("a.png", "c.png")


def test_turned_copies() -> None:
    """Mirrored copies of the same class are a sign of augmentation."""
    finding = found(look("a.png", scene(0)), look("b.png", scene(0)[:, ::-1]))["turned-copies"]
    assert "a.png = b.png mirrored" in finding.reason
    assert "originals" in finding.remedy


def test_labels() -> None:
    """Look-alikes of two classes conflict; mirrored ones may mean that flips change the class."""
    left, other = look("left/a.png", scene(0), label="left"), scene(0)[:, ::-1]
    assert list(found(left, look("right/a.png", other, label="right"))) == ["turned-other-label"]
    assert list(found(left, look("b.png", scene(0), label="right"))) == ["near-label-conflict"]


def test_leakage() -> None:
    """Look-alikes on both sides of a split are said to leak, and nothing else."""
    training, validation = (
        look(f"{split}.png", scene(0), split=split) for split in (TRAINING, VALIDATION)
    )
    findings = found(training, validation)
    assert list(findings) == ["near-leakage"]
    assert findings["near-leakage"].subject == "validation_split"
    assert "group_by" in findings["near-leakage"].remedy


@pytest.mark.parametrize(
    ("names", "pattern"),
    [
        (("cat_0_a", "cat_0_b"), ": '^(.+)[-_ ]'"),
        (("cat0", "cat0.copy"), ": '^(.+?)[-_. ]'"),
        (("0/a", "0/b"), ": '^(.+)/'"),
        (("a", "b"), ""),
    ],
)
def test_patterns(names: tuple[str, str], pattern: str) -> None:
    """The pattern that is named groups what looks alike, and does not put all in one group."""
    others = [name.replace("0", str(seed)) for seed in range(1, 12) for name in names]
    looks = [look(f"{name}.png", scene(0)) for name in names]
    looks += [look(f"{name}{'' if '0' in names[0] else index}.png", scene(index + 1))
              for index, name in enumerate(others)]  # fmt: skip
    assert found(*looks)["near-duplicates"].remedy.endswith(f"with group_by{pattern}")


def test_looks_of_files(tmp_path: Path) -> None:
    """Files are looked at in 8 bits of grey, whatever they hold; broken ones are left out."""
    picture = scene(0)
    Image.fromarray(picture).save(tmp_path / "a.png")
    Image.fromarray(picture).convert("L").save(tmp_path / "gray.png")
    deep = np.asarray(Image.fromarray(picture).convert("L")).astype(np.uint16) * 257
    Image.fromarray(deep).save(tmp_path / "deep.png")
    (tmp_path / "broken.png").write_bytes(b"no picture")
    items = [Item(name, None, None) for name in ("a.png", "broken.png", "gray.png", "deep.png")]
    looks = look_at(Looking(FileReader(str(tmp_path)), 10**6), items)
    assert [look.item.path for look in looks] == ["a.png", "gray.png", "deep.png"]
    for other in looks[1:]:
        np.testing.assert_allclose(other.fingerprint, looks[0].fingerprint, atol=0.02)
