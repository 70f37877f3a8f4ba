"""Which sources are shown."""

import random

from augcli.datasets.items import Item
from augcli.pipeline.plan import PlannedItem
from augcli.report.choice import choose, class_name


def planned(path: str, label: str | None = None) -> PlannedItem:
    """A source with nothing to be made of it."""
    folder = path.rpartition("/")[0]
    return PlannedItem(Item(path, label or folder or None, None), folder, ())


PETS = [planned(f"cat/{n}.jpg") for n in range(50)] + [planned(f"dog/{n}.jpg") for n in range(3)]


def paths(chosen: list[PlannedItem]) -> list[str]:
    return [entry.item.path for entry in chosen]


def test_spread_over_the_classes() -> None:
    """However many one class has, the other gives as many, as far as it can."""
    chosen = paths(choose(PETS, 4, seed=0))
    assert [path.split("/")[0] for path in chosen] == ["cat", "cat", "dog", "dog"]
    many = paths(choose(PETS, 10, seed=0))
    assert sum(path.startswith("dog") for path in many) == 3
    assert len(many) == len(set(many)) == 10


def test_more_classes_than_rows() -> None:
    """Each row is then of another class."""
    items = [planned(f"{label}/{n}.jpg") for label in "abcdefgh" for n in range(5)]
    chosen = paths(choose(items, 3, seed=5))
    assert len({path[0] for path in chosen}) == 3


def test_all_of_a_small_set() -> None:
    """A data set with fewer sources than rows is shown whole, in order."""
    items = [planned("b/2.jpg"), planned("a/1.jpg"), planned("3.jpg")]
    assert paths(choose(items, 9, seed=0)) == ["3.jpg", "a/1.jpg", "b/2.jpg"]
    assert choose([], 9, seed=0) == []


def test_the_seed_decides() -> None:
    """The same seed gives the same sources, in whatever order they come; another one others."""
    shuffled = random.Random(1).sample(PETS, len(PETS))  # noqa: S311  no secret
    assert paths(choose(PETS, 6, seed=0)) == paths(choose(shuffled, 6, seed=0))
    assert paths(choose(PETS, 6, seed=0)) != paths(choose(PETS, 6, seed=1))


def test_class_names() -> None:
    """A label that is a name, several of them, or else the folder."""
    assert class_name("cat", "x/y") == "cat"
    assert class_name(["cat", "pet"], "x/y") == "cat, pet"
    assert [class_name(label, "x/y") for label in (None, 0.5, [])] == ["x/y"] * 3
