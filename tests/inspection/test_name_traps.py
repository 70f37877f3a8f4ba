"""What is found of images that are copies already."""

from pathlib import Path

import pytest
from inspecting import draw_classes, found
from support import augcli, draw

NUMBERS = (1000000, 2000000, 3000000)
UUID = "0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"


def draw_named(root: Path, *names: str) -> Path:
    """A folder of different pictures with these names."""
    for seed, name in enumerate(names):
        draw(root / name, seed=seed)
    return root


@pytest.mark.parametrize(
    "names",
    [
        ("cat_0_1234567.png", "cat_0_765432.png"),
        ("_12_1234567.png", "_12_7654321.png"),
        (f"cats_original_a.jpg_{UUID}.png",),
        (f"a_jpg.rf.{'0' * 32}.png", f"a_jpg.rf.{'1' * 32}.png"),
        ("aug_cat.png",),
        ("cat_aug_1.png",),
        ("cat-flipped.png",),
        ("cat_hflip.png",),
        ("cat_rot90.png",),
    ],
)
def test_names_of_copies(tmp_path: Path, names: tuple[str, ...]) -> None:
    """Names that programs give to copies are known, as are the usual words."""
    finding = found(draw_named(tmp_path, "plain.png", *names))["augmented-source"]
    assert f"by its names: {len(names)} image" in finding.reason
    assert all(name in finding.reason for name in names)
    assert "plain" not in finding.reason
    assert "originals" in finding.remedy


@pytest.mark.parametrize(
    "names",
    [
        ("cat_0_1234567.png", "cat_1_1234568.png"),  # one of each says nothing
        ("IMG_20240131_123456.png", "IMG_20240131_123457.png"),  # times
        ("clip_1_0100.png", "clip_1_0200.png"),  # frames
        (f"a.rf.{'0' * 32}.png",),
        ("photo_12_aug_2024.png", "flip-flop.png", "augsburg.png", "august_1.png", "rot.png"),
    ],
)
def test_names_of_originals(tmp_path: Path, names: tuple[str, ...]) -> None:
    """Dates, frames and words that merely start alike are no sign of copies."""
    assert found(draw_named(tmp_path, *names)) == {}


def test_copies_in_classes(tmp_path: Path) -> None:
    """Copies of one image are told by their folder too, and three of them are shown."""
    names = [f"{label}/_0_{number}.png" for label in ("cat", "dog") for number in NUMBERS]
    draw_named(tmp_path, *names)
    reason = found(tmp_path)["augmented-source"].reason
    assert "6 images" in reason
    assert reason.endswith("and 3 more)")


def test_an_output_as_source(tmp_path: Path) -> None:
    """A folder that augcli has written is known by its manifest; another manifest is none."""
    source = draw_classes(tmp_path / "source", cat=2)
    augcli("expand", source, tmp_path / "output", "-n", 3, "-j", 1)
    finding = found(tmp_path / "output")["output-as-source"]
    assert "6 copies" in finding.reason
    (source / "manifest.jsonl").write_text("{}\n", encoding="utf-8")
    assert found(source) == {}
