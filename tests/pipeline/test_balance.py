"""Whether both sides of a split have images, and of every class."""

from typing import Any

import pytest

from augcli.config.schema import Config
from augcli.datasets.items import TRAINING, VALIDATION, Item, Label
from augcli.pipeline.balance import Balance, Lack


def lacks(*samples: tuple[Label, str], **settings: Any) -> tuple[Lack, ...]:
    """What a split of these labels and splits lacks; the paths are 0.png, 1.png and so on."""
    noted = Balance(Config(**{"validation_split": 0.2} | settings))
    for number, (label, split) in enumerate(samples):
        noted.add(Item(f"{number}.png", label, split))
    return noted.lacks()


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
        "no image is for training of class 'b'; write another validation_split, or add images of it"
    )
    assert str(validation) == (
        "no image is for validation of class 0, 1, 2, 3, 4 and 2 more; write subset: training, or "
        "another validation_split, or add images of it"
    )
    assert "another group_by or validation_split" in str(lacks(*samples, group_by="png")[0])


@pytest.mark.parametrize("label", ["a", None])
def test_an_empty_side(label: str | None) -> None:
    """It is said once, whatever the labels, with the share that would fill it."""
    [found] = lacks((label, TRAINING), (label, TRAINING))
    assert str(found) == (
        "no image is for validation, of 2; write a larger validation_split, or split: contiguous, "
        "which takes just that share"
    )
    [found] = lacks((label, VALIDATION), split="contiguous")
    assert str(found) == "no image is for training, of 1; write a smaller validation_split"
    assert found.kind == "split-one-sided"


@pytest.mark.parametrize(
    ("pattern", "images", "message"),
    [
        ("p(n)g", 3, ", of 3: group_by finds the same text, 'n', in every path; write a group_by"),
        ("[01]", 2, ", of 2: group_by makes only 2 groups of them; write a group_by that tells"),
        ("[0-9]+", 30, ", of 30; write a larger validation_split, or a group_by that tells more"),
    ],
)
def test_an_empty_side_of_groups(pattern: str, images: int, message: str) -> None:
    """That there is one group, or few of them, is why; of many, the share is."""
    [found] = lacks(*[(None, TRAINING)] * images, group_by=pattern)
    assert message in str(found)
