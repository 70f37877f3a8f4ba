"""Whether both sides of a split have images, and of every class."""

from typing import Any

import pytest

from augcli.config.schema import Config
from augcli.config.traps import Finding
from augcli.datasets.items import TRAINING, VALIDATION, Item, Label
from augcli.pipeline.balance import Balance


def lacks(*samples: tuple[Label, str], **settings: Any) -> tuple[Finding, ...]:
    """What a split of these labels and splits lacks; the paths are 0.png, 1.png and so on."""
    noted = Balance(Config(**{"validation_split": 0.2} | settings))
    for number, (label, split) in enumerate(samples):
        noted.add(Item(f"{number}.png", label, split))
    return noted.findings()


def test_nothing_is_missing() -> None:
    """Classes on both sides are no reason for a warning; what is no class is not looked at."""
    both = (("a", TRAINING), ("a", VALIDATION))
    assert lacks() == ()
    assert lacks(*both, (None, TRAINING), (0.5, TRAINING)) == ()
    assert lacks(*both, ("b", TRAINING), class_mode="input") == ()


def test_a_class_on_one_side() -> None:
    """Each side that lacks classes is named with them, five at most; training needs them all."""
    samples = (("a", TRAINING), (["a", "b"], VALIDATION), *((n, TRAINING) for n in range(7)))
    training, validation = lacks(*samples)
    assert str(training) == (
        "validation_split: no image is for training of class 'b'; write another validation_split, "
        "or add images of it"
    )
    assert str(validation) == (
        "validation_split: no image is for validation of class 0, 1, 2, 3, 4 and 2 more; write "
        "subset: training, or another validation_split, or add images of it"
    )
    assert "another group_by or validation_split" in str(lacks(*samples, group_by="png")[0])


@pytest.mark.parametrize("label", ["a", None])
def test_an_empty_side(label: str | None) -> None:
    """It is said once, whatever the labels, with the share that would fill it."""
    [found] = lacks(*[(label, TRAINING)] * 5)
    assert str(found) == (
        "validation_split: no image is for validation, of 5; write a larger one, or split: "
        "contiguous, which takes just that share"
    )
    [found] = lacks(*[(label, VALIDATION)] * 2, split="contiguous")
    assert str(found) == ("validation_split: no image is for training, of 2; write a smaller one")
    assert found.kind == "split-one-sided"


def test_advice_that_would_not_help() -> None:
    """A contiguous split is offered where it leaves no side empty, and of one image nothing is."""
    [found] = lacks(*[(None, TRAINING)] * 4)
    assert found.remedy == "write a larger one"
    [found] = lacks((None, TRAINING))
    assert found.remedy == "add images, or leave it out"


@pytest.mark.parametrize(
    ("source", "is_offered"), [("photos", False), ("photos.csv", True), (None, True)]
)
def test_a_contiguous_split_is_of_each_class(source: str | None, is_offered: bool) -> None:
    """Of a folder it takes the share of each class, of all else the share of the whole."""
    noted = Balance(Config(validation_split=0.2, source=source))
    for name in ("a/0.png", "a/deep/1.png", "a/2.png", "b/0.png", "c.png", "d.png"):
        noted.add(Item(name, None, TRAINING))
    [found] = noted.findings()
    assert ("contiguous" in found.remedy) == is_offered
    noted.add(Item("a/3.png", None, TRAINING))
    noted.add(Item("a/4.png", None, TRAINING))
    [found] = noted.findings()
    assert "contiguous" in found.remedy


@pytest.mark.parametrize(
    ("pattern", "images", "message"),
    [
        ("p(n)g", 3, "group_by: no image is for validation, of 3, as it finds the same text, 'n'"),
        ("[01]", 2, ", of 2, as it makes only 2 groups of them; write a group_by that tells more"),
        ("[0-9]+", 30, ", of 30; write a larger one, or a group_by that tells more groups apart"),
    ],
)
def test_an_empty_side_of_groups(pattern: str, images: int, message: str) -> None:
    """That there is one group, or few of them, is why; of many, the share is."""
    [found] = lacks(*[(None, TRAINING)] * images, group_by=pattern)
    assert message in str(found)
