"""The plan: which copies of which source, under which names."""

from pathlib import Path

from support import draw

from augcli.config.schema import Config
from augcli.datasets.open import open_dataset
from augcli.pipeline.plan import Plan


def plan_of(config: Config, source: Path) -> Plan:
    """The plan for a folder."""
    return Plan(config, open_dataset(config.model_copy(update={"source": str(source)})))


def names(plan: Plan) -> dict[str, list[str]]:
    """The names of the files that are to be made of each source."""
    return {
        planned.item.path: [target.name for target in planned.targets]
        for group in plan.groups()
        for planned in plan.items(group)
    }


def test_names_in_folders(tmp_path: Path) -> None:
    """Copies go to the folder of their source; names that meet in different folders may."""
    for name in ("cat/a.png", "dog/a.png", "dog/a.jpg", "top.png"):
        draw(tmp_path / name)
    config = Config(copies=2, save_prefix="aug", save_format="jpeg", include_originals=True)
    plan = plan_of(config, tmp_path)
    assert names(plan) == {
        "top.png": ["aug_top_0.jpg", "aug_top_1.jpg", "aug_top_original.jpg"],
        "cat/a.png": ["cat/aug_a_0.jpg", "cat/aug_a_1.jpg", "cat/aug_a_original.jpg"],
        "dog/a.jpg": ["dog/aug_a.jpg_0.jpg", "dog/aug_a.jpg_1.jpg", "dog/aug_a.jpg_original.jpg"],
        "dog/a.png": ["dog/aug_a.png_0.jpg", "dog/aug_a.png_1.jpg", "dog/aug_a.png_original.jpg"],
    }
    assert [plan.count(group) for group in plan.groups()] == [(1, 3), (1, 3), (2, 6)]


def test_more_copies_rename_none(tmp_path: Path) -> None:
    """The first names are the same, however many follow."""
    draw(tmp_path / "a.png")
    few, many = (names(plan_of(Config(copies=n), tmp_path))["a.png"] for n in (2, 1200))
    assert many[:2] == few
    assert many[-1] == "a_1199.png"


def test_a_split(tmp_path: Path) -> None:
    """`both` has a folder for each subset; what is for validation has one file, its original."""
    for number in range(4):
        draw(tmp_path / "cat" / f"{number}.png")
    config = Config(copies=2, validation_split=0.25, split="contiguous")
    plan = plan_of(config, tmp_path)
    assert names(plan) == {
        "cat/0.png": ["validation/cat/0_original.png"],
        **{f"cat/{n}.png": [f"train/cat/{n}_0.png", f"train/cat/{n}_1.png"] for n in (1, 2, 3)},
    }
    [_, cat] = plan.groups()
    assert plan.count(cat) == (4, 7)
    assert plan.folders(cat) == ["train/cat", "validation/cat"]


def test_one_subset(tmp_path: Path) -> None:
    """Either subset alone goes to the output itself, under the names it has beside the other."""
    for name in ("a.png", "a.jpg"):
        draw(tmp_path / name)
    values = {"validation_split": 0.5, "split": "contiguous"}
    training = Config.model_validate({**values, "subset": "training"})
    validation = Config.model_validate({**values, "subset": "validation"})
    assert names(plan_of(training, tmp_path)) == {"a.png": ["a.png_0.png"]}
    assert names(plan_of(validation, tmp_path)) == {"a.jpg": ["a.jpg_original.png"]}
