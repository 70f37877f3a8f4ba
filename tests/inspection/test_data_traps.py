"""All rules on a data set together."""

from pathlib import Path

from inspecting import draw_classes, found
from support import draw


def test_the_order(tmp_path: Path) -> None:
    """Findings come in the order of the rules: classes, duplicates, sizes, pixels."""
    draw_classes(tmp_path, b=11, d=1)
    draw(tmp_path / "b" / "x.png", seed=1)
    settings = ("horizontal_flip=true", "rotation_range=180", "target_size=[20, 60]")
    assert list(found(tmp_path, *settings)) == [
        "mirrored-classes",
        "turned-classes",
        "class-imbalance",
        "single-image-class",
        "duplicates",
        "upscaled",
        "distorted",
    ]


def test_labels_that_are_no_classes(tmp_path: Path) -> None:
    """Values of a CSV are not counted as classes."""
    lines = ["filename,class"]
    for seed in range(12):
        draw(tmp_path / f"{seed}.png", seed=seed)
        lines.append(f"{seed}.png,{0 if seed else 1}")
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    assert set(found(tmp_path / "a.csv")) == {"class-imbalance", "single-image-class"}
    assert found(tmp_path / "a.csv", "class_mode=raw") == {}
