"""What becomes of labels."""

from typing import Any

import pytest

from augcli.config.schema import Config
from augcli.datasets.items import Label
from augcli.datasets.labels import Labels
from augcli.errors import UsageError


def given_out(labels: Labels, written: list[Label]) -> list[Any]:
    """What stands in the manifest for labels that were taken."""
    taken = [labels.take(label) for label in written]
    labels.settle("here")
    return [labels.of(label) for label in taken]


def test_names() -> None:
    """`categorical` gives names as they are, and lists of them."""
    assert given_out(Labels("categorical", None), ["b", ["a", "b"]]) == ["b", ["a", "b"]]


@pytest.mark.parametrize("mode", ["sparse", "binary"])
def test_numbers(mode: str) -> None:
    """`sparse` and `binary` give numbers, of sorted names or in the order of `classes`."""
    assert given_out(Labels(mode, None), ["b", "a", "b"]) == [1, 0, 1]
    assert given_out(Labels(mode, ["b", "a"]), ["b", "a"]) == [0, 1]


def test_classes_that_are_left_out() -> None:
    """A label that `classes` has not is taken as none, and left out of several."""
    labels = Labels("categorical", ["a", "b"])
    assert [labels.take(x) for x in ("a", "c", ["a", "c"], ["c"], "b")] == [
        *("a", None, ["a"], None, "b"),
    ]


def test_a_class_that_does_not_occur() -> None:
    """It is an error, with the nearest name that does."""
    labels = Labels("categorical", ["cat", "dgo"])
    labels.take("cat")
    with pytest.raises(UsageError, match="nothing in here has the class 'dgo'"):
        labels.settle("here")


@pytest.mark.parametrize("found", [[], ["a"], ["a", "b", "c"]])
def test_binary_needs_two(found: list[Label]) -> None:
    """Any other number of classes is an error."""
    with pytest.raises(UsageError, match=f"needs 2 classes, and here has {len(found)}"):
        given_out(Labels("binary", None), found)


def test_values_are_no_classes() -> None:
    """`raw` values pass through, whatever they are."""
    labels = Labels("raw", None)
    assert given_out(labels, [1.5, "x", [1, 2]]) == [1.5, "x", [1, 2]]
    assert (labels.are_asked_for, labels.are_classes) == (True, False)
    assert not Labels(None, None).are_asked_for
    assert not Labels("input", None).are_asked_for


def test_numbers_as_names() -> None:
    """Where all labels are text, so are the `classes` of the config."""
    config = Config.model_validate({"classes": [3, "b"], "class_mode": "sparse"})
    assert given_out(Labels.of_texts(config), ["b", "3"]) == [1, 0]
