"""The plan: which copies of which source, under which names."""

from pathlib import Path

from support import draw

from augcli.config.schema import Config
from augcli.pipeline.plan import Plan


def names(plan: Plan) -> dict[str, list[str]]:
    """The names of the files that are to be made of each source."""
    return {
        planned.item.path: [target.name for target in planned.targets]
        for directory in plan.directories()
        for planned in plan.items(directory)
    }


def test_names_in_folders(tmp_path: Path) -> None:
    """Copies go to the folder of their source; names that meet in different folders may."""
    for name in ("cat/a.png", "dog/a.png", "dog/a.jpg", "top.png"):
        draw(tmp_path / name)
    config = Config(copies=2, save_prefix="aug", save_format="jpeg", include_originals=True)
    plan = Plan(config, str(tmp_path))
    assert names(plan) == {
        "top.png": ["aug_top_0.jpg", "aug_top_1.jpg", "aug_top_original.jpg"],
        "cat/a.png": ["cat/aug_a_0.jpg", "cat/aug_a_1.jpg", "cat/aug_a_original.jpg"],
        "dog/a.jpg": ["dog/aug_a.jpg_0.jpg", "dog/aug_a.jpg_1.jpg", "dog/aug_a.jpg_original.jpg"],
        "dog/a.png": ["dog/aug_a.png_0.jpg", "dog/aug_a.png_1.jpg", "dog/aug_a.png_original.jpg"],
    }
    assert plan.targets_per_item == 3


def test_more_copies_rename_none(tmp_path: Path) -> None:
    """The first names are the same, however many follow."""
    draw(tmp_path / "a.png")
    few, many = (names(Plan(Config(copies=n), str(tmp_path)))["a.png"] for n in (2, 1200))
    assert many[:2] == few
    assert many[-1] == "a_1199.png"
